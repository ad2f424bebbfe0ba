package app_test

import (
	"github.com/redproperty/redproperty/internal/personal"
)

// The words that the sampler cannot find out from the description: which thing a field means, what a field's rule
// accepts, and in which state an order must be for a step to be possible.

// sameThing names the thing that a field of this name takes, in every operation.
var sameThing = map[string]string{
	"companyId": "org.company", "ownersId": "org.committee", "ownersRepId": "org.committee", "handlerId": "org.company", "partyOrgId": "org.company",
	"homeOrganisationId": "org.community_party", "hostOrganisationId": "org.company", "assigneeId": "personId", "document": "hash", "currentId": "arrangementId", "areaId": "communityId", "serviceArea": "serviceAreaId",
}

// fieldsOf names the thing that a field takes in one operation.
var fieldsOf = map[string]map[string]string{
	"receiveItem":                {"item": "deliveredItem"},
	"decideContest":              {"membershipId": "contestedId"},
	"closeOrganisation":          {"organisationId": "org.empty"},
	"setArrangement":             {"serviceAreaId": "serviceAreaId.二期", "handlerId": "org.committee", "currentId": "arrangementId.二期"},
	"contestMembership":          {"membershipId": "contestId"},
	"resign":                     {"postId": "myPostId"},
	"renameArea":                 {"areaId": "estateId"},
	"getArea":                    {"areaId": "estateId"},
	"appoint":                    {"role": "appointRole"},
	"listAreas":                  {"parentId": "communityId"},
	"createDivision":             {"parentId": "streetId"},
	"applyToJoin":                {"unitId": "vacantUnitId"},
	"routeWorkOrder":             {"handlerId": "org.utility"},
	"markWorkOrderDuplicate":     {"orderId": "order.duplicate"},
	"recordCrossAppointment":     {"personId": "communityPersonId"},
	"linkOwner":                  {"personId": "ownerPersonId"},
	"enterPaperVote":             {"scan": "sealed"},
	"makeJoinCode":               {"unitId": "vacantUnitId"},
	"listAuditRecords":           {"objectId": "order.working"},
	"markWorkOrderMessagesRead":  {"upTo": "messageId"},
	"markAllRead":                {"upTo": "inboxId"},
	"draftContract":              {"serviceAreaId": "serviceAreaId.二期"},
	"importRunningContract":      {"serviceAreaId": "serviceAreaId.二期"},
	"proposeUnitChange":          {"unitId": "vacantUnitId"},
	"createOrganisation":         {"areaId": "estateId"},
	"getSurveyForm":              {"formId": "draftFormId"},
	"reviseSurveyForm":           {"formId": "draftFormId"},
	"publishSurveyForm":          {"formId": "draftFormId"},
	"getCountedResponse":         {"token": "countedToken"},
	"withdrawSurveyObjection":    {"objectionId": "objectionId.filed"},
	"decideSurveyObjection":      {"objectionId": "objectionId.filed"},
	"decideSurveyAudit":          {"auditId": "auditId.concluded"},
	"getCompanySurveyFigure":     {"organisationId": "org.company"},
	"getAreaSurveyFigure":        {"areaId": "communityId"},
	"reviewSurveyRemarks":        {"id": "remarkId"},
	"recordSurveyAgreement":      {"unitId": "vacantUnitId"},
	"withdrawSurveyAgreement":    {"unitId": "vacantUnitId"},
	"drawAssistedBallot":         {"unitId": "agreedUnitId"},
	"enterSurveyPaper":           {"opening": "paper.opening"},
	"voidSurveyEnvelopes":        {"opening": "paper.void"},
	"signSurveyLot":              {"lotId": "lotId.ordered", "blinded": "lot.blinded"},
	"registerSurveyLot":          {"lotId": "lotId.signed", "ballots": "lot.ballots"},
	"linkRenovationSurvey":       {"document": "renovationHash.proposed"},
	"appointSurveyInterviewer":   {"personId": "communityPersonId", "organisationId": "org.community_party"},
	"proposeVote":                {"placeId": "serviceAreaId"},
	"getVoteProcedure":           {"placeId": "serviceAreaId"},
	"sendVotePart":               {"purpose": "voteId.closed"},
	"takeVoteProxy":              {"code": "proxyCode"},
	"getVoteDocument":            {"hash": "voteDocHash"},
	"authoriseVoteDeveloper":     {"unit": "unsoldUnitId", "document": "voteDocHash"},
	"appealVoteOrder":            {"voteOrderId": "voteOrderId.ordered"},
	"liftVoteOrder":              {"voteOrderId": "voteOrderId.ordered"},
	"ruleOnVoteAppeal":           {"voteOrderId": "voteOrderId.appealed"},
	"castBallot":                 {"key": "ballot.key", "token": "ballot.token", "prefix": "ballot.prefix", "signature": "ballot.signature", "opening": "ballot.opening"},
	"proposeRenovation":          {"areaId": "estateId"},
	"getRenovationDictionary":    {"areaId": "estateId"},
	"recordRenovationConsent":    {"document": "renovationHash"},
	"getRenovationDocument":      {"hash": "renovationHash"},
	"recordFundDecision":         {"document": "fundHash"},
	"getFundDocument":            {"hash": "fundHash"},
	"answerFundObjection":        {"remarkId": "fundRemarkId"},
	"chooseRenovationContractor": {"contractorId": "org.company"},
	"endSupervisor":              {"supervisorId": "supervisorId.confirmed"},
	"measureRenovationItem":      {"itemId": "itemId.drains"},
	"checkRenovationItem":        {"itemId": "itemId.drains"},
	"signRenovationItem":         {"itemId": "itemId.built"},
	"getRenovationPhoto":         {"hash": "photoHash"},
	"answerRenovationRemark":     {"remarkId": "renovationRemarkId"},
}

