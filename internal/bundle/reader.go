package bundle

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// The longest lines that are read: the rules are the longest text there is, a response's line is the shortest kind.
const (
	maxLine     = 8 << 20
	maxPreamble = 32 << 20 // all lines before the ledger's entries
	maxStrata   = 65_536
)

// lines reads a file line by line, with one line or, for a whole batch, its lines in memory.
type lines struct {
	raw    *bufio.Reader
	packed *gzip.Reader
	in     *bufio.Reader
	number int64 // of the last line read, from 1
}

func open(r io.Reader) (*lines, error) {
	raw := bufio.NewReaderSize(r, 1<<16)
	packed, err := gzip.NewReader(raw)
	if err != nil {
		return nil, fmt.Errorf("this is no bundle: %w", err)
	}
	packed.Multistream(false)
	return &lines{raw: raw, packed: packed, in: bufio.NewReaderSize(packed, 1<<18)}, nil
}

var errLong = errors.New("the line is longer than any line of a bundle")

// next appends the next line, without its end, to into. At the end of the file it answers io.EOF; a file that was cut or
// damaged is another error.
func (l *lines) next(into []byte) ([]byte, error) {
	for at := len(into); ; {
		piece, err := l.in.ReadSlice('\n')
		into = append(into, piece...)
		switch {
		case len(into)-at > maxLine:
			return into, errLong
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(into) > at:
			return into, io.ErrUnexpectedEOF
		case err != nil:
			return into, err
		}
		l.number++
		return bytes.TrimSuffix(into, []byte("\n")), nil
	}
}

// trailing tells whether anything stands behind the file's end.
func (l *lines) trailing() bool {
	_, err := l.raw.ReadByte()
	return err == nil
}
