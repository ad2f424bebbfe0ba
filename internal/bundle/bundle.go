// Package bundle writes and verifies the public bundle of a survey round: one file from which anybody, with no account,
// no database and no network, checks that every counted response is in the signed ledger, was signed by the round's keys
// and says what it was cast to say, and computes the published score again to the digit.
//
// The form is described field by field in docs/surveys-bundle.md, so that another verifier can be written. Writing and
// verifying keep memory flat, however many responded.
package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/scorecard"
)

// Format and Version name the form of the file in its first line. Files of the forms before are read for ever: the first has no roll, and in
// both a sample asks as many dwellings as its margin needs answers.
const (
	Format  = "redproperty-survey-bundle"
	Version = 3

	versionWithoutRoll     = 1
	versionWithoutResponse = 2
)

// The kinds of lines, in the order in which they stand. Leaves, responses and gaps share a place: they stand by their
// position in the ledger.
const (
	kindHeader        = "header"
	kindQuestionnaire = "questionnaire"
	kindRules         = "rules"
	kindProject       = "project"
	kindStratum       = "stratum"
	kindCard          = "card"
	kindPledge        = "pledge"
	kindLeaf          = "leaf"
	kindGap           = "gap"
	kindResponse      = "response"
	kindDraw          = "draw"
	kindDwelling      = "dwelling"
	kindAnswers       = "answers"
	kindEnd           = "end"
)

// ranks orders the kinds of lines.
var ranks = map[string]int{
	kindHeader: 0, kindQuestionnaire: 1, kindRules: 2, kindProject: 3, kindStratum: 4, kindCard: 5, kindPledge: 6,
	kindLeaf: 7, kindGap: 7, kindResponse: 7, kindDraw: 8, kindDwelling: 9, kindAnswers: 10, kindEnd: 11,
}

// Header opens the file.
type Header struct {
	Type        string `json:"type"`
	Format      string `json:"format"`
	V           int    `json:"v"`
	Round       id.ID  `json:"round"`
	Method      string `json:"method"`
	MarginBp    int64  `json:"marginBp,omitempty"`        // of a sample: the planned margin, in 1/100 of a percentage point
	Response    int64  `json:"responsePercent,omitempty"` // of a sample: of a hundred dwellings asked, how many were expected to answer
	Template    string `json:"template"`                  // of the rules: whose dimensions and weights score the questionnaire
	VerifierKey string `json:"verifierKey"`               // of the ledger; to be compared with a copy from elsewhere
	Checkpoint  string `json:"checkpoint"`                // signed note over the log of surveys
}

// Text is the canonical questionnaire, or the file of the survey rules.
type Text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// Project is a service area that is rated.
type Project struct {
	Type        string `json:"type"`
	ServiceArea id.ID  `json:"serviceArea"`
	Name        string `json:"name"`
	Company     *id.ID `json:"company,omitempty"`
	LeftOut     int64  `json:"leftOut"`
}

// Stratum is a group of dwellings with a signing key.
type Stratum struct {
	Type        string `json:"type"`
	Stratum     string `json:"stratum"`
	ServiceArea id.ID  `json:"serviceArea"`
	Key         Bytes  `json:"key"` // SubjectPublicKeyInfo
	Dwellings   int64  `json:"dwellings"`
	Sampled     int64  `json:"sampled"`
	Drawn       int64  `json:"drawn"`
	Counted     int64  `json:"counted"`
}

// Card is the published score in one revision.
type Card struct {
	Type     string `json:"type"`
	Revision int64  `json:"revision"`
	Text     string `json:"text"`
}

// Pledge is what a party put into the draw of a sample: first the commitment, then, once the roll was frozen, the secret.
type Pledge struct {
	Type       string      `json:"type"`
	Party      id.ID       `json:"party"`
	Commitment ballot.Hash `json:"commitment"`
	Secret     ballot.Hash `json:"secret"`
}

// Dwelling is a line of the frozen roll: a salted hash in which only its household finds itself.
type Dwelling struct {
	Type    string      `json:"type"`
	Line    ballot.Hash `json:"line"`
	Stratum string      `json:"stratum"` // empty where it was left out
	Asked   bool        `json:"asked"`
}

// Leaf is an entry of the round in the ledger that is no response.
type Leaf struct {
	Type string       `json:"type"`
	Pos  int64        `json:"pos"`
	Body string       `json:"body"`
	Leaf *ballot.Hash `json:"leaf,omitempty"` // of the body, which Write adds: with it an altered entry is told from an altered tree
}

// gap stands for entries of other rounds: the roots of the complete subtrees that they fall into, from left to right.
type gap struct {
	Type   string        `json:"type"`
	From   int64         `json:"from"`
	To     int64         `json:"to"`
	Hashes []ballot.Hash `json:"hashes"`
}

