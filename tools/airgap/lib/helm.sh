# shellcheck shell=bash
# Step "helm", with --target kind only: Helm, for the chart, built from Go modules. Sourced by `prepare`.

# The module that pins it: one of its own, since Helm is built with other modules of Kubernetes than the node is.
readonly HELM=$HERE/helm
HELM_VERSION=$(sed -n 's/^require helm.sh\/helm\/v3 //p' "$HELM/go.mod")
readonly HELM_VERSION

# The pipeline itself does without Helm, so that a machine which can neither run nor build it is ready, too.
helm_prepare() {
  local start=$SECONDS
  if helm version >/dev/null 2>&1 || helm_built; then
    say helm "Helm is here"
  elif ! command -v go >/dev/null; then
    say helm "Helm is not here, and neither is Go to build it: only the chart needs it"
  else
    go_check "$EXIT_KIND" helm Helm
    say helm "none here; building Helm ${HELM_VERSION#v} with Go (2 minutes of CPU, once)"
    doing helm "building Helm"
    go_build helm "$HELM" helm.sh/helm/v3/cmd/helm "$CACHE/bin/helm" "$(helm_versions)"
    echo "$HELM_VERSION" | publish "$CACHE/helm-version"
    doing helm
    say helm "ready ($(since "$start"))"
  fi
}

# Whether this version of it was built.
helm_built() { [ -x "$CACHE/bin/helm" ] && [ "$(cat "$CACHE/helm-version" 2>/dev/null)" = "$HELM_VERSION" ]; }

# Linker flags: its own version, and that of Kubernetes which charts are rendered for without a cluster.
helm_versions() {
  local chartutil=helm.sh/helm/v3/pkg/chartutil minor
  minor=$(sed -n 's/^\tk8s.io\/client-go v0[.]\([0-9]*\).*/\1/p' "$HELM/go.mod")
  echo "-X helm.sh/helm/v3/internal/version.version=$HELM_VERSION" \
    "-X $chartutil.k8sVersionMajor=1 -X $chartutil.k8sVersionMinor=$minor"
}
