package authz

import (
	"maps"
	"slices"
)

// Permission is a verb on a kind of thing, as "workorder.accept".
type Permission string

// Role is a row of the table below.
type Role string

// The roles. RoleSystem and RoleAccount are not held by posts.
const (
	RoleSystem  Role = "system"  // a background job or a local command
	RoleAccount Role = "account" // whoever is logged in, for what is their own

	RoleOperator      Role = "operator"       // 平台运维
	RoleStreetParty   Role = "street_party"   // 街道党工委: supervises and audits
	RoleStreetOffice  Role = "street_office"  // 街道办事处: decides, designates, files
	RoleCommunity     Role = "community"      // 社区党组织/居委会 secretary or head
	RoleCommunityWork Role = "community_work" // 社区工作者: daily work of the community
	RoleManager       Role = "manager"        // 物业项目负责人
	RoleWorker        Role = "worker"         // 物业工作人员
	RoleCommittee     Role = "committee"      // 业主委员会/物管会 member
	RoleDepartment    Role = "department"     // 政府部门
	RoleUtility       Role = "utility"        // 专业经营单位, 施工单位

	RoleOwner    Role = "owner"    // 业主, member of a household
	RoleOccupant Role = "occupant" // 物业使用人: tenant or family member
	RoleHelper   Role = "helper"   // acts for a household member by recorded consent
)

