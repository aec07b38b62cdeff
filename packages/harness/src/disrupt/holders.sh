#!/bin/sh
# Samples, as root on a node, which pods have files of a volume open for writing. Prints a line for each sample:
# the time in hundredths of a second and the UID of each process' pod; "none" where the pod is not on this node.
#
# Environment: POD_UID, the pod that has the volume now; MOUNTS, where its containers see it, by spaces; APART,
# files below which don't count, by spaces; WORK, a folder of its own; SECONDS_LIMIT. WORK/begun is there after
# the first sample; it ends when WORK/stop is there. PROC stands for /proc in tests.
set -u

proc=${PROC:-/proc}
mkdir -p "$WORK"

# Sets `uid` to the UID of the pod that a process belongs to, by its control groups; '' where it is none's.
find_pod() {
  uid=
  { while IFS= read -r group; do
    case $group in *kubepods*[/-]pod*) ;; *) continue ;; esac
    uid=${group##*[/-]pod}
    uid=${uid%%[/.]*}
    break
  done <"$proc/$1/cgroup"; } 2>/dev/null
}

# Where systemd manages control groups, a UID is written with underscores.
same_pod() {
  [ "$1" = "$POD_UID" ] || [ "$1" = "$(echo "$POD_UID" | tr - _)" ]
}

# Writes down how the pod's processes have the volume mounted: device, root and mount point, which are the same
# for the pod that follows.
find_mounts() {
  for group in "$proc"/[0-9]*/cgroup; do
    pid=${group%/cgroup}
    pid=${pid##*/}
    find_pod "$pid"
    if [ -z "$uid" ] || ! same_pod "$uid"; then continue; fi
    { while read -r _ _ device root point _; do
      case " $MOUNTS " in *" $point "*) echo " $device $root $point " ;; esac
    done <"$proc/$pid/mountinfo"; } 2>/dev/null
  done | sort -u >"$WORK/mounts"
  [ -s "$WORK/mounts" ]
}

# Whether the descriptor $2 of process $1 is on the mount $3, open for writing, and counts.
is_open() {
  flags=
  mount=
  { while read -r key value _; do
    case $key in flags:) flags=$value ;; mnt_id:) mount=$value ;; esac
  done <"$proc/$1/fdinfo/$2"; } 2>/dev/null
  # The last octal digit has O_WRONLY or O_RDWR.
  case $mount:$flags in "$3":*[1256]) ;; *) return 1 ;; esac
  for file in $APART; do
    # Not of POSIX, but dash, bash and busybox have it, and no program must be started for it.
    # shellcheck disable=SC3013
    if [ "$proc/$1/fd/$2" -ef "$proc/$1/root$file" ]; then return 1; fi
  done
}

# Sets `held` to "UID:PID:DESCRIPTOR:MOUNT" of all that is open, by spaces.
look() {
  held=
  grep -sF -f "$WORK/mounts" "$proc"/[0-9]*/mountinfo >"$WORK/hits"
  while read -r hit _; do
    pid=${hit%/mountinfo:*}
    pid=${pid##*/}
    mount_id=${hit##*:}
    find_pod "$pid"
    [ -n "$uid" ] || continue
    for info in "$proc/$pid"/fdinfo/*; do
      number=${info##*/}
      if is_open "$pid" "$number" "$mount_id"; then held="$held $uid:$pid:$number:$mount_id"; fi
    done
  done <"$WORK/hits"
}

# One pod may let go while a look goes on, and another take hold: only what is still open at the end of it was
# open together with what was found later.
look_again() {
  again=
  for entry in $held; do
    rest=${entry#*:}
    pid=${rest%%:*}
    rest=${rest#*:}
    if is_open "$pid" "${rest%:*}" "${rest#*:}"; then again="$again $entry"; fi
  done
  held=$again
}

if ! find_mounts; then
  echo none
  : >"$WORK/begun"
  exit 0
fi
read -r begun _ <"$proc/uptime"
while :; do
  read -r now _ <"$proc/uptime"
  look
  if [ -n "$held" ]; then look_again; fi
  line=${now%.*}${now#*.}
  for entry in $held; do line="$line ${entry%%:*}"; done
  echo "$line"
  : >"$WORK/begun"
  if [ -e "$WORK/stop" ] || [ $((${now%.*} - ${begun%.*})) -ge "$SECONDS_LIMIT" ]; then break; fi
  sleep 0.1
done
