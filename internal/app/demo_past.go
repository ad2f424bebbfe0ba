package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/sms"
)

// The past of the demonstration: two months in which its people reported, worked, were asked and answered. Everything happens through the
// services that the API calls, at its own moment, on a clock that is moved forward; nothing is written into tables.

// NewDemonstration is New for a demonstration that is to have a past (see Live).
func NewDemonstration(ctx context.Context, cfg config.Config, log *slog.Logger, version string) (*App, error) {
	past := &clock.Replay{}
	a, err := NewAt(ctx, cfg, log, version, past)
	if a != nil {
		a.past = past
	}
	return a, err
}

// SkipAhead has the demonstration's clock run ahead of the machine's. It is called once the database is known to be a demonstration's: nothing
// that real people use can be reached with it.
func (a *App) SkipAhead(by time.Duration) { a.past.SkipTo(by) }

// Live makes the demonstration estate with its past where it is not there yet, says on out how far it is, and returns the accounts. A
// start that was cut off goes on with what is missing; an order in whose middle it was cut off stays as it was.
func (a *App) Live(ctx context.Context, out io.Writer) (Accounts, error) {
	done, err := a.demonstrated(ctx)
	if err != nil || done {
		return a.demoAccounts(), err
	}
	defer a.past.LetGo()
	defer a.silent()()
	d := &demonstration{App: a, p: authz.System("demo"), orgs: map[string]id.ID{}, as: map[string]authz.Principal{}, now: a.past.Now()}
	d.past.MoveTo(d.begin())
	for _, part := range []struct {
		told  string
		steps []func(context.Context) error
	}{
		{"places, organisations, people", []func(context.Context) error{d.divisions, d.places, d.organisations, d.people, d.contract, d.households, d.developers, d.neighbours}},
		{"two months of work orders, a survey and owners' votes", []func(context.Context) error{d.actors, d.happen}},
		{"a survey that opens in a minute", []func(context.Context) error{d.letGo, d.publishesGrade, d.survey, d.operatorAccount}},
	} {
		fmt.Fprintf(out, "Making the demonstration: %s ...\n", part.told)
		for _, step := range part.steps {
			if err := step(ctx); err != nil {
				return Accounts{}, fmt.Errorf("demonstration: %w", err)
			}
		}
	}
	return a.demoAccounts(), nil
}

// silent keeps text messages of the past from leaving, and from filling the log, until the returned function is called.
func (a *App) silent() (speak func()) {
	sender := a.SMS.Sender
	a.SMS.Sender = sms.Log{Log: slog.New(slog.DiscardHandler)}
	return func() { a.SMS.Sender = sender }
}

func (d *demonstration) letGo(context.Context) error { d.past.LetGo(); return nil }

// leastPast is how long the demonstration's past is at least: until the score of its earlier round is past objecting and its settlement
// is confirmed by one side.
const leastPast = 40 * day

// begin is nine in the morning on the first day of a month, so that there is a whole month to publish: of the month before or, while that
// began too lately, of the one before it.
func (d *demonstration) begin() time.Time {
	local := d.now.In(clock.Shanghai)
	first := time.Date(local.Year(), local.Month()-1, 1, 9, 0, 0, 0, clock.Shanghai)
	if d.now.Sub(first) < leastPast {
		return first.AddDate(0, -1, 0)
	}
	return first
}

// neighbours live in most of the other homes, so that groups are large enough for figures to be shown. They have no log-in.
func (d *demonstration) neighbours(ctx context.Context) error {
	surnames, taken := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"), map[id.ID]bool{}
	for i := range residents {
		taken[d.units[i*5].ID] = true
	}
	for i, unit := range d.units {
		if taken[unit.ID] || len(d.others) == 48 {
			continue
		}
		called := map[bool]string{true: "先生", false: "女士"}[i%2 == 0]
		who := person{UserName: fmt.Sprintf("neighbour-%02d", i), Name: string(surnames[i%len(surnames)]) + called, Phone: fmt.Sprintf("19900001%03d", i)}
		relation := membership.Owner
		if i%6 == 5 {
			relation = membership.Occupant
		}
		lives, err := d.lives(ctx, unit, who, relation)
		if err != nil {
			return fmt.Errorf("%s: %w", who.UserName, err)
		}
		d.others = append(d.others, lives)
	}
	return nil
}

