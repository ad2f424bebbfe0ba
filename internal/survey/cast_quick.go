package survey

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/redproperty/redproperty/internal/ballot"
)

// The fields of a cast as clients write them. A badge is rare, and left to the general way.
var (
	castFields   = []string{"ballot", "revision", "opening", "answers", "salt", "textSalt", "textKey"}
	ballotFields = []string{"key", "token", "prefix", "signature"}
)

// ReadQuick reads what JSON.stringify and its like write of a cast: each field once, in any order, without spaces and escapes.
func (c *CastBallotRequest) ReadQuick(body []byte) bool {
	r, read := quickReader{body}, CastBallotRequest{}
	ok := r.object(castFields, func(field string) bool {
		switch field {
		case "ballot":
			return read.Ballot.readQuick(&r)
		case "revision":
			return r.revision(&read.Revision)
		case "opening":
			return r.hash(&read.Opening)
		case "answers":
			return r.answers(&read.Answers)
		case "salt":
			return r.hash(&read.Salt)
		case "textSalt":
			return r.hash(&read.TextSalt)
		}
		return r.hash(&read.TextKey)
	})
	if ok = ok && len(r.rest) == 0; ok {
		*c = read
	}
	return ok
}

func (b *BallotBody) readQuick(r *quickReader) bool {
	return r.object(ballotFields, func(field string) bool {
		switch field {
		case "key":
			return r.hash(&b.Key)
		case "token":
			return r.hash((*ballot.Hash)(&b.Token))
		case "prefix":
			return r.hash(&b.Prefix)
		}
		word, ok := r.word()
		b.Signature = string(word)
		return ok && len(word) >= 300 && len(word) <= 700
	})
}

// quickReader takes parts of a cast off the front of what is left.
type quickReader struct{ rest []byte }

func (r *quickReader) take(c byte) bool {
	if len(r.rest) == 0 || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// word takes a string of plain ASCII.
func (r *quickReader) word() ([]byte, bool) {
	if !r.take('"') {
		return nil, false
	}
	for i, c := range r.rest {
		switch {
		case c == '"':
			word := r.rest[:i]
			r.rest = r.rest[i+1:]
			return word, true
		case c == '\\' || c < ' ' || c > '~':
			return nil, false
		}
	}
	return nil, false
}

// object takes an object that has exactly these fields; read takes the value of one.
func (r *quickReader) object(fields []string, read func(field string) bool) bool {
	if !r.take('{') {
		return false
	}
	for missing := 1<<len(fields) - 1; missing != 0; {
		name, ok := r.word()
		i := slices.IndexFunc(fields, func(f string) bool { return f == string(name) })
		if !ok || i < 0 || missing&(1<<i) == 0 || !r.take(':') || !read(fields[i]) {
			return false
		}
		if missing &^= 1 << i; missing != 0 && !r.take(',') {
			return false
		}
	}
	return r.take('}')
}

func (r *quickReader) hash(into *ballot.Hash) bool {
	word, ok := r.word()
	return ok && into.UnmarshalText(word) == nil
}

func (r *quickReader) revision(into *int) bool {
	n, at := 0, 0
	for at < len(r.rest) && at < 2 && r.rest[at] >= '0' && r.rest[at] <= '9' {
		n = 10*n + int(r.rest[at]-'0')
		at++
	}
	ok := at > 0 && r.rest[0] != '0' && n <= ballot.MaxRevision
	*into, r.rest = n, r.rest[at:]
	return ok
}

// answers takes an object that holds no other and no text with an escape or a brace in it.
func (r *quickReader) answers(into *json.RawMessage) bool {
	end := bytes.IndexByte(r.rest, '}') + 1
	if end == 0 || bytes.ContainsRune(r.rest[:end], '\\') || !json.Valid(r.rest[:end]) {
		return false
	}
	*into, r.rest = slices.Clone(r.rest[:end]), r.rest[end:]
	return (*into)[0] == '{'
}
