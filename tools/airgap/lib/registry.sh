# shellcheck shell=bash
# Step "registry", with --registry only: a container registry, for the end-to-end test that pushes images. Sourced
# by `prepare`.

# Module that pins the registry, with the Dockerfile of its image.
readonly REGISTRY=$HERE/registry
readonly REGISTRY_IMAGE=realtime-data-pipeline/registry:latest

registry_prepare() {
  local recipe start=$SECONDS context=$WORK/registry
  recipe=$({
    cat "$REGISTRY"/*
    image_label "$IMAGE:bookworm"
  } | cksum | tr ' ' -)
  if [ "$(image_label "$REGISTRY_IMAGE")" = "$recipe" ]; then
    say registry "$REGISTRY_IMAGE is present"
    return
  fi
  go_check "$EXIT_KIND" registry "the programs of a container registry"
  doing registry "building a container registry"
  go_build registry "$REGISTRY" . "$context/registry"
  cp "$REGISTRY/Dockerfile" "$REGISTRY/config.yml" "$context/"
  chmod -R u=rwX,go=rX "$context"
  if ! logged registry docker build --label "$RECIPE_LABEL=$recipe" --tag "$REGISTRY_IMAGE" "$context"; then
    log_tail registry
    fail "$EXIT_FAILED" registry "cannot build the image; log: $LOGS/registry.log, its end is above" "Repeat the command."
  fi
  doing registry
  say registry "$REGISTRY_IMAGE built ($(since "$start"))"
}
