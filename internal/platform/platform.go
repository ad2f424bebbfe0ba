// Package platform is the platform about itself: what a client is told at its start, the accounts of a
// demonstration, and what its users complain of or suggest about it (R6.3), which its operator answers.
package platform

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// Facts are what every client shows or acts upon before anybody has logged in. Nothing in them is secret.
type Facts struct {
	Version       string     `json:"version" doc:"Of the program"`
	Locality      Locality   `json:"locality" doc:"Whose periods and procedures are in force"`
	Languages     []Language `json:"languages" doc:"Languages of messages, the default first; send one in Accept-Language"`
	Emergency     []Number   `json:"emergency" doc:"Numbers to ring in danger, the first to ring first. The property company's own is on its public card"`
	LoginCodes    string     `json:"loginCodes" enum:"sms,log" doc:"How one-time codes leave: by SMS, or, while trying the program out, into its log"`
	Operator      string     `json:"operator,omitempty" doc:"Who runs the platform"`
	Contact       string     `json:"contact,omitempty" doc:"Telephone or address for questions about the platform itself, also for who cannot log in"`
	FilingNumber  string     `json:"filingNumber,omitempty" doc:"Number under which the platform is filed (R6.3); shown at the foot of pages"`
	Demonstration bool       `json:"demonstration" doc:"Everything here is invented"`
	Accounts      bool       `json:"demonstrationAccounts" doc:"listDemonstrationAccounts has the demonstration's log-ins"`
}

// Locality is a profile of legal periods.
type Locality struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

// Language is one that messages are written in.
type Language struct {
	Tag  string `json:"tag" doc:"As in Accept-Language"`
	Name string `json:"name" doc:"In itself"`
}

// Languages are those of the catalogue of messages, the default first.
func Languages() []Language { return []Language{{"zh-CN", "简体中文"}, {"en", "English"}} }

// Number is a telephone number to ring in danger.
type Number struct {
	Code   string `json:"code"`
	Number string `json:"number"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

// DemoAccount is a log-in of the demonstration.
type DemoAccount struct {
	UserName string     `json:"userName"`
	Password string     `json:"password"`
	Who      string     `json:"who" doc:"Post or relation, and the invented name"`
	Role     authz.Role `json:"role"`
}

// Kind is what somebody's feedback is.
type Kind string

// The kinds of feedback about the platform.
const (
	Complaint     Kind = "complaint"     // of how the platform is run, or of what it made the person do
	Suggestion    Kind = "suggestion"    //
	Malfunction   Kind = "malfunction"   // something does not work
	Accessibility Kind = "accessibility" // somebody cannot read, reach or operate something
)

// Feedback is what a user wrote about the platform itself, with the operator's answer.
type Feedback struct {
	ID         id.ID          `db:"id" json:"id"`
	Person     id.ID          `db:"person_id" json:"-"`
	Kind       Kind           `db:"kind" json:"kind" enum:"complaint,suggestion,malfunction,accessibility"`
	Text       string         `db:"text" json:"text"`
	WrittenAt  clock.Instant  `db:"written_at" json:"writtenAt"`
	Answer     string         `db:"answer" json:"answer,omitempty"`
	AnsweredAt *clock.Instant `db:"answered_at" json:"answeredAt,omitempty" doc:"Absent while it waits"`
	Version    int64          `db:"version" json:"-"`
}

// maxWaiting is how many unanswered ones of a person there may be: enough for anybody, and no flood.
const maxWaiting = 5

// Deps are what the service needs.
type Deps struct {
	DB    *dbx.DB
	Clock clock.Clock
	Facts Facts
}

// Service tells clients about the platform and takes feedback.
type Service struct {
	Deps
	demo     atomic.Bool
	accounts atomic.Pointer[shown]
}

// shown are the log-ins of a demonstration, and who may read them.
type shown struct {
	accounts []DemoAccount
	here     bool // only who asks from this machine, by a name of this machine
}

// Visit is how somebody reached the server: from where, and by which name with its port.
type Visit struct {
	Peer netip.Addr
	Host string
}

// here tells whether the visit begins and ends on this machine. A page of another site that a browser on this machine was led to
// (DNS rebinding) asks by that site's name.
func (v Visit) here() bool {
	host, _, err := net.SplitHostPort(v.Host)
	if err != nil {
		host = strings.Trim(v.Host, "[]")
	}
	addr, err := netip.ParseAddr(host)
	return v.Peer.Unmap().IsLoopback() && (host == "localhost" || (err == nil && addr.IsLoopback()))
}

// New makes the service.
func New(d Deps) *Service { return &Service{Deps: d} }

// Demonstrate says from now on that everything here is invented. It is called by the demonstration alone.
func (s *Service) Demonstrate() { s.demo.Store(true) }

// ShowAccounts makes the log-ins of a demonstration public: to who asks from this machine, or to everybody. It is called by the
// demonstration alone.
func (s *Service) ShowAccounts(accounts []DemoAccount, everybody bool) {
	s.accounts.Store(&shown{accounts, !everybody})
}

// About returns what a client is to know at its start. Anybody may call it.
func (s *Service) About(context.Context) Facts {
	f := s.Facts
	f.Demonstration, f.Accounts = s.demo.Load(), s.accounts.Load() != nil
	return f
}
