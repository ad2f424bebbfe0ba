package renovation

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
)

// From the proposal to the owners' consent; a stage that lacks something says everything it lacks.
func TestAProjectRestsOnWishesPlanAndConsent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.outline()
		in.Inspections = nil
		p := w.must(w.Propose(w.ctx(), w.office, idem.Key{}, w.estate, in))
		_, err := w.Advance(w.ctx(), w.office, p.ID, seen(p), Wishes)
		w.refused("renovation.conditions_missing", err)
		require.Equal(t, []string{"need_inspection"}, lacking(err))
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Works)
		w.refused("renovation.other_stage", err)
		p = w.must(w.Edit(w.ctx(), w.office, p.ID, seen(p), w.outline()))
		require.Equal(t, w.outline().Inspections, w.read(p).Inspections)
		p = w.advance(p, Wishes)
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Planning)
		require.Equal(t, []string{"need_wishes"}, lacking(err))

		round := id.New()
		w.rounds[round] = Round{Template: "property_service", Paths: []string{w.places[w.phase].Path}, Public: true}
		_, err = w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, &round, nil)
		w.refused("renovation.round", err)
		w.rounds[round] = Round{Template: "renovation_wishes", Paths: []string{"elsewhere/"}, Public: true}
		_, err = w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, &round, nil)
		w.refused("renovation.round", err)
		w.rounds[round] = Round{Template: "renovation_wishes", Paths: []string{w.places[w.phase].Path}}
		p = w.must(w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, &round, nil))
		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Planning)
		require.Equal(t, []string{"need_wishes"}, lacking(err), "residents have not seen the result yet")
		w.rounds[round] = Round{Template: "renovation_wishes", Paths: []string{w.places[w.phase].Path}, Public: true}
		p = w.advance(p, Planning)
		_, err = w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, &round, nil)
		w.refused("renovation.stage_begun", err)

		_, err = w.Advance(w.ctx(), w.office, p.ID, seen(p), Consent)
		require.Equal(t, []string{"need_plan"}, lacking(err))
		p = w.must(w.PublishPlan(w.ctx(), w.office, p.ID, seen(p), "按居民意愿编制", w.items()))
		require.Equal(t, []any{int64(1), int64(155_000_000)}, []any{p.PlanNumber, p.BudgetFen})
		p = w.advance(p, Consent)
		v, err := w.Show(w.ctx(), w.resident, p.ID)
		require.NoError(t, err)
		require.Equal(t, NextStage{Funded, []string{"need_consent", "need_funding"}, []string{"need_plan", "need_consent", "need_funding", "need_division"}}, *v.Next)
		require.Equal(t, []string{"open", "not_needed", "open"}, []string{v.Items[0].Consent, v.Items[1].Consent, v.Items[2].Consent})
		require.Equal(t, int64(7), v.Items[2].DecisionItem)
		require.Empty(t, v.Documents)

		list, err := w.Events(w.ctx(), w.resident, p.ID, page.Request{})
		require.NoError(t, err)
		var kinds []string
		for _, e := range list.Items {
			kinds = append(kinds, e.Kind)
		}
		require.Equal(t, []string{"propose", "edit", "advance", "link_survey", "advance", "publish_plan", "advance"}, kinds)
		w.must(w.Withdraw(w.ctx(), w.office, p.ID, seen(p), "居民未形成一致意见。"))
		require.Equal(t, Withdrawn, w.read(p).State)
		_, err = w.Advance(w.ctx(), w.office, p.ID, anew, Funded)
		w.refused("renovation.step_illegal", err)
	})
}

// With too few dwellings for a survey the record of a meeting stands for it, and only then.
func TestAMeetingStandsForASurveyOfFewDwellings(t *testing.T) {
	w := newWorld(t, freshDB(t))
	in := w.outline()
	in.Parts = []Part{{w.blocks[0], "1单元"}}
	p := w.advance(w.must(w.Propose(w.ctx(), w.community, idem.Key{}, w.estate, in)), Wishes)
	h := w.paper(p)
	strange := h
	strange[0]++
	_, err := w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, nil, &strange)
	w.refused("renovation.document", err)
	p = w.must(w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, nil, &h))
	w.advance(p, Planning)

	whole := w.advance(w.proposed(), Wishes)
	h = w.paper(whole)
	_, err = w.LinkSurvey(w.ctx(), w.office, whole.ID, anew, ForWishes, nil, &h)
	w.refused("renovation.survey_possible", err)
	_, err = w.LinkSurvey(w.ctx(), w.office, whole.ID, anew, ForWishes, nil, nil)
	w.refused("renovation.round", err)
	_, err = w.LinkSurvey(w.ctx(), w.office, whole.ID, anew, ForCompletion, nil, &h)
	w.refused("renovation.survey_possible", err)
}

