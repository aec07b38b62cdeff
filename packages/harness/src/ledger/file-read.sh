#!/bin/sh
# Prints the whole lines of the file $1, "SEQ VALUE" each, by the shell alone: images have few programs.
set -eu

seq=
while read -r seq value mark || [ -n "$seq" ]; do
  case $mark in .) ;; *) continue ;; esac
  case $seq$value in *[!0-9]*) continue ;; esac
  echo "$seq $value"
done <"$1"
