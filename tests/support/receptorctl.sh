#!/bin/sh
# Installs the real receptorctl, of the version that we are compatible with, into a throw-away Python environment and
# prints the path of the program. One line on stderr and exit status 1 where it cannot be had.
#
# Usage: RECEPTORCTL=$(sh tests/support/receptorctl.sh [FOLDER])
set -eu

version=1.6.9
folder=${1:-${TMPDIR:-/tmp}/receptor-mesh-receptorctl}
program=$folder/bin/receptorctl

give_up() {
  echo "no receptorctl: $1" >&2
  exit 1
}

if [ -x "$program" ]; then
  echo "$program"
  exit 0
fi
command -v python3 >/dev/null 2>&1 || give_up 'this machine has no Python'
mkdir -p "$folder"
python3 -m venv "$folder" >"$folder/log" 2>&1 || give_up "$(tail -n 1 "$folder/log")"
"$folder/bin/pip" --quiet --disable-pip-version-check install "receptorctl==$version" >"$folder/log" 2>&1 ||
  give_up "$(tail -n 1 "$folder/log")"
echo "$program"
