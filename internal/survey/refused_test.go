package survey

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// What is no ballot, or does not answer what is asked, is refused with a reason, and nothing of it stays.
func TestWhatIsRefusedOfACast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		other := w.open(w.sibling)
		foreign := w.draw(other, w.sibling, 0)
		r := w.open(w.area)
		kept := w.draw(r, w.area, 0)
		good := func() Cast { return cast(kept, 1, w.rated(r, 4, "")) }
		first := good().Answers
		item := ratingOf(t, w, r)
		answers := func(change func(questionnaire.Answers)) func(*Cast) {
			return func(c *Cast) {
				c.Answers = questionnaire.Answers{}
				for k, v := range first {
					c.Answers[k] = v
				}
				change(c.Answers)
			}
		}
		cases := map[string]struct {
			change func(*Cast)
			code   string
		}{
			"a flipped bit in the signature": {func(c *Cast) { c.Ballot.Signature = flipped(c.Ballot.Signature) }, "ballot.forged"},
			"a signature of nothing":         {func(c *Cast) { c.Ballot.Signature = make([]byte, len(c.Ballot.Signature)) }, "ballot.forged"},
			"a short signature":              {func(c *Cast) { c.Ballot.Signature = c.Ballot.Signature[1:] }, "ballot.forged"},
			"another token":                  {func(c *Cast) { c.Ballot.Token = ballot.NewSecret().Token() }, "ballot.forged"},
			"another prefix":                 {func(c *Cast) { c.Ballot.Prefix = ballot.NewHash() }, "ballot.forged"},
			"a key that nobody has":          {func(c *Cast) { c.Ballot.Key = ballot.NewHash() }, "ballot.foreign_key"},
			"a key of another round":         {func(c *Cast) { c.Ballot = foreign.Ballot() }, "ballot.foreign_key"},
			"that key on this ballot":        {func(c *Cast) { c.Ballot.Key = foreign.Key }, "ballot.foreign_key"},
			"a wrong opening":                {func(c *Cast) { c.Opening = ballot.NewHash() }, "ballot.revision"},
			"the opening of another one":     {func(c *Cast) { c.Revision = 2 }, "ballot.revision"},
			"revision 0":                     {func(c *Cast) { c.Revision = 0 }, "ballot.revision"},
			"revision 65":                    {func(c *Cast) { c.Revision = ballot.MaxRevision + 1 }, "ballot.revision"},
			"a number out of range":          {answers(func(a questionnaire.Answers) { a[item] = questionnaire.Number(6) }), "answer.number"},
			"a word for a number":            {answers(func(a questionnaire.Answers) { a[item] = questionnaire.Words("5") }), "answer.number"},
			"no answer to what is required":  {answers(func(a questionnaire.Answers) { delete(a, item) }), "answer.required"},
			"an unknown question":            {answers(func(a questionnaire.Answers) { a["no_such_item"] = questionnaire.Number(5) }), "answer.item_unknown"},
			"nothing":                        {func(c *Cast) { c.Answers = nil }, "answer.required"},
		}
		for name, tc := range cases {
			c := good()
			tc.change(&c)
			_, err := w.CastBallot(t.Context(), r.ID, c)
			require.Error(t, err, name)
			code(t, tc.code, err)
			require.NotEqual(t, fault.Internal, fault.Of(err).Kind, name)
		}
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
		require.EqualValues(t, 12, w.limits.failed.Load(), "what is no ballot is counted against its sender; a wrong answer is not")

		_, err := w.CastBallot(t.Context(), other.ID, good())
		code(t, "ballot.foreign_key", err)
		_, err = w.CastBallot(t.Context(), id.New(), good())
		code(t, "ballot.foreign_key", err)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
	})
}

func flipped(b []byte) []byte {
	out := bytes.Clone(b)
	out[len(out)/2] ^= 1
	return out
}

func ratingOf(t testing.TB, w *world, r Round) string {
	t.Helper()
	asked, err := w.asking(t.Context(), r.ID)
	q := asked.form
	require.NoError(t, err)
	for _, i := range q.Items() {
		if i.Kind == questionnaire.Rating && i.Required {
			return i.Code
		}
	}
	t.Fatal("no required rating")
	return ""
}

