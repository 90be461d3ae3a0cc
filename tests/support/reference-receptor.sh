#!/bin/sh
# Brings the real Go Receptor, Debian's package `receptor` of the unstable suite, into a folder and prints the path of
# the binary. Nothing is installed: a private apt configuration downloads the package, dpkg unpacks it. The archive's
# address is the one that this machine uses. One line on stderr and exit status 1 where it cannot be had.
#
# Usage: RECEPTOR_REF=$(sh tests/support/reference-receptor.sh [FOLDER])
set -eu

folder=${1:-${TMPDIR:-/tmp}/receptor-mesh-reference}
binary=$folder/root/usr/bin/receptor
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# Seconds that a download may take before the tests go on without it.
patience=180

give_up() {
  echo "no reference Receptor: $1" >&2
  exit 1
}

if [ -x "$binary" ]; then
  echo "$binary"
  exit 0
fi
command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || give_up 'this machine has no apt'
[ -f "$keyring" ] || give_up "there is no $keyring"

archive=$(
  cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null |
    sed -nE 's/^URIs: *(http[^ ]*\/debian)\/? *$/\1/p; s/^deb +(\[[^]]*\] +)?(http[^ ]*\/debian)\/? .*/\2/p' |
    head -n 1
)
[ -n "$archive" ] || give_up 'this machine has no Debian archive configured'

rm -rf "$folder"
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/root"
echo "deb [signed-by=$keyring] $archive sid main" >"$folder/sources.list"
cat >"$folder/apt.conf" <<CONF
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$folder/lists";
Dir::Cache "$folder/cache";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF

fetch() {
  cd "$folder"
  timeout "$patience" apt-get -qq -c apt.conf update
  timeout "$patience" apt-get -qq -c apt.conf download receptor
}
(fetch) >"$folder/log" 2>&1 || give_up "$(tail -n 1 "$folder/log")"
dpkg -x "$folder"/receptor_*.deb "$folder/root"
"$binary" --version >/dev/null 2>&1 || give_up 'the package does not run here'
echo "$binary"
