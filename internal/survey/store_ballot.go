package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const drawColumns = `draw_hash, round_id, dwelling_id, stratum_id, blinded_hash, drawn_on`

// drawOf finds a dwelling's draw.
func drawOf(ctx context.Context, q dbx.Querier, dwelling id.ID) (Draw, bool, error) {
	var d Draw
	err := q.Get(ctx, &d, `SELECT `+drawColumns+` FROM survey_draw WHERE dwelling_id = ?`, dwelling)
	if dbx.IsNoRow(err) {
		return d, false, nil
	}
	return d, err == nil, err
}

// insertDraw writes a draw; a duplicate when the dwelling has one. The foreign key keeps the round's row as it is until this
// commits.
func insertDraw(ctx context.Context, tx *dbx.Tx, d Draw) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_draw (`+drawColumns+`) VALUES (?,?,?,?,?,?)`, d.Name, d.RoundID, d.Dwelling, d.StratumID, d.Blinded, d.DrawnOn)
	return err
}

func moveDraw(ctx context.Context, tx *dbx.Tx, draw ballot.Hash, to clock.Date) error {
	return tx.ExecOne(ctx, `UPDATE survey_draw SET drawn_on = ? WHERE draw_hash = ?`, to, draw)
}

// drawnBy lists the dwellings of a stratum that had drawn at the end of a day.
func drawnBy(ctx context.Context, q dbx.Querier, stratum id.ID, day clock.Date) (map[id.ID]bool, error) {
	var list []id.ID
	if err := q.Select(ctx, &list, `SELECT dwelling_id FROM survey_draw WHERE stratum_id = ? AND drawn_on <= ?`, stratum, day); err != nil {
		return nil, err
	}
	out := make(map[id.ID]bool, len(list))
	for _, d := range list {
		out[d] = true
	}
	return out, nil
}

func stratumByID(ctx context.Context, q dbx.Querier, which id.ID) (Stratum, error) {
	var s Stratum
	err := q.Get(ctx, &s, `SELECT `+stratumColumns+` FROM survey_stratum WHERE id = ?`, which)
	return s, err
}

func projectOf(ctx context.Context, q dbx.Querier, round, serviceArea id.ID) (Project, error) {
	var p Project
	err := q.Get(ctx, &p, `SELECT `+projectColumns+` FROM survey_project WHERE round_id = ? AND service_area_id = ?`, round, serviceArea)
	if dbx.IsNoRow(err) {
		return p, fault.New(fault.NotFound, "not_found")
	}
	return p, err
}

// Response is a cast ballot in its last revision. The row has no time, no sequence and no address: its key is a hash. Until the round
// closes it lies among the casts, afterwards among the responses.
type Response struct {
	RoundID       id.ID       `db:"round_id"`
	TokenHash     ballot.Hash `db:"token_hash"`
	StratumID     id.ID       `db:"stratum_id"`
	Token         ballot.Hash `db:"token"`
	Prefix        ballot.Hash `db:"prefix"`
	Signature     []byte      `db:"signature"`
	Answers       string      `db:"answers"` // canonical, without free text
	Salt          ballot.Hash `db:"salt"`
	TextHash      ballot.Hash `db:"text_hash"`
	Commitment    ballot.Hash `db:"commitment"`
	Revision      int64       `db:"revision"`
	Opening       ballot.Hash `db:"opening"`
	Channel       string      `db:"channel"`
	Lot           string      `db:"lot"`
	AttributeSalt ballot.Hash `db:"attribute_salt"`
	First         *int64      `db:"pos"` // of a counted one: place in the log of surveys of the first ballot that was counted with it
}

const (
	castColumns     = `round_id, token_hash, stratum_id, token, prefix, signature, answers, salt, text_hash, commitment, revision, opening, channel, lot, attribute_salt`
	responseColumns = castColumns + `, pos`
)

// scan reads a row of responseColumns.
func (r *Response) scan(row dbx.Row) error {
	return row.Scan(&r.RoundID, &r.TokenHash, &r.StratumID, &r.Token, &r.Prefix, &r.Signature, &r.Answers, &r.Salt, &r.TextHash, &r.Commitment, &r.Revision, &r.Opening,
		&r.Channel, &r.Lot, &r.AttributeSalt, &r.First)
}

// insertCasts writes cast ballots; a duplicate when one was cast before. The foreign key keeps the round's row as it is until this
// commits.
func insertCasts(ctx context.Context, tx *dbx.Tx, list ...Response) error {
	rows := make([][]any, len(list))
	for i := range list {
		rows[i] = list[i].values()
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_cast (`+castColumns+`)`, rows)
}

