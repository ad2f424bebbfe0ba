package org

import (
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// CrossKind is what a person does in the other organisation (双向进入、交叉任职).
type CrossKind string

// The kinds.
const (
	PartTimeMember CrossKind = "part_time_member" // 兼职委员 of the community Party organisation or of the residents' committee
	Supervisor     CrossKind = "supervisor"       // 工作监督员 in a company
	Guide          CrossKind = "party_guide"      // 党建工作指导员 in a company or an owners' body
	PartTimeGrid   CrossKind = "part_time_grid"   // 兼职网格员
)

// crossing is a row of the table of cross-appointments: from which organisations, holding which post
// there, into which.
type crossing struct {
	Kind  CrossKind
	Homes []Kind
	Roles []authz.Role // nil: any post at home
	Hosts []Kind
}

// crossings is that table (domain.md 1.1). A manager who is a Party member becomes a part-time member of
// the community Party organisation, one who is not of the residents' committee. The platform never
// learns which: it records the post that resulted, and the one in the Party organisation, which tells
// it, only with the person's consent (PIPL 28, 29).
var crossings = []crossing{
	{PartTimeMember, []Kind{Company}, []authz.Role{authz.RoleManager}, []Kind{CommunityParty, Residents}},
	{PartTimeMember, []Kind{Committee, PropertyCommittee}, nil, []Kind{CommunityParty, Residents}},
	{Supervisor, []Kind{CommunityParty, Residents}, nil, []Kind{Company}},
	{Guide, []Kind{StreetParty, CommunityParty}, nil, []Kind{Company, Committee, PropertyCommittee}},
	{PartTimeGrid, []Kind{Company}, nil, []Kind{Residents}},
}

// CrossAppointment is a person's second function in another organisation. It gives no access: what the
// person may do there needs a post.
type CrossAppointment struct {
	ID          id.ID          `db:"id"`
	Person      id.ID          `db:"person_id"`
	Home        id.ID          `db:"home_org_id"`
	Host        id.ID          `db:"host_org_id"`
	Kind        CrossKind      `db:"post_kind"`
	Consent     *id.ID         `db:"consent_id"` // the consent it rests on, where it tells of Party membership
	Conflict    ConflictNote   `db:"conflict"`
	ScopePath   string         `db:"scope_path"` // of the side that has a place
	From        clock.Instant  `db:"from_at"`
	To          *clock.Instant `db:"to_at"`
	EndedReason EndReason      `db:"ended_reason"`
	Version     int64          `db:"version"`
}

// ConflictNote flags a conflict of interest that was found when the cross-appointment was recorded. It
// forbids nothing: whoever decides in the host organisation knows when the person has to stand aside.
type ConflictNote string

// The notes.
const (
	NoConflict      ConflictNote = ""
	InterestInHost  ConflictNote = "interest_in_host"  // the person has a post or an interest in the company supervised
	HomeServesThere ConflictNote = "home_serves_there" // the person's company works in the host's area
)

// revealing tells whether the host shows Party membership, so that a consent is needed: nobody but
// Party members sits in a Party organisation.
func (c CrossAppointment) revealing(host Kind) bool {
	return c.Kind == PartTimeMember && host == CommunityParty
}

// rule finds the row of the table. Faults: input.invalid with org.cross_hosts or org.cross_home.
func (k CrossKind) rule(home, host Kind) (crossing, error) {
	var hosts []string
	for _, c := range crossings {
		if c.Kind != k || !slices.Contains(c.Homes, home) {
			continue
		}
		if slices.Contains(c.Hosts, host) {
			return c, nil
		}
		for _, h := range c.Hosts {
			hosts = append(hosts, string(h))
		}
	}
	if len(hosts) > 0 {
		return crossing{}, fault.InvalidField("body.hostOrgId", "org.cross_hosts", "kind", string(k), "expected", hosts)
	}
	return crossing{}, fault.InvalidField("body.homeOrgId", "org.cross_home", "kind", string(k))
}

// Coverage is how far cross-appointment has come in an area at a moment. What the holders did is
// counted from the records of their work, never asked of them.
type Coverage struct {
	At                  clock.Instant       `json:"at"`
	Companies           int64               `json:"companies" doc:"Active companies kept in the area"`
	CompaniesSupervised int64               `json:"companiesSupervised" doc:"Those among them with a supervisor from the community"`
	Managers            int64               `json:"managers" doc:"Persons who manage one of these companies"`
	ManagersPartTime    int64               `json:"managersPartTime" doc:"Those among them who are part-time members in a community of the area"`
	InForce             map[CrossKind]int64 `json:"inForce" doc:"Cross-appointments in force, by kind"`
}
