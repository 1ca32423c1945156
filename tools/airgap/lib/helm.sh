# shellcheck shell=bash
# Step "helm", with --target kind only: Helm, for the chart, built from Go modules. Sourced by `prepare`.

# Module that pins Helm; separate, because Helm and the node need different versions of Kubernetes' modules.
readonly HELM=$HERE/helm
HELM_VERSION=$(sed -n 's/^require helm.sh\/helm\/v3 //p' "$HELM/go.mod")
readonly HELM_VERSION

# Only the chart needs Helm, so a machine that cannot build it is ready as well.
helm_prepare() {
  local start=$SECONDS
  if helm version >/dev/null 2>&1 || helm_built; then
    say helm "Helm is present"
  elif ! command -v go >/dev/null; then
    say helm "skipped: Helm and Go not found; only the chart needs Helm"
  else
    go_check "$EXIT_KIND" helm Helm
    say helm "not found; building Helm ${HELM_VERSION#v} with Go (2 minutes of CPU, once)"
    doing helm "building Helm"
    go_build helm "$HELM" helm.sh/helm/v3/cmd/helm "$CACHE/bin/helm" "$(helm_versions)"
    echo "$HELM_VERSION" | publish "$CACHE/helm-version"
    doing helm
    say helm "ready ($(since "$start"))"
  fi
}

# Whether this version of Helm was built.
helm_built() { [ -x "$CACHE/bin/helm" ] && [ "$(cat "$CACHE/helm-version" 2>/dev/null)" = "$HELM_VERSION" ]; }

# Linker flags: the version of Helm, and the version of Kubernetes for rendering charts without a cluster.
helm_versions() {
  local chartutil=helm.sh/helm/v3/pkg/chartutil minor
  minor=$(sed -n 's/^\tk8s.io\/client-go v0[.]\([0-9]*\).*/\1/p' "$HELM/go.mod")
  echo "-X helm.sh/helm/v3/internal/version.version=$HELM_VERSION" \
    "-X $chartutil.k8sVersionMajor=1 -X $chartutil.k8sVersionMinor=$minor"
}
