package org

import (
	"context"
	"errors"
	"slices"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/outbox"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/personal"
)

// postEvent is the payload of post.started and post.ended, and the audit's detail.
type postEvent struct {
	Post      id.ID      `json:"post"`
	Person    id.ID      `json:"person"`
	Org       id.ID      `json:"org"`
	Role      authz.Role `json:"role"`
	Successor *id.ID     `json:"successor,omitempty"`
	Reason    EndReason  `json:"reason,omitempty"`
}

// appointer is the capacity in which p changes posts of o: the street or the community for organisations
// of its area, a manager for the own company.
func appointer(p authz.Principal, o Organisation) (authz.Actor, error) {
	actor, err := authz.Act(p, authz.PostArea, o.object())
	if err == nil || errors.Is(err, fault.Conflict) {
		return actor, err
	}
	own, ownErr := authz.Act(p, authz.PostOwn, o.object())
	if ownErr == nil || !errors.Is(err, fault.Forbidden) {
		return own, ownErr
	}
	return own, err
}

// Appoint enters a post. Nobody appoints themselves. Faults: input.invalid (org.role_kind,
// org.basis_required, org.term, org.name_and_phone); org.self_appointment, org.post_held, org.closed,
// org.conflict_of_interest, org.person_name_differs (Conflict).
func (s *Service) Appoint(ctx context.Context, p authz.Principal, once idem.Key, a Appointment) (Post, error) {
	o, err := s.Organisation(ctx, s.db, a.Org)
	if err != nil {
		return Post{}, err
	}
	actor, err := appointer(p, o)
	if err != nil {
		return Post{}, err
	}
	if a, err = a.clean(o, clock.Now(s.clock)); err != nil {
		return Post{}, err
	}
	fresh := id.New()
	made := fresh
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		claimed, again, err := once.Claim(ctx, tx, fresh)
		if made = claimed; err != nil || again {
			return err
		}
		return s.appoint(ctx, tx, actor, o, a, fresh)
	})
	if err != nil {
		return Post{}, err
	}
	return post(ctx, s.db, made)
}

func (s *Service) appoint(ctx context.Context, tx *dbx.Tx, actor authz.Actor, o Organisation, a Appointment, self id.ID) error {
	if err := lockPosts(ctx, tx, o.ID); errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "org.closed")
	} else if err != nil {
		return err
	}
	person, err := s.holder(ctx, tx, a)
	if err != nil {
		return err
	}
	if !actor.Person.IsZero() && person == actor.Person {
		return fault.New(fault.Conflict, "org.self_appointment")
	}
	if err := s.refuseConflict(ctx, tx, person, o); err != nil {
		return err
	}
	made := a.post(self, person)
	if err := insertPost(ctx, tx, made, actor.Person); dbx.IsDuplicate(err) {
		return fault.New(fault.Conflict, "org.post_held").Because(err)
	} else if err != nil {
		return err
	}
	return s.recordPost(ctx, tx, actor, "post.appoint", "post.started", o, postEvent{Post: made.ID, Person: person, Org: o.ID, Role: made.Role})
}

// holder finds or enters the person, and locks the row against other appointments of the same person.
func (s *Service) holder(ctx context.Context, tx *dbx.Tx, a Appointment) (id.ID, error) {
	person := a.Person
	if person.IsZero() {
		var err error
		if person, err = s.EnsurePerson(ctx, tx, a.Name, a.Phone); err != nil {
			return id.Nil, err
		}
	}
	err := lockPerson(ctx, tx, person)
	if errors.Is(err, dbx.ErrNoMatch) {
		return id.Nil, fault.InvalidField("body.personId", "org.person_unknown")
	}
	return person, err
}

func (s *Service) recordPost(ctx context.Context, tx *dbx.Tx, actor authz.Actor, action, topic string, o Organisation, ev postEvent) error {
	at := clock.Now(s.clock)
	err := audit.Record(ctx, tx, at, audit.Entry{Actor: actor, Action: action, ObjectKind: "post", ObjectID: ev.Post, ScopePath: o.KeeperPath, Detail: ev})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, at, topic, ev.Post, ev)
}

// Ending is how a post is ended.
type Ending struct {
	Version   int64
	Reason    EndReason
	Successor id.ID // a holder of a post in the same organisation; zero gives the open work to its queue
}

