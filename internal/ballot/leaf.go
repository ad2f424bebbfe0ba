package ballot

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Log is the name of the ledger's log of surveys.
const Log = "surveys"

// leafVersion is the version of the forms below. A changed form gets a new version; old leaves are read for ever.
const leafVersion = 1

// Entry is what one leaf of the log of surveys says: one of the structs of this file. Their fields are public once the
// leaf is, and their order is part of the form.
type Entry interface {
	// kind names the form.
	kind() string
	// check tells what no such entry can say.
	check() error
}

// RoundOpened opens a round: from here on nothing of it can change.
type RoundOpened struct {
	Round         id.ID        `json:"round"`
	Questionnaire Hash         `json:"questionnaire"`     // hash of the published version
	Rules         Hash         `json:"rules"`             // hash of the rule files in force
	Roll          Hash         `json:"roll"`              // hash of the frozen roll
	Dwellings     int          `json:"dwellings"`         // on the roll, or in the sample
	OpensOn       clock.Date   `json:"opensOn"`           // the first day
	ClosesOn      clock.Date   `json:"closesOn"`          // the last day
	ReceiptKey    Hash         `json:"receiptKey"`        // Ed25519 public key of receipts
	Keys          []StratumKey `json:"keys"`              // in ascending order of Stratum
	Pledges       []Hash       `json:"pledges,omitempty"` // what the seed of a sample is made of, in order
}

// StratumKey is the key that signs the ballots of a stratum.
type StratumKey struct {
	Stratum   string `json:"stratum"`
	Key       Hash   `json:"key"`
	Dwellings int    `json:"dwellings"`
}

// DrawSeal seals who had drawn a ballot at the end of a day, one commitment per dwelling of the stratum.
type DrawSeal struct {
	Round id.ID      `json:"round"`
	Key   Hash       `json:"key"`
	Day   clock.Date `json:"day"`
	Count int        `json:"count"`
	Root  Hash       `json:"root"`
}

// Response is a counted response.
type Response struct {
	Round      id.ID `json:"round"`
	Key        Hash  `json:"key"`
	Token      Hash  `json:"token"` // the token's hash
	Revision   int   `json:"revision"`
	Opening    Hash  `json:"opening"` // proof of the right to the revision
	Commitment Hash  `json:"commitment"`
	Attributes Hash  `json:"attributes"` // AttributesHash of channel and lot
}

// Lot is a lot of paper envelopes whose ballots were signed. More were never signed than it says, and whoever wants to use
// more than were taken by dwellings finds their ballots refused.
type Lot struct {
	Round  id.ID      `json:"round"`
	Key    Hash       `json:"key"`
	Lot    string     `json:"lot"`
	Issued int        `json:"issued"`
	Batch  Hash       `json:"batch"` // BatchHash of what was signed
	Day    clock.Date `json:"day"`
}

// Voided is a paper ballot that came back unused or spoilt. It stands before the responses of its round, none of which has its token.
type Voided struct {
	Round id.ID `json:"round"`
	Key   Hash  `json:"key"`
	Token Hash  `json:"token"`
}

// Closed ends the casting. Its responses are the Counted leaves of the round before it, ascending by token hash.
type Closed struct {
	Round   id.ID           `json:"round"`
	Day     clock.Date      `json:"day"`
	Counted int             `json:"counted"`
	Strata  []ClosedStratum `json:"strata"` // in the order of RoundOpened.Keys
}

// ClosedStratum is the balance of one stratum: Counted ≤ Drawn ≤ Dwellings.
type ClosedStratum struct {
	Key       Hash `json:"key"`
	Dwellings int  `json:"dwellings"`
	Drawn     int  `json:"drawn"`
	Counted   int  `json:"counted"`
	Draws     Hash `json:"draws"` // root of the final list of draws, FinalRoot
}

// Exclusion leaves out responses by an attribute that is on their leaves, never by content.
type Exclusion struct {
	Round  id.ID      `json:"round"`
	Number int        `json:"number"` // from 1 within the round
	By     string     `json:"by"`     // channel, lot or stratum
	Value  string     `json:"value"`
	Count  int        `json:"count"`  // responses left out
	Reason Hash       `json:"reason"` // TextHash of the published reason
	First  Hash       `json:"first"`  // salted hashes of the two natural persons who decided
	Second Hash       `json:"second"`
	Day    clock.Date `json:"day"`
}

