package imports_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/imports"
	"github.com/redproperty/redproperty/internal/job"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/sheet"
)

const (
	root   = "/api/v1/imports"
	estate = "小区,楼栋,房号,建筑面积\n金海花园,1号楼,101,89.53\n金海花园,1号楼,102,abc\n金海花园,1号楼,103,90\n合计,,,179.53\n"
)

func TestOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := apitest.New(t, w.clock)
		imports.Register(server.API, w.Service)
		community := w.byCode("370612001005")

		body, kind := form(t, []byte(estate), "target", community.ID.String())
		reply := server.Do(t, w.town, http.MethodPost, root+"/estate", body, "Content-Type", kind, "Idempotency-Key", "estate-0001")
		require.Equal(t, http.StatusAccepted, reply.Status, string(reply.Body))
		var run imports.RunView
		reply.JSON(t, &run)
		require.Equal(t, imports.Queued, run.State)
		require.Equal(t, "名单.csv", run.FileName)
		require.Equal(t, []id.ID{w.town.Grants[0].Org}, w.limited)
		one := root + "/" + run.ID.String()

		reply = server.Do(t, w.town, http.MethodGet, one+"/report.xlsx", nil)
		require.Equal(t, "import.not_done", reply.Problem(t).Code)
		require.NoError(t, w.work())
		server.Do(t, w.town, http.MethodGet, one, nil).JSON(t, &run)
		require.Equal(t, imports.Done, run.State)
		require.Equal(t, int64(3), run.RowsTotal)
		require.Equal(t, 2, run.Outcome.Created)
		require.NotEmpty(t, run.Outcome.Columns, "the client shows what each header was taken for")
		require.Equal(t, 1, run.Outcome.Rejected)
		require.Equal(t, 1, run.Outcome.Skipped)
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM unit`))
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'import.estate'`))

		var lines page.Page[imports.LineView]
		server.Do(t, w.town, http.MethodGet, one+"/lines?outcome=rejected", nil, "Accept-Language", "en").JSON(t, &lines)
		require.Len(t, lines.Items, 1)
		require.Equal(t, 3, lines.Items[0].From)
		require.Equal(t, "rejected", lines.Items[0].OutcomeText)
		problem := lines.Items[0].Problems[0]
		require.Equal(t, "建筑面积", problem.Title)
		require.Equal(t, "square metres above zero with at most two decimals, such as 89.53", problem.Expected)
		require.NotContains(t, string(reply.Body), "abc")
		server.Do(t, w.town, http.MethodGet, one+"/lines?limit=1", nil).JSON(t, &lines)
		require.Equal(t, "新增", lines.Items[0].OutcomeText)
		server.Do(t, w.town, http.MethodGet, one+"/lines?cursor="+lines.Next, nil).JSON(t, &lines)
		require.Len(t, lines.Items, 3)
		require.Equal(t, "合计行", lines.Items[2].Why)

		reply = server.Do(t, w.town, http.MethodGet, one+"/report.xlsx", nil)
		require.Equal(t, http.StatusOK, reply.Status)
		book, err := sheet.OpenBytes("report", reply.Body, sheet.DefaultLimits())
		require.NoError(t, err)
		require.NoError(t, book.Close())
		reply = server.Do(t, w.town, http.MethodGet, one+"/progress", nil)
		require.Contains(t, string(reply.Body), "event: progress\ndata: {\"state\":\"done\",\"rowsDone\":3,\"rowsTotal\":3}")

		// The office of the street above sees it; the community beside does not.
		require.Equal(t, http.StatusOK, server.Do(t, w.office, http.MethodGet, one, nil).Status)
		beside := w.staff(authz.RoleCommunity, w.byCode("370612001009").Path)
		for _, path := range []string{one, one + "/lines", one + "/report.xlsx", one + "/progress"} {
			require.Equal(t, http.StatusNotFound, server.Do(t, beside, http.MethodGet, path, nil).Status, path)
		}
		require.Equal(t, http.StatusNotFound, server.Do(t, beside, http.MethodPost, one+"/cancel", nil).Status)
		var runs page.Page[imports.RunView]
		server.Do(t, beside, http.MethodGet, root, nil).JSON(t, &runs)
		require.Empty(t, runs.Items)
		server.Do(t, w.office, http.MethodGet, root+"?kind=estate&state=done", nil).JSON(t, &runs)
		require.Len(t, runs.Items, 1)
		require.Equal(t, "import.ended", server.Do(t, w.town, http.MethodPost, one+"/cancel", nil).Problem(t).Code)
	})
}

