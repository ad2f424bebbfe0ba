package membership

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// Periods returns the times in which person was a member of household: what happened there outside them
// is not theirs to see. A contested membership counts for nothing until it is decided.
func (s *Service) Periods(ctx context.Context, q dbx.Querier, person, household id.ID) ([]Period, error) {
	return periods(ctx, q, person, household)
}

// Present lists the members of a household now, contested ones left out; no permission is asked.
func (s *Service) Present(ctx context.Context, q dbx.Querier, household id.ID) ([]Member, error) {
	all, err := presentOf(ctx, q, household)
	return slices.DeleteFunc(all, func(m Member) bool { return m.State != Active }), err
}

// ToTell lists who is told of a new member and may contest: the present members who are more than
// helpers, and the owners on the roll, without the new member.
func (s *Service) ToTell(ctx context.Context, q dbx.Querier, memberID id.ID) ([]id.ID, error) {
	m, err := s.load(ctx, q, memberID)
	if err != nil {
		return nil, err
	}
	present, err := s.Present(ctx, q, m.Household)
	if err != nil {
		return nil, err
	}
	out, err := s.roll.OwnersOf(ctx, q, m.Unit)
	if err != nil {
		return nil, err
	}
	for _, other := range present {
		if other.Relation.Has(RightMembers) && !slices.Contains(out, other.Person) {
			out = append(out, other.Person)
		}
	}
	return slices.DeleteFunc(out, func(who id.ID) bool { return who == m.Person }), nil
}

func (s *Service) load(ctx context.Context, q dbx.Querier, memberID id.ID) (Member, error) {
	m, err := member(ctx, q, memberID)
	if dbx.IsNoRow(err) {
		return m, notFound()
	}
	return m, err
}

// Seen is a member as others see them.
type Seen struct {
	Member
	Name   string // clear within the household, masked to the community
	Stated bool   // nobody has verified the name
}

// Members lists who lives in or acts for the present household of a unit: for its members, and masked
// for the community and the street office.
func (s *Service) Members(ctx context.Context, p authz.Principal, unit id.ID) ([]Seen, error) {
	home, err := s.homes.Home(ctx, s.db, unit)
	if err != nil {
		return nil, err
	}
	if err := authz.Require(p, authz.MembershipRead, authz.Object{Path: home.Path, Household: home.Household}); err != nil {
		return nil, err
	}
	if home.Household.IsZero() {
		return []Seen{}, nil
	}
	rows, err := presentOf(ctx, s.db, home.Household)
	if err != nil {
		return nil, err
	}
	return s.named(ctx, rows, livesThere(rows, p.Person))
}

// livesThere tells whether a person is an active member who may see the others.
func livesThere(rows []Member, person id.ID) bool {
	return slices.ContainsFunc(rows, func(m Member) bool { return m.Person == person && m.State == Active && m.Relation.Has(RightMembers) })
}

func (s *Service) named(ctx context.Context, rows []Member, inClear bool) ([]Seen, error) {
	ids := make([]id.ID, len(rows))
	for i, m := range rows {
		ids[i] = m.Person
	}
	names, err := s.persons.Named(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Seen, len(rows))
	for i, m := range rows {
		out[i] = Seen{m, names[m.Person].Name, names[m.Person].Stated}
		if !inClear {
			out[i].Name = personal.MaskName(out[i].Name)
		}
	}
	return out, nil
}

// Own lists the caller's memberships, present and past.
func (s *Service) Own(ctx context.Context, p authz.Principal) ([]Member, error) {
	if _, err := self(p, authz.Object{Persons: []id.ID{p.Person}}); err != nil {
		return nil, err
	}
	return membershipsOf(ctx, s.db, p.Person)
}

