package workorder

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a mapping names a time zone, which a small image may not know

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/sheet"
)

// ImportInput is a file of closed orders from another system.
type ImportInput struct {
	Name string // of the file, for messages
	Data []byte // XLSX or CSV
	// Mapping says in YAML what the file's columns, states and categories mean; empty is our own template's.
	Mapping []byte
	Target  id.ID // the service area that the orders belong to
	DryRun  bool  // find out what would happen, and change nothing
}

// mapping is what the columns of a foreign table mean.
type mapping struct {
	Name     string              `yaml:"name"`
	TimeZone string              `yaml:"time_zone"`
	Columns  map[string][]string `yaml:"columns"`
	Statuses map[string]State    `yaml:"statuses"`
	// Categories maps texts of the category column to codes of the dictionary.
	Categories      map[string]string `yaml:"categories"`
	DefaultCategory string            `yaml:"default_category"`

	zone *time.Location
}

// The columns of a mapping.
const (
	colNumber   = "number"
	colOpened   = "opened"
	colClosed   = "closed"
	colStatus   = "status"
	colCategory = "category"
	colPlace    = "place"
	colOwner    = "owner"
)

var mappingColumns = []string{colNumber, colOpened, colClosed, colStatus, colCategory, colPlace, colOwner}

// required are the columns without which a row tells nothing.
var required = []string{colNumber, colOpened, colClosed, colStatus}

// mappingBytes bounds a mapping file.
const mappingBytes = 256 << 10

// parseMapping reads and checks a mapping. The fault workorder.import_mapping (Invalid) names the wrong place in it.
func parseMapping(raw []byte, dict *rules.Dictionary) (*mapping, error) {
	if len(raw) > mappingBytes {
		return nil, badMapping("", "workorder.mapping_size", "kilobytes", mappingBytes>>10)
	}
	m := &mapping{}
	if err := yaml.UnmarshalWithOptions(raw, m, yaml.Strict()); err != nil {
		return nil, badMapping("", "workorder.mapping_form").Because(err)
	}
	for c, names := range m.Columns {
		if !slices.Contains(mappingColumns, c) {
			return nil, badMapping(".columns", "workorder.mapping_column_unknown", "known", mappingColumns)
		}
		if len(names) == 0 || slices.Contains(names, "") {
			return nil, badMapping(".columns."+c, "workorder.mapping_column_missing")
		}
	}
	for _, c := range required {
		if len(m.Columns[c]) == 0 {
			return nil, badMapping(".columns."+c, "workorder.mapping_column_missing")
		}
	}
	if err := m.checkStates(); err != nil {
		return nil, err
	}
	return m, m.checkCodes(dict)
}

func badMapping(path, code string, pairs ...any) *fault.Fault {
	return fault.New(fault.Invalid, "workorder.import_mapping").At("mapping"+path, code, pairs...)
}

func (m *mapping) checkStates() error {
	folded := map[string]State{}
	for text, s := range m.Statuses {
		if s != Closed && s != Cancelled && s != Declined {
			return badMapping(".statuses", "workorder.mapping_state")
		}
		folded[foldText(text)] = s
	}
	if len(folded) == 0 {
		return badMapping(".statuses", "workorder.mapping_state")
	}
	m.Statuses = folded
	var err error
	if m.zone, err = time.LoadLocation(m.TimeZone); err != nil || m.TimeZone == "" || m.TimeZone == "Local" {
		return badMapping(".time_zone", "workorder.mapping_zone").Because(err)
	}
	return nil
}

func (m *mapping) checkCodes(dict *rules.Dictionary) error {
	folded := map[string]string{}
	for _, g := range dict.Groups() {
		for _, c := range g.Categories {
			folded[foldText(c.Zh)], folded[foldText(c.En)], folded[foldText(c.Code)] = c.Code, c.Code, c.Code
		}
	}
	for text, code := range m.Categories {
		if _, err := dict.Find(code); err != nil {
			return badMapping(".categories", "workorder.mapping_category").Because(err)
		}
		folded[foldText(text)] = code
	}
	if m.DefaultCategory != "" {
		if _, err := dict.Find(m.DefaultCategory); err != nil {
			return badMapping(".default_category", "workorder.mapping_category").Because(err)
		}
	}
	m.Categories = folded
	return nil
}

