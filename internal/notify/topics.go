package notify

// Audience is a relation to an event, by which the persons concerned are found.
type Audience string

// The audiences. Those marked "organisation" also name the organisation itself, so that its webhooks and
// robots are told.
const (
	Reporter     Audience = "reporter"      // who reported the order, who lives there with them, reporters of duplicates
	Handler      Audience = "handler"       // organisation: who sends people in the organisation that has the order in hand, the community where none has
	Assignee     Audience = "assignee"      // whom the order is assigned to
	CaseParty    Audience = "case_party"    // who may answer for the organisation a conduct case is about, but the person it is about
	CaseDesk     Audience = "case_desk"     // organisation: who decides a conduct case: the community, the street office where it is about a body of the community
	Community    Audience = "community"     // organisation: posts of the community of the place
	StreetOffice Audience = "street_office" // organisation: posts of the street office of the place
	StreetQueue  Audience = "street_queue"  // organisation: who minds the street's queue of orders that nobody moves (R4.6)
	Discipline   Audience = "discipline"    // who at the street Party committee minds reports of pressure, outside the chain (R6.6)
	Household    Audience = "household"     // present members of the household and the owner on the roll, but the person of the payload
	Person       Audience = "person"        // the person named in the payload
	Successor    Audience = "successor"     // the successor named in the payload
	Reviewers    Audience = "reviewers"     // who may decide a proposed correction of units
	Proposer     Audience = "proposer"      // who proposed it
	Company      Audience = "company"       // organisation: managers of the company that is party to the contract or handles the place
	OwnersBody   Audience = "owners_body"   // organisation: members of the owners' body that is party to the contract or stands for the owners
	Residents    Audience = "residents"     // present members of households of the service area
	Persons      Audience = "persons"       // the persons named in the payload
)

// organisations are the audiences whose organisations' webhooks are told.
var organisations = map[Audience]bool{Handler: true, Community: true, CaseDesk: true, StreetOffice: true, StreetQueue: true, Company: true, OwnersBody: true}

// ofHandler are the audiences that a case about somebody's conduct never reaches (R6.6).
var ofHandler = map[Audience]bool{Handler: true, Assignee: true, Company: true}

// bySeverity is Emergency for an order of that severity, else Normal.
const bySeverity Urgency = -1

// tell is one message because of an event: to whom, which text, how soon. A person in several audiences
// gets the first.
type tell struct {
	to      Audience
	text    string
	urgency Urgency
	group   Group
}

// topic is what an event means to people.
type topic struct {
	tells []tell
	// choose makes the tells from the payload instead.
	choose func(payload) []tell
	// caller: who reported at the front desk without an account gets a follow link by SMS.
	caller func(payload) bool
}

func always(payload) bool            { return true }
func callerLeftPhone(p payload) bool { return p.flag("callerLink") }