// Leave ends the caller's own membership, or that of somebody who helps the caller, at once. Faults:
// membership.over (Conflict), version.stale.
func (s *Service) Leave(ctx context.Context, p authz.Principal, memberID id.ID, version int64) (Member, error) {
	m, err := s.load(ctx, s.db, memberID)
	if err != nil {
		return Member{}, err
	}
	may, why := []id.ID{m.Person}, ReasonLeft
	if m.Helps != nil {
		helped, err := s.load(ctx, s.db, *m.Helps)
		if err != nil {
			return Member{}, err
		}
		may = append(may, helped.Person)
		if p.Person == helped.Person {
			why = ReasonHelped
		}
	}
	actor, err := self(p, authz.Object{Persons: may})
	if err != nil {
		return Member{}, err
	}
	return s.end(ctx, actor, m, version, why)
}

// Remove ends somebody else's membership with a reason: by the community. Faults: input.invalid
// (membership.reason); membership.over, membership.interested (Conflict); version.stale.
func (s *Service) Remove(ctx context.Context, p authz.Principal, memberID id.ID, version int64, why Reason) (Member, error) {
	m, err := s.load(ctx, s.db, memberID)
	if err != nil {
		return Member{}, err
	}
	actor, err := authz.Act(p, authz.MembershipApprove, authz.Object{Path: m.ScopePath, Household: m.Household})
	if err != nil {
		return Member{}, err
	}
	if err := disinterested(p, m.Household); err != nil {
		return Member{}, err
	}
	if !slices.Contains(removeReasons, why) {
		return Member{}, fault.InvalidField("body.reason", "membership.reason")
	}
	return s.end(ctx, actor, m, version, why)
}

func (s *Service) end(ctx context.Context, actor authz.Actor, m Member, version int64, why Reason) (Member, error) {
	if m.To != nil {
		return Member{}, fault.New(fault.Conflict, "membership.over")
	}
	m.Version = version
	err := s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return s.endIn(ctx, tx, actor, m, why)
	})
	if err != nil {
		return Member{}, err
	}
	return member(ctx, s.db, m.ID)
}

// endIn ends a membership and with it those of the people who help its holder.
func (s *Service) endIn(ctx context.Context, tx *dbx.Tx, actor authz.Actor, m Member, why Reason) error {
	now := clock.Now(s.clock)
	if err := endMember(ctx, tx, m, now, why); err != nil {
		return changed(err)
	}
	ev := m.event()
	ev.Reason = why
	if err := s.record(ctx, tx, actor, "membership.ended", "household_member", m.ID, m.ScopePath, ev); err != nil {
		return err
	}
	helpers, err := helpersOf(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	for _, h := range helpers { // helpers have none of their own
		if err := endMember(ctx, tx, h, now, ReasonHelped); err != nil {
			return changed(err)
		}
		ev := h.event()
		ev.Reason = ReasonHelped
		if err := s.record(ctx, tx, actor, "membership.ended", "household_member", h.ID, h.ScopePath, ev); err != nil {
			return err
		}
	}
	return nil
}

// EndHousehold ends every membership of a household that no longer lives in its unit. The keeper of the
// units calls it in the transaction that ends the household.
func (s *Service) EndHousehold(ctx context.Context, tx *dbx.Tx, actor authz.Actor, household id.ID) error {
	rows, err := presentOf(ctx, tx, household)
	if err != nil {
		return err
	}
	for _, m := range rows {
		if m.Helps != nil { // ends with the member helped
			continue
		}
		if err := s.endIn(ctx, tx, actor, m, ReasonHouseholdEnd); err != nil {
			return err
		}
	}
	return nil
}

// HelperDraft names a helper and carries the consent of the member helped.
type HelperDraft struct {
	Name    string
	Phone   string
	Shown   personal.Version // the version of the text the member saw
	Channel personal.Channel // self by the member; desk or paper when the community writes it down
}

// AddHelper lets somebody act for a member, by the member's recorded consent: given by the member, or
// on paper or at the desk and written down by the community. The helper reports and follows for the
// member, and never votes. Faults: input.invalid (membership.helper_channel, membership.helper_self);
// membership.not_active, membership.already_member, membership.interested,
// personal.consent_text_changed (Conflict).
func (s *Service) AddHelper(ctx context.Context, p authz.Principal, once idem.Key, memberID id.ID, d HelperDraft) (Member, error) {
	m, err := s.load(ctx, s.db, memberID)
	if err != nil {
		return Member{}, err
	}
	actor, err := s.helperActor(p, m, d)
	if err != nil {
		return Member{}, err
	}
	if m.State != Active || !m.Relation.Has(RightMembers) {
		return Member{}, fault.New(fault.Conflict, "membership.not_active")
	}
	fresh := id.New()
	made := fresh
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, fresh)
		if made = claimed; err != nil || again {
			return err
		}
		return s.addHelper(ctx, tx, actor, m, d, fresh)
	})
	if err != nil {
		return Member{}, err
	}
	return member(ctx, s.db, made)
}

