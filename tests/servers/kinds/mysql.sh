# shellcheck shell=bash disable=SC2034,SC2154
# MySQL: there is no package of its server where apt and npm are, so only Docker has it.

names=
[ "${provider:-native}" = native ] || names="mysql"
container_port=3306
password=whimbrel

url() { echo "mysql://root:$password@$2"; }
