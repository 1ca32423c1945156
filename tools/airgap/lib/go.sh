# shellcheck shell=bash
# Building programs from the Go module proxy. Sourced by `prepare`.

# go_check CODE STEP WHAT: fails with CODE unless a Go is here that can build.
go_check() {
  command -v go >/dev/null || fail "$1" "$2" "$3 have to be built, and Go is missing" \
    "Install Go 1.21 or later (it fetches the newer one that go.mod asks for), and run this again."
  local version minor
  version=$(go env GOVERSION)
  minor=${version#go1.}
  minor=${minor%%[!0-9]*}
  if ((${minor:-0} < 21)); then
    fail "$1" "$2" "$3 have to be built, and ${version:-this Go} is too old" \
      "Install Go 1.21 or later (it fetches the newer one that go.mod asks for), and run this again."
  fi
}

# go_build NAME MODULE_DIR PACKAGE FILE [LINKER_FLAG…]: builds PACKAGE as pinned by MODULE_DIR's go.mod and go.sum.
# FILE appears when it is complete. Ends this process when the build fails.
go_build() {
  local name=$1 module=$2 package=$3 file=$4
  shift 4
  mkdir -p "$(dirname "$file")"
  if ! (cd "$module" && logged "build-$name" env CGO_ENABLED=0 GOWORK=off GOFLAGS="-mod=readonly -buildvcs=false" \
    go build -trimpath -ldflags "-s -w $*" -o "$file.$$" "$package"); then
    rm -f "$file.$$"
    log_tail "build-$name"
    fail "$EXIT_FAILED" "$name" "the build failed; the end of $LOGS/build-$name.log is above" \
      "Run this again to go on: what was downloaded and compiled is kept."
  fi
  mv -f "$file.$$" "$file"
}