func (s *Service) helperActor(p authz.Principal, m Member, d HelperDraft) (authz.Actor, error) {
	if !p.Person.IsZero() && p.Person == m.Person {
		actor, err := self(p, m.object())
		if err == nil && d.Channel != personal.ChannelSelf {
			err = fault.InvalidField("body.channel", "membership.helper_channel")
		}
		return actor, err
	}
	actor, err := authz.Act(p, authz.MembershipApprove, authz.Object{Path: m.ScopePath, Household: m.Household})
	if err != nil {
		return authz.Actor{}, err
	}
	if d.Channel != personal.ChannelDesk && d.Channel != personal.ChannelPaper {
		return authz.Actor{}, fault.InvalidField("body.channel", "membership.helper_channel")
	}
	return actor, disinterested(p, m.Household)
}

func (s *Service) addHelper(ctx context.Context, tx *dbx.Tx, actor authz.Actor, m Member, d HelperDraft, self id.ID) error {
	helper, err := s.persons.EnsurePerson(ctx, tx, d.Name, d.Phone)
	if err != nil {
		return err
	}
	if helper == m.Person || helper == actor.Person {
		return fault.InvalidField("body.phone", "membership.helper_self")
	}
	err = s.consents.Give(ctx, tx, personal.Giving{Person: m.Person, Purpose: personal.PurposeHelper, Shown: d.Shown, Channel: d.Channel, RecordedBy: actor.Person})
	if err != nil {
		return err
	}
	now := clock.Now(s.clock)
	return s.join(ctx, tx, actor, Member{ID: self, Household: m.Household, Unit: m.Unit, Person: helper, ScopePath: m.ScopePath,
		Relation: Helper, Helps: m.ID.Ptr(), Via: ViaHelper, From: now, ContestableUntil: now.Add(ContestWithin)})
}

// Contest disputes a new membership: by a member who was there before, or an owner on the roll. Until
// the community has decided, the newcomer has no rights in the household: a stranger with a stolen code
// does more harm in these days than an honest one suffers. Once a contest is dismissed there is no other,
// an owner on the roll cannot be contested, and newcomers cannot contest those before them. Faults:
// input.invalid (membership.reason); membership.contest_late, membership.not_active,
// membership.owner_on_roll (Conflict); auth.forbidden; version.stale.
func (s *Service) Contest(ctx context.Context, p authz.Principal, memberID id.ID, version int64, why Reason) (Member, error) {
	m, err := s.load(ctx, s.db, memberID)
	if err != nil {
		return Member{}, err
	}
	actor, owners, err := s.contester(ctx, p, m)
	if err != nil {
		return Member{}, err
	}
	now := clock.Now(s.clock)
	switch {
	case !slices.Contains(contestReasons, why):
		return Member{}, fault.InvalidField("body.reason", "membership.reason")
	case m.State != Active:
		return Member{}, fault.New(fault.Conflict, "membership.not_active")
	case now >= m.ContestableUntil:
		return Member{}, fault.New(fault.Conflict, "membership.contest_late")
	case slices.Contains(owners, m.Person):
		return Member{}, fault.New(fault.Conflict, "membership.owner_on_roll")
	}
	m.Version = version
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := contestMember(ctx, tx, m, p.Person, now, why); err != nil {
			return changed(err)
		}
		ev := m.event()
		ev.Reason = why
		return s.record(ctx, tx, actor, "membership.contested", "household_member", m.ID, m.ScopePath, ev)
	})
	if err != nil {
		return Member{}, err
	}
	return member(ctx, s.db, memberID)
}

