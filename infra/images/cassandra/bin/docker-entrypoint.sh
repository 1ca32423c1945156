#!/bin/bash
# The entrypoint contract of the official cassandra image: drops to the user cassandra and writes what the CASSANDRA_...
# variables give into cassandra.yaml and cassandra-rackdc.properties.
set -euo pipefail

# own_address: this container's first address.
own_address() {
  hostname --ip-address | cut -d' ' -f1
}

# set_yaml KEY VALUE: sets a top-level key of cassandra.yaml, adding it if it is missing. An empty VALUE changes nothing.
set_yaml() {
  [[ -n $2 ]] || return 0
  local yaml
  yaml=$(grep -v "^$1:" "$CASSANDRA_CONF/cassandra.yaml")
  printf '%s\n%s: %s\n' "$yaml" "$1" "$2" >"$CASSANDRA_CONF/cassandra.yaml"
}

configure() {
  local listen=${CASSANDRA_LISTEN_ADDRESS:-auto} broadcast
  if [[ $listen == auto ]]; then listen=$(own_address); fi
  broadcast=${CASSANDRA_BROADCAST_ADDRESS:-$listen}
  if [[ $broadcast == auto ]]; then broadcast=$(own_address); fi

  set_yaml listen_address "$listen"
  set_yaml broadcast_address "$broadcast"
  set_yaml rpc_address "${CASSANDRA_RPC_ADDRESS:-0.0.0.0}"
  set_yaml broadcast_rpc_address "${CASSANDRA_BROADCAST_RPC_ADDRESS:-$broadcast}"
  set_yaml cluster_name "${CASSANDRA_CLUSTER_NAME:-}"
  set_yaml num_tokens "${CASSANDRA_NUM_TOKENS:-}"
  set_yaml endpoint_snitch "${CASSANDRA_ENDPOINT_SNITCH:-}"
  sed -i "s/- seeds:.*/- seeds: \"${CASSANDRA_SEEDS:-$broadcast}\"/" "$CASSANDRA_CONF/cassandra.yaml"
  # Read by GossipingPropertyFileSnitch only.
  printf 'dc=%s\nrack=%s\n' "${CASSANDRA_DC:-dc1}" "${CASSANDRA_RACK:-rack1}" >"$CASSANDRA_CONF/cassandra-rackdc.properties"
}

if [[ ${1:-} == -* ]]; then set -- cassandra -f "$@"; fi

if [[ ${1:-} == cassandra ]]; then
  if [[ $(id -u) == 0 ]]; then
    find "$CASSANDRA_CONF" /var/lib/cassandra /var/log/cassandra \! -user cassandra -exec chown cassandra {} +
    exec gosu cassandra "$0" "$@"
  fi
  configure
fi

exec "$@"
