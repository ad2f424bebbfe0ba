package blob

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
)

// quarters is a picture with one colour a corner, so that turning it shows.
func quarters(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, corner(x*2/w, y*2/h))
		}
	}
	return img
}

// corner is red at the top left, green at the top right, blue and grey below.
func corner(x, y int) color.NRGBA {
	return []color.NRGBA{{220, 0, 0, 255}, {0, 200, 0, 255}, {0, 0, 220, 255}, {120, 120, 120, 255}}[y*2+x]
}

func asJPEG(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}))
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// exif holds an orientation and, as phones write it, a text behind a second entry (here: a place).
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	head := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		head = "MM\x00*"
	}
	b := order.AppendUint32([]byte(head), 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010e) // description
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, 16)
	b = order.AppendUint32(b, 38)
	b = order.AppendUint16(b, tagOrientation)
	b = order.AppendUint16(b, typeShort)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	b = order.AppendUint16(b, 0)
	b = order.AppendUint32(b, 0)
	return append(b, "GPS37.38N121.60E"...)
}

// withEXIF puts EXIF data behind the first marker of a JPEG.
func withEXIF(data, tiff []byte) []byte {
	body := append(append([]byte{}, exifPrefix...), tiff...)
	seg := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return bytes.Join([][]byte{data[:2], seg, body, data[2:]}, nil)
}

func pngChunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withChunk puts a chunk behind the header of a PNG.
func withChunk(data, chunk []byte) []byte {
	const header = 8 + 25
	return bytes.Join([][]byte{data[:header], chunk, data[header:]}, nil)
}

func read(t testing.TB, data []byte) (Picture, image.Image) {
	t.Helper()
	p, err := NewIntake(Limits{}).Image(context.Background(), bytes.NewReader(data))
	require.NoError(t, err)
	require.Equal(t, HashOf(p.Bytes), p.SHA256)
	img, format, err := image.Decode(bytes.NewReader(p.Bytes))
	require.NoError(t, err)
	require.Equal(t, p.MediaType, "image/"+format)
	require.Equal(t, image.Pt(p.Width, p.Height), img.Bounds().Size())
	return p, img
}

// requireCorners compares the middle of each quarter with what is expected, as JPEG keeps colours roughly.
func requireCorners(t *testing.T, img image.Image, want [4]color.NRGBA, about string) {
	t.Helper()
	b := img.Bounds()
	for i, w := range want {
		r, g, bl, _ := img.At(b.Dx()*(1+2*(i%2))/4, b.Dy()*(1+2*(i/2))/4).RGBA()
		for c, pair := range [][2]uint32{{r >> 8, uint32(w.R)}, {g >> 8, uint32(w.G)}, {bl >> 8, uint32(w.B)}} {
			require.InDelta(t, pair[1], pair[0], 12, "%s: quarter %d channel %d", about, i, c)
		}
	}
}

func TestPhotoLosesItsMetadata(t *testing.T) {
	plain := asJPEG(t, quarters(64, 48))
	for name, data := range map[string][]byte{
		"jpeg": withEXIF(plain, exif(binary.LittleEndian, 1)),
		"png":  withChunk(asPNG(t, quarters(64, 48)), pngChunk("tEXt", []byte("Comment\x00GPS37.38N121.60E"))),
	} {
		require.Contains(t, string(data), "GPS37", name)
		p, img := read(t, data)
		require.NotContains(t, string(p.Bytes), "GPS37", name)
		require.NotContains(t, string(p.Bytes), "Exif", name)
		require.Equal(t, JPEG, p.MediaType)
		requireCorners(t, img, [4]color.NRGBA{corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)}, name)
	}
}

