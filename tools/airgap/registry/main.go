// The registry of the CNCF's distribution, which keeps images in files; its other kinds of storage need clouds' libraries.
package main

import (
	"os"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	// It has said what is wrong itself.
	if registry.RootCmd.Execute() != nil {
		os.Exit(1)
	}
}
