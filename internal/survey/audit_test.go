package survey

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/integrity"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/sheet"
)

// auditor and decider are of two bodies of the street; neither had a hand in a round.
func (w *world) auditor() authz.Principal {
	return w.post(authz.RoleStreetParty, id.New(), w.street)
}

func (w *world) decider() authz.Principal {
	return w.post(authz.RoleStreetOffice, w.office.Grants[0].Org, w.street)
}

func (w *world) reread(r Round) Round { return w.must(roundByID(w.ctx(), w.db, r.ID)) }

// examined is a published round that the program has examined, with answers of one interviewer who gives the best ratings.
func (w *world) examined() Round {
	w.t.Helper()
	r := w.open(w.area)
	for n := range 40 {
		_, err := w.CastBallot(w.ctx(), r.ID, cast(w.draw(r, w.area, n), 1, w.rated(r, 2+n%3, "")))
		require.NoError(w.t, err)
	}
	for n := 40; n < 52; n++ {
		kept := w.draw(r, w.area, n)
		receipt, err := w.CastBallot(w.ctx(), r.ID, cast(kept, 1, w.rated(r, 5, "")))
		require.NoError(w.t, err)
		w.exec(`UPDATE survey_cast SET channel = 'assisted', lot = 'i-07' WHERE token_hash = ?`, receipt.Token)
	}
	r = w.close(r)
	r = w.must(w.Publish(w.ctx(), w.office, r.ID, seen(r)))
	w.clock.Advance(2 * time.Minute)
	w.work()
	return w.reread(r)
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	require.NoError(w.t, w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

func version(a Audit) Taken { return Taken{Version: a.Version} }

func TestAnAuditFromTheQueueToTheRevision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.examined()
		party, decider, ctx := w.auditor(), w.decider(), t.Context()
		queue, err := w.AuditQueue(ctx, party, 50)
		require.NoError(t, err)
		require.Len(t, queue, 1)
		require.True(t, queue[0].Recomputed)
		_, err = w.AuditQueue(ctx, w.manager, 50)
		code(t, "auth.forbidden", err)
		foreign, err := w.AuditQueue(ctx, w.post(authz.RoleStreetParty, id.New(), authz.ChildPath("", id.New())), 50)
		require.NoError(t, err)
		require.Empty(t, foreign)

		_, err = w.OpenAudit(ctx, w.manager, idem.Key{}, r.ID, "企业不能自行审计。")
		code(t, "auth.forbidden", err)
		involved := party
		involved.Person = w.office.Person
		_, err = w.OpenAudit(ctx, involved, idem.Key{}, r.ID, "组织测评的人不得审计。")
		code(t, "survey.involved", err)
		a, err := w.OpenAudit(ctx, party, idem.Key{}, r.ID, "访问员 i-07 的答卷全部满分。")
		require.NoError(t, err)
		_, err = w.OpenAudit(ctx, w.auditor(), idem.Key{}, r.ID, "同时只能有一个审计。")
		code(t, "survey.audit_open", err)

		v, err := w.Audit(ctx, party, r.ID, a.ID)
		require.NoError(t, err)
		require.Contains(t, v.Groups, ExclusionGroup{"lot", "i-07", 12}, "what can be left out is offered with its number")
		for _, g := range v.Groups {
			require.GreaterOrEqual(t, g.Count, int64(5), "and nothing that would tell who")
		}
		_, err = w.Exclude(ctx, party, r.ID, a.ID, version(a), NewExclusion{"lot", "i-99", "没有这样的批次，应当拒绝。"})
		code(t, "survey.exclusion_empty", err)
		a, err = w.Exclude(ctx, party, r.ID, a.ID, version(a), NewExclusion{"lot", "i-07", "访问员自行填写，复访中多户否认。"})
		require.NoError(t, err)
		_, err = w.Exclude(ctx, party, r.ID, a.ID, version(a), NewExclusion{"lot", "i-07", "相同的剔除再次提出，应当拒绝。"})
		code(t, "survey.excluded_already", err)
		same := decider
		same.Person = party.Person
		_, err = w.ConfirmExclusion(ctx, same, r.ID, a.ID, 1, version(a))
		code(t, "survey.same_person", err)
		_, err = w.ConfirmExclusion(ctx, party, r.ID, a.ID, 1, version(a))
		code(t, "auth.forbidden", err)

		v, err = w.Audit(ctx, party, r.ID, a.ID)
		require.NoError(t, err)
		require.Nil(t, v.Cleaned, "what one person proposes changes nothing")
		a, err = w.ConfirmExclusion(ctx, w.decider(), r.ID, a.ID, 1, version(a))
		require.NoError(t, err)
		_, err = w.ConfirmExclusion(ctx, decider, r.ID, a.ID, 1, version(a))
		code(t, "survey.confirmed_already", err)
		v, err = w.Audit(ctx, party, r.ID, a.ID)
		require.NoError(t, err)
		require.EqualValues(t, 52, v.Raw.Projects[0].Result.Counts.Answers)
		require.EqualValues(t, 40, v.Cleaned.Projects[0].Result.Counts.Answers)
		require.Equal(t, "49.375000", mean(v.Cleaned).String(), "of 2, 3 and 4 in turn, forty of them")
		_, err = w.Audit(ctx, w.manager, r.ID, a.ID)
		code(t, "auth.forbidden", err)

		_, err = w.DecideAudit(ctx, decider, r.ID, a.ID, version(a), Revise, "尚未形成审计意见，不能决定。")
		code(t, "survey.audit_state", err)
		a, err = w.Conclude(ctx, party, r.ID, a.ID, version(a), Revise, "建议剔除访问员 i-07 的全部答卷。")
		require.NoError(t, err)
		for who, involved := range map[*authz.Principal]bool{&party: true, &same: true, &decider: false} {
			v, err = w.Audit(ctx, *who, r.ID, a.ID)
			require.NoError(t, err)
			require.Equal(t, involved, v.Involved, "told before somebody writes reasons that are refused")
		}
		_, err = w.DecideAudit(ctx, same, r.ID, a.ID, version(a), Revise, "提出意见的人不得自行决定。")
		code(t, "survey.involved", err)
		a, err = w.DecideAudit(ctx, decider, r.ID, a.ID, version(a), Revise, "剔除理由成立，修订得分。")
		require.NoError(t, err)
		require.Equal(t, AuditDecided, a.State)

		r = w.reread(r)
		require.Equal(t, Revised, r.State)
		require.EqualValues(t, 2, r.Revision)
		first, err := w.PublicCardAt(ctx, r.ID, 0)
		require.NoError(t, err)
		require.EqualValues(t, 52, first.Projects[0].Result.Counts.Answers, "the score before it stays visible")
		newest, err := w.PublicCard(ctx, r.ID)
		require.NoError(t, err)
		require.EqualValues(t, 40, newest.Projects[0].Result.Counts.Answers)
		require.Equal(t, first.Projects[0].NotCast, newest.Projects[0].NotCast)
		same0, err := w.Recomputed(ctx, r)
		require.NoError(t, err)
		require.True(t, same0, "the revision recomputes with its exclusions")
		require.Equal(t, 52, count1(t, db, `SELECT COUNT(*) FROM survey_response`), "nothing is deleted")
		w.leavesTell(r, first, newest)

		w.clock.Advance(2 * time.Minute)
		w.work()
		trail, err := w.Trail(ctx, r.ID)
		require.NoError(t, err)
		require.True(t, trail.Recomputed)
		require.Len(t, trail.Flags, len(integrity.Methods()))
		require.Len(t, trail.Exclusions, 1)
		require.EqualValues(t, 12, trail.Exclusions[0].Count)
		require.Equal(t, Revise, trail.Audits[0].Outcome)

		table, err := w.ExportAudit(ctx, party, r.ID, a.ID)
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, table.Write(&file))
		book, err := sheet.OpenBytes(table.Name, file.Bytes(), sheet.DefaultLimits())
		require.NoError(t, err)
		require.Equal(t, []string{"audit"}, book.Sheets())
		require.NoError(t, book.Close())
	})
}