func TestPhotoIsTurnedUpright(t *testing.T) {
	tl, tr, bl, br := corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)
	plain := asJPEG(t, quarters(64, 32))
	for orientation, want := range map[uint16][4]color.NRGBA{
		0: {tl, tr, bl, br}, 1: {tl, tr, bl, br}, 2: {tr, tl, br, bl}, 3: {br, bl, tr, tl}, 4: {bl, br, tl, tr},
		5: {tl, bl, tr, br}, 6: {bl, tl, br, tr}, 7: {br, tr, bl, tl}, 8: {tr, br, tl, bl}, 9: {tl, tr, bl, br},
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p, img := read(t, withEXIF(plain, exif(order, orientation)))
			require.Equal(t, orientation >= 5 && orientation <= 8, p.Height > p.Width, "orientation %d", orientation)
			requireCorners(t, img, want, "jpeg")
		}
	}
	_, img := read(t, withChunk(asPNG(t, quarters(64, 32)), pngChunk("eXIf", exif(binary.BigEndian, 6))))
	requireCorners(t, img, [4]color.NRGBA{bl, tl, br, tr}, "png")
}

func TestLargePhotoIsMadeSmaller(t *testing.T) {
	data := asJPEG(t, quarters(4000, 1000))
	p, img := read(t, data)
	require.Equal(t, [2]int{2560, 640}, [2]int{p.Width, p.Height})
	requireCorners(t, img, [4]color.NRGBA{corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)}, "large")
	again, _ := read(t, data)
	require.Equal(t, p.SHA256, again.SHA256, "the same photo is the same blob")

	thumb, err := NewIntake(Limits{}).Thumbnail(context.Background(), p.Bytes)
	require.NoError(t, err)
	require.Equal(t, [2]int{400, 100}, [2]int{thumb.Width, thumb.Height})
	require.Less(t, len(thumb.Bytes), len(p.Bytes))
	small, _ := read(t, asJPEG(t, quarters(300, 200)))
	require.Equal(t, 300, small.Width, "nothing is made larger")
}

func TestWhatHidesBehindAPhotoIsGone(t *testing.T) {
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create("evil.html")
	require.NoError(t, err)
	_, err = w.Write([]byte("<script>alert(1)</script>"))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for _, data := range [][]byte{asJPEG(t, quarters(64, 48)), asPNG(t, quarters(64, 48))} {
		both := append(append([]byte{}, data...), archive.Bytes()...)
		_, err = zip.NewReader(bytes.NewReader(both), int64(len(both)))
		require.NoError(t, err, "it is a ZIP too")
		p, _ := read(t, both)
		_, err = zip.NewReader(bytes.NewReader(p.Bytes), int64(len(p.Bytes)))
		require.Error(t, err)
		require.NotContains(t, string(p.Bytes), "evil.html")
		clean, _ := read(t, data)
		require.Equal(t, clean.SHA256, p.SHA256)
	}
}

func TestTransparencyStaysInSmallGraphicsOnly(t *testing.T) {
	glass := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	glass.SetNRGBA(3, 3, color.NRGBA{200, 0, 0, 255})
	p, img := read(t, asPNG(t, glass))
	require.Equal(t, PNG, p.MediaType)
	_, _, _, a := img.At(0, 0).RGBA()
	require.Zero(t, a)

	large := image.NewNRGBA(image.Rect(0, 0, 1100, 1000))
	p, img = read(t, asPNG(t, large))
	require.Equal(t, JPEG, p.MediaType)
	r, _, _, _ := img.At(500, 500).RGBA()
	require.Equal(t, uint32(0xffff), r, "on white, not on black")
}

// The two smallest WebP files, one pixel each, lossless and lossy.
const (
	losslessWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
	lossyWebP    = "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA="
)

func webpBytes(t testing.TB, text string) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	require.NoError(t, err)
	return b
}

// extended wraps a simple WebP as an extended one with a canvas, flags and more chunks.
func extended(simple []byte, flags byte, w, h int, extra ...[]byte) []byte {
	head := []byte{flags, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
	body := append([]byte("WEBP"), riffChunk("VP8X", head)...)
	body = append(body, simple[12:]...)
	for _, e := range extra {
		body = append(body, e...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riffChunk(kind string, body []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body))), body...)
	return append(b, make([]byte, len(body)%2)...)
}

