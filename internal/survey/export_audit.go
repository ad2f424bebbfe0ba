package survey

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/integrity"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/sheet"
)

// AuditView is an audit with all that it rests on, the audited score and the cleaned one side by side.
type AuditView struct {
	Audit
	Examination Examination      `json:"examination"`
	Involved    bool             `json:"involved" doc:"Whether the reader had a hand in this audit, and so does not decide it"`
	Raw         Card             `json:"raw" doc:"The score that is audited"`
	Cleaned     *Card            `json:"cleaned,omitempty" doc:"Without what the confirmed exclusions leave out"`
	Exclusions  []Exclusion      `json:"exclusions"`
	Groups      []ExclusionGroup `json:"groups,omitempty" doc:"While the audit is open: what an exclusion may name"`
	Recontact   *RecontactResult `json:"recontact,omitempty" doc:"Once it was drawn"`
	Widened     []WideIndex      `json:"widened,omitempty" doc:"The interval of each project's index as the re-contact widens it"`
}

// WideIndex is a project's index as the re-contact widens it.
type WideIndex struct {
	ServiceAreaID id.ID          `json:"serviceAreaId"`
	Index         score.Estimate `json:"index"`
}

// Audit shows an audit to those who audit or decide.
func (s *Service) Audit(ctx context.Context, p authz.Principal, round, which id.ID) (AuditView, error) {
	r, err := s.auditReader(ctx, p, round)
	if err != nil {
		return AuditView{}, err
	}
	a, err := auditByID(ctx, s.DB, round, which)
	if err != nil {
		return AuditView{}, err
	}
	v := AuditView{Audit: a, Exclusions: []Exclusion{}}
	if v.Examination, err = examinationOf(ctx, s.DB, round, a.Revision); err != nil {
		return v, err
	}
	if v.Raw, err = s.cardOf(ctx, r, a.Revision); err != nil {
		return v, err
	}
	list, err := exclusionsOf(ctx, s.DB, round)
	if err != nil {
		return v, err
	}
	v.Involved = a.involves(p.Person, list)
	for _, e := range list {
		if e.AuditID == a.ID {
			v.Exclusions = append(v.Exclusions, e)
		}
	}
	if slices.ContainsFunc(v.Exclusions, func(e Exclusion) bool { return e.ConfirmedAt != nil }) {
		cleaned, err := s.cleaned(ctx, r, a, list)
		if err != nil {
			return v, err
		}
		v.Cleaned = &cleaned
	}
	if a.State == AuditOpen {
		if v.Groups, err = s.groups(ctx, r); err != nil {
			return v, err
		}
	}
	return v, s.addRecontact(ctx, r, &v)
}

func (s *Service) addRecontact(ctx context.Context, r Round, v *AuditView) error {
	found, err := s.recontact(ctx, s.DB, r)
	if err != nil || found.Chosen == 0 {
		return err
	}
	v.Recontact = &found
	if found.Verdict == RecontactWidened {
		card := v.Raw
		if v.Cleaned != nil {
			card = *v.Cleaned
		}
		for _, pc := range card.Projects {
			v.Widened = append(v.Widened, WideIndex{pc.ServiceAreaID, found.widen(pc.Result.Overall)})
		}
	}
	return nil
}

// cleaned is the card that an audit's confirmed exclusions make, beside those that were in force before it.
func (s *Service) cleaned(ctx context.Context, r Round, a Audit, list []Exclusion) (Card, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(e Exclusion) bool {
		own := e.AuditID == a.ID && e.ConfirmedAt != nil
		return !own && (e.FromRevision == nil || *e.FromRevision > a.Revision)
	})
	return s.computeWithout(ctx, r, a.Revision+1, list)
}

// auditReader lets in who audits or decides.
func (s *Service) auditReader(ctx context.Context, p authz.Principal, round id.ID) (Round, error) {
	r, _, err := s.round(ctx, p, round)
	if err != nil {
		return r, err
	}
	place := authz.Object{Path: r.ScopePath}
	if authz.Require(p, authz.SurveyDecide, place) == nil {
		return r, nil
	}
	err = authz.Require(p, authz.SurveyAudit, place)
	if fault.Is(err, "not_found") { // it sees the round
		err = fault.New(fault.Forbidden, "auth.forbidden", "permission", string(authz.SurveyAudit))
	}
	return r, err
}