// The owners' decision is for the item as it was: another content or a cost beyond the overrun rule needs another one.
func TestConsentIsForWhatWasDecided(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.deciding()
		roof, drains := w.item(p, "roof"), w.item(p, "drains")
		_, err := w.RecordConsent(w.ctx(), w.committee, p.ID, drains.ID, anew, w.minutes(p))
		w.refused("renovation.no_decision", err)
		short := w.minutes(p)
		short.Tally.FavourArea--
		_, err = w.RecordConsent(w.ctx(), w.committee, p.ID, roof.ID, anew, short)
		w.refused("renovation.decision_failed", err)
		require.Equal(t, []string{"enough_area"}, fault.Of(err).Params["tests"])
		for _, wrong := range []authz.Principal{w.office, w.party, w.manager, w.builder, w.resident} {
			_, err = w.RecordConsent(w.ctx(), wrong, p.ID, roof.ID, anew, w.minutes(p))
			require.True(t, fault.Is(err, "auth.forbidden") || fault.Is(err, "not_found"), "only the owners' side and the community record it: %v", err)
		}
		p = w.must(w.RecordConsent(w.ctx(), w.committee, p.ID, roof.ID, anew, w.minutes(p)))
		w.serving[0].OwnersRepID = w.committee.Grants[0].Org
		_, err = w.RecordConsent(w.ctx(), w.community, p.ID, w.item(p, "lift-1").ID, anew, w.minutes(p))
		w.refused("renovation.committee_first", err)
		w.serving[0].OwnersRepID = id.Nil
		p = w.must(w.RecordConsent(w.ctx(), w.community, p.ID, w.item(p, "lift-1").ID, anew, w.minutes(p)))
		require.Empty(t, w.lacks(p, Funded, NeedConsent))

		plan := func(change func(items []PlanItem)) []string {
			items := w.items()
			change(items)
			p = w.must(w.PublishPlan(w.ctx(), w.office, p.ID, seen(w.read(p)), "调整", items))
			return w.lacks(p, Funded, NeedConsent)
		}
		require.Empty(t, plan(func(items []PlanItem) { items[0].BudgetFen = 49_500_000 }), "ten per cent more is let pass")
		require.NotEmpty(t, plan(func(items []PlanItem) { items[0].BudgetFen = 49_500_001 }))
		require.Empty(t, plan(func(items []PlanItem) { items[0].PlannedUntil = day("2026-08-15") }), "days are no part of the decision")
		require.NotEmpty(t, plan(func(items []PlanItem) { items[0].Detail = "聚氨酯涂膜" }))
		require.NotEmpty(t, plan(func(items []PlanItem) { items[2].Parts = []Part{{w.blocks[0], ""}} }), "other owners are concerned")
		require.Empty(t, plan(func([]PlanItem) {}), "back to what was decided")
		_, err = w.PublishPlan(w.ctx(), w.office, p.ID, seen(p), "没有变化", w.items())
		w.refused("renovation.plan_same", err)

		list, err := w.Plans(w.ctx(), w.resident, p.ID, page.Request{Limit: 2})
		require.NoError(t, err)
		require.Equal(t, int64(7), list.Items[0].Number)
		require.Equal(t, []Change{{"lift-1", "1号楼1单元加装电梯", ItemChanged, []string{"parts"}, 50_000_000, 50_000_000}}, list.Items[0].Changes)
		first, err := w.Plans(w.ctx(), w.resident, p.ID, page.Request{Limit: 5, Cursor: list.Next})
		require.NoError(t, err)
		require.Equal(t, int64(1), first.Items[4].Number)
		require.Len(t, first.Items[4].Changes, 3)
		require.Empty(t, first.Next)
	})
}