// End ends a post at once: the holder's next request no longer has it, and the open work passes on in
// the same transaction. Faults: input.invalid (org.end_reason, org.successor); org.last_manager,
// org.post_over (Conflict); version.stale.
func (s *Service) End(ctx context.Context, p authz.Principal, postID id.ID, e Ending) (Post, error) {
	held, o, err := s.postAndOrg(ctx, postID)
	if err != nil {
		return Post{}, err
	}
	actor, err := appointer(p, o)
	if err != nil {
		return Post{}, err
	}
	if !slices.Contains(endReasons, e.Reason) {
		return Post{}, fault.InvalidField("body.reason", "org.end_reason")
	}
	return s.end(ctx, actor, held, o, e)
}

// Resign ends the caller's own post; the open work goes to the organisation's queue. Faults as of End.
func (s *Service) Resign(ctx context.Context, p authz.Principal, postID id.ID, version int64) (Post, error) {
	held, o, err := s.postAndOrg(ctx, postID)
	if err != nil {
		return Post{}, err
	}
	actor, err := authz.Act(p, authz.AccountSelf, authz.Object{Persons: []id.ID{held.Person}})
	if err != nil {
		return Post{}, err
	}
	return s.end(ctx, actor, held, o, Ending{Version: version, Reason: EndResigned})
}

func (s *Service) postAndOrg(ctx context.Context, postID id.ID) (Post, Organisation, error) {
	held, err := post(ctx, s.db, postID)
	if dbx.IsNoRow(err) {
		return Post{}, Organisation{}, notFound()
	}
	if err != nil {
		return Post{}, Organisation{}, err
	}
	o, err := s.Organisation(ctx, s.db, held.Org)
	return held, o, err
}

func (s *Service) end(ctx context.Context, actor authz.Actor, held Post, o Organisation, e Ending) (Post, error) {
	if held.To != nil {
		return Post{}, fault.New(fault.Conflict, "org.post_over")
	}
	held.Version = e.Version
	err := s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		return s.endIn(ctx, tx, actor, held, o, e, clock.Now(s.clock))
	})
	if err != nil {
		return Post{}, err
	}
	return post(ctx, s.db, held.ID)
}

// endIn ends a post as of a moment, which lies in the past for a term that was over before the program
// noticed.
func (s *Service) endIn(ctx context.Context, tx *dbx.Tx, actor authz.Actor, held Post, o Organisation, e Ending, to clock.Instant) error {
	if err := lockPosts(ctx, tx, o.ID); err != nil {
		return postGone(err)
	}
	if err := s.checkSuccessor(ctx, tx, held, e.Successor); err != nil {
		return err
	}
	if err := endPost(ctx, tx, held, to, e.Reason, e.Successor); err != nil {
		return postGone(err)
	}
	if err := s.keepManager(ctx, tx, actor, held); err != nil {
		return err
	}
	if err := s.passOn(ctx, tx, held, e.Successor); err != nil {
		return err
	}
	return s.recordPost(ctx, tx, actor, "post.end", "post.ended", o,
		postEvent{Post: held.ID, Person: held.Person, Org: held.Org, Role: held.Role, Successor: e.Successor.Ptr(), Reason: e.Reason})
}

func postGone(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return stale()
	}
	return err
}

func (s *Service) checkSuccessor(ctx context.Context, q dbx.Querier, held Post, successor id.ID) error {
	if successor.IsZero() {
		return nil
	}
	here, err := holdsPost(ctx, q, held.Org, successor, clock.Now(s.clock))
	if err != nil {
		return err
	}
	if !here || successor == held.Person {
		return fault.InvalidField("body.successorId", "org.successor")
	}
	return nil
}

// keepManager refuses that a company is left without a manager from within: somebody must answer for
// its open work. The street office that keeps its record may, and names the next one.
func (s *Service) keepManager(ctx context.Context, tx *dbx.Tx, actor authz.Actor, held Post) error {
	if held.Role != authz.RoleManager || (actor.Role != authz.RoleManager && actor.Role != authz.RoleAccount) {
		return nil
	}
	left, err := countManagers(ctx, tx, held.Org, clock.Now(s.clock))
	if err == nil && left == 0 {
		return fault.New(fault.Conflict, "org.last_manager")
	}
	return err
}

// passOn hands over the open work unless the person stays in the organisation in another post.
func (s *Service) passOn(ctx context.Context, tx *dbx.Tx, held Post, successor id.ID) error {
	now := clock.Now(s.clock)
	stays, err := holdsPost(ctx, tx, held.Org, held.Person, now)
	if err != nil || stays {
		return err
	}
	return s.handover.HandOver(ctx, tx, held.Org, held.Person, successor, now)
}

