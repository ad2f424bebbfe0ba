package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"

	"github.com/redproperty/redproperty/internal/fault"
)

// maxSide bounds the longer side of a photo; no camera makes longer ones, and one row must fit in memory.
const maxSide = 32_000

// imageHeader is what a photo says of itself before its pixels are touched.
type imageHeader struct {
	format        string
	width, height int   // as stored, before turning
	orientation   int   // EXIF, 1 to 8
	bytesPerPixel int64 // memory that decoding takes, at most
}

var (
	pngMagic  = []byte("\x89PNG\r\n\x1a\n")
	jpegMagic = []byte("\xff\xd8\xff")
)

// sniff tells the kind of a photo by its first bytes, "" for anything else.
func sniff(data []byte) string {
	switch {
	case bytes.HasPrefix(data, jpegMagic):
		return JPEG
	case bytes.HasPrefix(data, pngMagic):
		return PNG
	case len(data) >= 16 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP
	}
	return ""
}

// inspect reads the header. Its walk over the file's parts is strict: what it cannot follow it refuses,
// so that it and the decoder see the same picture.
func inspect(data []byte) (imageHeader, error) {
	switch sniff(data) {
	case JPEG:
		return inspectJPEG(data)
	case PNG:
		return inspectPNG(data)
	case WebP:
		return inspectWebP(data)
	}
	return imageHeader{}, fault.New(fault.Unsupported, "blob.image_kind")
}

// The bytes that Go's decoders take for a pixel: a progressive JPEG keeps 4 bytes of coefficients a
// component, and a lossless WebP is transformed beside its result.
const (
	costJPEG        = 4
	costProgressive = 20
	costPNG         = 4
	costPNG16       = 8
	costWebP        = 4
	costWebPAlpha   = 12
)

// inspectJPEG walks the segments up to the first scan.
func inspectJPEG(data []byte) (imageHeader, error) {
	h := imageHeader{format: JPEG, orientation: 1, bytesPerPixel: costJPEG}
	for at := 2; ; {
		kind, body, next, err := jpegSegment(data, at)
		if err != nil {
			return h, damaged(err)
		}
		switch {
		case kind == 0xda: // start of scan
			cfg, err := jpeg.DecodeConfig(bytes.NewReader(data))
			if err != nil {
				return h, damaged(err)
			}
			h.width, h.height = cfg.Width, cfg.Height
			return h, h.check()
		case kind == 0xc2:
			h.bytesPerPixel = costProgressive
		case kind == 0xe1 && bytes.HasPrefix(body, exifPrefix):
			h.orientation = exifOrientation(body[len(exifPrefix):])
		}
		at = next
	}
}

// jpegSegment reads the marker at the given place and the segment behind it.
func jpegSegment(data []byte, at int) (kind byte, body []byte, next int, err error) {
	if at+4 > len(data) || data[at] != 0xff {
		return 0, nil, 0, errors.New("jpeg: no marker where one must be")
	}
	for at++; at+3 <= len(data) && data[at] == 0xff; at++ { // fill bytes
	}
	if at+3 > len(data) {
		return 0, nil, 0, errors.New("jpeg: cut off")
	}
	kind = data[at]
	size := int(binary.BigEndian.Uint16(data[at+1:]))
	if kind < 0xc0 || kind >= 0xd0 && kind <= 0xd9 || size < 2 || at+1+size > len(data) {
		return 0, nil, 0, fmt.Errorf("jpeg: segment %x is wrong or cut off", kind)
	}
	return kind, data[at+3 : at+1+size], at + 1 + size, nil
}

// inspectPNG walks the chunks up to the first pixels.
func inspectPNG(data []byte) (imageHeader, error) {
	h := imageHeader{format: PNG, orientation: 1, bytesPerPixel: costPNG}
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return h, damaged(err)
	}
	h.width, h.height = cfg.Width, cfg.Height
	switch cfg.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		h.bytesPerPixel = costPNG16
	}
	for at := len(pngMagic); ; {
		if at+12 > len(data) {
			return h, damaged(errors.New("png: cut off"))
		}
		size, kind := int64(binary.BigEndian.Uint32(data[at:])), string(data[at+4:at+8])
		if size > int64(len(data)-at-12) {
			return h, damaged(errors.New("png: cut off"))
		}
		switch kind {
		case "acTL":
			return h, animated()
		case "eXIf":
			h.orientation = exifOrientation(data[at+8 : at+8+int(size)])
		case "IDAT":
			return h, h.check()
		}
		at += 12 + int(size)
	}
}

// inspectWebP walks the chunks. The canvas and the picture on it state their sizes separately; the
// larger one counts.
func inspectWebP(data []byte) (imageHeader, error) {
	h := imageHeader{format: WebP, orientation: 1, bytesPerPixel: costWebP}
	for at := 12; at+8 <= len(data); {
		kind, size := string(data[at:at+4]), int64(binary.LittleEndian.Uint32(data[at+4:]))
		if size > int64(len(data)-at-8) {
			return h, damaged(errors.New("webp: cut off"))
		}
		if err := h.webpChunk(kind, data[at+8:at+8+int(size)]); err != nil {
			return h, err
		}
		at += 8 + int(size+size&1)
	}
	cfg, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return h, damaged(err)
	}
	h.grow(cfg.Width, cfg.Height)
	return h, h.check()
}

func (h *imageHeader) webpChunk(kind string, body []byte) error {
	switch {
	case kind == "ANIM", kind == "ANMF", kind == "VP8X" && len(body) > 0 && body[0]&2 != 0:
		return animated()
	case kind == "EXIF":
		h.orientation = exifOrientation(bytes.TrimPrefix(body, exifPrefix))
	case kind == "ALPH":
		h.bytesPerPixel = costWebPAlpha
	case kind == "VP8L":
		h.bytesPerPixel = costWebPAlpha
		if len(body) >= 5 {
			bits := binary.LittleEndian.Uint32(body[1:])
			h.grow(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1)
		}
	case kind == "VP8 " && len(body) >= 10:
		h.grow(int(binary.LittleEndian.Uint16(body[6:])&0x3fff), int(binary.LittleEndian.Uint16(body[8:])&0x3fff))
	}
	return nil
}

func (h *imageHeader) grow(w, ht int) { h.width, h.height = max(h.width, w), max(h.height, ht) }

func (h *imageHeader) check() error {
	if h.width < 1 || h.height < 1 {
		return damaged(errors.New("the picture has no size"))
	}
	return nil
}

func animated() error { return fault.New(fault.Unsupported, "blob.image_animated") }