// A vote that passed here counts for exactly the owners and the item of the law that it was about.
func TestAVoteCountsForItsOwnersAndItem(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.deciding()
	lift := w.item(p, "lift-1")
	_, err := w.RecordConsent(w.ctx(), w.committee, p.ID, lift.ID, anew, Evidence{Voted: true})
	w.refused("renovation.decision_other", err)
	w.held[lift.ID] = Held{ID: id.New(), State: "open"}
	v, err := w.Show(w.ctx(), w.resident, p.ID)
	require.NoError(t, err)
	for _, it := range v.Items {
		require.Equal(t, it.ID == lift.ID, it.Vote != nil, "who lives there is led to the vote about an item, and to no other")
	}
	good := Decision{ID: id.New(), Item: 7, Path: w.path, Parts: []Part{{w.blocks[0], "1单元"}}, Asked: clock.Now(w.clock), On: "2026-03-01", Tally: passing, Shown: true}
	for why, change := range map[string]func(*Decision){
		"another item":      func(d *Decision) { d.Item = 5 },
		"the whole estate":  func(d *Decision) { d.Parts = nil },
		"another building":  func(d *Decision) { d.Parts = []Part{{w.blocks[1], "1单元"}} },
		"another place":     func(d *Decision) { d.Path = "elsewhere/" },
		"an earlier plan":   func(d *Decision) { d.Asked-- },
		"two thirds agreed": func(d *Decision) { d.Tally.FavourHeads = 17 },
	} {
		d := good
		change(&d)
		w.decisions[lift.ID] = d
		_, err := w.RecordConsent(w.ctx(), w.committee, p.ID, lift.ID, anew, Evidence{Voted: true})
		require.Error(t, err, why)
	}
	good.Path = w.places[w.phase].Path // the only service area has the same owners
	w.decisions[lift.ID] = good
	w.must(w.RecordConsent(w.ctx(), w.committee, p.ID, lift.ID, anew, Evidence{Voted: true}))
	g, ok, err := givenTo(w.ctx(), w.DB, lift.ID)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, []any{good.ID, clock.Date("2026-03-01"), passing, false}, []any{*g.DecisionID, g.HeldOn, g.Tally, g.TestsOnly})

	few := good
	few.Shown = false
	w.decisions[lift.ID] = few
	w.must(w.RecordConsent(w.ctx(), w.committee, p.ID, lift.ID, anew, Evidence{Voted: true}))
	v, err = w.Show(w.ctx(), w.resident, p.ID)
	require.NoError(t, err)
	require.Equal(t, "given", v.Items[2].Consent)
	require.Equal(t, []any{Tally{}, true}, []any{v.Items[2].Given.Tally, v.Items[2].Given.TestsOnly}, "it counts, and no total of so few owners is kept")
	few.Tally.FavourHeads = 17
	w.decisions[lift.ID] = few
	_, err = w.RecordConsent(w.ctx(), w.committee, p.ID, lift.ID, anew, Evidence{Voted: true})
	w.refused("renovation.decision_failed", err)
}