// orderOf is the state of the order for an operation; working where it is not named.
var orderOf = map[string]string{
	"takeStepOnWorkOrders": "reported", "acceptWorkOrder": "reported", "declineWorkOrder": "reported", "cancelWorkOrder": "reported", "routeWorkOrder": "reported", "markWorkOrderDuplicate": "triaged",
	"dispatchWorkOrder": "accepted", "arriveAtWorkOrder": "dispatched", "objectToWorkOrder": "dispatched",
	"confirmWorkOrder": "resolved", "disputeWorkOrder": "resolved", "verifyWorkOrder": "resolved", "rejectWorkOrderWork": "resolved", "closeWorkOrder": "public", "resumeWorkOrder": "paused", "decideWorkOrderObjection": "returned", "decideWorkOrderDeferral": "deferral", "decideWorkOrderExtension": "extension", "takeUpWorkOrder": "deferred",
	"rateWorkOrder": "closed", "reopenWorkOrder": "closed", "recordWorkOrderCallback": "rated", "recordWorkOrderCheck": "rated", "getWorkOrder": "rated", "listWorkOrderEvents": "rated", "listWorkOrderEscalations": "reported",
	"revealReporter": "defect", "readRevealedReporter": "defect", "endReveal": "defect", "listIdentityOpenings": "defect",
	"askStatement": "conduct_new", "listOrderStatements": "conduct", "reportPressure": "conduct",
}

// values are what the rule of a field of this name accepts.
var values = map[string]any{
	"category": "power.common_light", "month": "2026-10", "scope": "workorder.read", "topic": "workorder.reported", "q": "花园",
	"url": "https://robot.example.org/hook", "quietFrom": "22:00", "quietTo": "07:00", "log": "audit", "userName": "new-user-name", "cell": "total.all", "kindOfTemplate": "estate",
	"limit": "writes_per_account", "consentVersion": wordingVersion(personal.PurposeHelper), "purpose": string(personal.PurposeHelper), "caseText": "有居民反映工作人员态度粗暴，请说明当日情况。",
	"ruleSet": "yantai_2022", "confirm": "ERASE", "secret": "0123456789abcdef", "login": "owner", "password": "not-the-password", "new": "another-password-2026", "expiresAt": "2026-12-20T00:00:00Z", "startsOn": "2027-01-01", "endsOn": "2029-12-31",
}

