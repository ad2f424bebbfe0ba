package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

const dwellingColumns = `id, round_id, service_area_id, stratum_id, unit_id, building_id, label, elector, left_out, sampled, secret`

func insertRoll(ctx context.Context, tx *dbx.Tx, roll []Dwelling) error {
	rows := make([][]any, len(roll))
	for i, d := range roll {
		rows[i] = []any{d.ID, d.RoundID, d.ServiceAreaID, d.StratumID, d.UnitID, d.BuildingID, d.Label, d.Elector, d.LeftOut, d.Sampled, d.Secret}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_dwelling (`+dwellingColumns+`)`, rows)
}

// rollOf reads the lines of a stratum, or of the whole round for the zero stratum.
func rollOf(ctx context.Context, q dbx.Querier, round, stratum id.ID) ([]Dwelling, error) {
	query, args := `SELECT `+dwellingColumns+` FROM survey_dwelling WHERE round_id = ?`, []any{round}
	if !stratum.IsZero() {
		query, args = query+` AND stratum_id = ?`, append(args, stratum)
	}
	var out []Dwelling
	err := q.Select(ctx, &out, query+` ORDER BY id`, args...)
	return out, err
}

// dwellingOf finds a unit's line in a round; the fault not_found.
func dwellingOf(ctx context.Context, q dbx.Querier, round, unit id.ID) (Dwelling, error) {
	var d Dwelling
	err := q.Get(ctx, &d, `SELECT `+dwellingColumns+` FROM survey_dwelling WHERE round_id = ? AND unit_id = ?`, round, unit)
	if dbx.IsNoRow(err) {
		return d, fault.New(fault.NotFound, "not_found")
	}
	return d, err
}

func markSampled(ctx context.Context, tx *dbx.Tx, dwellings []id.ID) error {
	const batch = 500
	for len(dwellings) > 0 {
		n := min(batch, len(dwellings))
		query, args, err := dbx.In(`UPDATE survey_dwelling SET sampled = 1 WHERE id IN (?)`, dwellings[:n])
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
		dwellings = dwellings[n:]
	}
	return nil
}

const stratumColumns = `id, round_id, service_area_id, no, name, dwellings, sampled, key_id, public_key, key_sealed, destroyed_at`

func insertStrata(ctx context.Context, tx *dbx.Tx, list []Stratum) error {
	rows := make([][]any, len(list))
	for i, s := range list {
		rows[i] = []any{s.ID, s.RoundID, s.ServiceAreaID, s.No, s.Name, s.Dwellings, s.Sampled, s.KeyID, s.PublicKey, s.KeySealed, s.DestroyedAt}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_stratum (`+stratumColumns+`)`, rows)
}

func strataOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Stratum, error) {
	var out []Stratum
	err := q.Select(ctx, &out, `SELECT `+stratumColumns+` FROM survey_stratum WHERE round_id = ? ORDER BY no`, round)
	return out, err
}

// stratumByKey finds the stratum whose key signs ballots; the fault not_found.
func stratumByKey(ctx context.Context, q dbx.Querier, key ballot.Hash) (Stratum, error) {
	var s Stratum
	err := q.Get(ctx, &s, `SELECT `+stratumColumns+` FROM survey_stratum WHERE key_id = ?`, key)
	if dbx.IsNoRow(err) {
		return s, fault.New(fault.NotFound, "not_found")
	}
	return s, err
}

// equip gives a stratum its key and the size of its sample.
func equip(ctx context.Context, tx *dbx.Tx, s Stratum) error {
	return tx.ExecOne(ctx, `UPDATE survey_stratum SET sampled = ?, key_id = ?, public_key = ?, key_sealed = ? WHERE id = ? AND key_id IS NULL`,
		s.Sampled, s.KeyID, s.PublicKey, s.KeySealed, s.ID)
}

// destroyKeys deletes the signing keys of a round.
func destroyKeys(ctx context.Context, tx *dbx.Tx, round id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `UPDATE survey_stratum SET key_sealed = NULL, destroyed_at = ? WHERE round_id = ? AND destroyed_at IS NULL`, at, round)
	return err
}