// The permissions. A permission X.read shows the things that X.* act upon.
const (
	AccountSelf Permission = "account.self" // one's own profile, sessions, inbox, consents, data
	LoginTicket Permission = "login.ticket" // ask for a ticket that lets a resident in whom the street's other app has recognised

	SystemRead     Permission = "system.read"     // jobs, dead letters, limits, configuration in force
	SystemManage   Permission = "system.manage"   // overrides, repeating a dead letter
	FeedbackAnswer Permission = "feedback.answer" // read and answer what users write about the platform itself (R6.3)
	AuditRead      Permission = "audit.read"      // the trail of changes in one's area
	ImportRead     Permission = "import.read"     // progress and results of imports, one's own and those in one's area

	PlaceRead    Permission = "place.read"
	PlaceManage  Permission = "place.manage"  // estates, buildings, units, public areas; imports
	PlaceCorrect Permission = "place.correct" // propose to correct, merge or split a unit
	PlaceReview  Permission = "place.review"  // decide such a proposal of another person

	RollRead   Permission = "roll.read"   // owners and occupants, masked
	RollManage Permission = "roll.manage" // enter owners and occupants
	RollReveal Permission = "roll.reveal" // see one person's name or phone in clear, with a reason

	MembershipRead    Permission = "membership.read"
	MembershipCode    Permission = "membership.code"    // make and print joining codes
	MembershipApprove Permission = "membership.approve" // decide an application to join
	MembershipApply   Permission = "membership.apply"   // join by code or application; contest; leave

	OrgRead   Permission = "org.read"
	OrgManage Permission = "org.manage" // make and change organisations of one's area
	PostRead  Permission = "post.read"
	PostOwn   Permission = "post.own"   // appoint and dismiss in one's own organisation
	PostArea  Permission = "post.area"  // appoint and dismiss in organisations of one's area
	CrossPost Permission = "post.cross" // record cross-appointments (双向进入、交叉任职)

	WebhookManage Permission = "webhook.manage" // webhooks and group robots of the organisation one has a post in

	ContractRead     Permission = "contract.read"
	ContractDraft    Permission = "contract.draft"
	ContractSign     Permission = "contract.sign"
	ContractFile     Permission = "contract.file"     // record the filing with the authority
	ContractNotice   Permission = "contract.notice"   // record a termination or non-renewal notice
	ContractImport   Permission = "contract.import"   // enter contracts already running
	ContractHandover Permission = "contract.handover" // tick the hand-over list, take over
	ArrangementRead  Permission = "arrangement.read"
	ArrangementSet   Permission = "arrangement.set" // custody, emergency service, continuation, self-management

	OrderRead      Permission = "workorder.read"
	OrderReport    Permission = "workorder.report"     // report for oneself or one's household
	OrderReportFor Permission = "workorder.report_for" // front desk: for a caller without account
	OrderInspect   Permission = "workorder.inspect"    // report what staff found
	OrderTriage    Permission = "workorder.triage"     // accept, decline, mark duplicate
	OrderDispatch  Permission = "workorder.dispatch"   // dispatch to own staff or a subcontractor
	OrderRoute     Permission = "workorder.route"      // hand to another organisation
	OrderWork      Permission = "workorder.work"       // arrive, control, note, pause, resolve
	OrderObject    Permission = "workorder.object"     // return it citing a clause
	OrderDecide    Permission = "workorder.decide"     // decide an objection, deferral or extension
	OrderWeather   Permission = "workorder.weather"    // declare extreme weather, which stops some clocks
	OrderPressure  Permission = "workorder.pressure"   // see that a reporter was pressed: the street alone, outside the chain
	OrderDefer     Permission = "workorder.defer"      // propose a deferral or an extension
	OrderVerify    Permission = "workorder.verify"     // independent verification
	OrderConfirm   Permission = "workorder.confirm"    // confirm, dispute, reopen as reporter
	OrderRate      Permission = "workorder.rate"       // rate a closure
	OrderCallback  Permission = "workorder.callback"   // call back, record the answer of a person without a phone
	OrderMessage   Permission = "workorder.message"    // write on the order's relay
	OrderStatement Permission = "workorder.statement"  // ask a party for a statement on a de-identified case
	OrderAnswer    Permission = "workorder.answer"     // give that statement, for one's own organisation
	OrderReveal    Permission = "workorder.reveal"     // see the reporter's identity, with a reason
	OrderExport    Permission = "workorder.export"
	OrderImport    Permission = "workorder.import"

	SurveyRead   Permission = "survey.read"
	SurveyAuthor Permission = "survey.author" // write questionnaires, hold rounds: never who is rated
	SurveyRoll   Permission = "survey.roll"   // reconcile the roll of a round with who lives there
	SurveyPledge Permission = "survey.pledge" // put a secret into the draw of a sample
	SurveyDraw   Permission = "survey.draw"   // draw the ballot of one's dwelling
	SurveyPaper  Permission = "survey.paper"  // hand out paper envelopes, enter what comes back: never who is rated
	// SurveyInterview is to help households on one's own device, once appointed to the round.
	SurveyInterview Permission = "survey.interview"
	SurveyObject    Permission = "survey.object" // object to a score: who is rated, the owners' side, households together
	SurveyDecide    Permission = "survey.decide" // decide objections to scores and audits of them, as nobody involved
	SurveyAudit     Permission = "survey.audit"  // audit scores: the street's Party committee
	// SurveyRecontact is to ask drawn dwellings after closing whether they filled in their ballots themselves.
	SurveyRecontact Permission = "survey.recontact"
	// SurveyReview is to read answers in words after the count and release or withhold them: never who is rated.
	SurveyReview Permission = "survey.review"
	SurveySettle Permission = "survey.settle" // propose, confirm or dispute what a contract makes of a score

	VoteRead     Permission = "vote.read"     // owners' decisions of one's place; who is rated or hired has no part in them
	VotePropose  Permission = "vote.propose"  // propose a decision and support one, as an owner
	VoteOrganise Permission = "vote.organise" // hold a vote: announce, post the roll, publish; never to cast, see or change a choice
	VoteObject   Permission = "vote.object"   // object to a posted roll
	VoteCast     Permission = "vote.cast"     // cast one's own ballot, give and take authority: owners alone
	VotePaper    Permission = "vote.paper"    // hand out ballots and enter what comes back on paper, two persons for each
	VoteTell     Permission = "vote.tell"     // be one of the three tellers, for one's side
	VoteOrder    Permission = "vote.order"    // order the correction of a decision or revoke it, with reasons (PMR 19)
	VoteAppeal   Permission = "vote.appeal"   // appeal against such an order
	VoteVerify   Permission = "vote.verify"   // ask the tellers to open one ballot, for a court or statutory verification

	CreditRead   Permission = "credit.read"   // a property company's credit record and grades
	CreditEnter  Permission = "credit.enter"  // give notice of a fact, end it, publish a grade
	CreditDecide Permission = "credit.decide" // decide what another person gave notice of, and appeals
	CreditReply  Permission = "credit.reply"  // reply and appeal, for the company

	RenovationRead      Permission = "renovation.read"
	RenovationManage    Permission = "renovation.manage"    // propose, plan, carry on from stage to stage
	RenovationDocument  Permission = "renovation.document"  // minutes, announcements, contracts: they may name people
	RenovationFund      Permission = "renovation.fund"      // enter amounts, divide the owners' money among them: the street office
	RenovationShares    Permission = "renovation.shares"    // what falls on each unit, without names
	RenovationWork      Permission = "renovation.work"      // measure, reach and delay milestones, write the site's diary
	RenovationInspect   Permission = "renovation.inspect"   // record findings, look at items on acceptance
	RenovationSign      Permission = "renovation.sign"      // sign for an item, for one's own party
	RenovationSupervise Permission = "renovation.supervise" // volunteer as a resident supervisor
	RenovationSpeak     Permission = "renovation.speak"     // say something about a renovation as a resident
	RenovationAnswer    Permission = "renovation.answer"    // answer it
	RenovationCompare   Permission = "renovation.compare"   // compare the renovations of one's area, export them
	RenovationImport    Permission = "renovation.import"    // bring lists of plans in
	RenovationConsent   Permission = "renovation.consent"   // record what the owners decided: their body, the community where there is none

	FundRead    Permission = "fund.read"    // requests for maintenance money
	FundRequest Permission = "fund.request" // ask for it, account for it, post it
	FundConsent Permission = "fund.consent" // record what the owners decided
	FundVerify  Permission = "fund.verify"  // see a danger on site, as owner, owners' body or firm
	FundObject  Permission = "fund.object"  // object to what is posted
	FundShares  Permission = "fund.shares"  // what falls on each unit, without names
	FundDraw    Permission = "fund.draw"    // record that the money was drawn

	NewsRead Permission = "news.read" // what happens at an estate, in which nothing is about a person

	ReportRead    Permission = "report.read"
	ReportPublish Permission = "report.publish" // freeze a month, revise it with a reason
	ReportExport  Permission = "report.export"
)

