#!/bin/sh
# Writes random secrets into compose/secrets, each once; what is there is kept.
# The folder is yours alone; the files in it can be read by the containers' own users.
set -eu
folder="$(dirname "$0")/secrets"
install -d -m 0700 "$folder"
for name in postgres_password redis_password qdrant_api_key turn_secret accounts_secret; do
    file="$folder/$name"
    [ -s "$file" ] && continue
    umask 022
    head -c 36 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n=' >"$file"
    chmod 0444 "$file"
    echo "wrote $file"
done
