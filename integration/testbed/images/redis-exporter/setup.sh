#!/bin/sh
# Gives the program upstream's path; $1 is the image's root.
set -eu
ln -s usr/bin/prometheus-redis-exporter "$1/redis_exporter"
