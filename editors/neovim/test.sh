#!/usr/bin/env bash
# The plugin in real Neovim: Debian 13's (0.10) and that of Debian's testing. UPDATE=1 writes what a user sees into the
# README.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../testing.sh
. "$here/../testing.sh"
readme=$here/README.md

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
    home "$1"
    local code=0
    nvim --clean --headless -l "$here/tests/$1.lua" 2>"$work/err" </dev/null || code=$?
    if ((code)); then
        sed 's/^/    /' "$work/err"
        exit "$code"
    fi
}

# What a new user does, in an empty home, up to a squiggle and a fix: the three steps of the top README with Debian 13's
# Neovim, those of the plugin's own with the newest. The program is there already: building it again would take a minute.
new_user() {
    home "user of $1"
    cd "$root"
    if [[ $1 == trixie ]]; then
        bash -euo pipefail -c "$(snippet README.md '### Neovim' sh | sed '/^cargo install /d')"
    else
        bash -euo pipefail -c "$(snippet "$readme" '## Install' sh)"
        mkdir -p "$XDG_CONFIG_HOME/nvim"
        snippet "$readme" '## Install' lua >"$XDG_CONFIG_HOME/nvim/init.lua"
    fi
    # For the picture: Neovim 0.11 and later write a finding beside its line only if they are told to.
    echo 'vim.diagnostic.config({ virtual_text = true })' >>"$XDG_CONFIG_HOME/nvim/init.lua"

    cp "$here/tests/Dockerfile" "$HOME"
    cd "$HOME"
    terminal 'nvim Dockerfile'
    shows 'pip keeps its download cache in this layer'
    screen | grep -v '^~$' >findings
    # Underlined.
    screen -e | grep -F 'install flask' | grep -qF $'\e[4m'
    keys '/pip' Enter ':lua vim.lsp.buf.code_action()' Enter
    shows 'Type number and <Enter>'
    screen >actions
    keys '1' Enter
    shows 'RUN pip install --no-cache-dir flask'
    keys ':wq' Enter
    wait_for grep -qx 'RUN pip install --no-cache-dir flask' Dockerfile
    [[ $1 != trixie ]] || as_in_readme
}

# What the README shows is what was seen, in the version that does not change.
as_in_readme() {
    {
        printf '<!-- screen -->\n```\n%s\n```\n\n' "$(cat findings)"
        # shellcheck disable=SC2016
        printf 'and with the cursor on `pip`, `:lua vim.lsp.buf.code_action()`:\n\n```\n%s\n```\n<!-- /screen -->\n' "$(cat actions)"
    } >seen
    if [[ -n ${UPDATE:-} ]]; then
        awk '$0 == "<!-- screen -->" {while ((getline line < "seen") > 0) print line; old = 1}
            !old
            $0 == "<!-- /screen -->" {old = 0}' "$readme" >readme
        cp readme "$readme"
    fi
    sed -n '/^<!-- screen -->$/,/^<!-- \/screen -->$/p' "$readme" | diff - seen ||
        { echo 'the README shows something else: UPDATE=1 editors/neovim/test.sh' && return 1; }
}

# Not unstable: what is in testing can be installed on any day.
for suite in trixie testing; do
    check "Neovim of $suite" nvim_of "$suite"
    START=setup run server
    # `vim.lsp.enable` came with 0.11.
    [[ $suite == trixie ]] || START=enable run server
    run encodings
    run plugin
    check "$(nvim --version | head -n 1): a new user's three steps" new_user "$suite"
done
