package contract

import (
	"context"
	"errors"
	"strconv"

	"github.com/redproperty/redproperty/internal/audit"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/sheet"
)

// ImportInput is a file of running contracts and where its rows belong.
type ImportInput struct {
	Name   string // of the file, for messages
	Data   []byte
	Target id.ID // the division, estate or service area that the rows' places lie in
	DryRun bool  // find out what would happen, and change nothing
}

// Progress is told how many rows are done; nil is told nothing.
type Progress func(done, total int)

// maxImportRows bounds a file: a city has fewer service areas, and all rows are written in one transaction.
const maxImportRows = 5000

// importColumns are what an export of a filing system has.
var importColumns = sheet.Schema{
	{Key: "service_area", Names: []string{"物业区域", "物业服务区域", "小区", "小区名称", "项目名称", "Service area"}, Required: true},
	{Key: "company_code", Names: []string{"统一社会信用代码", "物业企业信用代码", "信用代码", "Company code"}, Required: true},
	{Key: "number", Names: []string{"合同编号", "合同号", "Contract number"}, Required: true},
	{Key: "starts_on", Names: []string{"开始日期", "合同开始日期", "起始日期", "生效日期", "Start"}, Required: true},
	{Key: "ends_on", Names: []string{"截止日期", "合同截止日期", "到期日期", "结束日期", "End"}},
	{Key: "kind", Names: []string{"合同类型", "合同性质", "Kind"}},
	{Key: "fee_method", Names: []string{"收费方式", "计费方式", "Fee method"}},
	{Key: "signed_on", Names: []string{"签订日期", "签约日期", "Signed"}},
	{Key: "filed_on", Names: []string{"备案日期", "Filed"}},
	{Key: "filing_number", Names: []string{"备案号", "备案编号", "Filing number"}},
	{Key: "fee_residential", Names: []string{"住宅物业费", "住宅收费标准", "Residential fee"}},
	{Key: "fee_commercial", Names: []string{"商业物业费", "商业收费标准", "Commercial fee"}},
	{Key: "fee_parking", Names: []string{"车位费", "车位管理费", "Parking fee"}},
}

var (
	importKinds   = map[string]string{"前期": "early_stage", "前期物业": "early_stage", "前期物业服务合同": "early_stage", "early_stage": "early_stage", "普通": "ordinary", "物业服务合同": "ordinary", "普通物业服务合同": "ordinary", "ordinary": "ordinary"}
	importMethods = map[string]string{"包干": "lump_sum", "包干制": "lump_sum", "lump_sum": "lump_sum", "酬金": "commission", "酬金制": "commission", "commission": "commission", "信托": "trust", "信托制": "trust", "trust": "trust"}
)

// ready is a row that will be written.
type ready struct {
	contract Contract
	running  Running
}

// importing is an import under way.
type importing struct {
	s      *Service
	within id.ID
	report *sheet.Report
	ready  []ready
	taken  map[id.ID]bool // service areas that a row of this file already governs
}

// ImportContracts enters the running contracts of a file, by the street office. Rows already there with the
// same facts are unchanged, so running a file twice changes nothing; all new rows are written in one
// transaction with one audit record that holds the hash of the accepted rows. Faults: those of package sheet.
func (s *Service) ImportContracts(ctx context.Context, p authz.Principal, in ImportInput, progress Progress) (*sheet.Report, error) {
	path, err := s.Places.Path(ctx, s.DB, in.Target)
	if err != nil {
		return nil, err
	}
	actor, err := authz.Act(p, authz.ContractImport, authz.Object{Path: path})
	if err != nil {
		return nil, err
	}
	limits := sheet.DefaultLimits()
	limits.Rows = maxImportRows
	book, err := sheet.OpenBytes(in.Name, in.Data, limits)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	t, err := book.Table(importColumns)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	run := &importing{s: s, within: in.Target, report: sheet.NewReport(t, nil), taken: map[id.ID]bool{}}
	if err := run.read(ctx, t, progress); err != nil {
		return nil, err
	}
	if in.DryRun {
		return run.report, nil
	}
	return run.report, run.write(ctx, actor, in.Target, path)
}

func (run *importing) read(ctx context.Context, t *sheet.Table, progress Progress) error {
	for n := 1; t.Next(); n++ {
		row := t.Row()
		if err := run.row(ctx, row); err != nil {
			return err
		}
		if progress != nil && n%100 == 0 {
			done, total := t.Progress()
			progress(int(done), int(total))
		}
	}
	run.report.Finish()
	return t.Err()
}

// row judges one row.
func (run *importing) row(ctx context.Context, row *sheet.Row) error {
	in, name, code := parseRunning(row)
	if !row.OK() {
		run.report.Reject(row)
		return nil
	}
	place, err := run.find(ctx, row, name)
	if err == nil && row.OK() {
		err = run.judge(ctx, row, place, code, in)
	}
	if f := refusal(err); f != nil {
		rejectBy(row, f)
		err = nil
	}
	if err == nil && !row.OK() {
		run.report.Reject(row)
	}
	return err
}

// refusal is the fault by which a row is refused; nil for success and for what ends the whole import.
func refusal(err error) *fault.Fault {
	var f *fault.Fault
	if errors.As(err, &f) && f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return f
	}
	return nil
}

func rejectBy(row *sheet.Row, f *fault.Fault) {
	if len(f.Fields) == 0 {
		row.Reject("", f.Code, "", pairs(f.Params)...)
	}
	for _, field := range f.Fields {
		row.Reject("", field.Code, "", pairs(field.Params)...)
	}
}

func pairs(params fault.Params) []any {
	var out []any
	for k, v := range params {
		out = append(out, k, v)
	}
	return out
}

