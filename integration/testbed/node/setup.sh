#!/bin/sh
# What the packages' own scripts would have set up; $1 is the image's root.
set -eu
ln -sf mawk "$1/usr/bin/awk"
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -sf xtables-nft-multi "$1/usr/sbin/$name"
done
