// Package personal keeps personal data: what there is of it (the inventory, R2.10), how it lies in the
// database (sealed under rotated keys, found by blind indexes), how it is shown (masked), and the
// records of who read it in clear and of what people consented to.
package personal

import (
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/clock"
)

// Field names one personal datum. The name is bound into each sealed value, so it never changes and
// is never used for another column.
type Field string

// The personal data of the program. Identity card numbers are not among them: no purpose here needs
// one (PIPL 6, minimum scope), and Redact takes them out of free text where it is passed on.
const (
	PersonName      Field = "person.name"
	PersonPhone     Field = "person.phone"
	AccountUserName Field = "account.user_name"
	SessionDevice   Field = "login_session.device"
	LoginCodePhone  Field = "one_time_code.phone"
	IdentityName    Field = "work_order_identity.name"
	IdentityPhone   Field = "work_order_identity.phone"
	CallerName      Field = "work_order_caller.name"
	CallerPhone     Field = "work_order_caller.phone"
	OrderText       Field = "work_order.description"
	RelayText       Field = "work_order_event.text"
	CallbackNote    Field = "work_order_callback.note"
	RemarkText      Field = "work_order_remark.text"
	MessageText     Field = "work_order_message.text"
	StatementText   Field = "work_order_statement.answer"
	PressureText    Field = "work_order_pressure.text"
	OrderPhotos     Field = "work_order_attachment.hash"
	OwnerName       Field = "owner.name"
	OwnerPhone      Field = "owner.phone"
	OccupantName    Field = "occupant.name"
	OccupantPhone   Field = "occupant.phone"
	HouseholdNote   Field = "household_member.note"
	ApplicationName Field = "household_application.name"
	ApplicationNote Field = "household_application.note"
	FeedbackText    Field = "platform_feedback.text"
	FeedbackClerk   Field = "platform_feedback.answered_by"
	Interviewer     Field = "survey_interviewer.person"
	PaperClerk      Field = "survey_entry.entered_by"
	VisitAgreed     Field = "survey_agreement.dwelling"
	RenovationWords Field = "renovation_remark.words"
	Supervising     Field = "renovation_supervisor.person"
	Signed          Field = "renovation_signature.person"
)

// Subject is whom a datum is about.
type Subject string

// The subjects.
const (
	SubjectPerson   Subject = "person"   // anybody known to the platform by name
	SubjectOwner    Subject = "owner"    // an owner on the roll, with or without an account
	SubjectReporter Subject = "reporter" // who reported a work order
	SubjectMember   Subject = "member"   // a member of a household, or who wants to be one
)

// Basis is why the law lets the datum be handled (PIPL 13).
type Basis string

// The bases in use.
const (
	BasisContract Basis = "contract" // 13(2): needed for a contract with the person
	BasisDuty     Basis = "duty"     // 13(3): needed for a statutory duty
	BasisConsent  Basis = "consent"  // 13(1)
)

// Viewer is a role or a relation that may see a datum in clear. The values that are roles are those of
// package authz.
type Viewer string

// The viewers.
const (
	ViewSelf           Viewer = "self"            // the person, and a helper by recorded consent
	ViewHousehold      Viewer = "household"       // present members of the same household
	ViewAssignedWorker Viewer = "assigned_worker" // the worker in whose hands the order is, until it is closed
	ViewCommunity      Viewer = "community"
	ViewCommunityWork  Viewer = "community_work"
	ViewStreetOffice   Viewer = "street_office"
	ViewStreetParty    Viewer = "street_party"
	ViewOwnOrg         Viewer = "own_org" // colleagues in the organisation of the person's post
	ViewOperator       Viewer = "operator"
	ViewParties        Viewer = "parties" // the two sides of one relay
)

// Kind is how values of a field are normalised before they are compared.
type Kind int

// The kinds of value.
const (
	Text   Kind = iota // compared by nothing: no blind index
	Name               // NormalName
	Phone              // NormalPhone
	Handle             // a user name: NFKC, lower case
)