func TestRefusedAtSubmission(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := apitest.New(t, w.clock)
		imports.Register(server.API, w.Service)
		for name, c := range map[string]struct {
			p      authz.Principal
			kind   string
			file   string
			fields []string
			status int
			code   string
		}{
			"no permission":     {w.staff(authz.RoleManager, ""), "estate", estate, nil, 403, "auth.forbidden"},
			"foreign target":    {w.town, "estate", estate, []string{"target", w.byCode("370612001009").ID.String()}, 404, "not_found"},
			"no such target":    {w.town, "estate", estate, []string{"target", id.New().String()}, 404, "not_found"},
			"malformed target":  {w.town, "estate", estate, []string{"target", "x"}, 400, "field.format"},
			"target missing":    {w.office, "work-orders", estate, nil, 400, "import.target_required"},
			"target not taken":  {w.office, "divisions", estate, []string{"target", w.street.ID.String()}, 400, "import.target_unused"},
			"phones not taken":  {w.town, "estate", estate, []string{"phoneBasis", "consent"}, 400, "import.phone_basis"},
			"no such basis":     {w.office, "work-orders", estate, []string{"phoneBasis", "habit", "target", w.street.ID.String()}, 400, "import.phone_basis"},
			"not a table":       {w.town, "estate", "%PDF-1.7", nil, 415, "sheet.unsupported"},
			"empty":             {w.town, "estate", "", nil, 400, "sheet.empty"},
			"dry run of a word": {w.town, "estate", estate, []string{"dryRun", "maybe"}, 400, "field."},
		} {
			body, kind := form(t, []byte(c.file), c.fields...)
			reply := server.Do(t, c.p, http.MethodPost, root+"/"+c.kind, body, "Content-Type", kind)
			require.Equal(t, c.status, reply.Status, name+string(reply.Body))
			require.Contains(t, string(reply.Body), c.code, name)
		}
		big, kind := form(t, make([]byte, sheet.DefaultLimits().Bytes+imports.MaxMapping+1<<16))
		require.Equal(t, http.StatusRequestEntityTooLarge, server.Do(t, w.town, http.MethodPost, root+"/estate", big, "Content-Type", kind).Status)
		over, kind := form(t, bytes.Repeat([]byte("a"), int(sheet.DefaultLimits().Bytes)+1))
		require.Equal(t, "sheet.too_large", server.Do(t, w.town, http.MethodPost, root+"/estate", over, "Content-Type", kind).Problem(t).Code)
		w.refuse = fault.New(fault.RateLimited, "ratelimit.exceeded").After(time.Minute)
		body, kind := form(t, []byte(estate))
		require.Equal(t, http.StatusTooManyRequests, server.Do(t, w.town, http.MethodPost, root+"/estate", body, "Content-Type", kind).Status)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM import_run`))
		require.Zero(t, w.blobCount())
	})
}

func TestTheSameFileAtOnceIsOneImport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := imports.Input{Name: "d.csv", Data: []byte("名称\n甲\n")}
		key := idem.New(w.office.Account, "importDivisions", "once-0001", "/imports/divisions", nil, clock.Now(w.clock))
		var wg sync.WaitGroup
		runs := make([]id.ID, 20)
		for i := range runs {
			wg.Go(func() {
				once := noKey // half of them are double clicks without a key
				if i%2 == 0 {
					once = key
				}
				r, err := w.Submit(ctx, w.office, once, "divisions", in)
				if err == nil {
					runs[i] = r.ID
				}
			})
		}
		wg.Wait()
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM import_run`))
		for _, r := range runs {
			require.Equal(t, runs[0], r)
		}
		require.False(t, runs[0].IsZero())
		require.Equal(t, 1, w.blobCount(), "what lost the race is deleted")
		w.hold(accepting)
		require.NoError(t, w.work())

		// Once it has ended, the file may be submitted again, but not under a key that made a run.
		again, err := w.Submit(ctx, w.office, noKey, "divisions", in)
		require.NoError(t, err)
		require.NotEqual(t, runs[0], again.ID)
		used := idem.New(w.office.Account, "importDivisions", "once-0002", "/imports/divisions", nil, clock.Now(w.clock))
		w.hold(accepting)
		require.NoError(t, w.work())
		first, err := w.Submit(ctx, w.office, used, "divisions", in)
		require.NoError(t, err)
		require.NoError(t, w.work())
		second, err := w.Submit(ctx, w.office, used, "divisions", in)
		require.NoError(t, err)
		require.Equal(t, first.ID, second.ID)
		_, err = w.Submit(ctx, w.office, used, "divisions", imports.Input{Name: "d.csv", Data: []byte("名称\n乙\n")})
		require.ErrorIs(t, err, fault.Mismatch)
	})
}

