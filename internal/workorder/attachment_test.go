package workorder

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/blob"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/job"
)

// withPhotos gives the world real folders for photos.
func (w *world) withPhotos() *world {
	w.t.Helper()
	store, err := blob.OpenLocal(w.t.TempDir(), w.clock)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = store.Close() })
	w.s.Photos, w.s.Shelf = blob.NewIntake(blob.Limits{}), store
	return w
}

// photo is a picture in one shade.
func photo(t testing.TB, shade uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 600, 300))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	img.SetGray(3, 3, color.Gray{Y: 255 - shade})
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

func (w *world) addPhoto(p authz.Principal, order id.ID, kind string, shade uint8) (OrderPhoto, error) {
	data := photo(w.t, shade)
	return w.s.AddPhoto(w.ctx(), p, order, kind, int64(len(data)), bytes.NewReader(data))
}

func TestPhotosAreReadByWhoeverSeesTheOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db).withPhotos()
		order := w.report(w.owner, w.repair())
		ph, err := w.addPhoto(w.owner, order, "report", 10)
		require.NoError(t, err)
		again, err := w.addPhoto(w.owner, order, "report", 10)
		require.NoError(t, err)
		require.Equal(t, ph.ID, again.ID, "the same picture is stored once")

		read := func(p authz.Principal, thumb bool) (int, error) {
			f, err := w.s.Photo(t.Context(), p, order, ph.ID, thumb)
			if err != nil {
				return 0, err
			}
			defer f.Close()
			b, err := io.ReadAll(f)
			require.NoError(t, err)
			require.EqualValues(t, f.Bytes, len(b))
			cfg, _, err := image.DecodeConfig(bytes.NewReader(b))
			require.NoError(t, err)
			return cfg.Width, nil
		}
		for _, p := range []authz.Principal{w.owner, w.worker, w.clerk, w.partyOffice} {
			width, err := read(p, false)
			require.NoError(t, err)
			require.Equal(t, 600, width)
			width, err = read(p, true)
			require.NoError(t, err)
			require.Equal(t, 400, width)
		}
		for _, p := range []authz.Principal{w.neighbour, w.rivalManager, person()} {
			_, err := read(p, false)
			require.ErrorIs(t, err, fault.NotFound)
			_, err = w.addPhoto(p, order, "report", 20)
			require.ErrorIs(t, err, fault.NotFound)
		}
		_, err = w.addPhoto(w.worker, order, "report", 20)
		require.ErrorIs(t, err, fault.Forbidden)
		_, err = w.addPhoto(w.worker, order, "after", 20)
		require.Equal(t, "workorder.photo_late", code(err), "nothing is done yet")
		_, err = w.addPhoto(w.owner, order, "selfie", 20)
		require.Equal(t, "workorder.photo_kind", code(err))
		// Another order's path does not lead to the photo.
		other := w.report(w.owner, w.defect())
		_, err = w.s.Photo(t.Context(), w.owner, other, ph.ID, false)
		require.ErrorIs(t, err, fault.NotFound)
	})
}

func TestAnOrderHasAtMostNinePhotos(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db).withPhotos()
		order := w.report(w.owner, w.repair())
		var won, full atomic.Int32
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				switch _, err := w.addPhoto(w.owner, order, "report", uint8(i)); {
				case err == nil:
					won.Add(1)
				case code(err) == "workorder.photos_full":
					full.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 9, won.Load())
		require.EqualValues(t, 11, full.Load())
		require.Equal(t, 9, count(t, db, `SELECT COUNT(DISTINCT slot) FROM work_order_attachment WHERE order_id = ?`, order))
		err := db.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			return insertPhoto(ctx, tx, order, OrderPhoto{ID: id.New(), Slot: 10, Kind: "report"})
		})
		require.Error(t, err, "the database itself has no tenth place")
	})
}

func TestAPhotoIsTakenBackOnlyBeforeItCounts(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).withPhotos()
	order := w.report(w.owner, w.repair())
	ph, err := w.addPhoto(w.owner, order, "report", 1)
	require.NoError(t, err)
	require.True(t, ph.Deletable)
	require.Error(t, w.s.TakeBackPhoto(t.Context(), w.clerk, order, ph.ID), "only the sender")
	w.clock.Advance(time.Hour)
	require.NoError(t, w.s.TakeBackPhoto(t.Context(), w.owner, order, ph.ID))
	require.ErrorIs(t, w.s.TakeBackPhoto(t.Context(), w.owner, order, ph.ID), fault.NotFound)

	ph, err = w.addPhoto(w.owner, order, "report", 2)
	require.NoError(t, err)
	require.EqualValues(t, 1, ph.Slot, "the slot is free again")
	w.must(w.s.Accept(t.Context(), w.manager, order, Taken{}))
	w.must(w.s.Dispatch(t.Context(), w.manager, order, Taken{}, Crew{PersonID: &w.worker.Person}))
	w.clock.Advance(10*time.Minute + time.Millisecond)
	require.Equal(t, "workorder.photo_kept", code(w.s.TakeBackPhoto(t.Context(), w.owner, order, ph.ID)))
	w.must(w.s.Arrive(t.Context(), w.worker, order, Taken{}))
	after, err := w.addPhoto(w.worker, order, "after", 3)
	require.NoError(t, err)
	w.clock.Advance(10 * time.Minute)
	require.NoError(t, w.s.TakeBackPhoto(t.Context(), w.worker, order, after.ID))
}