// draw is a dwelling of the final list.
type draw struct {
	Type    string      `json:"type"`
	Stratum string      `json:"stratum"`
	Tag     ballot.Hash `json:"tag"`
	Drawn   bool        `json:"drawn"`
}

// answers are those of some response of a group that shows them together.
type answers struct {
	Type    string `json:"type"`
	Group   string `json:"group"`
	Answers string `json:"answers"`

	ExcludedFrom int `json:"excludedFrom,omitempty"` // the first revision that does not count it; 0 for one that all count
}

// end closes the file.
type end struct {
	Type  string `json:"type"`
	Lines int64  `json:"lines"` // before this one
}

// Response is a counted response. Answers, Salt and Text are set where each response may be seen by itself.
type Response struct {
	Pos        int64
	Stratum    int // index
	Token      ballot.Token
	Prefix     ballot.Hash
	Signature  []byte
	Revision   int
	Opening    ballot.Hash
	Commitment ballot.Hash
	Attributes ballot.Hash
	Answers    string // canonical; never free text
	Salt       ballot.Hash
	Text       ballot.Hash // salted hash of the free text
	Excluded   *Excluded   // nil for those that every revision counts
}

// Excluded tells how a response came in that an exclusion left out, as its entry in the ledger fixed it. An exclusion takes or
// leaves a whole group of the size from which answers are shown, so that it shows no more of a person than the answers do.
type Excluded struct {
	Revision int // the first card that does not count it
	Channel  string
	Lot      string
	Salt     ballot.Hash
}

// entry is the ledger's leaf of the response.
func (r *Response) entry(round id.ID, key ballot.Hash) ballot.Response {
	return ballot.Response{Round: round, Key: key, Token: r.Token.Hash(round), Revision: r.Revision, Opening: r.Opening,
		Commitment: r.Commitment, Attributes: r.Attributes}
}

// Preamble is everything that stands before the ledger's entries.
type Preamble struct {
	Header        Header
	Questionnaire string
	Rules         string
	Projects      []Project
	Strata        []Stratum
	Cards         []Card
	Pledges       []Pledge // by party
}

// frame is what the answers are scored in.
func (p *Preamble) frame() (*scorecard.Frame, error) {
	q, err := questionnaire.Parse([]byte(p.Questionnaire))
	if err != nil {
		return nil, fmt.Errorf("the questionnaire: %w", err)
	}
	if !bytes.Equal(q.Canonical(), []byte(p.Questionnaire)) {
		return nil, errors.New("the questionnaire is not in its canonical form")
	}
	file, err := rules.NewFile(rules.Surveys, []byte(p.Rules))
	if err != nil {
		return nil, fmt.Errorf("the rules: %w", err)
	}
	law, err := rules.ParseSurveys(file)
	if err != nil {
		return nil, fmt.Errorf("the rules: %w", err)
	}
	f := &scorecard.Frame{Round: p.Header.Round, Method: p.Header.Method, Form: q, Template: p.Header.Template, Rules: law}
	for _, pr := range p.Projects {
		f.Projects = append(f.Projects, scorecard.Project{ServiceAreaID: pr.ServiceArea, Name: pr.Name, CompanyID: pr.Company, LeftOut: pr.LeftOut})
	}
	for _, st := range p.Strata {
		f.Strata = append(f.Strata, scorecard.Stratum{Code: st.Stratum, ServiceAreaID: st.ServiceArea, Dwellings: st.Dwellings, Sampled: st.Sampled,
			Drawn: st.Drawn, Counted: st.Counted})
	}
	return f, nil
}

// encode writes a line in its one form, without the end of the line.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

var errForm = errors.New("not in the form of such a line")

// decode reads a line in the form that encode writes, and in no other.
func decode[T any](line []byte) (v T, err error) {
	if err := json.Unmarshal(line, &v); err != nil {
		return v, errForm
	}
	if again, err := encode(v); err != nil || !bytes.Equal(again, line) {
		return v, errForm
	}
	return v, nil
}

// kindOf reads the kind of a line, which stands first in it; "" when it is none.
func kindOf(line []byte) string {
	rest, ok := bytes.CutPrefix(line, []byte(`{"type":"`))
	n := bytes.IndexByte(rest[:min(len(rest), 20)], '"')
	if !ok || n < 0 {
		return ""
	}
	return string(rest[:n])
}

// recordHash is what tlog.RecordHash makes of a leaf, without memory from the heap.
func recordHash(leaf [32]byte) tlog.Hash {
	var record [1 + len(leaf)]byte // RFC 6962, section 2.1: a zero before a leaf
	copy(record[1:], leaf[:])
	return sha256.Sum256(record[:])
}
