package app_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/survey"
)

// Surveys of the access matrix: of each estate a round in every state that an operation needs.

// asked is a questionnaire of one question, and answered are its answers.
var (
	asked = form{"title": both("满意度", "Satisfaction"), "sections": []form{{"code": "one", "title": both("保洁", "Cleaning"), "items": []form{
		{"code": "clean", "kind": "rating", "dimension": "cleaning", "prompt": both("您对保洁满意吗？", "Are you satisfied with the cleaning?")}}}}}
	answered = form{"clean": 4}
)

func both(zh, en string) form { return form{"zh": zh, "en": en} }

// someHash is 32 bytes as the API writes them; pledged is a party's secret.
var (
	someHash = ballot.Hash{1, 2, 3}.String()
	pledged  = ballot.Hash{4, 5, 6}
)

// roundOf is the state of the round for an operation; open where it is not named.
var roundOf = map[string]string{
	"editSurveyRound": "draft", "cancelSurveyRound": "draft", "previewSurveyRoll": "draft", "reconcileSurveyRoll": "draft", "freezeSurveyRoll": "ready",
	"pledgeSurveySecret": "pledging", "revealSurveySecret": "revealing", "listSurveyPledges": "revealing", "getSurveyScore": "scored", "publishSurveyScore": "scored",
	"listSurveyObjections": "scored", "objectToSurveyScore": "scored", "joinSurveyObjection": "scored", "leaveSurveyObjection": "scored", "withdrawSurveyObjection": "scored", "decideSurveyObjection": "scored",
	"listSurveyAudits": "published", "getSurveyAudit": "published", "exportSurveyAudit": "published", "proposeSurveyExclusion": "published", "confirmSurveyExclusion": "published",
	"concludeSurveyAudit": "published", "decideSurveyAudit": "scored", "openSurveyAudit": "quiet", "signOffSurveyRounds": "quiet", "drawSurveyRecontact": "scored",
	"listSurveyRecontacts": "published", "answerSurveyRecontact": "published", "getPublicSurveyAudits": "published", "getPublicSurveyScoreRevision": "published",
	"listSurveySettlements": "quiet", "proposeSurveySettlement": "published", "confirmSurveySettlement": "quiet", "disputeSurveySettlement": "quiet",
	"listSurveyRemarks": "scored", "reviewSurveyRemarks": "scored", "listPublicSurveyRemarks": "published", "countPublicSurveyRemarks": "published",
	"getPublicSurveyScore": "published", "getSurveyBundle": "quiet", "listPublicSurveyObjections": "published", "getCountedResponse": "published", "getDrawSeal": "published",
	"listSurveyChanges": "scored", "listPublicSurveyChanges": "published",
}

func (s *sampler) round() string {
	if state, ok := roundOf[s.op.ID]; ok {
		return "roundId." + state
	}
	return "roundId.open"
}

// surveysHeld holds four rounds in each estate in the month before: one that was published and is audited, one that was published and is not, one
// that was scored and waits, and one
// that is still open.
func (s *streets) surveysHeld(all []*estate, watch *clock.Fake) {
	for _, e := range all {
		e.things["formId"] = s.surveyForm(s.holder(e))
		s.holder(e).do("POST", "/survey-forms/"+e.things["formId"]+"/publish", nil, "If-Match", `"1"`).want(200)
		for _, name := range []string{"published", "scored", "quiet"} {
			s.frozenRound(e, name, lastMonth.Add(time.Hour), lastMonth.AddDate(0, 0, 8))
		}
		s.frozenRound(e, "open", lastMonth.AddDate(0, 0, 8).Add(-time.Hour), lastMonth.AddDate(0, 0, 50))
	}
	watch.Set(lastMonth.Add(2 * time.Hour))
	s.surveysAdvance(watch)
	for _, e := range all {
		kept := s.prepared(e, "published", e.owner, e.things["unitId"]).drawn(e)
		e.things["countedToken"] = kept.Name().String()
		s.nobody().do("POST", "/public/survey-rounds/"+e.things["roundId.published"]+"/responses", castOf(kept)).want(201)
		s.crowd(e)
	}
	watch.Set(lastMonth.AddDate(0, 0, 8))
	s.surveysAdvance(watch)
	watch.Advance(time.Minute)
	s.surveysAdvance(watch)
	for _, e := range all {
		for _, name := range []string{"published", "quiet"} {
			path := "/survey-rounds/" + e.things["roundId."+name]
			s.holder(e).do("POST", path+"/publish", nil, "If-Match", e.office.get(path).header.Get("ETag")).want(200)
		}
		s.ballots(e)
	}
}