// valuesOf are what a field's rule accepts in one operation.
var valuesOf = map[string]map[string]any{
	"downloadImportTemplate":       {"kind": "estate"},
	"delayRenovationMilestone":     {"toOn": "2026-12-01"},
	"giveConsent":                  {"version": wordingVersion(personal.PurposeHelper)},
	"createOrganisation":           {"kind": "property_committee"},
	"createToken":                  {"name": "读工单", "scopes": []string{"workorder.read"}},
	"logInByCode":                  {"code": "123456"},
	"proveInclusion":               {"index": 0, "size": 1},
	"proveConsistency":             {"from": 1, "to": 1},
	"createDivision":               {"code": "370612001599"},
	"renumberDivision":             {"code": "370612001598"},
	"addOverride":                  {"subject": []string{"10.0.0.1"}, "limit": "anonymous_reads_per_address"},
	"changeOverride":               {"subject": []string{"10.0.0.1"}, "limit": "anonymous_reads_per_address"},
	"removeOverride":               {"key": "10.0.0.1", "limit": "anonymous_reads_per_address"},
	"declineWorkOrder":             {"reason": "utility", "channel": "utility"},
	"reportWorkOrder":              {"category": "water.home_plumbing"},
	"declareWeatherWindow":         {"from": "2026-11-20T02:00:00Z"},
	"endWeatherWindow":             {"to": "2026-11-20T02:30:00Z"},
	"recordCrossAppointment":       {"kind": "supervisor"},
	"revealApplication":            {"reason": "application"},
	"revealHolder":                 {"reason": "authority"},
	"revealReporter":               {"reason": "emergency"},
	"recordOwnersDecision":         {"totalArea": 100, "totalHeads": 10, "joinedArea": 90, "joinedHeads": 9, "favourArea": 80, "favourHeads": 8},
	"terminateContract":            {"ground": "agreement"},
	"giveNotice":                   {"side": "owners"},
	"publishRates":                 {"month": "2026-09"},
	"redeemJoinCode":               {"relation": "occupant"},
	"setArrangement":               {"kind": "self_managed"},
	"draftContract":                {"kind": "ordinary", "number": "NEW-1"},
	"replaceDraft":                 {"kind": "ordinary", "number": "NEW-2"},
	"importRunningContract":        {"kind": "ordinary", "number": "NEW-3", "startsOn": "2026-02-01"},
	"proposeWorkOrderDeferral":     {"reviewOn": "2026-12-10"},
	"proposeUnitChange":            {"kind": "void", "results": []any{}},
	"createSurveyForm":             {"template": "property_service", "questionnaire": asked},
	"reviseSurveyForm":             {"questionnaire": asked},
	"createSurveyRoundOfPlan":      {"closesAt": "2026-12-20T00:00:00Z"},
	"createSurveyRound":            {"closesAt": "2026-12-20T00:00:00Z"},
	"editSurveyRound":              {"closesAt": "2026-12-20T00:00:00Z"},
	"pledgeSurveySecret":           {"commitment": someHash},
	"revealSurveySecret":           {"value": pledged.String()},
	"castBallot":                   {"answers": answered, "salt": someHash, "textSalt": someHash, "textKey": someHash},
	"orderSurveyLot":               {"stratum": "s0001", "size": 20},
	"takeSurveyEnvelope":           {"slip": someHash},
	"enterSurveyPaper":             {"answers": answered, "salt": someHash, "textSalt": someHash, "textKey": someHash},
	"voidSurveyEnvelopes":          {"fate": "unused"},
	"dismissSurveyInterviewer":     {"number": 1},
	"proposeSurveyExclusion":       {"by": "channel", "value": "paper"},
	"confirmSurveyExclusion":       {"number": 1},
	"signOffSurveyRounds":          {"revision": 0},
	"proposeSurveySettlement":      {"fromMonth": "2026-01", "months": 3},
	"getPublicSurveyScoreRevision": {"revision": 0},
	"getVoteProcedure":             {"scope": "service_area"},
	"proposeVote":                  {"scope": "service_area", "matter": 4, "kind": "regular"},
	"editVote":                     {"matter": 4, "kind": "regular"},
	"announceVote":                 {"opensAt": "2026-12-10T00:00:00Z", "closesAt": "2026-12-20T00:00:00Z"},
	"extendVote":                   {"closesAt": "2027-01-05T00:00:00Z"},
	"enterPaperVote":               {"mark": hexHash},
	"recordVoteDelivery":           {"heads": []int{1}},
	"sendVotePart":                 {"to": 3, "sealed": "AAAA"},
	"handInVoteCount":              {"outcome": nothingCounted, "spoiled": []int{}},
	"enterOfficialVoteResult":      {"outcome": nothingCounted},
	"dealVoteKey":                  {"commitments": []string{"AAAA", "AAAA"}, "shares": []form{{"to": 2, "sealed": "AAAA"}, {"to": 3, "sealed": "AAAA"}}},
	"confirmVoteKey":               {"keyHash": hexHash},
	"orderVote":                    {"kind": "correct"},
	"linkRenovationSurvey":         {"purpose": "wishes"},
	"advanceRenovation":            {"stage": "wishes"},
	"publishRenovationPlan":        {"key": "roof", "code": "roof"},
	"recordRenovationConsent":      {"totalArea": 100, "totalHeads": 10, "joinedArea": 90, "joinedHeads": 9, "favourArea": 80, "favourHeads": 8},
	"recordFundDecision":           {"totalArea": 100, "totalHeads": 10, "joinedArea": 90, "joinedHeads": 9, "favourArea": 80, "favourHeads": 8},
	"enterRenovationAmount":        {"kind": "planned"},
	"recordRenovationFinding":      {"kind": "quality"},
	"checkRenovationItem":          {"code": "as_planned"},
	"getDrawSeal":                  {"stratum": "s0001", "day": "2026-10-12"},
}

