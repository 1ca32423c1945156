# shellcheck shell=bash
# Step "kind", with --target kind only: kind, kubectl and, where no container registry answers, the image of a cluster's
# node, built from Go modules and Debian packages. Sourced by `prepare`.

# The module that pins everything that is built, the list of what is, and how a node is put together.
readonly KIND=$HERE/kind
readonly KIND_PROGRAMS=$CACHE/kind/programs
# As tools/kind/kind has it.
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
    say kind "kind, kubectl and the node image are here"
    return
  fi

  go_check "$EXIT_KIND" kind "Kubernetes' programs"
  if [ -n "$recipe" ]; then
    while read -r program; do programs+=("$program"); done < <(kind_node_programs)
    say kind "making $KIND_IMAGE from Go modules and Debian packages (15 minutes of CPU, once)"
    kind_fetch
    # Its packages are downloaded while the programs compile.
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

# --check kind: changes nothing, and fails where this machine's owner has to act.
kind_check() {
  local missing
  if ! kind_in_path && [ ! -x "$CACHE/bin/kind" ]; then
    missing=kind
  elif [ -n "$(image_label "$KIND_IMAGE")" ]; then
    say kind "kind and $KIND_IMAGE are here"
    return
  elif ! engine_version >/dev/null 2>&1; then
    say kind "kind is here; whether its node image can be pulled is asked once an engine answers"
    return
  elif has_container_registry; then
    say kind "kind is here, and a container registry answers, from which it pulls its node image"
    return
  else
    missing="kind's node image"
  fi
  go_check "$EXIT_KIND" kind "Kubernetes' programs"
  say kind "$missing is not here; make up TARGET=kind will build it"
}

# Whether there is a kind in PATH; fails when that one is of no use.
kind_in_path() {
  local answer version minor
  # "kind v0.30.0 go1.25.1 linux/amd64"
  answer=$(kind version 2>/dev/null) || return
  read -r _ version _ <<<"$answer"
  IFS=. read -r _ minor _ <<<"$version"
  if [[ $version == v0.* ]] && ((minor < 27)); then
    fail "$EXIT_KIND" kind "kind ${version#v} is too old; 0.27 or later is needed" \
      "Upgrade it, or remove it to have one built."
  fi
}

kubectl_in_path() { kubectl version --client >/dev/null 2>&1; }

# What the programs are built from, as a number; and the image, with its base image.
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

# The programs that a node is made of: all but kind.
kind_node_programs() { sed '/^#/d; /^kind /d; s/ .*//' "$KIND/programs"; }

# Whether the program was built from the present source.
kind_built() {
  [ -x "$KIND_PROGRAMS/$1" ] && [ "$(cat "$CACHE/kind/built/$1" 2>/dev/null)" = "$(kind_source)" ]
}

# Linker flags: Kubernetes learns its version from the one who builds it, and its API server does not start without.
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

# Puts the program where tools/kind looks for it, if it was built.
kind_link() {
  if ! kind_built "$1"; then return; fi
  mkdir -p "$CACHE/bin"
  ln -f "$KIND_PROGRAMS/$1" "$CACHE/bin/$1"
}

# The folder of kind's module, which has the files and manifests of a node. Set by kind_fetch.
kind_module=""

kind_fetch() {
  doing kind "fetching kind's files"
  if ! (cd "$KIND" && logged kind-module env GOWORK=off GOFLAGS=-mod=readonly go mod download sigs.k8s.io/kind); then
    log_tail kind-module
    fail "$EXIT_FAILED" kind "kind's files could not be fetched; the end of $LOGS/kind-module.log is above" "Run this again."
  fi
  kind_module=$(cd "$KIND" && GOWORK=off GOFLAGS=-mod=readonly go list -m -f '{{.Dir}}' sigs.k8s.io/kind)
  doing kind
}

# kind_docker_build LOG LIST OPTION…: builds from the node's Dockerfile. LIST is a file that names the programs to include.
kind_docker_build() {
  local log=$1 list=$2
  shift 2
  mkdir -p "$KIND_PROGRAMS"
  # As an archive, since the files are in three places; Go's module cache has them read-only.
  if ! tar -c --mode=u+w,go+rX -C "$KIND" node -C "$kind_module" images/base/files pkg/build/nodeimage \
    -C "$CACHE/kind" --files-from "$list" 2>"$LOGS/$log.tar.log" |
    docker build --force-rm --file node/Dockerfile --build-arg http_proxy --build-arg https_proxy "$@" - \
      >"$LOGS/$log.log" 2>&1; then
    cat "$LOGS/$log.tar.log" >>"$LOGS/$log.log"
    log_tail "$log"
    fail "$EXIT_FAILED" kind "the node image could not be built; the end of $LOGS/$log.log is above" "Run this again."
  fi
}

# The part of the node image that needs no programs. It has no name: the engine knows it again.
kind_base() {
  local start=$SECONDS
  doing kind-base "building the base of the node image"
  kind_docker_build kind-base /dev/null --target base
  doing kind-base
  say kind "base of the node image built ($(since "$start"))"
}

kind_node() {
  local start=$SECONDS
  doing kind "putting the node image together"
  kind_node_programs | sed 's/^/programs\//' >"$WORK/programs"
  kind_docker_build kind-node "$WORK/programs" --build-arg "KUBERNETES=${KIND_IMAGE##*:}" \
    --label "$RECIPE_LABEL=$1" --tag "$KIND_IMAGE"
  # What engines without BuildKit leave behind, and the image that this one replaces: gigabytes without a name. An image that a
  # running cluster still uses stays; the image that was just made is good all the same.
  logged kind-prune docker image prune --force --filter label=realtime-data-pipeline.stage=kind-node || true
  doing kind
  say kind "$KIND_IMAGE made ($(since "$start"))"
}
