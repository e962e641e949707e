#!/usr/bin/env bash
# new_user.sh ROOT SUITE: does what the README tells a new user to do, in a home of their own, and looks at the screen.
set -euo pipefail
root=$1 suite=$2
HOME=$(mktemp -d)
export HOME
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
tmux=(tmux -f /dev/null -S "$HOME/tmux")
trap '"${tmux[@]}" kill-server 2>/dev/null || true; rm -rf "$HOME"' EXIT

# The steps, as they stand in the README. The program is there already: building it again would take a minute.
readme=$root/editors/neovim/README.md
section() { awk -v from="$1" '$0 == from {on = 1; next} /^##/ {on = 0} on' "$readme"; }
code() { awk -v language="$1" '$1 == "```" language {on = 1; next} $1 == "```" && on {exit} on' | sed 's/^   //'; }
cd "$root"
bash -euo pipefail -c "$(section '## Install' | code sh)"
mkdir -p "$HOME/.config/nvim"
if [[ $suite == trixie ]]; then from='### Neovim 0.10, and more than the default'; else from='## Install'; fi
section "$from" | code lua >"$HOME/.config/nvim/init.lua"
# For the picture: Neovim 0.11 and later write a finding beside its line only if they are told to.
echo 'vim.diagnostic.config({ virtual_text = true })' >>"$HOME/.config/nvim/init.lua"

cp -r "$root/editors/neovim/tests/example" "$HOME/example"
cd "$HOME/example"
"${tmux[@]}" new-session -d -x 100 -y 16 "env -u TMUX TERM=screen-256color LC_ALL=C.UTF-8 nvim Dockerfile 2>$HOME/err"
screen() { "${tmux[@]}" capture-pane -p 2>/dev/null | sed 's/ *$//'; }
shows() {
    local end=$((SECONDS + 15))
    until screen | grep -qF -- "$1"; do
        if ((SECONDS >= end)); then
            echo "waited in vain for: $1"
            screen
            cat "$HOME/err"
            exit 1
        fi
        sleep 0.05
    done
}

shows 'pip keeps its download cache in this layer'
# The squiggle.
"${tmux[@]}" capture-pane -ep | grep -F 'install flask' | grep -qF $'\e[4m'
first=$(screen | grep -v '^~$')
"${tmux[@]}" send-keys '/pip' Enter ':lua vim.lsp.buf.code_action()' Enter
shows 'Ignore `pip-cache` in this file'
second=$(screen)
"${tmux[@]}" send-keys '1' Enter
shows 'RUN pip install --no-cache-dir flask'
"${tmux[@]}" send-keys ':wq' Enter
until grep -qx 'RUN pip install --no-cache-dir flask' Dockerfile; do
    ((SECONDS < 60)) || exit 1
    sleep 0.05
done

# What the README shows is what was seen, in the version that does not change.
[[ $suite == trixie ]] || exit 0
printf '<!-- screen -->\n```\n%s\n```\n\nand with the cursor on `pip`, `:lua vim.lsp.buf.code_action()`:\n\n```\n%s\n```\n<!-- /screen -->\n' \
    "$first" "$second" >"$HOME/seen"
if [[ -n ${UPDATE:-} ]]; then
    awk -v seen="$HOME/seen" '
        $0 == "<!-- screen -->" {while ((getline line < seen) > 0) print line; old = 1}
        !old
        $0 == "<!-- /screen -->" {old = 0}' "$readme" >"$HOME/readme"
    cp "$HOME/readme" "$readme"
fi
diff <(sed -n '/^<!-- screen -->$/,/^<!-- \/screen -->$/p' "$readme") "$HOME/seen" ||
    { echo 'the README shows something else: UPDATE=1 editors/neovim/test.sh'; exit 1; }
