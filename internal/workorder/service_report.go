package workorder

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/text"
)

// linkRole stands in records for whoever holds an order's follow token.
const linkRole authz.Role = "link_holder"

// linkDays is how long a follow token works: longer than any order should take, and than it can be reopened.
const linkDays = 365

// Where is the place of a report: one of the dwelling, the public area, or the service area as a whole.
type Where struct {
	UnitID        *id.ID
	PublicAreaID  *id.ID
	ServiceAreaID *id.ID
	Detail        string // where exactly, in the reporter's words
}

// Report is what is reported.
type Report struct {
	Where       Where
	Category    string
	Title       string // the category's name when empty
	Description string
	PartyOrgID  *id.ID // conduct: whom it is about; the service area's handler when nil
	// ContactName and ContactPhone are whom to ask for at the door, when not the reporter.
	ContactName, ContactPhone string
	ContactOptOut             bool // the worker shall not see name and phone
}

// Call is a report taken down for somebody without an account, or passed on by a hotline.
type Call struct {
	Report
	CallerName, CallerPhone string // both optional: no phone is forced out of anybody
	ExternalNumber          string // of a hotline case
	ExternalDueAt           *clock.Instant
}

// OrderReceipt is the answer to a report. In danger to life the numbers to ring come first (R4.3): the platform
// does not stand between a caller and 119, 110 or 120.
type OrderReceipt struct {
	Emergency   *EmergencyView `json:"emergency,omitempty" doc:"Ring these numbers first; the report does not replace the call"`
	FollowToken string         `json:"followToken,omitempty" doc:"Shown once: whoever has no account, or stays unnamed, follows and answers the order with it"`
	Order       OrderView      `json:"order" doc:"The order as it was made"`
}

// EmergencyView is whom to ring in danger to life.
type EmergencyView struct {
	Call     []EmergencyNumber `json:"call" doc:"The first to ring first"`
	AdviceZH string            `json:"adviceZh"`
	AdviceEN string            `json:"adviceEn"`
}

// EmergencyNumber is a number to ring.
type EmergencyNumber struct {
	Number string `json:"number,omitempty" doc:"Absent for a local service, whose number is posted in the estate"`
	NameZH string `json:"nameZh"`
	NameEN string `json:"nameEn"`
}

// draft is a report on its way to an order.
type draft struct {
	order    *Order
	category *rules.Category
	place    Place
	source   Source
	party    *id.ID    // whom a conduct case is said to be about
	contact  [2]string // name and phone of whom to ask for
	caller   *Call
	token    string
}

// Report takes a resident's report for their household, or for a public area of where they live.
func (s *Service) Report(ctx context.Context, p authz.Principal, once idem.Key, in Report) (OrderReceipt, error) {
	d, household, err := s.locate(ctx, in.Where)
	if err != nil {
		return OrderReceipt{}, err
	}
	actor, err := authz.Act(p, authz.OrderReport, authz.Object{Path: d.place.Path, Household: household, Open: in.Where.UnitID == nil})
	if err != nil {
		return OrderReceipt{}, err
	}
	if err := s.fill(d, in, FromResident); err != nil {
		return OrderReceipt{}, err
	}
	d.order.ReporterKind, d.order.ReporterID = ByAccount, p.Person.Ptr()
	d.order.HouseholdID = householdIn(p, actor, d.place.Path)
	d.contact = [2]string{in.ContactName, in.ContactPhone}
	return s.file(ctx, p, once, actor, d)
}

// ReportUnnamed takes a report of a hazard from somebody who does not want to be known. No person, no
// household and no account is stored with it: only the hash of a token by which the reporter follows it.
// The idempotency key is claimed under itself, not under the account.
func (s *Service) ReportUnnamed(ctx context.Context, p authz.Principal, once idem.Key, in Report) (OrderReceipt, error) {
	d, household, err := s.locate(ctx, in.Where)
	if err != nil {
		return OrderReceipt{}, err
	}
	if _, err := authz.Act(p, authz.OrderReport, authz.Object{Path: d.place.Path, Household: household, Open: in.Where.UnitID == nil}); err != nil {
		return OrderReceipt{}, err
	}
	if in.Where.UnitID != nil {
		return OrderReceipt{}, fault.InvalidField("body.where.unitId", "workorder.unnamed_place")
	}
	if err := s.fill(d, in, FromResident); err != nil {
		return OrderReceipt{}, err
	}
	if d.category.Emergency == nil && d.category.Identity == rules.HomeRepair {
		return OrderReceipt{}, fault.InvalidField("body.category", "workorder.unnamed_category")
	}
	d.order.ReporterKind = Anonymously
	d.token = newToken()
	once.Principal = id.ID(once.Key[:16])
	return s.file(ctx, p, once, authz.Actor{Role: linkRole}, d)
}

