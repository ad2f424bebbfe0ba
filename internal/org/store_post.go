package org

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/id"
)

type grantRow struct {
	ID   id.ID      `db:"id"`
	Role authz.Role `db:"role"`
	Org  id.ID      `db:"org_id"`
	Path string     `db:"scope_path"`
}

// grantRows reads the posts in force at a moment: a post ends by being ended, or by itself when its term
// is over, and nothing is held in a closed organisation.
func grantRows(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]grantRow, error) {
	var rows []grantRow
	err := q.Select(ctx, &rows, `SELECT p.id, p.role, p.org_id, o.scope_path FROM post p JOIN organisation o ON o.id = p.org_id
		WHERE p.person_id = ? AND p.from_at <= ? AND (p.to_at IS NULL OR p.to_at > ?) AND (p.until_at IS NULL OR p.until_at > ?)
		AND (o.closed_at IS NULL OR o.closed_at > ?) ORDER BY p.id`, person, at, at, at, at)
	return rows, err
}

const postColumns = `p.id, p.person_id, p.org_id, p.role, p.title, p.basis, p.from_at, p.until_at, p.to_at, p.ended_reason, p.successor_id, p.version`

func post(ctx context.Context, q dbx.Querier, postID id.ID) (Post, error) {
	var p Post
	err := q.Get(ctx, &p, `SELECT `+postColumns+` FROM post p WHERE p.id = ?`, postID)
	return p, err
}

func insertPost(ctx context.Context, tx *dbx.Tx, p Post, by id.ID) error {
	return tx.ExecOne(ctx, `INSERT INTO post (id, person_id, org_id, role, title, basis, from_at, until_at, ended_reason, appointed_by, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)`, p.ID, p.Person, p.Org, string(p.Role), p.Title, p.Basis, p.From, p.Until, by.Ptr(), p.Version)
}

func endPost(ctx context.Context, tx *dbx.Tx, p Post, to clock.Instant, why EndReason, successor id.ID) error {
	return tx.ExecOne(ctx, `UPDATE post SET to_at = ?, ended_reason = ?, successor_id = ?, version = version + 1
		WHERE id = ? AND to_at IS NULL AND version = ?`, to, string(why), successor.Ptr(), p.ID, p.Version)
}

// countPosts counts the posts not yet ended, those to come and those past their term included.
func countPosts(ctx context.Context, q dbx.Querier, org id.ID) (int64, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM post WHERE org_id = ? AND to_at IS NULL`, org)
	return n, err
}

// countManagers counts the persons who manage a company at a moment.
func countManagers(ctx context.Context, q dbx.Querier, org id.ID, at clock.Instant) (int64, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM post p WHERE p.org_id = ? AND p.role = 'manager' AND p.from_at <= ? AND `+inForce, org, at, at, at)
	return n, err
}

// inForce is the condition on a post that its holder has it or is about to; its arguments are the moment, twice.
const inForce = `(p.to_at IS NULL OR p.to_at > ?) AND (p.until_at IS NULL OR p.until_at > ?)`

