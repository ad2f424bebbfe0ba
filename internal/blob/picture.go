package blob

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

const (
	jpegQuality = 85
	// graphicPixels is up to where a picture with transparency stays PNG; larger ones get a white ground.
	graphicPixels = 1 << 20
)

// decode draws the picture. A decoder that panics has met a file made to break it: that file is refused
// like any other damaged one.
func decode(data []byte, h imageHeader) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoder panicked: %v", p)
		}
	}()
	r := bytes.NewReader(data)
	switch h.format {
	case JPEG:
		img, err = jpeg.Decode(r)
	case PNG:
		img, err = png.Decode(r)
	default:
		img, err = webp.Decode(r)
	}
	if err != nil {
		return nil, err
	}
	if b := img.Bounds(); b.Dx() != h.width || b.Dy() != h.height {
		return nil, errors.New("the picture is not of the size its header says")
	}
	return img, nil
}

// shrink draws src at w × h, neither larger than it is. Each new pixel is the exact mean of the area it
// covers, in integers, row by row, so that a large photo needs no second copy in memory.
func shrink(src image.Image, w, h int) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	line, sum := make([]uint64, 4*w), make([]uint64, 4*w)
	whole := uint64(b.Dx()) * uint64(b.Dy())
	// In units of 1/h of a source row, source row y covers [y*h, (y+1)*h) and new row j covers
	// [j*Dy, (j+1)*Dy); both run from 0 to h*Dy.
	j := 0
	for y := range b.Dy() {
		draw.Draw(row, row.Rect, src, image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		squeeze(line, row.Pix, w)
		for at, end := y*h, (y+1)*h; at < end; {
			stop := min(end, (j+1)*b.Dy())
			addScaled(sum, line, uint64(stop-at))
			if at = stop; at == (j+1)*b.Dy() {
				store(dst.Pix[j*dst.Stride:], sum, whole)
				j++
			}
		}
	}
	return dst
}

// squeeze sums a row of pixels into w columns, each pixel weighted by how much of it a column covers.
func squeeze(line []uint64, pix []uint8, w int) {
	clear(line)
	n, i := len(pix)/4, 0
	for x := range n {
		p := pix[4*x : 4*x+4 : 4*x+4]
		for at, end := x*w, (x+1)*w; at < end; {
			stop := min(end, (i+1)*n)
			weight := uint64(stop - at)
			l := line[4*i : 4*i+4 : 4*i+4]
			for c := range p {
				l[c] += weight * uint64(p[c])
			}
			if at = stop; at == (i+1)*n {
				i++
			}
		}
	}
}

func addScaled(sum, line []uint64, weight uint64) {
	for i, v := range line {
		sum[i] += v * weight
	}
}

// store divides the sums into pixels, rounding, and clears them for the next row.
func store(pix []uint8, sum []uint64, whole uint64) {
	for i, v := range sum {
		pix[i] = uint8((v + whole/2) / whole) // #nosec G115 -- a mean of bytes is a byte
	}
	clear(sum)
}

// upright undoes how the camera was held (EXIF orientation, 1 to 8).
func upright(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := w, h
	if orientation >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			sx, sy := turned(orientation, x, y, w, h)
			copy(dst.Pix[y*dst.Stride+4*x:], src.Pix[sy*src.Stride+4*sx:][:4])
		}
	}
	return dst
}

// turned tells which pixel of a w × h picture stands at (x, y) once it is upright.
func turned(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	}
	return w - 1 - y, x
}

func encode(img *image.RGBA) (Picture, error) {
	p := Picture{MediaType: JPEG, Width: img.Rect.Dx(), Height: img.Rect.Dy()}
	var out bytes.Buffer
	var err error
	if !img.Opaque() && p.Width*p.Height <= graphicPixels {
		p.MediaType = PNG
		err = png.Encode(&out, img)
	} else {
		err = jpeg.Encode(&out, onWhite(img), &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return Picture{}, fmt.Errorf("encode picture: %w", err)
	}
	p.Bytes = out.Bytes()
	p.SHA256 = HashOf(p.Bytes)
	return p, nil
}

// onWhite gives what is transparent a white ground: JPEG has no transparency, and black hides writing.
func onWhite(img *image.RGBA) *image.RGBA {
	if img.Opaque() {
		return img
	}
	dst := image.NewRGBA(img.Rect)
	draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(dst, dst.Rect, img, image.Point{}, draw.Over)
	return dst
}
