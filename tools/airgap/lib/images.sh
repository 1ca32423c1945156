# shellcheck shell=bash
# Step "images": the base images, pulled, or built if no container registry answers. Sourced by `prepare`.

readonly IMAGE=realtime-data-pipeline/debian
readonly SUITES=(bookworm trixie)
# Label with the recipe that an image was built from.
readonly RECIPE_LABEL=realtime-data-pipeline.recipe
# Whether a container registry answers, "yes" or "no"; cached after the first check.
readonly CONTAINER_REGISTRY=$CACHE/container-registry

images_prepare() {
  local certificates=$WORK/certificates recipe suite file missing=() jobs=() job failed=""
  images_certificates "$certificates"
  recipe=$({
    cat "$HERE"/debian/*
    find "$certificates" -name '*.crt' | sort | while read -r file; do cat "$file"; done
  } | cksum | tr ' ' -)

  for suite in "${SUITES[@]}"; do
    [ "$(image_label "$IMAGE:$suite")" = "$recipe" ] || missing+=("$suite")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say images "$IMAGE:{$(IFS=, && echo "${SUITES[*]}")} are present"
    return
  fi

  local make=image_from_packages start=$SECONDS
  if has_container_registry; then
    make=image_from_registry
    say images "pulling ${missing[*]} from the container registry"
  else
    images_tool
    say images "no container registry answers; building ${missing[*]} from Debian packages"
  fi
  for suite in "${missing[@]}"; do
    image_make "$make" "$suite" "$certificates" "$recipe" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=yes; done
  [ -z "$failed" ] || exit "$EXIT_FAILED"
  say images "ready ($(since "$start"))"
}

# images_certificates FOLDER: collects the additional certificate authorities that this machine trusts, e.g. of a
# proxy that inspects TLS: the file in EXTRA_CA_CERTS, or those that were added to the host.
images_certificates() {
  local files=(/usr/local/share/ca-certificates/*.crt)
  mkdir -p "$1"
  if [ -n "${EXTRA_CA_CERTS:-}" ]; then
    files=("$EXTRA_CA_CERTS")
    grep -q 'BEGIN CERTIFICATE' "$EXTRA_CA_CERTS" 2>/dev/null ||
      fail "$EXIT_IMAGES" images \
        "cannot read EXTRA_CA_CERTS: got $EXTRA_CA_CERTS; expected a file with certificates in PEM format" \
        "Correct or unset EXTRA_CA_CERTS."
  fi
  [ -r "${files[0]}" ] || return 0
  # One certificate per file, because Java's trust store imports only the first of several.
  awk -v folder="$1" '
    /-BEGIN CERTIFICATE-/ { file = sprintf("%s/extra-%03d.crt", folder, ++count) }
    file { print >file }
    /-END CERTIFICATE-/ { close(file); file = "" }' "${files[@]}"
}

# Prints the recipe of an image; nothing without such an image or without an engine.
image_label() { docker image inspect --format "{{index .Config.Labels \"$RECIPE_LABEL\"}}" "$1" 2>/dev/null || true; }

# Whether a container registry answers; cached after the first check.
has_container_registry() {
  if [ ! -s "$CONTAINER_REGISTRY" ]; then
    doing images "checking the container registry"
    if container_registry_answers; then echo yes; else echo no; fi | publish "$CONTAINER_REGISTRY"
    doing images
  fi
  [ "$(cat "$CONTAINER_REGISTRY")" = yes ]
}

registry_check() {
  if ! engine_version >/dev/null 2>&1; then
    fail "$EXIT_ENGINE" registry "cannot check the container registry: no Docker Engine answers"
  fi
  has_container_registry || fail "$EXIT_FAILED" registry "no container registry answers"
  say registry "a container registry answers"
}

# Whether the engine reaches a container registry with Debian images. The first output of a pull decides, so that the
# duration of the download does not matter.
container_registry_answers() {
  local log=$LOGS/pull.log deadline=$((SECONDS + 20)) pull answer=1
  docker pull "debian:${SUITES[0]}-slim" >"$log" 2>&1 &
  pull=$!
  while kill -0 "$pull" 2>/dev/null && ((SECONDS < deadline)) && ! grep -q "Pulling from" "$log"; do sleep 0.1; done
  if grep -q "Pulling from" "$log"; then
    wait "$pull" && answer=0
  else
    # The pull may have ended by itself; the exit code of a killed pull is not the answer.
    kill "$pull" 2>/dev/null || true
    wait "$pull" 2>/dev/null || true
  fi
  return "$answer"
}

# image_make HOW SUITE CERTIFICATES RECIPE: builds one image with the function HOW.
image_make() {
  local start=$SECONDS
  doing "image-$2" "building $IMAGE:$2"
  "$@"
  doing "image-$2"
  say images "$IMAGE:$2 built ($(since "$start"))"
}

image_from_registry() {
  local suite=$1 certificates=$2 recipe=$3 context
  context=$WORK/context-$suite
  mkdir "$context"
  cp "$HERE/debian/Dockerfile" "$context/"
  cp -r "$certificates" "$context/certificates"
  chmod -R u=rwX,go=rX "$context"
  if ! logged "image-$suite" docker build --pull --build-arg "SUITE=$suite" \
    --label "$RECIPE_LABEL=$recipe" --tag "$IMAGE:$suite" "$context"; then
    log_tail "image-$suite"
    fail "$EXIT_FAILED" images "cannot pull or build on debian:$suite-slim; log: $LOGS/image-$suite.log, its end is above" \
      "Repeat the command. If the container registry is no longer reachable, first run: rm $CONTAINER_REGISTRY"
  fi
}

# Installs mmdebstrap, which builds a Debian file system from packages.
images_tool() {
  if command -v mmdebstrap >/dev/null; then return; fi
  if ! is_debian || ! is_root; then
    fail "$EXIT_IMAGES" images \
      "cannot build base images: no container registry answers; expected root on Debian or Ubuntu, or mmdebstrap" \
      "On Debian or Ubuntu, repeat the command as root, or run:" \
      "  sudo apt-get install mmdebstrap debian-archive-keyring uidmap" \
      "On other systems, configure a registry mirror with debian:bookworm-slim and debian:trixie-slim in the Docker Engine," \
      "then run:  rm $CONTAINER_REGISTRY"
  fi
  doing images "installing mmdebstrap"
  apt_install mmdebstrap debian-archive-keyring || {
    log_tail apt-mmdebstrap
    fail "$EXIT_IMAGES" images "cannot install mmdebstrap; the output of apt-get is above"
  }
  doing images
}

image_from_packages() {
  local suite=$1 certificates=$2 recipe=$3 sources=() line id
  while read -r line; do sources+=("$line"); done < <(debian_sources "$suite")
  # Tags only a complete import; an interrupted import stays untagged.
  if ! id=$("$HERE/debian/make-rootfs" "$suite" "$certificates" ${sources[@]+"${sources[@]}"} \
    2>"$LOGS/image-$suite.log" </dev/null |
    docker import --change 'CMD ["bash"]' --change 'ENV LANG=C.UTF-8' --change "LABEL $RECIPE_LABEL=$recipe" - \
      2>>"$LOGS/image-$suite.log"); then
    log_tail "image-$suite"
    fail "$EXIT_FAILED" images "cannot build the base image of Debian $suite; log: $LOGS/image-$suite.log, its end is above" \
      "Repeat the command."
  fi
  docker tag "$id" "$IMAGE:$suite"
}

# debian_sources SUITE: prints the lines of a sources.list for a suite on the mirrors that this Debian host uses,
# because a company's mirror is often the only reachable one. Prints nothing on other systems.
debian_sources() {
  local host release uri component
  host=$(
    # shellcheck source=/dev/null
    . "${AIRGAP_OS_RELEASE:-/etc/os-release}"
    [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-}"
  ) || return 0
  # shellcheck disable=SC2016
  apt-get indextargets --no-release-info --format '$(RELEASE) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
    sort -u | while read -r release uri component; do
    case "$component $release $uri" in
    "main $host http"* | "main $host-updates http"* | "main $host-security http"*)
      echo "deb $uri $1${release#"$host"} main"
      ;;
    esac
  done
}
