package app_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/authz"
)

// What no line of the table may say, however it is edited: the rules that the mechanism rests on.

// open are operations that everybody with their permission may call about anything, and why.
var open = map[string]string{
	"listPublicOrganisations": "the directory of organisations is public",
	"listDesignations":        "the codes and names of divisions are public",
	"applyToJoin":             "whoever has an account may ask to join a household; the community decides",
	"findJoinPlaces":          "whoever has an account may find the door to apply for; the answer names places alone",
	"listJoinBuildings":       "whoever has an account may find the door to apply for; the answer names places alone",
	"listJoinDoors":           "whoever has an account may find the door to apply for; the answer names places alone",
	"joinAsOwnerOnRoll":       "whoever has an account may say that they are the owner; the roll decides",
	"declareInterest":         "an interest is one's own; the company is named",
	"markAllRead":             "the caller's own messages up to a moment",
	"findOnRoll":              "searches the caller's own area alone; what it finds is checked below",
	"exportWorkOrders":        "exports the caller's own orders alone; what is in it is checked below",
	"getOrganisation":         "names and public phones of organisations are in the directory anyway",
}

// openInEstate are operations that residents may call about the whole estate they live in.
var openInEstate = []string{
	"getArea", "listAreas", "getArrangement", "listArrangements", "getServiceArea", "listServiceAreas", "getBuilding", "listBuildings", "listPublicAreas", "getHeadcount", "getPublicTerms",
	"listOrganisations", "getOrganisation", "listSnapshots", "getSnapshot", "listNews", "reportHazardUnnamed", "listWorkOrders",
	"getSurveyRound", "getSurveyProgress", "getSurveyScore", "listSurveyPledges", "listSurveyObjections", "listSurveySettlements",
	"listSurveyChanges", "getAreaSurveyFigure", "getRollingSurveyScore",
	"getVote", "getVoteProcedure", "listVotes", "proposeVote", "supportVote", "getVoteSupport", "listVoteDocuments", "getVoteDocument", "getVoteRoll", "objectToVoteRoll", "listVoteRollObjections", "listVoteTellers", "takeTellerSeat",
	"listOwnVoteHeads", "acknowledgeVote", "takeVoteProxy", "listVoteLeaves", "getVoteBundle", "listVoteOrders", "appealVoteOrder", "listVoteOpenings",
	"listRenovations", "getRenovationDictionary", "getRenovation", "listRenovationEvents", "listRenovationPlans", "listRenovationEntries", "listRenovationShares",
	"volunteerAsSupervisor", "endSupervisor", "recordRenovationFinding", "checkRenovationItem", "signRenovationItem", "listRenovationDiary", "getRenovationPhoto", "listRenovationRemarks", "speakOfRenovation",
	"listFundRequests", "getFundRequest", "listFundRequestEvents", "listFundShares", "objectToFundRequest", "verifyFundRequest",
}

// ofTheStreet are operations about a month that the street published: there is one publication for all its
// communities, and each reader sees the own cells of it, which is checked below.
var ofTheStreet = []string{"getSnapshot", "listSnapshots", "exportSnapshot"}

// echoes are operations whose answer rightly names what was asked about, and why.
var echoes = map[string]string{
	"listJoinBuildings": "an applicant chooses their building: names alone",
	"listJoinDoors":     "an applicant chooses their door: entrances and numbers alone",
	"applyToJoin":       "the application is the caller's own and names the dwelling applied for",
	"listOverrides":     "the limits that this test itself lifted for an order",
	"getVoteRoll":       "the roll of owners is posted to the owners: its units, areas and heads, never names",
	"getVoteBundle":     "the same roll, with what it is verified by",
	"takeVoteProxy":     "who takes an owner's authority sees which unit it is for",
}

// residentRoles live in the estate.
var residentRoles = []string{"owner", "occupant", "helper"}

// rated are judged by the households, and never learn who said what.
var rated = []string{"manager", "worker", "committee", "department", "utility"}

