# shellcheck shell=bash
# Step "engine": a running Docker Engine. Sourced by `prepare`.

# Task of engine_prepare: nothing (empty), start or install.
engine_todo=""

# Determines the task, and fails if the user has to act. Changes nothing.
engine_check() {
  local version problem
  if command -v docker >/dev/null && version=$(engine_version 2>"$WORK/engine"); then
    if ! engine_is_recent "$version"; then
      fail "$EXIT_ENGINE" engine "unsupported Docker Engine: got $version; expected 20.10 or later" \
        "Upgrade the Docker Engine."
    fi
    say engine "Docker Engine $version answers"
    return
  fi
  problem=$(cat "$WORK/engine" 2>/dev/null || true) # no file: there is no docker command

  case $problem in
  *"permission denied"*)
    fail "$EXIT_ENGINE_PERMISSION" engine "cannot use the Docker Engine: permission denied" \
      "Add the user to the group that owns the socket, then log in again; run:" \
      "  sudo usermod -aG docker $(id -un)"
    ;;
  esac
  # Starting an engine that the user chose is left to the user; another engine would not be the intended one.
  if [ -n "${DOCKER_HOST:-}" ]; then
    fail "$EXIT_ENGINE" engine "no Docker Engine answers at DOCKER_HOST: got $DOCKER_HOST" \
      "Start that engine, or unset DOCKER_HOST."
  fi
  local context
  context=$(docker context show 2>/dev/null || echo default)
  if [ "$context" != default ]; then
    fail "$EXIT_ENGINE" engine "no Docker Engine answers in the docker context \"$context\"" \
      "Start that engine, or run: docker context use default"
  fi

  if ! is_root; then
    if command -v dockerd >/dev/null; then
      fail "$EXIT_ENGINE" engine "the Docker Engine is installed but not running" \
        "To start it as root, run:  sudo systemctl start docker   (or: sudo service docker start)"
    fi
    engine_explain "no Docker Engine answers, and only root can install one"
  elif command -v dockerd >/dev/null; then
    engine_todo=start
  elif is_debian; then
    engine_todo=install
  else
    engine_explain "no Docker Engine answers, and this command can install one on Debian and Ubuntu only"
  fi
}

engine_explain() {
  fail "$EXIT_ENGINE" engine "$1" \
    "Install Docker Engine 20.10 or later, start it, and repeat the command:" \
    "  Debian, Ubuntu   sudo apt-get install docker.io" \
    "  Fedora           sudo dnf install moby-engine && sudo systemctl enable --now docker" \
    "  macOS, Windows   Docker Desktop, started once" \
    "As root on Debian or Ubuntu, this command installs and starts the engine."
}

# engine_is_recent VERSION: whether the version is 20.10 or later. A version in another format is accepted.
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
    say engine "not found; installing the Debian package docker.io"
    doing engine "installing docker.io"
    apt_install docker.io || {
      log_tail apt-docker.io
      fail "$EXIT_ENGINE" engine "cannot install docker.io; the output of apt-get is above"
    }
    # Newer releases have the client in a separate package.
    command -v docker >/dev/null || apt_install docker-cli || {
      log_tail apt-docker-cli
      fail "$EXIT_ENGINE" engine "cannot install docker-cli; the output of apt-get is above"
    }
  fi
  # The package starts its service if an init system runs.
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
    logged dockerd systemctl start docker || engine_start_failed "cannot start the service docker"
  elif [ "$(cat /proc/1/comm 2>/dev/null)" = init ]; then
    say engine "starting the service docker"
    logged dockerd service docker start || engine_start_failed "cannot start the service docker"
  else
    say engine "no init system; starting dockerd in the background, log: $log"
    # A separate session survives this command, its temporary folder and the terminal.
    env --unset=TMPDIR setsid nohup dockerd >"$log" 2>&1 </dev/null &
    pid=$!
  fi
  until engine_version >/dev/null 2>&1; do
    if [ -n "$pid" ] && ! kill -0 "$pid" 2>/dev/null; then engine_start_failed "dockerd exited"; fi
    if ((SECONDS > deadline)); then engine_start_failed "dockerd did not answer within 60 s"; fi
    sleep 0.3
  done
}

engine_start_failed() {
  log_tail dockerd
  fail "$EXIT_ENGINE_START" engine "$1; log: $LOGS/dockerd.log, its end is above"
}