// crowd is enough others of an estate who answered its two published rounds, for a figure that a fee can follow. Their ballots have the owner's
// signature: what one is worth is tested elsewhere.
func (s *streets) crowd(e *estate) {
	s.t.Helper()
	from := s.id(e.things["roundId.published"])
	for _, name := range []string{"quiet", "published"} {
		to := s.id(e.things["roundId."+name])
		var homes []struct {
			ID      id.ID `db:"id"`
			Stratum id.ID `db:"stratum_id"`
		}
		require.NoError(s.t, s.DB.Select(s.t.Context(), &homes, `SELECT id, stratum_id FROM survey_dwelling WHERE round_id = ? AND sampled = 1
			AND NOT EXISTS (SELECT 1 FROM survey_draw w WHERE w.dwelling_id = survey_dwelling.id) ORDER BY id LIMIT 36`, to))
		for n, home := range homes {
			token := ballot.NewHash()
			name := ballot.Token(token).Hash(to)
			salt, text, said := ballot.NewHash(), ballot.NewHash(), fmt.Sprintf(`{"clean":%d}`, 3+n%3)
			s.exec(`INSERT INTO survey_draw VALUES (?,?,?,?,?,?)`, ballot.NewHash(), to, home.ID, home.Stratum, ballot.NewHash(), clock.DateOf(lastMonth))
			s.exec(`INSERT INTO survey_cast SELECT ?, ?, ?, ?, prefix, signature, ?, ?, ?, ?, revision, channel, lot, attribute_salt, opening FROM survey_cast WHERE round_id = ? LIMIT 1`,
				to, name, home.Stratum, token, said, salt, text, ballot.Commitment(to, name, salt, []byte(said), text), from)
		}
	}
}

// ballots are a blinded token to be drawn by the owner, and a ballot of the neighbour to be cast.
func (s *streets) ballots(e *estate) {
	th := e.things
	mine := s.prepared(e, "open", e.owner, th["unitId"])
	th["keyId"], th["blinded"] = mine.key.String(), base64.StdEncoding.EncodeToString(mine.Blinded())
	kept := s.prepared(e, "open", e.neighbour, e.neighbours["unitId"]).drawn(e)
	opening, err := kept.Secret.Opening(1)
	require.NoError(s.t, err)
	th["ballot.key"], th["ballot.token"], th["ballot.prefix"] = kept.Key.String(), ballot.Hash(kept.Secret.Token()).String(), kept.Prefix.String()
	th["ballot.signature"], th["ballot.opening"] = base64.RawURLEncoding.EncodeToString(kept.Signature), opening.String()
	s.paper(e, mine)
}

// lotSize is the least that a lot may have.
const lotSize = 20

// paper is a lot that is printed, an interviewer, and a dwelling that has agreed to an interview. In our own estate another lot waits to be
// signed, and one to be registered.
func (s *streets) paper(e *estate, mine prepared) {
	s.t.Helper()
	th, path := e.things, "/survey-rounds/"+e.things["roundId.open"]
	first := s.ordered(e, mine, path)
	th["lotId"], th["lotId.ordered"], th["lotId.signed"] = first.id, first.id, first.id
	sheets := first.printed(e)
	e.office.do("PUT", path+"/lots/"+first.id+"/ballots", form{"ballots": ballot.Manifest(sheets)}).want(200)
	for n, name := range []string{"paper.opening", "paper.void"} {
		opening, err := sheets[n].Code.Secret(sheets[n].Kept.Round).Opening(1)
		require.NoError(s.t, err)
		th[name] = opening.String()
	}
	th["lot.blinded"], th["lot.ballots"] = s.json(first.batch.Blinded()), s.json(ballot.Manifest(sheets))
	th["agreedUnitId"] = th["vacantUnitId"] // where nobody has an account
	if e != s.own {
		return
	}
	waits, signed := s.ordered(e, mine, path), s.ordered(e, mine, path)
	th["lotId.ordered"], th["lot.blinded"] = waits.id, s.json(waits.batch.Blinded())
	th["lotId.signed"], th["lot.ballots"] = signed.id, s.json(ballot.Manifest(signed.printed(e)))
	e.neighbours["agreedUnitId"] = e.neighbours["unitId"]
	work := s.roles["community_work"]
	e.office.made(path+"/interviewers", form{"personId": work.person, "organisationId": th["org.residents_committee"]})
	e.community.do("PUT", path+"/agreements/"+th["vacantUnitId"], nil).want(204)
}

