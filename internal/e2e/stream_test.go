package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Two screens are open, the company's and a foreign company's: a change reaches the first and not the second,
// and both end when the program stops.
func TestChangeStream(t *testing.T) {
	t.Parallel()
	w := explore(install(t, embedded).up("demo"))
	office := w.as("street-office")
	stranger := w.appointed(office, organisation(office, "company", "乙物业公司", w.street), "manager", "乙经理", "")
	ours, theirs := w.as("manager").listen(), stranger.listen()

	order := w.report(w.as("owner"), w.unit)
	require.Contains(t, next(t, ours), order)
	w.step(w.as("manager"), order, "accept", nil).want(200)
	change := next(t, ours)
	require.Contains(t, change, order)
	var said map[string]any
	require.NoError(t, json.Unmarshal([]byte(change), &said))
	require.Equal(t, "accepted", said["state"])
	require.NotContains(t, change, "水龙头", "no text of people")

	w.stop()
	for range ours {
		continue // until it is closed
	}
	for said := range theirs {
		require.NotContains(t, said, order)
	}
}

// listen opens the change stream and returns the data of its events until it ends.
func (u *user) listen() <-chan string {
	t := u.in.t
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, u.in.url()+"/api/v1/work-orders/stream", nil)
	require.NoError(t, err)
	req.AddCookie(u.cookie)
	resp, err := (&http.Client{Timeout: time.Minute}).Do(req) //nolint:bodyclose // closed where it is read to its end
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	out := make(chan string, 100)
	lines := bufio.NewScanner(resp.Body)
	require.True(t, lines.Scan(), "the stream says at once that it is open")
	go func() {
		defer resp.Body.Close()
		defer close(out)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				out <- data
			}
		}
	}()
	return out
}

// next is the next event that tells of an order.
func next(t *testing.T, events <-chan string) string {
	t.Helper()
	for end := time.After(15 * time.Second); ; {
		select {
		case data, ok := <-events:
			require.True(t, ok, "the stream ended")
			if strings.Contains(data, `"order"`) {
				return data
			}
		case <-end:
			t.Fatal("nothing came")
		}
	}
}
