# shellcheck shell=bash
# Step "engine": a Docker Engine that answers. Sourced by `prepare`.

# What engine_prepare has to do: nothing (empty), start or install.
engine_todo=""

# Finds out how things stand and fails at once where this machine's owner has to act. Changes nothing.
engine_check() {
  local version problem
  if command -v docker >/dev/null && version=$(engine_version 2>"$WORK/engine"); then
    if ! engine_is_recent "$version"; then
      fail "$EXIT_ENGINE" engine "Docker Engine $version is too old; 20.10 or later is needed" "Upgrade it."
    fi
    say engine "Docker Engine $version answers"
    return
  fi
  problem=$(cat "$WORK/engine" 2>/dev/null || true) # no file: there is no docker command

  case $problem in
  *"permission denied"*)
    fail "$EXIT_ENGINE_PERMISSION" engine "a Docker Engine runs, but this user may not use it" \
      "Add the user to the group that owns the socket, then log in again:" \
      "  sudo usermod -aG docker $(id -un)"
    ;;
  esac
  # An engine that the user chose is the user's to start; another one would not be what was meant.
  if [ -n "${DOCKER_HOST:-}" ]; then
    fail "$EXIT_ENGINE" engine "DOCKER_HOST is $DOCKER_HOST, and no Docker Engine answers there" \
      "Start that engine, or unset DOCKER_HOST."
  fi
  local context
  context=$(docker context show 2>/dev/null || echo default)
  if [ "$context" != default ]; then
    fail "$EXIT_ENGINE" engine "the docker context is \"$context\", and no Docker Engine answers there" \
      "Start that engine, or run: docker context use default"
  fi

  if ! is_root; then
    if command -v dockerd >/dev/null; then
      fail "$EXIT_ENGINE" engine "the Docker Engine is installed but does not run" \
        "Start it as root:  sudo systemctl start docker   (or: sudo service docker start)"
    fi
    engine_explain "no Docker Engine answers, and only root can install one"
  elif command -v dockerd >/dev/null; then
    engine_todo=start
  elif is_debian; then
    engine_todo=install
  else
    engine_explain "no Docker Engine answers, and this system is none that it can be installed on from here"
  fi
}

engine_explain() {
  fail "$EXIT_ENGINE" engine "$1" \
    "Install Docker Engine 20.10 or later, start it, and run this again:" \
    "  Debian, Ubuntu   sudo apt-get install docker.io" \
    "  Fedora           sudo dnf install moby-engine && sudo systemctl enable --now docker" \
    "  macOS, Windows   Docker Desktop, started once" \
    "As root on Debian or Ubuntu, this command installs and starts it by itself."
}

# engine_is_recent VERSION: whether it is 20.10 or later. Something that does not count as Docker does is taken as it is.
engine_is_recent() {
  local major minor
  IFS=. read -r major minor _ <<<"$1"
  [[ $major =~ ^[0-9]+$ && $minor =~ ^[0-9]+$ ]] || return 0
  ((major > 20 || (major == 20 && minor >= 10)))
}

# Prints the server's version; fails when no server answers.
engine_version() { docker version --format '{{.Server.Version}}'; }

engine_prepare() {
  [ -n "$engine_todo" ] || return 0
  local start=$SECONDS
  if [ "$engine_todo" = install ]; then
    say engine "none here; installing Debian's package docker.io"
    doing engine "installing docker.io"
    apt_install docker.io || {
      log_tail apt-docker.io
      fail "$EXIT_ENGINE" engine "docker.io could not be installed; apt-get said the above"
    }
    # Newer releases have the client in a package of its own.
    command -v docker >/dev/null || apt_install docker-cli || {
      log_tail apt-docker-cli
      fail "$EXIT_ENGINE" engine "docker-cli could not be installed; apt-get said the above"
    }
  fi
  # The package starts its service where an init runs.
  if ! engine_version >/dev/null 2>&1; then
    doing engine "starting the engine"
    engine_start
  fi
  doing engine
  say engine "Docker Engine $(engine_version) answers ($(since "$start"))"
}

engine_start() {
  local log=$LOGS/dockerd.log pid="" deadline=$((SECONDS + 60))
  if [ -d /run/systemd/system ]; then
    say engine "starting the service docker"
    logged dockerd systemctl start docker || engine_start_failed "the service docker does not start"
  elif [ "$(cat /proc/1/comm 2>/dev/null)" = init ]; then
    say engine "starting the service docker"
    logged dockerd service docker start || engine_start_failed "the service docker does not start"
  else
    say engine "no init runs here; starting dockerd in the background, log in $log"
    # A session of its own: it outlives this command and the terminal.
    setsid nohup dockerd >"$log" 2>&1 </dev/null &
    pid=$!
  fi
  until engine_version >/dev/null 2>&1; do
    if [ -n "$pid" ] && ! kill -0 "$pid" 2>/dev/null; then engine_start_failed "dockerd ended"; fi
    if ((SECONDS > deadline)); then engine_start_failed "dockerd does not answer after 60 s"; fi
    sleep 0.3
  done
}

engine_start_failed() {
  log_tail dockerd
  fail "$EXIT_ENGINE_START" engine "$1; the end of $LOGS/dockerd.log is above"
}
