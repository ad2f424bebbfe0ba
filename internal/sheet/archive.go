package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/redproperty/redproperty/internal/fault"
)

// ratioFloor is the unpacked size below which a part's compression ratio tells nothing: small XML of
// repeated cells packs very well.
const ratioFloor = 1 << 20

// maxElements bounds the elements of any part that the XLSX library holds as a tree: shared strings,
// styles, relations.
const maxElements = 2_000_000

// survey is what one walk over a workbook's zip found, before the XLSX library sees any of it.
type survey struct {
	zip     *zip.Reader
	parts   map[string]*zip.File
	scans   map[string]*sheetScan // by part name, worksheets only
	strings int                   // shared strings
	limits  Limits
}

// surveyZip checks the directory and then unpacks every part once into nothing, counting what really
// comes out, because sizes in the headers may lie.
func surveyZip(data []byte, limits Limits) (*survey, error) {
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, malformed("zip directory").Because(err)
	}
	s := &survey{zip: zr, parts: make(map[string]*zip.File), scans: make(map[string]*sheetScan), limits: limits}
	if err := s.checkDirectory(int64(len(data))); err != nil {
		return nil, err
	}
	left := limits.Unpacked
	for _, f := range zr.File {
		n, err := s.walkPart(f, left)
		if err != nil {
			return nil, err
		}
		left -= n
	}
	return s, s.checkReferences()
}

func (s *survey) checkDirectory(size int64) error {
	if len(s.zip.File) > s.limits.Parts {
		return fault.New(fault.Invalid, "sheet.too_many_parts", "max", s.limits.Parts)
	}
	var packed, unpacked uint64
	for _, f := range s.zip.File {
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
		if unpacked > uint64(s.limits.Unpacked) || f.UncompressedSize64 > uint64(s.limits.Unpacked) {
			return s.tooBig()
		}
		if err := s.checkName(f); err != nil {
			return err
		}
	}
	if packed > uint64(size) {
		return malformed("parts overlap")
	}
	return s.checkKind()
}

// checkName refuses what only a forged workbook has: doubled names, ways out of the folder.
func (s *survey) checkName(f *zip.File) error {
	name := partName(f.Name)
	if s.parts[name] != nil {
		return malformed("doubled part")
	}
	if strings.Contains(name, "..") || strings.HasPrefix(name, "/") {
		return malformed("path of a part")
	}
	if f.Flags&1 != 0 {
		return fault.New(fault.Unsupported, "sheet.old_or_encrypted")
	}
	if strings.HasPrefix(name, "xl/externallinks/") {
		return fault.New(fault.Invalid, "sheet.external_link")
	}
	s.parts[name] = f
	return nil
}

// checkKind tells other office files, which are zips too, from a workbook.
func (s *survey) checkKind() error {
	switch {
	case s.parts["xl/workbook.bin"] != nil:
		return unsupported("xlsb")
	case s.parts["[content_types].xml"] == nil && s.parts["mimetype"] != nil:
		return unsupported("ods")
	case s.parts["[content_types].xml"] == nil:
		return unsupported("archive")
	case s.parts["word/document.xml"] != nil || s.parts["ppt/presentation.xml"] != nil:
		return unsupported("office")
	}
	return nil
}

// partName folds a name as the XLSX library does, so that both see the same parts.
func partName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "\\", "/")) }

func (s *survey) tooBig() error {
	return fault.New(fault.Invalid, "sheet.unpacked_too_large", "megabytes", s.limits.Unpacked>>20)
}

// walkPart unpacks one part and returns its real size.
func (s *survey) walkPart(f *zip.File, left int64) (int64, error) {
	rc, err := f.Open()
	if err != nil {
		return 0, malformed("part").Because(err)
	}
	defer rc.Close()
	m := &meter{r: rc, left: left, packed: int64(f.CompressedSize64), ratio: s.limits.Ratio}
	err = s.readPart(partName(f.Name), m)
	if err == nil {
		_, err = io.Copy(io.Discard, m)
	}
	switch {
	case errors.Is(err, errUnpacked):
		return 0, s.tooBig()
	case errors.Is(err, errRatio):
		return 0, fault.New(fault.Invalid, "sheet.compression_ratio", "max", s.limits.Ratio)
	case err == nil:
		return m.n, nil
	}
	var known *fault.Fault
	if errors.As(err, &known) {
		return 0, known
	}
	return 0, malformed("part").Because(err)
}

func (s *survey) readPart(name string, r io.Reader) error {
	switch {
	case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml"):
		scan := newSheetScan(s.limits)
		s.scans[name] = scan
		return scanXML(r, scan, false)
	case name == "xl/sharedstrings.xml":
		c := &elementCount{limits: s.limits, text: true}
		defer func() { s.strings = c.items }()
		return scanXML(r, c, false)
	case strings.HasSuffix(name, ".xml"), strings.HasSuffix(name, ".rels"), strings.HasSuffix(name, ".vml"):
		return scanXML(r, &elementCount{limits: s.limits}, true)
	}
	return nil
}

// checkReferences compares what the sheets point at with what there is.
func (s *survey) checkReferences() error {
	for _, scan := range s.scans {
		if scan.maxShared >= s.strings {
			return malformed("a cell points past the shared strings")
		}
	}
	return nil
}

var (
	errUnpacked = errors.New("unpacked size over the limit")
	errRatio    = errors.New("compression ratio over the limit")
)

// meter passes bytes on while they stay within the limits.
type meter struct {
	r                      io.Reader
	n, left, packed, ratio int64
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n += int64(n)
	if m.n > m.left {
		return 0, errUnpacked
	}
	if m.n > ratioFloor && m.n > m.ratio*m.packed {
		return 0, errRatio
	}
	return n, err
}