// Score fixes a computed score.
type Score struct {
	Round    id.ID `json:"round"`
	Revision int   `json:"revision"` // 0 for the first
	Rules    Hash  `json:"rules"`
	Result   Hash  `json:"result"` // hash of the canonical score document
	Counted  int   `json:"counted"`
}

// Objection is that somebody objected and how far it is; what it says stays apart.
type Objection struct {
	Round  id.ID      `json:"round"`
	Number int        `json:"number"` // from 1 within the round
	By     string     `json:"by"`     // company, committee or households
	Status string     `json:"status"` // filed, upheld, dismissed or withdrawn
	Day    clock.Date `json:"day"`
}

// Revision is the outcome of an audit of a score. The score before it stays visible.
type Revision struct {
	Round   id.ID      `json:"round"`
	Number  int        `json:"number"`  // from 1 within the round
	Outcome string     `json:"outcome"` // uphold, revise or reject (审计不采信)
	Before  Hash       `json:"before"`  // Score.Result
	After   Hash       `json:"after"`   // Score.Result; the same as Before unless revised
	Reason  Hash       `json:"reason"`
	Day     clock.Date `json:"day"`
}

// KindOf names the form of an entry.
func KindOf(e Entry) string { return e.kind() }

// Encode writes an entry in its one form, which the ledger's leaf is the hash of. An entry that cannot be true is an
// error.
func Encode(e Entry) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("leaf %s: %w", e.kind(), err)
	}
	if r, ok := e.(Response); ok {
		return appendResponse(make([]byte, 0, 384), r), nil
	}
	return encodeAny(e)
}

// encodeAny writes an entry of any kind.
func encodeAny(e Entry) ([]byte, error) {
	body, err := canonical(e)
	if err != nil {
		return nil, fmt.Errorf("leaf %s: %w", e.kind(), err)
	}
	out := make([]byte, 0, len(body)+48)
	out = fmt.Appendf(out, `{"type":%q,"v":%d,"entry":`, e.kind(), leafVersion)
	return append(append(out, body...), '}'), nil
}

// Leaf is the hash of an encoded entry: what is appended to the log.
func Leaf(encoded []byte) [32]byte { return sha256.Sum256(encoded) }

// ParseEntry reads an entry and accepts it in the form that Encode writes only; a fault "ballot.malformed" otherwise.
func ParseEntry(encoded []byte) (Entry, error) {
	if e, ok := scanResponse(encoded); ok {
		return e, nil
	}
	return parseAny(encoded)
}

// parseAny reads an entry of any kind.
func parseAny(encoded []byte) (Entry, error) {
	var frame struct {
		Type  string          `json:"type"`
		V     int             `json:"v"`
		Entry json.RawMessage `json:"entry"`
	}
	if err := json.Unmarshal(encoded, &frame); err != nil {
		return nil, malformed(err)
	}
	e, err := decodeEntry(frame.Type, frame.Entry)
	if err != nil {
		return nil, malformed(err)
	}
	if again, err := Encode(e); err != nil {
		return nil, malformed(err)
	} else if !bytes.Equal(again, encoded) {
		return nil, malformed(errors.New("not in the canonical form"))
	}
	return e, nil
}

func decodeEntry(kind string, body []byte) (Entry, error) {
	switch kind {
	case RoundOpened{}.kind():
		return decodeAs[RoundOpened](body)
	case DrawSeal{}.kind():
		return decodeAs[DrawSeal](body)
	case Response{}.kind():
		return decodeAs[Response](body)
	case Lot{}.kind():
		return decodeAs[Lot](body)
	case Voided{}.kind():
		return decodeAs[Voided](body)
	case Closed{}.kind():
		return decodeAs[Closed](body)
	case Exclusion{}.kind():
		return decodeAs[Exclusion](body)
	case Score{}.kind():
		return decodeAs[Score](body)
	case Objection{}.kind():
		return decodeAs[Objection](body)
	case Revision{}.kind():
		return decodeAs[Revision](body)
	}
	return nil, errors.New("no such kind of leaf")
}

