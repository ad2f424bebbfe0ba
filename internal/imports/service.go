package imports

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

// Deps are what the service needs.
type Deps struct {
	DB         *dbx.DB
	Clock      clock.Clock
	Blobs      blob.Store
	Cipher     Cipher
	WrapKey    []byte // 32 bytes: the keys of files lie wrapped under it
	Kinds      []Kind
	Principals Principals
	Places     Places
	Limits     Limits
	Workers    int // imports run at once; 2 when zero
}

// Service is the use cases of imports.
type Service struct {
	Deps
	files  files
	intake chan struct{}
}

// intakes bounds the uploads that are looked at and encrypted at once: each holds a whole file in memory.
const intakes = 4

// New returns a service.
func New(d Deps) *Service {
	if d.Workers == 0 {
		d.Workers = 2
	}
	return &Service{Deps: d, files: files{d.Blobs, d.Cipher, d.WrapKey}, intake: make(chan struct{}, intakes)}
}

// Kind returns the kind of a name; none is NotFound.
func (s *Service) Kind(name string) (Kind, error) {
	i := slices.IndexFunc(s.Kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, fault.New(fault.NotFound, "import.kind_unknown", "kinds", s.names())
	}
	return s.Kinds[i], nil
}

func (s *Service) names() []string {
	names := make([]string, len(s.Kinds))
	for i, k := range s.Kinds {
		names[i] = k.Name
	}
	return names
}

// Submit takes a file for importing. A file that no importer could read is refused at once; what its rows
// are is found out in the background. The same submission while one is under way answers with that one.
//
// Faults: import.kind_unknown, import.target_required, import.target_unused, import.mapping_unused,
// import.phone_basis, those of package sheet about files, and the refusals of authz and of the limit.
func (s *Service) Submit(ctx context.Context, p authz.Principal, once idem.Key, kindName string, in Input) (Run, error) {
	kind, err := s.Kind(kindName)
	if err != nil {
		return Run{}, err
	}
	scope, org, err := s.may(ctx, p, kind, in.Target)
	if err != nil {
		return Run{}, err
	}
	if err := kind.check(in); err != nil {
		return Run{}, err
	}
	if org.IsZero() {
		org = p.Account
	}
	if err := s.Limits.Import(ctx, org); err != nil {
		return Run{}, err
	}
	if err := s.enter(ctx); err != nil {
		return Run{}, err
	}
	defer func() { <-s.intake }()
	if err := readable(in); err != nil {
		return Run{}, err
	}
	return s.queue(ctx, p, once, kind, in, scope)
}

// may asks for all permissions of the kind, at the target where there is one, and returns the target's
// scope and the organisation for which the caller acts.
func (s *Service) may(ctx context.Context, p authz.Principal, kind Kind, target id.ID) (scope string, org id.ID, err error) {
	for _, perm := range kind.Permissions {
		grants, err := authz.Holds(p, perm)
		if err != nil {
			return "", org, err
		}
		org = grants[0].Org
	}
	if target.IsZero() {
		return "", org, nil
	}
	if scope, err = s.Places.Path(ctx, s.DB, target); err != nil {
		return "", org, err
	}
	for _, perm := range kind.Permissions {
		actor, err := authz.Act(p, perm, authz.Object{Path: scope})
		if err != nil {
			return "", org, err
		}
		org = actor.Org
	}
	return scope, org, nil
}

// check refuses what the kind does not take.
func (k Kind) check(in Input) error {
	var wrong fault.Collect
	switch {
	case k.Target == TargetRequired && in.Target.IsZero():
		wrong.Add("body.target", "import.target_required")
	case k.Target == NoTarget && !in.Target.IsZero():
		wrong.Add("body.target", "import.target_unused")
	}
	if !k.Mapping && in.Mapping != nil {
		wrong.Add("body.mapping", "import.mapping_unused")
	}
	if len(in.Mapping) > MaxMapping {
		wrong.Add("body.mapping", "import.mapping_size", "max", MaxMapping)
	}
	if in.PhoneBasis != "" && (!k.Phones || !slices.Contains(PhoneBases, in.PhoneBasis)) {
		wrong.Add("body.phoneBasis", "import.phone_basis", "bases", PhoneBases)
	}
	return wrong.Err()
}

// MaxMapping is the size of the largest mapping file, in bytes.
const MaxMapping = 1 << 20

