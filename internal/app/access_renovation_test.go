package app_test

import (
	"bytes"
	"context"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/renovation"
)

// renovationOf is the stage of the project for an operation; consent where it is not named.
var renovationOf = map[string]string{"editRenovation": "proposed", "advanceRenovation": "proposed", "withdrawRenovation": "proposed", "linkRenovationSurvey": "proposed", "publishRenovationPlan": "plan",
	"chooseRenovationContractor": "funded", "endRenovationContract": "works", "volunteerAsSupervisor": "works", "confirmSupervisor": "works", "endSupervisor": "works", "addRenovationMilestone": "works", "reachRenovationMilestone": "works",
	"delayRenovationMilestone": "works", "measureRenovationItem": "works", "recordRenovationFinding": "works", "checkRenovationItem": "works", "signRenovationItem": "works",
	"listRenovationDiary": "works", "writeRenovationDiary": "works", "addRenovationPhoto": "works", "getRenovationPhoto": "works", "listRenovationRemarks": "works", "speakOfRenovation": "works", "answerRenovationRemark": "works"}

func (s *sampler) renovation() string {
	if stage, ok := renovationOf[s.op.ID]; ok {
		return "renovationId." + stage
	}
	return "renovationId.consent"
}

// fundRequestOf is the state of the request for an operation; requested where it is not named.
var fundRequestOf = map[string]string{"verifyFundRequest": "emergency", "settleFundRequest": "verified", "postFundRequest": "done", "objectToFundRequest": "posted", "drawFundRequest": "posted",
	"answerFundObjection": "objected", "listFundShares": "posted"}

func (s *sampler) fundRequest() string {
	if state, ok := fundRequestOf[s.op.ID]; ok {
		return "fundRequestId." + state
	}
	return "fundRequestId.requested"
}

// funds puts a request for maintenance money in every state that an operation needs into an estate, and a source of money into its
// project whose amount is divided.
func (s *streets) funds(e *estate) {
	s.t.Helper()
	ctx, th, p := context.Background(), e.things, authz.System("test")
	project := s.id(th["renovationId.consent"])
	for _, state := range []string{"requested", "emergency", "verified", "done", "posted", "objected"} {
		in := renovation.NewFundRequest{ServiceAreaID: s.id(th["serviceAreaId"]), RenovationID: &project, Path: renovation.Ordinary,
			FundContent: renovation.FundContent{Title: e.name + "屋面维修", Why: "顶层渗漏需要维修。", FirmName: "某防水公司", BudgetFen: 3000}}
		if state == "emergency" {
			in.Path, in.Danger = renovation.Emergency, "roof_leak"
		}
		r, err := s.Renovation.RequestFund(ctx, p, idem.Key{}, in)
		require.NoError(s.t, err)
		d, err := s.Renovation.AttachFund(ctx, p, r.ID, renovation.Taken{}, "决算.pdf", bytes.NewReader([]byte(paper)))
		require.NoError(s.t, err)
		th["fundRequestId."+state], th["fundHash"] = r.ID.String(), d.Hash.String()
		switch state {
		case "verified":
			s.exec(`UPDATE fund_request SET state = 'verified' WHERE id = ?`, r.ID)
		case "done", "posted", "objected":
			s.exec(`UPDATE fund_request SET state = 'done', settled_fen = 3000, done_on = '2026-11-01' WHERE id = ?`, r.ID)
		}
		if state == "posted" || state == "objected" {
			_, err := s.Renovation.PostFund(ctx, p, r.ID, renovation.Taken{})
			require.NoError(s.t, err)
			s.exec(`UPDATE fund_request SET posted_on = '2026-11-10', posted_until = '2026-11-15' WHERE id = ?`, r.ID)
		}
		if state == "objected" {
			th["fundRemarkId"] = id.New().String()
			s.exec(`INSERT INTO renovation_remark (id, subject_id, person_id, words, at, answer) VALUES (?, ?, ?, '为什么这么贵？', ?, '')`, s.id(th["fundRemarkId"]), r.ID, s.id(e.owner.person), clock.At(today))
		}
	}
	_, err := s.Renovation.AddLine(ctx, p, project, renovation.Taken{}, renovation.NewLine{Source: renovation.FromResidents, PlannedFen: 1000, Reference: "方案", On: "2026-11-01"})
	require.NoError(s.t, err)
	v, err := s.Renovation.Show(ctx, p, project)
	require.NoError(s.t, err)
	line := v.Funding[0].ID
	_, err = s.Renovation.Enter(ctx, p, project, line, renovation.Taken{}, renovation.NewEntry{Kind: renovation.EntryApproved, Fen: 1000, On: "2026-11-01", Reference: "批复"})
	require.NoError(s.t, err)
	_, err = s.Renovation.Allocate(ctx, p, project, line, renovation.Taken{})
	require.NoError(s.t, err)
	list, err := s.Renovation.Entries(ctx, p, project, page.Request{})
	require.NoError(s.t, err)
	th["fundingId"], th["entryId"] = line.String(), list.Items[0].ID.String()
}

