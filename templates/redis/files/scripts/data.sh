#!/bin/sh
# Sees that Redis finds the data where it will look for it. Redis starts empty where it looks in vain,
# and reports no error. Sourced by start.sh, under its lock.

aof=$DATA_DIR/appendonlydir
# What Redis before 7 had instead; later ones move it into the folder.
old_aof=$DATA_DIR/appendonly.aof
dump=$DATA_DIR/dump.rdb

for path in "$aof" "$aof"/* "$old_aof" "$dump"; do
  if [ -e "$path" ] && ! { [ -r "$path" ] && [ -w "$path" ]; }; then fail_access "$path"; fi
done

if [ "$(setting appendonly)" = no ]; then
  # Redis would load dump.rdb alone, which is older than the append-only file.
  for path in "$aof" "$old_aof"; do
    [ ! -e "$path" ] || fail "'appendonly no' would leave out the data in $path; set it to yes." \
      "To do without $path: stop the writers, run SAVE, move it elsewhere, and only then set it to no"
  done
elif [ ! -e "$aof/appendonly.aof.manifest" ]; then
  # A server that was killed at its very first start leaves an empty base file. Anything else here is
  # data, and Redis would write over it.
  lost=$(find "$aof" -type f -size +0 ! -name appendonly.aof.1.base.rdb ! -name 'temp-*' 2>/dev/null) || true
  [ -z "$lost" ] || fail "$aof holds data, but its appendonly.aof.manifest is missing; restore it." \
    "To go on with dump.rdb, or without data, move $aof elsewhere"
  if [ -e "$dump" ] && [ ! -e "$old_aof" ]; then
    # The data of a server without an append-only file, which Redis would now ignore. A dump is also a
    # valid append-only file of the old kind (its "RDB preamble"), so it is offered as such, and Redis
    # itself takes it over. dump.rdb stays.
    [ "$(head -c 5 "$dump")" = REDIS ] ||
      fail "$dump is not a dump of Redis; restore it, or move it elsewhere to start without data"
    say "the data is taken over from $dump; should Redis find it damaged, restore it and remove $aof"
    # Neither file is ever changed in place. Some file systems know no hard links.
    ln "$dump" "$old_aof" 2>/dev/null || { cp "$dump" "$old_aof.new" && mv "$old_aof.new" "$old_aof"; }
  fi
fi