func mean(c *Card) score.Micro { return c.Projects[0].Result.Overall.Interval.Value }

// leavesTell reads the leaves of a revised round.
func (w *world) leavesTell(r Round, before, after Card) {
	w.t.Helper()
	leaves, err := leavesOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	_, was, err := before.Canonical()
	require.NoError(w.t, err)
	_, is, err := after.Canonical()
	require.NoError(w.t, err)
	var kinds []string
	for _, l := range leaves {
		e, err := ballot.ParseEntry([]byte(l.Body))
		require.NoError(w.t, err)
		switch e := e.(type) {
		case ballot.Exclusion:
			require.Equal(w.t, 12, e.Count)
		case ballot.Revision:
			require.Equal(w.t, was, e.Before)
			require.Equal(w.t, is, e.After)
		case ballot.Closed, ballot.DrawSeal, ballot.RoundOpened:
			continue
		}
		kinds = append(kinds, l.Kind)
	}
	require.Equal(w.t, []string{"score", "exclusion", "score", "revision"}, kinds)
}

func TestQuietRoundsAreSignedOffTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.published()
		party, ctx := w.auditor(), t.Context()
		page := []Quiet{{r.ID, 0}}
		w.exec(`DELETE FROM survey_examination`)
		code(t, "survey.not_examined", w.SignOff(ctx, party, idem.Key{}, page))
		w.clock.Advance(2 * time.Minute)
		w.work()
		found, err := examinationOf(ctx, db, r.ID, 0)
		require.NoError(t, err)
		require.Equal(t, r.RuleHash, found.RuleHash)
		require.Equal(t, integrity.Version, found.Report.Version)
		code(t, "version.stale", w.SignOff(ctx, party, idem.Key{}, []Quiet{{r.ID, 1}}))
		o, err := w.Object(ctx, w.manager, idem.Key{}, r.ID, w.against("异议未处理之前不能签认本轮测评。"))
		require.NoError(t, err)
		code(t, "survey.not_quiet", w.SignOff(ctx, party, idem.Key{}, page))
		_, err = w.Withdraw(ctx, w.manager, r.ID, o.ID, Taken{Version: o.Version})
		require.NoError(t, err)
		if len(found.Report.Raised()) == 0 {
			var mu sync.Mutex
			var group sync.WaitGroup
			won := 0
			for range 20 {
				group.Go(func() {
					err := w.SignOff(ctx, party, idem.Key{}, page)
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
					}
				})
			}
			group.Wait()
			require.Equal(t, 1, won)
			queue, err := w.AuditQueue(ctx, party, 50)
			require.NoError(t, err)
			require.Empty(t, queue)
		}
		w.exec(`UPDATE survey_score SET content = REPLACE(content, '"answers":40', '"answers":41') WHERE round_id = ?`, r.ID)
		ok, err := w.Recomputed(ctx, w.reread(r))
		require.NoError(t, err)
		require.False(t, ok, "a changed score is found out")
	})
}

