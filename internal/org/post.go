package org

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/text"
)

// Post is what a person holds in an organisation, from a moment until it is ended or its term is over.
type Post struct {
	ID          id.ID          `db:"id"`
	Person      id.ID          `db:"person_id"`
	Org         id.ID          `db:"org_id"`
	Role        authz.Role     `db:"role"`
	Title       string         `db:"title"` // as on the door: 书记, 项目经理
	Basis       string         `db:"basis"` // the election or decision it rests on, by number and date; required of owners' bodies
	From        clock.Instant  `db:"from_at"`
	Until       *clock.Instant `db:"until_at"` // the end of the term; access ends then by itself
	To          *clock.Instant `db:"to_at"`    // when it was ended
	EndedReason EndReason      `db:"ended_reason"`
	Successor   *id.ID         `db:"successor_id"` // who took over the open work
	Version     int64          `db:"version"`
}

// EndReason is why a post or a cross-appointment ended: a code, never free text about a person.
type EndReason string

// The reasons.
const (
	EndResigned    EndReason = "resigned"
	EndDismissed   EndReason = "dismissed"
	EndTransferred EndReason = "transferred"
	EndRecalled    EndReason = "recalled"  // by the owners' decision
	EndTermOver    EndReason = "term_over" // by itself
	EndWrong       EndReason = "entered_wrong"
	EndConsent     EndReason = "consent_withdrawn"
	EndErased      EndReason = "erased"
)

// endReasons are those a person can give; the others are the program's.
var endReasons = []EndReason{EndResigned, EndDismissed, EndTransferred, EndRecalled, EndWrong}

// Appointment is a post to be entered. The holder is named by id, or by name and phone.
type Appointment struct {
	Org    id.ID
	Person id.ID
	Name   string
	Phone  string
	Role   authz.Role
	Title  string
	Basis  string
	From   *clock.Instant // now when nil
	Until  *clock.Instant
}

// clean checks an appointment against the organisation's kind at a moment. Faults: input.invalid with
// org.role_kind, org.basis_required, org.term and the texts'.
func (a Appointment) clean(o Organisation, now clock.Instant) (Appointment, error) {
	if !slices.Contains(forms[o.Kind].Roles, a.Role) {
		return a, fault.InvalidField("body.role", "org.role_kind", "role", string(a.Role), "kind", string(o.Kind), "expected", roleNames(forms[o.Kind].Roles))
	}
	var err error
	if a.Title, err = text.Line("body.title", a.Title, 0, 60); err != nil {
		return a, err
	}
	if a.Basis, err = text.Line("body.basis", a.Basis, 0, 200); err != nil {
		return a, err
	}
	if o.ownersBody() && a.Basis == "" { // owners elect it (CC 278(3)); the platform only records
		return a, fault.InvalidField("body.basis", "org.basis_required")
	}
	if a.From == nil {
		a.From = now.Ptr()
	}
	if a.Until != nil && (*a.Until <= *a.From || *a.Until <= now) {
		return a, fault.InvalidField("body.until", "org.term")
	}
	if a.Person.IsZero() && (a.Name == "" || a.Phone == "") {
		return a, fault.InvalidField("body.phone", "org.name_and_phone")
	}
	return a, nil
}

func roleNames(roles []authz.Role) []string {
	out := make([]string, len(roles))
	for i, r := range roles {
		out[i] = string(r)
	}
	return out
}

func (a Appointment) post(self, person id.ID) Post {
	return Post{ID: self, Person: person, Org: a.Org, Role: a.Role, Title: a.Title, Basis: a.Basis, From: *a.From, Until: a.Until, Version: 1}
}

// InterestRule cites what forbids a member of an owners' body, and a close relative of one, an interest
// in the company that serves them (R1.2).
const InterestRule = "BJ 39(4), HZ 25(4)"

// Conflict is a person who stands for the owners of a place and has an interest in a company there.
type Conflict struct {
	Person  id.ID  `db:"person_id" json:"personId"`
	Body    id.ID  `db:"org_id" json:"ownersBodyId" doc:"The owners' body the person is a member of"`
	Post    id.ID  `db:"post_id" json:"postId" doc:"The post in it"`
	Company id.ID  `db:"company_id" json:"companyId"`
	Through string `db:"through" json:"through" enum:"post,interest" doc:"A post in the company, or a declared interest of the person or a close relative"`
}

// Holder is who has an interest.
type Holder string

// The holders.
const (
	HolderSelf     Holder = "self"
	HolderRelative Holder = "relative" // spouse, parent, child, sibling
)

// Nature is what an interest consists of.
type Nature string

// The natures.
const (
	NatureEmployment Nature = "employment"
	NatureShare      Nature = "share"
	NatureSupply     Nature = "supply" // sells or subcontracts to the company
	NatureOther      Nature = "other"
)

// Interest is an interest in a company, declared by the person or found by the community.
type Interest struct {
	ID        id.ID          `db:"id"`
	Person    id.ID          `db:"person_id"`
	Company   id.ID          `db:"company_id"`
	Holder    Holder         `db:"holder"`
	Nature    Nature         `db:"nature"`
	From      clock.Instant  `db:"from_at"`
	To        *clock.Instant `db:"to_at"`
	ScopePath string         `db:"scope_path"` // whose community or street recorded it; empty when the person did
	Version   int64          `db:"version"`
}
