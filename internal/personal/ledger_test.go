package personal

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

func TestReadsAreListedForTheSubjectWithoutTheReader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		clk := fakeClock()
		reads := NewReads(clk)
		subject, order := id.New(), id.New()
		one := Read{Reader: id.New(), Capacity: "worker", Subject: subject, Field: IdentityPhone, Reason: ReasonVisit, ObjectKind: "workorder", Object: order}
		inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error { return reads.Record(ctx, tx, one) })
		clk.Advance(time.Hour)
		two, foreign := one, one
		two.Capacity, two.Reason, two.Object = "community", ReasonCallback, id.New()
		foreign.Subject = id.New()
		inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error { return reads.Record(ctx, tx, two, foreign) })

		seen, err := reads.OfSubject(ctx, db, subject, id.Nil, 10)
		require.NoError(t, err)
		require.Len(t, seen, 2)
		require.Equal(t, Seen{ID: seen[0].ID, Capacity: "community", Field: IdentityPhone, Reason: ReasonCallback,
			ObjectKind: "workorder", Object: two.Object, At: clock.Now(clk)}, seen[0])
		page, err := reads.OfSubject(ctx, db, subject, seen[0].ID, 10)
		require.NoError(t, err)
		require.Equal(t, seen[1:], page)
		of, err := reads.OfObject(ctx, db, subject, order, 10)
		require.NoError(t, err)
		require.Equal(t, seen[1:], of)
	})
}

func TestAReadingIsRecordedWholeOrNotAtAll(t *testing.T) {
	db := dbtest.SQLite(t)
	reads := NewReads(fakeClock())
	good := Read{Reader: id.New(), Capacity: "worker", Subject: id.New(), Field: IdentityPhone, Reason: ReasonVisit, ObjectKind: "workorder", Object: id.New()}
	for name, change := range map[string]func(*Read){
		"reason":   func(r *Read) { r.Reason = "because" },
		"field":    func(r *Read) { r.Field = "person.shoe_size" },
		"capacity": func(r *Read) { r.Capacity = "张三" },
		"reader":   func(r *Read) { r.Reader = id.Nil },
		"subject":  func(r *Read) { r.Subject = id.Nil },
		"object":   func(r *Read) { r.ObjectKind = "" },
	} {
		bad := good
		change(&bad)
		err := db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error { return reads.Record(ctx, tx, good, bad) })
		require.Error(t, err, name)
	}
	seen, err := reads.OfSubject(context.Background(), db, good.Subject, id.Nil, 10)
	require.NoError(t, err)
	require.Empty(t, seen)
}

func TestConsentIsGivenWithdrawnAndGivenAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ctx := context.Background()
		clk := fakeClock()
		ledger := NewConsents(clk)
		person := id.New()
		w, _ := WordingOf(PurposeHelper)
		give := func(ctx context.Context, tx *dbx.Tx) error {
			return ledger.Give(ctx, tx, Giving{person, PurposeHelper, w.Version(), ChannelSelf, person})
		}
		require.True(t, fault.Is(ledger.Require(ctx, db, person, PurposeHelper), "personal.consent_missing"))
		inTx(t, db, give)
		inTx(t, db, give) // again: no second row
		require.NoError(t, ledger.Require(ctx, db, person, PurposeHelper))
		require.Error(t, ledger.Require(ctx, db, person, PurposePartyLabel))
		require.Error(t, ledger.Require(ctx, db, id.New(), PurposeHelper))

		clk.Advance(time.Minute)
		withdraw := func(ctx context.Context, tx *dbx.Tx) error {
			return ledger.Withdraw(ctx, tx, person, PurposeHelper, person)
		}
		inTx(t, db, withdraw)
		has, err := ledger.Has(ctx, db, person, PurposeHelper)
		require.NoError(t, err)
		require.False(t, has)
		require.True(t, fault.Is(db.InTx(ctx, withdraw), "personal.consent_none"))
		inTx(t, db, give)

		all, err := ledger.List(ctx, db, person)
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.Equal(t, clock.Now(clk), *all[0].WithdrawnAt)
		require.Equal(t, person, *all[0].WithdrawnBy)
		require.Nil(t, all[1].WithdrawnAt)
		require.Equal(t, w.Version(), all[1].TextHash)
	})
}

func TestConsentToAnotherTextDoesNotCount(t *testing.T) {
	db := dbtest.SQLite(t)
	ledger := NewConsents(fakeClock())
	person := id.New()
	give := func(g Giving) error {
		return db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error { return ledger.Give(ctx, tx, g) })
	}
	require.True(t, fault.Is(give(Giving{person, PurposeHelper, Version{1}, ChannelSelf, person}), "personal.consent_text_changed"))
	require.ErrorIs(t, give(Giving{person, "everything", Version{1}, "telepathy", person}), fault.Invalid)

	old := Consent{ID: id.New(), Person: person, Purpose: PurposeHelper, TextHash: Version{7}, Channel: ChannelPaper, RecordedBy: id.New()}
	inTx(t, db, func(ctx context.Context, tx *dbx.Tx) error { return insertConsent(ctx, tx, old) })
	w, _ := WordingOf(PurposeHelper)
	require.NoError(t, give(Giving{person, PurposeHelper, w.Version(), ChannelSelf, person}))
	all, err := ledger.List(context.Background(), db, person)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.NotNil(t, all[0].WithdrawnAt, "the consent to the older text has ended")
	require.Nil(t, all[1].WithdrawnAt)
}

func TestTheSameConsentGivenAtOnceIsOneRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ledger := NewConsents(fakeClock())
		person := id.New()
		w, _ := WordingOf(PurposeSMSSurvey)
		errs := make([]error, 12)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				errs[i] = db.InTx(context.Background(), func(ctx context.Context, tx *dbx.Tx) error {
					return ledger.Give(ctx, tx, Giving{person, PurposeSMSSurvey, w.Version(), ChannelSelf, person})
				})
			})
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		all, err := ledger.List(context.Background(), db, person)
		require.NoError(t, err)
		require.Len(t, all, 1)
	})
}

func TestVersionText(t *testing.T) {
	for _, w := range Wordings {
		var back Version
		text, err := w.Version().MarshalText()
		require.NoError(t, err)
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, w.Version(), back)
	}
	require.Error(t, new(Version).UnmarshalText([]byte("abc")))
}
