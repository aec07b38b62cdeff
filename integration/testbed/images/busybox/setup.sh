#!/bin/sh
# Gives every applet of busybox its name; $1 is the image's root.
set -eu
for applet in $("$1/usr/bin/busybox" --list); do
  [ -e "$1/usr/bin/$applet" ] || ln -s busybox "$1/usr/bin/$applet"
done
