# shellcheck shell=bash
# Step "providers": the Terraform providers, built from source if no Terraform registry answers. Sourced by `prepare`.
# shellcheck disable=SC2154 # target, terraform, terraform_platform: set by `prepare` and the step before

# Default directory in which Terraform and OpenTofu look for providers ("implied local mirror").
case $(uname -s) in
Darwin) readonly PLUGINS=$HOME/.terraform.d/plugins ;;
*) readonly PLUGINS=${XDG_DATA_HOME:-$HOME/.local/share}/terraform/plugins ;;
esac
# Whether the Terraform registry has the providers, "yes" or "no"; cached after the first check.
readonly TERRAFORM_REGISTRY=$CACHE/terraform-registry
# Stacks of cdktf that get a lock file; each is a target.
readonly STACKS=(docker kind)

# stack_providers STACK: prints the folders of the providers that a stack needs, one per line. A folder holds the
# provider's pinned module and its description.
stack_providers() {
  local names=(docker random)
  if [ "$1" = kind ]; then names+=(kubernetes); fi
  printf '%s\n' "${names[@]/#/$HERE/providers/}"
}

providers_prepare() {
  local folders=() folder missing=() jobs=() job failed=""
  while read -r folder; do folders+=("$folder"); done < <(stack_providers "$target")
  for folder in "${folders[@]}"; do
    provider_present "$folder" || missing+=("$folder")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    say providers "already built (${#folders[@]})"
  else
    if [ ! -s "$TERRAFORM_REGISTRY" ]; then
      doing providers "checking the Terraform registry"
      if registry_has_providers "${folders[@]}"; then echo yes; else echo no; fi | publish "$TERRAFORM_REGISTRY"
      doing providers
    fi
    if [ "$(cat "$TERRAFORM_REGISTRY")" = yes ]; then
      say providers "the Terraform registry has them"
      return
    fi

    go_check "$EXIT_PROVIDERS" providers "the providers, which no Terraform registry has"
    local start=$SECONDS
    say providers "no Terraform registry answers; building ${#missing[@]} with Go (minutes of CPU, once)"
    for folder in "${missing[@]}"; do
      provider_build "$folder" &
      jobs+=($!)
    done
    for job in "${jobs[@]}"; do wait "$job" || failed=yes; done
    [ -z "$failed" ] || exit "$EXIT_FAILED"
    providers_verify "${folders[@]}"
    say providers "ready in $PLUGINS ($(since "$start"))"
  fi
  providers_unlock "${folders[@]}"
  providers_lock
}

# provider FOLDER FIELD: prints a field of the provider's description: SOURCE, VERSION or PACKAGE.
provider() { sed -n "s/^$2=//p" "$1/provider"; }

# provider_file FOLDER HOST: prints the path of the provider's program in a mirror of a registry host.
provider_file() {
  local source version name
  source=$(provider "$1" SOURCE)
  version=$(provider "$1" VERSION)
  name=terraform-provider-${source#*/}
  echo "$PLUGINS/$2/$source/$version/$terraform_platform/${name}_v$version"
}

# Stamp file with the recipe of a built provider.
provider_stamp() { echo "$CACHE/providers/$(basename "$1")"; }
provider_recipe() { cat "$1"/* | cksum; }

provider_present() {
  [ -x "$(provider_file "$1" registry.terraform.io)" ] && [ -x "$(provider_file "$1" registry.opentofu.org)" ] &&
    [ "$(cat "$(provider_stamp "$1")" 2>/dev/null)" = "$(provider_recipe "$1")" ]
}

provider_build() {
  local name file start=$SECONDS version
  name=$(basename "$1")
  version=$(provider "$1" VERSION)
  file=$(provider_file "$1" registry.terraform.io)
  doing "provider-$name" "building provider $name"
  go_build "$name" "$1" "$(provider "$1" PACKAGE)" "$file" -X "main.version=$version" -X "main.Version=$version"
  # OpenTofu looks under the name of its own registry, and ignores symbolic links.
  local twin
  twin=$(provider_file "$1" registry.opentofu.org)
  mkdir -p "$(dirname "$twin")"
  ln -f "$file" "$twin"
  provider_recipe "$1" | publish "$(provider_stamp "$1")"
  doing "provider-$name"
  say providers "$name $version built ($(since "$start"))"
}

# providers_init VERSIONS FOLDER…: runs `terraform init` on a scratch configuration that requires the providers.
# VERSIONS is "exact" for the pinned versions, or one version for all. Prints the output of Terraform.
providers_init() {
  local versions=$1 scratch=$WORK/init-$1 folder version
  shift
  mkdir -p "$scratch"
  {
    echo "terraform {"
    echo "  required_providers {"
    for folder in "$@"; do
      version=$versions
      [ "$versions" != exact ] || version=$(provider "$folder" VERSION)
      printf '    %s = { source = "%s", version = "%s" }\n' \
        "$(basename "$folder")" "$(provider "$folder" SOURCE)" "$version"
    done
    echo "  }"
    echo "}"
  } >"$scratch/main.tf"
  (cd "$scratch" && CHECKPOINT_DISABLE=1 at_most 30 "$terraform" init -input=false -no-color 2>&1)
}

# Whether a registry or a configured mirror has the providers. A request for an impossible version costs a few
# kilobytes: a registry that answers reports that there is no such release.
registry_has_providers() {
  local answers
  # Hides PLUGINS, because providers that were built earlier are not the answer. Without an answer, grep fails.
  answers=$(XDG_DATA_HOME=$WORK providers_init 0.0.0-none "$@" | tr -s '\n ' ' ' |
    grep -o "no available releases match" | wc -l) || true
  ((answers == $#))
}

# Fails if Terraform does not find the built providers.
providers_verify() {
  providers_init exact "$@" >"$LOGS/init.log" && return
  rm -rf "$CACHE/providers" # repeats this check next time
  log_tail init
  fail "$EXIT_FAILED" providers "$terraform does not find the built providers; its output is above" \
    "A provider_installation block in its configuration file disables the default directories. Add to the block:" \
    "  filesystem_mirror { path = \"$PLUGINS\" }"
}

# Removes lock files that are older than a provider, because they hold the checksum of the previous build. Another
# checkout may have rebuilt the provider.
providers_unlock() {
  local folder lock
  for folder in "$@"; do
    for lock in "$ROOT"/cdktf.out/stacks/*/.terraform.lock.hcl "$ROOT"/.build/*/.terraform.lock.hcl; do
      if [ "$lock" -ot "$(provider_stamp "$folder")" ]; then rm -f "$lock"; fi
    done
  done
}

# If a stack has no lock file, cdktf runs `terraform providers lock`, which requires the registry and ignores
# mirrors. So each stack gets a lock file with the versions, which `terraform init` completes.
providers_lock() {
  local stack lock folder
  for stack in "${STACKS[@]}"; do
    lock=$ROOT/cdktf.out/stacks/$stack/.terraform.lock.hcl
    # With the target docker, the providers of other stacks are missing.
    if [ -e "$lock" ] || [[ $target == docker && $stack != docker ]]; then continue; fi
    stack_providers "$stack" | while read -r folder; do
      printf 'provider "registry.terraform.io/%s" {\n  version     = "%s"\n  constraints = ">= 0.0.0"\n}\n' \
        "$(provider "$folder" SOURCE)" "$(provider "$folder" VERSION)"
    done | publish "$lock"
  done
}