// Who answers for a phase of an estate sees what is done to the whole of it, and does nothing to it.
func TestACommitteeOfAPhaseSeesTheWholeEstate(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.deciding()
	phase := w.post(authz.RoleCommittee, "committee", w.places[w.phase].Path)
	_, err := w.Show(w.ctx(), phase, p.ID)
	require.NoError(t, err)
	list, err := w.Projects(w.ctx(), phase, id.Nil, "", page.Request{})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	_, err = w.Remarks(w.ctx(), phase, p.ID, page.Request{})
	require.NoError(t, err)
	_, err = w.RecordConsent(w.ctx(), phase, p.ID, w.item(p, "roof").ID, anew, Evidence{Voted: true})
	w.refused("not_found", err)
	other := w.post(authz.RoleCommittee, "committee", authz.ChildPath(authz.ChildPath("", id.New()), id.New()))
	_, err = w.Show(w.ctx(), other, p.ID)
	w.refused("not_found", err)
	list, err = w.Projects(w.ctx(), other, id.Nil, "", page.Request{})
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

func TestThresholdsAtTheirBoundaries(t *testing.T) {
	base := Tally{TotalArea: 2_922_516, TotalHeads: 950, JoinedArea: 1_948_344, JoinedHeads: 634, FavourArea: 1_461_258, FavourHeads: 476}
	for _, c := range []struct {
		why  string
		ask  Ask
		edit func(*Tally)
		want []string
	}{
		{"exactly two thirds and three quarters", Ask{Item: 7}, func(*Tally) {}, nil},
		{"one hundredth of area less", Ask{Item: 7}, func(t *Tally) { t.JoinedArea-- }, []string{"quorum_area"}},
		{"633 of 950", Ask{Item: 7}, func(t *Tally) { t.JoinedHeads = 633 }, []string{"quorum_heads"}},
		{"three quarters less one", Ask{Item: 8}, func(t *Tally) { t.FavourArea--; t.FavourHeads-- }, []string{"enough_area", "enough_heads"}},
		{"exactly half is not more than half", Ask{Item: 5}, func(t *Tally) { t.FavourArea, t.FavourHeads = 974_172, 317 }, []string{"enough_area", "enough_heads"}},
		{"one more than half", Ask{Item: 9}, func(t *Tally) { t.FavourArea, t.FavourHeads = 974_173, 318 }, nil},
		{"a locality asks for two thirds of an ordinary item", Ask{9, 2, 3}, func(t *Tally) { t.FavourArea, t.FavourHeads = 1_298_896, 422 }, []string{"enough_heads"}},
		{"a locality never lowers the law", Ask{7, 1, 2}, func(t *Tally) { t.FavourHeads = 475 }, []string{"enough_heads"}},
		{"nobody took part", Ask{Item: 7}, func(t *Tally) { t.JoinedArea, t.JoinedHeads, t.FavourArea, t.FavourHeads = 0, 0, 0, 0 }, []string{"quorum_area", "quorum_heads", "enough_area", "enough_heads"}},
	} {
		tally := base
		c.edit(&tally)
		require.Equal(t, c.want, tally.Tests(c.ask).failed(), c.why)
	}
}

// Parts lie within others exactly when every unit of the one is a unit of the other.
func TestPartsHoldTheUnitsThatTheyName(t *testing.T) {
	blocks := []id.ID{id.New(), id.New()}
	gen := rapid.Custom(func(t *rapid.T) Part {
		return Part{blocks[rapid.IntRange(0, 1).Draw(t, "block")], rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "entrance")}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := sortParts(rapid.SliceOf(gen).Draw(t, "a")), sortParts(rapid.SliceOf(gen).Draw(t, "b"))
		require.Equal(t, a, sortParts(a), "in one order, each once")
		if within(a, b) {
			for _, block := range blocks {
				for _, entrance := range []string{"1", "2"} {
					u := Unit{BuildingID: block, Entrance: entrance}
					require.False(t, holds(a, u) && !holds(b, u))
				}
			}
		}
	})
}

// Of two who do the same step at once one does it; a repetition with its key changes nothing.
func TestStepsHappenOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.proposed()
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 8 {
			wg.Go(func() {
				if _, err := w.Advance(w.ctx(), w.office, p.ID, anew, Wishes); err == nil {
					mu.Lock()
					defer mu.Unlock()
					done++
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, done)
		list, err := events(w.ctx(), w.DB, p.ID, nil, 100)
		require.NoError(t, err)
		require.Len(t, list, 2)

		key := idem.New(w.office.Account, "proposeRenovation", "key-00000001", "/renovations", nil, w.now())
		a := w.must(w.Propose(w.ctx(), w.office, key, w.estate, w.outline()))
		b := w.must(w.Propose(w.ctx(), w.office, key, w.estate, w.outline()))
		require.Equal(t, a, b)
		_, err = w.Advance(w.ctx(), w.office, a.ID, Taken{Version: new(int64)}, Wishes)
		w.refused("version.stale", err)
	})
}

// Nobody outside sees that a project exists, and nobody inside does what is not theirs.
func TestProjectsKeepOthersOut(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.proposed()
	for name, who := range map[string]authz.Principal{"another street": w.elsewhere, "another estate": w.outsider, "another builder": w.rival} {
		_, err := w.Show(w.ctx(), who, p.ID)
		w.refused("not_found", err)
		list, err := w.Projects(w.ctx(), who, id.Nil, "", page.Request{})
		require.NoError(t, err)
		require.Empty(t, list.Items, name)
	}
	for name, who := range map[string]authz.Principal{"resident": w.resident, "committee": w.committee, "manager": w.manager, "party": w.party, "community": w.community} {
		_, err := w.Show(w.ctx(), who, p.ID)
		require.NoError(t, err, name)
		list, err := w.Projects(w.ctx(), who, id.Nil, Proposed, page.Request{})
		require.NoError(t, err, name)
		require.Len(t, list.Items, 1, name)
	}
	for name, who := range map[string]authz.Principal{"resident": w.resident, "committee": w.committee, "manager": w.manager, "party": w.party} {
		_, err := w.Advance(w.ctx(), who, p.ID, anew, Wishes)
		require.True(t, fault.Is(err, "auth.forbidden"), name)
	}
	h := w.paper(p)
	for name, who := range map[string]authz.Principal{"resident": w.resident, "manager": w.manager} {
		_, _, err := w.OpenDocument(w.ctx(), who, p.ID, h)
		require.True(t, fault.Is(err, "auth.forbidden"), "%s: minutes may name people", name)
	}
	_, body, err := w.OpenDocument(w.ctx(), w.committee, p.ID, h)
	require.NoError(t, err)
	require.NoError(t, body.Close())
}

