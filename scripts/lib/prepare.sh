#!/usr/bin/env bash
# Makes .venv from the hashed lock and asks the system for what it can give. Called by the scripts beside it:
#   prepare.sh [broker] [tests]
# Does nothing, at once, when all is there. Whatever it says goes to standard error, so that the last line of a
# command's standard output stays its own.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
venv="$root/.venv"

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}

# --- the system's packages -------------------------------------------------------------------------------------------

# Debian keeps mosquitto in a folder that not every account's PATH has.
has_program() { PATH="$PATH:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin" command -v "$1" >/dev/null 2>&1; }

# Runs a command as root where that needs no password. What it starts must not inherit our lock.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@" 9<&-
    else
        command -v sudo >/dev/null 2>&1 && sudo -n "$@" 9<&-
    fi
}

# Short waits: without a network this must give up soon, not hang.
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=15 \
        -o DPkg::Lock::Timeout=60 "$@" </dev/null >/dev/null 2>&1
}

# get_package NAME: installs it where that may be done; asked for once a .venv.
get_package() {
    local asked="$venv/asked-for-$1"
    [ -e "$asked" ] && return 1
    if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
        say "installing $1 with apt-get"
        if apt install -y --no-install-recommends "$1" ||
            { apt update && apt install -y --no-install-recommends "$1"; }; then
            return 0
        fi
    elif command -v brew >/dev/null 2>&1; then
        say "installing $1 with brew"
        if brew install --quiet "$1" </dev/null >/dev/null 2>&1; then return 0; fi
    fi
    [ -d "$venv" ] && : >"$asked"
    say "$1 is missing and could not be installed here (as root: apt-get install $1)"
    return 1
}

get_broker() {
    has_program mosquitto || get_package mosquitto || say "the broker will be nats-server: see docs/broker.md"
    has_program mosquitto_pub || get_package mosquitto-clients || say "mosquitto_pub, for presses by hand, is missing"
}

get_test_packages() {
    get_broker
    if ! { has_program chromium || has_program chromium-browser || has_program google-chrome; }; then
        get_package chromium || say "the browser tests will be skipped"
    fi
    if ! { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]; }; then
        get_package fonts-noto-cjk || say "screenshots will lack Chinese characters"
    fi
}

# A time-series server for the tests of telemetry, unpacked beside the environment: the installed package would start a
# server that listens on every address. After the environment, which is made in an empty folder.
get_metric_store() {
    local place="$venv/metric-store" asked="$venv/asked-for-victoria-metrics" fetched
    if { has_program victoria-metrics && has_program vmauth; } || [ -e "$place" ] || [ -e "$asked" ]; then return; fi
    : >"$asked"
    if command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1; then
        say "fetching victoria-metrics with apt-get"
        fetched=$(mktemp -d)
        if { fetch_package victoria-metrics "$fetched" || { apt update && fetch_package victoria-metrics "$fetched"; }; } &&
            dpkg -x "$fetched"/*.deb "$place.new" 2>/dev/null; then
            mv "$place.new" "$place"
        fi
        rm -rf "$fetched" "$place.new"
    fi
    [ -e "$place" ] || say "victoria-metrics could not be had: the tests against a real time-series store will be skipped"
}

# fetch_package NAME FOLDER: needs no root where the system knows its packages.
fetch_package() {
    (cd "$2" && apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=15 download "$1" </dev/null >/dev/null 2>&1 9<&-)
}

# --- Python ----------------------------------------------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local name
    for name in python3 python3.11 python3.12 python3.13 python3.14 python; do
        if new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11 or later was not found: install it, for example with apt-get install python3"
}

has_module() { "$1" -c "import $2" >/dev/null 2>&1; }

# Debian's Python without the package python3-venv cannot put pip into a new environment: then the system's own pip
# fills it from outside.
make_venv() {
    local base=$1
    local -a how=(-m venv --clear)
    has_module "$base" ensurepip || how+=(--without-pip)
    say "making .venv with $("$base" --version)"
    "$base" "${how[@]}" "$venv" >&2 || fail "could not make .venv: install the package python3-venv"
}

install_lock() {
    local lock=$1 base=$2
    local -a pip=("$venv/bin/python" -m pip)
    say "installing what $lock names"
    if command -v uv >/dev/null 2>&1; then
        if uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$root/$lock" >&2; then return; fi
        say "uv could not do it: trying pip"
    fi
    if ! has_module "$venv/bin/python" pip; then
        has_module "$base" pip || fail "neither pip nor uv was found: install the package python3-pip"
        pip=("$base" -m pip --python "$venv/bin/python")
    fi
    env -u PIP_USER -u PIP_TARGET -u PIP_PREFIX "${pip[@]}" install --quiet --disable-pip-version-check --no-input \
        --require-hashes --no-deps -r "$root/$lock" >&2 || fail "could not install $lock: see above"
}

# The checkout itself: on the path of .venv by a relative line, with no build, and the command beside the others.
link_checkout() {
    "$venv/bin/python" -c 'import os, sys, sysconfig
site = sysconfig.get_path("purelib")
open(os.path.join(site, "nuanhu.pth"), "w").write(os.path.relpath(sys.argv[1], site) + "\n")' "$root"
    # shellcheck disable=SC2016 # the launcher expands them
    printf '#!/bin/sh\nexec "$(dirname "$0")/python" -P -m nuanhu "$@"\n' >"$venv/bin/nuanhu.new"
    chmod 755 "$venv/bin/nuanhu.new"
    mv -f "$venv/bin/nuanhu.new" "$venv/bin/nuanhu"
}

is_installed() { [ -x "$venv/bin/python" ] && cmp -s "$root/$1" "$venv/installed-$1"; }

prepare_python() {
    local lock=$1 base
    is_installed "$lock" && return
    base=$(find_python)
    new_enough "$venv/bin/python" || make_venv "$base"
    install_lock "$lock" "$base"
    link_checkout
    # The development lock holds everything the other one holds, at the same versions.
    cp "$root/requirements.lock" "$venv/installed-requirements.lock"
    cp "$root/$lock" "$venv/installed-$lock"
}

main() {
    local lock=requirements.lock wanted=true
    case " $* " in
    *" tests "*) lock=requirements-dev.lock wanted=get_test_packages ;;
    *" broker "*) wanted=get_broker ;;
    esac
    # Two scripts started together take turns.
    exec 9<"$root"
    if command -v flock >/dev/null 2>&1; then flock 9; fi
    "$wanted" &
    prepare_python "$lock"
    wait
    if [ "$wanted" = get_test_packages ]; then get_metric_store; fi
}

main "$@"