// Retention is how long a datum is kept: Days after Event. Zero Days is "until Event".
type Retention struct {
	Event   string // in plain English, what starts the time or ends the keeping
	EventZH string // the same in Chinese
	Days    int
}

// Entry is one row of the inventory.
type Entry struct {
	Field     Field
	Table     string
	Sealed    string // the column with the sealed value; empty for what is not sealed
	Index     string // the column with the blind index; empty where nobody looks the value up
	Plain     string // the column of a value that is not sealed
	Kind      Kind
	Subject   Subject
	PurposeZH string
	PurposeEN string
	Basis     Basis
	Sensitive bool // PIPL 28
	Keep      Retention
	VisibleTo []Viewer
	Mask      func(string) string
	Erasable  bool // erased on the person's request; otherwise only when Keep has run out
}

// staff are those of the community and the street who may open an identity with a reason.
var staff = []Viewer{ViewSelf, ViewCommunity, ViewCommunityWork, ViewStreetOffice}

// caseViewers may see who reported a repair in a home.
var caseViewers = append([]Viewer{ViewAssignedWorker}, staff...)

// The times of keeping that several fields share.
var (
	whileMember   = Retention{Event: "the person has left every household and post and last logged in", EventZH: "离开所有住户和岗位、最后一次登录", Days: 180}
	whileOwner    = Retention{Event: "the unit has passed to another owner", EventZH: "房屋转给他人", Days: 3 * 365}
	whileOccupant = Retention{Event: "the occupant has moved out", EventZH: "使用人迁出", Days: 180}
	afterAnswer   = Retention{Event: "it was answered", EventZH: "答复", Days: 365}
	afterClosing  = Retention{Event: "the work order was over", EventZH: "工单办结或终止", Days: 365}
)

