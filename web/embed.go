// Package web holds the built web applications. "make web" builds them into dist; Go builds and tests without them too.
package web

import (
	"embed"
	"io/fs"
)

// The placeholder keeps the folder in the repository, so that the pattern matches before anything is built.
//
//go:embed all:dist
var dist embed.FS

// Files are the built applications: resident/ and desk/, each with its index.html. Where nothing was built there is neither.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // the name is constant and valid
		panic(err)
	}
	return sub
}