// castBatches prepares what inserts cast ballots in great numbers.
func castBatches(ctx context.Context, db *dbx.DB) (*dbx.Batches, error) {
	return db.Batches(ctx, `INSERT INTO survey_cast (`+castColumns+`)`, len((&Response{}).values()))
}

// values are those of castColumns.
func (r *Response) values() []any {
	return []any{r.RoundID[:], r.TokenHash[:], r.StratumID[:], r.Token[:], r.Prefix[:], r.Signature, r.Answers, r.Salt[:], r.TextHash[:], r.Commitment[:], r.Revision,
		r.Opening[:], r.Channel, r.Lot, r.AttributeSalt[:]}
}

// standing is what decides whether a round takes a ballot.
type standing struct {
	State    State         `db:"state"`
	ClosesAt clock.Instant `db:"closes_at"`
	Lots     int64         `db:"lots"` // of envelopes
}

func standingOf(ctx context.Context, q dbx.Querier, round id.ID) (standing, error) {
	var s standing
	err := q.Get(ctx, &s, `SELECT state, closes_at, (SELECT COUNT(*) FROM survey_lot WHERE round_id = survey_round.id) AS lots FROM survey_round WHERE id = ?`, round)
	if dbx.IsNoRow(err) {
		err = fault.New(fault.NotFound, "not_found")
	}
	return s, err
}

// open is the fault survey.not_open, or nil.
func (s standing) open(at clock.Instant) error {
	if s.State != Open || at >= s.ClosesAt {
		return fault.New(fault.Conflict, "survey.not_open")
	}
	return nil
}

// castAlready tells which ballots of a round have a row.
func castAlready(ctx context.Context, q dbx.Querier, round id.ID, names []ballot.Hash) (map[ballot.Hash]bool, error) {
	return namesIn(ctx, q, `SELECT token_hash FROM survey_cast WHERE round_id = ? AND token_hash IN (?)`, round, names)
}

// notToTake tells which ballots of a round have a row or are on paper, and whether there are lots whose envelopes are not registered yet: in
// one question, since it is asked for each transaction of casts.
func notToTake(ctx context.Context, q dbx.Querier, round id.ID, names []ballot.Hash) (taken map[ballot.Hash]bool, guarded bool, err error) {
	const lot = `SELECT ? AS token_hash FROM survey_lot WHERE round_id = ? AND state = 'signed'`
	taken, err = namesIn(ctx, q, `SELECT token_hash FROM survey_cast WHERE round_id = ? AND token_hash IN (?)
		UNION ALL SELECT token_hash FROM survey_envelope WHERE round_id = ? AND token_hash IN (?) UNION ALL `+lot, round, names, round, names, ballot.Hash{}, round)
	return taken, taken[ballot.Hash{}], err // the hash of zeros names no ballot
}

// namesIn tells which names a query finds.
func namesIn(ctx context.Context, q dbx.Querier, query string, args ...any) (map[ballot.Hash]bool, error) {
	query, args, err := dbx.In(query, args...)
	if err != nil {
		return nil, err
	}
	var found []ballot.Hash
	if err := q.Select(ctx, &found, query, args...); err != nil {
		return nil, err
	}
	out := make(map[ballot.Hash]bool, len(found))
	for _, n := range found {
		out[n] = true
	}
	return out, nil
}

// recast replaces a ballot by a later revision of it. The row is written anew, not changed: so its foreign key keeps the round from
// closing until this commits, on every node of a cluster, and nobody counts what is still being replaced.
func recast(ctx context.Context, tx *dbx.Tx, r Response) error {
	if err := tx.ExecOne(ctx, `DELETE FROM survey_cast WHERE round_id = ? AND token_hash = ?`, r.RoundID, r.TokenHash); err != nil {
		return err
	}
	return insertCasts(ctx, tx, r)
}

const oneCast = `SELECT ` + castColumns + ` FROM survey_cast WHERE round_id = ? AND token_hash = ?`

// castOf finds a cast ballot of a round that is open.
func castOf(ctx context.Context, q dbx.Querier, round id.ID, token ballot.Hash) (Response, bool, error) {
	return oneResponse(ctx, q, oneCast, round, token)
}

// castForUpdate is castOf for who replaces it.
func castForUpdate(ctx context.Context, tx *dbx.Tx, round id.ID, token ballot.Hash) (Response, bool, error) {
	return oneResponse(ctx, tx, oneCast+tx.ForUpdate(), round, token)
}

