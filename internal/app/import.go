package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/imports"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/renovation"
	"github.com/redproperty/redproperty/internal/sheet"
	"github.com/redproperty/redproperty/internal/workorder"
)

// newImports makes the service that runs imports in the background.
func (a *App) newImports() *imports.Service {
	return imports.New(imports.Deps{DB: a.DB, Clock: a.Clock, Blobs: a.Blobs, Cipher: personal.AES{}, WrapKey: a.Vault.Derive("import files"),
		Kinds: a.importKinds(), Principals: importers{a}, Places: contractPlaces{clock: a.Clock}, Limits: a.guard()})
}

// importKinds are the tables that can be imported, over the API and on the command line.
func (a *App) importKinds() []imports.Kind {
	places := area.NewImporter(a.Areas)
	return []imports.Kind{
		{Name: "divisions", Permissions: []authz.Permission{authz.PlaceManage}, Import: fromPlaces(places.ImportDivisions), Template: divisionTemplate},
		{Name: "estate", Permissions: []authz.Permission{authz.PlaceManage}, Target: imports.TargetOptional, TargetIs: "community", Import: fromPlaces(places.ImportEstate), Template: estateTemplate},
		{Name: "households", Permissions: []authz.Permission{authz.PlaceManage, authz.RollManage}, Target: imports.TargetRequired, TargetIs: "service area", Phones: true,
			Import: fromPlaces(places.ImportHouseholds), Template: householdTemplate},
		{Name: "contracts", Permissions: []authz.Permission{authz.ContractImport}, Target: imports.TargetRequired, TargetIs: "division, estate or service area that the rows' places lie in",
			Import: a.importContracts, Template: contractTemplate},
		{Name: "renovation-plans", Permissions: []authz.Permission{authz.RenovationImport}, Target: imports.TargetOptional, TargetIs: "division that keeps the list",
			Import: a.importPlanList, Template: planListTemplate},
		{Name: "work-orders", Permissions: []authz.Permission{authz.OrderImport}, Target: imports.TargetRequired, TargetIs: "service area", Mapping: true,
			Import: a.importOrders, Template: orderTemplate},
	}
}

// fromPlaces gives an importer of package area the common form.
func fromPlaces(f func(context.Context, authz.Principal, area.ImportInput, area.Progress) (*sheet.Report, error)) imports.Importer {
	return func(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
		return f(ctx, p, area.ImportInput{Name: in.Name, Data: in.Data, Target: in.Target, DryRun: in.DryRun, PhoneBasis: personal.Basis(in.PhoneBasis)}, progress)
	}
}

func (a *App) importContracts(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
	return a.Contracts.ImportContracts(ctx, p, contract.ImportInput{Name: in.Name, Data: in.Data, Target: in.Target, DryRun: in.DryRun}, progress)
}

func (a *App) importPlanList(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
	return a.Renovation.ImportPlanList(ctx, p, renovation.ImportInput{Name: in.Name, Data: in.Data, Target: in.Target, DryRun: in.DryRun}, progress)
}

func (a *App) importOrders(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
	return a.Orders.ImportWorkOrders(ctx, p, workorder.ImportInput{Name: in.Name, Data: in.Data, Mapping: in.Mapping, Target: in.Target, DryRun: in.DryRun}, progress)
}

// The templates have the first names of the importers' columns; a test imports each of them.
var (
	divisionTemplate = []imports.Column{{Title: "区划代码", Example: "370612001005"}, {Title: "名称", Example: "示例社区"}, {Title: "级别", Example: "社区"}, {Title: "生效日期", Example: "2024-01-01"}}
	unitTemplate     = []imports.Column{{Title: "楼栋", Example: "1号楼"}, {Title: "单元", Example: "1单元"}, {Title: "房号", Example: "101"}, {Title: "楼层", Example: "1"}, {Title: "建筑面积", Example: "89.53"}}
	estateTemplate   = slices.Concat([]imports.Column{{Title: "小区", Example: "示例小区"}, {Title: "物业服务区域", Example: "示例小区一期"}, {Title: "社区代码", Example: "370612001005"}}, unitTemplate)

	householdTemplate = slices.Concat(unitTemplate, []imports.Column{{Title: "业主", Example: "张示例"}, {Title: "联系电话", Example: "13800000000"}, {Title: "业主类型", Example: "业主"}, {Title: "取得日期", Example: "2020-01-01"}})
	contractTemplate  = []imports.Column{{Title: "物业服务区域", Example: "示例小区一期"}, {Title: "统一社会信用代码", Example: "91350100M000100Y43"}, {Title: "合同编号", Example: "HT-2024-001"},
		{Title: "开始日期", Example: "2024-01-01"}, {Title: "截止日期", Example: "2027-12-31"}, {Title: "合同类型", Example: "物业服务合同"}, {Title: "收费方式", Example: "包干制"}, {Title: "签订日期", Example: "2023-12-01"}}
	planListTemplate = []imports.Column{{Title: "地市", Example: "示例市"}, {Title: "县（市、区）", Example: "示例区"}, {Title: "项目数", Example: "3"}, {Title: "小区数", Example: "3"}, {Title: "楼栋数", Example: "25"},
		{Title: "户数", Example: "788"}, {Title: "建筑面积（万㎡）", Example: "8.97"}}
	orderTemplate = []imports.Column{{Title: "编号", Example: "GD-2024-0001"}, {Title: "受理时间", Example: "2024-01-02 10:18"}, {Title: "结束时间", Example: "2024-01-03 09:00"}, {Title: "状态", Example: "已办结"},
		{Title: "类别", Example: "service.question"}, {Title: "地点", Example: "1号楼门厅"}, {Title: "承办单位", Example: "示例物业"}}
)

