package survey

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/integrity"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/text"
)

// examineBatch is how many rounds one run of the job examines.
const examineBatch = 5

// ExamineDue recomputes the scores that are new and raises their integrity flags.
func (s *Service) ExamineDue(ctx context.Context, l job.Lease) (bool, error) {
	due, err := unexamined(ctx, s.DB, examineBatch)
	for _, r := range due {
		found, e := s.examine(ctx, r)
		if e == nil {
			e = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
				return errors.Join(l.Check(ctx, tx), insertExamination(ctx, tx, found))
			})
		}
		err = errors.Join(err, e)
	}
	return len(due) == examineBatch && err == nil, err
}

// examine computes what is found of the newest score. Answers in words lie apart from the ratings, so that equal texts are counted over
// the round and nothing can be said of them within a lot.
func (s *Service) examine(ctx context.Context, r Round) (Examination, error) {
	out := Examination{RoundID: r.ID, Revision: r.Revision - 1, RuleHash: r.RuleHash, MadeAt: s.now()}
	var err error
	if out.Recomputed, err = s.Recomputed(ctx, r); err != nil {
		return out, err
	}
	closing, err := closingLeaf(ctx, s.DB, r.ID)
	if err != nil {
		return out, err
	}
	out.Seed = seedFor("examination", closing)
	in, err := s.evidence(ctx, r, out.Revision)
	if err != nil {
		return out, err
	}
	in.Seed = out.Seed
	if in.Apart, err = s.textsApart(ctx, r.ID); err != nil {
		return out, err
	}
	out.Report, err = integrity.Audit(in)
	return out, err
}

// textsApart are the hashes of a round's longer answers in words; spaces and marks make no difference.
func (s *Service) textsApart(ctx context.Context, round id.ID) (out []integrity.Hash, err error) {
	err = eachRemark(ctx, s.DB, round, func(content string) error {
		plain := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				return r
			}
			return -1
		}, content)
		if utf8.RuneCountInString(plain) >= integrity.MinTextRunes {
			out = append(out, sha256.Sum256([]byte(plain)))
		}
		return nil
	})
	return out, err
}

// evidence is what the flags are computed from: the responses that a revision counts, and the drawings by day.
func (s *Service) evidence(ctx context.Context, r Round, revision int64) (integrity.Input, error) {
	strata, err := strataOf(ctx, s.DB, r.ID)
	if err != nil {
		return integrity.Input{}, err
	}
	in, at := integrity.Input{}, map[id.ID]int{}
	told, err := reminderDays(ctx, s.DB, r.ID)
	if err != nil {
		return in, err
	}
	first, last := clock.DateOf(r.OpenedAt.Time()), clock.DateOf(r.ClosedAt.Time())
	days := map[clock.Date]int{}
	for d := first; d <= last; d = d.AddDays(1) {
		days[d] = len(in.Days)
		in.Days = append(in.Days, integrity.Day{Date: d, Announced: d == first || told[d]})
	}
	for i, st := range strata {
		at[st.ID] = i
		in.Strata = append(in.Strata, integrity.Stratum{Key: st.Code(), Dwellings: st.Dwellings, Sampled: st.Sampled, Drawn: make([]int64, len(in.Days))})
	}
	drawn, err := drawnByDay(ctx, s.DB, r.ID)
	if err != nil {
		return in, err
	}
	for _, d := range drawn {
		in.Strata[at[d.Stratum]].Drawn[days[min(max(d.Day, first), last)]] += d.N
	}
	return in, s.addResponses(ctx, r, revision, strata, at, &in)
}

func (s *Service) addResponses(ctx context.Context, r Round, revision int64, strata []Stratum, at map[id.ID]int, in *integrity.Input) error {
	form, err := formByID(ctx, s.DB, r.FormID)
	if err != nil {
		return err
	}
	q, err := form.Questionnaire()
	if err != nil {
		return err
	}
	out, err := exclusionsAt(ctx, s.DB, r.ID, revision)
	if err != nil {
		return err
	}
	return eachResponse(ctx, s.DB, r.ID, func(row Response) error {
		n := at[row.StratumID]
		if excludes(out, row, strata[n].Code()) {
			return nil
		}
		answers, err := questionnaire.ParseAnswers([]byte(row.Answers))
		in.Responses = append(in.Responses, integrity.Response{Stratum: n, Channel: channelOf(row.Channel), Lot: row.Lot, Values: ratings(q, answers)})
		return err
	})
}