// responseOf finds a counted ballot.
func responseOf(ctx context.Context, q dbx.Querier, round id.ID, token ballot.Hash) (Response, bool, error) {
	return oneResponse(ctx, q, `SELECT `+responseColumns+` FROM survey_response WHERE round_id = ? AND token_hash = ?`, round, token)
}

// ballotOf finds a ballot that was cast, wherever its round is.
func ballotOf(ctx context.Context, q dbx.Querier, round id.ID, token ballot.Hash) (Response, bool, error) {
	r, found, err := castOf(ctx, q, round, token)
	if err != nil || found {
		return r, found, err
	}
	return responseOf(ctx, q, round, token)
}

func oneResponse(ctx context.Context, q dbx.Querier, query string, round id.ID, token ballot.Hash) (Response, bool, error) {
	var r Response
	err := q.Get(ctx, &r, query, round, token)
	if dbx.IsNoRow(err) {
		return r, false, nil
	}
	return r, err == nil, err
}

// eachResponse calls fn with every counted response of a round in the order of their hashes.
func eachResponse(ctx context.Context, q dbx.Querier, round id.ID, fn func(Response) error) error {
	return q.Each(ctx, `SELECT `+responseColumns+` FROM survey_response WHERE round_id = ? ORDER BY token_hash`, []any{round}, func(row dbx.Row) error {
		var r Response
		if err := r.scan(row); err != nil {
			return err
		}
		return fn(r)
	})
}

// responseGroup is how many responses of a stratum have the same attributes.
type responseGroup struct {
	Stratum id.ID  `db:"stratum_id"`
	Channel string `db:"channel"`
	Lot     string `db:"lot"`
	Count   int64  `db:"n"`
}

func responseGroups(ctx context.Context, q dbx.Querier, round id.ID) (out []responseGroup, err error) {
	err = q.Select(ctx, &out, `SELECT stratum_id, channel, lot, COUNT(*) AS n FROM survey_response WHERE round_id = ? GROUP BY stratum_id, channel, lot`, round)
	return out, err
}

// countByStratum counts the responses and the draws of a round.
func countByStratum(ctx context.Context, q dbx.Querier, table string, round id.ID) (map[id.ID]int64, error) {
	var rows []struct {
		Stratum id.ID `db:"stratum_id"`
		N       int64 `db:"n"`
	}
	if err := q.Select(ctx, &rows, `SELECT stratum_id, COUNT(*) AS n FROM `+table+` WHERE round_id = ? GROUP BY stratum_id`, round); err != nil {
		return nil, err
	}
	out := map[id.ID]int64{}
	for _, r := range rows {
		out[r.Stratum] = r.N
	}
	return out, nil
}

func insertSeal(ctx context.Context, tx *dbx.Tx, s Seal) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_seal (round_id, stratum_id, sealed_on, dwellings, root) VALUES (?,?,?,?,?)`, s.RoundID, s.StratumID, s.Day, s.Dwellings, s.Root)
	return err
}

// lastSeal is the last day that a round's draws were sealed for; empty when there is none.
func lastSeal(ctx context.Context, q dbx.Querier, round id.ID) (clock.Date, error) {
	var day string
	err := q.Get(ctx, &day, `SELECT COALESCE(MAX(sealed_on), '') FROM survey_seal WHERE round_id = ?`, round)
	return clock.Date(day), err
}

func sealsOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Seal, error) {
	out := []Seal{}
	err := q.Select(ctx, &out, `SELECT round_id, stratum_id, sealed_on, dwellings, root FROM survey_seal WHERE round_id = ? ORDER BY sealed_on, stratum_id`, round)
	return out, err
}

const scoreColumns = `id, round_id, area_id, scope_path, company_org_id, revision, content, hash, made_at`

func insertScore(ctx context.Context, tx *dbx.Tx, s ScoreRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_score (`+scoreColumns+`) VALUES (?,?,?,?,?,?,?,?,?)`,
		s.ID, s.RoundID, s.AreaID, s.ScopePath, s.CompanyID, s.Revision, s.Content, s.Hash, s.MadeAt)
	return err
}

// scoreOf reads a card, or a project's part, in a revision; the fault survey.no_score.
func scoreOf(ctx context.Context, q dbx.Querier, round, area id.ID, revision int64) (ScoreRow, error) {
	var s ScoreRow
	err := q.Get(ctx, &s, `SELECT `+scoreColumns+` FROM survey_score WHERE round_id = ? AND area_id = ? AND revision = ?`, round, area, revision)
	if dbx.IsNoRow(err) {
		return s, fault.New(fault.NotFound, "survey.no_score")
	}
	return s, err
}
