package app

import (
	"context"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/audience"
	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authn"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/config"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/credit"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/imports"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ledger"
	"github.com/redproperty/redproperty/internal/membership"
	"github.com/redproperty/redproperty/internal/news"
	"github.com/redproperty/redproperty/internal/notify"
	"github.com/redproperty/redproperty/internal/org"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/platform"
	"github.com/redproperty/redproperty/internal/privacy"
	"github.com/redproperty/redproperty/internal/renovation"
	"github.com/redproperty/redproperty/internal/report"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/survey"
	"github.com/redproperty/redproperty/internal/system"
	"github.com/redproperty/redproperty/internal/vote"
	"github.com/redproperty/redproperty/internal/webui"
	"github.com/redproperty/redproperty/internal/workorder"
	"github.com/redproperty/redproperty/web"
)

// App is the whole program: engines, features, edge and background jobs.
type App struct {
	*Engines
	API *httpapi.API

	Areas      *area.Service
	Orgs       *org.Service
	Members    *membership.Service
	Accounts   *authn.Service
	Contracts  *contract.Service
	Orders     *workorder.Service
	Notices    *notify.Service
	Reports    *report.Service
	Surveys    *survey.Service
	Credit     *credit.Service
	Votes      *vote.Service
	Renovation *renovation.Service
	Imports    *imports.Service
	Privacy    *privacy.Service
	Platform   *platform.Service
	Runner     *job.Runner
	background []job.Job
	version    string
	past       *clock.Replay // of a demonstration that is to have a past
}

// New opens the engines and puts the features together. It neither listens nor starts jobs: Serve does.
func New(ctx context.Context, cfg config.Config, log *slog.Logger, version string) (*App, error) {
	return NewAt(ctx, cfg, log, version, clock.System{})
}

// NewAt is New with another clock, for tests.
func NewAt(ctx context.Context, cfg config.Config, log *slog.Logger, version string, c clock.Clock) (*App, error) {
	e, err := Open(ctx, cfg, log, c)
	if err != nil {
		return nil, err
	}
	a := &App{Engines: e, version: version, Runner: job.NewRunner(e.DB, c, log)}
	a.wire()
	if err := a.edge(); err != nil {
		_ = e.Close() // the first error says more
		return nil, err
	}
	a.jobs()
	return a, nil
}