// contester checks that the caller may contest m, and returns the owners on the roll.
func (s *Service) contester(ctx context.Context, p authz.Principal, m Member) (authz.Actor, []id.ID, error) {
	owners, err := s.roll.OwnersOf(ctx, s.db, m.Unit)
	if err != nil {
		return authz.Actor{}, nil, err
	}
	actor, err := self(p, authz.Object{Household: m.Household, Persons: owners})
	if err != nil {
		return authz.Actor{}, nil, err
	}
	present, err := presentOf(ctx, s.db, m.Household)
	if err != nil {
		return authz.Actor{}, nil, err
	}
	earlier := slices.ContainsFunc(present, func(o Member) bool {
		return o.Person == p.Person && o.State == Active && o.Relation.Has(RightMembers) && o.From < m.From
	})
	if (!earlier && !slices.Contains(owners, p.Person)) || p.Person == m.Person {
		return authz.Actor{}, nil, fault.New(fault.Forbidden, "membership.contest_who")
	}
	return actor, owners, nil
}

// Decide settles a contest: upheld ends the membership, otherwise it is active again. The community
// decides, by a person who is neither of the two and lives elsewhere. Faults (Conflict):
// membership.not_contested, membership.two_persons, membership.interested; version.stale.
func (s *Service) Decide(ctx context.Context, p authz.Principal, memberID id.ID, version int64, uphold bool) (Member, error) {
	m, err := s.load(ctx, s.db, memberID)
	if err != nil {
		return Member{}, err
	}
	actor, err := authz.Act(p, authz.MembershipApprove, authz.Object{Path: m.ScopePath, Household: m.Household})
	if err != nil {
		return Member{}, err
	}
	if m.State != Contested {
		return Member{}, fault.New(fault.Conflict, "membership.not_contested")
	}
	if !p.Person.IsZero() && (p.Person == m.Person || p.Person == id.OrNil(m.ContestedBy)) {
		return Member{}, fault.New(fault.Conflict, "membership.two_persons")
	}
	if err := disinterested(p, m.Household); err != nil {
		return Member{}, err
	}
	m.Version = version
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.settle(ctx, tx, actor, m, uphold); err != nil {
			return err
		}
		ev := m.event()
		ev.Upheld = &uphold
		return s.record(ctx, tx, actor, "membership.contest_decided", "household_member", m.ID, m.ScopePath, ev)
	})
	if err != nil {
		return Member{}, err
	}
	return member(ctx, s.db, memberID)
}

func (s *Service) settle(ctx context.Context, tx *dbx.Tx, actor authz.Actor, m Member, uphold bool) error {
	if uphold {
		return s.endIn(ctx, tx, actor, m, ReasonContested)
	}
	return changed(dismissContest(ctx, tx, m, clock.Now(s.clock)))
}

// Contests lists the contested memberships that the community has to decide, with masked names.
func (s *Service) Contests(ctx context.Context, p authz.Principal, req page.Request) (page.Page[Seen], error) {
	none := page.Page[Seen]{}
	grants, err := authz.Holds(p, authz.MembershipApprove)
	if err != nil {
		return none, err
	}
	last, err := lastID(req)
	if err != nil {
		return none, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "m.scope_path"})
	rows, err := contested(ctx, s.db, where, args, last, req.Size()+1)
	if err != nil {
		return none, err
	}
	out, err := s.named(ctx, rows, false)
	if err != nil {
		return none, err
	}
	return page.Cut(out, req.Size(), func(m Seen) []string { return []string{m.ID.String()} }), nil
}