// Audits lists the audits of a round for those who audit or decide.
func (s *Service) Audits(ctx context.Context, p authz.Principal, round id.ID) ([]Audit, error) {
	if _, err := s.auditReader(ctx, p, round); err != nil {
		return nil, err
	}
	return auditsOf(ctx, s.DB, round)
}

// PublicFlag is what everybody may know of an integrity flag: how it is raised, and what raised it.
type PublicFlag struct {
	Method      integrity.Method    `json:"method"`
	State       integrity.State     `json:"state" enum:"raised,quiet,not_assessable"`
	Comparisons int64               `json:"comparisons"`
	Raised      []integrity.Finding `json:"raised" doc:"What raised it; nothing smaller than the smallest group that is published"`
}

// PublicAudit is what everybody may know of an audit.
type PublicAudit struct {
	Number     int64      `json:"number"`
	Revision   int64      `json:"revision" doc:"Of the score that was audited"`
	State      AuditState `json:"state" enum:"open,concluded,decided,signed_off"`
	Outcome    Outcome    `json:"outcome,omitempty" enum:"uphold,revise,reject" doc:"reject is 审计不采信: nothing may rest on the score"`
	Reasons    string     `json:"reasons,omitempty"`
	ReasonSalt string     `json:"reasonSalt,omitempty" doc:"With it the reasons hash to what the ledger has"`
	DecidedOn  clock.Date `json:"decidedOn,omitempty"`
}

// AuditTrail is what is public of the audits of a round.
type AuditTrail struct {
	Recomputed bool             `json:"recomputed" doc:"The newest score is what the responses give"`
	Flags      []PublicFlag     `json:"flags" doc:"Of the newest score"`
	Audits     []PublicAudit    `json:"audits"`
	Exclusions []Exclusion      `json:"exclusions" doc:"Those in force"`
	Recontact  *RecontactResult `json:"recontact,omitempty"`
}

// Trail shows everybody what was found of a published score and what the audits came to.
func (s *Service) Trail(ctx context.Context, round id.ID) (AuditTrail, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return AuditTrail{}, err
	}
	if !r.State.Public() {
		return AuditTrail{}, fault.New(fault.NotFound, "survey.no_score")
	}
	out := AuditTrail{Flags: []PublicFlag{}, Audits: []PublicAudit{}}
	found, err := examinationOf(ctx, s.DB, round, r.Revision-1)
	if err != nil && !fault.Is(err, "survey.not_examined") {
		return out, err
	}
	law, err := rulesOf(ctx, s.DB, r)
	if err != nil {
		return out, err
	}
	out.Recomputed = found.Recomputed
	for _, f := range found.Report.Flags {
		out.Flags = append(out.Flags, publicFlag(f, int64(law.Publication.K)))
	}
	audits, err := auditsOf(ctx, s.DB, round)
	if err != nil {
		return out, err
	}
	for _, a := range audits {
		out.Audits = append(out.Audits, a.public())
	}
	if out.Exclusions, err = exclusionsAt(ctx, s.DB, round, r.Revision-1); err != nil {
		return out, err
	}
	out.Exclusions = append([]Exclusion{}, out.Exclusions...)
	again, err := s.recontact(ctx, s.DB, r)
	if err == nil && again.Chosen > 0 && again.Verdict != RecontactPending {
		out.Recontact = &again
	}
	return out, err
}

func publicFlag(f integrity.FlagReport, least int64) PublicFlag {
	out := PublicFlag{Method: f.Method, State: f.State, Comparisons: f.Comparisons, Raised: []integrity.Finding{}}
	for _, one := range f.Findings {
		if one.State == integrity.Raised && one.Count >= least {
			out.Raised = append(out.Raised, one)
		}
	}
	return out
}

func (a Audit) public() PublicAudit {
	out := PublicAudit{Number: a.Number, Revision: a.Revision, State: a.State, Outcome: a.Outcome, Reasons: a.Reasons}
	if a.DecidedAt != nil {
		out.DecidedOn = clock.DateOf(a.DecidedAt.Time())
	}
	if a.ReasonSalt != nil {
		out.ReasonSalt = a.ReasonSalt.String()
	}
	return out
}