// wire makes the features. Each gets the others' services through interfaces of its own; where two need
// each other, one takes the other's store, which needs nothing.
func (a *App) wire() {
	reads, consents := personal.NewReads(a.Clock), personal.NewConsents(a.Clock)
	intake := blob.NewIntake(blob.Limits{})
	serving := contract.Store{}
	limits := a.guard()

	orders := &workorder.Service{}
	a.Orgs = org.New(org.Deps{DB: a.DB, Clock: a.Clock, Vault: a.Vault, Areas: orgAreas{}, Serving: serving, Handover: handover{&orders}, Consents: consents, Reads: reads})
	a.Members = membership.New(membership.Deps{DB: a.DB, Clock: a.Clock, Homes: homes{}, Roll: area.Store{}, Tries: joinTries{limits},
		Persons: persons{a.Orgs}, Consents: consents, Vault: a.Vault, Reads: reads, PublicURL: a.Config.HTTP.PublicURL})
	a.Contracts = contract.New(contract.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Places: contractPlaces{clock: a.Clock},
		Orgs: contractOrgs{a.Orgs}, Intake: intake, Files: a.Blobs, Orders: handover{&orders}, Decisions: contractDecisions{votes: &a.Votes}})
	a.Areas = area.New(area.Deps{DB: a.DB, Clock: a.Clock, Vault: a.Vault, Reads: reads, Serving: serving, Residents: a.Members, Arrangements: a.Contracts})
	a.Orders = workorder.New(workorder.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Vault: a.Vault, Reads: reads, Places: orderPlaces{}, Areas: orderPlaces{},
		Arrangements: orderArrangements{a.Contracts}, Successors: orderSuccessors{&a.Renovation}, Orgs: orderOrgs{a.Orgs}, People: persons{a.Orgs},
		Scopes: orderPlaces{}, Photos: intake, Shelf: a.Blobs, MessageLimit: limits, UploadLimit: limits, Sessions: sessions{a}})
	orders = a.Orders
	a.Notices = notify.New(a.notices())
	a.Accounts = authn.New(authn.Deps{DB: a.DB, Clock: a.Clock, Log: a.Log, Persons: a.Orgs, Grants: []authn.Grants{a.Orgs.Grants, a.Members.Grants}, Places: capacityPlaces{orgs: a.Orgs, members: a.Members},
		Guard: limits, Index: phoneIndex{a.Vault}, SMS: a.SMS, Idle: a.Config.Login.Idle, Absolute: a.Config.Login.Absolute, Secure: a.secure(), PublicURL: a.Config.HTTP.PublicURL})
	a.Reports = report.New(report.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Ledger: a.Ledger})
	a.Surveys = survey.New(survey.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Ledger: a.Ledger, Places: surveyPlaces{}, Residents: surveyResidents{a.Members},
		Arrangements: surveyArrangements{}, Contracts: surveyContracts{}, Posts: a.Orgs, Keys: newBallotKeys(a.Vault), Limits: surveyLimits{limits, newHourlySalt(a.Clock)},
		Extents: surveyPlaces{}, Companies: surveyCompanies{orgs: a.Orgs}})
	a.Credit = credit.New(credit.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Companies: creditCompanies{Service: a.Orgs}, Surveys: creditSurveys{a.Surveys}})
	a.Votes = vote.New(vote.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules, Ledger: a.Ledger, Places: votePlaces{members: a.Members}, Posts: votePosts{a.Orgs}, Intake: intake, Files: a.Blobs,
		Keys: newBallotKeys(a.Vault)})
	a.Renovation = a.newRenovations(intake)
	a.Imports = a.newImports()
	a.Platform = platform.New(platform.Deps{DB: a.DB, Clock: a.Clock, Facts: a.facts()})
	a.Privacy = privacy.New(privacy.Deps{DB: a.DB, Clock: a.Clock, Consents: consents, Reads: reads, Parts: a.privacyParts()})
}

// sessions finds out anew who listens to a stream. It asks the accounts' service, which is made later.
type sessions struct{ app *App }

// Again is the same caller with the capacities in force now.
func (s sessions) Again(ctx context.Context, p authz.Principal) (authz.Principal, error) {
	return s.app.Accounts.Again(ctx, p)
}

func (a *App) notices() notify.Deps {
	return notify.Deps{DB: a.DB, Clock: a.Clock, Log: a.Log, Audiences: audience.Finder{Clock: a.Clock}, Phones: phones{a.Orgs, a.DB}, Callers: a.Orders, Subjects: messageSubjects{a}, SMS: a.SMS,
		Secrets: notify.SealWith(a.Vault.Derive("webhook secrets")), Consents: personal.NewConsents(a.Clock), Quiet: a.Rules.WorkOrders.Quiet, Jitter: rand.Float64, Metrics: a.Metrics,
		Network: notify.Network{Allow: a.Config.Webhook.Allow, PlainHTTP: a.Config.Webhook.PlainHTTP},
		Conduct: func(category string) bool {
			c, err := a.Rules.Categories.Find(category)
			return err == nil && c.Identity == rules.ConductCase
		},
		FollowURL: func(token string) string { return a.Config.HTTP.PublicURL + "/follow/" + token }}
}

// handover passes open work on, of an ended post or of an organisation that leaves. It holds a pointer to the orders' service, which is made
// after the organisations'.
type handover struct{ orders **workorder.Service }

// HandOver gives the open orders of person in org to successor, or to the queue.
func (h handover) HandOver(ctx context.Context, tx *dbx.Tx, org, person, successor id.ID, at clock.Instant) error {
	return (*h.orders).HandOver(ctx, tx, org, person, successor, at)
}

