package system

import (
	"context"
	"net/http"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/ratelimit"
)

// LimitView is a limit by default.
type LimitView struct {
	Limit         string   `json:"limit" doc:"Word of the limit"`
	Burst         int64    `json:"burst" doc:"The most at once"`
	Count         int64    `json:"count" doc:"How many flow back in each period"`
	PeriodSeconds int64    `json:"periodSeconds"`
	Failure       string   `json:"failure" doc:"While Redis is away: open admits, fallback decides per process"`
	RecordOnly    bool     `json:"recordOnly" doc:"Counted, not enforced"`
	Personal      bool     `json:"personal" doc:"Its keys are hashes of personal data"`
	Subject       []string `json:"subject" enum:"id,handle,address" doc:"What an exception names, in order: an identifier, a phone or log-in name, an address; empty where there are no exceptions"`
}

// OverrideView is an exception to a limit.
type OverrideView struct {
	Limit         string         `json:"limit"`
	Key           string         `json:"key" doc:"Whom it is for; a keyed hash where that is personal"`
	Burst         int64          `json:"burst"`
	Count         int64          `json:"count"`
	PeriodSeconds int64          `json:"periodSeconds"`
	Comment       string         `json:"comment"`
	Author        id.ID          `json:"author" doc:"The account that made it"`
	Enabled       bool           `json:"enabled"`
	ExpiresAt     *clock.Instant `json:"expiresAt,omitempty"`
	UpdatedAt     clock.Instant  `json:"updatedAt"`
	Version       int64          `json:"version" doc:"For If-Match"`
}

// OverrideInput is an exception as an administrator writes it.
type OverrideInput struct {
	Body struct {
		Limit         string         `json:"limit" maxLength:"60" doc:"Word of the limit"`
		Subject       []string       `json:"subject" maxItems:"4" doc:"Whom it is for, in the order of the limit's words: account id, phone, user name, address"`
		Burst         int64          `json:"burst" minimum:"1" maximum:"1000000"`
		Count         int64          `json:"count" minimum:"1" maximum:"1000000"`
		PeriodSeconds int64          `json:"periodSeconds" minimum:"1" maximum:"31536000"`
		Comment       string         `json:"comment" minLength:"1" maxLength:"500" doc:"Why"`
		Enabled       bool           `json:"enabled"`
		ExpiresAt     *clock.Instant `json:"expiresAt,omitempty" doc:"When it ends; absent: when it is removed"`
	}
}

func (in OverrideInput) setting() Setting {
	b := in.Body
	return Setting{Limit: b.Limit, Subject: b.Subject, Burst: b.Burst, Count: b.Count, Period: time.Duration(b.PeriodSeconds) * time.Second,
		Comment: b.Comment, Enabled: b.Enabled, ExpiresAt: b.ExpiresAt}
}

type changeInput struct {
	httpapi.IfMatch
	OverrideInput
}

type removeInput struct {
	httpapi.IfMatch
	Limit string `path:"limit" maxLength:"60"`
	Key   string `query:"key" required:"true" maxLength:"200" doc:"As the list shows it"`
}

// Register adds the operator's operations.
func Register(a *httpapi.API, s *Service) {
	op := func(name, method, path, summary string, perm authz.Permission) httpapi.Op {
		return httpapi.Op{ID: name, Method: method, Path: path, Tag: "System", Summary: summary, Permission: perm}
	}
	httpapi.Register(a, op("listJobs", http.MethodGet, "/system/jobs", "Background jobs of this process", authz.SystemRead),
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]job.Status], error) {
			return httpapi.Answer(s.Jobs(authz.From(ctx)))
		})
	httpapi.Register(a, op("listLimits", http.MethodGet, "/system/limits", "Rate limits by default", authz.SystemRead),
		func(context.Context, *struct{}) (*httpapi.Body[[]LimitView], error) {
			return &httpapi.Body[[]LimitView]{Body: s.limits()}, nil
		})
	httpapi.Register(a, op("listOverrides", http.MethodGet, "/system/limits/overrides", "Exceptions to the limits", authz.SystemRead),
		func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]OverrideView], error) {
			list, err := s.List(ctx, authz.From(ctx))
			return httpapi.Answer(overrideViews(list), err)
		})
	httpapi.Register(a, op("addOverride", http.MethodPost, "/system/limits/overrides", "Make an exception to a limit", authz.SystemManage),
		func(ctx context.Context, in *OverrideInput) (*httpapi.Empty, error) {
			return httpapi.Done(s.Add(ctx, authz.From(ctx), in.setting()))
		})
	httpapi.Register(a, op("changeOverride", http.MethodPut, "/system/limits/overrides", "Change an exception", authz.SystemManage),
		func(ctx context.Context, in *changeInput) (*httpapi.Empty, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return httpapi.Done(s.Change(ctx, authz.From(ctx), in.setting(), version))
		})
	httpapi.Register(a, op("removeOverride", http.MethodDelete, "/system/limits/{limit}/overrides", "Remove an exception", authz.SystemManage),
		func(ctx context.Context, in *removeInput) (*httpapi.Empty, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			return httpapi.Done(s.Remove(ctx, authz.From(ctx), in.Limit, in.Key, version))
		})
}

func (s *Service) limits() []LimitView {
	var out []LimitView
	for _, n := range ratelimit.Names() {
		if l, ok := s.Defaults.Limit(n); ok {
			out = append(out, LimitView{n.String(), l.Burst, l.Count, int64(l.Period.Seconds()), string(l.Failure), l.RecordOnly, n.Personal(), n.Subject()})
		}
	}
	return out
}

func overrideViews(list []ratelimit.StoredOverride) []OverrideView {
	out := []OverrideView{}
	for _, o := range list {
		out = append(out, OverrideView{o.Name.String(), o.Key, o.Limit.Burst, o.Limit.Count, int64(o.Limit.Period.Seconds()), o.Comment, o.Author,
			o.Enabled, o.ExpiresAt, o.UpdatedAt, o.Version})
	}
	return out
}