// topics is every topic of the program. One that tells nobody stands here too, so that a forgotten one
// can be counted.
var topics = map[string]topic{
	"workorder.reported":        {tells: []tell{{Handler, "order_new", bySeverity, Duties}}, caller: callerLeftPhone},
	"workorder.accepted":        {tells: []tell{{Reporter, "order_accepted", Digest, Orders}}},
	"workorder.declined":        {tells: []tell{{Reporter, "order_declined", Normal, Orders}}},
	"workorder.cancelled":       {tells: []tell{{Handler, "order_cancelled", Digest, Duties}}},
	"workorder.routed":          {tells: []tell{{Handler, "order_routed", bySeverity, Duties}, {Reporter, "order_handler", Digest, Orders}}},
	"workorder.dispatched":      {tells: []tell{{Assignee, "order_assigned", bySeverity, Duties}, {Reporter, "order_dispatched", Digest, Orders}}},
	"workorder.arrived":         {tells: []tell{{Reporter, "order_arrived", Digest, Orders}}},
	"workorder.controlled":      {tells: []tell{{Reporter, "order_controlled", Digest, Orders}}},
	"workorder.noted":           {tells: []tell{{Reporter, "order_noted", Digest, Orders}}},
	"workorder.paused":          {tells: []tell{{Reporter, "order_paused", Normal, Orders}}},
	"workorder.resumed":         {tells: []tell{{Assignee, "order_resumed", Normal, Duties}}},
	"workorder.resolved":        {tells: []tell{{Reporter, "order_resolved", Normal, Orders}}, caller: always},
	"workorder.answer_reminder": {tells: []tell{{Reporter, "order_answer", Normal, Orders}}, caller: always},
	"workorder.duplicate":       {tells: []tell{{Reporter, "order_duplicate", Digest, Orders}}},
	"workorder.objected": {tells: []tell{
		{Community, "order_objected", Normal, Duties}, {StreetOffice, "order_objected", Normal, Duties}, {Reporter, "order_in_question", Digest, Orders}}},
	"workorder.objection_decided": {tells: []tell{{Handler, "order_objection_decided", Normal, Duties}, {Reporter, "order_decided", Digest, Orders}}},
	"workorder.proposed":          {tells: []tell{{Community, "order_proposed", Normal, Duties}, {Reporter, "order_in_question", Digest, Orders}}},
	"workorder.proposal_decided":  {tells: []tell{{Handler, "order_proposal_decided", Normal, Duties}, {Reporter, "order_decided", Digest, Orders}}},
	"workorder.taken_up":          {tells: []tell{{Handler, "order_taken_up", Digest, Duties}, {Reporter, "order_dispatched", Digest, Orders}}},
	"workorder.verified":          {tells: []tell{{Reporter, "order_verified", Digest, Orders}}},
	"workorder.disputed":          {tells: []tell{{Assignee, "order_disputed", Normal, Duties}, {Handler, "order_disputed", Normal, Duties}}},
	"workorder.closed":            {tells: []tell{{Reporter, "order_closed", Normal, Orders}, {Handler, "order_over", Digest, Duties}}},
	"workorder.reopened":          {tells: []tell{{Handler, "order_reopened", bySeverity, Duties}, {Reporter, "order_dispatched", Digest, Orders}}},
	"workorder.escalated":         {choose: escalation},
	// A low answer is called back by the community; the company learns of ratings only from published months.
	"workorder.low_rating":          {tells: []tell{{Community, "order_call_back", Normal, Duties}}},
	"workorder.message":             {choose: relay},
	"workorder.identity_opened":     {tells: []tell{{Reporter, "order_identity", Normal, Orders}}},
	"workorder.statement_asked":     {tells: []tell{{CaseParty, "case_statement", Normal, Duties}}},
	"workorder.statement_answered":  {tells: []tell{{CaseDesk, "case_answered", Normal, Duties}}},
	"workorder.statement_withdrawn": {tells: []tell{{CaseParty, "case_withdrawn", Digest, Duties}}},
	"workorder.pressure_reported":   {tells: []tell{{Discipline, "pressure_reported", Normal, Duties}}},
	"workorder.weather":             {},

	"membership.joined":          {tells: []tell{{Household, "member_joined", Normal, Households}}},
	"membership.applied":         {tells: []tell{{Community, "member_applied", Normal, Duties}}},
	"membership.approved":        {tells: []tell{{Person, "application_approved", Normal, Households}}},
	"membership.declined":        {tells: []tell{{Person, "application_declined", Normal, Households}}},
	"membership.withdrawn":       {},
	"membership.moved":           {},
	"membership.ended":           {tells: []tell{{Person, "member_ended", Normal, Households}}},
	"membership.contested":       {tells: []tell{{Person, "member_contested", Normal, Households}, {Community, "contest_open", Normal, Duties}}},
	"membership.contest_decided": {tells: []tell{{Person, "contest_decided", Normal, Households}, {Household, "contest_decided", Normal, Households}}},

	"place.change_proposed": {tells: []tell{{Reviewers, "change_proposed", Normal, Duties}}},
	"place.change_decided":  {tells: []tell{{Proposer, "change_decided", Normal, Duties}}},

	"post.started":      {tells: []tell{{Person, "post_started", Normal, Account}}},
	"post.ended":        {tells: []tell{{Person, "post_ended", Normal, Account}, {Successor, "post_handed", Normal, Duties}}},
	"cross.started":     {tells: []tell{{Person, "cross_started", Normal, Account}}},
	"cross.ended":       {tells: []tell{{Person, "cross_ended", Normal, Account}}},
	"interest.declared": {tells: []tell{{Community, "interest_declared", Normal, Duties}}},
	"interest.ended":    {},
	"org.created":       {},
	"org.changed":       {},
	"org.closed":        {},

	"contract.signed":                     {tells: contractParties("contract_signed", Digest)},
	"contract.in_force":                   {tells: append(contractParties("contract_in_force", Normal), tell{Residents, "contract_in_force", Digest, Contracts})},
	"contract.deadline_due":               {tells: contractParties("contract_deadline", Normal)},
	"contract.terminated":                 {tells: append(contractParties("contract_terminated", Normal), tell{StreetOffice, "contract_terminated", Normal, Contracts}, tell{Residents, "contract_terminated", Digest, Contracts})},
	"arrangement.changed":                 {tells: append(contractParties("arrangement_changed", Normal), tell{Residents, "arrangement_changed", Digest, Contracts})},
	"contract.handed_over":                {tells: contractParties("contract_handed_over", Digest)},
	"survey.frozen":                       {tells: surveyParties("survey_frozen", Digest)},
	"survey.open":                         {tells: []tell{{Residents, "survey_open", Normal, Households}, {Community, "survey_open", Digest, Duties}}},
	"survey.reminder":                     {tells: []tell{{Persons, "survey_reminder", Normal, Households}}},
	"survey.closing":                      {},
	"survey.closed":                       {},
	"survey.scored":                       {tells: surveyParties("survey_scored", Normal)},
	"survey.published":                    {tells: append(surveyParties("survey_published", Digest), tell{Residents, "survey_published", Digest, Households})},
	"survey.revised":                      {tells: append(surveyParties("survey_revised", Normal), tell{Residents, "survey_revised", Digest, Households})},
	"survey.cancelled":                    {tells: surveyParties("survey_cancelled", Digest)},
	"survey.objection_filed":              {tells: []tell{{StreetOffice, "survey_objection", Normal, Duties}}},
	"survey.objection_upheld":             {tells: surveyParties("survey_objection_decided", Normal)},
	"survey.objection_dismissed":          {tells: surveyParties("survey_objection_decided", Normal)},
	"survey.objection_withdrawn":          {tells: []tell{{StreetOffice, "survey_objection_decided", Digest, Duties}}},
	"survey.settlement_proposed":          {tells: contractParties("survey_settlement", Normal)},
	"survey.settlement_company_confirmed": {tells: contractParties("survey_settlement", Normal)},
	"survey.settlement_owners_confirmed":  {tells: contractParties("survey_settlement", Normal)},
	"survey.settlement_settled":           {tells: contractParties("survey_settlement", Normal)},
	"survey.settlement_disputed":          {tells: append(contractParties("survey_settlement", Normal), tell{StreetOffice, "survey_settlement", Normal, Contracts})},

	// The company that a decision is about is no party to it and is told nothing.
	"vote.proposed":    {},
	"vote.announced":   {tells: voteParties("vote_announced", Normal)},
	"vote.roll_posted": {tells: voteParties("vote_roll_posted", Normal)},
	"vote.open":        {tells: voteParties("vote_open", Normal)},
	"vote.extended":    {tells: voteParties("vote_extended", Normal)},
	"vote.closed":      {tells: []tell{{OwnersBody, "vote_closed", Normal, Duties}, {Community, "vote_closed", Normal, Duties}, {StreetOffice, "vote_closed", Digest, Duties}}},
	"vote.counted":     {tells: []tell{{OwnersBody, "vote_counted", Normal, Duties}, {Community, "vote_counted", Normal, Duties}}},
	"vote.published":   {tells: voteParties("vote_published", Normal)},
	"vote.effective":   {tells: voteParties("vote_effective", Digest)},
	"vote.ordered":     {tells: voteParties("vote_ordered", Normal)},
	"vote.revoked":     {tells: voteParties("vote_revoked", Normal)},
	"vote.cancelled":   {tells: voteParties("vote_cancelled", Normal)},
	"vote.opening":     {tells: []tell{{Persons, "vote_opening", Normal, Households}}},

	"feedback.answered": {tells: []tell{{Person, "feedback_answered", Normal, Account}}},
	"credit.notice":     {tells: []tell{{Company, "credit_notice", Normal, Duties}, {StreetOffice, "credit_notice", Digest, Duties}}},
	"credit.reply":      {tells: []tell{{StreetOffice, "credit_answer", Normal, Duties}}},
	"credit.decide":     {tells: []tell{{Company, "credit_decided", Normal, Duties}}},
	"credit.appeal":     {tells: []tell{{StreetOffice, "credit_answer", Normal, Duties}}},
	"credit.rule":       {tells: []tell{{Company, "credit_decided", Normal, Duties}}},
	"credit.end":        {tells: []tell{{Company, "credit_decided", Digest, Duties}}},
	"credit.published":  {tells: []tell{{Company, "credit_published", Normal, Duties}}},

	"renovation.advanced":   {tells: append(renovationParties("renovation_stage", Digest), tell{Residents, "renovation_stage", Digest, Households})},
	"renovation.delayed":    {tells: append(renovationParties("renovation_delay", Digest), tell{Residents, "renovation_delay", Digest, Households})},
	"renovation.contractor": {tells: append(renovationParties("renovation_contractor", Normal), tell{Residents, "renovation_contractor", Digest, Households})},
	"renovation.milestone":  {tells: renovationParties("renovation_milestone", Normal)},
	"renovation.spoken":     {tells: []tell{{Community, "renovation_spoken", Digest, Duties}, {StreetOffice, "renovation_spoken", Digest, Duties}}},
	"renovation.answered":   {tells: []tell{{Person, "renovation_answered", Normal, Households}}},
	"renovation.planned":    {tells: append(renovationParties("renovation_plan", Digest), tell{Residents, "renovation_plan", Digest, Households})},

	"fund.requested": {tells: []tell{{OwnersBody, "fund_requested", Normal, Duties}, {Community, "fund_requested", Normal, Duties}, {StreetOffice, "fund_requested", Digest, Duties}, {Residents, "fund_requested", Digest, Households}}},
	"fund.posted":    {tells: []tell{{Residents, "fund_posted", Normal, Households}, {Community, "fund_posted", Digest, Duties}, {StreetOffice, "fund_posted", Digest, Duties}}},
	"fund.objected":  {tells: []tell{{Company, "fund_objected", Normal, Duties}, {OwnersBody, "fund_objected", Normal, Duties}, {Community, "fund_objected", Normal, Duties}, {StreetOffice, "fund_objected", Normal, Duties}}},
	"fund.answered":  {tells: []tell{{Person, "fund_answered", Normal, Households}}},

	"report.published": {tells: []tell{{StreetOffice, "report_published", Digest, Duties}, {Community, "report_published", Digest, Duties}, {Company, "report_published", Digest, Duties}}},
}