// holdsPost tells whether a person has a post of some kind in an organisation at a moment.
func holdsPost(ctx context.Context, q dbx.Querier, org, person id.ID, at clock.Instant) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM post p WHERE p.org_id = ? AND p.person_id = ? AND p.from_at <= ? AND `+inForce, org, person, at, at, at)
	return n > 0, err
}

// postsOf reads one person's posts, present and past.
func postsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Post, error) {
	var rows []Post
	err := q.Select(ctx, &rows, `SELECT `+postColumns+` FROM post p WHERE p.person_id = ? ORDER BY p.from_at, p.id`, person)
	return rows, err
}

// postsIn reads the posts of an organisation in the order of their entering.
func postsIn(ctx context.Context, q dbx.Querier, org id.ID, past bool, after id.ID, limit int) ([]Post, error) {
	query := `SELECT ` + postColumns + ` FROM post p WHERE p.org_id = ? AND p.id > ?`
	if !past {
		query += ` AND p.to_at IS NULL`
	}
	var rows []Post
	err := q.Select(ctx, &rows, query+` ORDER BY p.id LIMIT ?`, org, after, limit)
	return rows, err
}

// duePosts reads posts whose term is over and which nobody has ended.
func duePosts(ctx context.Context, q dbx.Querier, at clock.Instant, limit int) ([]Post, error) {
	var rows []Post
	err := q.Select(ctx, &rows, `SELECT `+postColumns+` FROM post p WHERE p.to_at IS NULL AND p.until_at <= ? ORDER BY p.until_at, p.id LIMIT ?`, at, limit)
	return rows, err
}

// companyTies lists the companies in which a person has a post or a declared interest.
func companyTies(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]Conflict, error) {
	var rows []Conflict
	err := q.Select(ctx, &rows, `SELECT p.person_id, p.org_id AS company_id, 'post' AS through FROM post p JOIN organisation o ON o.id = p.org_id
		WHERE p.person_id = ? AND o.kind = 'company' AND `+inForce+`
		UNION ALL SELECT i.person_id, i.company_id, 'interest' AS through FROM declared_interest i WHERE i.person_id = ? AND i.to_at IS NULL`,
		person, at, at, person)
	return rows, err
}

type seat struct {
	Post id.ID  `db:"id"`
	Body id.ID  `db:"org_id"`
	Path string `db:"scope_path"`
}

// seats lists the places for whose owners a person stands.
func seats(ctx context.Context, q dbx.Querier, person id.ID, at clock.Instant) ([]seat, error) {
	var rows []seat
	err := q.Select(ctx, &rows, `SELECT p.id, p.org_id, o.scope_path FROM post p JOIN organisation o ON o.id = p.org_id
		WHERE p.person_id = ? AND p.role = 'committee' AND `+inForce, person, at, at)
	return rows, err
}

// conflicts lists who sits in an owners' body at, below or above path and is tied to company.
func conflicts(ctx context.Context, q dbx.Querier, company id.ID, path string, above []any, at clock.Instant) ([]Conflict, error) {
	low, high := authz.PathRange(path)
	query, in, err := dbx.In(`((o.scope_path >= ? AND o.scope_path < ?) OR o.scope_path IN (?))`, low, high, above)
	if err != nil {
		return nil, err
	}
	from := ` FROM post p JOIN organisation o ON o.id = p.org_id AND ` + query + ` JOIN `
	where := ` WHERE p.role = 'committee' AND ` + inForce
	args := append(append(append([]any{}, in...), company, at, at, at, at), append(append([]any{}, in...), company, at, at)...)
	var rows []Conflict
	err = q.Select(ctx, &rows, `SELECT p.person_id, p.org_id, p.id AS post_id, c.org_id AS company_id, 'post' AS through`+from+
		`post c ON c.person_id = p.person_id AND c.org_id = ? AND (c.to_at IS NULL OR c.to_at > ?) AND (c.until_at IS NULL OR c.until_at > ?)`+where+
		` UNION ALL SELECT p.person_id, p.org_id, p.id AS post_id, i.company_id, 'interest' AS through`+from+
		`declared_interest i ON i.person_id = p.person_id AND i.company_id = ? AND i.to_at IS NULL`+where, args...)
	return rows, err
}

const interestColumns = `i.id, i.person_id, i.company_id, i.holder, i.nature, i.from_at, i.to_at, i.scope_path, i.version`

func interest(ctx context.Context, q dbx.Querier, interestID id.ID) (Interest, error) {
	var i Interest
	err := q.Get(ctx, &i, `SELECT `+interestColumns+` FROM declared_interest i WHERE i.id = ?`, interestID)
	return i, err
}

func interestsOf(ctx context.Context, q dbx.Querier, person id.ID) ([]Interest, error) {
	var rows []Interest
	err := q.Select(ctx, &rows, `SELECT `+interestColumns+` FROM declared_interest i WHERE i.person_id = ? ORDER BY i.id`, person)
	return rows, err
}

func insertInterest(ctx context.Context, tx *dbx.Tx, i Interest, by id.ID) error {
	return tx.ExecOne(ctx, `INSERT INTO declared_interest (id, person_id, company_id, holder, nature, from_at, recorded_by, scope_path, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, i.ID, i.Person, i.Company, string(i.Holder), string(i.Nature), i.From, by.Ptr(), i.ScopePath, i.Version)
}

func endInterest(ctx context.Context, tx *dbx.Tx, i Interest, at clock.Instant) error {
	return tx.ExecOne(ctx, `UPDATE declared_interest SET to_at = ?, version = version + 1 WHERE id = ? AND to_at IS NULL AND version = ?`, at, i.ID, i.Version)
}
