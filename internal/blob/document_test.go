package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
)

func office(t testing.TB, parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		_, err := z.Create(p)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestDocuments(t *testing.T) {
	sheet := excelize.NewFile()
	book, err := sheet.WriteToBuffer()
	require.NoError(t, err)
	many := []string{"[Content_Types].xml", "xl/workbook.xml"}
	for i := range maxParts {
		many = append(many, fmt.Sprintf("xl/media/%d", i))
	}
	for _, c := range []struct {
		name string
		data []byte
		want string // a media type, or the code of the refusal
	}{
		{"pdf", []byte("%PDF-1.7\n...\n%%EOF\n"), PDF},
		{"pdf cut off", []byte("%PDF-1.7\n...\n"), "blob.document_damaged"},
		{"pdf behind something else", []byte("MZ%PDF-1.7\n%%EOF"), "blob.document_kind"},
		{"jpeg", asJPEG(t, quarters(20, 10)), JPEG},
		{"png", asPNG(t, quarters(20, 10)), PNG},
		{"png bomb", bomb(t, 50_000, 50_000, 8), "blob.image_pixels"},
		{"webp", webpBytes(t, lossyWebP), "blob.document_kind"},
		{"xlsx", book.Bytes(), XLSX},
		{"docx", office(t, "[Content_Types].xml", "word/document.xml"), DOCX},
		{"macros", office(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "blob.document_macros"},
		{"too many parts", office(t, many...), "blob.document_damaged"},
		{"zip", office(t, "a.txt"), "blob.document_kind"},
		{"half a package", office(t, "word/document.xml"), "blob.document_kind"},
		{"zip cut off", book.Bytes()[:200], "blob.document_damaged"},
		{"html", []byte("<html>"), "blob.document_kind"},
		{"empty", nil, "blob.document_kind"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := NewIntake(Limits{}).Document(context.Background(), bytes.NewReader(c.data))
			if strings.HasPrefix(c.want, "blob.") {
				require.True(t, fault.Is(err, c.want), "%v", err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, d.MediaType)
			require.Equal(t, c.data, d.Bytes, "byte for byte")
			require.Equal(t, HashOf(c.data), d.SHA256)
		})
	}
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"合同.pdf": "合同.pdf", "": "file.pdf", "../../etc/passwd": "passwd.pdf", `C:\合同\一.PDF`: "一.pdf", "evil.exe": "evil.exe.pdf",
		"a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie x=1.pdf", "fdp\u202e.exe": "fdp.exe.pdf", `"quoted".pdf`: "quoted.pdf", "...": "file.pdf",
		"第3.2版": "第3.2版.pdf", "𡐓👩.pdf": "𡐓👩.pdf", strings.Repeat("长", 200): strings.Repeat("长", maxFileName) + ".pdf",
	} {
		require.Equal(t, want, FileName(in, PDF), "%q", in)
	}
}

func TestDocumentsAreOnlyEverSaved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("合𡐓\"\\%;=+*'\r\n /.")))).Draw(t, "name")
		h := http.Header{}
		ServeDocument(h, PDF, name, 7)
		kind, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
		require.NoError(t, err, h.Get("Content-Disposition"))
		require.Equal(t, "attachment", kind)
		require.Equal(t, FileName(name, PDF), params["filename"])
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "default-src 'none'; sandbox", h.Get("Content-Security-Policy"))
	})
	h := http.Header{}
	ServePicture(h, JPEG, 7)
	require.Equal(t, "inline", h.Get("Content-Disposition"))
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	require.Equal(t, "7", h.Get("Content-Length"))
}
