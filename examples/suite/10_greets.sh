#!/bin/sh
# A test that knows its cases says them as TAP: testanything.org.
echo 1..2
[ "$(LANGUAGE=C hello)" = 'Hello, world!' ] && echo 'ok 1 - greets' || echo 'not ok 1 - greets'
[ "$(hello --greeting=Ahoy)" = Ahoy ] && echo 'ok 2 - greets as told' || echo 'not ok 2 - greets as told'
