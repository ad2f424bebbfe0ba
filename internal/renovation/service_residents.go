package renovation

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/text"
)

// Speak keeps what somebody who lives there says about a project. Nobody reads who it was; others read it once it is answered. The fault
// renovation.remarks_open (Conflict) where too much of theirs waits for an answer.
func (s *Service) Speak(ctx context.Context, p authz.Principal, which id.ID, how Taken, words string) (id.ID, error) {
	made := id.New()
	return s.made(ctx, p, which, authz.RenovationSpeak, StepSpeak, how, made, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		r, err := newRemark(ctx, tx, which, p.Person, words, m.at)
		if err != nil {
			return err
		}
		r.ID, m.keeps = made, true
		m.note("remark", r.ID)
		m.tell("renovation.spoken", nil)
		return insertRemark(ctx, tx, which, r)
	})
}

// AnswerRemark answers what was said, once, by the office that carries the project out or the community.
func (s *Service) AnswerRemark(ctx context.Context, p authz.Principal, which, remark id.ID, how Taken, answer string) error {
	_, err := s.take(ctx, p, which, authz.RenovationAnswer, StepAnswer, how, func(ctx context.Context, tx *dbx.Tx, m *move) error {
		answer, err := text.Paragraph("body.answer", answer, 2, 1000)
		if err != nil {
			return err
		}
		m.keeps = true
		m.note("remark", remark)
		author, err := remarkAuthor(ctx, tx, remark)
		if err != nil {
			return err
		}
		if author != nil {
			m.tell("renovation.answered", map[string]any{"person": *author})
		}
		return answerRemark(ctx, tx, which, Remark{ID: remark, Answer: answer, AnsweredAt: &m.at, AnsweredOrg: m.actor.Org.Ptr()}, m.actor.Person.Ptr())
	})
	return err
}

// Remarks lists what was said about a project, the newest first: all of it for who answers, else what is answered and one's own.
func (s *Service) Remarks(ctx context.Context, p authz.Principal, which id.ID, req page.Request) (page.Page[Remark], error) {
	_, obj, err := s.reach(ctx, which)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	if err := authz.Require(p, authz.RenovationRead, readable(obj)); err != nil {
		return page.Page[Remark]{}, err
	}
	last, err := before(req)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	reader := &p.Person
	if authz.Require(p, authz.RenovationAnswer, obj) == nil {
		reader = nil
	}
	rows, err := remarksOf(ctx, s.DB, which, reader, last, req.Size()+1)
	if err != nil {
		return page.Page[Remark]{}, err
	}
	return page.Cut(mark(rows, p.Person), req.Size(), func(r Remark) []string { return []string{r.ID.String()} }), nil
}

// Exported is what the program holds of a person in renovations, for the copy of their data that they ask for (PIPL 45).
type Exported struct {
	Remarks     []Remark     `json:"remarks"`
	Supervisors []Supervisor `json:"supervisors"`
	Signatures  []Signature  `json:"signatures"`
}

// ExportPerson returns what a person said, signed and volunteered for.
func (s *Service) ExportPerson(ctx context.Context, q dbx.Querier, person id.ID) (Exported, error) {
	return heldOf(ctx, q, person)
}

// ErasePerson cuts the ties between a person and what they said, signed and volunteered for, and takes names and numbers out of their words.
func (s *Service) ErasePerson(ctx context.Context, tx *dbx.Tx, person id.ID) error {
	held, err := heldOf(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, r := range held.Remarks {
		if err := forgetRemark(ctx, tx, r.ID, personal.Redact(r.Words)); err != nil {
			return err
		}
	}
	return forgetPerson(ctx, tx, person, clock.Now(s.Clock))
}
