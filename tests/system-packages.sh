#!/bin/sh
# What the tests need beyond Python and Node. Installed where we may, named where we may not.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v flite >/dev/null 2>&1 || missing="$missing flite"
[ -n "$(ldconfig -p 2>/dev/null | grep libflite_cmu_us_slt.so.1 || true)" ] || missing="$missing libflite1"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v turnserver >/dev/null 2>&1 || missing="$missing coturn"
command -v tesseract >/dev/null 2>&1 || missing="$missing tesseract-ocr"
command -v ip >/dev/null 2>&1 || missing="$missing iproute2"
[ -z "$missing" ] && exit 0
missing=$(echo $missing)
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing system packages: $missing"
    DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Please install these system packages first: $missing" >&2
    echo "On Debian or Ubuntu: sudo apt-get install $missing" >&2
    exit 1
fi
