# shellcheck shell=bash
# Step "terraform": Terraform >= 1.5 or OpenTofu. Sourced by `prepare`.
# shellcheck disable=SC2034 # used by the next step

# The command: a name on the PATH, or a path. Set by terraform_check.
terraform=""
# "Terraform" or "OpenTofu". Set with it.
terraform_name=""
# The platform as providers name it, e.g. linux_amd64. Set with it.
terraform_platform=""
# Why terraform_prepare has to build OpenTofu; empty when it has not.
terraform_todo=""

readonly OPENTOFU_VERSION=1.10.10
readonly OPENTOFU=$CACHE/opentofu/$OPENTOFU_VERSION/tofu

# Finds the command and fails at once where this machine's owner has to act. Changes nothing.
terraform_check() {
  local candidate unusable=""
  # cdktf's own variable for the command: a choice that was made is not overruled.
  if [ -n "${TERRAFORM_BINARY_NAME:-}" ]; then
    if terraform_usable "$TERRAFORM_BINARY_NAME"; then return; fi
    fail "$EXIT_TERRAFORM" terraform "TERRAFORM_BINARY_NAME is $TERRAFORM_BINARY_NAME, which is no Terraform >= 1.5" \
      "Name another one, or unset the variable."
  fi
  for candidate in terraform tofu "$OPENTOFU"; do
    if ! command -v "$candidate" >/dev/null; then continue; fi
    if terraform_usable "$candidate"; then return; fi
    unusable="$candidate is older than 1.5"
  done

  if command -v go >/dev/null; then
    terraform_todo=${unusable:-none here}
  else
    fail "$EXIT_TERRAFORM" terraform "${unusable:-neither Terraform nor OpenTofu is here}" \
      "Install Terraform 1.5 or later, or OpenTofu, and run this again." \
      "Where neither can be had: install Go 1.21 or later, and OpenTofu is built from source."
  fi
}

# terraform_usable COMMAND: whether it is Terraform >= 1.5 or OpenTofu. If so it is the one.
terraform_usable() {
  local answer name version major minor
  # "Terraform v1.11.4", then "on linux_amd64". Without CHECKPOINT_DISABLE it would ask the vendor for news.
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

# What cdktf and the project's own commands have to know, as lines of a shell file.
terraform_settings() {
  echo "# Written by tools/airgap/prepare."
  echo "TERRAFORM_BINARY_NAME=$terraform"
  # cdktf only knows Terraform's names in lock files: with OpenTofu it would ask a registry each time.
  if [ "$terraform_name" = OpenTofu ]; then echo "CDKTF_SKIP_PROVIDER_LOCK=true"; fi
}
