package area

import (
	"context"
	"strconv"
	"strings"

	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

// searchNames reads the hits after the cursor: rank, name key and identifier.
func searchNames(ctx context.Context, q dbx.Querier, key string, scope condition, after []string, limit int) ([]PlaceHit, error) {
	like := likeText(key)
	where, args := `(n.name_key LIKE ? ESCAPE '!'`, []any{key, like + "%", "%" + like + "%", "%" + like + "%"}
	if isInitials(key) {
		where += ` OR n.initials LIKE ? ESCAPE '!'`
		args = append(args, "%"+like+"%")
	}
	where += `) AND (n.kind IN ('province', 'city', 'district', 'street', 'community') OR ` + scope.sql + `)`
	args = append(args, scope.args...)
	outer := ""
	if after != nil {
		rank, err := strconv.Atoi(after[0])
		last, bad := id.Parse(after[2])
		if err != nil || bad != nil {
			return nil, badCursor()
		}
		outer = `WHERE (t.hit_rank, t.name_key, t.place_id) > (?, ?, ?) `
		args = append(args, rank, after[1], last)
	}
	var out []PlaceHit
	err := q.Select(ctx, &out, `SELECT t.place_id, t.kind, t.name, t.path, t.hit_rank, t.name_key FROM (
		SELECT n.place_id, n.kind, n.name, n.path, n.name_key, CASE WHEN n.name_key = ? THEN 0 WHEN n.name_key LIKE ? ESCAPE '!' THEN 1 WHEN n.name_key LIKE ? ESCAPE '!' THEN 2 ELSE 3 END AS hit_rank
		FROM place_name n WHERE `+where+`) t `+outer+`ORDER BY t.hit_rank, t.name_key, t.place_id LIMIT ?`, append(args, limit)...)
	return out, err
}

// likeText makes s a pattern that matches only itself.
func likeText(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// isInitials tells whether s could be first letters of pinyin: Latin letters and digits only.
func isInitials(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}
