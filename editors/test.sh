#!/usr/bin/env bash
# The editors against the real program, on a plain Debian machine with Rust: what is missing is installed or fetched, the
# program is built (or named: DOCKFIX=path), every editor that Debian has is run. One line per check, with its time; the
# first miss ends it.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=testing.sh
. "$here/testing.sh"

dockfix --version
for editor in neovim others vscode; do
    [[ ! -x $here/$editor/test.sh ]] || "$here/$editor/test.sh"
done
printf 'all well, in %d s\n' "$SECONDS"
