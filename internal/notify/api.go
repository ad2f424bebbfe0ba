package notify

import (
	"context"
	"net/http"

	"golang.org/x/text/language"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

// MessageView is a message in the language of its reader.
type MessageView struct {
	ID      id.ID          `json:"id"`
	Topic   string         `json:"topic" doc:"What happened" example:"workorder.resolved"`
	Subject id.ID          `json:"subject" doc:"The thing it happened to: an order, a membership, a post"`
	Urgent  bool           `json:"urgent" doc:"It was told at once, at night too"`
	Title   string         `json:"title"`
	Body    string         `json:"body"`
	At      clock.Instant  `json:"at"`
	ReadAt  *clock.Instant `json:"readAt,omitempty" doc:"Absent while it is unread"`
	About   *About         `json:"about,omitempty" doc:"Of a message about an order, a renovation or a request for maintenance money that you may see: which one it is"`
}

func (m Message) view(l Language) MessageView {
	return MessageView{ID: m.ID, Topic: m.Topic, Subject: m.Subject, Urgent: m.Urgency == Emergency,
		Title: titleOf(m.Template, l, m.Params), Body: bodyOf(m.Template, l, m.Params), At: m.At, ReadAt: m.ReadAt}
}

type inboxInput struct {
	httpapi.PageInput
	Language string `header:"Accept-Language" maxLength:"200" doc:"Language of the texts: Chinese unless English is preferred"`
	Unread   bool   `query:"unread" doc:"Only unread messages"`
}

var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// languageOf picks Chinese unless English is what the reader prefers of the two.
func languageOf(header string) Language {
	if _, i := language.MatchStrings(languages, header); i == 1 {
		return English
	}
	return Chinese
}

// IDPath names a thing in a path. It is exported since huma fills embedded structs only when they are.
type IDPath struct {
	ID id.ID `path:"id" doc:"Identifier"`
}

type readAllInput struct {
	Body struct {
		UpTo id.ID `json:"upTo" doc:"The newest message you have seen; later ones stay unread"`
	}
}

// UnreadCount is how many messages wait to be read.
type UnreadCount struct {
	Unread int64 `json:"unread"`
}

// PreferencesView are how a person wants to be told. Each message is always in the inbox.
type PreferencesView struct {
	SMS       SMSChoices `json:"sms" doc:"Which messages also come by SMS, by group"`
	Digest    Cadence    `json:"digest" enum:"off,daily,weekly" doc:"How often an SMS tells how many small things are unread, of the groups that are not off: at 08:30, weekly on Mondays"`
	QuietFrom string     `json:"quietFrom" pattern:"^[0-2][0-9]:[0-5][0-9]$" doc:"Beginning of the quiet hours in China; emergencies are told all the same" example:"22:00"`
	QuietTo   string     `json:"quietTo" pattern:"^[0-2][0-9]:[0-5][0-9]$" doc:"End of the quiet hours; the same as the beginning for none" example:"07:00"`
}

// SMSChoices are the choices by group.
type SMSChoices struct {
	Orders     Choice `json:"orders" enum:"off,emergency,all" doc:"What I reported"`
	Duties     Choice `json:"duties" enum:"off,emergency,all" doc:"What I have to do in a post"`
	Households Choice `json:"households" enum:"off,emergency,all" doc:"Who lives with me, or wants to"`
	Contracts  Choice `json:"contracts" enum:"off,emergency,all" doc:"Who serves the place, and on what terms"`
	Account    Choice `json:"account" enum:"off,emergency,all" doc:"My posts and capacities"`
}

type preferencesInput struct {
	httpapi.IfMatch
	Body PreferencesView
}

func (p Preferences) view() PreferencesView {
	from, _ := p.Quiet.From.MarshalText()
	to, _ := p.Quiet.To.MarshalText() // neither fails
	return PreferencesView{Digest: p.Digest, QuietFrom: string(from), QuietTo: string(to), SMS: SMSChoices{
		Orders: p.SMS[Orders], Duties: p.SMS[Duties], Households: p.SMS[Households], Contracts: p.SMS[Contracts], Account: p.SMS[Account]}}
}

func (v PreferencesView) preferences(version int64) (Preferences, error) {
	var quiet calendar.Quiet
	var wrong fault.Collect
	if quiet.From.UnmarshalText([]byte(v.QuietFrom)) != nil {
		wrong.Add("body.quietFrom", "notify.quiet")
	}
	if quiet.To.UnmarshalText([]byte(v.QuietTo)) != nil {
		wrong.Add("body.quietTo", "notify.quiet")
	}
	return Preferences{Version: version, Digest: v.Digest, Quiet: quiet, SMS: map[Group]Choice{Orders: v.SMS.Orders, Duties: v.SMS.Duties,
		Households: v.SMS.Households, Contracts: v.SMS.Contracts, Account: v.SMS.Account}}, wrong.Err()
}

// Register adds the operations of inbox, preferences, webhooks and dead letters.
func Register(a *httpapi.API, s *Service) {
	registerInbox(a, s)
	registerPreferences(a, s)
	registerWebhooks(a, s)
	registerDeadLetters(a, s)
}

func registerInbox(a *httpapi.API, s *Service) {
	const tag = "Inbox"
	httpapi.Register(a, httpapi.Op{ID: "listInbox", Method: http.MethodGet, Path: "/inbox", Tag: tag, Permission: authz.AccountSelf,
		Summary: "My messages, newest first", Description: "Messages are kept for 180 days."},
		func(ctx context.Context, in *inboxInput) (*httpapi.Body[page.Page[MessageView]], error) {
			found, err := s.Inbox(ctx, authz.From(ctx), in.Unread, in.Page())
			if err != nil {
				return nil, err
			}
			about, err := s.about(ctx, authz.From(ctx), found.Items)
			views := make([]MessageView, len(found.Items))
			for i, m := range found.Items {
				views[i] = m.view(languageOf(in.Language))
				if a, ok := about[m.Subject]; ok {
					views[i].About = &a
				}
			}
			return httpapi.Answer(page.Page[MessageView]{Items: views, Next: found.Next}, err)
		})
	httpapi.Register(a, httpapi.Op{ID: "countUnread", Method: http.MethodGet, Path: "/inbox/unread-count", Tag: tag, Permission: authz.AccountSelf,
		Summary: "How many of my messages are unread"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[UnreadCount], error) {
			n, err := s.Unread(ctx, authz.From(ctx))
			return httpapi.Answer(UnreadCount{n}, err)
		})
	httpapi.Register(a, httpapi.Op{ID: "markRead", Method: http.MethodPost, Path: "/inbox/{id}/read", Tag: tag, Permission: authz.AccountSelf,
		Summary: "Mark a message as read"},
		func(ctx context.Context, in *IDPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.MarkRead(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(a, httpapi.Op{ID: "markAllRead", Method: http.MethodPost, Path: "/inbox/read", Tag: tag, Permission: authz.AccountSelf,
		Summary: "Mark my messages as read, up to one"},
		func(ctx context.Context, in *readAllInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.MarkAllRead(ctx, authz.From(ctx), in.Body.UpTo))
		})
}

func registerPreferences(a *httpapi.API, s *Service) {
	const path, tag = "/account/notification-preferences", "Account"
	httpapi.Register(a, httpapi.Op{ID: "getNotificationPreferences", Method: http.MethodGet, Path: path, Tag: tag, Permission: authz.AccountSelf,
		Summary: "How I want to be told"},
		func(ctx context.Context, _ *struct{}) (*httpapi.Versioned[PreferencesView], error) {
			p, err := s.Preferences(ctx, authz.From(ctx))
			return httpapi.AnswerVersion(p.view(), p.Version, err)
		})
	httpapi.Register(a, httpapi.Op{ID: "setNotificationPreferences", Method: http.MethodPut, Path: path, Tag: tag, Permission: authz.AccountSelf,
		Summary: "Say how I want to be told"},
		func(ctx context.Context, in *preferencesInput) (*httpapi.Versioned[PreferencesView], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			want, err := in.Body.preferences(version)
			if err != nil {
				return nil, err
			}
			p, err := s.SetPreferences(ctx, authz.From(ctx), want)
			return httpapi.AnswerVersion(p.view(), p.Version, err)
		})
}

func registerDeadLetters(a *httpapi.API, s *Service) {
	const tag = "System"
	httpapi.Register(a, httpapi.Op{ID: "listDeadLetters", Method: http.MethodGet, Path: "/system/dead-letters", Tag: tag, Permission: authz.SystemRead,
		Summary: "Events and messages that were given up, newest first"},
		func(ctx context.Context, in *struct{ httpapi.PageInput }) (*httpapi.Body[page.Page[DeadLetter]], error) {
			return httpapi.Answer(s.DeadLetters(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(a, httpapi.Op{ID: "repeatDeadLetter", Method: http.MethodPost, Path: "/system/dead-letters/{id}/repeat", Tag: tag, Permission: authz.SystemManage,
		Summary: "Try a dead letter again", Description: "It keeps its identifier, so that a receiver who had it already drops it."},
		func(ctx context.Context, in *IDPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.RepeatDead(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(a, httpapi.Op{ID: "discardDeadLetter", Method: http.MethodPost, Path: "/system/dead-letters/{id}/discard", Tag: tag, Permission: authz.SystemManage,
		Summary: "Give a dead letter up for good"},
		func(ctx context.Context, in *IDPath) (*httpapi.Empty, error) {
			return httpapi.Done(s.DiscardDead(ctx, authz.From(ctx), in.ID))
		})
}
