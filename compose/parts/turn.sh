#!/bin/sh
# coturn with its shared secret read from a file: the finished configuration lies in memory only.
set -eu
umask 077
{
    cat /etc/voice/turn.conf
    printf 'realm=%s\n' "$DOMAIN"
    printf 'relay-ip=%s\n' "$RELAY_IP"
    printf 'allowed-peer-ip=%s\n' "$SERVER_IP"
    printf 'static-auth-secret=%s\n' "$(cat /run/secrets/turn_secret)"
} >/tmp/turn.conf
exec turnserver -c /tmp/turn.conf