// ReportForCaller takes down what somebody without an account says: at the front desk, on the phone, or
// through a hotline, whose number and deadline are kept beside the order's own.
func (s *Service) ReportForCaller(ctx context.Context, p authz.Principal, once idem.Key, in Call) (OrderReceipt, error) {
	source := FromDesk
	if in.ExternalNumber != "" {
		source = FromHotline
	}
	d, household, err := s.locate(ctx, in.Where)
	if err != nil {
		return OrderReceipt{}, err
	}
	actor, err := s.staffMay(ctx, p, authz.OrderReportFor, d)
	if err != nil {
		return OrderReceipt{}, err
	}
	if err := s.fill(d, in.Report, source); err != nil {
		return OrderReceipt{}, err
	}
	if err := d.takeCaller(in, household); err != nil {
		return OrderReceipt{}, err
	}
	return s.file(ctx, p, once, actor, d)
}

// staffMay finds the capacity in which somebody on duty reports: in their area, or where their organisation
// handles the service area now.
func (s *Service) staffMay(ctx context.Context, p authz.Principal, perm authz.Permission, d *draft) (authz.Actor, error) {
	handler, err := s.Arrangements.Handler(ctx, s.DB, d.place.ServiceAreaID)
	if err != nil {
		return authz.Actor{}, err
	}
	obj := authz.Object{Path: d.place.Path}
	if !handler.IsZero() {
		obj.Orgs = []id.ID{handler}
	}
	return authz.Act(p, perm, obj)
}

func (d *draft) takeCaller(in Call, household id.ID) error {
	var err error
	if in.CallerName, err = text.Line("body.callerName", in.CallerName, 0, 40); err != nil {
		return err
	}
	if in.CallerPhone, err = phone("body.callerPhone", in.CallerPhone); err != nil {
		return err
	}
	if in.ExternalNumber, err = text.Line("body.externalNumber", in.ExternalNumber, 0, 60); err != nil {
		return err
	}
	o := d.order
	o.ReporterKind = ByCaller
	if d.category.Identity == rules.HomeRepair {
		o.HouseholdID = household.Ptr() // so that the people of the dwelling follow and rate it
	}
	if in.ExternalNumber != "" {
		o.ExternalNumber, o.ExternalDueAt = &in.ExternalNumber, in.ExternalDueAt
	}
	d.caller, d.token = &in, newToken()
	return nil
}

// Inspect reports what staff found. Nobody can be asked whether it is solved, so somebody else verifies it.
func (s *Service) Inspect(ctx context.Context, p authz.Principal, once idem.Key, in Report) (OrderReceipt, error) {
	d, _, err := s.locate(ctx, in.Where)
	if err != nil {
		return OrderReceipt{}, err
	}
	actor, err := s.staffMay(ctx, p, authz.OrderInspect, d)
	if err != nil {
		return OrderReceipt{}, err
	}
	if err := s.fill(d, in, FromInspection); err != nil {
		return OrderReceipt{}, err
	}
	d.order.ReporterKind = ByStaff
	return s.file(ctx, p, once, actor, d)
}

// fill checks what a report says, behind the permission to report there. Whom it is about is asked later.
func (s *Service) fill(d *draft, in Report, source Source) error {
	cat, err := s.Rules.Categories.Find(in.Category)
	if err != nil {
		return fault.InvalidField("body.category", "rules.category_unknown")
	}
	o := d.order
	if o.Title, err = text.Line("body.title", in.Title, 0, 120); err != nil {
		return err
	}
	if o.Title == "" {
		o.Title = cat.Zh
	}
	if o.Description, err = text.Paragraph("body.description", in.Description, 0, 4000); err != nil {
		return err
	}
	spot, err := text.Line("body.where.detail", in.Where.Detail, 0, 100)
	if err != nil {
		return err
	}
	o.PlaceText = joined(o.PlaceText, spot)
	if o.UnitID == nil {
		o.PlaceCoarse = o.PlaceText
	}
	d.category, d.source, d.party = cat, source, in.PartyOrgID
	o.ContactOptOut = in.ContactOptOut
	o.Category, o.IdentityRule, o.Severity, o.Source = cat.Code, cat.Identity, cat.Severity, source
	if cat.Identity == rules.ConductCase {
		o.UnitID = nil // a dwelling would tell who complains
	}
	return nil
}

