# shellcheck shell=bash
# What the tests of all editors share; to be sourced. Nothing is installed into the system, except what apt-get installs
# when a program that is named with `need` is missing.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What was unpacked is kept here, so that a second run need not fetch it again.
cache=${EDITORS_CACHE:-${CARGO_TARGET_DIR:-$root/target}/editors}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The program under test, first in PATH: $DOCKFIX, or what cargo builds.
if [[ -z ${DOCKFIX:-} ]]; then
    cargo build --release --locked --quiet --manifest-path "$root/Cargo.toml"
    DOCKFIX=${CARGO_TARGET_DIR:-$root/target}/release/dockfix
fi
DOCKFIX=$(realpath "$DOCKFIX")
export DOCKFIX
mkdir "$work/bin"
ln -s "$DOCKFIX" "$work/bin/dockfix"
export PATH=$work/bin:$PATH

# Editors keep their state and settings in a home of their own.
home() {
    export HOME=$work/$1
    export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share XDG_STATE_HOME=$HOME/.local/state
    export XDG_CACHE_HOME=$HOME/.cache XDG_RUNTIME_DIR=$HOME/run
    mkdir -p "$XDG_RUNTIME_DIR"
    chmod 700 "$XDG_RUNTIME_DIR"
}

# check WHAT COMMAND...: one line for what holds; what was printed, and the end, for what does not.
check() {
    local what=$1 from=${EPOCHREALTIME/./} code
    shift
    set +e
    (set -e && "$@") >"$work/out" 2>&1 </dev/null
    code=$?
    set -e
    local tenths=$(((${EPOCHREALTIME/./} - from) / 100000)) word=ok
    ((code == 0)) || word=MISS
    printf '%-4s %4d.%d s   %s\n' $word $((tenths / 10)) $((tenths % 10)) "$what"
    if ((code)); then
        tail -n 60 "$work/out" | sed 's/^/    /'
        exit 1
    fi
}

# wait_for COMMAND...: asks again and again until the command succeeds, for a quarter of a minute.
wait_for() {
    local end=$((SECONDS + 15))
    until "$@"; do
        if ((SECONDS >= end)); then
            printf 'waited in vain for: %s\n' "$*"
            return 1
        fi
        sleep 0.05
    done
}

# terminal COMMAND: a shell command on a screen of 100 columns and 16 lines. What it shows, and keys that are typed:
terminal() {
    need tmux tmux
    pane=(tmux -f /dev/null -S "$work/tmux")
    "${pane[@]}" new-session -d -x 100 -y 16 "env -u TMUX TERM=screen-256color LC_ALL=C.UTF-8 $1 2>$work/terminal"
    trap '"${pane[@]}" kill-server 2>/dev/null || true' EXIT
}
keys() { "${pane[@]}" send-keys "$@"; }
screen() { "${pane[@]}" capture-pane -p "$@" 2>/dev/null | sed 's/ *$//'; }
shows() {
    # shellcheck disable=SC2016
    wait_for sh -c 'tmux -S "$0" capture-pane -p 2>/dev/null | grep -qF -- "$1"' "$work/tmux" "$1" && return
    screen
    cat "$work/terminal"
    return 1
}

# snippet FILE HEADING LANGUAGE: the first piece of code of that language below a heading.
snippet() {
    awk -v heading="$2" -v fence="\`\`\`$3" '
        code && /^ *```$/ {exit}
        code {sub(/^   /, ""); print}
        $0 == heading {below = 1; next}
        /^##? / {below = 0}
        below && $1 == fence {code = 1}' "$1" | grep . || { echo "no $3 under $2" >&2; return 1; }
}

# need COMMAND PACKAGE: installs a Debian package where its command is missing.
need() { command -v "$1" >/dev/null || install_package "$2"; }

install_package() {
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        echo "missing: $1; install it, or run this as root on Debian" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$1" >/dev/null
}

# unpack SUITE NAME PACKAGE...: packages of a Debian suite with all that they depend on, unpacked in $cache/SUITE/NAME.
# The mirror is the one that the machine's own apt uses; the system's packages and lists stay as they are.
unpack() {
    local suite=$1 to=$cache/$1/$2
    shift 2
    [[ -e $to.complete ]] && return
    local lists=$cache/$suite/apt mirror
    mkdir -p "$lists"/{lists,archives}/partial
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } |
        sed -nE 's/^(URIs: *|deb +(\[[^]]*\] +)?)([a-z]+:[^ ]+\/debian)\/?( .*)?$/\3/p' | sed -n 1p)
    [[ -n $mirror ]] || { echo 'the sources of apt name no Debian mirror' >&2 && exit 1; }
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$lists/sources.list"
    : >"$lists/status"
    cat >"$lists/apt.conf" <<END
Dir::Etc::sourcelist "$lists/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$lists";
Dir::State::status "$lists/status";
Dir::Cache "$lists";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
END
    APT_CONFIG=$lists/apt.conf apt-get update -qq
    rm -rf "$to" "$lists"/archives/*.deb
    APT_CONFIG=$lists/apt.conf apt-get install -qq -y --download-only "$@"
    mkdir -p "$to"
    local package
    for package in "$lists"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$to" --exclude './usr/share/doc' --exclude './usr/share/locale'
    done
    rm -f "$lists"/archives/*.deb
    touch "$to.complete"
}

# program NAME FOLDER FILE [LINE...]: the command NAME, which runs an unpacked program after these lines of shell, in which
# $R is the folder. The program is made to use the loader and the libraries that were unpacked with it.
program() {
    local command=$work/bin/$1 folder=$2 file=$2/$3
    shift 3
    local loader=$folder/usr/lib64/ld-linux-x86-64.so.2
    need patchelf patchelf
    if [[ $(patchelf --print-interpreter "$file") != "$loader" ]]; then
        patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$folder/usr/lib/x86_64-linux-gnu" "$file"
    fi
    {
        printf '#!/bin/sh\nR=%q\n' "$folder"
        (($# == 0)) || printf '%s\n' "$@"
        printf 'exec %q "$@"\n' "$file"
    } >"$command"
    chmod +x "$command"
}
