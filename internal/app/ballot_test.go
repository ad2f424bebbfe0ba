package app_test

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/app"
	"github.com/redproperty/redproperty/internal/ballotclient"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

const (
	answers = `{"gate":4,"patrol":5,"cleaning_indoors":3,"waste":4,"greening":"dont_know","facilities":4,"reported":"no"}`
	another = `{"gate":1,"patrol":1,"cleaning_indoors":1,"waste":1,"greening":1,"facilities":1,"reported":"no"}`
)

// A resident of the demonstration draws, casts, thinks again and casts once more from the command line; after closing the
// ballot is found in the ledger as the last receipt promises.
func TestBallotFromTheCommandLine(t *testing.T) {
	c := clock.NewFake(time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC))
	a, err := app.NewAt(t.Context(), migratedNode(t), quiet, "test", c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	accounts, err := a.Demonstrate(t.Context())
	require.NoError(t, err)
	server := httptest.NewServer(a.API)
	t.Cleanup(server.Close)
	work(t, a, c, 2*time.Minute)

	var password string
	for _, r := range accounts.Rows {
		if r.UserName == "owner" {
			password = r.Password
		}
	}
	dir := t.TempDir()
	file, out := filepath.Join(dir, "ballot.json"), &bytes.Buffer{}
	draw := app.BallotDraw{Server: server.URL, Login: "owner", Password: password}
	require.NoError(t, app.DrawBallot(t.Context(), file, draw, out), out)
	require.NoError(t, app.DrawBallot(t.Context(), file, draw, out), "again is the same ballot")
	require.Error(t, app.DrawBallot(t.Context(), filepath.Join(dir, "second.json"), draw, out), "a dwelling has one")
	require.NoError(t, app.CastBallot(t.Context(), file, "", out))
	require.Contains(t, out.String(), "greening")
	first, second := saved(t, dir, "first.json", fill(t, a, answers)), saved(t, dir, "second.json", fill(t, a, another))
	require.NoError(t, app.CastBallot(t.Context(), file, first, out), out)
	require.NoError(t, app.CastBallot(t.Context(), file, second, out), out)
	require.Contains(t, out.String(), "revision 2")
	require.Error(t, app.CheckBallot(t.Context(), file, out), "not before the round is closed")

	require.ErrorIs(t, app.FindDraw(t.Context(), draw, out), ballotclient.ErrNotSealed, "its first day is not over")
	work(t, a, c, 24*time.Hour)
	work(t, a, c, time.Minute)
	require.NoError(t, app.FindDraw(t.Context(), draw, out), out)
	require.Contains(t, out.String(), "By the end of 2026-11-02 a ballot had been drawn")
	tenant := draw
	for _, r := range accounts.Rows {
		if r.UserName == "tenant" {
			tenant.Login, tenant.Password = r.UserName, r.Password
		}
	}
	require.NoError(t, app.FindDraw(t.Context(), tenant, out), out)
	require.Contains(t, out.String(), "no ballot had been drawn")
	moved := func(to string) {
		require.NoError(t, a.DB.InTx(t.Context(), func(ctx context.Context, tx *dbx.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE survey_draw SET drawn_on = ?`, to)
			return err
		}))
	}
	moved("2026-11-03")
	require.ErrorContains(t, app.FindDraw(t.Context(), draw, out), "ballot.seal", "the list is no longer the one that was sealed")
	moved("2026-11-02")
	altered := draw
	altered.Server = lying(t, a.API, "/leaves", `\"dwellings\":`, `\"dwellings\":1`)
	require.Error(t, app.FindDraw(t.Context(), altered, out), "the entry that opened the round is not the one in the ledger")

	work(t, a, c, 21*24*time.Hour)
	work(t, a, c, time.Minute)
	require.NoError(t, app.CheckBallot(t.Context(), file, out), out)
	var stored string
	require.NoError(t, a.DB.Get(t.Context(), &stored, `SELECT answers FROM survey_response`))
	require.Contains(t, stored, `"gate":1`, "the last one counts")
}

// lying is the address of a server that answers as another one, but for a text in the answers of paths with an ending.
func lying(t *testing.T, honest http.Handler, ending, text, other string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		honest.ServeHTTP(answer, r)
		body := answer.Body.String()
		if strings.HasSuffix(r.URL.Path, ending) {
			require.Contains(t, body, text)
			body = strings.ReplaceAll(body, text, other)
		}
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		_, _ = w.Write([]byte(body)) // a client that left is told nothing
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// fill completes answers with what the template asks beside them.
func fill(t *testing.T, a *app.App, raw string) string {
	t.Helper()
	tpl, err := a.Rules.Surveys.Template("property_service")
	require.NoError(t, err)
	given, err := questionnaire.ParseAnswers([]byte(raw))
	require.NoError(t, err)
	for _, i := range tpl.Questionnaire.Items() {
		if _, ok := given[i.Code]; ok || !i.Required || i.ShowIf != nil {
			continue
		}
		switch i.Kind {
		case questionnaire.Rating, questionnaire.Scale10:
			given[i.Code] = questionnaire.Number(3)
		case questionnaire.Single:
			given[i.Code] = questionnaire.Choice(i.Options[0].Code)
		case questionnaire.Multiple:
			given[i.Code] = questionnaire.Choices(i.Options[0].Code)
		}
	}
	return string(given.Canonical())
}

func saved(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// work lets time pass and the surveys' jobs do what is due.
func work(t *testing.T, a *app.App, c *clock.Fake, d time.Duration) {
	t.Helper()
	c.Advance(d)
	for range 6 {
		for _, j := range a.Surveys.Jobs() {
			_, err := a.Runner.Once(t.Context(), j)
			require.NoError(t, err)
		}
	}
}
