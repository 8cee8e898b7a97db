#!/usr/bin/env bash
# Installs what the demo or the tests need and this machine lacks: Debian 12 packages, and Python packages in build/venv.
#
#   bash bindings/install.sh demo|tests
#
# Does nothing when all is there. Says first what it will install. TRAINSTAT_NO_INSTALL=1: prints the lines to run instead, and
# fails if anything is missing. This is the only list of what the project needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

demo_packages=(
  g++ gcc cmake ninja-build rapidjson-dev libfmt-dev libsqlite3-dev libpython3-dev
  php8.2-cli php8.2-sqlite3
  python3 python3-venv
  tzdata
)
test_packages=(
  "${demo_packages[@]}"
  clang libbenchmark-dev libclang-rt-14-dev libgtest-dev nlohmann-json3-dev phpunit
  abigail-tools binutils chromium chromium-driver clang-format fonts-dejavu-core git locales openjdk-17-jre-headless shellcheck strace
)

case "${1-}" in
  demo) packages=("${demo_packages[@]}") requirements=(bindings/requirements-demo.txt) ;;
  tests) packages=("${test_packages[@]}") requirements=(bindings/requirements-demo.txt bindings/requirements-tests.txt) ;;
  *) echo "usage: bash bindings/install.sh demo|tests" >&2 && exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "This installs on Debian 12 only. Elsewhere, provide what these packages hold: ${packages[*]}" >&2
  exit 1
fi
known=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qxF "$package installed" <<<"$known" || missing+=("$package")
done

# Other pythons may stand before the system's in PATH; any will do from 3.10 on.
choose_python() {
  local python
  for python in /usr/bin/python3 python3; do
    if "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      echo "$python"
      return
    fi
  done
  echo "python3 >= 3.10 with venv is missing" >&2
  return 1
}

# Whether every pinned version is in build/venv.
venv_is_ready() {
  build/venv/bin/python -c '
import fileinput, importlib.metadata, sys
for line in fileinput.input(sys.argv[1:]):
    name, version = line.strip().split("==")
    assert importlib.metadata.version(name) == version
' "${requirements[@]}" 2>/dev/null
}

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi

if [ "${TRAINSTAT_NO_INSTALL:-}" = 1 ]; then
  complete=true
  if [ "${#missing[@]}" -gt 0 ]; then
    complete=false
    echo "Missing packages. To install them, run:" >&2
    echo "${as_root[*]:+${as_root[*]} }apt-get install -y --no-install-recommends ${missing[*]}" >&2
  fi
  if ! venv_is_ready; then
    complete=false
    echo "Missing Python packages. To install them, run:" >&2
    echo "python3 -m venv build/venv && build/venv/bin/python -m pip install ${requirements[*]/#/-r }" >&2
  fi
  $complete
  exit
fi

if [ "${#missing[@]}" -gt 0 ]; then
  if [ "${#as_root[@]}" -gt 0 ] && ! command -v sudo >/dev/null; then
    echo "These packages are missing, and neither root nor sudo is at hand: ${missing[*]}" >&2
    exit 1
  fi
  echo "Installing Debian packages: ${missing[*]}"
  mkdir -p build
  # A package source that is out of order is no reason to stop while the others have what is needed.
  "${as_root[@]}" apt-get update -qq || echo "apt-get update failed; going on with the lists at hand" >&2
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >build/install.log 2>&1; then
    tail -n 40 build/install.log >&2
    exit 1
  fi
fi

if ! venv_is_ready; then
  echo "Installing Python packages into build/venv: $(cat "${requirements[@]}" | paste -sd ' ')"
  python=$(choose_python)
  mkdir -p build
  build/venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear build/venv
  build/venv/bin/python -m pip install --quiet --disable-pip-version-check "${requirements[@]/#/--requirement=}"
fi