type role struct {
	Tie         Tie
	Permissions []Permission
}

func join(lists ...[]Permission) []Permission { return slices.Concat(lists...) }

var (
	places    = []Permission{PlaceRead, ArrangementRead, OrgRead}
	residents = join(places, []Permission{MembershipRead, MembershipApply, OrderRead, OrderReport, OrderConfirm, OrderRate, OrderMessage, NewsRead, ReportRead, ContractRead, SurveyRead, VoteRead,
		RenovationRead, RenovationShares, RenovationInspect, RenovationSign, RenovationSpeak, FundRead, FundShares})
	// members speak for the household. What its member agreed to does not let a helper do so: they report, rate and see orders.
	members   = join(residents, []Permission{SurveyDraw, SurveyObject, FundObject})
	community = join(places, []Permission{
		PlaceCorrect, RollRead, RollManage, RollReveal, MembershipRead, MembershipCode, MembershipApprove, PostRead, ContractRead,
		OrderRead, OrderReportFor, OrderInspect, OrderTriage, OrderDispatch, OrderWork, OrderRoute, OrderVerify, OrderCallback, OrderMessage, OrderStatement, OrderAnswer, OrderReveal, OrderExport,
		SurveyRead, SurveyRoll, SurveyPaper, SurveyInterview, SurveyRecontact, SurveyReview, VoteRead, VotePaper, VoteTell, RenovationRead, RenovationShares, FundRead, FundShares, NewsRead, ReportRead, ReportExport,
	})
)

