# shellcheck shell=bash
# Step "kind", with --target kind only: kind, kubectl and, if no container registry answers, the node image, built
# from Go modules and Debian packages. Sourced by `prepare`.

# Module that pins everything that is built, with the list of programs and the recipe of the node image.
readonly KIND=$HERE/kind
readonly KIND_PROGRAMS=$CACHE/kind/programs
# The same name as in tools/kind/kind.
KIND_IMAGE=realtime-data-pipeline/kind-node:$(sed -n 's/^require k8s.io\/kubernetes //p' "$KIND/go.mod")
readonly KIND_IMAGE

kind_prepare() {
  local start=$SECONDS recipe="" programs=() program base=""
  for program in kind kubectl; do
    if "${program}_in_path"; then continue; fi
    if ! kind_built "$program" || [ ! -x "$CACHE/bin/$program" ]; then programs+=("$program"); fi
  done
  if has_container_registry; then
    say kind "a container registry answers: kind pulls its node image"
  else
    recipe=$(kind_recipe)
    [ "$(image_label "$KIND_IMAGE")" != "$recipe" ] || recipe=""
  fi
  if [ -z "$recipe" ] && [ ${#programs[@]} -eq 0 ]; then
    say kind "kind, kubectl and the node image are present"
    return
  fi

  go_check "$EXIT_KIND" kind "Kubernetes' programs"
  if [ -n "$recipe" ]; then
    while read -r program; do programs+=("$program"); done < <(kind_node_programs)
    say kind "building $KIND_IMAGE from Go modules and Debian packages (15 minutes of CPU, once)"
    kind_fetch
    # Downloads its packages while the programs compile.
    kind_base &
    base=$!
  fi
  for program in "${programs[@]}"; do kind_build "$program"; done
  for program in kind kubectl; do kind_link "$program"; done
  if [ -n "$recipe" ]; then
    wait "$base" || exit "$EXIT_FAILED"
    kind_node "$recipe"
  fi
  say kind "ready ($(since "$start"))"
}

# --check kind: fails if the user has to act. Changes nothing.
kind_check() {
  local missing
  if ! kind_in_path && [ ! -x "$CACHE/bin/kind" ]; then
    missing=kind
  elif [ -n "$(image_label "$KIND_IMAGE")" ]; then
    say kind "kind and $KIND_IMAGE are present"
    return
  elif ! engine_version >/dev/null 2>&1; then
    say kind "kind is present; the node image is checked once an engine answers"
    return
  elif has_container_registry; then
    say kind "kind is present, and a container registry answers: kind pulls its node image"
    return
  else
    missing="kind's node image"
  fi
  go_check "$EXIT_KIND" kind "Kubernetes' programs"
  say kind "$missing is missing; make up TARGET=kind will build it"
}

# Whether kind is in PATH; fails if its version is unsupported.
kind_in_path() {
  local answer version minor
  # "kind v0.30.0 go1.25.1 linux/amd64"
  answer=$(kind version 2>/dev/null) || return
  read -r _ version _ <<<"$answer"
  IFS=. read -r _ minor _ <<<"$version"
  if [[ $version == v0.* ]] && ((minor < 27)); then
    fail "$EXIT_KIND" kind "unsupported kind in PATH: got ${version#v}; expected 0.27 or later" \
      "Upgrade kind, or remove it from PATH so that this command builds one."
  fi
}

kubectl_in_path() { kubectl version --client >/dev/null 2>&1; }

# Checksums of the source of the programs, and of the source of the image with its base image.
kind_source() {
  {
    (cd "$KIND" && find go.* programs cmd -type f | sort | xargs cat)
    kind_versions
  } | cksum | tr ' ' -
}
kind_recipe() {
  {
    kind_source
    cat "$KIND"/node/*
    image_label "$IMAGE:bookworm"
  } | cksum | tr ' ' -
}

# Programs of a node: all except kind.
kind_node_programs() { sed '/^#/d; /^kind /d; s/ .*//' "$KIND/programs"; }

# Whether a program was built from the current source.
kind_built() {
  [ -x "$KIND_PROGRAMS/$1" ] && [ "$(cat "$CACHE/kind/built/$1" 2>/dev/null)" = "$(kind_source)" ]
}

# Linker flags with the version of Kubernetes, without which its API server does not start.
kind_versions() {
  local version=${KIND_IMAGE##*:v} major minor package
  IFS=. read -r major minor _ <<<"$version"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    echo "-X $package.gitVersion=v$version -X $package.gitMajor=$major -X $package.gitMinor=$minor"
  done
}

kind_build() {
  local program=$1 start=$SECONDS
  if kind_built "$program"; then return; fi
  doing kind "building $program"
  go_build "$program" "$KIND" "$(sed -n "s/^$program //p" "$KIND/programs")" "$KIND_PROGRAMS/$program" \
    "$(kind_versions | tr '\n' ' ')"
  kind_source | publish "$CACHE/kind/built/$program"
  doing kind
  say kind "$program built ($(since "$start"))"
}

# Links a built program to the place where tools/kind looks for it.
kind_link() {
  if ! kind_built "$1"; then return; fi
  mkdir -p "$CACHE/bin"
  ln -f "$KIND_PROGRAMS/$1" "$CACHE/bin/$1"
}

# Folder of kind's module with the files and manifests of a node. Set by kind_fetch.
kind_module=""

kind_fetch() {
  doing kind "fetching kind's files"
  if ! (cd "$KIND" && logged kind-module env GOWORK=off GOFLAGS=-mod=readonly go mod download sigs.k8s.io/kind); then
    log_tail kind-module
    fail "$EXIT_FAILED" kind "cannot download kind's module; log: $LOGS/kind-module.log, its end is above" \
      "Repeat the command."
  fi
  kind_module=$(cd "$KIND" && GOWORK=off GOFLAGS=-mod=readonly go list -m -f '{{.Dir}}' sigs.k8s.io/kind)
  doing kind
}

# kind_docker_build LOG LIST OPTION…: builds the node's Dockerfile. LIST is a file with the programs to include.
kind_docker_build() {
  local log=$1 list=$2
  shift 2
  mkdir -p "$KIND_PROGRAMS"
  # Sends an archive, because the files are in three places; those in Go's module cache are read-only.
  if ! tar -c --mode=u+w,go+rX -C "$KIND" node -C "$kind_module" images/base/files pkg/build/nodeimage \
    -C "$CACHE/kind" --files-from "$list" 2>"$LOGS/$log.tar.log" |
    docker build --force-rm --file node/Dockerfile --build-arg http_proxy --build-arg https_proxy "$@" - \
      >"$LOGS/$log.log" 2>&1; then
    cat "$LOGS/$log.tar.log" >>"$LOGS/$log.log"
    log_tail "$log"
    fail "$EXIT_FAILED" kind "cannot build the node image; log: $LOGS/$log.log, its end is above" "Repeat the command."
  fi
}

# Builds the part of the node image that needs no programs. It stays untagged in the engine's build cache.
kind_base() {
  local start=$SECONDS
  doing kind-base "building the base of the node image"
  kind_docker_build kind-base /dev/null --target base
  doing kind-base
  say kind "base of the node image built ($(since "$start"))"
}

kind_node() {
  local start=$SECONDS
  doing kind "building the node image"
  kind_node_programs | sed 's/^/programs\//' >"$WORK/programs"
  kind_docker_build kind-node "$WORK/programs" --build-arg "KUBERNETES=${KIND_IMAGE##*:}" \
    --label "$RECIPE_LABEL=$1" --tag "$KIND_IMAGE"
  # Removes untagged images of several GB: the leftovers of engines without BuildKit, and the replaced image. Images
  # in use by a running cluster stay. A failure does not affect the new image.
  logged kind-prune docker image prune --force --filter label=realtime-data-pipeline.stage=kind-node || true
  doing kind
  say kind "$KIND_IMAGE built ($(since "$start"))"
}
