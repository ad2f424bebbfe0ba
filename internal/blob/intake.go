package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/redproperty/redproperty/internal/fault"
)

// Limits bound what is let in. The zero value of a field is its default.
type Limits struct {
	ImageBytes    int64 // of a photo as it comes in; 15 MB
	DocumentBytes int64 // of a document; 20 MB
	Pixels        int64 // of a photo, known before it is decoded; 40 million
	DecodeBytes   int64 // memory that decoding one photo may take, estimated from its header; 256 MiB
	LongSide      int   // a stored photo is made no longer than this; 2560
	ThumbSide     int   // and a thumbnail no longer than this; 400
	Workers       int   // photos being decoded at once; 2
}

func (l Limits) withDefaults() Limits {
	set := func(n *int64, d int64) {
		if *n == 0 {
			*n = d
		}
	}
	side := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	set(&l.ImageBytes, 15<<20)
	set(&l.DocumentBytes, 20<<20)
	set(&l.Pixels, 40_000_000)
	set(&l.DecodeBytes, 256<<20)
	side(&l.LongSide, 2560)
	side(&l.ThumbSide, 400)
	side(&l.Workers, 2)
	return l
}

// Intake checks what comes in and turns it into what is stored. It holds no more than
// Workers × DecodeBytes for decoding, however many send at once.
type Intake struct {
	limits Limits
	slots  chan struct{}
}

// NewIntake returns an intake with these limits.
func NewIntake(l Limits) *Intake {
	l = l.withDefaults()
	return &Intake{limits: l, slots: make(chan struct{}, l.Workers)}
}

// Picture is a photo ready to be stored.
type Picture struct {
	Bytes     []byte
	MediaType string // JPEG, or PNG for a small graphic with transparency
	Width     int    // pixels, upright
	Height    int
	SHA256    Hash
}

// Image reads a photo (JPEG, PNG or WebP by its content), turns it upright, makes it no longer than
// LongSide and draws it anew: no metadata, no place, no second file behind the picture survives. The
// same bytes always give the same picture. Colour profiles are dropped, so wide-gamut photos look a
// little paler.
//
// Faults: blob.too_large (TooLarge), blob.image_kind and blob.image_animated (Unsupported),
// blob.image_pixels and blob.image_damaged (Invalid), blob.busy (Unavailable) when ctx ends before it is
// this photo's turn.
func (in *Intake) Image(ctx context.Context, r io.Reader) (Picture, error) {
	data, err := readAll(r, in.limits.ImageBytes)
	if err != nil {
		return Picture{}, err
	}
	return in.redraw(ctx, data, in.limits.LongSide)
}

// Thumbnail makes a small copy of a picture that Image made.
func (in *Intake) Thumbnail(ctx context.Context, picture []byte) (Picture, error) {
	return in.redraw(ctx, picture, in.limits.ThumbSide)
}

func (in *Intake) redraw(ctx context.Context, data []byte, longSide int) (Picture, error) {
	h, err := inspect(data)
	if err != nil {
		return Picture{}, err
	}
	if err := in.limits.allow(h); err != nil {
		return Picture{}, err
	}
	if err := in.enter(ctx); err != nil {
		return Picture{}, err
	}
	defer in.leave()
	src, err := decode(data, h)
	if err != nil {
		return Picture{}, damaged(err)
	}
	w, ht := fit(h.width, h.height, longSide)
	return encode(upright(shrink(src, w, ht), h.orientation))
}

// allow refuses by the header alone what would take too much to decode.
func (l Limits) allow(h imageHeader) error {
	most := min(l.Pixels, l.DecodeBytes/h.bytesPerPixel)
	if int64(h.width)*int64(h.height) > most || max(h.width, h.height) > maxSide {
		return fault.New(fault.Invalid, "blob.image_pixels", "megapixels", most/1_000_000, "side", maxSide)
	}
	return nil
}

func (in *Intake) enter(ctx context.Context) error {
	select {
	case in.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Unavailable, "blob.busy").After(5 * time.Second).Because(ctx.Err())
	}
}

func (in *Intake) leave() { <-in.slots }

// readAll reads at most limit bytes.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	var cut *http.MaxBytesError
	switch {
	case n > limit, errors.As(err, &cut):
		return nil, fault.New(fault.TooLarge, "blob.too_large", "megabytes", limit>>20)
	case err != nil:
		return nil, fault.New(fault.Invalid, "blob.interrupted").Because(err)
	}
	return b.Bytes(), nil
}

func damaged(err error) error { return fault.New(fault.Invalid, "blob.image_damaged").Because(err) }

// fit returns the size at which w × h is no longer than side; nothing is made larger.
func fit(w, h, side int) (int, int) {
	long := max(w, h)
	if long <= side {
		return w, h
	}
	scale := func(n int) int { return max(1, (n*side+long/2)/long) }
	return scale(w), scale(h)
}
