#!/bin/sh
# Appends each line of standard input to the file $1, and acknowledges it when it is on the disk. A line of the
# file begins with its line end, so that one that was torn does not spoil the next, and ends with a point, by
# which one that was torn is told. The program runs in the application's own container, and says when it is
# ready: what is sent before that is perhaps never read.
set -u

file=$1
: >>"$file" || exit 1

force() {
  sync "$file"
}
# Some programs of that name take no file.
if ! force 2>/dev/null; then
  force() {
    dd if=/dev/null of="$file" conv=notrunc,fsync 2>/dev/null
  }
fi

echo ready
while read -r seq value; do
  # A write that failed may have left a part of itself, but never the point.
  if ! printf '\n%s %s .' "$seq" "$value" >>"$file"; then
    echo "fail $seq"
  elif force; then
    echo "ack $seq"
  else
    echo "unknown $seq"
  fi
done