// AuditQueue lists the rounds of one's area that wait to be audited or signed off, those with the greatest risk first.
func (s *Service) AuditQueue(ctx context.Context, p authz.Principal, limit int) ([]Waiting, error) {
	grants, err := authz.Holds(p, authz.SurveyAudit)
	if err != nil {
		return nil, err
	}
	return auditQueue(ctx, s.DB, p, grants, limit)
}

// auditing reads a scored round for its auditor.
func (s *Service) auditing(ctx context.Context, p authz.Principal, round id.ID, perm authz.Permission) (Round, authz.Actor, error) {
	r, projects, err := s.round(ctx, p, round)
	if err != nil {
		return r, authz.Actor{}, err
	}
	whole := authz.Object{Path: r.ScopePath}
	for _, pr := range projects {
		whole.Orgs = append(whole.Orgs, r.object(pr).Orgs...)
	}
	actor, err := authz.Act(p, perm, whole)
	if err == nil && !r.State.Over() {
		err = fault.New(fault.Conflict, "survey.step_impossible", "state", string(r.State))
	}
	if err == nil {
		err = s.uninvolved(ctx, r, actor.Person)
	}
	return r, actor, err
}

// OpenAudit begins an audit of the newest score of a round. Faults: survey.audit_open, survey.involved, survey.not_examined.
func (s *Service) OpenAudit(ctx context.Context, p authz.Principal, once idem.Key, round id.ID, reason string) (Audit, error) {
	r, actor, err := s.auditing(ctx, p, round, authz.SurveyAudit)
	if err != nil {
		return Audit{}, err
	}
	if reason, err = text.Paragraph("body.reason", reason, 5, 500); err != nil {
		return Audit{}, err
	}
	if _, err := examinationOf(ctx, s.DB, r.ID, r.Revision-1); err != nil {
		return Audit{}, err
	}
	a := newAudit(r, actor, reason)
	made := a.ID
	err = s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		got, again, err := once.Claim(ctx, tx, a.ID)
		if made = got; err != nil || again {
			return err
		}
		return s.startAudit(ctx, tx, a, actor, "survey.audit_open")
	})
	if err != nil {
		return Audit{}, err
	}
	return auditByID(ctx, s.DB, round, made)
}

func newAudit(r Round, actor authz.Actor, reason string) Audit {
	return Audit{ID: id.New(), RoundID: r.ID, Revision: r.Revision - 1, ScopePath: r.ScopePath, State: AuditOpen, Reason: reason,
		OpenedBy: actor.Person.Ptr(), OpenedRole: string(actor.Role), Version: 1}
}

// startAudit writes a new audit under a round that is held.
func (s *Service) startAudit(ctx context.Context, tx *dbx.Tx, a Audit, actor authz.Actor, action string) (err error) {
	if a.Number, err = nextAudit(ctx, tx, a.RoundID); err != nil {
		return err
	}
	if a.OpenedAt, err = s.moment(ctx, tx, a.RoundID); err != nil {
		return err
	}
	err = insertAudit(ctx, tx, a)
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "survey.audit_open")
	}
	if err != nil {
		return err
	}
	return s.noteAudit(ctx, tx, a, actor, action, nil)
}

func (s *Service) noteAudit(ctx context.Context, tx *dbx.Tx, a Audit, actor authz.Actor, action string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["round"], detail["revision"], detail["state"] = a.RoundID, a.Revision, a.State
	return audit.Record(ctx, tx, s.now(), audit.Entry{Actor: actor, Action: action, ObjectKind: "survey_audit", ObjectID: a.ID, ScopePath: a.ScopePath, Detail: detail})
}

// Quiet is a round as its auditor saw it in the queue.
type Quiet struct {
	RoundID  id.ID `json:"roundId"`
	Revision int64 `json:"revision" doc:"Of the score that was seen"`
}

