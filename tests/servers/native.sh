# shellcheck shell=bash disable=SC2034,SC2154
# Servers as processes of this machine, for where there is no Docker.
#
# A kind of server is one file in `kinds/`, named as its servers' names begin, that sets
#   names           what it offers; WHIMBREL_TEST_<NAME>_URL carries the address to the tests
#   container_port  its port inside the service of compose.yaml that is called NAME without `_`
#   stop_signal     what ends it soon whoever is connected
# and has the functions
#   install NAME             puts the programs into place or into $cache
#   serve NAME FOLDER PORT   fills FOLDER unless an earlier try did, then execs the server by `become`
#   ready FOLDER             holds once it takes connections
#   url NAME ADDRESS         prints the URL
#   published NAME           where needed, tells a server in a container the ports that it has outside

umask 022
provider=native
run=

# Root runs servers as nobody: some refuse root, and none needs it.
as_nobody=()
[ "$(id -u)" != 0 ] || as_nobody=("--reuid=$(id -u nobody)" "--regid=$(id -g nobody)" --clear-groups)
unprivileged() { setpriv ${as_nobody[@]+"${as_nobody[@]}"} "$@"; }

# Puts what is in the cache to where the user nobody may read it, as second names of the same files if it can: lend FROM TO
lend() { cp -al "$1" "$2" 2>/dev/null || { rm -rf "$2" && cp -a "$1" "$2"; }; }

# Hands this process over to the server, which the kernel ends should this script be killed.
become() {
  echo "$stop_signal" >"$run/$BASHPID.stop"
  exec setpriv ${as_nobody[@]+"${as_nobody[@]}"} --pdeathsig "$stop_signal" "$@"
}

# Below the ports that the kernel lends to clients. Another may still take it first: see `await`.
free_port() {
  local port=$((20000 + RANDOM % 12000))
  while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((20000 + RANDOM % 12000)); done
  echo "$port"
}

launch() {
  local folder=$run/$1
  port[$1]=$(free_port)
  set -m
  (
    # With a trap, bash waits for what it has called, such as initdb, before it goes.
    trap 'exit 143' TERM
    kind "$1"
    cd "$folder" || exit
    serve "$1" "$folder" "${port[$1]}"
  ) >"$folder/log" 2>&1 </dev/null &
  set +m
  pid[$1]=$!
}

await() {
  local log=$run/$1/log deadline=$((SECONDS + 300))
  until of "$1" ready "$run/$1"; do
    if ! kill -0 "${pid[$1]}" 2>/dev/null; then
      grep -q 'already in use' "$log" || { cat "$log" >&2 && die "$1 did not start"; }
      launch "$1"
    fi
    [ $SECONDS -lt $deadline ] || { cat "$log" >&2 && die "$1 is not ready after 300 s"; }
    sleep 0.1
  done
}

start() {
  local name variable
  declare -gA pid=() port=()
  [ "$(uname -sm)" = "Linux x86_64" ] || die "start Docker: without it, only Linux on x86_64 is provided for"
  mkdir -p "$cache"
  (
    flock 9
    for name in "$@"; do of "$name" install "$name"; done
  ) 9>"$cache/lock"
  run=$(mktemp -d -t whimbrel.XXXXXX)
  chmod 755 "$run"
  unprivileged test -x "$run" || die "set TMPDIR to a folder that the user nobody can enter"
  for name in "$@"; do
    mkdir "$run/$name"
    [ "$(id -u)" != 0 ] || chown nobody "$run/$name"
    launch "$name"
  done
  for name in "$@"; do
    await "$name"
    say "$name: 127.0.0.1:${port[$name]}, pid ${pid[$name]}"
    variable=$(variable "$name")
    export "$variable=$(of "$name" url "$name" "127.0.0.1:${port[$name]}")"
  done
}

# The tests first, so that no client is left. What has no `.stop` file is no server, or none yet.
stop() {
  local job
  set +e
  trap '' HUP INT TERM
  for job in $(jobs -rp); do [ -f "$run/$job.stop" ] || end TERM "$job"; done
  for job in $(jobs -rp); do end "$(cat "$run/$job.stop" 2>/dev/null || echo TERM)" "$job"; done
  [ -z "$run" ] || rm -rf "$run"
}

end() {
  local deadline=$((SECONDS + 10))
  kill -s "$1" -- "-$2"
  while kill -0 "$2" && [ $SECONDS -lt $deadline ]; do sleep 0.05; done
  kill -KILL -- "-$2"
} 2>/dev/null
