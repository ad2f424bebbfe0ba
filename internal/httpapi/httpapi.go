// Package httpapi is the edge: it turns HTTP requests into calls of the features and their faults into
// problem documents. Gin routes, huma describes and validates; features see neither outside api.go.
package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/score"
)

// Config is what the edge needs.
type Config struct {
	Version        string // of the program, shown in the API's description
	TrustedProxies []string
	PublicURL      string // https://… as users see it; decides Secure cookies and HSTS
	Clock          clock.Clock
	Log            *slog.Logger
	Auth           Authenticator
	Limits         Limits
	Metrics        prometheus.Registerer
	Ready          func(context.Context) error // whether the program can serve now
	Pages          Pages                       // the web applications; nil serves the API alone
}

// Pages serves the web applications on every path that is no route of the API.
type Pages interface {
	// Serve answers the request where it asks for a page or a file of one, and tells whether it did.
	Serve(w http.ResponseWriter, r *http.Request) bool
}

// API is the edge of the program. Features register their operations on it; ServeHTTP serves them.
type API struct {
	engine  *gin.Engine
	packed  http.Handler // the engine, packing what it answers
	huma    huma.API
	texts   catalogue
	log     *slog.Logger
	clock   clock.Clock
	auth    Authenticator
	limits  Limits
	metrics *requestMetrics
	ops     []Op
	names   *naming
	secure  bool
	// stopping ends when the server is told to stop, so that streams do not hold it up.
	stopping context.Context
	stop     context.CancelFunc
	origin   *http.CrossOriginProtection
	unseen   unseen
}

// New builds the edge without any operation.
func New(cfg Config) (*API, error) {
	texts, err := loadCatalogue()
	if err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	a := &API{engine: gin.New(), texts: texts, log: cfg.Log, clock: cfg.Clock, auth: cfg.Auth, limits: cfg.Limits,
		metrics: newRequestMetrics(cfg.Metrics), origin: http.NewCrossOriginProtection(), secure: strings.HasPrefix(cfg.PublicURL, "https://")}
	a.stopping, a.stop = context.WithCancel(context.Background())
	if a.packed, err = packing(a.engine); err != nil {
		return nil, err
	}
	if err := a.engine.SetTrustedProxies(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	a.engine.HandleMethodNotAllowed = true
	a.engine.RedirectTrailingSlash = false
	a.engine.Use(a.event, a.headers, a.sameSite, a.readKey)
	a.engine.NoRoute(func(c *gin.Context) { a.noRoute(c, cfg.Pages) })
	a.engine.NoMethod(a.methodNotAllowed)
	a.health(cfg.Ready)
	a.names = &naming{taken: map[string]reflect.Type{}}
	makeHumaErrors()
	a.huma = humagin.New(a.engine, description(cfg, a.names))
	return a, nil
}

// noRoute answers a path that is no operation: with a page where one lives there, else with a problem.
func (a *API) noRoute(c *gin.Context, pages Pages) {
	if pages != nil && pages.Serve(c.Writer, c.Request) {
		c.Abort()
		return
	}
	a.fail(c, fault.New(fault.NotFound, "route.not_found"))
}

// ServeHTTP serves a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if mayPack(r) {
		a.packed.ServeHTTP(w, r)
		return
	}
	a.engine.ServeHTTP(w, r)
}

// Routes lists every route of the engine, as "GET /healthz", for the test that walks them all.
func (a *API) Routes() (out []string) {
	for _, r := range a.engine.Routes() {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

// Secure tells whether users reach the program over TLS, so that cookies are marked Secure.
func (a *API) Secure() bool { return a.secure }

// OpenAPI is the description of all registered operations.
func (a *API) OpenAPI() *huma.OpenAPI {
	d := a.huma.OpenAPI()
	delete(d.Components.Schemas.Map(), "FormFile") // huma registers it and describes files in place
	return d
}

func description(cfg Config, names *naming) huma.Config {
	h := huma.DefaultConfig("RedProperty", cfg.Version)
	h.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", names.name)
	h.CreateHooks = nil // no $schema links in answers
	jsonFormat := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshal}
	h.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	h.DocsPath, h.SchemasPath = "", ""
	h.OpenAPIPath = Root + "/openapi"
	h.RejectUnknownQueryParameters = true
	h.Info.Description = "Red Property (红色物业): contracts, work orders, ratings and their audit for communities, property companies and residents."
	h.Tags = tags
	h.Servers = []*huma.Server{{URL: cfg.PublicURL}}
	h.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	h.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "rp_session", Description: "Log-in session of a browser"},
		"token":   {Type: "http", Scheme: "bearer", Description: "Personal API token of staff, limited to scopes"},
	}
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[id.ID](), reflect.TypeFor[uuidText]())
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[clock.Instant](), reflect.TypeFor[time.Time]())
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[clock.Date](), reflect.TypeFor[dateText]())
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[blob.Hash](), reflect.TypeFor[hashText]())
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[ballot.Hash](), reflect.TypeFor[ballotText]())
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[ballot.Token](), reflect.TypeFor[ballotText]())
	h.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[score.Micro](), reflect.TypeFor[figureText]())
	return h
}

// uuidText, dateText and the like describe our types; values of them are never made. Without a description that
// says what is refused, a wrong value is found only when the whole body is read, and no field is named.
type uuidText string
type dateText string
type hashText string
type ballotText string
type figureText string

// Schema describes 32 bytes of a ballot.
func (ballotText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[A-Za-z0-9_-]{43}$", Examples: []any{strings.Repeat("A", 43)}}
}

// Schema describes a published figure.
func (figureText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^-?[0-9]+\.[0-9]{6}$`, Examples: []any{"71.250000"}}
}

// Schema describes an identifier.
func (uuidText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid", Examples: []any{"0194f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"}}
}

// Schema describes a SHA-256 in hexadecimal.
func (hashText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9a-f]{64}$", Examples: []any{strings.Repeat("9f86d081884c7d65", 4)}}
}

// Schema describes a calendar day.
func (dateText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-11-22"}}
}
