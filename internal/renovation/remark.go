package renovation

import (
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
)

// Remark is what a resident says about a project, or an objection to what a request posts. Nobody reads who said it; others read it once
// it is answered.
type Remark struct {
	ID          id.ID          `db:"id" json:"id"`
	PersonID    *id.ID         `db:"person_id" json:"-"`
	Words       string         `db:"words" json:"words"`
	At          clock.Instant  `db:"at" json:"at"`
	Answer      string         `db:"answer" json:"answer,omitempty"`
	AnsweredAt  *clock.Instant `db:"answered_at" json:"answeredAt,omitempty"`
	AnsweredOrg *id.ID         `db:"answered_org" json:"answeredById,omitempty" doc:"The office that answered"`
	Mine        bool           `db:"-" json:"mine" doc:"You said it"`
}

// mostOpenRemarks is how much of what one person said about a subject can wait for an answer: one voice does not bury the others.
const mostOpenRemarks = 5

// mark tells the reader what they said themselves.
func mark(list []Remark, reader id.ID) []Remark {
	for i := range list {
		list[i].Mine = list[i].PersonID != nil && *list[i].PersonID == reader
	}
	return list
}