// Pledge is what a party put in for the draw: first a commitment, then its value.
type Pledge struct {
	RoundID     id.ID          `db:"round_id" json:"-"`
	OrgID       id.ID          `db:"org_id" json:"organisationId"`
	Commitment  ballot.Hash    `db:"commitment" json:"commitment" doc:"SHA-256 of the value"`
	Value       *ballot.Hash   `db:"value" json:"value,omitempty" doc:"As revealed"`
	PersonID    id.ID          `db:"person_id" json:"-"`
	Role        string         `db:"role" json:"-"`
	CommittedAt clock.Instant  `db:"committed_at" json:"committedAt"`
	RevealedAt  *clock.Instant `db:"revealed_at" json:"revealedAt,omitempty"`
}

const pledgeColumns = `round_id, org_id, commitment, value, person_id, role, committed_at, revealed_at`

// insertPledge is a duplicate when the party has pledged already.
func insertPledge(ctx context.Context, tx *dbx.Tx, p Pledge) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_pledge (`+pledgeColumns+`) VALUES (?,?,?,?,?,?,?,?)`,
		p.RoundID, p.OrgID, p.Commitment, p.Value, p.PersonID, p.Role, p.CommittedAt, p.RevealedAt)
	return err
}

func revealPledge(ctx context.Context, tx *dbx.Tx, p Pledge) error {
	return tx.ExecOne(ctx, `UPDATE survey_pledge SET value = ?, revealed_at = ? WHERE round_id = ? AND org_id = ? AND value IS NULL`, p.Value, p.RevealedAt, p.RoundID, p.OrgID)
}

func pledgesOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Pledge, error) {
	out := []Pledge{}
	err := q.Select(ctx, &out, `SELECT `+pledgeColumns+` FROM survey_pledge WHERE round_id = ? ORDER BY org_id`, round)
	return out, err
}

func deletePledges(ctx context.Context, tx *dbx.Tx, round id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM survey_pledge WHERE round_id = ?`, round)
	return err
}

// Leaf is what a round has in the ledger beside its responses.
type Leaf struct {
	ID      id.ID         `db:"id" json:"-"`
	RoundID id.ID         `db:"round_id" json:"-"`
	No      int64         `db:"no" json:"no"`
	Kind    string        `db:"kind" json:"kind"`
	Body    string        `db:"body" json:"body" doc:"The canonical text; its SHA-256 is the leaf"`
	Hash    ballot.Hash   `db:"leaf" json:"hash"`
	MadeAt  clock.Instant `db:"made_at" json:"-"`
	Entry   *int64        `db:"entry" json:"entry,omitempty" doc:"Its place in the log of surveys; absent until it is sealed, within seconds"`
}

const leafColumns = `id, round_id, no, kind, body, leaf, made_at, entry`

func insertLeaves(ctx context.Context, tx *dbx.Tx, list []Leaf) error {
	rows := make([][]any, len(list))
	for i, l := range list {
		rows[i] = []any{l.ID, l.RoundID, l.No, l.Kind, l.Body, l.Hash, l.MadeAt, l.Entry}
	}
	return tx.InsertMany(ctx, `INSERT INTO survey_leaf (`+leafColumns+`)`, rows)
}

// nextLeaf is the number that the next leaf of a round gets. Who asks holds the round, or moves it on, in the same transaction: two at once
// would read the same number, and UNIQUE would refuse the second for good.
func nextLeaf(ctx context.Context, q dbx.Querier, round id.ID) (int64, error) {
	var no int64
	err := q.Get(ctx, &no, `SELECT COALESCE(MAX(no), 0) + 1 FROM survey_leaf WHERE round_id = ?`, round)
	return no, err
}

func leavesOf(ctx context.Context, q dbx.Querier, round id.ID) ([]Leaf, error) {
	out := []Leaf{}
	err := q.Select(ctx, &out, `SELECT `+leafColumns+` FROM survey_leaf WHERE round_id = ? ORDER BY no`, round)
	return out, err
}