func decodeAs[T Entry](body []byte) (Entry, error) {
	var e T
	err := json.Unmarshal(body, &e)
	return e, err
}

func (RoundOpened) kind() string { return "round_opened" }
func (DrawSeal) kind() string    { return "draw_seal" }
func (Response) kind() string    { return "response" }
func (Lot) kind() string         { return "lot" }
func (Voided) kind() string      { return "voided" }
func (Closed) kind() string      { return "closed" }
func (Exclusion) kind() string   { return "exclusion" }
func (Score) kind() string       { return "score" }
func (Objection) kind() string   { return "objection" }
func (Revision) kind() string    { return "revision" }

// want is the error of a check, nil when ok.
func want(ok bool, what string) error {
	if ok {
		return nil
	}
	return errors.New("want " + what)
}

func wantDate(d clock.Date) error {
	_, err := clock.ParseDate(string(d))
	return err
}

// maxCode is the longest code of a stratum, channel or lot.
const maxCode = 40

// wantCode keeps codes to characters that every JSON writer writes alike.
func wantCode(s string) error {
	ok := s != "" && len(s) <= maxCode
	for _, c := range []byte(s) {
		ok = ok && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.')
	}
	return want(ok, "a code of letters, digits, dots and dashes")
}

func (e RoundOpened) check() error {
	err := errors.Join(wantDate(e.OpensOn), wantDate(e.ClosesOn),
		want(e.OpensOn <= e.ClosesOn, "an end after the beginning"), want(len(e.Keys) > 0, "a key"))
	dwellings, last := 0, ""
	for _, k := range e.Keys {
		err = errors.Join(err, wantCode(k.Stratum), want(k.Stratum > last && k.Dwellings > 0, "strata with dwellings, ascending"))
		dwellings, last = dwellings+k.Dwellings, k.Stratum
	}
	return errors.Join(err, want(dwellings == e.Dwellings, "strata that add up to the roll"))
}

// Key finds a stratum's key by its id.
func (e RoundOpened) Key(key Hash) (StratumKey, bool) {
	i := slices.IndexFunc(e.Keys, func(k StratumKey) bool { return k.Key == key })
	if i < 0 {
		return StratumKey{}, false
	}
	return e.Keys[i], true
}

func (e DrawSeal) check() error {
	return errors.Join(wantDate(e.Day), want(e.Count > 0, "a dwelling"))
}

func (e Response) check() error {
	return want(e.Revision >= 1 && e.Revision <= MaxRevision, "a revision")
}

func (e Lot) check() error {
	return errors.Join(wantDate(e.Day), wantCode(e.Lot), want(e.Issued > 0, "an envelope"))
}

func (e Voided) check() error { return nil }

func (e Closed) check() error {
	err := errors.Join(wantDate(e.Day), want(len(e.Strata) > 0, "a stratum"))
	counted := 0
	for _, s := range e.Strata {
		counted += s.Counted
		err = errors.Join(err, want(s.Counted >= 0 && s.Counted <= s.Drawn && s.Drawn <= s.Dwellings, "no more counted than drawn, nor drawn than dwellings"))
	}
	return errors.Join(err, want(counted == e.Counted, "strata that add up to what was counted"))
}

func (e Exclusion) check() error {
	return errors.Join(wantDate(e.Day), wantCode(e.Value), want(e.Number > 0 && e.Count > 0, "a number and a count"),
		want(slices.Contains([]string{"channel", "lot", "stratum"}, e.By), "an attribute on leaves"),
		want(e.First != e.Second, "two persons"))
}

func (e Score) check() error { return want(e.Revision >= 0 && e.Counted >= 0, "no negative number") }

func (e Objection) check() error {
	return errors.Join(wantDate(e.Day), want(e.Number > 0, "a number"),
		want(slices.Contains([]string{"company", "committee", "households"}, e.By), "a party that may object"),
		want(slices.Contains([]string{"filed", "upheld", "dismissed", "withdrawn"}, e.Status), "a status"))
}

func (e Revision) check() error {
	return errors.Join(wantDate(e.Day), want(e.Number > 0, "a number"),
		want(slices.Contains([]string{"uphold", "revise", "reject"}, e.Outcome), "an outcome"),
		want((e.Outcome == "revise") == (e.Before != e.After), "another result where it was revised, and only there"))
}
