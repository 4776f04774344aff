#!/usr/bin/env bash
# Tests script/setup without a network: a stand-in for pip hands out an archive made here. setup_test.sh ROOT WORK
set -euo pipefail
root=$1 work=$2

rm -rf "$work"
mkdir -p "$work/tree/script" "$work/bin" "$work/wheel/highs_dist/include/highs" "$work/wheel/highs_dist/lib"
cp "$root/script/setup" "$root/script/prelude.sh" "$work/tree/script/"
: >"$work/tree/script/apt-packages.txt"
echo '#pragma once' >"$work/wheel/highs_dist/include/highs/Highs.h"
echo library >"$work/wheel/highs_dist/lib/libhighs.so"
(cd "$work/wheel" && python3 -m zipfile -c ../archive.whl highs_dist)
sha=$(sha256sum "$work/archive.whl" | cut -d ' ' -f 1)

cat >"$work/bin/python3" <<STANDIN
#!/bin/sh
# Counts the downloads it is asked for; unpacks like the real one.
if [ "\$2" = pip ]; then
    echo download >>"$work/downloads"
    while [ "\$1" != -d ]; do shift; done
    exec cp "$work/archive.whl" "\$2/"
fi
exec "$(command -v python3)" "\$@"
STANDIN
chmod +x "$work/bin/python3"
export PATH="$work/bin:$PATH" LOADSTAR_CACHE="$work/cache"

failures=0
expect() {
    if ! eval "$2"; then
        echo "failed: $1 ($2)"
        failures=$((failures + 1))
    fi
}
downloads() { wc -l <"$work/downloads"; }
lock() { echo "highs 1.0 pip-wheel highsbox==1.0 $1" >"$work/tree/dependencies.lock"; }
setup() { "$work/tree/script/setup" >"$work/output" 2>&1; }
library=$work/cache/highs-1.0/lib/libhighs.so

lock 0000
expect 'an archive with another digest is refused' '! setup'
expect 'the refusal names both digests' 'grep -q "highsbox==1.0 has SHA-256 $sha, expected 0000" "$work/output"'
expect 'a refused archive leaves no library' '[ ! -e "$work/cache/highs-1.0" ]'

lock "$sha"
expect 'an archive with the pinned digest is installed' 'setup && [ -f "$library" ]'
before=$(downloads)
expect 'a complete cache needs no download' 'setup && [ "$(downloads)" -eq "$before" ]'

echo cut >"$library"
expect 'a damaged library is fetched again' 'setup && [ "$(cat "$library")" = library ]'
rm "$library"
expect 'a missing library is fetched again' 'setup && [ -f "$library" ]'

[ "$failures" -eq 0 ]