// invitations are texts that invite residents to a survey: by SMS they reach who agreed to that.
var invitations = map[string]bool{"survey_open": true, "survey_reminder": true}

// surveyParties are those who hold a part in a round beside the residents.
func surveyParties(text string, u Urgency) []tell {
	return []tell{{Company, text, u, Duties}, {OwnersBody, text, u, Duties}, {Community, text, u, Duties}, {StreetOffice, text, u, Duties}}
}

// voteParties are the owners and those who hold or supervise their votes.
func voteParties(text string, u Urgency) []tell {
	return []tell{{Residents, text, u, Households}, {OwnersBody, text, Digest, Duties}, {Community, text, Digest, Duties}, {StreetOffice, text, Digest, Duties}}
}

// renovationParties are those who work on a renovation beside the residents.
func renovationParties(text string, u Urgency) []tell {
	return []tell{{Handler, text, u, Duties}, {OwnersBody, text, u, Duties}, {Community, text, u, Duties}, {StreetOffice, text, u, Duties}}
}

func contractParties(text string, u Urgency) []tell {
	return []tell{{Company, text, u, Contracts}, {OwnersBody, text, u, Contracts}, {Community, text, u, Contracts}}
}

// escalation tells the rungs named in the payload. The job that climbs has already held back until the
// morning what may not wake. What can wait is told to the company in waking hours, and to those above it
// in their morning digest, so that nobody is disturbed for a lamp.
func escalation(p payload) []tell {
	rungs := map[string]Audience{"company": Handler, "community": Community, "street_office": StreetOffice, "street_queue": StreetQueue}
	var out []tell
	for _, to := range p.list("to") {
		a, ok := rungs[to]
		if !ok {
			continue
		}
		u := Emergency
		if p.flag("digest") {
			u = Digest
			if a == Handler {
				u = Normal
			}
		}
		out = append(out, tell{a, "order_escalated", u, Duties})
	}
	return out
}

// relay tells the other sides of an order that there is a message; its words stay in the order.
func relay(p payload) []tell {
	resident := tell{Reporter, "order_message", Normal, Orders}
	staff := []tell{{Assignee, "order_message", Normal, Duties}, {Handler, "order_message", Normal, Duties}}
	switch p.text("side") {
	case "reporter":
		return staff
	case "handler":
		return []tell{resident}
	}
	return append(staff, resident)
}

// of lists what to tell because of an event.
func (t topic) of(p payload) []tell {
	list := t.tells
	if t.choose != nil {
		list = t.choose(p)
	}
	out := make([]tell, len(list))
	for i, m := range list {
		if m.urgency == bySeverity {
			m.urgency = Normal
			if p.text("severity") == "emergency" {
				m.urgency = Emergency
			}
		}
		out[i] = m
	}
	return out
}
