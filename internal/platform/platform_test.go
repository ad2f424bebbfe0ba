package platform_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbtest"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/idem"
	"github.com/redproperty/redproperty/internal/page"
	"github.com/redproperty/redproperty/internal/platform"
)

var noon = time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)

func service(db *dbx.DB) *platform.Service {
	return platform.New(platform.Deps{DB: db, Clock: clock.NewFake(noon), Facts: platform.Facts{Version: "1"}})
}

func somebody() authz.Principal {
	return authz.Principal{Account: id.New(), Person: id.New(), Request: "r"}
}

func operator() authz.Principal {
	p := somebody()
	p.Grants = []authz.Grant{{ID: id.New(), Role: authz.RoleOperator, Org: id.New()}}
	return p
}

func key(p authz.Principal, name string) idem.Key {
	return idem.New(p.Account, "writeFeedback", name, name, nil, clock.At(noon))
}

// What a user writes reaches the operator without a name, is answered once, and the writer alone reads the answer as theirs.
func TestFeedbackIsAnsweredOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s, ctx, writer, other, op := service(db), t.Context(), somebody(), somebody(), operator()
		words := "字太小看不清 𠮷 👵 '; DROP TABLE platform_feedback; --"
		made, err := s.Write(ctx, writer, key(writer, "first try"), platform.Accessibility, "  "+words+"\r\n")
		require.NoError(t, err)
		require.Equal(t, words, made.Text)
		again, err := s.Write(ctx, writer, key(writer, "first try"), platform.Accessibility, "  "+words+"\r\n")
		require.NoError(t, err)
		require.Equal(t, made, again, "the same key twice writes once")

		mine, err := s.Own(ctx, writer, page.Request{})
		require.NoError(t, err)
		require.Equal(t, []platform.Feedback{made}, mine.Items)
		theirs, err := s.Own(ctx, other, page.Request{})
		require.NoError(t, err)
		require.Empty(t, theirs.Items)

		waiting, err := s.List(ctx, op, false, page.Request{})
		require.NoError(t, err)
		require.Len(t, waiting.Items, 1)
		for range 2 {
			_, err = s.Answer(ctx, op, key(op, "answer"), made.ID, "下个版本起所有页面支持大字。")
			require.NoError(t, err, "the same key twice answers once")
		}
		lost, cancel := context.WithCancel(ctx)
		cancel()
		_, err = s.Answer(lost, op, key(op, "lost"), made.ID, "another answer")
		require.ErrorIs(t, err, context.Canceled, "what went wrong is not told as an answer of somebody else")
		_, err = s.Answer(ctx, op, idem.Key{}, made.ID, "another answer")
		require.Equal(t, "feedback.answered", fault.Of(err).Code)
		mine, err = s.Own(ctx, writer, page.Request{})
		require.NoError(t, err)
		require.Equal(t, "下个版本起所有页面支持大字。", mine.Items[0].Answer)
		require.NotNil(t, mine.Items[0].AnsweredAt)
		waiting, err = s.List(ctx, op, false, page.Request{})
		require.NoError(t, err)
		require.Empty(t, waiting.Items)
		answered, err := s.List(ctx, op, true, page.Request{})
		require.NoError(t, err)
		require.Len(t, answered.Items, 1)
		require.EqualValues(t, 1, count(t, db, `SELECT COUNT(*) FROM outbox WHERE topic = 'feedback.answered'`))
		require.Zero(t, count(t, db, `SELECT COUNT(*) FROM audit_record WHERE detail LIKE '%字太小%'`), "the trail has no words of the person")
	})
}

func TestFeedbackIsBoundedListedByPagesAndErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s, ctx, writer := service(db), t.Context(), somebody()
		for _, words := range []string{"一", "二", "三", "四", "五"} {
			_, err := s.Write(ctx, writer, key(writer, "number "+words), platform.Suggestion, words)
			require.NoError(t, err)
		}
		_, err := s.Write(ctx, writer, key(writer, "one too many"), platform.Suggestion, "六")
		require.Equal(t, "feedback.too_many", fault.Of(err).Code)
		first, err := s.Own(ctx, writer, page.Request{Limit: 3})
		require.NoError(t, err)
		require.Len(t, first.Items, 3)
		rest, err := s.Own(ctx, writer, page.Request{Limit: 3, Cursor: first.Next})
		require.NoError(t, err)
		require.Len(t, rest.Items, 2)
		require.Equal(t, "五四三二一", first.Items[0].Text+first.Items[1].Text+first.Items[2].Text+rest.Items[0].Text+rest.Items[1].Text)
		_, err = s.Own(ctx, writer, page.Request{Cursor: page.Encode("no id")})
		require.Equal(t, fault.Invalid, fault.Of(err).Kind)

		copied, err := s.ExportPerson(ctx, db, writer.Person)
		require.NoError(t, err)
		require.Len(t, copied.Written, 5)
		require.NoError(t, db.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return s.ErasePerson(ctx, tx, writer.Person) }))
		require.EqualValues(t, 5, count(t, db, `SELECT COUNT(*) FROM platform_feedback WHERE text = '' AND answered_at IS NOT NULL`))
	})
}