func TestPlansRefuseWhatCannotBe(t *testing.T) {
	w := newWorld(t, freshDB(t))
	p := w.heard()
	for why, c := range map[string]struct {
		code string
		edit func([]PlanItem) []PlanItem
	}{
		"no item":              {"renovation.items", func([]PlanItem) []PlanItem { return nil }},
		"the same key twice":   {"renovation.item_key", func(i []PlanItem) []PlanItem { i[1].Key = i[0].Key; return i }},
		"an unknown item":      {"rules.renovation_item_unknown", func(i []PlanItem) []PlanItem { i[0].Code = "pool"; return i }},
		"another place's item": {"rules.renovation_item_unknown", func(i []PlanItem) []PlanItem { i[0].Code = "hidden_danger"; return i }},
		"a foreign building":   {"renovation.part", func(i []PlanItem) []PlanItem { i[0].Parts = []Part{{BuildingID: id.New()}}; return i }},
		"an unknown entrance":  {"renovation.part", func(i []PlanItem) []PlanItem { i[0].Parts = []Part{{w.blocks[0], "9单元"}}; return i }},
		"one day of two":       {"renovation.days", func(i []PlanItem) []PlanItem { i[0].PlannedUntil = nil; return i }},
		"days the wrong way":   {"renovation.days", func(i []PlanItem) []PlanItem { i[0].PlannedUntil = day("2026-05-31"); return i }},
		"too much money":       {"renovation.amount", func(i []PlanItem) []PlanItem { i[0].BudgetFen = maxFen + 1; return i }},
		"a control character":  {"text.control", func(i []PlanItem) []PlanItem { i[0].Title = "屋\x00面"; return i }},
	} {
		_, err := w.PublishPlan(w.ctx(), w.office, p.ID, seen(p), "编制方案", c.edit(w.items()))
		require.Error(t, err, why)
		w.refused(c.code, err)
	}
	require.Zero(t, w.read(p).PlanNumber)
	items := slices.Insert(w.items(), 0, PlanItem{Key: "danger", Code: "hidden_danger", Title: "燃气立管隐患", Quantity: 100, BudgetFen: 1})
	place := w.places[w.estate]
	place.Division = "510104001000"
	w.places[w.estate] = place
	p = w.heard()
	w.must(w.PublishPlan(w.ctx(), w.office, p.ID, seen(p), "成都另有安全类", items))
	require.Equal(t, "safety", w.item(p, "danger").Class)
}

// A project of an estate with two phases is about both: a round that asks one of them does not stand for the other.
func TestASurveyAsksEveryPhaseThatIsConcerned(t *testing.T) {
	w := newWorld(t, freshDB(t))
	place, second := w.places[w.estate], id.New()
	place.ServiceAreas = append(place.ServiceAreas, second)
	place.Buildings[2].ServiceAreaID = second
	w.places[w.estate] = place
	round := id.New()
	link := func(outline Outline, phases ...id.ID) error {
		asked := Round{Template: "renovation_wishes", Public: true}
		for _, phase := range phases {
			asked.Paths = append(asked.Paths, place.pathOf(phase))
		}
		w.rounds[round] = asked
		p := w.advance(w.must(w.Propose(w.ctx(), w.office, idem.Key{}, w.estate, outline)), Wishes)
		_, err := w.LinkSurvey(w.ctx(), w.office, p.ID, anew, ForWishes, &round, nil)
		return err
	}
	w.refused("renovation.round_phases", link(w.outline(), w.phase))
	require.NoError(t, link(w.outline(), w.phase, second))
	first := w.outline()
	first.Parts = []Part{{BuildingID: w.blocks[0]}}
	require.NoError(t, link(first, w.phase))
	w.refused("renovation.round_phases", link(first, second))
}