// communityAlone are the steps by which people come to be members of a household (R2.4): nobody who is judged by
// them, and nobody above the community, takes one.
var communityAlone = []string{"makeJoinCode", "makeJoinCodes", "makeJoinCodeSheet", "countJoinCodes", "approveApplication", "declineApplication", "listApplications", "decideContest", "listContests", "removeMember"}

// revealing are the operations that show a name or phone in clear; each is recorded and shown to the person.
var revealing = []string{"readWorkOrderContact", "readRevealedReporter", "revealOwner", "revealOccupant", "revealApplication", "revealHolder"}

// cell is one answer of the table.
type cell struct {
	op                  operation
	scope, role, answer string
}

// broken tells which rule a cell breaks; empty for none.
func (c cell) broken() string {
	passed := c.answer == answerOK
	switch {
	case c.op.Public:
		return ""
	case c.role == "anonymous":
		return when(c.answer != answerNobody, "nobody may, without logging in")
	case !may(c.role, c.op.Permission):
		return when(c.answer != answerNo, "the role lacks the permission "+string(c.op.Permission))
	case slices.Contains(communityAlone, c.op.ID) && (passed || c.answer == answerEmpty):
		return when(c.role != "community" && c.role != "community_work", "the community alone may")
	case !passed || open[c.op.ID] != "" || c.role == "operator":
		return ""
	case c.scope == scopeForeign:
		return "another street's"
	case c.scope == scopeSibling && slices.Contains(ofTheStreet, c.op.ID):
		return ""
	case c.scope == scopeSibling:
		return when(c.role != "street_office" && c.role != "street_party", "another community's")
	case c.scope == scopeNeighbour && slices.Contains(residentRoles, c.role):
		return when(!slices.Contains(openInEstate, c.op.ID), "another household's")
	}
	return ""
}

func when(broken bool, rule string) string {
	if broken {
		return rule
	}
	return ""
}

// may tells whether a role, or everybody who is logged in, has a permission.
func may(role string, p authz.Permission) bool {
	return slices.Contains(authz.PermissionsOf(authz.Role(role)), p) || slices.Contains(authz.PermissionsOf(authz.RoleAccount), p)
}

// hidden are words that must not be in any answer to a role: what belongs to others, names and phones in clear, what a
// household wrote with its rating.
func (s *streets) hidden(op operation, role string) (words []string) {
	foreign, sibling := s.foreign.private(), s.sibling.private()
	next := s.own.secretsOfNeighbour()
	switch {
	case echoes[op.ID] != "":
		return nil
	case strings.HasPrefix(op.Path, "/public/votes/"), op.ID == "listPublicVotes": // a published decision is everybody's to read
		return slices.Concat(s.foreign.secrets, s.sibling.secrets, s.own.secrets)
	case strings.HasPrefix(op.Path, "/public/survey-rounds/"), strings.HasPrefix(op.Path, "/public/renovations/"): // public from the asking on
		return slices.Concat(s.foreign.secrets, s.sibling.secrets, s.own.secrets)
	case op.Public:
		return slices.Concat(foreign, sibling, s.own.secrets)
	case role == "operator":
		return slices.Concat(s.foreign.secrets, s.sibling.secrets, s.own.secrets, s.foreign.dealings(), s.sibling.dealings(), s.own.dealings())
	case role == "street_office" || role == "street_party":
		words = foreign
	case slices.Contains(residentRoles, role):
		words = slices.Concat(foreign, sibling, next)
	case role == "account" || role == "anonymous":
		words = slices.Concat(foreign, sibling, next, s.own.secrets)
	default:
		words = slices.Concat(foreign, sibling)
	}
	if slices.Contains(rated, role) {
		words = append(words, remark, `"satisfied":`)
	}
	if strings.HasPrefix(op.Path, "/reports/") && role != "street_office" && role != "street_party" {
		words = append(words, s.sibling.things["communityId"], s.sibling.things["org.company"], s.foreign.things["communityId"], s.foreign.things["streetId"])
	}
	if !slices.Contains(residentRoles, role) && !slices.Contains(revealing, op.ID) {
		words = append(words, s.own.secrets...)
	}
	return words
}