func TestRecontact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.published()
		party, ctx := w.auditor(), t.Context()
		result, err := w.DrawRecontact(ctx, party, idem.Key{}, r.ID)
		require.NoError(t, err)
		require.EqualValues(t, 40, result.Drawn)
		require.EqualValues(t, 30, result.Chosen)
		_, err = w.DrawRecontact(ctx, party, idem.Key{}, r.ID)
		code(t, "survey.recontact_drawn", err)
		again, err := w.choose(ctx, r)
		require.NoError(t, err)
		neutral := w.post(authz.RoleCommunityWork, w.head.Grants[0].Org, w.community)
		list, err := w.Recontacts(ctx, neutral, r.ID)
		require.NoError(t, err)
		require.Len(t, list, 30)
		for _, c := range list {
			require.Contains(t, again, c.DwellingID, "anybody chooses the same again")
			require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_draw WHERE dwelling_id = ?`, c.DwellingID))
		}
		_, err = w.Recontacts(ctx, w.office, r.ID)
		code(t, "survey.not_neutral", err)
		_, err = w.Recontacts(ctx, w.manager, r.ID)
		code(t, "auth.forbidden", err)
		staff := neutral
		staff.Person = w.manager.Person
		_, err = w.AnswerRecontact(ctx, staff, idem.Key{}, r.ID, list[0].DwellingID, AnsweredYes)
		code(t, "survey.not_neutral", err)
		_, err = w.AnswerRecontact(ctx, w.stranger, idem.Key{}, r.ID, list[0].DwellingID, AnsweredYes)
		code(t, "not_found", err)

		for i, c := range list {
			answer := AnsweredYes
			if i < 3 {
				answer = AnsweredNo
			}
			if i == 29 {
				_, err = w.AnswerRecontact(ctx, neutral, idem.Key{}, r.ID, c.DwellingID, NotReached)
				require.NoError(t, err)
			}
			_, err = w.AnswerRecontact(ctx, neutral, idem.Key{}, r.ID, c.DwellingID, answer)
			require.NoError(t, err)
		}
		_, err = w.AnswerRecontact(ctx, neutral, idem.Key{}, r.ID, list[0].DwellingID, AnsweredYes)
		code(t, "survey.answered_already", err)
		trail, err := w.Trail(ctx, r.ID)
		require.NoError(t, err)
		require.EqualValues(t, 3, trail.Recontact.No)
		require.Equal(t, 3, count1(t, db, `SELECT COUNT(*) FROM survey_recontact WHERE answer = 'no'`))
	})
}

// What a re-contact says: the boundaries of its verdicts, and how it widens an interval.
func TestRecontactVerdicts(t *testing.T) {
	answers := func(no, yes, missed, waiting int) (out []Recontact) {
		for kind, n := range map[string]int{AnsweredNo: no, AnsweredYes: yes, NotReached: missed, "": waiting} {
			for range n {
				out = append(out, Recontact{Answer: kind})
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		drawn                   int64
		no, yes, missed, waitng int
		want                    RecontactVerdict
	}{
		"nobody asked":              {400, 0, 0, 0, 30, RecontactPending},
		"nobody reached":            {400, 0, 0, 30, 0, RecontactPending},
		"all did":                   {400, 0, 30, 0, 0, RecontactClean},
		"all who were reached did":  {400, 0, 20, 10, 0, RecontactClean},
		"one did not":               {400, 1, 29, 0, 0, RecontactWidened},
		"three did not":             {400, 3, 27, 0, 0, RecontactWidened},
		"four did not":              {400, 4, 26, 0, 0, RecontactSetAside},
		"four did not, some wait":   {400, 4, 26, 0, 5, RecontactSetAside},
		"one did not, some wait":    {400, 1, 20, 0, 9, RecontactPending},
		"everybody drawn was asked": {30, 1, 29, 0, 0, RecontactWidened},
		"one of all, nobody missed": {10, 1, 9, 0, 0, RecontactSetAside}, // a census: one in ten is known
	} {
		got, err := recontacted(c.drawn, answers(c.no, c.yes, c.missed, c.waitng), 5)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got.Verdict, name)
	}
	got, err := recontacted(400, answers(1, 29, 0, 0), 5)
	require.NoError(t, err)
	narrow := score.Estimate{State: score.Scored, Interval: &score.Interval{Value: 80 * score.One, Low: 75 * score.One, High: 85 * score.One}}
	wide := got.widen(narrow)
	u := float64(got.Share.High) / 1e8
	require.InDelta(t, (75-100*u)/(1-u), float64(wide.Interval.Low)/1e6, 1e-5)
	require.InDelta(t, min(100, 85/(1-u)), float64(wide.Interval.High)/1e6, 1e-5)
	require.Equal(t, 75*score.One, narrow.Interval.Low, "the published one is not changed")
	clean, err := recontacted(400, answers(0, 30, 0, 0), 5)
	require.NoError(t, err)
	require.Equal(t, narrow, clean.widen(narrow))
}

// An upheld objection opens an audit; whoever decides it at the end, the score may not be believed.
func TestAnUpheldObjectionIsAudited(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.examined()
		party, ctx := w.auditor(), t.Context()
		o, err := w.Object(ctx, w.committee, idem.Key{}, r.ID, w.against("多户反映未收到选票通知，请核查。"))
		require.NoError(t, err)
		_, err = w.Decide(ctx, w.decider(), r.ID, o.ID, Taken{Version: o.Version}, Upheld, "情况属实，转入得分审计。")
		require.NoError(t, err)
		audits, err := w.Audits(ctx, party, r.ID)
		require.NoError(t, err)
		require.Len(t, audits, 1)
		still, err := contestedStill(ctx, db, r.ID, w.area, 0)
		require.NoError(t, err)
		require.EqualValues(t, 2, still)
		a, err := w.Conclude(ctx, party, r.ID, audits[0].ID, version(audits[0]), Reject, "送达不足，结果不足采信。")
		require.NoError(t, err)
		_, err = w.DecideAudit(ctx, w.decider(), r.ID, a.ID, version(a), Revise, "没有经确认的剔除，不能修订。")
		code(t, "survey.nothing_to_revise", err)
		a, err = w.DecideAudit(ctx, w.decider(), r.ID, a.ID, version(a), Reject, "审计不采信：送达不足。")
		require.NoError(t, err)
		require.Equal(t, Reject, a.Outcome)
		still, err = contestedStill(ctx, db, r.ID, w.area, 0)
		require.NoError(t, err)
		require.Zero(t, still)
		card, err := w.PublicCard(ctx, r.ID)
		require.NoError(t, err, "the score stays visible")
		require.EqualValues(t, 52, card.Projects[0].Result.Counts.Answers)
	})
}
