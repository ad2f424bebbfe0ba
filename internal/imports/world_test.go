package imports_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/area"
	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/contract"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/imports"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/personal"
	"github.com/redproperty/redproperty/internal/sheet"
)

var (
	ctx   = context.Background()
	noKey idem.Key
)

// world is the service with the real importers of places, and one importer that a test holds in its hand.
type world struct {
	*imports.Service
	t       testing.TB
	clock   *clock.Fake
	blobs   *blob.Local
	areas   *area.Service
	street  area.Area
	office  authz.Principal // of the street
	town    authz.Principal // community of the street
	owner   id.ID           // of the lease
	limited []id.ID
	refuse  error

	mu      sync.Mutex
	present map[id.ID]authz.Principal // accounts as they are now
	held    func(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error)
}

func (w *world) Principal(_ context.Context, account, person id.ID) (authz.Principal, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, ok := w.present[account]
	if !ok || p.Person != person {
		return p, fault.New(fault.Unauthenticated, "auth.required")
	}
	return p, nil
}

func (w *world) Path(ctx context.Context, q dbx.Querier, which id.ID) (string, error) {
	_, path, err := area.Store{}.Scope(ctx, q, which)
	return path, err
}

func (w *world) Import(_ context.Context, organisation id.ID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limited = append(w.limited, organisation)
	return w.refuse
}

func estateImporter(s *area.Service) imports.Importer {
	return func(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
		return area.NewImporter(s).ImportEstate(ctx, p, area.ImportInput{Name: in.Name, Data: in.Data, Target: in.Target, DryRun: in.DryRun}, progress)
	}
}

func (w *world) holding(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
	w.mu.Lock()
	held := w.held
	w.mu.Unlock()
	return held(ctx, p, in, progress)
}

func newWorld(t testing.TB, db *dbx.DB) *world {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	dir := t.TempDir()
	vault, err := personal.OpenVault(ctx, personal.VaultConfig{DB: db, Keys: personal.KeyFile{Path: filepath.Join(dir, "keys")}, Clock: c})
	require.NoError(t, err)
	blobs, err := blob.OpenLocal(filepath.Join(dir, "blobs"), c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, blobs.Close()) })
	w := &world{t: t, clock: c, blobs: blobs, owner: id.New(), present: map[id.ID]authz.Principal{}}
	w.areas = area.New(area.Deps{DB: db, Clock: c, Vault: vault, Reads: personal.NewReads(c), Serving: contract.Store{}})
	w.Service = imports.New(imports.Deps{DB: db, Clock: c, Blobs: blobs, Cipher: personal.AES{}, WrapKey: vault.Derive("import files"), Principals: w, Places: w, Limits: w,
		Kinds: []imports.Kind{
			{Name: "estate", Permissions: []authz.Permission{authz.PlaceManage}, Target: imports.TargetOptional, TargetIs: "community", Import: estateImporter(w.areas),
				Template: []imports.Column{{Title: "小区", Example: "金海花园"}, {Title: "楼栋", Example: "1号楼"}, {Title: "房号", Example: "101"}, {Title: "建筑面积", Example: "89.53"}}},
			{Name: "work-orders", Permissions: []authz.Permission{authz.OrderImport}, Target: imports.TargetRequired, TargetIs: "service area", Mapping: true, Phones: true, Import: w.holding},
			{Name: "divisions", Permissions: []authz.Permission{authz.PlaceManage}, Import: w.holding},
		}})
	w.furnish()
	return w
}

func (w *world) furnish() {
	w.t.Helper()
	data, err := configs.Divisions.ReadFile("divisions/muping_370612.csv")
	require.NoError(w.t, err)
	_, err = area.NewImporter(w.areas).ImportDivisions(ctx, authz.System("test"), area.ImportInput{Name: "divisions.csv", Data: data}, nil)
	require.NoError(w.t, err)
	w.street = w.byCode("370612001000")
	w.office = w.staff(authz.RoleStreetOffice, w.street.Path)
	w.town = w.staff(authz.RoleCommunity, w.byCode("370612001005").Path)
}

func (w *world) byCode(code string) area.Area {
	w.t.Helper()
	a, err := w.areas.AreaByCode(ctx, w.DB, code, "2026-11-22")
	require.NoError(w.t, err)
	return a
}

// staff is somebody with a post, whose account can be used.
func (w *world) staff(role authz.Role, path string) authz.Principal {
	p := authz.Principal{Account: id.New(), Person: id.New(), Grants: []authz.Grant{{ID: id.New(), Role: role, Org: id.New(), Path: path}}}
	w.present[p.Account] = p
	return p
}

// each runs body on every engine.
func each(t *testing.T, body func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { body(t, newWorld(t, db)) })
}

func (w *world) lease() job.Lease {
	w.t.Helper()
	l, err := job.Acquire(ctx, w.DB, "job:imports", w.owner, clock.Now(w.clock), 30*time.Second)
	require.NoError(w.t, err)
	return l
}

// work runs everything that is queued.
func (w *world) work() error {
	w.t.Helper()
	_, err := w.Work(ctx, w.lease())
	return err
}

func (w *world) get(run id.ID) imports.Run {
	w.t.Helper()
	r, err := w.Get(ctx, w.office, run)
	require.NoError(w.t, err)
	return r
}

// submit submits a table of divisions, which the held importer reads.
func (w *world) submit(text string) imports.Run {
	w.t.Helper()
	r, err := w.Submit(ctx, w.office, noKey, "divisions", imports.Input{Name: "d.csv", Data: []byte(text)})
	require.NoError(w.t, err)
	return r
}

func (w *world) hold(f func(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = f
}

// accepting reads a table and accepts its rows, except those whose name is 坏.
func accepting(_ context.Context, _ authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
	book, err := sheet.OpenBytes(in.Name, in.Data, sheet.DefaultLimits())
	if err != nil {
		return nil, err
	}
	table, err := book.Table(sheet.Schema{{Key: "name", Names: []string{"名称"}, Required: true}})
	if err != nil {
		return nil, err
	}
	report := sheet.NewReport(table, nil)
	for n := 1; table.Next(); n++ {
		row := table.Row()
		if row.Raw("name") == "坏" {
			row.Reject("name", "sheet.choice_unknown", "sheet.expect.choice", "choices", []string{"甲", "乙"})
			report.Reject(row)
		} else {
			report.Accept(row, sheet.Created, row.Raw("name"))
		}
		progress(n, n)
	}
	report.Finish()
	return report, table.Err()
}

func (w *world) blobCount() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.blobs.Walk(ctx, func(blob.Info) error { n++; return nil }))
	return n
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	require.NoError(w.t, w.DB.Get(ctx, &n, query, args...))
	return n
}

// form is a multipart body.
func form(t testing.TB, file []byte, fields ...string) (body []byte, contentType string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, err := m.CreateFormFile("file", `C:\temp\名单.csv`)
	require.NoError(t, err)
	_, err = f.Write(file)
	require.NoError(t, err)
	for i := 0; i+1 < len(fields); i += 2 {
		require.NoError(t, m.WriteField(fields[i], fields[i+1]))
	}
	require.NoError(t, m.Close())
	return b.Bytes(), m.FormDataContentType()
}
