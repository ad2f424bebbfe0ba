package workorder

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/personal"
)

// OrderRemark is what a resident agreed to pass on to the handler: the words, and nothing of the score. A remark is
// written with a rating, so whoever could tell whose remark it is could guess whose rating; the resident agreed to
// the words being read, not to that. A handler therefore gets remarks in batches (see batches), without the order,
// the moment or an identifier, which would hold the moment. The community and the street see them as they come.
type OrderRemark struct {
	ID          *id.ID     `json:"id,omitempty" doc:"Absent for the handler"`
	OrderNumber string     `json:"orderNumber,omitempty" doc:"Absent for the handler, to whom it would tell who wrote it"`
	Category    string     `json:"category,omitempty" doc:"Absent for the handler where fewer than k different households of the batch wrote about it"`
	Text        string     `json:"text" doc:"Phone and identity numbers are masked"`
	Day         clock.Date `json:"day,omitempty" doc:"The day it was written; absent for the handler"`
	From        string     `json:"fromMonth" doc:"First month of the batch, as 2026-10"`
	Until       string     `json:"untilMonth" doc:"Last month of the batch"`
}

// remarkRow is a stored remark. Its text is read only for the rows of a page.
type remarkRow struct {
	ID       id.ID         `db:"id"`
	Number   string        `db:"number"`
	Category string        `db:"category"`
	Text     string        `db:"text"`
	At       clock.Instant `db:"at"`
	Rater    id.ID         `db:"rater_key"`
}

func (r remarkRow) month() string { return string(clock.DateOf(r.At.Time()))[:7] }

// open is the remark as the community and the street see it.
func (r remarkRow) open() OrderRemark {
	return OrderRemark{
		ID: r.ID.Ptr(), OrderNumber: r.Number, Category: r.Category, Text: personal.Redact(r.Text),
		Day: clock.DateOf(r.At.Time()), From: r.month(), Until: r.month(),
	}
}

// batched is a remark that a handler may read, and where it stands in the list.
type batched struct {
	OrderRemark
	row id.ID
	key string // of the random part of the identifier: the order of a batch tells nothing of when
}

// batches puts a handler's remarks (any order) into batches of whole months that are over, each written by at least k
// different households; what is left waits for the months to come. The same remarks always make the same
// batches, so that no later list differs from an earlier one by fewer than k.
func batches(rows []remarkRow, k int, present string) []batched {
	slices.SortStableFunc(rows, func(a, b remarkRow) int { return strings.Compare(a.month(), b.month()) })
	var out []batched
	begin := 0
	for i, r := range rows {
		if r.month() >= present {
			break
		}
		last := i+1 == len(rows) || rows[i+1].month() != r.month()
		if last && raters(rows[begin:i+1]) >= k {
			out = append(out, batchOf(rows[begin:i+1], k)...)
			begin = i + 1
		}
	}
	return out
}

func batchOf(rows []remarkRow, k int) []batched {
	about := map[string][]remarkRow{}
	for _, r := range rows {
		about[r.Category] = append(about[r.Category], r)
	}
	out := make([]batched, len(rows))
	for i, r := range rows {
		hash := sha256.Sum256(r.ID[:])
		out[i] = batched{OrderRemark{From: rows[0].month(), Until: rows[len(rows)-1].month()}, r.ID, hex.EncodeToString(hash[:16])}
		if raters(about[r.Category]) >= k {
			out[i].Category = r.Category
		}
	}
	return out
}

func raters(rows []remarkRow) int {
	seen := map[id.ID]bool{}
	for _, r := range rows {
		seen[r.Rater] = true
	}
	return len(seen)
}
