package sheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/redproperty/redproperty/internal/fault"
)

const bomUTF8 = "\xef\xbb\xbf"

// decodeText finds the encoding. Chinese text in GB18030 that happens to be valid UTF-8 throughout does
// not occur beyond a word or two: most of its second bytes are no continuation bytes.
func decodeText(data []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		text, err = decodeUTF16(data[2:], binary.LittleEndian)
		encoding = "utf-16"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err = decodeUTF16(data[2:], binary.BigEndian)
		encoding = "utf-16"
	case bytes.HasPrefix(data, []byte(bomUTF8)):
		text, encoding = string(data[len(bomUTF8):]), "utf-8-bom"
		if !utf8.ValidString(text) {
			err = badEncoding()
		}
	case utf8.Valid(data):
		text, encoding = string(data), "utf-8"
	default:
		text, err = decodeGB18030(data)
		encoding = "gb18030"
	}
	if err == nil && strings.IndexByte(text, 0) >= 0 {
		err = fault.New(fault.Invalid, "sheet.nul")
	}
	return text, encoding, err
}

func badEncoding() error { return fault.New(fault.Invalid, "sheet.encoding") }

func decodeUTF16(data []byte, order binary.ByteOrder) (string, error) {
	if len(data)%2 != 0 {
		return "", badEncoding()
	}
	var b strings.Builder
	b.Grow(len(data))
	for len(data) > 0 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) {
			if len(data) == 0 {
				return "", badEncoding()
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(data))); r == utf8.RuneError {
				return "", badEncoding()
			}
			data = data[2:]
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

// gbReplacement is how GB18030 itself writes U+FFFD.
var gbReplacement = [4]byte{0x84, 0x31, 0xA4, 0x37}

// decodeGB18030 is strict: the decoder writes U+FFFD for what it cannot read, so every one of those must
// stand in the file itself.
func decodeGB18030(data []byte) (string, error) {
	honest, ok := walkGB18030(data)
	if !ok {
		return "", badEncoding()
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.Count(out, []byte("\uFFFD")) != honest {
		return "", badEncoding()
	}
	return string(out), nil
}

// walkGB18030 checks the shape of every sequence and counts those that mean U+FFFD.
func walkGB18030(data []byte) (replacements int, ok bool) {
	for i := 0; i < len(data); {
		n := gbLength(data[i:])
		if n == 0 {
			return 0, false
		}
		if n == 4 && [4]byte(data[i:i+4]) == gbReplacement {
			replacements++
		}
		i += n
	}
	return replacements, true
}

// gbLength is the length of the sequence at the start of b; 0 when there is none.
func gbLength(b []byte) int {
	lead := func(c byte) bool { return c >= 0x81 && c <= 0xFE }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	switch {
	case b[0] < 0x80:
		return 1
	case !lead(b[0]) || len(b) < 2:
		return 0
	case b[1] >= 0x40 && b[1] <= 0xFE && b[1] != 0x7F:
		return 2
	case len(b) >= 4 && digit(b[1]) && lead(b[2]) && digit(b[3]):
		return 4
	}
	return 0
}