func TestTheSubmitterMustStillBeAllowed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		run, err := w.Submit(ctx, w.town, noKey, "estate", imports.Input{Name: "e.csv", Data: []byte(estate), Target: w.byCode("370612001005").ID})
		require.NoError(t, err)
		left := w.town
		left.Grants = nil
		w.present[w.town.Account] = left
		require.NoError(t, w.work())
		r := w.get(run.ID)
		require.Equal(t, imports.Failed, r.State)
		require.Equal(t, "auth.forbidden", r.Failure.Code)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM unit`))

		delete(w.present, w.town.Account) // the account is locked
		run, err = w.Submit(ctx, w.town, noKey, "estate", imports.Input{Name: "e.csv", Data: []byte(estate), Target: w.byCode("370612001005").ID})
		require.NoError(t, err)
		require.NoError(t, w.work())
		require.Equal(t, "auth.required", w.get(run.ID).Failure.Code)
	})
}

func TestATokensScopesAndTheChosenCapacityBindTheRunToo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.office
		p.Scopes, p.Capacity = []authz.Permission{authz.PlaceManage, authz.ImportRead}, w.office.Grants[0].ID
		var seen authz.Principal
		w.hold(func(ctx context.Context, p authz.Principal, in imports.Input, progress func(done, total int)) (*sheet.Report, error) {
			seen = p
			return accepting(ctx, p, in, progress)
		})
		_, err := w.Submit(ctx, p, noKey, "divisions", imports.Input{Name: "d.csv", Data: []byte("名称\n甲\n")})
		require.NoError(t, err)
		require.NoError(t, w.work())
		require.Equal(t, p.Scopes, seen.Scopes)
		require.Equal(t, p.Capacity, seen.Capacity)
		_, err = w.Submit(ctx, p, noKey, "work-orders", imports.Input{Name: "d.csv", Data: []byte("名称\n甲\n"), Target: w.street.ID})
		require.ErrorIs(t, err, fault.Forbidden)
	})
}

func TestARunThatDiedIsBegunAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		run := w.submit("名称\n甲\n坏\n")
		begun := make(chan struct{}, 9)
		hang := func(ctx context.Context, _ authz.Principal, _ imports.Input, _ func(int, int)) (*sheet.Report, error) {
			begun <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}
		w.hold(hang)
		stopping, stop := context.WithCancel(ctx)
		ended := make(chan error)
		go func() { _, err := w.Work(stopping, w.lease()); ended <- err }()
		<-begun
		require.Equal(t, imports.Running, w.get(run.ID).State)
		stop() // the program is told to stop
		require.NoError(t, <-ended)
		require.Equal(t, imports.Queued, w.get(run.ID).State)
		require.Zero(t, w.get(run.ID).Attempt, "a restart is not the file's fault")

		// A process that is killed leaves the run as it is; the next holder of the lease begins it anew.
		require.NoError(t, kill(w, run.ID))
		w.hold(accepting)
		require.NoError(t, w.work())
		r := w.get(run.ID)
		require.Equal(t, imports.Done, r.State)
		require.Equal(t, sheet.Counts{Accepted: 1, Created: 1, Rejected: 1}, r.Outcome.Counts)
		require.Len(t, r.Outcome.RowsHash, 64)
		lines, err := w.Lines(ctx, w.office, run.ID, "", page.Request{})
		require.NoError(t, err)
		require.Len(t, lines.Items, 2)
		require.Equal(t, []string{"甲", "乙"}, lines.Items[1].Problems[0].Params["choices"])

		// A file that ends the process each time is given up.
		bad := w.submit("名称\n丙\n")
		for range 3 {
			require.NoError(t, kill(w, bad.ID))
		}
		require.NoError(t, w.work())
		require.Equal(t, imports.Failed, w.get(bad.ID).State)
		require.Equal(t, "import.gave_up", w.get(bad.ID).Failure.Code)
	})
}

// kill leaves a run as a process leaves it that ended in its midst.
func kill(w *world, run id.ID) error {
	return inTx(w, `UPDATE import_run SET state = 'running', attempt = attempt + 1 WHERE id = ?`, run)
}

func TestCancel(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		queued := w.submit("名称\n甲\n")
		r, err := w.Cancel(ctx, w.office, queued.ID)
		require.NoError(t, err)
		require.Equal(t, imports.Cancelled, r.State)
		w.hold(accepting)
		require.NoError(t, w.work())
		require.Equal(t, imports.Cancelled, w.get(queued.ID).State)

		run := w.submit("名称\n乙\n")
		begun := make(chan struct{})
		w.hold(func(ctx context.Context, _ authz.Principal, _ imports.Input, progress func(int, int)) (*sheet.Report, error) {
			progress(500, 1000)
			close(begun)
			<-ctx.Done()
			return nil, ctx.Err()
		})
		ended := make(chan error)
		go func() { ended <- w.work() }()
		<-begun
		require.Eventually(t, func() bool { return w.get(run.ID).Done == 500 }, 5*time.Second, 50*time.Millisecond)
		require.Equal(t, int64(1000), w.get(run.ID).Total)
		r, err = w.Cancel(ctx, w.office, run.ID)
		require.NoError(t, err)
		require.True(t, r.CancelAsked)
		require.NoError(t, <-ended)
		require.Equal(t, imports.Cancelled, w.get(run.ID).State)
		require.Equal(t, 2, w.count(`SELECT COUNT(*) FROM audit_record WHERE action = 'import.cancel'`))
	})
}

func TestFailuresAndPanicsEndOneRunOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var tries atomic.Int64
		w.hold(func(ctx context.Context, p authz.Principal, in imports.Input, progress func(int, int)) (*sheet.Report, error) {
			switch {
			case bytes.Contains(in.Data, []byte("崩")):
				panic("a defect")
			case bytes.Contains(in.Data, []byte("慢")):
				if tries.Add(1) < 3 {
					return nil, fault.New(fault.Unavailable, "unavailable").Because(errors.New("the store is away"))
				}
			}
			return accepting(ctx, p, in, progress)
		})
		broken, other, later, headless := w.submit("名称\n崩\n"), w.submit("名称\n甲\n"), w.submit("名称\n慢\n"), w.submit("别的,东西\n1,2\n")
		require.ErrorContains(t, w.work(), "a defect")
		require.Equal(t, "internal", w.get(broken.ID).Failure.Code)
		require.Equal(t, imports.Done, w.get(other.ID).State)
		require.Equal(t, imports.Done, w.get(later.ID).State, "what was away came back")
		require.Equal(t, int64(3), w.get(later.ID).Attempt)
		require.Equal(t, imports.Failed, w.get(headless.ID).State)
		require.True(t, strings.HasPrefix(w.get(headless.ID).Failure.Code, "sheet."))
	})
}

func TestAReplicaThatLostTheLeaseWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		run := w.submit("名称\n甲\n")
		w.hold(func(ctx context.Context, p authz.Principal, in imports.Input, progress func(int, int)) (*sheet.Report, error) {
			w.clock.Advance(time.Minute) // the machine slept
			_, err := job.Acquire(ctx, w.DB, "job:imports", id.New(), clock.Now(w.clock), 30*time.Second)
			require.NoError(t, err)
			return accepting(ctx, p, in, progress)
		})
		require.ErrorIs(t, w.work(), job.ErrLost)
		require.Equal(t, imports.Running, w.get(run.ID).State)
		require.Zero(t, w.count(`SELECT COUNT(*) FROM import_line`))
	})
}

func TestFilesAreEncryptedAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hold(accepting)
		run, err := w.Submit(ctx, w.office, noKey, "work-orders", imports.Input{Name: "张三的名单.csv", Data: []byte("名称\n李小明13800000000\n"), Mapping: []byte("a: b"), Target: w.street.ID})
		require.NoError(t, err)
		require.Equal(t, 2, w.blobCount())
		require.NoError(t, w.blobs.Walk(ctx, walkEach(w, func(body []byte) { require.NotContains(t, string(body), "李小明") })))
		require.NoError(t, w.work())
		require.Equal(t, imports.Done, w.get(run.ID).State)

		w.clock.Advance(imports.Keep - time.Minute)
		_, err = w.Sweep(ctx, w.lease())
		require.NoError(t, err)
		require.Equal(t, 2, w.blobCount())
		w.clock.Advance(2 * time.Minute)
		_, err = w.Sweep(ctx, w.lease())
		require.NoError(t, err)
		require.Zero(t, w.blobCount())
		require.Zero(t, w.count(`SELECT COUNT(*) FROM import_line`))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM import_run WHERE file_key IS NOT NULL OR file_name <> ''`))
		r := w.get(run.ID)
		require.Equal(t, 1, r.Outcome.Counts.Created)
		_, _, err = w.Report(ctx, w.office, run.ID)
		require.True(t, fault.Is(err, "import.swept"))
	})
}

func TestAFileThatIsGoneFailsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		run := w.submit("名称\n甲\n")
		require.NoError(t, w.blobs.Walk(ctx, walkDelete(w)))
		require.NoError(t, w.work())
		require.Equal(t, "import.file_gone", w.get(run.ID).Failure.Code)
	})
}

// A template, filled in as its example is, is a file that the importer takes.
func TestTemplateCanBeImported(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server := apitest.New(t, w.clock)
		imports.Register(server.API, w.Service)
		reply := server.Do(t, w.town, http.MethodGet, "/api/v1/import-templates/estate", nil)
		require.Equal(t, http.StatusOK, reply.Status, string(reply.Body))
		report, err := estateImporter(w.areas)(ctx, w.town, imports.Input{Data: reply.Body, Target: w.byCode("370612001005").ID}, nil)
		require.NoError(t, err)
		require.Equal(t, sheet.Counts{Accepted: 1, Created: 1, Skipped: 1}, report.Counts)
		require.Empty(t, report.Unknown)
		require.Equal(t, http.StatusNotFound, server.Do(t, w.town, http.MethodGet, "/api/v1/import-templates/secrets", nil).Status)
	})
}

func TestManyLines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hold(accepting)
		run := w.submit("名称\n" + strings.Repeat("坏\n", 2500))
		require.NoError(t, w.work())
		require.Equal(t, 2500, w.count(`SELECT COUNT(*) FROM import_line`))
		require.NoError(t, kill(w, run.ID)) // after the lines, before the end
		require.NoError(t, w.work())
		require.Equal(t, 2500, w.count(`SELECT COUNT(*) FROM import_line`))
		_, report, err := w.Report(ctx, w.office, run.ID)
		require.NoError(t, err)
		require.Len(t, report.Lines, 2500)
		require.Equal(t, 2501, report.Lines[2499].From)
	})
}

// Every code of this package has its text.
func TestEveryCodeHasItsText(t *testing.T) {
	say, err := httpapi.Speaker("en")
	require.NoError(t, err)
	for _, name := range []string{"imports.go", "service.go", "seal.go", "worker.go", "api.go", "file.go"} {
		src, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"(import\.[a-z_]+[a-z])"`).FindAllStringSubmatch(string(src), -1) {
			if m[1] != "import.cancel" { // an audit action
				require.NotEqual(t, m[1], say(m[1], nil))
			}
		}
	}
}
