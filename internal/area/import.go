package area

import (
	"context"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/sheet"
)

// chunkRows bounds how many rows of a file are written in one transaction, so that an import of a whole
// town never holds up other writers for long. A chunk is all or nothing; an import broken off in between
// is simply run again, since rows already there are unchanged.
const chunkRows = 500

// ImportInput is a file to import and what it does not say itself.
type ImportInput struct {
	Name string // of the file, for messages
	Data []byte
	// Target is where the rows belong: for estates the community (zero where each row names a community's
	// code), for households the service area; not used for divisions.
	Target id.ID
	DryRun bool // find out what would happen, and change nothing
	// PhoneBasis is the legal basis on which the phones in the file may be kept (PIPL 13). Without one the
	// phone column is left out, and the report says so.
	PhoneBasis personal.Basis
	// AreaSource says where areas are from in a file without such a column; empty is FromContract, the
	// least of the sources, so that a better one is never pushed aside by mistake.
	AreaSource AreaSource
	// From is the first day of what a row without a date says; empty is today.
	From   clock.Date
	Limits sheet.Limits // zero is sheet.DefaultLimits
}

// Progress is told after each chunk how many rows are done; nil is told nothing.
type Progress func(done, total int)

// Importer brings divisions, estates and households in from files. Valid rows are imported and invalid ones
// listed in the report, with the reason and what was expected; running a file twice changes nothing.
type Importer struct{ s *Service }

// NewImporter returns an importer that writes through s.
func NewImporter(s *Service) *Importer { return &Importer{s} }

// OutcomeNoted marks a line of a report that says something about rows without deciding their outcome.
const OutcomeNoted sheet.Outcome = "noted"

// file is a table read to its end.
type file struct {
	*sheet.Table
	rows   []*sheet.Row
	report *sheet.Report
}

// read opens the file and reads all its data rows.
func (in *ImportInput) read(schema sheet.Schema) (file, error) {
	limits := in.Limits
	if limits == (sheet.Limits{}) {
		limits = sheet.DefaultLimits()
	}
	book, err := sheet.OpenBytes(in.Name, in.Data, limits)
	if err != nil {
		return file{}, err
	}
	defer book.Close()
	t, err := book.Table(schema)
	if err != nil {
		return file{}, err
	}
	defer t.Close()
	f := file{Table: t, report: sheet.NewReport(t, nil)}
	for t.Next() {
		f.rows = append(f.rows, t.Row())
	}
	return f, t.Err()
}

// check fills what the input leaves open.
func (in *ImportInput) check(today clock.Date) error {
	if in.From == "" {
		in.From = today
	}
	if in.AreaSource == "" {
		in.AreaSource = FromContract
	}
	var wrong fault.Collect
	oneOf(&wrong, "areaSource", string(in.AreaSource), "register", "survey", "contract")
	if in.PhoneBasis != "" {
		oneOf(&wrong, "phoneBasis", string(in.PhoneBasis), "contract", "duty", "consent")
	}
	if err := checkDay("from", in.From, today); err != nil {
		return err
	}
	return wrong.Err()
}

// run is an import under way.
type run struct {
	s        *Service
	in       ImportInput
	actor    authz.Actor
	kind     string // "divisions", "estate", "households"
	path     string // the scope of the audit record
	object   id.ID
	report   *sheet.Report
	at       clock.Instant
	chunks   []*writes
	current  *writes
	rows     int
	progress Progress
}

func newRun(s *Service, in ImportInput, kind string, report *sheet.Report, progress Progress) *run {
	r := &run{s: s, in: in, kind: kind, object: id.New(), report: report, at: clock.Now(s.Clock), progress: progress}
	r.nextChunk()
	return r
}

// accept notes what became of a row; what it does is in the current chunk already.
func (r *run) accept(row *sheet.Row, outcome sheet.Outcome, canonical ...string) {
	r.report.Accept(row, outcome, canonical...)
	r.count()
}

func (r *run) reject(row *sheet.Row) {
	r.report.Reject(row)
	r.count()
}

func (r *run) count() {
	r.rows++
	if r.current.rows++; r.current.rows >= chunkRows {
		r.nextChunk()
	}
}

func (r *run) nextChunk() {
	r.current = &writes{run: r}
	r.chunks = append(r.chunks, r.current)
}

// write commits the chunks. The record of the import is in the first transaction: from then on there may
// be changes, and no change is without a record.
func (r *run) write(ctx context.Context) (*sheet.Report, error) {
	r.report.Finish()
	if r.in.DryRun || r.report.Counts.Accepted == 0 {
		return r.report, nil
	}
	done := 0
	for i, w := range r.chunks {
		if i > 0 && w.rows == 0 {
			continue
		}
		err := r.s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
			if err := w.apply(ctx, tx); err != nil {
				return err
			}
			if i > 0 {
				return nil
			}
			return r.record(ctx, tx)
		})
		if dbx.IsDuplicate(err) {
			err = fault.New(fault.Conflict, "area.import_conflict").Because(err)
		}
		if err != nil {
			return nil, err
		}
		if done += w.rows; r.progress != nil {
			r.progress(done, r.rows)
		}
	}
	return r.report, nil
}

func (r *run) record(ctx context.Context, tx *dbx.Tx) error {
	c := r.report.Counts
	return audit.Record(ctx, tx, r.at, audit.Entry{Actor: r.actor, Action: "import." + r.kind, ObjectKind: "import", ObjectID: r.object, ScopePath: r.path,
		Detail: map[string]any{"rows": r.report.Hash(), "created": c.Created, "updated": c.Updated, "unchanged": c.Unchanged, "rejected": c.Rejected, "skipped": c.Skipped,
			"phoneBasis": r.in.PhoneBasis}})
}
