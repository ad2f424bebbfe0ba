package survey

import (
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// FormState tells whether a questionnaire can still change.
type FormState string

// The states of a questionnaire.
const (
	FormDraft     FormState = "draft"
	FormPublished FormState = "published" // frozen; rounds can use it
)

// Form is a questionnaire that an organisation keeps.
type Form struct {
	ID          id.ID          `db:"id" json:"id"`
	OwnerID     id.ID          `db:"owner_org_id" json:"ownerId"`
	ScopePath   string         `db:"scope_path" json:"-"`
	Template    string         `db:"template" json:"template" doc:"The template whose dimensions and weights score it"`
	Title       string         `db:"title" json:"title"`
	Text        string         `db:"content" json:"-"`
	Hash        ballot.Hash    `db:"hash" json:"hash" doc:"SHA-256 of the canonical form; what a ledger leaf names"`
	State       FormState      `db:"state" json:"state" enum:"draft,published"`
	PersonID    id.ID          `db:"person_id" json:"-"`
	CreatedAt   clock.Instant  `db:"created_at" json:"createdAt"`
	ChangedAt   clock.Instant  `db:"changed_at" json:"changedAt"`
	PublishedAt *clock.Instant `db:"published_at" json:"publishedAt,omitempty"`
	Version     int64          `db:"version" json:"version"`
}

// Questionnaire reads what the form asks. It was checked when it was written, so an error is a damaged row.
func (f Form) Questionnaire() (questionnaire.Questionnaire, error) {
	return questionnaire.Parse([]byte(f.Text))
}

// fill takes over a checked questionnaire.
func (f *Form) fill(q questionnaire.Questionnaire) {
	f.Title, f.Text, f.Hash = q.Title.Zh, string(q.Canonical()), q.Hash()
}