func joined(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// locate begins a report with where the trouble is: in full, and coarsely for those who must not guess the reporter. It
// returns the household living in the dwelling named, zero where there is none.
func (s *Service) locate(ctx context.Context, w Where) (*draft, id.ID, error) {
	o, household := &Order{ID: id.New()}, id.Nil
	d := &draft{order: o}
	switch {
	case w.UnitID != nil && w.PublicAreaID == nil && w.ServiceAreaID == nil:
		u, err := s.Places.Unit(ctx, s.DB, *w.UnitID)
		if err != nil {
			return nil, id.Nil, err
		}
		d.place, o.UnitID, household = u.Place, u.UnitID.Ptr(), u.HouseholdID
		o.PlaceText, o.PlaceCoarse = joined(u.Name, u.Address), joined(u.Name, u.Building)
	case w.PublicAreaID != nil && w.UnitID == nil && w.ServiceAreaID == nil:
		a, err := s.Places.PublicArea(ctx, s.DB, *w.PublicAreaID)
		if err != nil {
			return nil, id.Nil, err
		}
		d.place, o.PublicAreaID = a.Place, a.PublicAreaID.Ptr()
		o.PlaceText = joined(a.Name, a.Area)
	case w.ServiceAreaID != nil && w.UnitID == nil && w.PublicAreaID == nil:
		a, err := s.Places.ServiceArea(ctx, s.DB, *w.ServiceAreaID)
		if err != nil {
			return nil, id.Nil, err
		}
		d.place, o.PlaceText = a, joined(a.Name)
	default:
		return nil, id.Nil, fault.InvalidField("body.where", "workorder.one_place")
	}
	o.ServiceAreaID, o.EstateID, o.StreetID, o.ScopePath = d.place.ServiceAreaID, d.place.EstateID, d.place.StreetID, d.place.Path
	o.CommunityID = d.place.CommunityID.Ptr()
	return d, household, nil
}

// setParty notes whom a conduct case is about. Where that is a body of the community, the case is lifted out
// of the community's sight: it lies at the street, by its scope path and by having no community.
func (s *Service) setParty(ctx context.Context, d *draft) error {
	o, place, party := d.order, d.place, d.party
	if o.IdentityRule != rules.ConductCase {
		return nil
	}
	if party == nil {
		handler, err := s.Arrangements.Handler(ctx, s.DB, place.ServiceAreaID)
		o.PartyOrgID = handler.Ptr()
		return err
	}
	org, err := s.Orgs.Org(ctx, s.DB, *party)
	if err != nil {
		return fault.InvalidField("body.partyOrgId", "workorder.party_unknown").Because(err)
	}
	o.PartyOrgID = party
	street := pathTo(place.Path, place.StreetID)
	if org.Kind != "company" && len(org.Path) > len(street) && strings.HasPrefix(org.Path, street) {
		o.ScopePath, o.CommunityID = street, nil
	}
	return nil
}

// pathTo is the part of a scope path that ends at the given place.
func pathTo(path string, place id.ID) string {
	if i := strings.Index(path, place.Segment()+"/"); i >= 0 {
		return path[:i+len(place.Segment())+1]
	}
	return path
}

// householdIn is the household the order belongs to: the one of the capacity it is reported in. A conduct
// case belongs to the person alone, not to those they live with.
func householdIn(p authz.Principal, actor authz.Actor, path string) *id.ID {
	for _, g := range p.Grants {
		if !g.Household.IsZero() && g.ID == actor.Post && strings.HasPrefix(g.Path, path) {
			return g.Household.Ptr()
		}
	}
	return nil
}

var phoneForm = regexp.MustCompile(`^\+?[0-9]{5,16}$`)

func phone(path, s string) (string, error) {
	s = personal.NormalPhone(s)
	if s != "" && !phoneForm.MatchString(s) {
		return "", fault.InvalidField(path, "workorder.phone")
	}
	return s, nil
}

func newToken() string {
	var b [24]byte
	if _, err := rand.Read(b[:]); err != nil { // only when the system has no randomness
		panic(fmt.Sprintf("workorder: no randomness: %v", err))
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}