// An answer to a question that the answers before it hide is refused by name.
func TestAnAnswerBesideTheWayIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	tpl, err := w.Rules.Surveys.Template("property_service")
	require.NoError(t, err)
	q, two := tpl.Questionnaire, 2
	q.Sections = slices.Clone(q.Sections)
	first := q.Sections[0].Items[0].Code
	q.Sections = append(q.Sections, questionnaire.Section{Code: "why", Title: questionnaire.Text{Zh: "原因", En: "Why"},
		ShowIf: &questionnaire.Condition{Item: first, Op: questionnaire.AtMost, Number: &two},
		Items:  []questionnaire.Item{{Code: "why_low", Kind: questionnaire.FreeText, Prompt: questionnaire.Text{Zh: "为什么", En: "Why"}, Required: true, MaxRunes: 200}}})
	f, err := w.CreateForm(t.Context(), w.office, idem.Key{}, tpl.Code, q)
	require.NoError(t, err)
	f, err = w.PublishForm(t.Context(), w.office, f.ID, Taken{Version: f.Version})
	require.NoError(t, err)
	plan := w.plan(w.area)
	plan.FormID = f.ID
	r := w.must(w.Create(t.Context(), w.office, idem.Key{}, plan))
	r = w.must(w.Reconcile(t.Context(), w.keeper, r.ID, w.area, seen(r)))
	r = w.must(w.Freeze(t.Context(), w.office, r.ID, seen(r)))
	w.clock.Advance(25 * time.Hour)
	w.work()

	kept := w.draw(r, w.area, 0)
	hidden := cast(kept, 1, w.rated(r, 5, ""))
	hidden.Answers["why_low"] = questionnaire.Words("无")
	_, err = w.CastBallot(t.Context(), r.ID, hidden)
	code(t, "answer.hidden", err)
	require.Equal(t, "answers.why_low", fault.Of(err).Fields[0].Path)
	missing := cast(kept, 1, w.rated(r, 1, ""))
	delete(missing.Answers, "why_low")
	_, err = w.CastBallot(t.Context(), r.ID, missing)
	code(t, "answer.required", err)
	require.Zero(t, count1(t, w.db, `SELECT COUNT(*) FROM survey_cast`))
	_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 1, "太慢")))
	require.NoError(t, err)
}

// A ballot that was cast is not cast again by who has seen it: neither with other answers in the same revision, nor earlier.
func TestABallotIsNotReused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		kept := w.draw(r, w.area, 0)
		second := cast(kept, 2, w.rated(r, 2, "甲"))
		receipt, err := w.CastBallot(t.Context(), r.ID, second)
		require.NoError(t, err)
		again := second
		again.TextKey = ballot.NewHash()
		same, err := w.CastBallot(t.Context(), r.ID, again)
		require.NoError(t, err)
		require.Equal(t, receipt, same)
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_text`), "a repetition keeps no second text")
		_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 2, w.rated(r, 5, "")))
		code(t, "survey.revision_stale", err)
		_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 5, "")))
		code(t, "survey.revision_stale", err)
		forged := second
		forged.Revision, forged.Answers = 3, w.rated(r, 5, "") // by whoever received revision 2
		_, err = w.CastBallot(t.Context(), r.ID, forged)
		code(t, "ballot.revision", err)
		third := cast(kept, 3, w.rated(r, 1, "乙"))
		third.TextKey = second.TextKey
		_, err = w.CastBallot(t.Context(), r.ID, third)
		require.NoError(t, err)
		var texts []string
		require.NoError(t, db.Select(t.Context(), &texts, `SELECT content FROM survey_text`))
		require.Equal(t, []string{"乙"}, texts, "a later revision replaces the text")
		fourth := cast(kept, 4, w.rated(r, 1, ""))
		fourth.TextKey = second.TextKey
		_, err = w.CastBallot(t.Context(), r.ID, fourth)
		require.NoError(t, err)
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_text`), "and takes it back")
	})
}

// Two ballots may send the same key of texts, by a poor source of randomness: nobody's cast fails for it as a defect.
func TestTheSameTextKeyInTwoRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		one, two := w.open(w.sibling), w.open(w.area)
		for _, c := range []struct {
			round Round
			area  id.ID
		}{{one, w.sibling}, {two, w.area}} {
			in := cast(w.draw(c.round, c.area, 1), 1, w.rated(c.round, 4, "一样的钥匙"))
			in.TextKey = ballot.Hash{}
			_, err := w.CastBallot(t.Context(), c.round.ID, in)
			require.NoError(t, err)
		}
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
	})
}