// Inventory is every personal datum the program holds. A column that holds personal data and is not
// listed here is a defect.
var Inventory = []Entry{
	{Field: PersonName, Table: "person", Sealed: "name_sealed", Index: "name_index", Kind: Name, Subject: SubjectPerson,
		PurposeZH: "确认住户和岗位人员身份", PurposeEN: "know residents and holders of posts by name",
		Basis: BasisContract, Keep: whileMember, VisibleTo: append([]Viewer{ViewHousehold, ViewOwnOrg}, staff...), Mask: MaskName, Erasable: true},
	{Field: PersonPhone, Table: "person", Sealed: "phone_sealed", Index: "phone_index", Kind: Phone, Subject: SubjectPerson,
		PurposeZH: "报修、回访和通知联系", PurposeEN: "ring about repairs, call back, notify",
		Basis: BasisContract, Keep: whileMember, VisibleTo: staff, Mask: MaskPhone, Erasable: true},
	{Field: AccountUserName, Table: "account", Plain: "user_name", Kind: Handle, Subject: SubjectPerson,
		PurposeZH: "登录", PurposeEN: "log in",
		Basis: BasisContract, Keep: whileMember, VisibleTo: []Viewer{ViewSelf}, Mask: MaskName, Erasable: true},
	{Field: SessionDevice, Table: "login_session", Plain: "device", Subject: SubjectPerson,
		PurposeZH: "让本人认出自己的登录设备", PurposeEN: "let people recognise their own log-ins",
		Basis: BasisContract, Keep: Retention{Event: "the log-in expired", EventZH: "登录到期", Days: 180}, VisibleTo: []Viewer{ViewSelf}, Mask: MaskAll, Erasable: true},
	{Field: LoginCodePhone, Table: "one_time_code", Plain: "phone_index", Subject: SubjectPerson, // the blind index of PersonPhone, no number
		PurposeZH: "核对短信验证码", PurposeEN: "check a one-time code",
		Basis: BasisContract, Keep: Retention{Event: "the code expired", EventZH: "验证码失效", Days: 1}, Mask: MaskAll, Erasable: true},
	{Field: IdentityName, Table: "work_order_identity", Sealed: "name_sealed", Kind: Name, Subject: SubjectReporter,
		PurposeZH: "上门维修时联系报修人", PurposeEN: "tell the worker whom to ask for at the door",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: caseViewers, Mask: MaskName, Erasable: true},
	{Field: IdentityPhone, Table: "work_order_identity", Sealed: "phone_sealed", Kind: Phone, Subject: SubjectReporter,
		PurposeZH: "上门维修和回访时联系报修人", PurposeEN: "ring the reporter about the visit, call back",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: caseViewers, Mask: MaskPhone, Erasable: true},
	{Field: CallerName, Table: "work_order_caller", Sealed: "name_sealed", Kind: Name, Subject: SubjectReporter,
		PurposeZH: "无账号来电人的称呼", PurposeEN: "address a caller without account",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: caseViewers, Mask: MaskName, Erasable: true},
	{Field: CallerPhone, Table: "work_order_caller", Sealed: "phone_sealed", Index: "phone_index", Kind: Phone, Subject: SubjectReporter,
		PurposeZH: "无账号来电人的回访和短信确认", PurposeEN: "call back a caller without account, confirm by SMS",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: caseViewers, Mask: MaskPhone, Erasable: true},
	{Field: OrderText, Table: "work_order", Plain: "description", Subject: SubjectReporter,
		PurposeZH: "说明报修或反映的问题", PurposeEN: "say what is wrong",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: append([]Viewer{ViewParties, ViewAssignedWorker}, staff...), Mask: Redact, Erasable: true},
	{Field: RelayText, Table: "work_order_event", Plain: "text", Subject: SubjectReporter,
		PurposeZH: "经平台转达的沟通内容和办理说明", PurposeEN: "what the sides of an order write to each other through the platform",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: append([]Viewer{ViewParties}, staff...), Mask: Redact, Erasable: true},
	{Field: CallbackNote, Table: "work_order_callback", Plain: "note", Subject: SubjectReporter,
		PurposeZH: "回访记录", PurposeEN: "what was said in a call-back",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: staff, Mask: MaskAll, Erasable: true},
	{Field: RemarkText, Table: "work_order_remark", Plain: "text", Subject: SubjectReporter,
		PurposeZH: "评价时的意见，经本人同意后转给服务方", PurposeEN: "a remark with a rating, passed on only where the person agreed",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: staff, Mask: Redact, Erasable: true},
	{Field: MessageText, Table: "work_order_message", Plain: "text", Subject: SubjectReporter,
		PurposeZH: "报修双方经平台转达的消息", PurposeEN: "messages between the sides of an order, passed on without names",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: append([]Viewer{ViewParties}, staff...), Mask: Redact, Erasable: true},
	{Field: StatementText, Table: "work_order_statement", Plain: "answer", Subject: SubjectPerson,
		PurposeZH: "被反映单位对隐去身份的情况的说明", PurposeEN: "what a party complained of says on a case without names",
		Basis: BasisDuty, Keep: afterClosing, VisibleTo: append([]Viewer{ViewOwnOrg}, staff...), Mask: Redact},
	{Field: PressureText, Table: "work_order_pressure", Plain: "text", Subject: SubjectReporter,
		PurposeZH: "反映人受到联系、施压或者报复的情况", PurposeEN: "a reporter's word of having been contacted or pressed",
		Basis: BasisDuty, Keep: Retention{Event: "the street settled it", EventZH: "街道处理完毕", Days: 365}, VisibleTo: []Viewer{ViewSelf, ViewStreetOffice, ViewStreetParty}, Mask: MaskAll, Erasable: true},
	{Field: OrderPhotos, Table: "work_order_attachment", Plain: "hash", Subject: SubjectReporter,
		PurposeZH: "照片说明报修的问题和维修结果", PurposeEN: "photos that show what is wrong and what was done, some of them of homes",
		Basis: BasisContract, Keep: afterClosing, VisibleTo: append([]Viewer{ViewParties, ViewAssignedWorker}, staff...), Mask: MaskAll, Erasable: true},
	{Field: OwnerName, Table: "owner", Sealed: "name_sealed", Index: "name_index", Kind: Name, Subject: SubjectOwner,
		PurposeZH: "业主名册（《山东省物业管理条例》）", PurposeEN: "the roll of owners",
		Basis: BasisDuty, Keep: whileOwner, VisibleTo: staff, Mask: MaskName},
	{Field: OwnerPhone, Table: "owner", Sealed: "phone_sealed", Index: "phone_index", Kind: Phone, Subject: SubjectOwner,
		PurposeZH: "向业主送达通知和表决票", PurposeEN: "deliver notices and ballots to the owner",
		Basis: BasisDuty, Keep: whileOwner, VisibleTo: staff, Mask: MaskPhone, Erasable: true},
	{Field: OccupantName, Table: "occupant", Sealed: "name_sealed", Index: "name_index", Kind: Name, Subject: SubjectMember,
		PurposeZH: "掌握房屋实际使用人", PurposeEN: "know who uses a unit that its owner does not",
		Basis: BasisDuty, Keep: whileOccupant, VisibleTo: staff, Mask: MaskName, Erasable: true},
	{Field: OccupantPhone, Table: "occupant", Sealed: "phone_sealed", Index: "phone_index", Kind: Phone, Subject: SubjectMember,
		PurposeZH: "联系房屋实际使用人", PurposeEN: "reach the user of a unit in matters of that unit",
		Basis: BasisConsent, Keep: whileOccupant, VisibleTo: staff, Mask: MaskPhone, Erasable: true},
	{Field: HouseholdNote, Table: "household_member", Sealed: "note_sealed", Kind: Text, Subject: SubjectMember,
		PurposeZH: "本人要求记录的服务需要（如行动不便）", PurposeEN: "needs the member asked to be known, such as trouble walking",
		Basis: BasisConsent, Sensitive: true, Keep: Retention{Event: "consent is withdrawn or the membership ends", EventZH: "撤回同意或成员关系结束"},
		VisibleTo: []Viewer{ViewSelf, ViewCommunity, ViewCommunityWork}, Mask: MaskAll, Erasable: true},
	{Field: ApplicationName, Table: "household_application", Sealed: "name_sealed", Kind: Name, Subject: SubjectMember,
		PurposeZH: "核对加入住户的申请人", PurposeEN: "check who applies to join a household",
		Basis: BasisContract, Keep: Retention{Event: "the application was decided", EventZH: "申请审核完毕", Days: 180}, VisibleTo: staff, Mask: MaskName, Erasable: true},
	{Field: ApplicationNote, Table: "household_application", Sealed: "note_sealed", Kind: Text, Subject: SubjectMember,
		PurposeZH: "申请加入住户的说明", PurposeEN: "what the applicant writes to prove living there",
		Basis: BasisContract, Keep: Retention{Event: "the application was decided", EventZH: "申请审核完毕", Days: 180}, VisibleTo: staff, Mask: MaskAll, Erasable: true},
	{Field: FeedbackText, Table: "platform_feedback", Plain: "text", Subject: SubjectPerson,
		PurposeZH: "答复用户对平台的投诉和建议", PurposeEN: "answer what users write about the platform itself",
		Basis: BasisContract, Keep: afterAnswer, VisibleTo: []Viewer{ViewSelf, ViewOperator}, Mask: Redact, Erasable: true},
	{Field: FeedbackClerk, Table: "platform_feedback", Plain: "answered_by", Subject: SubjectPerson,
		PurposeZH: "查明由哪位运维人员答复", PurposeEN: "know which operator answered",
		Basis: BasisDuty, Keep: afterAnswer, VisibleTo: []Viewer{ViewSelf}, Mask: MaskAll, Erasable: true},
	{Field: Interviewer, Table: "survey_interviewer", Plain: "person_id", Subject: SubjectPerson,
		PurposeZH: "测评访问员的委派，核查协助填写的答卷", PurposeEN: "know who helps households to answer a survey, and check what was answered with that help",
		Basis: BasisDuty, Keep: whileMember, VisibleTo: []Viewer{ViewSelf, ViewCommunity, ViewStreetOffice}, Mask: MaskAll, Erasable: true},
	{Field: PaperClerk, Table: "survey_entry", Plain: "entered_by", Subject: SubjectPerson,
		PurposeZH: "纸质选票由两名不同人员录入", PurposeEN: "have paper ballots entered by two different persons",
		Basis: BasisDuty, Keep: Retention{Event: "a second person has entered the sheet, or the round has closed", EventZH: "第二人录入该份选票，或本轮测评截止"}, VisibleTo: []Viewer{ViewSelf}, Mask: MaskAll, Erasable: true},
	{Field: VisitAgreed, Table: "survey_agreement", Plain: "dwelling_id", Subject: SubjectMember,
		PurposeZH: "住户同意访问员上门协助填写", PurposeEN: "know which dwellings have agreed to an interviewer's visit",
		Basis: BasisConsent, Keep: Retention{Event: "the ballot is drawn, the agreement is taken back or the round has closed", EventZH: "领取选票、收回同意或本轮测评截止"},
		VisibleTo: []Viewer{ViewSelf, ViewCommunity, ViewCommunityWork}, Mask: MaskAll, Erasable: true},
	{Field: RenovationWords, Table: "renovation_remark", Plain: "words", Subject: SubjectMember,
		PurposeZH: "居民对小区改造和维修资金公示的意见", PurposeEN: "what residents say about a renovation or about posted shares of maintenance money",
		Basis: BasisDuty, Keep: whileMember, VisibleTo: []Viewer{ViewSelf, ViewCommunity, ViewStreetOffice}, Mask: Redact, Erasable: true},
	{Field: Supervising, Table: "renovation_supervisor", Plain: "person_id", Subject: SubjectMember,
		PurposeZH: "自愿担任改造工程居民监督员", PurposeEN: "know which residents volunteered to look after the works of a renovation",
		Basis: BasisConsent, Keep: Retention{Event: "the person ends it, or the renovation is closed", EventZH: "本人退出或者改造项目办结", Days: 365}, VisibleTo: []Viewer{ViewSelf, ViewCommunity, ViewStreetOffice}, Mask: MaskAll, Erasable: true},
	{Field: Signed, Table: "renovation_signature", Plain: "person_id", Subject: SubjectPerson,
		PurposeZH: "维修资金现场核实和改造验收的签署", PurposeEN: "know that different persons saw a danger on site or accepted an item",
		Basis: BasisDuty, Keep: whileMember, VisibleTo: []Viewer{ViewSelf}, Mask: MaskAll, Erasable: true},
}

// Describe returns the inventory's row of a field.
func Describe(f Field) (Entry, bool) {
	i := slices.IndexFunc(Inventory, func(e Entry) bool { return e.Field == f })
	if i < 0 {
		return Entry{}, false
	}
	return Inventory[i], true
}

// Cutoff is the moment before which the time of keeping a field must have begun, so that it is over at now. A field that is
// not in the inventory is never over.
func Cutoff(f Field, now time.Time) clock.Instant {
	e, ok := Describe(f)
	if !ok {
		return 0
	}
	return clock.At(now.AddDate(0, 0, -e.Keep.Days))
}

// Mask shows a value of field f to somebody who may know that it exists: 张**, 138****1234. A field
// that is not in the inventory shows nothing.
func Mask(f Field, value string) string {
	if e, ok := Describe(f); ok {
		return e.Mask(value)
	}
	return MaskAll(value)
}

// normal brings a value into the form that is compared.
func (k Kind) normal(s string) string {
	switch k {
	case Name:
		return NormalName(s)
	case Phone:
		return NormalPhone(s)
	case Handle:
		return normalHandle(s)
	}
	return s
}