// roles is the whole of who may do what. Statutory acts stay with the organ competent for them (R1.8):
// the street office decides and designates, the Party organisations propose and supervise, the
// community keeps the roll, the company works. No row here casts or changes an owner's vote.
var roles = map[Role]role{
	RoleAccount:  {ByPerson, []Permission{AccountSelf, MembershipApply}},
	RoleOperator: {Everywhere, []Permission{SystemRead, SystemManage, FeedbackAnswer, OrgRead, PlaceRead}},

	RoleStreetParty: {ByArea, join(places, []Permission{
		PostRead, CrossPost, ContractRead, OrderRead, OrderPressure, OrderExport, SurveyRead, SurveyAudit, VoteRead, CreditRead, RenovationRead, RenovationCompare, FundRead, NewsRead, ReportRead, ReportPublish, ReportExport, AuditRead,
	})},
	RoleStreetOffice: {ByArea, join(places, []Permission{
		PlaceManage, PlaceReview, OrgManage, PostRead, PostArea, CrossPost, WebhookManage, RollRead, MembershipRead,
		ContractRead, ContractFile, ContractImport, ContractNotice, ContractHandover, ArrangementSet, LoginTicket,
		OrderRead, OrderReportFor, OrderTriage, OrderDispatch, OrderWork, OrderRoute, OrderDecide, OrderWeather, OrderPressure, OrderVerify, OrderCallback, OrderMessage, OrderStatement, OrderReveal, OrderExport, OrderImport, ImportRead,
		SurveyRead, SurveyAuthor, SurveyPledge, SurveyPaper, SurveyInterview, SurveyDecide, SurveyRecontact, SurveyReview, VoteRead, VoteOrganise, VoteTell, VoteOrder, VoteVerify, CreditRead, CreditEnter, CreditDecide,
		RenovationRead, RenovationManage, RenovationDocument, RenovationFund, RenovationShares, RenovationWork, RenovationInspect, RenovationSign, RenovationAnswer,
		RenovationCompare, RenovationImport, FundRead, FundRequest, FundShares, FundDraw, NewsRead, ReportRead, ReportPublish, ReportExport, AuditRead,
	})},

	RoleCommunity: {ByArea, join(community, []Permission{
		PlaceManage, PlaceReview, PostArea, CrossPost, WebhookManage, ArrangementSet, ContractNotice, ContractHandover, OrderDecide, OrderImport, ImportRead, SurveyAuthor, SurveyPledge, VoteOrganise,
		RenovationManage, RenovationDocument, RenovationConsent, RenovationWork, RenovationInspect, RenovationSign, RenovationAnswer, RenovationCompare,
		FundRequest, FundConsent, FundVerify, AuditRead,
	})},
	RoleCommunityWork: {ByArea, community},

	RoleManager: {ByOrg, join(places, []Permission{
		PlaceCorrect, PostRead, PostOwn, WebhookManage, ContractRead, ContractDraft, ContractSign, ContractNotice, ContractHandover,
		OrderRead, OrderReportFor, OrderInspect, OrderTriage, OrderDispatch, OrderWork, OrderObject, OrderDefer, OrderMessage, OrderAnswer, OrderReveal, OrderExport, SurveyRead, SurveyPledge, SurveyObject, SurveySettle, CreditRead, CreditReply, RenovationRead, FundRead, FundRequest, FundVerify, ReportRead,
	})},
	RoleWorker: {ByOrg, join(places, []Permission{
		PostRead, OrderRead, OrderReportFor, OrderInspect, OrderWork, OrderMessage, OrderReveal,
	})},
	RoleCommittee: {ByArea, join(places, []Permission{
		ContractRead, ContractDraft, ContractSign, ContractNotice, ContractHandover, OrderInspect, OrderAnswer, SurveyRead, SurveyAuthor, SurveyPledge, SurveyObject, SurveySettle, VoteRead, VoteOrganise, VotePaper, VoteTell, VoteAppeal,
		RenovationRead, RenovationDocument, RenovationConsent, RenovationShares, RenovationInspect, FundRead, FundRequest, FundConsent, FundVerify, FundShares, NewsRead, ReportRead,
	})},
	RoleDepartment: {ByOrg, join(places, []Permission{PostRead, OrderRead, OrderDispatch, OrderWork, OrderObject, OrderDefer, OrderMessage, OrderAnswer})},
	RoleUtility:    {ByOrg, join(places, []Permission{PostRead, OrderRead, OrderDispatch, OrderWork, OrderObject, OrderDefer, OrderMessage, OrderAnswer, RenovationRead, RenovationWork, RenovationSign, FundRead, FundVerify})},

	RoleOwner:    {ByHousehold, join(members, []Permission{VotePropose, VoteObject, VoteCast, VoteTell, VoteAppeal, RenovationSupervise, FundVerify})},
	RoleOccupant: {ByHousehold, join(members, []Permission{RenovationSupervise})},
	RoleHelper:   {ByHousehold, residents},
}

// Roles lists the roles that posts and memberships can carry, sorted.
func Roles() []Role {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(roles)), func(r Role) bool { return r == RoleAccount })
}

// PermissionsOf lists what a role may do, sorted.
func PermissionsOf(r Role) []Permission {
	return slices.Sorted(slices.Values(roles[r].Permissions))
}
