# shellcheck shell=bash disable=SC2034,SC2154
# TimescaleDB on PostgreSQL 17: packages of Debian 13, unpacked beside what is installed here. It is the Apache edition,
# which refuses continuous aggregates and compression; the container has both.

# shellcheck source=tests/servers/kinds/postgres.sh
. "$servers/kinds/postgres.sh"
names="timescaledb"
programs=$cache/timescaledb-2.19-debian13
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

install() {
  local fetched=$cache/fetching mirror package
  [ ! -d "$programs" ] || return 0
  command -v apt-get >/dev/null || die "TimescaleDB comes from apt: start Docker, or set WHIMBREL_TEST_TIMESCALEDB_URL"
  [ -f $keyring ] || ! can_apt || apt_install debian-archive-keyring
  [ -f $keyring ] || die "apt needs Debian's keys; run: sudo apt-get install debian-archive-keyring"
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$' || true)

  rm -rf "$fetched" && mkdir -p "$fetched"/{etc/apt,var/lib/apt/lists/partial,var/cache/apt/archives/partial,root}
  echo "deb [arch=amd64 signed-by=$keyring] ${mirror:-http://deb.debian.org/debian/} trixie main" >"$fetched/etc/apt/sources.list"
  : >"$fetched/status"
  say "apt-get of Debian 13's postgresql-17-timescaledb, into a folder"
  {
    apt13 "$fetched" update && apt13 "$fetched" install --yes --download-only --no-install-recommends postgresql-17-timescaledb
  } >"$cache/apt.log" 2>&1 </dev/null ||
    { cat "$cache/apt.log" >&2 && die "Debian 13's packages can't be fetched"; }
  # Without the compiler of queries, which is the larger part, and without what has nothing to do with it.
  for package in "$fetched"/var/cache/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$fetched/root" --no-same-owner --exclude='libLLVM*' --exclude='libz3*' \
      --exclude=llvmjit.so --exclude=bitcode --exclude={perl,gconv,doc,locale,i18n} --exclude=./{etc,var,usr/bin,usr/sbin}
  done
  mv "$fetched/root" "$programs"
  rm -rf "$fetched"
}

# Runs apt-get as if on a Debian 13 on which nothing is installed: apt13 FOLDER ARGUMENT...
apt13() {
  apt-get -o "Dir=$1" -o "Dir::State::status=$1/status" -o APT::Architecture=amd64 -o APT::Architectures=amd64 \
    -o APT::Sandbox::User= -o Acquire::Languages=none "${@:2}"
}

# Its programs need their own C library, which has to load them.
lend_programs() {
  local program libraries=$1/usr/lib/x86_64-linux-gnu bin=$1/usr/lib/postgresql/17/bin
  lend "$programs/usr" "$1/usr"
  for program in initdb postgres; do
    mv "$bin/$program" "$bin/$program.elf"
    cat >"$bin/$program" <<SH
#!/bin/sh
exec '$libraries/ld-linux-x86-64.so.2' --library-path '$libraries' --argv0 '$bin/$program' '$bin/$program.elf' "\$@"
SH
    chmod 755 "$bin/$program"
  done
}

serve() {
  local bin=$2/usr/lib/postgresql/17/bin
  [ -d "$bin" ] || lend_programs "$2"
  run_postgres "$bin" "$2" "$3" -c shared_preload_libraries=timescaledb -c timescaledb.telemetry_level=off -c jit=off
}
