# shellcheck shell=bash disable=SC2034,SC2154
# MongoDB: there is no package of its server where apt and the registries are, so only Docker has it. See ferretdb.sh.

names=
[ "${provider:-native}" = native ] || names="mongodb"
container_port=27017

# A replica set of one has transactions. Its name for itself is of no use outside of the container.
url() { echo "mongodb://$2/?directConnection=true"; }
