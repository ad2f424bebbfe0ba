package page_test

import (
	"encoding/base64"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/page"
)

func TestSizeOfAPage(t *testing.T) {
	for asked, want := range map[int]int{-1: page.Default, 0: page.Default, 1: 1, 199: 199, page.Max: page.Max, page.Max + 1: page.Max, 1 << 40: page.Max} {
		require.Equal(t, want, page.Request{Limit: asked}.Size(), "%d", asked)
	}
}

// A list read page by page is the list, each row once, whatever its length and the size of its pages. Rows that
// arrive before the cursor meanwhile shift nothing.
func TestPagesTogetherAreTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfNDistinct(rapid.IntRange(0, 10_000), 0, 60, rapid.ID[int]).Draw(t, "rows")
		slices.Sort(all)
		req := page.Request{Limit: rapid.IntRange(1, 25).Draw(t, "limit")}
		table := slices.Clone(all)
		var got []int
		for rounds := 0; ; rounds++ {
			require.LessOrEqual(t, rounds, len(all)/req.Limit+1, "it ends")
			p := page.Cut(after(t, table, req), req.Size(), func(n int) []string { return []string{strconv.Itoa(n)} })
			require.NotNil(t, p.Items, "an empty page is a list in JSON")
			require.LessOrEqual(t, len(p.Items), req.Limit)
			got = append(got, p.Items...)
			if p.Next == "" {
				break
			}
			require.Len(t, p.Items, req.Limit, "only the last page is short")
			req.Cursor = p.Next
			table = append([]int{-1 - rounds}, table...)
		}
		require.Equal(t, len(all), len(got))
		require.True(t, slices.Equal(all, got))
	})
}

// after reads the rows of a page and one more, as a query does.
func after(t require.TestingT, table []int, req page.Request) []int {
	from := -1
	parts, err := page.Decode(req.Cursor, 1)
	require.NoError(t, err)
	if parts != nil {
		from, err = strconv.Atoi(parts[0])
		require.NoError(t, err)
	}
	var rows []int
	for _, n := range table {
		if n > from && len(rows) <= req.Size() {
			rows = append(rows, n)
		}
	}
	return rows
}

func TestACursorKeepsItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "parts")
		cursor := page.Encode(parts...)
		require.Regexp(t, `^[A-Za-z0-9_-]+$`, cursor, "as it stands in an address")
		got, err := page.Decode(cursor, len(parts))
		require.NoError(t, err)
		require.Equal(t, parts, got)
		_, err = page.Decode(cursor, len(parts)+1)
		require.ErrorIs(t, err, fault.Invalid, "a cursor of another list")
	})
}

func TestCursorsThatNobodyMade(t *testing.T) {
	first, err := page.Decode("", 2)
	require.NoError(t, err)
	require.Nil(t, first)
	for _, text := range []string{"x", "=", "%", "W10=", base64.RawURLEncoding.EncodeToString([]byte(`{}`)), base64.RawURLEncoding.EncodeToString([]byte(`[1,2]`)),
		base64.RawURLEncoding.EncodeToString([]byte(`["a"]`)), base64.RawURLEncoding.EncodeToString([]byte(`["a","b"] `)[:8]), base64.RawURLEncoding.EncodeToString([]byte(`null`))} {
		_, err := page.Decode(text, 2)
		require.ErrorIs(t, err, fault.Invalid, text)
		require.Equal(t, "page.cursor", fault.Of(err).Fields[0].Code)
		require.Equal(t, "query.cursor", fault.Of(err).Fields[0].Path)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", page.Encode("a", "b"), "W10", "bnVsbA", "!"} {
		f.Add(s, 2)
	}
	f.Fuzz(func(t *testing.T, cursor string, n int) {
		parts, err := page.Decode(cursor, n)
		if err != nil {
			require.ErrorIs(t, err, fault.Invalid)
			return
		}
		require.True(t, cursor == "" && parts == nil || len(parts) == n)
	})
}
