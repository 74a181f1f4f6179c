# shellcheck shell=bash disable=SC2034,SC2154
# Servers as containers of compose.yaml, in a project of this run's own.

provider=compose
compose() { docker compose --file "$root/compose.yaml" --project-name "whimbrel-$$" "$@"; }

start() {
  local name variable address
  say "docker compose up --wait ${*//_/}"
  started=yes
  attended compose up --detach --wait "${@//_/}" >&2
  for name in "$@"; do
    address=$(kind "$name" && compose port "${name//_/}" "$container_port")
    say "$name: $address"
    (kind "$name" && if declare -F published >/dev/null; then published "$name"; fi)
    variable=$(variable "$name")
    export "$variable=$(of "$name" url "$name" "$address")"
  done
}

stop() {
  local job
  trap '' HUP INT TERM
  for job in $(jobs -p); do kill -TERM -- "-$job" 2>/dev/null || true; done
  [ -z "${started:-}" ] || compose down --volumes --timeout 1 >/dev/null 2>&1 ||
    say "containers may be left; run: docker compose --project-name whimbrel-$$ down --volumes"
}