// dealings are the identifiers of what people do with each other: orders, contracts, memberships, the roll.
func (e *estate) dealings() (out []string) {
	for name, value := range e.things {
		kind, _, _ := strings.Cut(name, ".")
		if slices.Contains([]string{"order", "contractId", "membershipId", "householdId", "ownerId", "occupantId", "applicationId", "statementId", "reportId", "photoId", "messageId", "importId", "webhookId", "inboxId", "tokenId", "roundId", "draftFormId", "objectionId", "auditId", "dwellingId", "remarkId", "settlementId", "lotId", "creditItemId", "surveyPlanId", "voteId", "voteObjectionId", "voteOrderId", "voteOpeningId", "renovationId", "itemId", "fundRequestId", "fundingId", "entryId", "milestoneId", "supervisorId", "diaryId", "renovationRemarkId"}, kind) {
			out = append(out, value)
		}
	}
	return out
}

// private is what another estate has that nobody from outside may read, its places included.
func (e *estate) private() []string {
	out := slices.Concat(e.secrets, e.dealings())
	for _, name := range []string{"estateId", "serviceAreaId", "buildingId", "unitId", "vacantUnitId", "publicAreaId", "changeId", "windowId", "crossAppointmentId", "interestId"} {
		out = append(out, e.things[name])
	}
	return out
}

// secretsOfNeighbour is what another household of the same estate has.
func (e *estate) secretsOfNeighbour() (out []string) {
	for name, value := range e.neighbours {
		if name != "householdId" && name != "head" { // a small number tells nothing
			out = append(out, value)
		}
	}
	return out
}

// readable is the text of an answer, of what is packed in a workbook too.
func readable(t *testing.T, a answer) string {
	if !bytes.HasPrefix(a.body, []byte("PK")) {
		return string(a.body)
	}
	archive, err := zip.NewReader(bytes.NewReader(a.body), int64(len(a.body)))
	require.NoError(t, err)
	var out strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		require.NoError(t, err)
		_, err = io.Copy(&out, r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
	return out.String()
}

// public are the operations that need no log-in. Whoever adds one says so here.
var public = []string{
	"answerWorkOrderByLink", "followWorkOrder", "getCheckpoint", "getLedgerKey", "listConsentTexts", "listIdentityOpeningsByLink", "listLeaves", "listMessagesByLink", "listPersonalData",
	"listPublicOrganisations", "logInByCode", "logInByPassword", "logInByTicket", "proveConsistency", "proveInclusion", "reportPressureByLink", "requestLoginCode", "writeMessageByLink",
	"castBallot", "getCountedResponse", "getDrawSeal", "getPublicSurveyScore", "getSurveyBundle", "getSurveyPaper", "listPublicSurveyObjections", "listSurveyLeaves", "getPublicSurveyAudits", "getPublicSurveyScoreRevision", "listPublicSurveyChanges", "listPublicCreditGrades",
	"getPlatform", "listDemonstrationAccounts",
	"listPublicVotes", "getPublicVote",
	"listPublicSurveyRemarks", "countPublicSurveyRemarks", "getPublicRenovation",
}

// beside are the routes that are not operations: the description of the API, and health.
var beside = []string{"GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml", "GET /api/v1/openapi-3.0.json", "GET /api/v1/openapi-3.0.yaml", "GET /healthz", "GET /readyz"}

// Every route of the engine is an operation with a permission, a public operation that is named here, or one of the few
// routes beside.
func TestEveryRouteHasAPermissionOrIsNamedPublic(t *testing.T) {
	a := opened(t)
	known := slices.Clone(beside)
	for _, op := range a.API.Operations() {
		known = append(known, op.Method+" "+gin(op.Path))
		require.Equal(t, op.Public, slices.Contains(public, op.ID), "%s: is it to be public?", op.ID)
		require.NotEqual(t, op.Public, op.Permission != "", op.ID)
	}
	require.ElementsMatch(t, known, a.API.Routes())
}

// gin writes an operation's path as the engine does.
func gin(path string) string {
	return "/api/v1" + strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func opened(t *testing.T) *app.App {
	t.Helper()
	a, err := app.New(t.Context(), migratedNode(t), quiet, "test")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}
