// Package webui serves the built web applications: the residents' and field staff's at /, the desk at /desk/. Every other
// path of an application is a deep link and gets its page, which finds the way itself.
package webui

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Policy is the Content-Security-Policy of the pages. Scripts and styles come from files of ours only; data: is for
// small pictures in style sheets, blob: for photos before they are sent. Nothing else is loaded, and no other site may frame a page.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const (
	year = "public, max-age=31536000, immutable" // for names that contain the hash of the content
	ask  = "no-cache"                            // kept, but asked for anew each time; the ETag saves the bytes
)

//go:embed unbuilt.html
var unbuilt []byte

// Site serves the files of one build, all of them read at its start.
type Site struct {
	files map[string]*file
	apps  []app
}

// app is one application and where it lives; the longest prefix comes first.
type app struct{ prefix, page string }

type file struct {
	kind, etag, cache string
	plain, br, gzip   []byte
}

// New reads the build. Without one, the site says how to make it.
func New(build fs.FS) (*Site, error) {
	s := &Site{files: map[string]*file{}}
	for folder, prefix := range map[string]string{"resident": "/", "desk": "/desk/"} {
		if err := s.read(build, folder, prefix); err != nil {
			return nil, err
		}
	}
	for _, prefix := range []string{"/desk/", "/"} {
		if s.files[prefix+"index.html"] != nil {
			s.apps = append(s.apps, app{prefix, prefix + "index.html"})
		}
	}
	return s, nil
}

func (s *Site) read(build fs.FS, folder, prefix string) error {
	err := fs.WalkDir(build, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return s.add(build, name, prefix+strings.TrimPrefix(name, folder+"/"))
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// add puts one file of the build at its address; what was compressed beforehand joins the file it was made from.
func (s *Site) add(build fs.FS, name, address string) error {
	content, err := fs.ReadFile(build, name)
	if err != nil {
		return err
	}
	switch path.Ext(name) {
	case ".br":
		s.at(strings.TrimSuffix(address, ".br")).br = content
	case ".gz":
		s.at(strings.TrimSuffix(address, ".gz")).gzip = content
	default:
		f := s.at(address)
		sum := sha256.Sum256(content)
		f.plain, f.kind, f.cache = content, kindOf(name), ask
		f.etag = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		if strings.Contains(address, "/assets/") {
			f.cache = year
		}
	}
	return nil
}

func (s *Site) at(address string) *file {
	if s.files[address] == nil {
		s.files[address] = &file{}
	}
	return s.files[address]
}

// kindOf is the media type by the name. The list of the machine is not asked: it differs from one to the next.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// Serve answers a GET or HEAD for a file or a page of an application and tells whether it did; everything else is the
// caller's: paths of the API, other methods, and files that do not exist.
func (s *Site) Serve(w http.ResponseWriter, r *http.Request) bool {
	if (r.Method != http.MethodGet && r.Method != http.MethodHead) || isAPI(r.URL.Path) {
		return false
	}
	if r.URL.Path == "/desk" {
		http.Redirect(w, r, "/desk/", http.StatusMovedPermanently)
		return true
	}
	if f := s.files[r.URL.Path]; f != nil && f.plain != nil {
		f.serve(w, r)
		return true
	}
	if path.Ext(r.URL.Path) != "" || strings.Contains(r.URL.Path, "/assets/") {
		return false
	}
	for _, a := range s.apps {
		if strings.HasPrefix(r.URL.Path, a.prefix) {
			s.files[a.page].serve(w, r)
			return true
		}
	}
	return s.sayUnbuilt(w, r)
}

func isAPI(p string) bool { return p == "/api" || strings.HasPrefix(p, "/api/") }

func (s *Site) sayUnbuilt(w http.ResponseWriter, r *http.Request) bool {
	if len(s.apps) > 0 || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return false
	}
	sum := sha256.Sum256(unbuilt)
	(&file{kind: "text/html; charset=utf-8", cache: ask, plain: unbuilt, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}).serve(w, r)
	return true
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("Content-Security-Policy", Policy)
	h.Add("Vary", "Accept-Encoding")
	body, encoding := f.plain, ""
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case f.br != nil && accepts(accepted, "br"):
		body, encoding = f.br, "br"
	case f.gzip != nil && accepts(accepted, "gzip"):
		body, encoding = f.gzip, "gzip"
	}
	etag := f.etag
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
		etag = strings.TrimSuffix(etag, `"`) + "-" + encoding + `"`
	}
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // who asked has gone: nobody is left to tell
	}
}

// accepts tells whether the header allows the encoding; one with the weight 0 is refused.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			return q != "0" && strings.Trim(q, "0") != "."
		}
	}
	return false
}

func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if p := strings.TrimPrefix(strings.TrimSpace(part), "W/"); p == etag || p == "*" {
			return true
		}
	}
	return false
}
