# shellcheck shell=bash
# Building programs from the Go module proxy. Sourced by `prepare`.

# go_check CODE STEP WHAT: fails with CODE unless Go can build WHAT.
go_check() {
  command -v go >/dev/null || fail "$1" "$2" "cannot build $3: Go not found" \
    "Install Go 1.21 or later (it downloads the version that go.mod requires), and repeat the command."
  local version minor
  version=$(go env GOVERSION)
  minor=${version#go1.}
  minor=${minor%%[!0-9]*}
  if ((${minor:-0} < 21)); then
    fail "$1" "$2" "cannot build $3: got ${version:-an unknown version of Go}; expected go1.21 or later" \
      "Install Go 1.21 or later (it downloads the version that go.mod requires), and repeat the command."
  fi
}

# go_build NAME MODULE_DIR PACKAGE FILE [LINKER_FLAG…]: builds PACKAGE as pinned by MODULE_DIR's go.mod and go.sum.
# Writes FILE atomically. Ends this process if the build fails.
go_build() {
  local name=$1 module=$2 package=$3 file=$4
  shift 4
  mkdir -p "$(dirname "$file")"
  if ! (cd "$module" && logged "build-$name" env CGO_ENABLED=0 GOWORK=off GOFLAGS="-mod=readonly -buildvcs=false" \
    go build -trimpath -ldflags "-s -w $*" -o "$file.$$" "$package"); then
    rm -f "$file.$$"
    log_tail "build-$name"
    fail "$EXIT_FAILED" "$name" "build failed; log: $LOGS/build-$name.log, its end is above" \
      "Repeat the command to resume: downloaded modules and compiled packages are kept."
  fi
  mv -f "$file.$$" "$file"
}
