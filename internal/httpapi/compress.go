package httpapi

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

const (
	// worthPacking is the size in bytes below which an answer fits into one packet anyhow.
	worthPacking = 1400
	// packLevel is where a list shrinks to a tenth for about 60 µs; higher levels take twice as long for a hundredth.
	packLevel = 4
	// Up to so many bytes, told by the answer's own beginning, hide the exact length of a packed answer.
	lengthNoise, noiseOver = 64, 32 << 10
)

// packedKinds are what shrinks. Pictures, spreadsheets and bundles are packed in themselves, and a stream of
// events must not wait for more.
var packedKinds = []string{"application/json", "application/problem+json", "application/openapi+json", "application/openapi+yaml", "text/csv", "text/html"}

// packing makes the handler that packs what h answers to reads.
func packing(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(worthPacking), gzhttp.CompressionLevel(packLevel), gzhttp.ContentTypes(packedKinds),
		gzhttp.EnableZstd(false), gzhttp.RandomJitter(lengthNoise, noiseOver, true))
	if err != nil {
		return nil, err
	}
	return wrap(h), nil
}

// mayPack tells whether an answer may be packed. Only reads of the API are: pages come packed already. What another site made a
// browser ask for is not: from the length of an answer that has both a guess and a secret in it, the guess could be judged (BREACH).
func mayPack(r *http.Request) bool {
	if r.Method != http.MethodGet || !strings.HasPrefix(r.URL.Path, Root+"/") {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none": // no browser, our own page, typed by the person
		return true
	}
	return false
}
