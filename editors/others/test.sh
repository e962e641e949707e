#!/usr/bin/env bash
# The configurations of ../README.md in the real editors, as Debian 13 has them: a finding is shown, a fix is made.
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../testing.sh
. "$here/../testing.sh"
page=$here/../README.md
fixed='RUN pip install --no-cache-dir flask'

# A project with one Dockerfile, in the home of this editor; the fix of pip-cache is expected in it.
project() {
    home "$1"
    mkdir -p "$HOME/project/.git"
    cd "$HOME/project"
    printf 'FROM python:3.13-slim\nUSER nobody\nRUN pip install flask\n' >Dockerfile
}

unpacked() {
    unpack trixie others hx emacs-nox elpa-dockerfile-mode elpa-lsp-mode vim-nox vim-ale kakoune
    local folder=$cache/trixie/others
    program hx "$folder" usr/lib/hx/hx
    program kak "$folder" usr/bin/kak
    # shellcheck disable=SC2016
    program vim "$folder" usr/bin/vim.nox 'export VIM=$R/usr/share/vim VIMRUNTIME=$(echo $R/usr/share/vim/vim[0-9]*)'
    # Emacs was built for folders that are not there. It would also compile, which takes longer than a test.
    # shellcheck disable=SC2016
    program emacs "$folder" usr/bin/emacs-nox \
        'E=$(echo $R/usr/share/emacs/[0-9]*)' \
        'export EMACSDATA=$E/etc EMACSPATH=$(echo $R/usr/libexec/emacs/*/*)' \
        'export EMACSLOADPATH=$(find $E/lisp $R/usr/share/emacs/site-lisp/elpa-src -type d ! -name obsolete | tr "\n" ":" | sed "s/:\$//")' \
        'set -- --dump-file="$(echo $EMACSPATH/emacs-*.pdmp)" --eval "(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil)" "$@"'
}

# helix_with HEADING: opens the Dockerfile in Helix with this configuration.
helix_with() {
    project "helix $1"
    mkdir -p "$XDG_CONFIG_HOME/helix"
    snippet "$page" "$1" toml >"$XDG_CONFIG_HOME/helix/languages.toml"
    terminal 'hx Dockerfile:3:6'
    shows 'pip keeps its download cache in this layer'
}

helix() {
    helix_with '## Helix'
    keys Space a
    shows 'Add `--no-cache-dir`'
    keys Enter
    shows "$fixed"
    keys ':wq' Enter
    wait_for grep -qx "$fixed" Dockerfile
}

helix_on_save() {
    helix_with '### Helix, fixing on save'
    keys ':w' Enter
    wait_for grep -qx "$fixed" Dockerfile
    shows "$fixed"
}

# emacs_client HEADING: a batch run of the configuration and of what is on its standard input.
emacs_client() {
    project "emacs $1"
    { cat <<<"(require 'dockerfile-mode)" && snippet "$page" "$1" elisp && cat; } >"$HOME/init.el"
    emacs --batch -Q -l "$HOME/init.el"
    grep -qx "$fixed" Dockerfile
}

eglot() {
    emacs_client '### Eglot' <<'END'
(require 'eglot)
(setq eglot-sync-connect t)
(find-file "Dockerfile")
(call-interactively #'eglot)
(with-timeout (15 (error "no diagnostics"))
  (while (null (flymake-diagnostics))
    (flymake-start)
    (accept-process-output nil 0.05)))
(unless (string-search "pip keeps its download cache in this layer"
                       (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))
  (error "another diagnostic"))
;; Saving makes the fixes.
(set-buffer-modified-p t)
(save-buffer)
END
}

lsp_mode() {
    emacs_client '### lsp-mode' <<'END'
(require 'lsp-mode)
(load "lsp-mode-autoloads")
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil)
(lsp-workspace-folders-add default-directory)
(find-file "Dockerfile")
(with-timeout (15 (error "no diagnostics"))
  (while (zerop (hash-table-count (lsp-diagnostics)))
    (accept-process-output nil 0.05)))
(maphash (lambda (_file found)
           (unless (string-search "pip keeps its download cache in this layer"
                                  (mapconcat #'lsp:diagnostic-message found "\n"))
             (error "another diagnostic")))
         (lsp-diagnostics))
(dockfix-fix-all)
(save-buffer)
END
}

ale() {
    project vim
    { printf '%s\n' 'packadd! ale' 'filetype plugin on' && snippet "$page" '### ALE' vim; } >"$HOME/.vimrc"
    terminal 'vim +3 Dockerfile'
    shows 'pip keeps its download cache in this layer'
    keys ':w' Enter
    shows "$fixed"
    wait_for grep -qx "$fixed" Dockerfile
    keys ':q!' Enter
}

kakoune() {
    need jq jq
    project kak
    mkdir -p "$XDG_CONFIG_HOME/kak"
    snippet "$page" '### Its own lint and format' kak >"$XDG_CONFIG_HOME/kak/kakrc"
    terminal 'kak Dockerfile'
    keys ':lint' Enter
    shows '1 warning(s)'
    keys ':lint-next-message' Enter
    shows 'pip keeps its download cache in this layer'
    keys ':format' Enter
    shows "$fixed"
    keys ':write-quit' Enter
    wait_for grep -qx "$fixed" Dockerfile
}

check 'Helix, Emacs, Vim and Kakoune of trixie' unpacked
unpacked
check "$(hx --version): a fix from the menu" helix
check "$(hx --version): fix on save" helix_on_save
emacs=$(emacs --version | head -n 1)
check "$emacs: Eglot" eglot
check "$emacs: lsp-mode" lsp_mode
check "$(vim --version | head -n 1 | cut -d ' ' -f 1-5): ALE" ale
check "Kakoune: lint and format" kakoune
