#!/bin/sh
# Feeds a write program with numbered writes at a pace, and keeps what it answered to each of them, with the
# time, in a file: "KIND SEQ CENTISECONDS". The file is on a volume of the pod; a container that was restarted
# goes on behind its last line.
#
# Environment: WRITE, the program; LEDGER_DIR, where the file is; RATE, writes in a second; SALT, of the values.
set -u

answers=$LEDGER_DIR/answers
fifos=${TMPDIR:-/tmp}/holdfast-writer
pid=
watcher=
text=
told=

# Sets `now`, in hundredths of a second, by no program: there is one line for each write.
tell_time() {
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
}

idle() {
  trap 'exit 0' TERM INT
  while :; do
    sleep 3600 &
    wait "$!"
  done
}

# Kills the write program when the file has not grown for 2 s, by force a second later.
watch() {
  seen=
  still=0
  while sleep 0.5; do
    { read -r program <"$fifos/pid"; } 2>/dev/null || continue
    size="$program $(wc -c <"$answers")"
    if [ "$size" != "$seen" ]; then
      seen=$size
      still=0
      continue
    fi
    still=$((still + 1))
    if [ "$still" = 4 ]; then kill "$program"; fi
    if [ "$still" -ge 6 ]; then kill -KILL "$program"; fi
  done 2>/dev/null
}

# Descriptor 3 is open in both directions: writing to a program that has died must not end the writer too.
start_program() {
  rm -rf "$fifos"
  mkdir -p "$fifos/tmp"
  mkfifo "$fifos/in" "$fifos/out"
  TMPDIR=$fifos/tmp sh "$WRITE" <"$fifos/in" >"$fifos/out" 5>&- &
  pid=$!
  exec 3<>"$fifos/in" 4<"$fifos/out"
  echo "$pid" >"$fifos/pid"
}

# One that does not end by itself is killed by `watch`.
end_program() {
  [ -n "$pid" ] || return 0
  exec 3>&- 4<&-
  kill "$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  rm -rf "$fifos"
  pid=
}

# Sets `kind`: what the program answered. What is no answer to this very write leaves it unknown.
write() {
  [ -n "$pid" ] || start_program
  echo "$1 $((($1 * 2654435761 + SALT) & 4294967295))" >&3
  kind=
  text=
  said=
  number=
  if read -r said number text <&4 && [ "$number" = "$1" ]; then
    case $said in
      ack) [ -n "$text" ] || kind=ack ;;
      fail | unknown) kind=$said ;;
    esac
  fi
  if [ -z "$kind" ]; then
    text="no answer, but: $said $number $text"
    end_program
    kind=unknown
  fi
}

if [ -e "$LEDGER_DIR/stopped" ]; then idle; fi
seq=0
tell_time
if [ -e "$answers" ]; then
  # The write that was under way when the former container ended was perhaps made.
  last=$(tail -n 1 "$answers")
  last=${last#* }
  seq=$((${last%% *} + 1))
  echo "unknown $seq $now" >>"$answers"
fi
exec 5>>"$answers"
trap 'end_program; kill "$watcher" 2>/dev/null' EXIT
trap 'exit 143' TERM INT
rm -rf "$fifos"
watch 5>&- &
watcher=$!

# In parts of a hundredth of a second, RATE of them.
due=$((now * RATE))
until [ -e "$LEDGER_DIR/stop" ]; do
  seq=$((seq + 1))
  write "$seq"
  tell_time
  echo "$kind $seq $now" >&5
  due=$((due + 100))
  # What an outage has cost is not caught up on.
  if [ "$due" -lt "$(((now - 10) * RATE))" ]; then due=$((now * RATE)); fi
  if [ "$kind" != ack ]; then
    # Each reason once: it may be the same thousands of times.
    [ "$text" = "$told" ] || echo "write $seq: $kind $text" >&2
    told=$text
    sleep 0.1
  elif [ "$due" -gt "$(((now + 4) * RATE))" ]; then
    sleep 0.05
  fi
done

end_program
trap - EXIT
kill "$watcher" 2>/dev/null
: >"$LEDGER_DIR/stopped"
idle