func unsealedLeaves(ctx context.Context, q dbx.Querier, limit int) ([]Leaf, error) {
	var out []Leaf
	err := q.Select(ctx, &out, `SELECT `+leafColumns+` FROM survey_leaf WHERE entry IS NULL ORDER BY round_id, no LIMIT ?`, limit)
	return out, err
}

func numberLeaf(ctx context.Context, tx *dbx.Tx, leaf id.ID, entry int64) error {
	return tx.ExecOne(ctx, `UPDATE survey_leaf SET entry = ? WHERE id = ? AND entry IS NULL`, entry, leaf)
}

// undrawn lists the asked dwellings of a service area that had drawn no ballot at the end of a day.
func undrawn(ctx context.Context, q dbx.Querier, round, serviceArea id.ID, day clock.Date) ([]Dwelling, error) {
	var out []Dwelling
	err := q.Select(ctx, &out, `SELECT `+dwellingColumns+` FROM survey_dwelling d WHERE d.round_id = ? AND d.service_area_id = ? AND d.sampled = 1
		AND NOT EXISTS (SELECT 1 FROM survey_draw w WHERE w.dwelling_id = d.id AND w.drawn_on <= ?) ORDER BY d.id`, round, serviceArea, day)
	return out, err
}

// reminded tells whether a service area was reminded on a day.
func reminded(ctx context.Context, q dbx.Querier, round, serviceArea id.ID, day clock.Date) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM survey_reminder WHERE round_id = ? AND service_area_id = ? AND due_on = ?`, round, serviceArea, day)
	return n > 0, err
}

// insertReminder is a duplicate when the service area was reminded for that day.
func insertReminder(ctx context.Context, tx *dbx.Tx, round, serviceArea id.ID, day clock.Date, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO survey_reminder (round_id, service_area_id, due_on, made_at) VALUES (?,?,?,?)`, round, serviceArea, day, at)
	return err
}

// reminderDays lists the days on which a round's dwellings were reminded.
func reminderDays(ctx context.Context, q dbx.Querier, round id.ID) (map[clock.Date]bool, error) {
	var at []clock.Instant
	if err := q.Select(ctx, &at, `SELECT made_at FROM survey_reminder WHERE round_id = ?`, round); err != nil {
		return nil, err
	}
	out := map[clock.Date]bool{}
	for _, t := range at {
		out[clock.DateOf(t.Time())] = true
	}
	return out, nil
}

// eachDwelling calls fn with every line of a round's roll.
func eachDwelling(ctx context.Context, q dbx.Querier, round id.ID, fn func(Dwelling) error) error {
	return q.Each(ctx, `SELECT `+dwellingColumns+` FROM survey_dwelling WHERE round_id = ? ORDER BY id`, []any{round}, func(row dbx.Row) error {
		var d Dwelling
		if err := row.StructScan(&d); err != nil {
			return err
		}
		return fn(d)
	})
}

// withheldBefore tells whether an organisation's secret, pledged and never shown, ended a round over one of the service areas of this one, and
// no round has opened there since.
func withheldBefore(ctx context.Context, q dbx.Querier, org, round id.ID) (bool, error) {
	var n int64
	err := q.Get(ctx, &n, `SELECT COUNT(*) FROM survey_pledge p JOIN survey_event e ON e.round_id = p.round_id AND e.kind = 'cancel' AND e.role = ?
			JOIN survey_project j ON j.round_id = p.round_id JOIN survey_project m ON m.service_area_id = j.service_area_id AND m.round_id = ?
		WHERE p.org_id = ? AND p.value IS NULL AND NOT EXISTS (SELECT 1 FROM survey_project k JOIN survey_round o ON o.id = k.round_id
			WHERE k.service_area_id = j.service_area_id AND o.opened_at > e.at)`, string(authz.RoleSystem), round, org)
	return n > 0, err
}
