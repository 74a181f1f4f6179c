# shellcheck shell=bash disable=SC2034,SC2154
# MariaDB: installed or to be had from apt.

names="mariadb"
container_port=3306
stop_signal=TERM
password=whimbrel

install() { PATH=$PATH:/usr/sbin need mariadbd mariadb-server; }

serve() {
  local data=$2/data
  PATH=$PATH:/usr/sbin
  if [ ! -d "$data/mysql" ]; then
    unprivileged mariadb-install-db --no-defaults --datadir="$data" --auth-root-authentication-method=normal --skip-test-db
    # Without names of hosts root comes from an address. A line is a statement.
    cat >"$2/init.sql" <<SQL
CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '$password';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
SQL
  fi
  become mariadbd --no-defaults --datadir="$data" --bind-address=127.0.0.1 --port="$3" --socket="$2/socket" \
    --pid-file="$2/pid" --init-file="$2/init.sql" --skip-name-resolve --max-connections=300 \
    --innodb-flush-log-at-trx-commit=0
}

# The file of the process is written once it takes connections.
ready() { [ -s "$1/pid" ]; }

url() { echo "mysql://root:$password@$2"; }