// printing is a lot whose ballots were blinded on a machine of its own.
type printing struct {
	id, path string
	batch    *ballot.Batch
}

// ordered is a lot that nobody has signed.
func (s *streets) ordered(e *estate, mine prepared, round string) printing {
	s.t.Helper()
	lot := e.office.made(round+"/lots", form{"stratum": "s0001", "size": lotSize}).text("id")
	batch, err := ballot.PrintBatch(mine.trusted, lotSize)
	require.NoError(s.t, err)
	return printing{lot, round + "/lots/" + lot, batch}
}

// printed has the lot signed and finishes its sheets.
func (p printing) printed(e *estate) []ballot.Sheet {
	t := e.office.t
	t.Helper()
	answer := e.office.do("POST", p.path+"/signatures", form{"blinded": p.batch.Blinded()}).want(200)
	signatures := make([][]byte, lotSize)
	for i := range signatures {
		var err error
		signatures[i], err = base64.StdEncoding.DecodeString(answer.text(fmt.Sprintf("blindSignatures.%d", i)))
		require.NoError(t, err)
	}
	sheets, err := p.batch.Finish(signatures)
	require.NoError(t, err)
	return sheets
}

// json is a thing that is no plain text, as a request has it.
func (s *streets) json(v any) string {
	s.t.Helper()
	body, err := json.Marshal(v)
	require.NoError(s.t, err)
	return string(body)
}

// surveysPlanned makes, of each estate, the rounds and questionnaires that are not open yet.
func (s *streets) surveysPlanned(e *estate) {
	th, opens := e.things, today.AddDate(0, 0, 5)
	author := e.community // the sibling's street office is ours, and would see its own draft
	if e == s.own {
		author = e.office
	}
	th["draftFormId"] = s.surveyForm(author)
	th["surveyPlanId"] = author.made("/areas/"+th["communityId"]+"/survey-plans", form{"year": 2027, "marginBp": 500, "rounds": 1, "sheets": 1000, "minutes": 10000,
		"kind": "every_round", "times": 1}).text("id")
	for _, name := range []string{"draft", "ready"} {
		s.planRound(e, name, "census", opens, opens.AddDate(0, 0, 10))
	}
	s.reconcile(e, "ready")
	for _, name := range []string{"pledging", "revealing"} {
		s.planRound(e, name, "sample", opens, opens.AddDate(0, 0, 10))
	}
	s.reconcile(e, "revealing")
	round := th["roundId.revealing"]
	for org, by := range map[string]*caller{"street_office": e.office, "company": e.manager, "committee": e.committee} {
		s.onRound(by, round, "pledge", form{"commitment": ballot.Hash(score.Commit(round, th["org."+org], pledged[:])).String()})
	}
	s.onRound(e.office, round, "freeze", nil)
	against := form{"serviceAreaId": th["serviceAreaId"], "content": "本次测评样本与实际不符。"}
	path := "/survey-rounds/" + th["roundId.scored"] + "/objections"
	th["objectionId.filed"] = e.manager.made(path, against).text("id")
	against["unitId"] = th["unitId"] // of the owner, who may leave; the others there may join
	th["objectionId"] = e.owner.made(path, against).text("id")
	th["settlementId"] = e.manager.made("/survey-rounds/"+th["roundId.quiet"]+"/settlements", form{"serviceAreaId": th["serviceAreaId"], "fromMonth": "2026-01", "months": 3}).text("id")
	s.surveysAudited(e)
	s.remarks(e, "scored", survey.RemarkWaiting)
	s.remarks(e, "published", survey.RemarkReleased)
}

