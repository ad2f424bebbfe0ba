package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
)

// Document is a file ready to be stored as it came.
type Document struct {
	Bytes     []byte
	MediaType string // PDF, JPEG, PNG, DOCX or XLSX, by content
	SHA256    Hash
}

// Document reads a document of a contract or a decision: PDF, a scan as JPEG or PNG, DOCX or XLSX. It is
// stored byte for byte, since a signature may cover it, and handed out only under ServeDocument.
//
// Faults: blob.too_large (TooLarge), blob.document_kind and blob.document_macros (Unsupported),
// blob.document_damaged (Invalid), blob.busy (Unavailable).
func (in *Intake) Document(ctx context.Context, r io.Reader) (Document, error) {
	data, err := readAll(r, in.limits.DocumentBytes)
	if err != nil {
		return Document{}, err
	}
	if err := in.enter(ctx); err != nil {
		return Document{}, err
	}
	defer in.leave()
	kind, err := in.documentKind(data)
	if err != nil {
		return Document{}, err
	}
	return Document{Bytes: data, MediaType: kind, SHA256: HashOf(data)}, nil
}

func (in *Intake) documentKind(data []byte) (string, error) {
	switch kind := sniff(data); {
	case kind == JPEG, kind == PNG:
		h, err := inspect(data)
		if err == nil {
			err = in.limits.allow(h)
		}
		return kind, err
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF, checkPDF(data)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return officeKind(data)
	}
	return "", fault.New(fault.Unsupported, "blob.document_kind")
}

// pdfTail is where a PDF's end mark must stand; readers look no further back.
const pdfTail = 1024

func checkPDF(data []byte) error {
	if !bytes.Contains(data[max(0, len(data)-pdfTail):], []byte("%%EOF")) {
		return fault.New(fault.Invalid, "blob.document_damaged").Because(errors.New("pdf: no end mark"))
	}
	return nil
}

// officeParts is the part that makes a package a document of one kind.
var officeParts = map[string]string{"word/document.xml": DOCX, "xl/workbook.xml": XLSX}

// maxParts bounds the parts of an office document; real ones have tens.
const maxParts = 5000

// officeKind tells what an office package is by the names of its parts; nothing is unpacked. Macros are
// refused, whatever the file's name.
func officeKind(data []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", fault.New(fault.Invalid, "blob.document_damaged").Because(err)
	}
	kind, types := "", false
	for i, f := range z.File {
		name := strings.ToLower(f.Name)
		if strings.HasSuffix(name, "vbaproject.bin") {
			return "", fault.New(fault.Unsupported, "blob.document_macros")
		}
		if i >= maxParts {
			return "", fault.New(fault.Invalid, "blob.document_damaged").Because(errors.New("zip: too many parts"))
		}
		types = types || f.Name == "[Content_Types].xml"
		if k, ok := officeParts[f.Name]; ok {
			kind = k
		}
	}
	if kind == "" || !types {
		return "", fault.New(fault.Unsupported, "blob.document_kind")
	}
	return kind, nil
}