// SignOff takes quiet rounds off the queue, all of a page or none: those that recompute, without a raised flag, an objection or an audit
// under way. Faults: survey.not_quiet, survey.involved.
func (s *Service) SignOff(ctx context.Context, p authz.Principal, once idem.Key, list []Quiet) error {
	rounds, actors := make([]Round, len(list)), make([]authz.Actor, len(list))
	for i, w := range list {
		var err error
		if rounds[i], actors[i], err = s.auditing(ctx, p, w.RoundID, authz.SurveyAudit); err != nil {
			return err
		}
		if rounds[i].Revision-1 != w.Revision {
			return fault.New(fault.Stale, "version.stale")
		}
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := once.Claim(ctx, tx, list[0].RoundID); err != nil || again {
			return err
		}
		for i, r := range rounds {
			if err := holdScored(ctx, tx, r); errors.Is(err, dbx.ErrNoMatch) {
				return fault.New(fault.Stale, "version.stale")
			} else if err != nil {
				return err
			}
			if err := s.signOff(ctx, tx, r, actors[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) signOff(ctx context.Context, tx *dbx.Tx, r Round, actor authz.Actor) error {
	found, err := examinationOf(ctx, tx, r.ID, r.Revision-1)
	if err != nil {
		return err
	}
	objections, err := objectionsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	audits, err := auditsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	loud := !found.Recomputed || len(found.Report.Raised()) > 0 ||
		slices.ContainsFunc(objections, func(o Objection) bool {
			return o.Revision == r.Revision-1 && (o.State == Gathering || o.State == Filed || o.State == Upheld)
		}) ||
		slices.ContainsFunc(audits, func(a Audit) bool { return a.open() || a.Revision == r.Revision-1 })
	if loud {
		return fault.New(fault.Conflict, "survey.not_quiet", "round", r.Title)
	}
	a := newAudit(r, actor, "")
	a.State = AuditSignedOff
	return s.startAudit(ctx, tx, a, actor, "survey.audit_sign_off")
}

// Conclude records what the auditor has found and proposes. Somebody else decides.
func (s *Service) Conclude(ctx context.Context, p authz.Principal, round, which id.ID, t Taken, proposal Outcome, finding string) (Audit, error) {
	r, actor, err := s.auditing(ctx, p, round, authz.SurveyAudit)
	if err != nil {
		return Audit{}, err
	}
	if finding, err = text.Paragraph("body.finding", finding, 10, 2000); err != nil {
		return Audit{}, err
	}
	return s.auditStep(ctx, t, r, which, AuditOpen, func(ctx context.Context, tx *dbx.Tx, a *Audit) error {
		at := s.now()
		a.State, a.Proposal, a.Finding, a.ConcludedBy, a.ConcludedAt = AuditConcluded, proposal, finding, actor.Person.Ptr(), &at
		return s.noteAudit(ctx, tx, *a, actor, "survey.audit_conclude", map[string]any{"proposal": proposal})
	})
}

// auditStep moves an audit on in the version that the caller saw, while its round keeps its revision.
func (s *Service) auditStep(ctx context.Context, t Taken, r Round, which id.ID, from AuditState, do func(context.Context, *dbx.Tx, *Audit) error) (Audit, error) {
	err := s.inRound(ctx, r, func(ctx context.Context, tx *dbx.Tx) error {
		if _, again, err := t.Once.Claim(ctx, tx, which); err != nil || again {
			return err
		}
		a, err := auditByID(ctx, tx, r.ID, which)
		if err != nil {
			return err
		}
		if a.Version != t.Version {
			return fault.New(fault.Stale, "version.stale")
		}
		if a.State != from {
			return fault.New(fault.Conflict, "survey.audit_state", "state", string(a.State))
		}
		if err := do(ctx, tx, &a); err != nil {
			return err
		}
		err = updateAudit(ctx, tx, a, from)
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Stale, "version.stale")
		}
		return err
	})
	if err != nil {
		return Audit{}, err
	}
	return auditByID(ctx, s.DB, r.ID, which)
}

// DecideAudit decides an audit in writing: the score stands, is revised by the exclusions that two persons confirmed, or nothing may rest
// on it. The reasons are public; the score before it stays visible. Who opened, concluded or proposed does not decide. Faults:
// survey.audit_state, survey.involved, survey.nothing_to_revise.
func (s *Service) DecideAudit(ctx context.Context, p authz.Principal, round, which id.ID, t Taken, outcome Outcome, reasons string) (Audit, error) {
	r, actor, err := s.auditing(ctx, p, round, authz.SurveyDecide)
	if err != nil {
		return Audit{}, err
	}
	a, err := auditByID(ctx, s.DB, round, which)
	if err != nil {
		return Audit{}, err
	}
	if err := s.outside(ctx, a, actor.Person); err != nil {
		return Audit{}, err
	}
	if reasons, err = text.Paragraph("body.reasons", reasons, 10, 2000); err != nil {
		return Audit{}, err
	}
	salt := ballot.NewHash()
	d := decision{audit: a, actor: actor, outcome: outcome, reasons: reasons, salt: salt}
	if d.before, err = scoreOf(ctx, s.DB, r.ID, id.Nil, r.Revision-1); err != nil {
		return Audit{}, err
	}
	if outcome == Revise {
		if err := s.revise(ctx, r, &d); err != nil {
			return Audit{}, err
		}
	}
	return s.auditStep(ctx, t, r, which, AuditConcluded, func(ctx context.Context, tx *dbx.Tx, a *Audit) error {
		return s.decideAudit(ctx, tx, r, d, a)
	})
}

// decision is an audit's decision with the scores before and after it.
type decision struct {
	audit   Audit
	actor   authz.Actor
	outcome Outcome
	reasons string
	salt    ballot.Hash
	before  ScoreRow
	without []Exclusion // of a revision, and what each leaves out
	counts  []int64
	card    Card
}

// outside refuses persons who took part in the audit.
func (s *Service) outside(ctx context.Context, a Audit, person id.ID) error {
	list, err := exclusionsOf(ctx, s.DB, a.RoundID)
	if err != nil {
		return err
	}
	if a.involves(person, list) {
		return fault.New(fault.Forbidden, "survey.involved")
	}
	return nil
}

// revise computes what the audit's confirmed exclusions make of the score.
func (s *Service) revise(ctx context.Context, r Round, d *decision) (err error) {
	if d.without, err = s.effective(ctx, r, d.audit.ID); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.without, func(e Exclusion) bool { return e.AuditID == d.audit.ID }) {
		return fault.New(fault.Conflict, "survey.nothing_to_revise")
	}
	if d.counts, err = s.leftOut(ctx, r, d.without); err != nil {
		return err
	}
	d.card, err = s.computeWithout(ctx, r, r.Revision, d.without)
	return err
}

func (s *Service) decideAudit(ctx context.Context, tx *dbx.Tx, r Round, d decision, a *Audit) error {
	at, err := s.moment(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	leaf := ballot.Revision{Round: r.ID, Number: int(a.Number), Outcome: string(d.outcome), Before: d.before.Hash, After: d.before.Hash,
		Reason: ballot.TextHash(d.salt, d.reasons), Day: clock.DateOf(at.Time())}
	a.State, a.Outcome, a.Reasons, a.ReasonSalt, a.DecidedBy, a.DecidedRole, a.DecidedAt = AuditDecided, d.outcome, d.reasons, &d.salt, d.actor.Person.Ptr(), string(d.actor.Role), &at
	if d.outcome == Revise {
		_, hash, err := d.card.Canonical()
		if err != nil {
			return err
		}
		leaf.After = hash
		if err := s.enforce(ctx, tx, *a, d.without, d.counts, d.card.Revision); err != nil {
			return err
		}
		err = s.step(ctx, tx, d.actor, r, StepRevise, func(ctx context.Context, tx *dbx.Tx, m *move) error {
			m.next.Revision = d.card.Revision + 1
			m.detail["audit"] = a.ID
			return s.keepCard(ctx, tx, m, d.card)
		})
		if err != nil {
			return err
		}
	}
	if err := addLeaf(ctx, tx, r.ID, at, leaf); err != nil {
		return err
	}
	return s.noteAudit(ctx, tx, *a, d.actor, "survey.audit_decide", map[string]any{"outcome": d.outcome})
}