// importers answers package imports: what a submitter may do now.
type importers struct{ *App }

// Principal is the account's with the grants in force now.
func (i importers) Principal(ctx context.Context, account, _ id.ID) (authz.Principal, error) {
	return i.Accounts.Of(ctx, account)
}

// ImportOptions is an import from the command line.
type ImportOptions struct {
	Kind       string
	Paths      []string // files and folders
	Target     string   // see target
	DryRun     bool
	PhoneBasis string
	Mapping    string // a file; empty for none
	Report     string // where the report goes; a folder when there are several files
	Terminal   bool   // the output is one: show progress
	Language   string // of the reasons: "zh" or "en"
}

// ImportKinds names what can be imported.
func (a *App) ImportKinds() []string {
	var names []string
	for _, k := range a.importKinds() {
		names = append(names, k.Name)
	}
	return names
}

// Import imports files at once, as whoever may run commands on the server. It is imports.ErrRejected when
// rows were rejected.
func (a *App) Import(ctx context.Context, o ImportOptions, out io.Writer) error {
	kinds := a.importKinds()
	i := slices.IndexFunc(kinds, func(k imports.Kind) bool { return k.Name == o.Kind })
	if i < 0 {
		return fmt.Errorf("import %s: want one of %s", o.Kind, strings.Join(a.ImportKinds(), ", "))
	}
	kind, in := kinds[i], imports.Input{DryRun: o.DryRun, PhoneBasis: o.PhoneBasis}
	var err error
	if in.Target, err = a.target(ctx, o.Target); err != nil {
		return fmt.Errorf("--target %s: %w", o.Target, err)
	}
	switch {
	case kind.Target == imports.TargetRequired && in.Target.IsZero():
		return fmt.Errorf("import %s: --target wants the %s", kind.Name, kind.TargetIs)
	case kind.Target == imports.NoTarget && !in.Target.IsZero():
		return fmt.Errorf("import %s takes no --target: the rows name their places", kind.Name)
	case o.PhoneBasis != "" && (!kind.Phones || !slices.Contains(imports.PhoneBases, o.PhoneBasis)):
		return fmt.Errorf("--phone-basis: want %s, for a table that has phones", strings.Join(imports.PhoneBases, ", "))
	case o.Mapping != "" && !kind.Mapping:
		return fmt.Errorf("import %s takes no --mapping", kind.Name)
	}
	if o.Mapping != "" {
		if in.Mapping, err = os.ReadFile(o.Mapping); err != nil {
			return fmt.Errorf("--mapping: %w", err)
		}
	}
	say, err := httpapi.Speaker(o.Language)
	if err != nil {
		return err
	}
	return imports.RunFiles(ctx, imports.Command{Importer: kind.Import, Principal: authz.System("import"), Input: in, Out: out, Terminal: o.Terminal, Say: say, Report: o.Report}, o.Paths)
}

// target finds a place by its identifier, by its code, or, for an estate or service area, by the code of a
// division around it and its name, as 370612001005/金海花园.
func (a *App) target(ctx context.Context, text string) (id.ID, error) {
	if text == "" {
		return id.Nil, nil
	}
	if which, err := id.Parse(text); err == nil {
		_, _, err = area.Store{}.Scope(ctx, a.DB, which)
		return which, missing(err)
	}
	code, name, named := strings.Cut(text, "/")
	code += strings.Repeat("0", max(0, 12-len(code)))
	division, err := area.Store{}.AreaByCode(ctx, a.DB, code, clock.DateOf(a.Clock.Now()))
	if err != nil || !named {
		return division.ID, missing(err)
	}
	return serviceAreaNamed(ctx, a.DB, division.ID, name)
}

func serviceAreaNamed(ctx context.Context, q dbx.Querier, within id.ID, name string) (id.ID, error) {
	found, err := area.Store{}.ServiceAreasNamed(ctx, q, within, name)
	switch {
	case err != nil:
		return id.Nil, err
	case len(found) == 0:
		return id.Nil, errors.New("no such estate or service area there")
	case len(found) > 1:
		return id.Nil, fmt.Errorf("%d service areas have that name there: name one of them, or give its identifier", len(found))
	}
	return found[0].ServiceAreaID, nil
}

// missing says plainly that there is no such place.
func missing(err error) error {
	if errors.Is(err, fault.NotFound) {
		return errors.New("there is no such place; want an identifier, a 12-digit code, or CODE/NAME of an estate or service area")
	}
	return err
}
