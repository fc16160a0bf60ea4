#!/usr/bin/env bash
# Installs what is missing, and nothing else.
#
#   scripts/install.sh run    Python's venv module and the packages that the shop runs on, into .venv
#   scripts/install.sh test   the same, and what the tests need: test packages, Chromium with Chinese fonts,
#                             PostgreSQL, Redis and gettext from the system's packages
#
# A second call finds everything in place and takes a fraction of a second.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-run}
PYTHON=${PYTHON:-python3}

stop() {
    printf 'shifen: %s\n' "$1" >&2
    exit 1
}

# Run a command as root: directly, or through sudo (asking for the password only where a person can answer).
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        return 1
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# Install packages of the system, or say in one line what to install.
install_packages() {
    local sorry="this machine lacks: $*. Install it (Debian, Ubuntu: apt-get install $*) and start again."
    command -v apt-get >/dev/null || stop "$sorry"
    printf 'shifen: installing %s\n' "$*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >/dev/null || stop "$sorry"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" </dev/null >/dev/null ||
        stop "$sorry"
}

need_python() {
    command -v "$PYTHON" >/dev/null || install_packages python3 python3-venv
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        stop "Python 3.11 or newer is needed, $PYTHON is $("$PYTHON" -V 2>&1). Name another one: PYTHON=python3.12 make run"
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || install_packages "$(venv_package)"
}

# Debian ships ensurepip apart, in a package named after the interpreter's version where there are several.
venv_package() {
    if [ "$PYTHON" = python3 ]; then
        echo python3-venv
    else
        "$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
}

make_environment() {
    .venv/bin/python -c 'import pip' 2>/dev/null && return
    need_python
    rm -rf .venv
    "$PYTHON" -m venv .venv
}

# Install a lock file; its copy inside .venv says that this very list is installed.
install_lock() {
    local lock=requirements/$1.txt stamp=.venv/$1.installed
    cmp -s "$lock" "$stamp" && return
    printf 'shifen: installing the Python packages of %s\n' "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    cp "$lock" "$stamp"
}

install_test_machines() {
    local missing=()
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
        missing+=(chromium)
    [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
    command -v redis-server >/dev/null || missing+=(redis-server)
    command -v msgfmt >/dev/null || missing+=(gettext)
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

make_environment
install_lock run
if [ "$kind" = test ]; then
    install_lock test
    install_test_machines
fi