// The closing second: at the moment of closing exactly nothing is drawn or cast any more, whether the round's job has run or not.
func TestNothingIsTakenAtTheClose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		v := w.voters(r, w.area)
		kept, late := w.draw(r, w.area, 0), w.draw(r, w.area, 1)
		w.clock.Set(r.ClosesAt.Time().Add(-time.Millisecond))
		_, err := w.CastBallot(t.Context(), r.ID, cast(kept, 1, w.rated(r, 4, "")))
		require.NoError(t, err)
		refuse := func() {
			_, err = w.CastBallot(t.Context(), r.ID, cast(late, 1, w.rated(r, 4, "")))
			code(t, "survey.not_open", err)
			_, err = w.CastBallot(t.Context(), r.ID, cast(kept, 2, w.rated(r, 1, "")))
			code(t, "survey.not_open", err)
			_, err = v[2].draw(t.Context(), w, r)
			code(t, "survey.not_open", err)
		}
		w.clock.Set(r.ClosesAt.Time())
		refuse()
		w.work()
		refuse()
		r = w.close(r)
		refuse()
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_response`))
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		w.closedInOrder(r)
	})
}

// What was checked before the round closed is refused when it is written afterwards: as a transaction is that waited for the
// closing one.
func TestWhatIsWrittenAfterTheCloseIsTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		kept, before := w.draw(r, w.area, 0), w.draw(r, w.area, 1)
		receipt, err := w.CastBallot(t.Context(), r.ID, cast(before, 1, w.rated(r, 3, "")))
		require.NoError(t, err)
		sg, err := w.signing(t.Context(), r.ID, kept.Key)
		require.NoError(t, err)
		asked, err := w.asking(t.Context(), r.ID)
		form := asked.form
		require.NoError(t, err)
		r = w.close(r)
		first, _ := response(r.ID, sg, form, cast(kept, 1, w.rated(r, 4, "")))
		code(t, "survey.not_open", w.keepResponse(t.Context(), first, w.area, ballot.NewHash(), map[string]string{"remark": "x"}))
		later, _ := response(r.ID, sg, form, cast(before, 2, w.rated(r, 4, "")))
		code(t, "survey.not_open", w.keepResponse(t.Context(), later, w.area, ballot.NewHash(), nil))
		d, err := dwellingOf(t.Context(), db, r.ID, w.homes[w.area][5].Unit)
		require.NoError(t, err)
		code(t, "survey.not_open", w.keepDraw(t.Context(), newDraw(d, sg.stratum, []byte("blinded"), "2026-03-05")))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_cast`))
		require.Equal(t, 1, count1(t, db, `SELECT COUNT(*) FROM survey_response`))
		require.Equal(t, 2, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_text`))
		w.everyReceiptIsKept(r, []ballot.Receipt{receipt})
	})
}

// A drawing that is signed before midnight and written after the day's seal belongs to the next day: the published list of a
// sealed day never changes.
func TestADrawAfterTheSealOfItsDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		r := w.open(w.area)
		w.draw(r, w.area, 0)
		day := clock.DateOf(w.clock.Now())
		w.clock.Set(day.AddDays(1).Start().Add(time.Second))
		w.work()
		sealed, err := w.SealedList(t.Context(), r.ID, "s0001", day)
		require.NoError(t, err)
		w.clock.Set(day.AddDays(1).Start().Add(-time.Second)) // a replica whose clock is behind
		w.draw(r, w.area, 1)
		w.clock.Set(day.AddDays(2).Start().Add(time.Second))
		w.work()
		again, err := w.SealedList(t.Context(), r.ID, "s0001", day)
		require.NoError(t, err)
		require.Equal(t, sealed, again)
		own, err := w.Own(t.Context(), w.resident(w.area, 1), r.ID, w.homes[w.area][1].Unit)
		require.NoError(t, err)
		require.Equal(t, day.AddDays(1), *own.DrawnOn)
		next, err := w.SealedList(t.Context(), r.ID, "s0001", day.AddDays(1))
		require.NoError(t, err)
		drew, err := ballot.Drew(next, r.ID, day.AddDays(1), own.DwellingID, own.Nonce)
		require.NoError(t, err)
		require.True(t, drew)
		w.sealsHold(r)
	})
}

// sealsHold checks the published list of every sealed day against its leaf.
func (w *world) sealsHold(r Round) {
	w.t.Helper()
	leaves, err := w.Leaves(w.ctx(), r.ID)
	require.NoError(w.t, err)
	strata, err := strataOf(w.ctx(), w.db, r.ID)
	require.NoError(w.t, err)
	checked := 0
	for _, l := range leaves {
		entry, err := ballot.ParseEntry([]byte(l.Body))
		require.NoError(w.t, err)
		seal, ok := entry.(ballot.DrawSeal)
		if !ok {
			continue
		}
		for _, st := range strata {
			if ballotHash(st.KeyID) == seal.Key {
				list, err := w.SealedList(w.ctx(), r.ID, st.Code(), seal.Day)
				require.NoError(w.t, err)
				require.NoError(w.t, ballot.CheckDay(seal, list))
				checked++
			}
		}
	}
	require.Positive(w.t, checked)
}

// Who answers for a dwelling, and who does not.
func TestWhoDrawsForADwelling(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		homes := w.homes[w.area]
		const let, empty, staffHome, mixed, plain = 0, 1, 2, 3, 4
		homes[let].Occupied, homes[empty].Occupied = "let", "vacant"
		at := func(n int, role authz.Role) authz.Principal {
			return authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Path: w.places[w.area].Path, Household: homes[n].Household, Unit: homes[n].Unit}}}
		}
		live := func(n int, p authz.Principal, tenant bool) {
			w.town.residents = append(w.town.residents, Resident{Household: homes[n].Household, Person: p.Person, Tenant: tenant})
		}
		tenant, landlord := at(let, authz.RoleOccupant), at(let, authz.RoleOwner)
		live(let, tenant, true)
		ownerOfEmpty, formerTenant, helper := at(empty, authz.RoleOwner), at(empty, authz.RoleOccupant), at(empty, authz.RoleHelper)
		for i, res := range w.town.residents { // whoever is known at home 2 works for the company
			if res.Household == homes[staffHome].Household {
				w.staff[w.company] = append(w.staff[w.company], w.town.residents[i].Person)
			}
		}
		spouse, worker := at(mixed, authz.RoleOwner), at(mixed, authz.RoleOwner)
		live(mixed, spouse, false)
		live(mixed, worker, false)
		w.staff[w.company] = append(w.staff[w.company], worker.Person)
		neighbour := at(plain, authz.RoleOwner)
		r := w.open(w.area)
		draw := func(p authz.Principal, n int) error {
			d, err := dwellingOf(t.Context(), db, r.ID, homes[n].Unit)
			require.NoError(t, err)
			key := ballot.NewHash()
			blinded := []byte("blinded!")
			if d.StratumID != nil {
				st, err := stratumByID(t.Context(), db, *d.StratumID)
				require.NoError(t, err)
				key = ballotHash(st.KeyID)
				pending, err := ballot.Prepare(w.trusted(r, st.PublicKey))
				require.NoError(t, err)
				blinded = pending.Blinded()
			}
			_, err = w.DrawBallot(t.Context(), p, r.ID, homes[n].Unit, key, blinded)
			return err
		}
		code(t, "survey.not_elector", draw(landlord, let))
		code(t, "survey.not_elector", draw(formerTenant, empty))
		code(t, "survey.not_asked", draw(w.resident(w.area, staffHome), staffHome))
		code(t, "survey.staff", draw(worker, mixed))
		code(t, "not_found", draw(neighbour, let))
		code(t, "auth.forbidden", draw(helper, empty)) // the consent to a helper is to report, rate and see orders
		code(t, "auth.forbidden", draw(w.manager, plain))
		code(t, "auth.forbidden", draw(w.office, plain))
		require.Zero(t, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		require.NoError(t, draw(tenant, let))
		require.NoError(t, draw(ownerOfEmpty, empty))
		require.NoError(t, draw(spouse, mixed))
		require.NoError(t, draw(neighbour, plain))
		require.Equal(t, 4, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))

		_, err := w.DrawBallot(t.Context(), w.resident(w.area, 9), r.ID, homes[9].Unit, ballot.NewHash(), make([]byte, 256))
		code(t, "survey.key", err)
		d, err := dwellingOf(t.Context(), db, r.ID, homes[9].Unit)
		require.NoError(t, err)
		st, err := stratumByID(t.Context(), db, *d.StratumID)
		require.NoError(t, err)
		for _, bad := range [][]byte{nil, {1}, make([]byte, 256), bytes.Repeat([]byte{0xff}, 256), make([]byte, 1024)} {
			_, err = w.DrawBallot(t.Context(), w.resident(w.area, 9), r.ID, homes[9].Unit, ballotHash(st.KeyID), bad)
			code(t, "ballot.blinded", err)
		}
		require.Equal(t, 4, count1(t, db, `SELECT COUNT(*) FROM survey_draw`))
		projects, err := projectsOf(t.Context(), db, r.ID)
		require.NoError(t, err)
		require.EqualValues(t, 1, projects[0].LeftOut)
		require.EqualValues(t, 119, projects[0].Dwellings)
	})
}

// Each step of a round by everybody who may not take it: elsewhere's street, the rated company, a resident, a committee.
func TestWhoTakesTheStepsOfARound(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, plan := t.Context(), w.plan(w.area)
	r := w.must(w.Create(ctx, w.office, idem.Key{}, plan))
	f := w.form()
	resident := w.resident(w.area, 0)
	steps := map[string]func(p authz.Principal) error{
		"create": func(p authz.Principal) error { _, err := w.Create(ctx, p, idem.Key{}, plan); return err },
		"form": func(p authz.Principal) error {
			_, err := w.CreateForm(ctx, p, idem.Key{}, f.Template, questionnaire.Questionnaire{})
			return err
		},
		"edit":   func(p authz.Principal) error { _, err := w.Edit(ctx, p, r.ID, seen(r), plan); return err },
		"freeze": func(p authz.Principal) error { _, err := w.Freeze(ctx, p, r.ID, seen(r)); return err },
		"cancel": func(p authz.Principal) error {
			_, err := w.Cancel(ctx, p, r.ID, seen(r), "本次测评不再举行")
			return err
		},
		"publish":   func(p authz.Principal) error { _, err := w.Publish(ctx, p, r.ID, seen(r)); return err },
		"preview":   func(p authz.Principal) error { _, err := w.PreviewRoll(ctx, p, r.ID, w.area); return err },
		"reconcile": func(p authz.Principal) error { _, err := w.Reconcile(ctx, p, r.ID, w.area, seen(r)); return err },
		"progress":  func(p authz.Principal) error { _, err := w.Progress(ctx, p, r.ID); return err },
		"card":      func(p authz.Principal) error { _, err := w.Card(ctx, p, r.ID); return err },
		"read":      func(p authz.Principal) error { _, _, _, err := w.Service.Round(ctx, p, r.ID); return err },
	}
	may := map[string]string{ // who gets past the door, whatever the state says then
		"stranger": "form", "manager": "progress card read", "committee": "form create progress card read",
	}
	for name, step := range steps {
		for who, p := range map[string]authz.Principal{"stranger": w.stranger, "manager": w.manager, "resident": resident, "committee": w.committee} {
			err := step(p)
			if fits(may[who], name) {
				require.NotEqual(t, fault.Forbidden, kind(err), "%s %s: %v", who, name, err)
				continue
			}
			require.Error(t, err, "%s %s", who, name)
			require.Contains(t, []fault.Kind{fault.Forbidden, fault.NotFound}, fault.Of(err).Kind, "%s %s: %v", who, name, err)
		}
	}
	after := w.must(roundByID(ctx, w.db, r.ID))
	require.Equal(t, r, after, "nothing has changed")
	forms, err := w.Form(ctx, w.office, f.ID)
	require.NoError(t, err)
	require.Equal(t, f, forms)
}

func fits(list, name string) bool {
	for _, v := range bytes.Fields([]byte(list)) {
		if string(v) == name {
			return true
		}
	}
	return false
}

func kind(err error) fault.Kind {
	if err == nil {
		return -1
	}
	return fault.Of(err).Kind
}