// parseRunning reads the cells of a row.
func parseRunning(row *sheet.Row) (in Running, place, companyCode string) {
	place, companyCode = row.Text("service_area", 100), row.Code("company_code", 18)
	in.Number, in.StartsOn, in.EndsOn = row.Code("number", 60), row.Date("starts_on"), day(row, "ends_on")
	in.SignedOn, in.FiledOn, in.FilingNumber = day(row, "signed_on"), day(row, "filed_on"), row.Text("filing_number", 60)
	in.Kind, in.FeeMethod = Ordinary, LumpSum
	if k := row.Choice("kind", importKinds); k != "" {
		in.Kind = Kind(k)
	}
	if m := row.Choice("fee_method", importMethods); m != "" {
		in.FeeMethod = FeeMethod(m)
	}
	for _, f := range []struct {
		key, unit string
		per       Charge
	}{{"fee_residential", "residential", PerArea}, {"fee_commercial", "commercial", PerArea}, {"fee_parking", "parking", PerUnit}} {
		if !row.Blank(f.key) {
			in.Fees = append(in.Fees, Fee{UnitKind: f.unit, Fen: row.Money(f.key), Per: f.per})
		}
	}
	return in, place, companyCode
}

func day(row *sheet.Row, key string) *clock.Date {
	if row.Blank(key) {
		return nil
	}
	d := row.Date(key)
	return &d
}

// find looks the service area up by name.
func (run *importing) find(ctx context.Context, row *sheet.Row, name string) (Place, error) {
	places, err := run.s.Places.Named(ctx, run.s.DB, run.within, name)
	if err != nil {
		return Place{}, err
	}
	switch len(places) {
	case 0:
		row.Reject("service_area", "contract.area_unknown", "")
	case 1:
		return places[0], nil
	default:
		row.Reject("service_area", "contract.area_ambiguous", "", "count", len(places))
	}
	return Place{}, nil
}

// judge decides whether the row is new, known, or wrong.
func (run *importing) judge(ctx context.Context, row *sheet.Row, place Place, code string, in Running) error {
	company, err := run.s.Orgs.CompanyByCode(ctx, run.s.DB, code)
	if errors.Is(err, fault.NotFound) {
		row.Reject("company_code", "contract.company", "")
		return nil
	}
	if err != nil {
		return err
	}
	in.ServiceAreaID, in.CompanyID = place.ServiceAreaID, company.ID
	if err := in.checkDates(run.s.today()); err != nil {
		return err
	}
	if in.Terms, err = in.Terms.clean(run.s.Rules.Categories, run.s.locality(place)); err != nil {
		return err
	}
	known, found, err := byNumber(ctx, run.s.DB, place.ServiceAreaID, in.Number)
	if err != nil {
		return err
	}
	if found {
		return run.compare(ctx, row, known, in)
	}
	return run.add(ctx, row, place, in)
}

// compare tells a row that says nothing new from one that contradicts what is known.
func (run *importing) compare(ctx context.Context, row *sheet.Row, known Contract, in Running) error {
	t, err := terms(ctx, run.s.DB, known)
	if err != nil {
		return err
	}
	if !same(known, t, in) {
		row.Reject("number", "contract.import_differs", "")
		return nil
	}
	run.report.Accept(row, sheet.Unchanged, in.canonical()...)
	return nil
}

func same(c Contract, t Terms, in Running) bool {
	have := Running{NewContract: NewContract{ServiceAreaID: c.ServiceAreaID, CompanyID: c.CompanyID, Terms: t}, SignedOn: c.SignedOn}
	a, b := have.canonical(), in.canonical()
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// canonical is what a row means, in a fixed order and form. The filing may be recorded later, so it does not
// make a row another one.
func (in Running) canonical() []string {
	out := []string{in.ServiceAreaID.String(), in.CompanyID.String(), in.Number, string(in.Kind), string(in.FeeMethod), string(in.StartsOn), text10(in.EndsOn), text10(in.SignedOn)}
	for _, f := range in.Fees {
		out = append(out, f.UnitKind, strconv.FormatInt(f.Fen, 10), string(f.Per))
	}
	return out
}

func text10(d *clock.Date) string {
	if d == nil {
		return ""
	}
	return string(*d)
}

// add takes a new row, unless another contract governs its place already.
func (run *importing) add(ctx context.Context, row *sheet.Row, place Place, in Running) error {
	prev, found, err := inForce(ctx, run.s.DB, place.ServiceAreaID)
	if err != nil {
		return err
	}
	if found || run.taken[place.ServiceAreaID] {
		row.Reject("service_area", "contract.other_in_force", "", "number", prev.Number)
		return nil
	}
	run.taken[place.ServiceAreaID] = true
	run.ready = append(run.ready, ready{in.contract(place).with(in.Terms), in})
	run.report.Accept(row, sheet.Created, in.canonical()...)
	return nil
}

// imported is the detail of the audit record of a file.
type imported struct {
	Contracts []id.ID      `json:"contracts"`
	Counts    sheet.Counts `json:"counts"`
	Rows      string       `json:"rows"` // hash of the accepted rows
}

func (run *importing) write(ctx context.Context, actor authz.Actor, target id.ID, path string) error {
	done := imported{Contracts: []id.ID{}, Counts: run.report.Counts, Rows: run.report.Hash()}
	for _, r := range run.ready {
		done.Contracts = append(done.Contracts, r.contract.ID)
	}
	return run.s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		for _, r := range run.ready {
			if err := run.s.insert(ctx, tx, actor, r.contract, r.running.Terms, run.s.running(r.running)); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, run.s.now(), audit.Entry{Actor: actor, Action: "contract.import_file", ObjectKind: "area", ObjectID: target, ScopePath: path, Detail: done})
	})
}
