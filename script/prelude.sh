# Sourced by the other scripts: where things are, and how to stop with a message.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${LOADSTAR_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/loadstar}

say() { printf '%s: %s\n' "$(basename "$0")" "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# The folder of one dependency in the cache, by the version that dependencies.lock names.
prefix_of() {
    local version
    version=$(awk -v name="$1" '$1 == name { print $2; exit }' "$root/dependencies.lock")
    printf '%s/%s-%s' "$cache" "$1" "$version"
}

# Puts a Node that is new enough for the page (22 or later) in front of PATH: the machine's own, or the pinned one.
use_node() {
    local major
    major=$(node --version 2>/dev/null | sed 's/^v//; s/\..*//') || major=0
    if [ "${major:-0}" -lt 22 ]; then
        PATH="$(prefix_of node)/bin:$PATH"
        export PATH
    fi
}
