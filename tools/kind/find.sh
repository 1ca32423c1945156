# shellcheck shell=bash
# Finding programs, for the commands of this folder. Sourced by them.

# Where tools/airgap/prepare puts what it builds.
readonly PREPARED=${XDG_CACHE_HOME:-$HOME/.cache}/realtime-data-pipeline/bin

# find_program NAME: prints the path of the one in PATH, or else of the prepared one; fails when there is neither.
find_program() {
  local candidate
  while read -r candidate; do
    # The command of this folder may be in PATH, too.
    if [ ! "$candidate" -ef "$0" ]; then
      echo "$candidate"
      return
    fi
  done < <(type -ap "$1")
  [ -x "$PREPARED/$1" ] && echo "$PREPARED/$1"
}