// remarks are as many answers in words as are shown, the last of which is the thing.
func (s *streets) remarks(e *estate, round string, state survey.RemarkState) {
	s.t.Helper()
	of, err := id.Parse(e.things["roundId."+round])
	require.NoError(s.t, err)
	area, err := id.Parse(e.things["serviceAreaId"])
	require.NoError(s.t, err)
	require.NoError(s.t, s.DB.InTx(s.t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
		for range 5 {
			name := ballot.NewHash()
			_, err := tx.Exec(ctx, `INSERT INTO survey_remark (round_id, name, service_area_id, item, content, state, shown, reason, reviewed_role) VALUES (?,?,?,'words','楼道灯坏了',?,'楼道灯坏了','','')`, of, name, area, state)
			if err != nil {
				return err
			}
			if state == survey.RemarkWaiting {
				e.things["remarkId"] = name.String()
			}
		}
		return nil
	}))
}

// surveysAudited begins an audit of the published round and concludes one of the scored round, with a re-contact of the published one.
func (s *streets) surveysAudited(e *estate) {
	s.t.Helper()
	ctx, p, th := s.t.Context(), authz.System("test"), e.things
	open := func(round string) (id.ID, survey.Audit) {
		r, err := id.Parse(th["roundId."+round])
		require.NoError(s.t, err)
		a, err := s.Surveys.OpenAudit(ctx, p, idem.Key{}, r, "抽查本轮得分。")
		require.NoError(s.t, err)
		return r, a
	}
	published, a := open("published")
	th["auditId"] = a.ID.String()
	_, err := s.Surveys.DrawRecontact(ctx, p, idem.Key{}, published)
	require.NoError(s.t, err)
	s.papers(published)
	a, err = s.Surveys.Exclude(ctx, p, published, a.ID, survey.Taken{Version: a.Version}, survey.NewExclusion{By: "lot", Value: "p0001", Reason: "该批纸质问卷保管不当。"})
	require.NoError(s.t, err)
	list, err := s.Surveys.Recontacts(ctx, p, published)
	require.NoError(s.t, err)
	th["dwellingId"] = list[0].DwellingID.String()
	scored, a := open("scored")
	a, err = s.Surveys.Conclude(ctx, p, scored, a.ID, survey.Taken{Version: a.Version}, survey.Uphold, "未发现足以影响得分的问题。")
	require.NoError(s.t, err)
	th["auditId.concluded"] = a.ID.String()
}

// papers adds answers on paper to a counted round, and as many others: enough to be left out.
func (s *streets) papers(round id.ID) {
	for n := range 12 {
		channel, lot := "paper", "p0001"
		if n%2 == 1 {
			channel, lot = "web", ""
		}
		s.exec(`INSERT INTO survey_response SELECT round_id, ?, stratum_id, token, prefix, signature, answers, salt, text_hash, commitment, revision, ?, ?, attribute_salt, opening, NULL
			FROM survey_response WHERE round_id = ? AND pos IS NOT NULL LIMIT 1`, ballot.NewHash(), channel, lot, round)
	}
}

func (s *streets) surveyForm(by *caller) string {
	s.t.Helper()
	return by.made("/survey-forms", form{"template": "property_service", "questionnaire": asked}).text("id")
}

func (s *streets) planRound(e *estate, name, method string, opens, closes time.Time) {
	s.t.Helper()
	plan := form{"formId": e.things["formId"], "title": "测评" + e.name + name, "serviceAreas": []string{e.things["serviceAreaId"]}, "method": method,
		"opensAt": opens.Format(time.RFC3339), "closesAt": closes.Format(time.RFC3339)}
	if method == "sample" {
		plan["marginBp"] = 1000
	}
	e.things["roundId."+name] = s.holder(e).made("/survey-rounds", plan).text("id")
}

func (s *streets) frozenRound(e *estate, name string, opens, closes time.Time) {
	s.t.Helper()
	s.planRound(e, name, "census", opens, closes)
	s.reconcile(e, name)
	s.onRound(s.holder(e), e.things["roundId."+name], "freeze", nil)
}

