# shellcheck shell=bash
# What the steps share: how they speak, fail, keep logs and install packages. Sourced by `prepare`.
# shellcheck disable=SC2034 # used by the steps

# Exit codes; README.md says what each asks of the reader.
readonly EXIT_FAILED=1 EXIT_ENGINE=10 EXIT_ENGINE_PERMISSION=11 EXIT_ENGINE_START=12
readonly EXIT_TERRAFORM=20 EXIT_PROVIDERS=30 EXIT_IMAGES=40 EXIT_KIND=50

# say STEP TEXT: one line of progress.
say() { printf '%-10s … %s\n' "$1" "$2"; }

# since START: the time since START, a value of $SECONDS, as people say it: "8 s", "2 min 05 s".
since() {
  local seconds=$((SECONDS - $1))
  if ((seconds < 60)); then printf '%d s' "$seconds"; else printf '%d min %02d s' $((seconds / 60)) $((seconds % 60)); fi
}

# fail CODE STEP TEXT…: says what is wrong and what to do, a line each, and ends this process with CODE.
fail() {
  local code=$1 step=$2
  shift 2
  echo "$step: $1" >>"$WORK/failures"
  {
    say "$step" "cannot go on: $1"
    shift
    [ $# -eq 0 ] || printf '             %s\n' "$@"
  } >&2
  exit "$code"
}

# logged NAME COMMAND…: runs a command with its output in the log NAME, which starts anew.
logged() {
  local log=$LOGS/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null
}

# log_tail NAME: the end of that log, for a message.
log_tail() { tail -n 15 "$LOGS/$1.log" | sed 's/^/             /' >&2; }

# publish FILE: writes standard input to FILE, as a whole or not at all.
publish() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.$$"
  mv -f "$1.$$" "$1"
}

# at_most SECONDS COMMAND…: runs a command, no longer than that where the system has `timeout`.
at_most() {
  if command -v timeout >/dev/null; then timeout "$@"; else "${@:2}"; fi
}

# doing KEY [TEXT]: what is going on, for the reminders that `prepare` prints; without TEXT, it is over.
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

# apt_install PACKAGE…: installs with the package lists at hand, and with fresh ones where these do not do.
apt_install() {
  # A run that was interrupted half way through an installation is set right first.
  # shellcheck disable=SC2016
  logged "apt-$1" env DEBIAN_FRONTEND=noninteractive bash -c '
    install() { apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"; }
    dpkg --configure -a
    install "$@" || { apt-get -o DPkg::Lock::Timeout=120 update; install "$@"; }' apt "$@"
}
