// Package news is what happens at a residential estate, for whoever lives there: what is broken in its common parts and by when it
// should be right, who manages it, what was published about it, and what its people are asked or have decided. It reads other
// features' tables and changes none. Nothing in it is about a person, and nothing that a person wrote about a repair is in it.
package news

import (
	"bytes"
	"cmp"
	"strconv"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/rules"
)

// Kind is what a piece of news is about.
type Kind string

// The kinds. Two pieces of the same moment come in the reverse of this order by name.
const (
	Arrangement     Kind = "arrangement"      // somebody manages the service area from then on
	Rates           Kind = "rates"            // a month's rates were published, or corrected
	RenovationStage Kind = "renovation_stage" // a renovation came to a stage
	RepairDone      Kind = "repair_done"      // a repair in the common parts is over
	RepairOpen      Kind = "repair_open"      // a repair in the common parts was reported and is not over
	SurveyAnnounced Kind = "survey_announced" // a satisfaction survey was announced
	SurveyPublished Kind = "survey_published" // its result was published
	VoteAnnounced   Kind = "vote_announced"   // an owners' decision was announced
	VotePublished   Kind = "vote_published"   // its result was published
)

// lookBack is how far news goes back: half a year. A repair that is not over is news however old it is.
const lookBack = 183 * 24 * time.Hour

// Happening is a piece of news.
type Happening struct {
	Kind     Kind           `db:"-" json:"kind" enum:"arrangement,rates,renovation_stage,repair_done,repair_open,survey_announced,survey_published,vote_announced,vote_published"`
	At       clock.Instant  `db:"at" json:"at" doc:"When it happened: the newest comes first"`
	ID       *id.ID         `db:"id" json:"id,omitempty" doc:"The arrangement, published month, renovation, survey round or vote; a repair is not named: others reported it"`
	Key      id.ID          `db:"item_key" json:"-"` // what tells it from others of its kind and moment
	Title    string         `db:"title" json:"title,omitempty" doc:"Name of the survey, the vote or the renovation; who manages the service area"`
	Category string         `db:"category" json:"category,omitempty" doc:"Of a repair: code of what is broken"`
	NameZH   string         `db:"-" json:"nameZh,omitempty" doc:"Its name"`
	NameEN   string         `db:"-" json:"nameEn,omitempty"`
	Building string         `db:"building" json:"building,omitempty" doc:"Of a repair: its building by name; absent where it is outside of one"`
	Spot     string         `db:"spot" json:"publicArea,omitempty" doc:"Of a repair: the public area by name"`
	State    string         `db:"state" json:"state,omitempty" doc:"Of a repair: its state; of a renovation: the stage; of an arrangement: its kind; of a vote with a result: published, effective, ordered or revoked"`
	OpensAt  *clock.Instant `db:"opens_at" json:"opensAt,omitempty" doc:"Of a survey or vote: when answers are taken"`
	DueAt    *clock.Instant `db:"due_at" json:"dueAt,omitempty" doc:"Of a repair: by when it should be right, while that time runs; of a survey or vote: when it closes"`
	Source   string         `db:"source" json:"timeSource,omitempty" doc:"Of a repair: promised (by the contract) or reference (参考时限)"`
	Paused   bool           `db:"paused" json:"paused,omitempty" doc:"Of a repair: it waits for somebody else, and the time stands still"`
	Until    *clock.Date    `db:"until_on" json:"until,omitempty" doc:"Of an arrangement: its last day, where one is set"`
	Month    string         `db:"month" json:"month,omitempty" doc:"Of rates: the month, as 2026-10"`
	Revision int64          `db:"revision" json:"revision,omitempty" doc:"Of rates: above 1 where the month was corrected"`
}

// newer orders news: the newest first.
func newer(a, b Happening) int {
	return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.Kind, a.Kind), bytes.Compare(b.Key[:], a.Key[:]))
}

// place is the service area whose news is asked for.
type place struct {
	ID        id.ID  `db:"id"`
	Community id.ID  `db:"community_id"`
	Path      string `db:"path"`
}

// object is the place as permissions see it: open to whoever lives there.
func (p place) object() authz.Object { return authz.Object{Path: p.Path, Open: true} }

// above lists the paths of the place and of everything it lies in.
func (p place) above() []string {
	var out []string
	for i, c := range p.Path {
		if c == '/' {
			out = append(out, p.Path[:i+1])
		}
	}
	return out
}

// span is which news of a place is read: from a moment on, and older than where the page begins.
type span struct {
	place
	from  clock.Instant
	now   clock.Instant
	after *Happening // the last of the page before
	limit int
}

// before is where a kind's part of the page begins: rows older than at, and those of that moment whose key is smaller.
func (s span) before(k Kind) (at clock.Instant, key id.ID) {
	switch {
	case s.after == nil:
		return s.now + 1, id.Nil // nothing that is still to come is news
	case k < s.after.Kind:
		return s.after.At + 1, id.Nil
	case k > s.after.Kind:
		return s.after.At, id.Nil
	}
	return s.after.At, s.after.Key
}

// cursor holds what newer compares.
func cursor(i Happening) []string {
	return []string{strconv.FormatInt(int64(i.At), 10), string(i.Kind), i.Key.String()}
}

func begin(req page.Request) (*Happening, error) {
	parts, err := page.Decode(req.Cursor, 3)
	if err != nil || parts == nil {
		return nil, err
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	key, bad := id.Parse(parts[2])
	if err != nil || bad != nil {
		return nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return &Happening{At: clock.Instant(at), Kind: Kind(parts[1]), Key: key}, nil
}

// shared are the categories of things in the common parts: never of persons, of dwellings or of what neighbours do.
func shared(all *rules.Dictionary) []string {
	var out []string
	for _, group := range all.Groups() {
		for _, c := range group.Categories {
			thing := c.Responsibility == rules.CommonPart || c.Responsibility == rules.Utility
			if thing && c.Identity != rules.ConductCase && c.Severity != rules.Complaint && c.Severity != rules.Inquiry {
				out = append(out, c.Code)
			}
		}
	}
	return out
}
