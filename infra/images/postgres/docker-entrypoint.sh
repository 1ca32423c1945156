#!/bin/bash
# The entrypoint contract of the official postgres image.
#
#   POSTGRES_PASSWORD          the superuser's password; required on an empty data directory
#   POSTGRES_USER              the superuser's name (postgres)
#   POSTGRES_DB                a database to create (the superuser's name)
#   POSTGRES_INITDB_ARGS       further arguments of initdb
#   POSTGRES_HOST_AUTH_METHOD  how clients from the network authenticate (scram-sha-256)
#
# Each has a twin ending in _FILE that names a file with the value. Scripts in /docker-entrypoint-initdb.d (*.sh, *.sql, *.sql.gz)
# run once, on an empty data directory, against a server that listens on its socket only.
set -Eeuo pipefail

fail() {
  echo "Error: $*" >&2
  exit 1
}

# file_env VARIABLE [DEFAULT]: sets VARIABLE from itself, else from the file VARIABLE_FILE names, else to DEFAULT.
file_env() {
  local variable=$1 file_variable=${1}_FILE value=${2:-}
  if [[ -n ${!variable:-} && -n ${!file_variable:-} ]]; then fail "both $variable and $file_variable are set."; fi
  if [[ -n ${!variable:-} ]]; then
    value=${!variable}
  elif [[ -n ${!file_variable:-} ]]; then
    value=$(<"${!file_variable}")
  fi
  export "$variable=$value"
  unset "$file_variable"
}

run_sql() {
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"
}

run_init_script() {
  echo "$0: running $1"
  case $1 in
    *.sh)
      if [[ -x $1 ]]; then
        "$1"
      else
        # shellcheck source=/dev/null
        . "$1"
      fi
      ;;
    *.sql) run_sql --file "$1" ;;
    *.sql.gz) gunzip --stdout "$1" | run_sql ;;
    *) echo "$0: ignoring $1" ;;
  esac
}

# init_database [postgres argument...]: makes the cluster, the database and runs the init scripts.
init_database() {
  file_env POSTGRES_PASSWORD
  file_env POSTGRES_USER postgres
  file_env POSTGRES_DB "$POSTGRES_USER"
  file_env POSTGRES_INITDB_ARGS
  : "${POSTGRES_HOST_AUTH_METHOD:=scram-sha-256}"
  if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
    fail "the database is uninitialized and no superuser password is given: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE."
  fi

  local initdb_args=()
  read -ra initdb_args <<<"$POSTGRES_INITDB_ARGS"
  initdb --username "$POSTGRES_USER" --pwfile <(printf '%s\n' "$POSTGRES_PASSWORD") "${initdb_args[@]}"
  printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"

  export PGPASSWORD=$POSTGRES_PASSWORD
  pg_ctl --wait start -o "$(printf '%q ' -c listen_addresses= "$@")"
  if [[ $POSTGRES_DB != postgres ]]; then createdb --username "$POSTGRES_USER" --maintenance-db postgres "$POSTGRES_DB"; fi
  local script
  shopt -s nullglob
  for script in /docker-entrypoint-initdb.d/*; do run_init_script "$script"; done
  pg_ctl --wait --mode fast stop
  echo "PostgreSQL init process complete; ready for start up."
}

if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi

if [[ ${1:-} == postgres ]]; then
  if [[ $(id -u) == 0 ]]; then
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres {} +
    exec gosu postgres "$0" "$@"
  fi
  if [[ ! -s $PGDATA/PG_VERSION ]]; then
    # In a subshell: the passwords read from files stay out of the server's environment.
    (init_database "${@:2}")
  fi
fi

exec "$@"
