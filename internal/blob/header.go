package blob

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileName bounds a name offered for download, in runes.
const maxFileName = 120

// ServePicture sets the headers of a picture that Image made: shown in place, never as anything else.
func ServePicture(h http.Header, mediaType string, size int64) {
	serve(h, mediaType, size)
	h.Set("Content-Disposition", "inline")
}

// ServeDocument sets the headers of a document: it is stored as it came, so that it is only ever saved,
// never shown by the browser as part of this site. name is what the sender called it.
func ServeDocument(h http.Header, mediaType, name string, size int64) {
	serve(h, mediaType, size)
	name = FileName(name, mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+asciiName(name)+`"; filename*=UTF-8''`+strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

func serve(h http.Header, mediaType string, size int64) {
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache") // who may see it can change
}

// FileName makes the sender's name of a file harmless: no folders, no control or direction characters, a
// bounded length, and the ending that belongs to its content.
func FileName(name, mediaType string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"<>|:*?/`, r) {
			return -1
		}
		return r
	}, name)
	if slices.Contains(knownEndings, strings.ToLower(path.Ext(name))) {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	name = strings.Trim(name, " .")
	if name == "" {
		name = "file"
	}
	if r := []rune(name); len(r) > maxFileName {
		name = string(r[:maxFileName])
	}
	return name + extensions[mediaType]
}

// asciiName stands in for clients that do not know RFC 8187.
func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= utf8.RuneSelf || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
}

// The media types that are let in.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	WebP = "image/webp"
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

var knownEndings = []string{".jpg", ".jpeg", ".png", ".pdf", ".docx", ".xlsx"}

var extensions = map[string]string{JPEG: ".jpg", PNG: ".png", PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx"}
