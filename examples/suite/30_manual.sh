#!/bin/sh
# A test without TAP is judged by its exit code.
dpkg --search "$(command -v hello)"
