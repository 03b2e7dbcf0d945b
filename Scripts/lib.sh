# Shared by the scripts beside it: where the clone is, what it needs, and when it must be built.
# shellcheck shell=bash

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# What apt-get calls the libraries that Package.swift links.
packages=(libreadline-dev libopenblas-dev libarchive-dev libsodium-dev libturbojpeg0-dev libpng-dev libhdf5-dev
  libssl-dev)

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$@"
  exit 1
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

# Runs as root, directly or through sudo; fails where neither is allowed.
as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    sudo "$@"
  else
    return 1
  fi
}

# Installs what is missing, or says how and stops.
install_packages() {
  command -v swift >/dev/null || stop "Swift 6 is not on the PATH; see https://www.swift.org/install/linux"
  command -v git >/dev/null || packages+=(git ca-certificates)
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    [[ -e $root/.build/system-is-ready ]] && return
    say "This is no Debian. Passbook needs the headers of readline, openblas, libarchive, libsodium, turbojpeg, libpng,"
    stop "hdf5, openssl; install them, then: mkdir -p '$root/.build' && touch '$root/.build/system-is-ready'"
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  [[ ${#missing[@]} -eq 0 ]] && return
  local command=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}")
  say "Installing ${missing[*]}"
  if ! { as_root apt-get update -q && as_root "${command[@]}"; } >&2; then
    local sudo=sudo
    [[ $EUID -eq 0 ]] && sudo=
    say "These packages are missing and could not be installed from here. Install them with"
    say ""
    say "  ${sudo:+sudo }apt-get update && ${sudo:+sudo }apt-get install -y ${missing[*]}"
    say ""
    stop "and start again."
  fi
}

tool=$root/.build/release/passbook

# Builds the tool if anything under Sources changed since the last build. It looks at the time of change, not of
# modification, since an unpacked archive brings old times of modification with it; folders tell of removed files.
build_tool() {
  local stamp=$root/.build/tool-is-built
  if [[ -x $tool && -e $stamp ]]; then
    local changed
    changed=$(find "$root/Sources" "$root/Package.swift" -cnewer "$stamp" -print -quit)
    [[ -z $changed ]] && return
  fi
  install_packages
  mkdir -p "$root/.build"
  touch "$stamp.$$"  # from before the build, so that a change during it counts
  say "Building passbook; the first time takes some minutes"
  swift build --package-path "$root" -c release --static-swift-stdlib --product passbook >&2
  mv "$stamp.$$" "$stamp"
}
