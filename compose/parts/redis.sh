#!/bin/sh
# Redis with its password read from a file: never in the command line or the environment.
set -eu
{
    cat /etc/voice/redis.conf
    printf 'requirepass %s\n' "$(cat /run/secrets/redis_password)"
} | exec redis-server -
