#!/usr/bin/env bash
# Tests the extension in Visual Studio Code itself, as people use it: the packages are built and installed, Chromium
# drives the window. A line for each check; the first that misses ends it all. What a plain Debian lacks is installed.
#
#   editors/vscode/test.sh            everything
#   editors/vscode/test.sh editing    one group of the checks in the window: editing, commands, settings, universal, trust
#
# DOCKFIX=path    the dockfix to test with, instead of one that is built
# UPDATE=1        takes over what is made from other sources: settings from the server, the README's pictures
#
# Everything is left in target/editors: the pictures in vscode/pictures, packages and logs beside them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
export OUT=$root/target/editors/vscode
tools=$root/target/editors/tools
mkdir -p "$OUT" "$tools"

# Runs a command quietly, and tells how long it took; says all if it fails.
check() {
    local what=$1 begin=$EPOCHREALTIME
    shift
    if ! "$@" >"$OUT/log" 2>&1; then
        printf 'MISS          %s\n' "$what"
        cat "$OUT/log"
        exit 1
    fi
    printf 'ok %6.1f s   %s\n' "$(awk "BEGIN { print $EPOCHREALTIME - $begin }")" "$what"
}

debian_packages() {
    local missing=()
    command -v npm >/dev/null || missing+=(npm)
    command -v chromium >/dev/null || missing+=(chromium)
    command -v g++ >/dev/null || missing+=(g++)
    command -v make >/dev/null || missing+=(make)
    command -v python3 >/dev/null || missing+=(python3)
    # Letters that the tests write: without them the pictures show boxes.
    [[ -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ]] || missing+=(fonts-wqy-microhei)
    [[ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ]] || missing+=(fonts-noto-color-emoji)
    ((${#missing[@]})) || return 0
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        echo "missing: ${missing[*]}; install them, or run this as root on Debian"
        return 1
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

build() {
    cargo build --release --locked --manifest-path "$root/Cargo.toml"
    cp "${CARGO_TARGET_DIR:-$root/target}/release/dockfix" "$OUT/dockfix"
}

packages() {
    npm run --silent package -- --binary "$DOCKFIX" --out "$OUT"
    npm run --silent package -- --out "$OUT"
}

# A package may come from a mirror, but the lock file must not name it.
lock_file() { ! grep -n '"resolved"' package-lock.json; }

check "what Debian has" debian_packages
check "Visual Studio Code (code-server)" test/install-code-server.sh "$tools/code-server"
export PATH=$tools/code-server/node/bin:$PATH npm_config_update_notifier=false
export CODE_SERVER=$tools/code-server/node_modules/code-server/out/node/entry.js
check "the extension's dependencies" npm ci
if [[ -z ${DOCKFIX:-} ]]; then
    check "dockfix" build
    DOCKFIX=$OUT/dockfix
fi
DOCKFIX=$(realpath "$DOCKFIX")
export DOCKFIX

check "unit tests" npm test
[[ ${UPDATE:-} != 1 ]] || npx prettier --log-level warn --write package.json
check "types" npm run check:types
check "lints" npm run check:lint
check "formatting" npm run check:format
check "the lock file names no address" lock_file
check "packages" packages
node test/e2e/main.ts "$@"
