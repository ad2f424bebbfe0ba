// Package qrcode draws QR codes for pages that are printed.
package qrcode

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Square is a QR code as a drawing: its side in modules and one SVG path of all dark ones.
type Square struct {
	Side int
	Path string
}

// View is the SVG view box with the quiet zone of four modules that scanners need (ISO/IEC 18004).
func (q Square) View() string { return fmt.Sprintf("-4 -4 %d %d", q.Side+8, q.Side+8) }

// Draw draws content with error correction level M. Content that no QR code holds is an error.
func Draw(content string) (Square, error) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return Square{}, fmt.Errorf("qr code: %w", err)
	}
	side := code.Bounds().Dx()
	var path strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			start := x
			for x < side && isDark(code.At(x, y)) {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start, y, x-start, x-start)
			}
		}
	}
	return Square{side, path.String()}, nil
}

func isDark(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, _, _, _ := c.RGBA()
	return r < 0x8000
}