func TestTheUploadLimitIsAsked(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t)).withPhotos()
	order := w.report(w.owner, w.repair())
	w.s.UploadLimit = denyAll{}
	_, err := w.addPhoto(w.owner, order, "report", 1)
	require.ErrorIs(t, err, fault.RateLimited)
}

func TestOrphansAreSweptAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db).withPhotos()
		order := w.report(w.owner, w.repair())
		kept, err := w.addPhoto(w.owner, order, "report", 1)
		require.NoError(t, err)
		regretted, err := w.addPhoto(w.owner, order, "report", 2)
		require.NoError(t, err)
		paper, err := w.s.Shelf.Put(t.Context(), []byte("a contract"))
		require.NoError(t, err)
		require.NoError(t, w.s.TakeBackPhoto(t.Context(), w.owner, order, regretted.ID))
		w.referToPaper(paper)
		sweep := func() {
			_, err := w.replica().Once(t.Context(), job.Job{Name: id.New().String()[:20], Do: w.s.SweepPhotos})
			require.NoError(t, err)
		}
		there := func(h blob.Hash) bool { _, err := w.s.Shelf.Stat(t.Context(), h); return err == nil }
		sweep()
		require.True(t, there(regretted.Hash), "younger than a day")
		w.clock.Advance(24*time.Hour + time.Second)
		again, err := w.s.Shelf.Put(t.Context(), photo(t, 99)) // sent just now, not yet named by a row
		require.NoError(t, err)
		sweep()
		for _, h := range []blob.Hash{kept.Hash, kept.ThumbHash, paper, again} {
			require.True(t, there(h))
		}
		require.False(t, there(regretted.Hash))
		require.False(t, there(regretted.ThumbHash))
	})
}

// referToPaper makes a contract name a file.
func (w *world) referToPaper(h blob.Hash) {
	w.t.Helper()
	err := w.db.InTx(w.ctx(), func(ctx context.Context, tx *dbx.Tx) error {
		for _, ref := range blobReferences {
			var n int
			if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM `+ref.table+` WHERE `+ref.column+` = ?`, h); err != nil {
				return err // every reference names a column that exists
			}
		}
		_, err := tx.Exec(ctx, `INSERT INTO work_order_attachment (order_id, `+photoColumns+`) SELECT order_id, ?, 9, kind, ?, ?, media_type, thumb_type, width, height, size_bytes,
			thumb_bytes, person_id, org_id, at FROM work_order_attachment LIMIT 1`, id.New(), h, h)
		return err
	})
	require.NoError(w.t, err)
}

// A column that holds the hash of a file and is not in the list would let the sweep delete files in use.
func TestEveryColumnThatNamesAFileIsKnown(t *testing.T) {
	db := dbtest.SQLite(t)
	var tables []string
	require.NoError(t, db.Select(t.Context(), &tables, `SELECT name FROM sqlite_master WHERE type = 'table'`))
	known := map[string]bool{}
	for _, r := range blobReferences {
		known[r.table+"."+r.column] = true
	}
	// Hashes of other things than stored files.
	other := map[string]bool{"rule_version.hash": true, "rule_load.hash": true, "ledger_hash.hash": true, "ledger_leaf.hash": true, "rate_snapshot_cell.hash": true, "rate_snapshot.hash": true,
		"survey_form.hash": true, "survey_score.hash": true, "renovation_plan.hash": true}
	found := 0
	for _, table := range tables {
		var columns []string
		require.NoError(t, db.Select(t.Context(), &columns, `SELECT name FROM pragma_table_info(?) WHERE name IN ('hash', 'document', 'thumb_hash', 'blob_hash', 'file_hash', 'photo', 'bylaw', 'official_document', 'result_document', 'scan', 'second_scan', 'wishes_document', 'completion_document', 'year_document')`, table))
		for _, c := range columns {
			found++
			require.True(t, known[table+"."+c] || other[table+"."+c], "%s.%s", table, c)
		}
	}
	require.GreaterOrEqual(t, found, len(blobReferences))
}
