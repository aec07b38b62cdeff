#!/bin/sh
# Sees that Redis finds the data where it will look for it. Redis starts empty where it looks in vain,
# and reports no error. Sourced by start.sh, under its lock.

# Prints the last value that the configuration has for a directive, in small letters, or nothing; "?" where an
# include comes later that is not the name of one file, but a pattern, and may have changed it.
setting() {
  awk -v name="$1" '
    function read(file, line, word) {
      while ((state = (getline line <file)) > 0) {
        gsub(/["\047\r]/, "", line)
        if (split(tolower(line), word) < 2) continue
        if (word[1] == name) value = word[2]
        if (word[1] == "include") {
          split(line, word)
          read(word[2])
        }
      }
      # A file may be included twice.
      close(file)
      if (state < 0) value = "?"
    }
    BEGIN {
      read(ARGV[1])
      print value
    }' "$CONFIG_DIR/redis.conf"
}

# A configuration that does not say "no" is to keep every write, also one that says nothing, by which Redis
# would keep none. start.sh gives the server what is found here: what is checked is what runs.
appendonly=yes
[ "$(setting appendonly)" != no ] || appendonly=no

aof=$DATA_DIR/appendonlydir
# What Redis before 7 had instead; later ones move it into the folder.
old_aof=$DATA_DIR/appendonly.aof
dump=$DATA_DIR/dump.rdb

for path in "$aof" "$aof"/* "$old_aof" "$dump"; do
  if [ -e "$path" ] && ! { [ -r "$path" ] && [ -w "$path" ]; }; then fail_access "$path"; fi
done

if [ "$appendonly" = no ]; then
  # Redis would load dump.rdb alone, which is older than the append-only file.
  for path in "$aof" "$old_aof"; do
    [ ! -e "$path" ] || fail "'appendonly no' would leave out the data in $path; set it to yes." \
      "To do without $path: stop the writers, run SAVE, move it elsewhere, and only then set it to no"
  done
elif [ ! -e "$aof/appendonly.aof.manifest" ]; then
  # A server that was killed at its very first start leaves a base file without keys, of about 90 bytes.
  # Anything else here is data, and Redis would write over it.
  lost=$(find "$aof" -type f -size +0 ! -name 'temp-*' \
    ! \( -name appendonly.aof.1.base.rdb -size -512c \) 2>/dev/null) || true
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
