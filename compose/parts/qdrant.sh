#!/bin/sh
# Qdrant with its key read from a file.
set -eu
QDRANT__SERVICE__API_KEY=$(cat /run/secrets/qdrant_api_key)
export QDRANT__SERVICE__API_KEY
exec /qdrant/entrypoint.sh