// foldText makes texts of a foreign table comparable: width, case and blanks do not matter.
func foldText(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

// schema is what the reader looks for.
func (m *mapping) schema() sheet.Schema {
	var out sheet.Schema
	for _, key := range mappingColumns {
		if names := m.Columns[key]; len(names) > 0 {
			out = append(out, sheet.Column{Key: key, Names: names, Required: slices.Contains([]string{colNumber, colOpened, colStatus}, key)})
		}
	}
	return out
}

// pastOrder is one row: an order that is over.
type pastOrder struct {
	number          string
	opened, closed  clock.Instant
	hasClosed       bool
	state           State
	category, title string
	place, owner    string
	canonical       []string
}

// read turns a row into an order, noting on the row what is wrong with it.
func (m *mapping) read(row *sheet.Row, now clock.Instant) pastOrder {
	p := pastOrder{
		number: row.Code(colNumber, 60), opened: row.DateTime(colOpened, m.zone), closed: row.DateTime(colClosed, m.zone), hasClosed: !row.Blank(colClosed),
		title: row.Text(colCategory, 120), place: row.Text(colPlace, 200), owner: row.Text(colOwner, 100),
	}
	status := row.Text(colStatus, 60)
	var ok bool
	if p.state, ok = m.Statuses[foldText(status)]; !ok && row.OK() {
		row.Reject(colStatus, "workorder.import_status", "workorder.import_expect_status")
	}
	if !p.hasClosed && row.OK() {
		row.Reject(colClosed, "workorder.import_open", "workorder.import_expect_time")
	}
	if row.OK() && (p.opened > now || p.closed > now) {
		row.Reject(colOpened, "workorder.import_future", "")
	}
	if p.category, ok = m.Categories[foldText(p.title)]; !ok {
		p.category = m.DefaultCategory
	}
	if p.category == "" && row.OK() {
		row.Reject(colCategory, "workorder.import_category", "workorder.import_expect_category")
	}
	p.canonical = []string{p.number, p.opened.String(), p.closed.String(), string(p.state), p.category, p.title, p.place, p.owner}
	return p
}

// backwards tells whether the order ended before it began. Such a row is kept as it is: mending it would be guessing.
func (p pastOrder) backwards() bool { return p.closed < p.opened }

// hash tells whether a row that comes again says the same.
func (p pastOrder) hash() [sha256.Size]byte {
	var b []byte
	for _, f := range p.canonical {
		b = append(binary.AppendUvarint(b, uint64(len(f))), f...)
	}
	return sha256.Sum256(b)
}

// order makes the order of a row: closed history, in nobody's hands, with no clock and nobody to ask. What it
// knows of the past are the moments it was opened and closed; that the platform learned of it only now is the
// moment of its one event, so that no past day is rebuilt with what was not known then.
func (p pastOrder) order(place Place, cat *rules.Category, set *rules.Set, now clock.Instant) *Order {
	o := &Order{ID: id.New(), Title: p.title, Version: 1, UpdatedAt: now, PlaceText: place.Name}
	if o.Title == "" {
		o.Title = cat.Zh
	}
	if p.place != "" {
		o.PlaceText = p.place
	}
	o.PlaceCoarse = o.PlaceText
	number := p.number
	o.Facts = Facts{
		ServiceAreaID: place.ServiceAreaID, EstateID: place.EstateID, CommunityID: place.CommunityID.Ptr(), StreetID: place.StreetID, ScopePath: place.Path,
		ReporterKind: Anonymously, Category: cat.Code, IdentityRule: cat.Identity, Source: FromImport, ExternalNumber: &number,
		RuleHash: set.Hash(rules.WorkOrders), CategoryHash: set.Hash(rules.Categories), ReportedAt: p.opened, HandedAt: p.opened,
		Severity: cat.Severity, State: p.state, Waiting: ForNobody, HandledVia: ViaCommunity, Subcontractor: p.owner, Closing: ClosesOnVerification,
		SLASource: Reference, SLAMode: NaturalTime, ClosedAt: p.closed.Ptr(),
	}
	if p.state == Closed {
		o.ClosedAs, o.ClosureNo = ClosedImported, 1
	}
	return o
}
