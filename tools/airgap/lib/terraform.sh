# shellcheck shell=bash
# Step "terraform": Terraform >= 1.5 or OpenTofu. Sourced by `prepare`.
# shellcheck disable=SC2034 # used by the next step

# The command: a name in PATH, or a path. Set by terraform_check.
terraform=""
# "Terraform" or "OpenTofu". Set by terraform_check.
terraform_name=""
# The platform in the notation of providers, e.g. linux_amd64. Set by terraform_check.
terraform_platform=""
# Reason for terraform_prepare to build OpenTofu; empty if there is none.
terraform_todo=""

readonly OPENTOFU_VERSION=1.10.10
readonly OPENTOFU=$CACHE/opentofu/$OPENTOFU_VERSION/tofu

# Finds the command, and fails if the user has to act. Changes nothing.
terraform_check() {
  local candidate unusable=""
  # cdktf's own variable for the command; the user's choice has priority.
  if [ -n "${TERRAFORM_BINARY_NAME:-}" ]; then
    if terraform_usable "$TERRAFORM_BINARY_NAME"; then return; fi
    fail "$EXIT_TERRAFORM" terraform \
      "invalid TERRAFORM_BINARY_NAME: got $TERRAFORM_BINARY_NAME; expected Terraform >= 1.5 or OpenTofu" \
      "Correct or unset TERRAFORM_BINARY_NAME."
  fi
  for candidate in terraform tofu "$OPENTOFU"; do
    if ! command -v "$candidate" >/dev/null; then continue; fi
    if terraform_usable "$candidate"; then return; fi
    unusable="$candidate is older than 1.5"
  done

  if command -v go >/dev/null; then
    terraform_todo=${unusable:-not found}
  else
    fail "$EXIT_TERRAFORM" terraform "${unusable:-Terraform and OpenTofu not found}" \
      "Install Terraform 1.5 or later, or OpenTofu, and repeat the command." \
      "If neither is available, install Go 1.21 or later; this command then builds OpenTofu from source."
  fi
}

# terraform_usable COMMAND: whether COMMAND is Terraform >= 1.5 or OpenTofu; if so, selects it.
terraform_usable() {
  local answer name version major minor
  # Prints "Terraform v1.11.4", then "on linux_amd64". CHECKPOINT_DISABLE disables the vendor's update check.
  answer=$(cd "$WORK" && CHECKPOINT_DISABLE=1 "$1" version 2>/dev/null) || return
  read -r name version < <(grep -E '^[A-Za-z]+ v[0-9]+[.][0-9]+' <<<"$answer")
  IFS=. read -r major minor _ <<<"${version#v}"
  ((major > 1 || (major == 1 && minor >= 5))) || return
  terraform=$1
  terraform_name=$name
  terraform_platform=$(sed -n 's/^on \([a-z0-9]*_[a-z0-9]*\)$/\1/p' <<<"$answer")
  say terraform "$name ${version#v} ($(command -v "$1"))"
}

terraform_prepare() {
  if [ -n "$terraform_todo" ]; then
    local start=$SECONDS
    say terraform "$terraform_todo; building OpenTofu $OPENTOFU_VERSION with Go (6 minutes of CPU, once)"
    doing terraform "building OpenTofu"
    go_build opentofu "$HERE/opentofu" github.com/opentofu/opentofu/cmd/tofu "$OPENTOFU" \
      -X github.com/opentofu/opentofu/version.dev=no
    doing terraform
    terraform_usable "$OPENTOFU"
    say terraform "OpenTofu is at $OPENTOFU ($(since "$start"))"
  fi
  terraform_settings | publish "$SETTINGS"
}

# Prints the environment for cdktf and the project's own commands as lines of a shell file.
terraform_settings() {
  echo "# Written by tools/airgap/prepare."
  echo "TERRAFORM_BINARY_NAME=$terraform"
  # cdktf expects Terraform's registry in lock files: with OpenTofu it would query a registry each time.
  if [ "$terraform_name" = OpenTofu ]; then echo "CDKTF_SKIP_PROVIDER_LOCK=true"; fi
}