func (s *Service) enter(ctx context.Context) error {
	select {
	case s.intake <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readable opens the file as an importer would, without looking at its rows.
func readable(in Input) error {
	book, err := sheet.OpenBytes(in.Name, in.Data, sheet.DefaultLimits())
	if err != nil {
		return err
	}
	return book.Close()
}

func (s *Service) queue(ctx context.Context, p authz.Principal, once idem.Key, kind Kind, in Input, scope string) (Run, error) {
	k := same(p.Account, kind.Name, in)
	once.Body = k // an upload's body is not in the key: this stands for it
	run := runRow{ID: id.New(), Kind: kind.Name, Account: p.Account, Person: p.Person, Capacity: p.Capacity.Ptr(), Scopes: scopesText(p.Scopes),
		FileName: cleanName(in.Name), FileSHA256: blob.HashOf(in.Data), FileBytes: int64(len(in.Data)), Target: in.Target.Ptr(), ScopePath: scope,
		PhoneBasis: in.PhoneBasis, DryRun: in.DryRun, State: Queued, CreatedAt: clock.Now(s.Clock)}
	stored, err := s.files.keep(ctx, run.ID, in)
	if err != nil {
		return Run{}, err
	}
	run.FileBlob, run.MappingBlob, run.FileKey = stored.file, stored.mapping, stored.key
	made := run.ID
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		first, again, err := once.Claim(ctx, tx, run.ID)
		if made = first; err != nil || again {
			return err
		}
		return insertRun(ctx, tx, run, k[:])
	})
	if err == nil && made == run.ID {
		return run.run()
	}
	if !errors.Is(err, dbx.ErrCommitUnknown) { // otherwise the run may be there, and wants its file
		if e := s.files.drop(ctx, stored); e != nil {
			return Run{}, errors.Join(err, e)
		}
	}
	switch {
	case dbx.IsDuplicate(err):
		run, err = activeLike(ctx, s.DB, k[:])
		if dbx.IsNoRow(err) {
			err = fault.New(fault.Conflict, "import.same_ended")
		}
	case err == nil:
		run, err = runByID(ctx, s.DB, made)
	}
	if err != nil {
		return Run{}, err
	}
	return run.run()
}

// cleanName keeps the last part of a file's name, without what is not seen, at most 200 characters.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(norm.NFC.String(strings.ToValidUTF8(name, "")), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name))
	if utf8.RuneCountInString(name) > 200 {
		name = string([]rune(name)[:200])
	}
	return name
}

// Get returns a run of one's own or of one's area.
func (s *Service) Get(ctx context.Context, p authz.Principal, which id.ID) (Run, error) {
	row, err := s.visible(ctx, p, which)
	if err != nil {
		return Run{}, err
	}
	return row.run()
}

func (s *Service) visible(ctx context.Context, p authz.Principal, which id.ID) (runRow, error) {
	if _, err := authz.Holds(p, authz.ImportRead); err != nil {
		return runRow{}, err
	}
	row, err := runByID(ctx, s.DB, which)
	if err != nil {
		return row, err
	}
	if own(p, row) {
		return row, nil
	}
	return row, authz.Require(p, authz.ImportRead, authz.Object{Path: row.ScopePath})
}

func own(p authz.Principal, row runRow) bool { return !p.Person.IsZero() && p.Person == row.Person }

// List returns the runs of one's own and of one's area, the newest first; kind and state may be empty.
func (s *Service) List(ctx context.Context, p authz.Principal, kind string, state State, req page.Request) (page.Page[Run], error) {
	grants, err := authz.Holds(p, authz.ImportRead)
	if err != nil {
		return page.Page[Run]{}, err
	}
	before, err := cursorID(req.Cursor)
	if err != nil {
		return page.Page[Run]{}, err
	}
	where, args := authz.Where(p, grants, authz.Columns{Path: "scope_path"})
	where, args = "("+where+" OR person_id = ?)", append(args, p.Person)
	if kind != "" {
		where, args = where+" AND kind = ?", append(args, kind)
	}
	if state != "" {
		where, args = where+" AND state = ?", append(args, state)
	}
	rows, err := runsBefore(ctx, s.DB, where, args, before, req.Size()+1)
	if err != nil {
		return page.Page[Run]{}, err
	}
	runs := make([]Run, len(rows))
	for i, r := range rows {
		if runs[i], err = r.run(); err != nil {
			return page.Page[Run]{}, err
		}
	}
	return page.Cut(runs, req.Size(), func(r Run) []string { return []string{r.ID.String()} }), nil
}

func cursorID(cursor string) (id.ID, error) {
	parts, err := page.Decode(cursor, 1)
	if err != nil || parts == nil {
		return id.Nil, err
	}
	v, err := id.Parse(parts[0])
	if err != nil {
		return id.Nil, fault.InvalidField("query.cursor", "page.cursor")
	}
	return v, nil
}

// Line is a line of a report with its place in it.
type Line struct {
	Seq int64
	sheet.Line
}