func TestWebP(t *testing.T) {
	lossless, lossy := webpBytes(t, losslessWebP), webpBytes(t, lossyWebP)
	for _, data := range [][]byte{lossless, lossy, extended(lossy, 8, 1, 1, riffChunk("EXIF", exif(binary.LittleEndian, 6)))} {
		p, _ := read(t, data)
		require.Equal(t, [2]int{1, 1}, [2]int{p.Width, p.Height})
		require.NotContains(t, string(p.Bytes), "GPS")
	}
	h, err := inspect(extended(lossy, 8, 1, 1, riffChunk("EXIF", exif(binary.LittleEndian, 6))))
	require.NoError(t, err)
	require.Equal(t, 6, h.orientation)

	huge := bytes.Clone(lossless)
	binary.LittleEndian.PutUint32(huge[21:], binary.LittleEndian.Uint32(huge[21:])|0x0fffffff) // 16384 × 16384
	requireRefused(t, huge, "blob.image_pixels")
	requireRefused(t, extended(huge, 0, 16, 16), "blob.image_pixels")
	requireRefused(t, extended(lossy, 0, 1<<20, 1<<20), "blob.image_damaged")
	requireRefused(t, extended(lossy, 2, 16, 16, riffChunk("ANIM", make([]byte, 6))), "blob.image_animated")
	for n := 16; n < len(lossy)-1; n++ {
		requireRefused(t, lossy[:n], "blob.image_damaged")
	}
}

func requireRefused(t testing.TB, data []byte, code string) {
	t.Helper()
	_, err := NewIntake(Limits{}).Image(context.Background(), bytes.NewReader(data))
	require.True(t, fault.Is(err, code), "want %s, have %v", code, err)
}

func TestOtherFilesAreRefused(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "gif": "GIF89a\x01\x00\x01\x00\x80\x00\x00", "svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`,
		"html": "<!doctype html>", "zip": "PK\x03\x04", "pdf": "%PDF-1.7", "text before": "\n\xff\xd8\xff", "short webp": "RIFF\x00\x00\x00\x00WEBP", "bmp": "BM",
	} {
		t.Run(name, func(t *testing.T) { requireRefused(t, []byte(data), "blob.image_kind") })
	}
	still := asPNG(t, quarters(8, 8))
	requireRefused(t, withChunk(still, pngChunk("acTL", make([]byte, 8))), "blob.image_animated")
}

func TestTruncatedPhotosAreRefused(t *testing.T) {
	for _, data := range [][]byte{asJPEG(t, quarters(200, 150)), asPNG(t, quarters(200, 150))} {
		for n := 8; n < len(data)-12; n += len(data) / 40 {
			requireRefused(t, data[:n], "blob.image_damaged")
		}
	}
}

// bomb is a PNG of a few kilobytes whose header promises w × h pixels.
func bomb(t testing.TB, w, h uint32, depth byte) []byte {
	data := asPNG(t, image.NewNRGBA(image.Rect(0, 0, 1, 1)))
	head := binary.BigEndian.AppendUint32(nil, w)
	head = append(binary.BigEndian.AppendUint32(head, h), depth, 6, 0, 0, 0)
	return bytes.Join([][]byte{data[:8], pngChunk("IHDR", head), data[33:]}, nil)
}

func TestBombsAreRefusedByTheirHeader(t *testing.T) {
	start := time.Now()
	requireRefused(t, bomb(t, 50_000, 50_000, 8), "blob.image_pixels")
	requireRefused(t, bomb(t, 1, 40_000, 8), "blob.image_pixels")
	requireRefused(t, bomb(t, 6_500, 6_000, 16), "blob.image_pixels")
	progressive := asJPEG(t, quarters(16, 16))
	at := bytes.Index(progressive, []byte{0xff, 0xc0})
	progressive[at+1] = 0xc2
	binary.BigEndian.PutUint16(progressive[at+5:], 5000)
	binary.BigEndian.PutUint16(progressive[at+7:], 5000)
	requireRefused(t, progressive, "blob.image_pixels")
	require.Less(t, time.Since(start), time.Second)
	requireRefused(t, bomb(t, 0, 10, 8), "blob.image_damaged")
	requireRefused(t, bomb(t, 5000, 5000, 8), "blob.image_damaged") // allowed by size, but not there
}