func TestFeedbackIsForTheOperatorAlone(t *testing.T) {
	s := service(dbtest.SQLite(t))
	for _, role := range authz.Roles() {
		if role == authz.RoleOperator || role == authz.RoleSystem {
			continue
		}
		p := somebody()
		p.Grants = []authz.Grant{{ID: id.New(), Role: role, Org: id.New(), Path: "/"}}
		_, err := s.List(t.Context(), p, false, page.Request{})
		require.Contains(t, []fault.Kind{fault.Forbidden, fault.NotFound}, fault.Of(err).Kind, role)
		_, err = s.Answer(t.Context(), p, idem.Key{}, id.New(), "x")
		require.Contains(t, []fault.Kind{fault.Forbidden, fault.NotFound}, fault.Of(err).Kind, role)
	}
	_, err := s.Answer(t.Context(), operator(), idem.Key{}, id.New(), "x")
	require.Equal(t, fault.NotFound, fault.Of(err).Kind)
	_, err = s.Write(t.Context(), somebody(), idem.Key{}, platform.Complaint, strings.Repeat("长", 2001))
	require.Equal(t, "body.text", fault.Of(err).Fields[0].Path)
}

// Words are kept for a year after their answer, as the inventory says, and what waits for an answer is kept however old.
func TestFeedbackIsForgottenAYearAfterItsAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		now := clock.NewFake(noon)
		s, ctx, writer := platform.New(platform.Deps{DB: db, Clock: now}), t.Context(), somebody()
		answered, err := s.Write(ctx, writer, key(writer, "answered"), platform.Suggestion, "字太小")
		require.NoError(t, err)
		_, err = s.Write(ctx, writer, key(writer, "waiting"), platform.Suggestion, "还在等")
		require.NoError(t, err)
		_, err = s.Answer(ctx, operator(), idem.Key{}, answered.ID, "已改。")
		require.NoError(t, err)
		kept := func() (n int64) {
			require.NoError(t, s.Sweep(ctx))
			return count(t, db, `SELECT COUNT(*) FROM platform_feedback WHERE text <> ''`)
		}
		now.Advance(365 * 24 * time.Hour)
		require.EqualValues(t, 2, kept(), "to the day")
		now.Advance(time.Second)
		require.EqualValues(t, 1, kept())
		require.EqualValues(t, 1, count(t, db, `SELECT COUNT(*) FROM platform_feedback WHERE text = '还在等' AND answered_at IS NULL`))
		require.EqualValues(t, 2, count(t, db, `SELECT COUNT(*) FROM platform_feedback`))
	})
}

// Only a demonstration has accounts to show.
func TestDemonstrationAccountsAreOfADemonstration(t *testing.T) {
	s := service(dbtest.SQLite(t))
	here := platform.Visit{Peer: netip.MustParseAddr("127.0.0.1"), Host: "127.0.0.1:8080"}
	_, err := s.DemoAccounts(here)
	require.Equal(t, fault.NotFound, fault.Of(err).Kind)
	require.False(t, s.About(t.Context()).Demonstration)
	s.Demonstrate()
	require.True(t, s.About(t.Context()).Demonstration)
	require.False(t, s.About(t.Context()).Accounts)
	accounts := []platform.DemoAccount{{UserName: "owner", Password: "p", Who: "业主", Role: authz.RoleOwner}}
	s.ShowAccounts(accounts, false)
	list, err := s.DemoAccounts(here)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, s.About(t.Context()).Accounts)
	for _, v := range []struct{ peer, host string }{{"::1", "localhost:8080"}, {"::ffff:127.0.0.1", "[::1]:8080"}, {"127.0.0.1", "localhost"}, {"127.0.0.1", "[::1]"}} {
		_, err = s.DemoAccounts(platform.Visit{Peer: netip.MustParseAddr(v.peer), Host: v.host})
		require.NoError(t, err, v)
	}
	for _, v := range []struct{ peer, host string }{{"192.0.2.1", "127.0.0.1:8080"}, {"127.0.0.1", "evil.example:8080"}, {"127.0.0.1", "127.0.0.1.evil.example"}, {"127.0.0.1", ""}, {"127.0.0.1", "localhost.:8080"}} {
		_, err = s.DemoAccounts(platform.Visit{Peer: netip.MustParseAddr(v.peer), Host: v.host})
		require.Equal(t, fault.NotFound, fault.Of(err).Kind, v)
	}
	s.ShowAccounts(accounts, true)
	_, err = s.DemoAccounts(platform.Visit{Peer: netip.MustParseAddr("192.0.2.1"), Host: "demo.example.org"})
	require.NoError(t, err)
}

func count(t *testing.T, db *dbx.DB, query string) (n int64) {
	t.Helper()
	require.NoError(t, db.Get(context.Background(), &n, query))
	return n
}
