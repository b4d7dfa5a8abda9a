#!/bin/sh
# Starts the server with its secrets read from files. A secret that is missing, short or a sample is
# refused here, before anything listens. Without /run/secrets (a plain `docker run`) the server
# starts on its own embedded defaults.
set -eu

secret() {
    file="/run/secrets/$1"
    if [ ! -r "$file" ]; then
        echo "The secret $1 is missing. Write it with compose/make-secrets.sh." >&2
        exit 78
    fi
    value=$(cat "$file")
    case "$value" in
    *change-me* | *sample* | *example* | *password* | "")
        echo "The secret $1 is a sample. Write your own with compose/make-secrets.sh." >&2
        exit 78
        ;;
    *[!A-Za-z0-9_-]*)
        echo "The secret $1 may only hold letters, digits, - and _." >&2
        exit 78
        ;;
    esac
    if [ "${#value}" -lt 32 ]; then
        echo "The secret $1 is shorter than 32 characters." >&2
        exit 78
    fi
}

if [ -d /run/secrets ] && [ -n "$(ls -A /run/secrets)" ]; then
    secret postgres_password
    export PGPASSWORD="$value"
    secret redis_password
    export VOICE_KEYVALUE__URL="redis://:$value@redis:6379/0"
    secret qdrant_api_key
    export VOICE_VECTORS__API_KEY="$value"
    secret turn_secret
    export VOICE_ICE__TURN_SECRET="$value"
    secret accounts_secret
    export VOICE_ACCOUNTS__SECRET="$value"
    unset value
fi
exec "$@"