func TestTooManyBytesAreRefused(t *testing.T) {
	in := NewIntake(Limits{ImageBytes: 1000, DocumentBytes: 1000})
	_, err := in.Image(context.Background(), bytes.NewReader(make([]byte, 1001)))
	require.True(t, fault.Is(err, "blob.too_large"))
	_, err = in.Document(context.Background(), bytes.NewReader(make([]byte, 1001)))
	require.True(t, fault.Is(err, "blob.too_large"))
	body := http.MaxBytesReader(httptest.NewRecorder(), http.NoBody, 0)
	_, err = in.Image(context.Background(), body)
	require.True(t, fault.Is(err, "blob.image_kind"))
	_, err = in.Image(context.Background(), http.MaxBytesReader(httptest.NewRecorder(), readCloser{strings.NewReader("12345")}, 3))
	require.True(t, fault.Is(err, "blob.too_large"), "%v", err)
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestOnlySoManyAreDecodedAtOnce(t *testing.T) {
	in := NewIntake(Limits{Workers: 1})
	require.NoError(t, in.enter(context.Background()))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := in.Image(ctx, bytes.NewReader(asJPEG(t, quarters(8, 8))))
	require.True(t, fault.Is(err, "blob.busy"), "%v", err)
	in.leave()
	_, err = in.Image(context.Background(), bytes.NewReader(asJPEG(t, quarters(8, 8))))
	require.NoError(t, err)
	require.Empty(t, in.slots, "the slot is free again")
}

func TestSharedSample(t *testing.T) {
	data, err := os.ReadFile("testdata/ok_16x16.png")
	require.NoError(t, err)
	p, _ := read(t, data)
	require.Equal(t, [2]int{16, 16}, [2]int{p.Width, p.Height})
}

// Each new pixel lies between the darkest and the lightest of the area it covers, and the mean of the
// whole picture stays.
func TestShrinkKeepsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 60).Draw(t, "w"), rapid.IntRange(1, 60).Draw(t, "h")
		dw, dh := rapid.IntRange(1, w).Draw(t, "dw"), rapid.IntRange(1, h).Draw(t, "dh")
		src := image.NewGray(image.Rect(0, 0, w, h))
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for i := range src.Pix {
			src.Pix[i] = uint8(rnd.UintN(256))
		}
		dst := shrink(src, dw, dh)
		require.True(t, dst.Opaque())
		mean := func(pix []uint8, step int) float64 {
			sum := 0.0
			for i := 0; i < len(pix); i += step {
				sum += float64(pix[i])
			}
			return sum / float64(len(pix)/step)
		}
		require.InDelta(t, mean(src.Pix, 1), mean(dst.Pix, 4), 0.51)
		if dw == w && dh == h {
			for i, v := range src.Pix {
				require.Equal(t, v, dst.Pix[4*i])
			}
		}
	})
}

func FuzzImage(f *testing.F) {
	small := quarters(16, 12)
	f.Add(asJPEG(f, small))
	f.Add(asPNG(f, small))
	f.Add(withEXIF(asJPEG(f, small), exif(binary.BigEndian, 6)))
	f.Add(webpBytes(f, losslessWebP))
	f.Add(extended(webpBytes(f, lossyWebP), 8, 1, 1, riffChunk("EXIF", exif(binary.LittleEndian, 8))))
	f.Add(bomb(f, 100_000, 100_000, 16))
	in := NewIntake(Limits{Pixels: 100_000})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := in.Image(context.Background(), bytes.NewReader(data))
		if err != nil {
			require.NotEqual(t, fault.Internal, fault.Of(err).Kind, "%v", err)
			return
		}
		cfg, _, err := image.DecodeConfig(bytes.NewReader(p.Bytes))
		require.NoError(t, err)
		require.Equal(t, [2]int{p.Width, p.Height}, [2]int{cfg.Width, cfg.Height})
	})
}

func FuzzEXIF(f *testing.F) {
	f.Add(exif(binary.LittleEndian, 6))
	f.Add(exif(binary.BigEndian, 3))
	f.Fuzz(func(t *testing.T, tiff []byte) {
		o := exifOrientation(tiff)
		require.True(t, o >= 1 && o <= 8)
	})
}

func BenchmarkImage12MP(b *testing.B) {
	data := asJPEG(b, quarters(4000, 3000))
	in := NewIntake(Limits{})
	for b.Loop() {
		if _, err := in.Image(b.Context(), bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
