package imports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

const (
	tag       = "Imports"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// RunView is an import in answers.
type RunView struct {
	ID          id.ID          `json:"id"`
	Kind        string         `json:"kind" doc:"What the rows are, as in the path it was submitted to"`
	PersonID    id.ID          `json:"personId" doc:"Who submitted it"`
	FileName    string         `json:"fileName,omitempty" doc:"Absent once the file is forgotten"`
	FileBytes   int64          `json:"fileBytes"`
	FileSHA256  string         `json:"fileSha256" doc:"Of the file as it came, in hexadecimal"`
	TargetID    *id.ID         `json:"targetId,omitempty" doc:"The place that the rows belong to"`
	DryRun      bool           `json:"dryRun" doc:"Nothing is changed; the report says what would be"`
	PhoneBasis  string         `json:"phoneBasis,omitempty" doc:"Legal basis on which phones in the file are kept"`
	State       State          `json:"state" enum:"queued,running,done,failed,cancelled" doc:"done: read to the end, though rows may be rejected. After failed or cancelled a part of the rows may be there; to submit the file again is always safe"`
	CancelAsked bool           `json:"cancelAsked" doc:"It will stop after the part being written"`
	RowsDone    int64          `json:"rowsDone" doc:"Rows of the file written so far"`
	RowsTotal   int64          `json:"rowsTotal" doc:"Rows of the file; 0 until it is read"`
	Outcome     *OutcomeView   `json:"outcome,omitempty" doc:"Of a run that is done"`
	Failure     *FailureView   `json:"failure,omitempty" doc:"Of a run that failed"`
	CreatedAt   clock.Instant  `json:"createdAt"`
	StartedAt   *clock.Instant `json:"startedAt,omitempty"`
	EndedAt     *clock.Instant `json:"endedAt,omitempty"`
	KeptUntil   *clock.Instant `json:"keptUntil,omitempty" doc:"When the file and the lines of the report are forgotten; absent before the end, and afterwards"`
}

// OutcomeView is what a run came to.
type OutcomeView struct {
	Sheet          string       `json:"sheet,omitempty" doc:"The sheet of the workbook that was read"`
	Columns        []ColumnView `json:"columns" doc:"Headers that were understood, in the file's order"`
	UnknownColumns []string     `json:"unknownColumns" doc:"Headers that were not understood; their cells were left out"`
	Accepted       int          `json:"accepted" doc:"created + updated + unchanged"`
	Created        int          `json:"created"`
	Updated        int          `json:"updated"`
	Unchanged      int          `json:"unchanged"`
	Rejected       int          `json:"rejected"`
	Skipped        int          `json:"skipped" doc:"Rows that are no data: blank rows, totals, notes"`
	RowsHash       string       `json:"rowsHash" doc:"SHA-256 over the accepted rows, as the audit record of the import has it"`
}

// ColumnView is a header of the file with the column that it was taken for.
type ColumnView struct {
	Title string `json:"title" doc:"The header as the file has it"`
	Key   string `json:"column" doc:"Stable name of the column"`
	Name  string `json:"name" doc:"Its usual name, as in the template"`
}

// FailureView is why a file was not read to its end.
type FailureView struct {
	Code   string                 `json:"code"`
	Detail string                 `json:"detail" doc:"In the language of Accept-Language"`
	Params fault.Params           `json:"params,omitempty"`
	Errors []httpapi.FieldProblem `json:"errors,omitempty"`
}

// LineView is a run of rows with one outcome.
type LineView struct {
	From        int           `json:"from" doc:"First row, as a spreadsheet program counts"`
	To          int           `json:"to" doc:"Last row"`
	Outcome     sheet.Outcome `json:"outcome" doc:"created, updated, unchanged, rejected, skipped or noted" example:"rejected"`
	OutcomeText string        `json:"outcomeText" doc:"In the language of Accept-Language"`
	Why         string        `json:"why,omitempty" doc:"Why rows were skipped, in the language of Accept-Language"`
	Problems    []ProblemView `json:"problems,omitempty" doc:"Of a rejected row, or of cells that were left out"`
}

// ProblemView is what is wrong in one cell or row. It never shows the cell's text.
type ProblemView struct {
	Column   string       `json:"column,omitempty" doc:"Stable name of the column; absent for the whole row"`
	Title    string       `json:"title,omitempty" doc:"The header as the file has it"`
	Code     string       `json:"code"`
	Why      string       `json:"why" doc:"In the language of Accept-Language"`
	Expected string       `json:"expected,omitempty" doc:"In the language of Accept-Language"`
	Params   fault.Params `json:"params,omitempty"`
}

// ProgressView is the data of a progress event.
type ProgressView struct {
	State     State `json:"state"`
	RowsDone  int64 `json:"rowsDone"`
	RowsTotal int64 `json:"rowsTotal"`
}

type edge struct {
	*Service
	api *httpapi.API
}

// Register adds the operations. Each kind has an operation of its own, since each needs its own permission.
func Register(api *httpapi.API, s *Service) {
	e := edge{s, api}
	for _, k := range s.Kinds {
		e.registerKind(k)
	}
	e.registerReading()
	e.registerFiles()
}

type submission struct {
	RawBody huma.MultipartFormFiles[struct {
		File       huma.FormFile `form:"file" required:"true" doc:"XLSX, or CSV in UTF-8, UTF-16 or GB18030"`
		Mapping    huma.FormFile `form:"mapping" required:"false" doc:"What the columns of a foreign table mean (YAML); for kinds that take one"`
		Target     string        `form:"target" required:"false" doc:"Identifier of the place that the rows belong to"`
		DryRun     bool          `form:"dryRun" required:"false" doc:"Find out what would happen, and change nothing"`
		PhoneBasis string        `form:"phoneBasis" required:"false" doc:"Legal basis for phones in the file: consent, contract or duty (PIPL 13). Without one phones are left out"`
	}]
}

func (e edge) registerKind(k Kind) {
	about := "Takes the file, looks at its form and imports it in the background; read the run for progress and result. Rows that are there already are unchanged, so a file can be submitted again at any time."
	switch k.Target {
	case TargetRequired:
		about += " target is the " + k.TargetIs + "."
	case TargetOptional:
		about += " target may be the " + k.TargetIs + ", or the rows name it."
	case NoTarget:
		about += " It takes no target."
	}
	httpapi.Register(e.api, httpapi.Op{ID: "import" + camel(k.Name), Method: http.MethodPost, Path: "/imports/" + k.Name, Tag: tag, Permission: k.Permissions[0], Status: http.StatusAccepted,
		Summary: "Import " + strings.ReplaceAll(k.Name, "-", " "), Description: about, MaxBody: sheet.DefaultLimits().Bytes + MaxMapping + 1<<16, Timeout: 3 * time.Minute},
		func(ctx context.Context, in *submission) (*httpapi.Body[RunView], error) {
			input, err := in.input()
			if err != nil {
				return nil, err
			}
			run, err := e.Submit(ctx, authz.From(ctx), httpapi.Once(ctx), k.Name, input)
			return httpapi.Answer(e.view(ctx, run), err)
		})
}

// camel makes WorkOrders of work-orders.
func camel(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func (in *submission) input() (Input, error) {
	form := in.RawBody.Data()
	out := Input{Name: form.File.Filename, DryRun: form.DryRun, PhoneBasis: form.PhoneBasis}
	var err error
	if form.Target != "" {
		if out.Target, err = id.Parse(form.Target); err != nil {
			return out, fault.InvalidField("body.target", "field.format", "expected", "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
		}
	}
	if out.Data, err = readForm(form.File, sheet.DefaultLimits().Bytes); err != nil {
		return out, err
	}
	if form.Mapping.IsSet {
		out.Mapping, err = readForm(form.Mapping, MaxMapping)
	}
	return out, err
}

// readForm reads a file of a form, one byte beyond most at the end, for whoever refuses it.
func readForm(f huma.FormFile, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	return data, errors.Join(err, f.Close())
}

func (e edge) view(ctx context.Context, r Run) RunView {
	v := RunView{ID: r.ID, Kind: r.Kind, PersonID: r.Person, FileName: r.FileName, FileBytes: r.FileBytes, FileSHA256: blob.Hash(r.FileSHA256).String(), TargetID: r.Target,
		DryRun: r.DryRun, PhoneBasis: r.PhoneBasis, State: r.State, CancelAsked: r.CancelAsked, RowsDone: r.Done, RowsTotal: r.Total,
		CreatedAt: r.CreatedAt, StartedAt: r.StartedAt, EndedAt: r.EndedAt, KeptUntil: r.KeptUntil}
	if o := r.Outcome; o != nil {
		c := o.Counts
		v.Outcome = &OutcomeView{Sheet: o.Sheet, Columns: columnViews(o.Columns), UnknownColumns: append([]string{}, o.Unknown...), Accepted: c.Accepted, Created: c.Created, Updated: c.Updated,
			Unchanged: c.Unchanged, Rejected: c.Rejected, Skipped: c.Skipped, RowsHash: o.RowsHash}
	}
	if f := r.Failure; f != nil {
		v.Failure = &FailureView{Code: f.Code, Params: f.Params, Detail: e.api.Text(ctx, f.Code, f.Params)}
		for _, fd := range f.Fields {
			v.Failure.Errors = append(v.Failure.Errors, httpapi.FieldProblem{Path: fd.Path, Code: fd.Code, Params: fd.Params, Detail: e.api.Text(ctx, fd.Code, fd.Params)})
		}
	}
	return v
}

func columnViews(known []sheet.Known) []ColumnView {
	out := make([]ColumnView, len(known))
	for i, k := range known {
		out[i] = ColumnView(k)
	}
	return out
}

func (e edge) line(ctx context.Context, l sheet.Line) LineView {
	v := LineView{From: l.From, To: l.To, Outcome: l.Outcome, OutcomeText: e.api.Text(ctx, "sheet.outcome."+string(l.Outcome), nil)}
	if l.Why != "" {
		v.Why = e.api.Text(ctx, "sheet.skipped."+l.Why, nil)
	}
	for _, p := range l.Problems {
		pv := ProblemView{Column: p.Column, Title: p.Title, Code: p.Code, Params: p.Params, Why: e.api.Text(ctx, p.Code, p.Params)}
		if p.Expected != "" {
			pv.Expected = e.api.Text(ctx, p.Expected, p.Params)
		}
		v.Problems = append(v.Problems, pv)
	}
	return v
}

type runInput struct {
	ID id.ID `path:"importId" doc:"Import"`
}

type runsInput struct {
	httpapi.PageInput
	Kind  string `query:"kind" maxLength:"20" doc:"Only imports of this kind"`
	State State  `query:"state" enum:"queued,running,done,failed,cancelled" doc:"Only imports in this state"`
}

type linesInput struct {
	httpapi.PageInput
	ID      id.ID  `path:"importId" doc:"Import"`
	Outcome string `query:"outcome" enum:"created,updated,unchanged,rejected,skipped,noted" doc:"Only rows with this outcome"`
}

func (e edge) registerReading() {
	httpapi.Register(e.api, httpapi.Op{ID: "listImports", Method: http.MethodGet, Path: "/imports", Tag: tag, Permission: authz.ImportRead,
		Summary: "Imports of one's own and of one's area", Description: "The newest first."},
		func(ctx context.Context, in *runsInput) (*httpapi.Body[page.Page[RunView]], error) {
			runs, err := e.List(ctx, authz.From(ctx), in.Kind, in.State, in.Page())
			out := page.Page[RunView]{Items: make([]RunView, len(runs.Items)), Next: runs.Next}
			for i, r := range runs.Items {
				out.Items[i] = e.view(ctx, r)
			}
			return httpapi.Answer(out, err)
		})
	httpapi.Register(e.api, httpapi.Op{ID: "getImport", Method: http.MethodGet, Path: "/imports/{importId}", Tag: tag, Permission: authz.ImportRead,
		Summary: "State, progress and result of an import"},
		func(ctx context.Context, in *runInput) (*httpapi.Body[RunView], error) {
			run, err := e.Get(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(e.view(ctx, run), err)
		})
	httpapi.Register(e.api, httpapi.Op{ID: "listImportLines", Method: http.MethodGet, Path: "/imports/{importId}/lines", Tag: tag, Permission: authz.ImportRead,
		Summary: "What became of the rows", Description: "In the file's order, neighbouring rows with the same outcome together; empty until the import is done, and after 30 days."},
		func(ctx context.Context, in *linesInput) (*httpapi.Body[page.Page[LineView]], error) {
			lines, err := e.Lines(ctx, authz.From(ctx), in.ID, in.Outcome, in.Page())
			out := page.Page[LineView]{Items: make([]LineView, len(lines.Items)), Next: lines.Next}
			for i, l := range lines.Items {
				out.Items[i] = e.line(ctx, l.Line)
			}
			return httpapi.Answer(out, err)
		})
	httpapi.Register(e.api, httpapi.Op{ID: "cancelImport", Method: http.MethodPost, Path: "/imports/{importId}/cancel", Tag: tag, Permission: authz.ImportRead,
		Summary: "Stop an import", Description: "By its submitter, and by who may import the same there. Rows already imported stay."},
		func(ctx context.Context, in *runInput) (*httpapi.Body[RunView], error) {
			run, err := e.Cancel(ctx, authz.From(ctx), in.ID)
			return httpapi.Answer(e.view(ctx, run), err)
		})
	httpapi.Register(e.api, httpapi.Op{ID: "followImport", Method: http.MethodGet, Path: "/imports/{importId}/progress", Tag: tag, Permission: authz.ImportRead, Timeout: -1,
		Summary: "Follow an import", Description: "Server-sent events `progress` with state, rowsDone and rowsTotal whenever they change; the stream ends with the import."},
		func(ctx context.Context, in *runInput) (*huma.StreamResponse, error) {
			p := authz.From(ctx)
			if _, err := e.Get(ctx, p, in.ID); err != nil {
				return nil, err
			}
			return e.api.Stream(func(ctx context.Context, send httpapi.Sender, idle <-chan time.Time) error {
				return e.follow(ctx, p, in.ID, send, idle)
			}), nil
		})
}

// follow sends the run's progress until it ends.
func (e edge) follow(ctx context.Context, p authz.Principal, run id.ID, send httpapi.Sender, idle <-chan time.Time) error {
	look := time.NewTicker(noteEvery)
	defer look.Stop()
	var last ProgressView
	for n := 1; ; {
		r, err := e.Get(ctx, p, run)
		if err != nil {
			return err
		}
		now := ProgressView{r.State, r.Done, r.Total}
		if now != last {
			if err := e.sendProgress(send, n, now); err != nil {
				return err
			}
			last, n = now, n+1
		}
		if r.State.Ended() {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-idle: // something must pass, or a proxy takes the line for dead
			last = ProgressView{}
		case <-look.C:
		}
	}
}

func (e edge) sendProgress(send httpapi.Sender, n int, v ProgressView) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return send("progress", strconv.Itoa(n), data)
}

type templateInput struct {
	Kind string `path:"kind" maxLength:"20" doc:"Kind of import"`
}

func (e edge) registerFiles() {
	httpapi.Register(e.api, httpapi.Op{ID: "downloadImportReport", Method: http.MethodGet, Path: "/imports/{importId}/report.xlsx", Tag: tag, Permission: authz.ImportRead, Timeout: 2 * time.Minute,
		Summary: "The report of an import as a workbook", Description: "Every row with its outcome, and for each problem the column, the reason and what was expected, in the language of Accept-Language."},
		func(ctx context.Context, in *runInput) (*huma.StreamResponse, error) {
			run, report, err := e.Report(ctx, authz.From(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			say := func(code string, params fault.Params) string { return e.api.Text(ctx, code, params) }
			mark := fmt.Sprintf("%s · %s", run.FileName, run.ID)
			return httpapi.File(httpapi.Download{Name: "import-" + run.ID.String() + ".xlsx", MediaType: mediaXLSX,
				Write: func(w io.Writer) error { return report.WriteReport(w, say, mark) }}), nil
		})
	httpapi.Register(e.api, httpapi.Op{ID: "downloadImportTemplate", Method: http.MethodGet, Path: "/import-templates/{kind}", Tag: tag, Permission: authz.ImportRead,
		Summary: "An empty table to fill in", Description: "A workbook with the headers and one row as an example, which is to be replaced."},
		func(ctx context.Context, in *templateInput) (*huma.StreamResponse, error) {
			var body strings.Builder
			if err := e.WriteTemplate(authz.From(ctx), in.Kind, &body); err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: in.Kind + ".xlsx", MediaType: mediaXLSX,
				Write: func(w io.Writer) error { _, err := io.WriteString(w, body.String()); return err }}), nil
		})
}
