package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/httpapi/apitest"
)

// packedServer answers what is worth packing, what is not, and a stream with an event that somebody waits for.
func packedServer(t *testing.T) *apitest.Server {
	t.Helper()
	s := apitest.New(t, clock.System{})
	op := func(name string) httpapi.Op {
		return httpapi.Op{ID: name, Method: http.MethodGet, Path: "/" + name, Tag: "System", Summary: name, Public: true}
	}
	rows := func(n int) []string { return strings.Split(strings.Repeat("水管漏水,", n), ",") }
	httpapi.Register(s.API, op("long"), func(context.Context, *struct{}) (*httpapi.Versioned[[]string], error) {
		return httpapi.AnswerVersion(rows(2000), 3, nil)
	})
	httpapi.Register(s.API, op("short"), func(context.Context, *struct{}) (*httpapi.Body[[]string], error) {
		return &httpapi.Body[[]string]{Body: rows(10)}, nil
	})
	httpapi.Register(s.API, op("picture"), func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return httpapi.File(httpapi.Download{Name: "x.png", MediaType: "image/png", Write: func(w io.Writer) error {
			_, err := w.Write(make([]byte, 50_000))
			return err
		}}), nil
	})
	httpapi.Register(s.API, op("events"), func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return s.API.Stream(func(ctx context.Context, send httpapi.Sender, _ <-chan time.Time) error {
			if err := send("order", "1", []byte("changed")); err != nil {
				return err
			}
			<-ctx.Done()
			return nil
		}), nil
	})
	return s
}

func TestLongAnswersArePackedForWhoCanUnpackThem(t *testing.T) {
	s := packedServer(t)
	plain := s.Do(t, someone, "GET", "/api/v1/long", nil)
	require.Empty(t, plain.Header.Get("Content-Encoding"))
	packed := s.Do(t, someone, "GET", "/api/v1/long", nil, "Accept-Encoding", "gzip, deflate, br, zstd", "Sec-Fetch-Site", "same-origin")
	require.Equal(t, "gzip", packed.Header.Get("Content-Encoding"))
	require.Contains(t, packed.Header.Values("Vary"), "Accept-Encoding")
	require.Equal(t, `"3"`, packed.Header.Get("ETag"), "the version is what an edit sends back")
	require.Less(t, len(packed.Body), len(plain.Body)/5)
	r, err := gzip.NewReader(bytes.NewReader(packed.Body))
	require.NoError(t, err)
	body, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, plain.Body, body)

	for _, path := range []string{"/api/v1/short", "/api/v1/picture", "/healthz"} {
		require.Empty(t, s.Do(t, someone, "GET", path, nil, "Accept-Encoding", "gzip").Header.Get("Content-Encoding"), path)
	}
}

// From the length of an answer with a guess in it another site could judge the guess.
func TestWhatAnotherSiteAskedForIsNotPacked(t *testing.T) {
	s := packedServer(t)
	for _, site := range []string{"cross-site", "same-site"} {
		require.Empty(t, s.Do(t, someone, "GET", "/api/v1/long", nil, "Accept-Encoding", "gzip", "Sec-Fetch-Site", site).Header.Get("Content-Encoding"), site)
	}
}

func TestEventsDoNotWaitToBePacked(t *testing.T) {
	s := packedServer(t)
	web := httptest.NewServer(s.API)
	defer web.Close()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, web.URL+"/api/v1/events", nil)
	require.NoError(t, err)
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err := web.Client().Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Empty(t, resp.Header.Get("Content-Encoding"))
	var seen []byte
	for buf := make([]byte, 256); !bytes.Contains(seen, []byte("changed")); {
		n, err := resp.Body.Read(buf)
		require.NoError(t, err, "the event arrives while the stream is open")
		seen = append(seen, buf[:n]...)
	}
}

func BenchmarkPackedList(b *testing.B) {
	s := apitest.New(b, clock.System{})
	row := map[string]any{"number": "NH-20261122-0042", "title": "电梯故障", "state": "accepted", "place": map[string]string{"text": "宁海花园一期 3号楼 2单元"}}
	httpapi.Register(s.API, httpapi.Op{ID: "rows", Method: http.MethodGet, Path: "/rows", Tag: "System", Summary: "rows", Public: true},
		func(context.Context, *struct{}) (*httpapi.Body[[]any], error) {
			rows := make([]any, 200)
			for i := range rows {
				rows[i] = row
			}
			return &httpapi.Body[[]any]{Body: rows}, nil
		})
	for _, encoding := range []string{"identity", "gzip"} {
		b.Run(encoding, func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(s.Do(b, someone, "GET", "/api/v1/rows", nil, "Accept-Encoding", encoding).Body)
			}
			b.ReportMetric(float64(size), "B/answer")
		})
	}
}
