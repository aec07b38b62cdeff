#!/bin/sh
# What the packages' own scripts would have set up, and upstream's folder for data, for whoever runs
# it; $1 is the image's root.
set -eu
ln -sf mawk "$1/usr/bin/awk"
mkdir -m 1777 "$1/data"