// lives puts a neighbour on the roll and into the household, and finds what they may do from then on.
func (d *demonstration) lives(ctx context.Context, unit area.Unit, who person, relation membership.Relation) (resident, error) {
	natural, err := d.onRoll(ctx, unit, who, relation)
	if err != nil {
		return resident{}, err
	}
	grants, err := d.Members.Grants(ctx, d.DB, natural, clock.Now(d.Clock))
	if err != nil {
		return resident{}, err
	}
	if len(grants) == 0 {
		if err := d.joins(ctx, unit, natural, who, relation); err != nil {
			return resident{}, err
		}
		if grants, err = d.Members.Grants(ctx, d.DB, natural, clock.Now(d.Clock)); err != nil {
			return resident{}, err
		}
	}
	return resident{authz.Principal{Account: natural, Person: natural, Grants: grants, Request: "demo"}, unit.ID}, nil
}

// resident is who lives in a home.
type resident struct {
	authz.Principal
	unit id.ID
}

// actors are the log-ins of the demonstration as they act.
func (d *demonstration) actors(ctx context.Context) error {
	names := []string{"street-party", "street-office", "street-deputy", "community", "community-worker", "manager", "worker", "committee", "utility", "contractor"}
	for i, r := range residents {
		p, err := d.Accounts.Named(ctx, r.who.UserName)
		if err != nil {
			return err
		}
		d.homes = append(d.homes, resident{p, d.units[i*5].ID})
	}
	for _, name := range names {
		p, err := d.Accounts.Named(ctx, name)
		if err != nil {
			return err
		}
		p.Request = "demo"
		d.as[name] = p
	}
	return nil
}

// happening is something that is done at a moment.
type happening struct {
	at time.Time
	do func(context.Context) error
}

// happen lets everything happen in the order of time, with the background work of each day between.
func (d *demonstration) happen(ctx context.Context) error {
	all := slices.Concat(d.orders(), d.earlierSurvey(), d.evidence(), d.ownersVotes(), d.renovations(), d.months())
	slices.SortStableFunc(all, func(a, b happening) int { return a.at.Compare(b.at) })
	day := d.begin()
	for _, h := range all {
		for ; day.Before(h.at); day = day.Add(24 * time.Hour) {
			d.past.MoveTo(day)
			if err := d.background(ctx); err != nil {
				return err
			}
		}
		if h.at.After(d.now) {
			continue // of a month that is too young for it
		}
		d.past.MoveTo(h.at)
		if err := h.do(ctx); err != nil {
			return err
		}
	}
	d.past.MoveTo(d.now)
	return d.background(ctx)
}

// background does what is due, as the jobs of a running program do. Nothing is forgotten meanwhile: what the steps of the demonstration
// claimed keeps a second start from doing them again.
func (d *demonstration) background(ctx context.Context) error {
	const rounds = 50 // more than any of it needs
	for _, j := range d.App.background {
		if j.Name == "sweep" || strings.HasPrefix(j.Name, "checkpoint") {
			continue
		}
		for range rounds {
			busy, err := d.Runner.Once(ctx, j)
			if err != nil {
				return errors.Join(fmt.Errorf("%s", j.Name), err)
			}
			if !busy {
				break
			}
		}
	}
	return nil
}

// months publishes the month before on the second day of this one, as the street office does.
func (d *demonstration) months() []happening {
	local := d.begin()
	month := clock.DateOf(local)[:7]
	return []happening{{local.AddDate(0, 1, 1).Add(time.Hour), func(ctx context.Context) error {
		return d.publishMonth(ctx, string(month))
	}}}
}
