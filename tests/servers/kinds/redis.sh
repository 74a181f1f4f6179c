# shellcheck shell=bash disable=SC2034,SC2154
# Redis: installed or to be had from apt. One server, and a cluster of three nodes, whose URL names the first.

names="redis redis_cluster"
container_port=6379
stop_signal=TERM
password=whimbrel

install() { need redis-server redis-server; }

serve() {
  case $1 in
    redis)
      become redis-server --bind 127.0.0.1 --port "$3" --save '' --appendonly no --requirepass "$password"
      ;;
    redis_cluster)
      cp "$servers/redis-cluster.sh" "$2"
      become bash "$2/redis-cluster.sh" 127.0.0.1 "$password" "$3" "$(free_port)" "$(free_port)"
      ;;
  esac
}

ready() {
  case ${1##*/} in
    redis) grep -q 'Ready to accept connections' "$1/log" ;;
    redis_cluster) [ -f "$1/formed" ] ;;
  esac
}

# Nodes in a container have to tell clients the ports by which they are reached from outside.
published() {
  local port
  [ "$1" = redis_cluster ] || return 0
  for port in 6379 6380 6381; do
    compose exec -T --env REDISCLI_AUTH="$password" rediscluster \
      redis-cli -p "$port" config set cluster-announce-port "$(compose port rediscluster "$port" | sed 's/.*://')" >&2
  done
}

url() {
  case $1 in
    redis) echo "redis://default:$password@$2/0" ;;
    redis_cluster) echo "redis+cluster://default:$password@$2" ;;
  esac
}
