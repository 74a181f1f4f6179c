#!/usr/bin/env bash
# Runs a Redis cluster in the current folder until one of its nodes ends: redis-cluster.sh BIND PASSWORD PORT PORT PORT
# It writes the file `formed` once every node takes commands. Each talks to the others 700 ports above its own.
set -u

export REDISCLI_AUTH=$2
ports=("${@:3}")

# Holds if every node's answer to a command has a text: answers TEXT COMMAND...
answers() {
  local port
  for port in "${ports[@]}"; do redis-cli -p "$port" "${@:2}" 2>&1 | grep -q "$1" || return; done
}

await() {
  until answers "$@"; do
    [ "$(jobs -rp | wc -l)" = ${#ports[@]} ] || exit 1
    sleep 0.1
  done
}

trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
trap 'exit 143' TERM
rm -f formed ./*.conf
for port in "${ports[@]}"; do
  setpriv --pdeathsig TERM redis-server --bind "$1" --port "$port" --cluster-port $((port + 700)) --cluster-enabled yes \
    --cluster-config-file "$port.conf" --save '' --appendonly no --requirepass "$REDISCLI_AUTH" &
done
await PONG ping
redis-cli --cluster create "${ports[@]/#/127.0.0.1:}" --cluster-yes || exit
await cluster_state:ok cluster info
: >formed
wait -n