// TakeOver gives the open orders of an organisation that leaves a service area to who works there now.
func (h handover) TakeOver(ctx context.Context, tx *dbx.Tx, serviceArea, from, to id.ID, at clock.Instant) error {
	return (*h.orders).TakeOver(ctx, tx, serviceArea, from, to, at)
}

// privacyParts are erased in this order: surveys ask who lives where, which the households then forget.
func (a *App) privacyParts() []privacy.Part {
	return []privacy.Part{
		{Name: "account", Export: a.Accounts.ExportPerson, Erase: a.Accounts.ErasePerson},
		{Name: "person", Export: anyOf(a.Orgs.ExportPerson), Erase: a.Orgs.ErasePerson},
		{Name: "surveys", Export: anyOf(a.Surveys.ExportPerson), Erase: a.Surveys.ErasePerson},
		{Name: "votes", Export: anyOf(a.Votes.ExportPerson), Erase: a.Votes.ErasePerson},
		{Name: "renovations", Export: anyOf(a.Renovation.ExportPerson), Erase: a.Renovation.ErasePerson},
		{Name: "household", Export: anyOf(a.Members.ExportPerson), Erase: a.Members.ErasePerson},
		{Name: "workOrders", Export: anyOf(a.Orders.ExportPerson), Erase: a.Orders.ErasePerson, Apart: true},
		{Name: "notices", Export: anyOf(a.Notices.ExportPerson), Erase: a.Notices.ErasePerson},
		{Name: "feedback", Export: anyOf(a.Platform.ExportPerson), Erase: a.Platform.ErasePerson, Apart: true},
		{Name: "roll", Export: anyOf(a.Areas.ExportPerson), Erase: a.Areas.ErasePerson, Apart: true},
	}
}

// anyOf forgets the type of a feature's export.
func anyOf[T any](f func(context.Context, dbx.Querier, id.ID) (T, error)) func(context.Context, dbx.Querier, id.ID) (any, error) {
	return func(ctx context.Context, q dbx.Querier, person id.ID) (any, error) { return f(ctx, q, person) }
}

func (a *App) guard() guard {
	return guard{limiter: a.Limiter, build: a.Limits, context: a.Config.Locality}
}

// pages are the built web applications: those in the program, or those in the folder that the settings name.
func (a *App) pages() fs.FS {
	if folder := a.Config.HTTP.Pages; folder != "" {
		return os.DirFS(folder)
	}
	return web.Files()
}

func (a *App) edge() (err error) {
	pages, err := webui.New(a.pages())
	if err != nil {
		return err
	}
	a.API, err = httpapi.New(httpapi.Config{Version: a.version, TrustedProxies: a.Config.HTTP.TrustedProxies, PublicURL: a.Config.HTTP.PublicURL,
		Clock: a.Clock, Log: a.Log, Auth: a.Accounts, Limits: a.guard(), Metrics: a.Metrics, Ready: a.DB.Ping, Pages: pages})
	if err != nil {
		return err
	}
	authn.Register(a.API, a.Accounts)
	platform.Register(a.API, a.Platform)
	privacy.Register(a.API, a.Privacy)
	area.Register(a.API, a.Areas)
	org.Register(a.API, a.Orgs)
	membership.Register(a.API, a.Members)
	contract.Register(a.API, a.Contracts)
	workorder.Register(a.API, a.Orders)
	notify.Register(a.API, a.Notices)
	report.Register(a.API, a.Reports)
	news.Register(a.API, news.New(news.Deps{DB: a.DB, Clock: a.Clock, Rules: a.Rules}))
	survey.Register(a.API, a.Surveys)
	credit.Register(a.API, a.Credit)
	vote.Register(a.API, a.Votes)
	renovation.Register(a.API, a.Renovation)
	imports.Register(a.API, a.Imports)
	audit.Register(a.API, a.DB, a.Reports)
	ledger.Register(a.API, a.Ledger, a.DB)
	system.Register(a.API, system.New(system.Deps{DB: a.DB, Clock: a.Clock, Runner: a.Runner, Defaults: a.Defaults, Builder: a.Limits, Overrides: a.Overrides}))
	return nil
}
