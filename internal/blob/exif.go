package blob

import "encoding/binary"

// exifPrefix stands before EXIF data in JPEG, and by some programs' mistake in WebP.
var exifPrefix = []byte("Exif\x00\x00")

const (
	tagOrientation = 0x0112
	typeShort      = 3
)

// exifOrientation reads the one value of EXIF data that is of use, how the camera was held; 1 (upright)
// when it is absent or makes no sense. It follows no pointer but the one to the first directory.
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	count := int(order.Uint16(tiff[at:]))
	for entries := tiff[at+2:]; count > 0 && len(entries) >= 12; count, entries = count-1, entries[12:] {
		if order.Uint16(entries) != tagOrientation {
			continue
		}
		if v := order.Uint16(entries[8:]); order.Uint16(entries[2:]) == typeShort && v >= 1 && v <= 8 {
			return int(v)
		}
		return 1
	}
	return 1
}