// Lines returns what became of the rows, in the file's order; outcome narrows them. A run that has not
// been read to its end has none yet.
func (s *Service) Lines(ctx context.Context, p authz.Principal, which id.ID, outcome string, req page.Request) (page.Page[Line], error) {
	row, err := s.visible(ctx, p, which)
	if err != nil {
		return page.Page[Line]{}, err
	}
	parts, err := page.Decode(req.Cursor, 1)
	if err != nil {
		return page.Page[Line]{}, err
	}
	after := int64(-1)
	if parts != nil {
		if after, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
			return page.Page[Line]{}, fault.InvalidField("query.cursor", "page.cursor")
		}
	}
	var rows []line
	if row.State == Done {
		if rows, err = linesAfter(ctx, s.DB, which, outcome, after, req.Size()+1); err != nil {
			return page.Page[Line]{}, err
		}
	}
	lines := make([]Line, len(rows))
	for i, l := range rows {
		lines[i].Seq = l.Seq
		if lines[i].Line, err = l.line(); err != nil {
			return page.Page[Line]{}, err
		}
	}
	return page.Cut(lines, req.Size(), func(l Line) []string { return []string{strconv.FormatInt(l.Seq, 10)} }), nil
}

// Report returns the whole report of a run that is done. Faults: import.not_done, import.swept (Conflict).
func (s *Service) Report(ctx context.Context, p authz.Principal, which id.ID) (Run, *sheet.Report, error) {
	row, err := s.visible(ctx, p, which)
	if err != nil {
		return Run{}, nil, err
	}
	run, err := row.run()
	switch {
	case err != nil:
		return run, nil, err
	case run.State != Done:
		return run, nil, fault.New(fault.Conflict, "import.not_done")
	case run.KeptUntil == nil:
		return run, nil, fault.New(fault.Conflict, "import.swept")
	}
	report := &sheet.Report{Sheet: run.Outcome.Sheet, Unknown: run.Outcome.Unknown, Counts: run.Outcome.Counts}
	err = eachLine(ctx, s.DB, which, func(l sheet.Line) error {
		report.Lines = append(report.Lines, l)
		return nil
	})
	return run, report, err
}

// Cancel stops a run: at once when it has not begun, otherwise after the part being written. Rows already
// imported stay. It may be asked for by the submitter and by who may import the same there. A run that has
// ended is the Conflict import.ended.
func (s *Service) Cancel(ctx context.Context, p authz.Principal, which id.ID) (Run, error) {
	row, err := s.visible(ctx, p, which)
	if err != nil {
		return Run{}, err
	}
	actor, err := s.canceller(p, row)
	if err != nil {
		return Run{}, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		now := clock.Now(s.Clock)
		err := cancelQueued(ctx, tx, which, now)
		if errors.Is(err, dbx.ErrNoMatch) {
			err = askToCancel(ctx, tx, which)
		}
		if errors.Is(err, dbx.ErrNoMatch) {
			return fault.New(fault.Conflict, "import.ended")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Actor: actor, Action: "import.cancel", ObjectKind: "import_run", ObjectID: which, ScopePath: row.ScopePath,
			Detail: map[string]any{"kind": row.Kind}})
	})
	if err != nil {
		return Run{}, err
	}
	if row, err = runByID(ctx, s.DB, which); err != nil {
		return Run{}, err
	}
	return row.run()
}

func (s *Service) canceller(p authz.Principal, row runRow) (authz.Actor, error) {
	if own(p, row) {
		grants, err := authz.Holds(p, authz.ImportRead)
		if err != nil {
			return authz.Actor{}, err
		}
		return p.Actor(grants[0]), nil
	}
	kind, err := s.Kind(row.Kind)
	if err != nil {
		return authz.Actor{}, err
	}
	var actor authz.Actor
	for _, perm := range kind.Permissions {
		if actor, err = authz.Act(p, perm, authz.Object{Path: row.ScopePath}); err != nil {
			return actor, err
		}
	}
	return actor, nil
}

// WriteTemplate writes an empty table of the kind as XLSX: its headers and one row as an example. It
// needs import.read.
func (s *Service) WriteTemplate(p authz.Principal, kindName string, w io.Writer) error {
	if _, err := authz.Holds(p, authz.ImportRead); err != nil {
		return err
	}
	kind, err := s.Kind(kindName)
	if err != nil {
		return err
	}
	body, err := kind.template()
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

func (k Kind) template() ([]byte, error) {
	columns, example := make([]sheet.OutColumn, len(k.Template)), make([]any, len(k.Template))
	for i, c := range k.Template {
		columns[i] = sheet.OutColumn{Title: c.Title, Width: max(12, 2*utf8.RuneCountInString(c.Title))}
		example[i] = c.Example
	}
	var b bytes.Buffer
	out, err := sheet.NewWriter(&b, sheet.WriterOptions{Sheet: k.Name, Columns: columns})
	if err == nil {
		err = out.Write(example...)
	}
	if err == nil {
		err = out.Close()
	}
	return b.Bytes(), err
}
