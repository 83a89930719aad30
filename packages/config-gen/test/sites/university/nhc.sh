#!/bin/sh
exec /usr/sbin/nhc -t 60
