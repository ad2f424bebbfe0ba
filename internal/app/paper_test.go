package app_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/ballotclient"
	"github.com/redproperty/redproperty/internal/clock"
)

// A lot of the demonstration is printed from the command line, an envelope handed out, its sheet entered by two persons, others voided, and a
// household visited by an interviewer: at closing all of it is counted.
func TestPaperFromTheCommandLine(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC))
	a, err := app.NewAt(t.Context(), migratedNode(t), quiet, "test", c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	accounts, err := a.Demonstrate(t.Context())
	require.NoError(t, err)
	lossy := &losing{Handler: a.API}
	server := httptest.NewServer(lossy)
	t.Cleanup(server.Close)
	work(t, a, c, 2*time.Minute)
	passwords := map[string]string{}
	for _, r := range accounts.Rows {
		passwords[r.UserName] = r.Password
	}
	var round string
	var homes []string
	require.NoError(t, a.DB.Get(t.Context(), &round, `SELECT LOWER(HEX(id)) FROM survey_round WHERE state = 'open'`))
	require.NoError(t, a.DB.Select(t.Context(), &homes, `SELECT LOWER(HEX(unit_id)) FROM survey_dwelling WHERE left_out = '' AND sampled = 1 ORDER BY label DESC`))
	uuid := func(hex string) string {
		return hex[:8] + "-" + hex[8:12] + "-" + hex[12:16] + "-" + hex[16:20] + "-" + hex[20:]
	}
	key := a.Ledger.VerifierKey()
	as := func(user string) app.PaperDesk {
		require.NotEmpty(t, passwords[user], user)
		return app.PaperDesk{Server: server.URL, LedgerKey: key, Login: user, Password: passwords[user], Round: uuid(round)}
	}
	dir, out := t.TempDir(), &bytes.Buffer{}
	require.NoError(t, app.OrderLot(t.Context(), as("street-office"), dir, "s0001", 20, out), out)
	require.NoError(t, app.OrderLot(t.Context(), as("street-office"), dir, "s0001", 20, out), "the same order again")
	require.Error(t, app.BlindLot(dir, "example+00000000+AAAA", out))
	require.NoError(t, app.BlindLot(dir, key, out))
	for range 2 { // a lost answer, a second blinding: the same batch
		require.NoError(t, app.SignLot(t.Context(), as("street-office"), dir, out))
		require.NoError(t, app.BlindLot(dir, key, out))
	}
	require.NoError(t, app.FinishLot(dir, out))
	require.NoFileExists(t, filepath.Join(dir, ballotclient.BatchFile), "the codes are on the page alone")
	page, err := os.ReadFile(filepath.Join(dir, ballotclient.SheetsFile))
	require.NoError(t, err)
	codes := regexp.MustCompile(`<code>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4})</code>`).FindAllStringSubmatch(string(page), -1)
	require.Len(t, codes, 20)
	require.Equal(t, 20, strings.Count(string(page), "<svg "))
	require.NotContains(t, string(page), "http://")
	require.NotContains(t, string(page), " src=")
	manifest, err := os.ReadFile(filepath.Join(dir, ballotclient.ManifestFile))
	require.NoError(t, err)
	require.NotContains(t, string(manifest), strings.ReplaceAll(codes[0][1], "-", ""))
	for range 2 {
		require.NoError(t, app.RegisterLot(t.Context(), as("street-office"), dir, out))
	}

	pending := filepath.Join(dir, "taken.json")
	take := func(home string) error {
		return app.TakeEnvelope(t.Context(), as("community-worker"), "p0001", uuid(home), pending, out)
	}
	lossy.next.Store(true)
	require.ErrorContains(t, take(homes[0]), "EOF", "the answer is lost")
	require.FileExists(t, pending)
	require.ErrorContains(t, take(homes[2]), "repeat that one first")
	require.NoError(t, take(homes[0]), "the same again succeeds the same way")
	require.NoFileExists(t, pending, "nothing stays that tells who has paper")
	require.ErrorContains(t, take(homes[0]), "survey.drawn_already", "one each")
	require.NoFileExists(t, pending)
	said := saved(t, dir, "answers.json", fill(t, a, answers))
	require.NoError(t, app.EnterSheet(t.Context(), as("community-worker"), codes[0][1], said, out))
	require.ErrorContains(t, app.EnterSheet(t.Context(), as("community"), strings.ToLower(codes[0][1]), saved(t, dir, "other.json", fill(t, a, another)), out), "body.answers.gate")
	for range 2 { // as after a lost answer
		receipt := &bytes.Buffer{}
		require.NoError(t, app.EnterSheet(t.Context(), as("community"), strings.ToLower(codes[0][1]), said, receipt))
		require.Contains(t, receipt.String(), "RPR1.")
	}
	require.NoError(t, app.VoidSheets(t.Context(), as("community-worker"), "p0001", "unused", false, []string{codes[1][1], codes[2][1]}, out))
	require.Contains(t, out.String(), "2 envelopes are void now")

	visited(t, a, as, uuid(homes[1]), said)
	helped(t, as, said)
	work(t, a, c, 22*24*time.Hour)
	work(t, a, c, time.Minute)
	counted := func(query string) (n int) {
		require.NoError(t, a.DB.Get(context.Background(), &n, query))
		return n
	}
	require.Equal(t, 1, counted(`SELECT COUNT(*) FROM survey_response WHERE channel = 'paper' AND lot = 'p0001' AND pos IS NOT NULL`))
	require.Equal(t, 2, counted(`SELECT COUNT(*) FROM survey_response WHERE channel = 'assisted' AND lot = 'i01' AND pos IS NOT NULL`))
	require.Equal(t, 2, counted(`SELECT COUNT(*) FROM survey_leaf WHERE kind = 'voided' AND entry IS NOT NULL`))
}

