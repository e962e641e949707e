#!/usr/bin/env bash
# The plugin in real Neovim: Debian 13's (0.10) and the newest that Debian has. UPDATE=1 writes what a user sees into the README.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../testing.sh
. "$here/../testing.sh"
need tmux tmux

# nvim_of SUITE: makes `nvim` that suite's.
nvim_of() {
    unpack "$1" neovim neovim
    local folder=$cache/$1/neovim
    # Where it would look if it were installed.
    ln -sfn ../../../lib/nvim/parser "$folder/usr/share/nvim/runtime/parser"
    # shellcheck disable=SC2016
    program nvim "$folder" usr/bin/nvim 'export VIMRUNTIME=$R/usr/share/nvim/runtime'
}

# run TEST: a script of checks, each of which prints its line.
run() {
    home "$(mktemp -u XXXXXX)"
    local code=0
    nvim --clean --headless -l "$here/tests/$1.lua" 2>"$work/err" </dev/null || code=$?
    if ((code)); then
        sed 's/^/    /' "$work/err"
        exit "$code"
    fi
}

for suite in trixie sid; do
    check "Neovim of $suite" nvim_of "$suite"
    START=setup run server
    # `vim.lsp.enable` came with 0.11.
    [[ $suite == trixie ]] || START=enable run server
    run encodings
    run plugin
    check "$(nvim --version | head -n 1): a new user's three steps" "$here/tests/new_user.sh" "$root" "$suite"
done
