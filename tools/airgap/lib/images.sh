# shellcheck shell=bash
# Step "images": the base images, from a container registry or made here where none answers. Sourced by `prepare`.

readonly IMAGE=realtime-data-pipeline/debian
readonly SUITES=(bookworm trixie)
# Says which recipe an image was made by.
readonly RECIPE_LABEL=realtime-data-pipeline.recipe
# The answer of the registry, "yes" or "no": asked once.
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
    say images "$IMAGE:{$(IFS=, && echo "${SUITES[*]}")} are here"
    return
  fi

  local make=image_from_packages start=$SECONDS
  if has_container_registry; then
    make=image_from_registry
    say images "taking ${missing[*]} from the container registry"
  else
    images_tool
    say images "no container registry answers; making ${missing[*]} from Debian packages"
  fi
  for suite in "${missing[@]}"; do
    image_make "$make" "$suite" "$certificates" "$recipe" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=yes; done
  [ -z "$failed" ] || exit "$EXIT_FAILED"
  say images "ready ($(since "$start"))"
}

# images_certificates FOLDER: collects the certificate authorities that this machine trusts beyond the usual ones (a
# company whose proxy opens TLS has one): the file that EXTRA_CA_CERTS names, or those that the host's owner has added.
images_certificates() {
  local files=(/usr/local/share/ca-certificates/*.crt)
  mkdir -p "$1"
  if [ -n "${EXTRA_CA_CERTS:-}" ]; then
    files=("$EXTRA_CA_CERTS")
    grep -q 'BEGIN CERTIFICATE' "$EXTRA_CA_CERTS" 2>/dev/null ||
      fail "$EXIT_IMAGES" images "EXTRA_CA_CERTS names $EXTRA_CA_CERTS, which is no readable file with certificates" \
        "Let it name a file with certificates in PEM form, or unset it."
  fi
  [ -r "${files[0]}" ] || return 0
  # One certificate in each file: of several, Java's trust store would take the first only.
  awk -v folder="$1" '
    /-BEGIN CERTIFICATE-/ { file = sprintf("%s/extra-%03d.crt", folder, ++count) }
    file { print >file }
    /-END CERTIFICATE-/ { close(file); file = "" }' "${files[@]}"
}

# The recipe that the image of that name was made by; nothing when there is no such image, or no engine.
image_label() { docker image inspect --format "{{index .Config.Labels \"$RECIPE_LABEL\"}}" "$1" 2>/dev/null || true; }

# Whether a container registry answers: asked once.
has_container_registry() {
  if [ ! -s "$CONTAINER_REGISTRY" ]; then
    doing images "asking the container registry"
    if container_registry_answers; then echo yes; else echo no; fi | publish "$CONTAINER_REGISTRY"
    doing images
  fi
  [ "$(cat "$CONTAINER_REGISTRY")" = yes ]
}

registry_check() {
  if ! engine_version >/dev/null 2>&1; then
    fail "$EXIT_ENGINE" registry "without an engine nobody can tell whether a container registry answers"
  fi
  has_container_registry || fail "$EXIT_FAILED" registry "no container registry answers"
  say registry "a container registry answers"
}

# Whether the engine reaches a container registry that has Debian. What it says at the beginning of a pull is the answer;
# how long the download then takes does not matter.
container_registry_answers() {
  local log=$LOGS/pull.log deadline=$((SECONDS + 20)) pull answer=1
  docker pull "debian:${SUITES[0]}-slim" >"$log" 2>&1 &
  pull=$!
  while kill -0 "$pull" 2>/dev/null && ((SECONDS < deadline)) && ! grep -q "Pulling from" "$log"; do sleep 0.1; done
  if grep -q "Pulling from" "$log"; then
    wait "$pull" && answer=0
  else
    # It may have ended by itself; and of one that was ended, the exit code is no answer.
    kill "$pull" 2>/dev/null || true
    wait "$pull" 2>/dev/null || true
  fi
  return "$answer"
}

# image_make HOW SUITE CERTIFICATES RECIPE: makes one image by the function HOW.
image_make() {
  local start=$SECONDS
  doing "image-$2" "making $IMAGE:$2"
  "$@"
  doing "image-$2"
  say images "$IMAGE:$2 made ($(since "$start"))"
}

image_from_registry() {
  local suite=$1 certificates=$2 recipe=$3 context
  context=$WORK/context-$suite
  mkdir "$context"
  cp "$HERE/debian/Dockerfile" "$context/"
  cp -r "$certificates" "$context/certificates"
  if ! logged "image-$suite" docker build --pull --build-arg "SUITE=$suite" \
    --label "$RECIPE_LABEL=$recipe" --tag "$IMAGE:$suite" "$context"; then
    log_tail "image-$suite"
    fail "$EXIT_FAILED" images "debian:$suite-slim could not be had; the end of $LOGS/image-$suite.log is above" \
      "Run this again. If no container registry answers any more, first: rm $CONTAINER_REGISTRY"
  fi
}

# Makes sure that mmdebstrap is here, which puts a Debian together from packages.
images_tool() {
  if command -v mmdebstrap >/dev/null; then return; fi
  if ! is_debian || ! is_root; then
    fail "$EXIT_IMAGES" images "no container registry answers, and base images can be made on Debian and Ubuntu only" \
      "There, run this as root, or first:  sudo apt-get install mmdebstrap debian-archive-keyring uidmap" \
      "Elsewhere, give the Docker Engine a registry mirror that has debian:bookworm-slim and debian:trixie-slim," \
      "then:  rm $CONTAINER_REGISTRY"
  fi
  doing images "installing mmdebstrap"
  apt_install mmdebstrap debian-archive-keyring || {
    log_tail apt-mmdebstrap
    fail "$EXIT_IMAGES" images "mmdebstrap could not be installed; apt-get said the above"
  }
  doing images
}

image_from_packages() {
  local suite=$1 certificates=$2 recipe=$3 sources=() line id
  while read -r line; do sources+=("$line"); done < <(debian_sources "$suite")
  # Named only when all of it is there: an import that was cut short stays without a name.
  if ! id=$("$HERE/debian/make-rootfs" "$suite" "$certificates" ${sources[@]+"${sources[@]}"} \
    2>"$LOGS/image-$suite.log" </dev/null |
    docker import --change 'CMD ["bash"]' --change 'ENV LANG=C.UTF-8' --change "LABEL $RECIPE_LABEL=$recipe" - \
      2>>"$LOGS/image-$suite.log"); then
    log_tail "image-$suite"
    fail "$EXIT_FAILED" images "Debian $suite could not be put together; the end of $LOGS/image-$suite.log is above" \
      "Run this again."
  fi
  docker tag "$id" "$IMAGE:$suite"
}

# debian_sources SUITE: the lines of a sources.list for that suite on the mirrors that this host uses, when it is a Debian:
# a company's mirror is often all that is reachable. Nothing on other systems.
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