// EndDue ends what is over without anybody having said so, at most limit of each kind, and returns how
// many: posts whose term is over, and cross-appointments that rest on a withdrawn consent. A background
// job calls it. Access ended with the term already and the withdrawn is not shown; what remains is the
// open work and the record.
func (s *Service) EndDue(ctx context.Context, limit int) (int, error) {
	posts, err := s.endDuePosts(ctx, limit)
	if err != nil {
		return posts, err
	}
	crosses, err := s.endUnconsented(ctx, limit)
	return posts + crosses, err
}

func (s *Service) endDuePosts(ctx context.Context, limit int) (int, error) {
	due, err := duePosts(ctx, s.db, clock.Now(s.clock), limit)
	if err != nil {
		return 0, err
	}
	for n, held := range due {
		o, err := s.Organisation(ctx, s.db, held.Org)
		if err != nil {
			return n, err
		}
		err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			return s.endIn(ctx, tx, authz.Actor{Role: authz.RoleSystem}, held, o, Ending{Reason: EndTermOver}, *held.Until)
		})
		if err != nil && !errors.Is(err, fault.Stale) { // stale: somebody has ended it in this moment
			return n, err
		}
	}
	return len(due), nil
}

// Held is a post with its holder as the reader may see them.
type Held struct {
	Post
	Name  string // clear to colleagues, masked to others
	Phone string // masked
}

// Posts lists the posts of an organisation; past adds those that have ended. Colleagues see each other's
// names in clear: they work together, and readings among them are not recorded.
func (s *Service) Posts(ctx context.Context, p authz.Principal, org id.ID, past bool, req page.Request) (page.Page[Held], error) {
	none := page.Page[Held]{}
	o, err := s.Organisation(ctx, s.db, org)
	if err != nil {
		return none, err
	}
	if err := authz.Require(p, authz.PostRead, o.object()); err != nil {
		return none, err
	}
	last, err := lastID(req)
	if err != nil {
		return none, err
	}
	rows, err := postsIn(ctx, s.db, org, past, last, req.Size()+1)
	if err != nil {
		return none, err
	}
	held, err := s.named(ctx, rows, slices.ContainsFunc(p.Grants, func(g authz.Grant) bool { return g.Org == org }))
	if err != nil {
		return none, err
	}
	return page.Cut(held, req.Size(), func(h Held) []string { return []string{h.ID.String()} }), nil
}

func (s *Service) named(ctx context.Context, posts []Post, colleague bool) ([]Held, error) {
	ids := make([]id.ID, len(posts))
	for i, p := range posts {
		ids[i] = p.Person
	}
	persons, err := s.Persons(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Held, len(posts))
	for i, p := range posts {
		who := persons[p.Person].Masked()
		out[i] = Held{Post: p, Name: who.Name, Phone: who.Phone}
		if colleague {
			out[i].Name = persons[p.Person].Name
		}
	}
	return out, nil
}

// Own lists the caller's own posts, present and past.
func (s *Service) Own(ctx context.Context, p authz.Principal) ([]Post, error) {
	if err := authz.Require(p, authz.AccountSelf, authz.Object{Persons: []id.ID{p.Person}}); err != nil {
		return nil, err
	}
	return postsOf(ctx, s.db, p.Person)
}

// RevealHolder shows the clear name and phone of a post's holder to who may appoint there, and records
// the reading with its reason, which the holder can see. Fault: input.invalid (personal.reason_unknown).
func (s *Service) RevealHolder(ctx context.Context, p authz.Principal, postID id.ID, reason personal.Reason) (Person, error) {
	held, o, err := s.postAndOrg(ctx, postID)
	if err != nil {
		return Person{}, err
	}
	actor, err := appointer(p, o)
	if err != nil {
		return Person{}, err
	}
	reader := actor.Person
	if reader.IsZero() {
		reader = actor.Account
	}
	read := personal.Read{Reader: reader, Capacity: string(actor.Role), Subject: held.Person, Reason: reason, ObjectKind: "post", Object: held.ID}
	name, phone := read, read
	name.Field, phone.Field = personal.PersonName, personal.PersonPhone
	var who Person
	err = s.db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := s.reads.Record(ctx, tx, name, phone); err != nil {
			return err
		}
		var err error
		who, err = s.Person(ctx, tx, held.Person)
		return err
	})
	return who, err
}
