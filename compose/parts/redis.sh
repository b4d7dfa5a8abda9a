#!/bin/sh
# Redis with its password read from a file: the finished configuration lies in memory only.
set -eu
umask 077
{
    cat /etc/voice/redis.conf
    printf 'requirepass %s\n' "$(cat /run/secrets/redis_password)"
} >/tmp/redis.conf
exec redis-server /tmp/redis.conf
