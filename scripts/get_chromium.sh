#!/bin/sh
# The browser tests need Chromium. Where it is missing and can be installed from packages, install it.
set -u
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "• Installing Chromium for the browser tests …"
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "note: Chromium is not installed, so the browser tests will be skipped (Debian: apt-get install chromium)" >&2