// renovations puts a project in every stage that an operation needs into an estate. Its utility builds them, so that somebody of that
// role has a part in them.
func (s *streets) renovations(e *estate) {
	s.t.Helper()
	ctx, th, p := context.Background(), e.things, authz.System("test")
	made := func(stage string, parts ...renovation.Part) renovation.Project {
		pr, err := s.Renovation.Propose(ctx, p, idem.Key{}, s.id(th["estateId"]), renovation.Outline{Name: e.name + "改造", Why: "管线老化，屋面渗漏。", Parts: parts,
			Inspections: []renovation.Inspection{{Subject: "屋面", Finding: "渗漏"}}})
		require.NoError(s.t, err)
		th["renovationId."+stage] = pr.ID.String()
		s.exec(`UPDATE renovation SET state = ?, contractor_org_id = ?, tender_reference = '招1号', tendered_on = '2026-11-01', contract_fen = 100 WHERE id = ?`, stage, s.id(th["org.utility"]), pr.ID)
		return pr
	}
	few := made("proposed", renovation.Part{BuildingID: s.id(th["buildingId"])}) // too few dwellings for a survey: a meeting's record stands for it
	minutes, err := s.Renovation.Attach(ctx, p, few.ID, renovation.Taken{}, "会议记录.pdf", bytes.NewReader([]byte(paper)))
	require.NoError(s.t, err)
	th["renovationHash.proposed"] = minutes.Hash.String()
	pr := made("plan")
	toPlan := made("plan")
	pr, err = s.Renovation.PublishPlan(ctx, p, pr.ID, renovation.Taken{}, "编制方案", []renovation.PlanItem{{Key: "roof", Code: "roof", Title: "屋面防水", Quantity: 100, BudgetFen: 100}})
	require.NoError(s.t, err)
	v, err := s.Renovation.Show(ctx, p, pr.ID)
	require.NoError(s.t, err)
	th["itemId"], th["renovationId.consent"] = v.Items[0].ID.String(), pr.ID.String()
	d, err := s.Renovation.Attach(ctx, p, pr.ID, renovation.Taken{}, "纪要.pdf", bytes.NewReader([]byte(paper)))
	require.NoError(s.t, err)
	th["renovationHash"] = d.Hash.String()
	s.exec(`UPDATE renovation SET state = 'consent' WHERE id = ?`, pr.ID)
	made("funded")
	s.site(e, made("plan"))
	th["renovationId.plan"] = toPlan.ID.String()
	s.funds(e)
}

// site makes a project one that is being built: with its diary, a milestone that is late, an item to be measured and one to be signed, a
// resident who volunteered and one who was confirmed.
func (s *streets) site(e *estate, pr renovation.Project) {
	s.t.Helper()
	ctx, th, p := context.Background(), e.things, authz.System("test")
	pr, err := s.Renovation.PublishPlan(ctx, p, pr.ID, renovation.Taken{}, "编制方案", []renovation.PlanItem{
		{Key: "drains", Code: "drainage", Title: "雨污分流", Quantity: 100, BudgetFen: 100}, {Key: "shed", Code: "illegal_building", Title: "拆除违建", Quantity: 100, BudgetFen: 100}})
	require.NoError(s.t, err)
	v, err := s.Renovation.Show(ctx, p, pr.ID)
	require.NoError(s.t, err)
	th["renovationId.works"], th["itemId.drains"], th["itemId.built"] = pr.ID.String(), v.Items[0].ID.String(), v.Items[1].ID.String()
	s.exec(`UPDATE renovation SET state = 'works' WHERE id = ?`, pr.ID)
	_, err = s.Renovation.AddMilestone(ctx, p, pr.ID, renovation.Taken{}, renovation.NewMilestone{Title: "主体完工", PlannedOn: "2026-11-10"})
	require.NoError(s.t, err)
	_, err = s.Renovation.Measure(ctx, p, pr.ID, v.Items[1].ID, renovation.Taken{}, renovation.Measurement{Quantity: 100, On: "2026-11-10"})
	require.NoError(s.t, err)
	for _, line := range v.Items[1].Checklist {
		_, err = s.Renovation.Look(ctx, p, pr.ID, v.Items[1].ID, renovation.Taken{}, renovation.NewCheck{Code: line.Code, Result: renovation.Passed})
		require.NoError(s.t, err)
	}
	for name, of := range map[string]*caller{"supervisorId": e.neighbour, "supervisorId.confirmed": e.owner} {
		th[name] = id.New().String()
		s.exec(`INSERT INTO renovation_supervisor (id, renovation_id, person_id, state, volunteered_at, end_reason) VALUES (?, ?, ?, ?, ?, '')`,
			s.id(th[name]), pr.ID, s.id(of.person), map[bool]string{true: "volunteered", false: "confirmed"}[of == e.neighbour], clock.At(today))
	}
	entry, err := s.Renovation.WriteDiary(ctx, p, pr.ID, renovation.Taken{}, "2026-11-10", "清运拆除垃圾。")
	require.NoError(s.t, err)
	h, err := s.Renovation.AddPhoto(ctx, p, pr.ID, entry, renovation.Taken{}, 100, bytes.NewReader(picture(s.t)))
	require.NoError(s.t, err)
	v, err = s.Renovation.Show(ctx, p, pr.ID)
	require.NoError(s.t, err)
	th["milestoneId"], th["diaryId"], th["photoHash"] = v.Milestones[0].ID.String(), entry.String(), h.String()
	th["renovationRemarkId"] = id.New().String()
	s.exec(`INSERT INTO renovation_remark (id, subject_id, person_id, words, at, answer) VALUES (?, ?, ?, '请注意防尘。', ?, '')`, s.id(th["renovationRemarkId"]), pr.ID, s.id(e.owner.person), clock.At(today))
}
