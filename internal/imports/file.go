package imports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/sheet"
)

// ErrRejected is returned by RunFiles when every file was read, but rows were rejected.
var ErrRejected = errors.New("rows were rejected")

// Command is an import from the command line: files are read here and imported at once.
type Command struct {
	Importer  Importer
	Principal authz.Principal
	Input     Input // its Name and Data are those of each file in turn
	Out       io.Writer
	Terminal  bool // Out is one: a line on it shows how far the import is
	Say       sheet.Speak
	Report    string // where the report goes: a file for one file, a folder for several; empty for nowhere
}

// shown is how many rejected rows are printed for a file; the report has them all.
const shown = 50

// RunFiles imports files and folders in the order given, a folder's tables by name. It prints what became
// of each file and of all. A file that cannot be read does not keep the others from being imported; it is
// an error at the end, as are rejected rows (ErrRejected).
func RunFiles(ctx context.Context, c Command, paths []string) error {
	var names []string
	for _, p := range paths {
		found, err := tables(p)
		if err != nil {
			return err
		}
		names = append(names, found...)
	}
	if len(names) > 1 && c.Report != "" {
		if err := os.MkdirAll(c.Report, 0o750); err != nil {
			return fmt.Errorf("folder of the reports: %w", err)
		}
	}
	var sum sheet.Counts
	var failed error
	for _, name := range names {
		report, err := c.file(ctx, name, len(names) > 1)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", name, c.explain(err)))
			continue
		}
		sum = add(sum, report.Counts)
	}
	if len(names) > 1 {
		c.printf("all %d files: %s\n", len(names), counts(sum))
	}
	if c.Input.DryRun {
		c.printf("Dry run: nothing was changed.\n")
	}
	if failed == nil && sum.Rejected > 0 {
		failed = fmt.Errorf("%d %w", sum.Rejected, ErrRejected)
	}
	return failed
}

// tables is a file itself, or the tables in a folder by name; those of programs too old to read are among
// them, so that nobody believes they were imported.
func tables(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries { // sorted by name
		ext := strings.ToLower(filepath.Ext(e.Name()))
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), "~$") && slices.Contains([]string{".csv", ".xlsx", ".xls"}, ext) {
			out = append(out, filepath.Join(path, e.Name()))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no .csv, .xlsx or .xls file in this folder: %w", path, fs.ErrNotExist)
	}
	return out, nil
}

// file imports one file.
func (c Command) file(ctx context.Context, name string, several bool) (*sheet.Report, error) {
	in := c.Input
	in.Name = filepath.Base(name)
	var err error
	if in.Data, err = readFile(name, sheet.DefaultLimits().Bytes); err != nil {
		return nil, err
	}
	report, err := c.Importer(ctx, c.Principal, in, c.progress(in.Name))
	if c.Terminal {
		c.printf("\r\x1b[K")
	}
	if err != nil {
		return nil, err
	}
	c.printf("%s: %s\n", in.Name, counts(report.Counts))
	c.rejected(report)
	if c.Report == "" {
		return report, nil
	}
	target := c.Report
	if several {
		target = filepath.Join(c.Report, in.Name+".report.xlsx")
	}
	return report, c.writeReport(report, target, in.Name)
}

// readFile reads at most one byte beyond the limit: the importer refuses such a file by its own limit.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	return data, errors.Join(err, f.Close())
}

func (c Command) progress(name string) func(done, total int) {
	if !c.Terminal {
		return nil
	}
	return func(done, total int) {
		c.printf("\r\x1b[K%s: %d of %d rows (%d %%)", name, done, total, 100*done/max(total, 1))
	}
}

// rejected prints the rejected rows, in the words of the report.
func (c Command) rejected(report *sheet.Report) {
	if len(report.Unknown) > 0 {
		c.printf("  columns not imported: %s\n", strings.Join(report.Unknown, ", "))
	}
	n := 0
	for _, l := range report.Lines {
		for _, p := range l.Problems {
			if n++; n > shown {
				continue
			}
			where := fmt.Sprintf("row %d", l.From)
			if l.To > l.From {
				where = fmt.Sprintf("rows %d-%d", l.From, l.To)
			}
			if column := strings.TrimSpace(p.Title); column != "" {
				where += ", " + column
			}
			c.printf("  %s (%s): %s", where, c.Say("sheet.outcome."+string(l.Outcome), nil), c.Say(p.Code, p.Params))
			if p.Expected != "" {
				c.printf(" [%s: %s]", c.Say("sheet.report.expected", nil), c.Say(p.Expected, p.Params))
			}
			c.printf("\n")
		}
	}
	if n > shown {
		c.printf("  and %d more; --report writes them all\n", n-shown)
	}
}

func (c Command) writeReport(report *sheet.Report, target, mark string) error {
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	err = report.WriteReport(f, c.Say, mark)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	c.printf("  report: %s\n", target)
	return nil
}

// explain turns a refusal into its sentences.
func (c Command) explain(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return err
	}
	text := c.Say(f.Code, f.Params)
	for _, field := range f.Fields {
		text += " " + field.Path + ": " + c.Say(field.Code, field.Params)
	}
	return errors.New(text)
}

// printf writes to the terminal; one that is gone stops nothing.
func (c Command) printf(format string, args ...any) { _, _ = fmt.Fprintf(c.Out, format, args...) }

func counts(n sheet.Counts) string {
	return fmt.Sprintf("accepted %d (created %d, updated %d, unchanged %d), rejected %d, skipped %d", n.Accepted, n.Created, n.Updated, n.Unchanged, n.Rejected, n.Skipped)
}

func add(a, b sheet.Counts) sheet.Counts {
	return sheet.Counts{Accepted: a.Accepted + b.Accepted, Created: a.Created + b.Created, Updated: a.Updated + b.Updated,
		Unchanged: a.Unchanged + b.Unchanged, Rejected: a.Rejected + b.Rejected, Skipped: a.Skipped + b.Skipped}
}