// PublicCardAt is a revision of a published score: earlier ones stay visible.
func (s *Service) PublicCardAt(ctx context.Context, round id.ID, revision int64) (Card, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return Card{}, err
	}
	if !r.State.Public() {
		return Card{}, fault.New(fault.NotFound, "survey.no_score")
	}
	return s.cardOf(ctx, r, revision)
}

// AuditTable is an audit as a spreadsheet.
type AuditTable struct {
	Name      string
	watermark string
	rows      [][]any
}

// ExportAudit makes a table of an audit.
func (s *Service) ExportAudit(ctx context.Context, p authz.Principal, round, which id.ID) (*AuditTable, error) {
	v, err := s.Audit(ctx, p, round, which)
	if err != nil {
		return nil, err
	}
	at := s.now().Time().In(clock.Shanghai).Format(time.DateTime)
	return &AuditTable{fmt.Sprintf("survey-audit-%s-%d.xlsx", round, v.Number), "导出 / exported " + at + " · " + p.Account.String(), v.table()}, nil
}

// Write streams the file.
func (t *AuditTable) Write(w io.Writer) error {
	columns := []sheet.OutColumn{{Title: "部分 / part", Kind: sheet.Text}, {Title: "项目 / item", Kind: sheet.Text}, {Title: "原始 / raw", Kind: sheet.Text},
		{Title: "清理后 / cleaned", Kind: sheet.Text}, {Title: "说明 / note", Kind: sheet.Text, Width: 60}}
	out, err := sheet.NewWriter(w, sheet.WriterOptions{Sheet: "audit", Columns: columns, Watermark: t.watermark})
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		if err := out.Write(r...); err != nil {
			return err
		}
	}
	return out.Close()
}

// table lists the audit line by line: raw and cleaned figures side by side.
func (v AuditView) table() [][]any {
	out := [][]any{
		{"审计 / audit", fmt.Sprint(v.Number), string(v.Outcome), "", v.Reasons},
		{"审计 / audit", "提出 / proposal", string(v.Proposal), "", v.Finding},
		{"重算 / recomputed", fmt.Sprint(v.Examination.Recomputed), "", "", v.Examination.RuleHash.String()},
	}
	for _, f := range v.Examination.Report.Flags {
		out = append(out, []any{"标记 / flag", string(f.Flag), string(f.State), "", fmt.Sprintf("%s, %s %%, %d", f.Test, f.Rate, f.Comparisons)})
	}
	for i, pc := range v.Raw.Projects {
		after := func(of func(score.Result) string) string {
			if v.Cleaned == nil {
				return ""
			}
			return of(v.Cleaned.Projects[i].Result)
		}
		add := func(item string, of func(score.Result) string) {
			out = append(out, []any{pc.Name, item, of(pc.Result), after(of), ""})
		}
		add("答卷 / answers", func(r score.Result) string { return fmt.Sprint(r.Counts.Answers) })
		add("总体 / overall", func(r score.Result) string { return figure(r.Overall) })
		for j, d := range pc.Result.Dimensions {
			add(d.Code, func(r score.Result) string {
				if j >= len(r.Dimensions) {
					return ""
				}
				return figure(r.Dimensions[j].Index)
			})
		}
	}
	for _, e := range v.Exclusions {
		out = append(out, []any{"剔除 / exclusion", e.By + " " + e.Value, fmt.Sprint(e.Count), fmt.Sprint(e.ConfirmedAt != nil), e.Reason})
	}
	if r := v.Recontact; r != nil {
		out = append(out, []any{"复访 / re-contact", string(r.Verdict), fmt.Sprintf("%d / %d", r.No, r.Reached), "", r.Seed.String()})
	}
	return out
}

// figure is an estimate as text: its value and interval, or its state.
func figure(e score.Estimate) string {
	if e.State != score.Scored {
		return string(e.State)
	}
	return fmt.Sprintf("%s (%s–%s)", e.Interval.Value, e.Interval.Low, e.Interval.High)
}
