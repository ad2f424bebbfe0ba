package httpapi

import (
	"io"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/fault"
)

// MaxDocument bounds the upload of a document, in bytes; the intake has limits of its own below it.
const MaxDocument = 25 << 20

// DocumentForm is an upload of one document; embedded in an operation's input.
type DocumentForm struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"PDF, a scan as JPEG or PNG, DOCX or XLSX"`
	}]
}

// File is the document that came. It is to be closed.
func (f *DocumentForm) File() huma.FormFile { return f.RawBody.Data().File }

// DocumentHash names a document in the path; embedded in an operation's input.
type DocumentHash struct {
	Hash string `path:"hash" minLength:"64" maxLength:"64" doc:"Hash of the document"`
}

// Parse reads it; NotFound for what is no hash, since no document is called so.
func (d DocumentHash) Parse() (blob.Hash, error) {
	h, err := blob.ParseHash(d.Hash)
	if err != nil {
		return h, fault.New(fault.NotFound, "not_found")
	}
	return h, nil
}

// DocumentFile streams a document that is kept under its hash, and closes it.
func DocumentFile(name, mediaType string, body io.ReadCloser) *huma.StreamResponse {
	return File(Download{Name: blob.FileName(name, mediaType), MediaType: mediaType, Immutable: true, Write: func(w io.Writer) error {
		defer body.Close()
		_, err := io.Copy(w, body)
		return err
	}})
}
