# shellcheck shell=bash
# Step "registry", with --registry only: a container registry, for the proof that pushes to one. Sourced by `prepare`.

# The module that pins it, and how it becomes an image.
readonly REGISTRY=$HERE/registry
readonly REGISTRY_IMAGE=realtime-data-pipeline/registry:latest

registry_prepare() {
  local recipe start=$SECONDS context=$WORK/registry
  recipe=$({
    cat "$REGISTRY"/*
    image_label "$IMAGE:bookworm"
  } | cksum | tr ' ' -)
  if [ "$(image_label "$REGISTRY_IMAGE")" = "$recipe" ]; then
    say registry "$REGISTRY_IMAGE is here"
    return
  fi
  go_check "$EXIT_KIND" registry "the programs of a container registry"
  doing registry "building a container registry"
  go_build registry "$REGISTRY" . "$context/registry"
  cp "$REGISTRY/Dockerfile" "$REGISTRY/config.yml" "$context/"
  if ! logged registry docker build --label "$RECIPE_LABEL=$recipe" --tag "$REGISTRY_IMAGE" "$context"; then
    log_tail registry
    fail "$EXIT_FAILED" registry "its image could not be built; the end of $LOGS/registry.log is above" "Run this again."
  fi
  doing registry
  say registry "$REGISTRY_IMAGE made ($(since "$start"))"
}