// holder is who holds the rounds of an estate; at the demonstration's street a colleague of the office, so that the office's person has no hand
// in them and may decide.
func (s *streets) holder(e *estate) *caller {
	if e == s.own {
		return s.roles["street_deputy"]
	}
	return e.office
}

func (s *streets) reconcile(e *estate, name string) {
	s.t.Helper()
	s.onRound(e.community, e.things["roundId."+name], "service-areas/"+e.things["serviceAreaId"]+"/reconcile", nil)
}

// onRound takes a step on a round as it is.
func (s *streets) onRound(by *caller, round, step string, body any) {
	s.t.Helper()
	path := "/survey-rounds/" + round
	by.made(path+"/"+step, body, "If-Match", by.get(path).header.Get("ETag"))
}

// surveysAdvance does the background work of surveys that is due.
func (s *streets) surveysAdvance(watch clock.Clock) {
	s.t.Helper()
	ctx := context.Background()
	for range 3 {
		for _, j := range s.Surveys.Jobs() {
			l, err := job.Acquire(ctx, s.DB, j.Name, id.New(), clock.Now(watch), time.Millisecond)
			require.NoError(s.t, err)
			_, err = j.Do(ctx, l)
			require.NoError(s.t, err)
			require.NoError(s.t, l.Release(ctx, s.DB, clock.Now(watch)))
		}
	}
}

// prepared is a token blinded for the stratum of a dwelling, with who may have it signed.
type prepared struct {
	*ballot.Pending
	trusted ballot.TrustedKey
	key     ballot.Hash
	by      *caller
	path    string
}

// prepared blinds a token for the key of a dwelling, found in the ledger as clients do.
func (s *streets) prepared(e *estate, name string, by *caller, unit string) prepared {
	s.t.Helper()
	ctx, round := context.Background(), e.things["roundId."+name]
	leaf := s.nobody().get("/public/survey-rounds/" + round + "/leaves")
	newest, err := s.Ledger.Newest(ctx, s.DB, ballot.Log)
	require.NoError(s.t, err)
	index := int64(leaf.at("items.0.entry").(float64))
	hashes, err := s.Ledger.Inclusion(ctx, s.DB, ballot.Log, newest.Size, index)
	require.NoError(s.t, err)
	trust, err := ballot.NewTrust(s.Ledger.VerifierKey())
	require.NoError(s.t, err)
	spki, err := base64.StdEncoding.DecodeString(s.nobody().get("/public/survey-rounds/" + round).text("keys.0.publicKey"))
	require.NoError(s.t, err)
	trusted, err := trust.Key(spki, []byte(leaf.text("items.0.body")), ballot.Proof{Note: newest.Note, Index: index, Hashes: hashes})
	require.NoError(s.t, err)
	pending, err := ballot.Prepare(trusted)
	require.NoError(s.t, err)
	return prepared{pending, trusted, trusted.Public().ID(), by, fmt.Sprintf("/survey-rounds/%s/dwellings/%s/ballot", round, unit)}
}

// drawn has it signed.
func (p prepared) drawn(e *estate) ballot.Kept {
	t := e.owner.t
	t.Helper()
	a := p.by.made(p.path, form{"keyId": p.key, "blinded": p.Blinded()})
	signature, err := base64.StdEncoding.DecodeString(a.text("blindSignature"))
	require.NoError(t, err)
	kept, err := p.Finish(signature)
	require.NoError(t, err)
	return kept
}

func castOf(kept ballot.Kept) form {
	opening, err := kept.Secret.Opening(1)
	if err != nil {
		panic(err)
	}
	return form{"ballot": kept.Ballot(), "revision": 1, "opening": opening, "answers": answered, "salt": someHash, "textSalt": someHash, "textKey": someHash}
}

// surveyOwn says whose draft is whose: a questionnaire that is not published is its organisation's.
func (s *streets) surveyOwn() {
	for _, role := range []string{"community", "committee"} {
		s.asOwn[role] = s.asOwn[role].with(things{"draftFormId": s.surveyForm(s.roles[role])})
	}
}
