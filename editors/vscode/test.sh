#!/usr/bin/env bash
# The extension in Visual Studio Code itself, as people use it: the packages are built and installed, Chromium drives the
# window. A line for each check; the first that misses ends it all.
#
#   editors/vscode/test.sh            everything
#   editors/vscode/test.sh editing    one group of the checks in the window: editing, commands, settings, universal, trust
#
# DOCKFIX=path    the dockfix to test with, instead of one that is built
# UPDATE=1        takes over what is made from other sources: settings and examples from dockfix, the README's pictures
#
# Everything is left in target/editors/vscode: the pictures in pictures/, packages and logs beside them.
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../testing.sh
. ../testing.sh

export OUT=$root/target/editors/vscode
mkdir -p "$OUT"

debian_packages() {
    need npm npm
    need chromium chromium
    need g++ g++
    need make make
    need python3 python3
    # Letters that the tests write: without them the pictures show boxes.
    need fc-list fontconfig
    fc-list : family | grep -q 'WenQuanYi' || install_package fonts-wqy-microhei
    fc-list : family | grep -q 'Noto Color Emoji' || install_package fonts-noto-color-emoji
}

packages() {
    npm run --silent package -- --binary "$DOCKFIX" --out "$OUT"
    npm run --silent package -- --out "$OUT"
}

# A package may come from a mirror, but the lock file must not name it.
lock_file() { ! grep -n '"resolved"' package-lock.json; }

check "what Debian has" debian_packages
check "Visual Studio Code (code-server)" test/install-code-server.sh "$cache/code-server"
export PATH=$cache/code-server/node/bin:$PATH npm_config_update_notifier=false
export CODE_SERVER=$cache/code-server/node_modules/code-server/out/node/entry.js
check "the extension's dependencies" npm ci
check "unit tests" npm test
[[ ${UPDATE:-} != 1 ]] || npx prettier --log-level warn --write package.json
check "types" npm run check:types
check "lints" npm run check:lint
check "formatting" npm run check:format
check "the lock file names no address" lock_file
check "packages" packages
node test/e2e/main.ts "$@"