// versions are those of things that were changed since they were made.
var versions = map[string]string{"replaceDraft": "2", "withdrawContract": "2", "signContract": "3", "decideContest": "2", "setNotificationPreferences": "0", "freezeSurveyRoll": "2", "revealSurveySecret": "6", "publishSurveyScore": "7", "decideSurveyAudit": "2", "proposeSurveyExclusion": "2", "confirmSurveyExclusion": "2", "concludeSurveyAudit": "2",
	"postVoteRoll": "2", "extendVote": "5", "authoriseVoteDeveloper": "5", "publishVote": "7", "orderVote": "8", "ruleOnVoteAppeal": "2", "enterOfficialVoteResult": "6",
	"reviseFundRequest": "2", "withdrawFundRequest": "2",
	"appealCreditItem": "3", "endCreditItem": "3", "decideCreditAppeal": "4"}

// unreached are operations that nobody gets to the end of here, and why.
var unreached = map[string]string{
	"changeOverride": "the override is named by a keyed hash", "removeOverride": "the override is named by a keyed hash", "downloadImportReport": "no import is carried out here",
	"joinAsOwnerOnRoll": "every owner on the roll has joined", "recordContinuation": "the contract's term runs",
	"listDemonstrationAccounts": "only the page of a demonstration lists them",
	"logInByTicket":             "the ticket is wrong", "issueLoginTicket": "API tokens alone may ask",
	"logInByCode": "the code is wrong", "logInByPassword": "the password is wrong", "setPassword": "the password is wrong",
	"dealVoteKey": "the points are none", "confirmVoteKey": "nobody has dealt", "enterOfficialVoteResult": "votes are held on the platform here",
	"reviseRates": "nothing has changed since the month was published", "takeOver": "the outgoing company has not handed everything over",
}

// optionalOf are optional fields that are filled all the same: they name things of an estate.
var optionalOf = map[string][]string{
	"dispatchWorkOrder": {"assigneeId"}, "assignWorkOrder": {"assigneeId"}, "routeWorkOrder": {"handlerId"}, "findOnRoll": {"serviceAreaId", "room"},
	"terminateContract": {"document"}, "reportWorkOrder": {"title"}, "appoint": {"name", "phone", "basis"}, "addWebhook": {"secret"}, "giveNotice": {"document"}, "importRunningContract": {"ownersId"}, "draftContract": {"ownersId"}, "replaceDraft": {"ownersId"}, "getUnitAt": {}, "declareInterest": {},
	"linkRenovationSurvey": {"document"}, "recordRenovationConsent": {"heldOn", "document", "tally"}, "recordFundDecision": {"heldOn", "document", "tally"}, "requestFund": {"firmName"}, "reviseFundRequest": {"firmName"},
	"proposeUnitChange": {"sumReason"}, "setArrangement": {"currentId", "ownersRepId", "handlerId"}, "setOwnersRepresentative": {"currentId"},
}

func wordingVersion(p personal.Purpose) string {
	w, _ := personal.WordingOf(p)
	return w.Version().String()
}
