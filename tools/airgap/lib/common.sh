# shellcheck shell=bash
# Functions that the steps share: output, failure, logs and packages. Sourced by `prepare`.
# shellcheck disable=SC2034 # used by the steps

# Exit codes; README.md lists the remedy for each.
readonly EXIT_FAILED=1 EXIT_ENGINE=10 EXIT_ENGINE_PERMISSION=11 EXIT_ENGINE_START=12
readonly EXIT_TERRAFORM=20 EXIT_PROVIDERS=30 EXIT_IMAGES=40 EXIT_KIND=50

# say STEP TEXT: prints one line of progress.
say() { printf '%-10s … %s\n' "$1" "$2"; }

# since START: prints the time since START, a value of $SECONDS, e.g. "8 s" or "2 min 05 s".
since() {
  local seconds=$((SECONDS - $1))
  if ((seconds < 60)); then printf '%d s' "$seconds"; else printf '%d min %02d s' $((seconds / 60)) $((seconds % 60)); fi
}

# fail CODE STEP CAUSE REMEDY…: prints the cause and the remedies, one per line, and ends this process with CODE.
fail() {
  local code=$1 step=$2
  shift 2
  echo "$step: $1" >>"$WORK/failures"
  {
    say "$step" "failed: $1"
    shift
    [ $# -eq 0 ] || printf '             %s\n' "$@"
  } >&2
  exit "$code"
}

# logged NAME COMMAND…: runs a command with its output in the log NAME, which is overwritten.
logged() {
  local log=$LOGS/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null
}

# log_tail NAME: prints the end of the log NAME.
log_tail() { tail -n 15 "$LOGS/$1.log" | sed 's/^/             /' >&2; }

# publish FILE: writes standard input to FILE atomically.
publish() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.$$"
  mv -f "$1.$$" "$1"
}

# at_most SECONDS COMMAND…: runs a command with a timeout, if the system has `timeout`.
at_most() {
  if command -v timeout >/dev/null; then timeout "$@"; else "${@:2}"; fi
}

# doing KEY [TEXT]: sets the step in progress, which `prepare` prints every 30 s; without TEXT, clears it.
doing() {
  if [ $# -gt 1 ]; then printf '%s %s\n' "$SECONDS" "$2" >"$WORK/$1.doing"; else rm -f "$WORK/$1.doing"; fi
}

is_root() { [ "$(id -u)" = 0 ]; }

# Whether this is Debian or one of its descendants. AIRGAP_OS_RELEASE is for tests.
is_debian() {
  local release=${AIRGAP_OS_RELEASE:-/etc/os-release}
  [ -r "$release" ] && (
    # shellcheck source=/dev/null
    . "$release"
    case " ${ID:-} ${ID_LIKE:-} " in *" debian "* | *" ubuntu "*) ;; *) exit 1 ;; esac
  )
}

# apt_install PACKAGE…: installs packages; on failure, updates the package lists and retries.
apt_install() {
  # Completes an installation that was interrupted first.
  # shellcheck disable=SC2016
  logged "apt-$1" env DEBIAN_FRONTEND=noninteractive bash -c '
    install() { apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"; }
    dpkg --configure -a
    install "$@" || { apt-get -o DPkg::Lock::Timeout=120 update; install "$@"; }' apt "$@"
}