// losing forwards to a handler, and loses the answer to the next envelope that is taken.
type losing struct {
	http.Handler
	next atomic.Bool
}

func (l *losing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/taken") && l.next.CompareAndSwap(true, false) {
		l.Handler.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	l.Handler.ServeHTTP(w, r)
}

// visited has a household without a log-in answer on the device of an interviewer.
func visited(t *testing.T, a *app.App, as func(string) app.PaperDesk, unit, answers string) {
	t.Helper()
	d := as("community-worker")
	worker, err := a.Accounts.Named(t.Context(), d.Login)
	require.NoError(t, err)
	file, out := filepath.Join(t.TempDir(), "visit.json"), &bytes.Buffer{}
	for range 2 { // as after a lost answer
		require.NoError(t, app.AppointInterviewer(t.Context(), as("street-office"), worker.Person.String(), worker.Grants[0].Org.String(), out))
		require.NoError(t, app.RecordAgreement(t.Context(), as("community"), unit, false, out))
	}
	require.Contains(t, out.String(), "Interviewer i01 of the round.")
	draw := app.BallotDraw{Server: d.Server, LedgerKey: d.LedgerKey, Login: d.Login, Password: d.Password, Round: d.Round, Unit: unit, Interviewer: true}
	require.NoError(t, app.DrawBallot(t.Context(), file, draw, out))
	require.NoError(t, app.CastBallot(t.Context(), file, answers, out))
	kept, err := ballotclient.Read(file)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(kept.Badge, "i01."))
}

// helped has a member of a household draw on the device of the interviewer, who then marks the ballot.
func helped(t *testing.T, as func(string) app.PaperDesk, answers string) {
	t.Helper()
	member, interviewer := as("owner"), as("community-worker")
	file, out := filepath.Join(t.TempDir(), "own.json"), &bytes.Buffer{}
	require.NoError(t, app.DrawBallot(t.Context(), file, app.BallotDraw{Server: member.Server, LedgerKey: member.LedgerKey, Login: member.Login, Password: member.Password}, out))
	require.ErrorContains(t, app.AssistBallot(t.Context(), file, member.Login, member.Password, out), "auth.forbidden")
	require.NoError(t, app.AssistBallot(t.Context(), file, interviewer.Login, interviewer.Password, out))
	require.NoError(t, app.CastBallot(t.Context(), file, answers, out))
	require.NoError(t, app.DismissInterviewer(t.Context(), as("street-office"), 1, out))
	require.ErrorContains(t, app.AssistBallot(t.Context(), file, interviewer.Login, interviewer.Password, out), "survey.not_interviewer")
}
