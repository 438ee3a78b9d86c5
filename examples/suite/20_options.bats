#!/usr/bin/env bats

@test "says its version" {
  hello --version | grep -F 'GNU Hello'
}

@test "refuses what it does not know" {
  run hello --no-such-option
  [[ "$output" == *"unrecognized option"* ]]
}
