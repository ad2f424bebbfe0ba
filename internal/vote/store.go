package vote

import (
	"context"
	"encoding/json"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

const voteColumns = `id, scope, place_id, entrance, scope_path, place_name, kind, title, reason, proposer_id, organiser_org_id, organiser_role, state, procedure_code, rule_hash,
	each_unit, count_parking, silent, bylaw, opens_at, closes_at, extended_why, form_hash, roll_hash, roll_area, roll_heads, exposure_bp, key_public, key_hash, official_system, official_document,
	outcome, announced_at, posted_at, opened_at, closed_at, counted_at, published_at, effective_at, result_document, developer_paper, developer_unit, developer_at, ballot_salt, shown, created_at, changed_at, version`

// voteByID reads a vote; the fault not_found.
func voteByID(ctx context.Context, q dbx.Querier, which id.ID) (Vote, error) {
	var v Vote
	err := q.Get(ctx, &v, `SELECT `+voteColumns+` FROM vote WHERE id = ?`, which)
	if dbx.IsNoRow(err) {
		return v, fault.New(fault.NotFound, "not_found")
	}
	return v, err
}

func insertVote(ctx context.Context, tx *dbx.Tx, v Vote) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote (`+voteColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		v.ID, v.Scope, v.PlaceID, v.Entrance, v.ScopePath, v.PlaceName, v.Kind, v.Title, v.Reason, v.ProposerID, v.OrganiserID, v.OrganiserRole, v.State, v.Procedure, v.RuleHash,
		v.EachUnit, v.CountParking, v.Silent, v.Bylaw, v.OpensAt, v.ClosesAt, v.ExtendedWhy, v.FormHash, v.RollHash, v.RollArea, v.RollHeads, v.ExposureBP, v.KeyPublic, v.KeyHash, v.OfficialSystem, v.OfficialDocument,
		v.Outcome, v.AnnouncedAt, v.PostedAt, v.OpenedAt, v.ClosedAt, v.CountedAt, v.PublishedAt, v.EffectiveAt, v.ResultDocument, v.DeveloperPaper, v.DeveloperUnit, v.DeveloperAt, v.BallotSalt, v.Shown, v.CreatedAt, v.ChangedAt, v.Version)
	return err
}

// claimVote moves a vote from the state and version that were read and so keeps it for this transaction; dbx.ErrNoMatch when somebody
// was faster.
func claimVote(ctx context.Context, tx *dbx.Tx, v Vote, next State) error {
	return tx.ExecOne(ctx, `UPDATE vote SET state = ?, version = version + 1 WHERE id = ? AND version = ? AND state = ?`, next, v.ID, v.Version, v.State)
}

// updateVote writes what steps change, under a version that claimVote took.
func updateVote(ctx context.Context, tx *dbx.Tx, v Vote) error {
	return tx.ExecOne(ctx, `UPDATE vote SET kind = ?, title = ?, reason = ?, organiser_org_id = ?, organiser_role = ?, each_unit = ?, count_parking = ?, silent = ?, bylaw = ?, opens_at = ?, closes_at = ?,
		extended_why = ?, form_hash = ?, roll_hash = ?, roll_area = ?, roll_heads = ?, exposure_bp = ?, key_public = ?, key_hash = ?, official_system = ?, official_document = ?, outcome = ?,
		announced_at = ?, posted_at = ?, opened_at = ?, closed_at = ?, counted_at = ?, published_at = ?, effective_at = ?, result_document = ?, developer_paper = ?, developer_unit = ?, developer_at = ?, ballot_salt = ?, shown = ?, changed_at = ? WHERE id = ? AND version = ?`,
		v.Kind, v.Title, v.Reason, v.OrganiserID, v.OrganiserRole, v.EachUnit, v.CountParking, v.Silent, v.Bylaw, v.OpensAt, v.ClosesAt,
		v.ExtendedWhy, v.FormHash, v.RollHash, v.RollArea, v.RollHeads, v.ExposureBP, v.KeyPublic, v.KeyHash, v.OfficialSystem, v.OfficialDocument, v.Outcome,
		v.AnnouncedAt, v.PostedAt, v.OpenedAt, v.ClosedAt, v.CountedAt, v.PublishedAt, v.EffectiveAt, v.ResultDocument, v.DeveloperPaper, v.DeveloperUnit, v.DeveloperAt, v.BallotSalt, v.Shown, v.ChangedAt, v.ID, v.Version)
}

// pinVote keeps a vote as it is until the transaction ends; dbx.ErrNoMatch when it is in another state.
func pinVote(ctx context.Context, tx *dbx.Tx, v Vote) error {
	return tx.ExecOne(ctx, `UPDATE vote SET version = version WHERE id = ? AND state = ?`, v.ID, v.State)
}

// listVotes reads the votes of the places that one of the caller's capacities is tied to, newest first; those who live there see none that
// was cancelled.
func listVotes(ctx context.Context, q dbx.Querier, p authz.Principal, grants []authz.Grant, states []State, before *id.ID, limit int) ([]Vote, error) {
	staff, args := authz.Where(p, grants, authz.Columns{Path: "scope_path"})
	open, more := authz.Where(p, grants, authz.Columns{Path: "scope_path", Open: true})
	query := `SELECT ` + voteColumns + ` FROM vote WHERE (` + staff + ` OR (state <> 'cancelled' AND ` + open + `))`
	args = append(args, more...)
	if len(states) > 0 {
		query, args = query+` AND state IN (?)`, append(args, states)
	}
	if before != nil {
		query, args = query+` AND id < ?`, append(args, *before)
	}
	query, args, err := dbx.In(query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	out := []Vote{}
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

// dueVotes lists votes in some states whose moment has come, a page of them after an id.
func dueVotes(ctx context.Context, q dbx.Querier, states []State, column string, at clock.Instant, after id.ID) ([]Vote, error) {
	query, args, err := dbx.In(`SELECT `+voteColumns+` FROM vote WHERE state IN (?) AND `+column+` <= ? AND id > ? ORDER BY id LIMIT ?`, states, at, after, duePage)
	if err != nil {
		return nil, err
	}
	var out []Vote
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

// publicOf lists the votes of a service area, and of the estate around it, whose results are public.
func publicOf(ctx context.Context, q dbx.Querier, path string) ([]Vote, error) {
	out := []Vote{}
	paths := pathsTo(path)
	query, args, err := dbx.In(`SELECT `+voteColumns+` FROM vote WHERE scope_path IN (?) AND state IN ('published', 'effective', 'ordered', 'revoked') ORDER BY id DESC LIMIT ?`, paths, mostPublic)
	if err != nil {
		return nil, err
	}
	err = q.Select(ctx, &out, query, args...)
	return out, err
}

// pathsTo lists a path and the paths of the places above it.
func pathsTo(path string) (out []string) {
	for i, c := range path {
		if c == '/' {
			out = append(out, path[:i+1])
		}
	}
	return out
}

type itemRow struct {
	Item
	Vote id.ID  `db:"vote_id"`
	Raw  string `db:"options"`
}

func insertItems(ctx context.Context, tx *dbx.Tx, vote id.ID, items []Item) error {
	if _, err := tx.Exec(ctx, `DELETE FROM vote_item WHERE vote_id = ?`, vote); err != nil {
		return err
	}
	rows := make([][]any, len(items))
	for i, it := range items {
		options, err := json.Marshal(it.Options)
		if err != nil {
			return err
		}
		rows[i] = []any{vote, it.No, it.Matter, it.Title, it.Content, string(options), it.Most, it.SubjectKind, it.SubjectID, it.SubjectOption}
	}
	return tx.InsertMany(ctx, `INSERT INTO vote_item (vote_id, no, matter, title, content, options, most, subject_kind, subject_id, subject_option)`, rows)
}

const itemColumns = `i.vote_id, i.no, i.matter, i.title, i.content, i.options, i.most, i.subject_kind, i.subject_id, i.subject_option`

func itemsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Item, error) {
	var rows []itemRow
	if err := q.Select(ctx, &rows, `SELECT `+itemColumns+` FROM vote_item i WHERE i.vote_id = ? ORDER BY i.no`, vote); err != nil {
		return nil, err
	}
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = r.Item
		if err := json.Unmarshal([]byte(r.Raw), &out[i].Options); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// newestAbout reads id and state of the newest vote about each subject that was not cancelled.
func newestAbout(ctx context.Context, q dbx.Querier, subjects []id.ID) (map[id.ID]Vote, error) {
	out := map[id.ID]Vote{}
	if len(subjects) == 0 {
		return out, nil
	}
	query, args, err := dbx.In(`SELECT i.subject_id, v.id, v.state FROM vote_item i JOIN vote v ON v.id = i.vote_id WHERE i.subject_id IN (?) AND v.state <> 'cancelled' ORDER BY v.id`, subjects)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Subject id.ID `db:"subject_id"`
		ID      id.ID `db:"id"`
		State   State `db:"state"`
	}
	err = q.Select(ctx, &rows, query, args...)
	for _, r := range rows {
		out[r.Subject] = Vote{ID: r.ID, State: r.State}
	}
	return out, err
}

// votesAbout lists the votes with an item about a subject, newest first.
func votesAbout(ctx context.Context, q dbx.Querier, kind SubjectKind, subject id.ID) ([]Vote, error) {
	var out []Vote
	err := q.Select(ctx, &out, `SELECT `+voteColumns+` FROM vote WHERE id IN (SELECT i.vote_id FROM vote_item i WHERE i.subject_id = ? AND i.subject_kind = ?) ORDER BY id DESC`, subject, kind)
	return out, err
}

func insertEvent(ctx context.Context, tx *dbx.Tx, m *move, from State, detail string) error {
	a := m.actor
	_, err := tx.Exec(ctx, `INSERT INTO vote_event (vote_id, seq, at, kind, from_state, to_state, person_id, org_id, role, post_id, detail) VALUES (?,?,?,?,?,?,?,?,?,?,?)`,
		m.next.ID, m.next.Version, m.at, string(m.step), from, m.next.State, a.Person.Ptr(), a.Org.Ptr(), string(a.Role), a.Post.Ptr(), detail)
	return err
}

// Leaf is what a vote has in the log of decisions.
type Leaf struct {
	ID    id.ID         `db:"id" json:"-"`
	Kind  string        `db:"kind" json:"kind"`
	Body  string        `db:"body" json:"body" doc:"What is hashed, with the form's name and a zero byte before it"`
	Hash  []byte        `db:"leaf" json:"hash" doc:"Base64: eight bytes that mark what is of this vote, then 192 bits of the hash"`
	At    clock.Instant `db:"made_at" json:"at"`
	Entry *int64        `db:"entry" json:"entry,omitempty" doc:"Place in the log; absent for the seconds until it is sealed"`
}

func addLeaf(ctx context.Context, tx *dbx.Tx, v Vote, kind string, at clock.Instant, what map[string]any) error {
	what["vote"], what["kind"] = v.ID, kind
	body, err := json.Marshal(what) // keys are sorted
	if err != nil {
		return err
	}
	hash := v.leafHash(kind, string(body))
	_, err = tx.Exec(ctx, `INSERT INTO vote_leaf (id, vote_id, kind, body, leaf, made_at) VALUES (?,?,?,?,?,?)`, id.New(), v.ID, kind, string(body), hash[:], at)
	return err
}

func leavesOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Leaf, error) {
	out := []Leaf{}
	err := q.Select(ctx, &out, `SELECT id, kind, body, leaf, made_at, entry FROM vote_leaf WHERE vote_id = ? ORDER BY id`, vote)
	return out, err
}

// waiting is a leaf without a place, with what its hash is made of.
type waiting struct {
	Leaf
	Vote id.ID       `db:"vote_id"`
	Salt *rules.Hash `db:"ballot_salt"`
}

func unsealedLeaves(ctx context.Context, q dbx.Querier, limit int) ([]waiting, error) {
	var out []waiting
	err := q.Select(ctx, &out, `SELECT l.id, l.vote_id, l.kind, l.body, v.ballot_salt FROM vote_leaf l JOIN vote v ON v.id = l.vote_id WHERE l.entry IS NULL ORDER BY l.id LIMIT ?`, limit)
	return out, err
}

// numberLeaf keeps a leaf's place, and the hash that stands there: leaves of the first form are sealed anew, in the present one.
func numberLeaf(ctx context.Context, tx *dbx.Tx, leaf id.ID, entry int64, hash [32]byte) error {
	return tx.ExecOne(ctx, `UPDATE vote_leaf SET entry = ?, leaf = ? WHERE id = ? AND entry IS NULL`, entry, hash[:], leaf)
}

func insertDocument(ctx context.Context, tx *dbx.Tx, vote id.ID, d Document) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_document (vote_id, hash, name, media_type, size_bytes, added_at, person_id) VALUES (?,?,?,?,?,?,?)`,
		vote, d.Hash, d.Name, d.MediaType, d.Size, d.AddedAt, d.PersonID)
	return err
}

func documentsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Document, error) {
	out := []Document{}
	err := q.Select(ctx, &out, `SELECT hash, name, media_type, size_bytes, added_at, person_id FROM vote_document WHERE vote_id = ? ORDER BY added_at, hash`, vote)
	return out, err
}
