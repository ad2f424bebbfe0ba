// Package configs carries the default settings and rule files inside the program. An operator's own
// files, named in the settings, are read instead of these. Files are embedded by name: a local
// settings file lying in this folder must never end up in a binary.
package configs

import "embed"

// Files holds the default settings and, under "rules", the rule files.
//
//go:embed rules/*.yaml
var Files embed.FS

// Defaults are the settings in force where an operator says nothing else.
//
//go:embed redproperty.yaml
var Defaults []byte

// RateLimits are the default limits.
//
//go:embed ratelimits.yaml
var RateLimits []byte

// Divisions are the public divisions that the program starts with: 牟平区, its streets and communities.
//
//go:embed divisions/*.csv
var Divisions embed.FS

// Mappings say what the columns of foreign tables of work orders mean: our own template's, and an example.
//
//go:embed mappings/*.yaml
var Mappings embed.FS
