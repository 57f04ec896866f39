# shellcheck shell=bash
# What scripts/run, scripts/test and the others share: finding Python, making .venv, asking for system packages.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
VENV=$ROOT/.venv
PYTHON=$VENV/bin/python
export PYTHONUNBUFFERED=1

say() { printf '%s\n' "$*"; }
fail() { printf 'Error: %s\n' "$*" >&2; exit 1; }

# load_env FILE: the KEY=VALUE lines of FILE, for names that are not set yet. Nothing in the file is executed.
load_env() {
  local line name value
  [ -f "$1" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in '' | '#'*) continue ;; esac
    [[ $line =~ ^([A-Z][A-Z0-9_]*)=(.*)$ ]] || fail "$1: this line is not KEY=VALUE: $line"
    name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value=${BASH_REMATCH[1]}; fi
    [ -n "${!name+set}" ] || export "$name=$value"
  done <"$1"
}

# split_password URL: PG_URL without the password, which goes to PGPASSWORD: command lines can be read by everyone.
split_password() {
  export PG_URL=$1
  if [[ $1 =~ ^(postgres(ql)?://[^:/@]+):([^@/]+)@(.*)$ ]]; then
    PG_URL=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
    PGPASSWORD=$(printf '%b' "${BASH_REMATCH[3]//%/\\x}")
    export PGPASSWORD
  fi
}

# as_root COMMAND…: run it as root, or answer 1 when this account may not without a password.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

# apt_get ARGUMENT…: without a question, and silent unless it fails.
apt_get() {
  local output
  output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" </dev/null 2>&1) && return 0
  printf '%s\n' "$output" >&2
  return 1
}

# install_packages PACKAGE…: Debian or Ubuntu packages, where this account may install; else 1.
install_packages() {
  command -v apt-get >/dev/null && as_root true || return 1
  say "Installing system packages: $* …"
  apt_get install --no-install-recommends -y "$@" 2>/dev/null && return 0 # fails where the package lists are old
  apt_get update && apt_get install --no-install-recommends -y "$@"
}

need_packages() {
  install_packages "$@" || fail "these system packages are needed: $*. Install them: sudo apt-get install $*"
}

python_is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The first Python that is new enough: $SYSTEM_PYTHON, else the usual names.
find_python() {
  local name
  for name in ${SYSTEM_PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if python_is_new_enough "$name"; then
      command -v "$name"
      return 0
    fi
  done
  fail "Python 3.11 or newer is needed. On Debian 12 or Ubuntu 24.04: sudo apt-get install python3 python3-venv"
}

make_venv() {
  local python version
  python=$(find_python) || exit 1
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    need_packages "python$version-venv"
  fi
  say "Making the virtual environment .venv …"
  "$python" -m venv --clear "$VENV"
}

# The libraries that WeasyPrint opens when the first PDF is made: the four it cannot do without, and the one that makes
# its files small. On Debian 12 these three packages bring all of them.
ensure_libraries() {
  "$PYTHON" - <<'PYTHON' 2>/dev/null && return 0
import ctypes
for name in ("gobject-2.0.so.0", "pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz.so.0", "fontconfig.so.1", "harfbuzz-subset.so.0"):
    ctypes.CDLL("lib" + name)
PYTHON
  need_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
}

# ensure_venv FILE…: .venv with exactly these requirement files, installed anew only when one of them changed.
ensure_venv() {
  local file stamp wanted
  python_is_new_enough "$PYTHON" || make_venv
  for file in "$@"; do
    stamp=$VENV/.installed-$file
    wanted=$(sha256sum <"$ROOT/$file")
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && continue
    say "Installing Python packages from $file (one to two minutes) …"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-input -r "$ROOT/$file" ||
      fail "the packages in $file could not be installed; the reason stands above. Run the command again once it is mended."
    printf '%s' "$wanted" >"$stamp"
  done
  ensure_libraries
}

# install_quietly PACKAGE…: as install_packages, but no server that a package brings is started, now or at the next boot.
# A subshell, so that its two files in /etc and /usr/sbin are taken away again whatever happens.
install_quietly() (
  policy=/usr/sbin/policy-rc.d
  cluster=/etc/postgresql-common/createcluster.d/zz-no-cluster.conf
  as_root true || exit 1
  [ ! -e "$policy" ] || policy=
  trap 'as_root rm -f "$cluster" ${policy:+"$policy"}' EXIT
  if [ -n "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root mkdir -p "${cluster%/*}"
  printf 'create_main_cluster = false\n' | as_root tee "$cluster" >/dev/null
  install_packages "$@" || exit 1
  if [[ " $* " == *" redis-server "* ]] && command -v systemctl >/dev/null; then
    as_root systemctl disable --quiet redis-server 2>/dev/null || true
  fi
)
