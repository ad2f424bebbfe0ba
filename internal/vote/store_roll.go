package vote

import (
	"context"
	"slices"

	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/tally"
)

// putRoll replaces the roll that was posted. What was delivered is delivered anew: the lines have other numbers.
func putRoll(ctx context.Context, tx *dbx.Tx, vote id.ID, r Roll) error {
	for _, table := range []string{"vote_elector", "vote_unit", "vote_head"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE vote_id = ?`, vote); err != nil {
			return err
		}
	}
	heads, units, electors := make([][]any, len(r.Heads)), make([][]any, len(r.Units)), make([][]any, len(r.Electors))
	for i, h := range r.Heads {
		heads[i] = []any{vote, h.No, h.Area, h.Units, h.Developer, h.Label, "", ""}
	}
	for i, u := range r.Units {
		units[i] = []any{vote, u.UnitID, u.Head, u.Area, u.Source, u.Label}
	}
	for i, e := range r.Electors {
		electors[i] = []any{vote, e.Head, e.Person}
	}
	if err := tx.InsertMany(ctx, `INSERT INTO vote_head (vote_id, no, area, units, developer, label, delivered_how, delivered_note)`, heads); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, `INSERT INTO vote_unit (vote_id, unit_id, head_no, area, source, label)`, units); err != nil {
		return err
	}
	return tx.InsertMany(ctx, `INSERT INTO vote_elector (vote_id, head_no, person_id)`, electors)
}

// putElectors says who speaks for a head, in the place of whoever did.
func putElectors(ctx context.Context, tx *dbx.Tx, vote id.ID, head int, list []Elector) error {
	if _, err := tx.Exec(ctx, `DELETE FROM vote_elector WHERE vote_id = ? AND head_no = ?`, vote, head); err != nil {
		return err
	}
	slices.SortFunc(list, Elector.compare)
	var rows [][]any
	for _, e := range slices.Compact(list) {
		rows = append(rows, []any{vote, e.Head, e.Person})
	}
	return tx.InsertMany(ctx, `INSERT INTO vote_elector (vote_id, head_no, person_id)`, rows)
}

const headColumns = `h.no, h.area, h.units, h.developer, h.label, h.delivered_at, h.delivered_how, h.delivered_by, h.delivered_note`

func headsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Head, error) {
	out := []Head{}
	err := q.Select(ctx, &out, `SELECT `+headColumns+` FROM vote_head h WHERE h.vote_id = ? ORDER BY h.no`, vote)
	return out, err
}

// headOf reads a line of the roll; the fault not_found.
func headOf(ctx context.Context, q dbx.Querier, vote id.ID, no int) (Head, error) {
	var h Head
	err := q.Get(ctx, &h, `SELECT `+headColumns+` FROM vote_head h WHERE h.vote_id = ? AND h.no = ?`, vote, no)
	if dbx.IsNoRow(err) {
		return h, fault.New(fault.NotFound, "not_found")
	}
	return h, err
}

func unitsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]RollUnit, error) {
	out := []RollUnit{}
	err := q.Select(ctx, &out, `SELECT unit_id, head_no, area, source, label FROM vote_unit WHERE vote_id = ? ORDER BY head_no, label, unit_id`, vote)
	return out, err
}

// line is a head with what belongs to it.
type line struct {
	Head
	units  []RollUnit
	ballot *Ballot
	proxy  *Proxy
}

// linesOf reads some lines of the roll with their units, their ballots and the authorities in force, in four statements however many they are.
func linesOf(ctx context.Context, q dbx.Querier, vote id.ID, nos []int) (map[int]*line, error) {
	var (
		heads   []Head
		units   []RollUnit
		ballots []Ballot
		proxies []Proxy
	)
	for _, read := range []struct {
		into  any
		query string
	}{
		{&heads, `SELECT ` + headColumns + ` FROM vote_head h WHERE h.vote_id = ? AND h.no IN (?)`},
		{&units, `SELECT unit_id, head_no, area, source, label FROM vote_unit WHERE vote_id = ? AND head_no IN (?) ORDER BY head_no, label, unit_id`},
		{&ballots, `SELECT ` + ballotColumns + ` FROM vote_ballot WHERE vote_id = ? AND head_no IN (?)`},
		{&proxies, `SELECT ` + proxyColumns + ` FROM vote_proxy WHERE vote_id = ? AND current_head IN (?)`},
	} {
		query, args, err := dbx.In(read.query, vote, nos)
		if err != nil {
			return nil, err
		}
		if err := q.Select(ctx, read.into, query, args...); err != nil {
			return nil, err
		}
	}
	out := map[int]*line{}
	for _, h := range heads {
		out[h.No] = &line{Head: h, units: []RollUnit{}}
	}
	for _, u := range units {
		if l := out[u.Head]; l != nil {
			l.units = append(l.units, u)
		}
	}
	for i, b := range ballots {
		if l := out[b.Head]; l != nil {
			l.ballot = &ballots[i]
		}
	}
	for i, p := range proxies {
		if l := out[p.Head]; l != nil {
			l.proxy = &proxies[i]
		}
	}
	return out, nil
}

// headsOfPerson lists the heads that a person may speak for as an owner.
func headsOfPerson(ctx context.Context, q dbx.Querier, vote, person id.ID) ([]int, error) {
	var out []int
	err := q.Select(ctx, &out, `SELECT head_no FROM vote_elector WHERE vote_id = ? AND person_id = ? ORDER BY head_no`, vote, person)
	return out, err
}

// electorPersons is the person itself where it is on the roll, for permissions.
func electorPersons(ctx context.Context, q dbx.Querier, vote, person id.ID) ([]id.ID, error) {
	if person.IsZero() {
		return nil, nil
	}
	heads, err := headsOfPerson(ctx, q, vote, person)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	return []id.ID{person}, nil
}

func personsOfHead(ctx context.Context, q dbx.Querier, vote id.ID, no int) ([]id.ID, error) {
	out := []id.ID{}
	err := q.Select(ctx, &out, `SELECT person_id FROM vote_elector WHERE vote_id = ? AND head_no = ? ORDER BY person_id`, vote, no)
	return out, err
}

// deliver notes how the ballot reached an owner, the first time it did.
func deliver(ctx context.Context, tx *dbx.Tx, vote id.ID, no int, how string, by id.ID, note string, at clock.Instant) (int64, error) {
	return tx.Exec(ctx, `UPDATE vote_head SET delivered_at = ?, delivered_how = ?, delivered_by = ?, delivered_note = ? WHERE vote_id = ? AND no = ? AND delivered_at IS NULL`,
		at, how, by.Ptr(), note, vote, no)
}

// joinedWeight sums who voted.
func joinedWeight(ctx context.Context, q dbx.Querier, vote id.ID) (tally.Weight, error) {
	return weight(ctx, q, `SELECT COALESCE(SUM(h.area), 0) AS area, COUNT(*) AS heads FROM vote_head h JOIN vote_ballot b ON b.vote_id = h.vote_id AND b.head_no = h.no WHERE h.vote_id = ?`, vote)
}

// joinedAreas lists the areas of those who voted.
func joinedAreas(ctx context.Context, q dbx.Querier, vote id.ID) (areas []int64, err error) {
	err = q.Select(ctx, &areas, `SELECT h.area FROM vote_head h JOIN vote_ballot b ON b.vote_id = h.vote_id AND b.head_no = h.no WHERE h.vote_id = ? ORDER BY h.no`, vote)
	return areas, err
}

// votersOf counts who voted by area, or everybody on the roll. The developer's choice is no person's.
func votersOf(ctx context.Context, q dbx.Querier, vote id.ID, everybody bool) ([]tally.Voters, error) {
	join := ` JOIN vote_ballot b ON b.vote_id = h.vote_id AND b.head_no = h.no`
	if everybody {
		join = ""
	}
	var rows []struct {
		Area      int64 `db:"area"`
		Developer bool  `db:"developer"`
		Heads     int   `db:"heads"`
	}
	err := q.Select(ctx, &rows, `SELECT h.area, h.developer, COUNT(*) AS heads FROM vote_head h`+join+` WHERE h.vote_id = ? GROUP BY h.area, h.developer ORDER BY h.area, h.developer`, vote)
	out := make([]tally.Voters, len(rows))
	for i, r := range rows {
		out[i] = tally.Voters{Area: r.Area, Heads: r.Heads, Known: r.Developer}
	}
	return out, err
}

// silentWeight sums who was given the ballot and did not vote; public notice alone is no delivery.
func silentWeight(ctx context.Context, q dbx.Querier, vote id.ID) (tally.Weight, error) {
	return weight(ctx, q, `SELECT COALESCE(SUM(h.area), 0) AS area, COUNT(*) AS heads FROM vote_head h LEFT JOIN vote_ballot b ON b.vote_id = h.vote_id AND b.head_no = h.no
		WHERE h.vote_id = ? AND b.head_no IS NULL AND h.delivered_at IS NOT NULL AND h.delivered_how <> 'notice'`, vote)
}

func weight(ctx context.Context, q dbx.Querier, query string, vote id.ID) (tally.Weight, error) {
	var w struct {
		Area  int64 `db:"area"`
		Heads int64 `db:"heads"`
	}
	err := q.Get(ctx, &w, query, vote)
	return tally.Weight{Area: w.Area, Heads: w.Heads}, err
}

// Objection is an owner's word against the roll.
type Objection struct {
	ID           id.ID          `db:"id" json:"id"`
	PersonID     id.ID          `db:"person_id" json:"-"`
	Content      string         `db:"content" json:"content"`
	State        string         `db:"state" json:"state" enum:"open,accepted,rejected"`
	Answer       string         `db:"answer" json:"answer,omitempty"`
	MadeAt       clock.Instant  `db:"made_at" json:"madeAt"`
	AnsweredAt   *clock.Instant `db:"answered_at" json:"answeredAt,omitempty"`
	AnsweredBy   *id.ID         `db:"answered_by" json:"-"`
	AnsweredRole string         `db:"answered_role" json:"answeredRole,omitempty"`
	Version      int64          `db:"version" json:"version"`
}

const objectionColumns = `id, person_id, content, state, answer, made_at, answered_at, answered_by, answered_role, version`

func insertObjection(ctx context.Context, tx *dbx.Tx, vote id.ID, o Objection) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_objection (id, vote_id, person_id, content, state, answer, made_at, answered_role, version) VALUES (?,?,?,?,?,'',?,'',1)`,
		o.ID, vote, o.PersonID, o.Content, o.State, o.MadeAt)
	return err
}

func answerObjection(ctx context.Context, tx *dbx.Tx, vote id.ID, o Objection) error {
	return tx.ExecOne(ctx, `UPDATE vote_objection SET state = ?, answer = ?, answered_at = ?, answered_by = ?, answered_role = ?, version = version + 1 WHERE id = ? AND vote_id = ? AND version = ? AND state = 'open'`,
		o.State, o.Answer, o.AnsweredAt, o.AnsweredBy, o.AnsweredRole, o.ID, vote, o.Version)
}

func objectionsOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]Objection, error) {
	out := []Objection{}
	err := q.Select(ctx, &out, `SELECT `+objectionColumns+` FROM vote_objection WHERE vote_id = ? ORDER BY id`, vote)
	return out, err
}

// insertSupport notes that an owner supports a proposal; a duplicate changes nothing.
func insertSupport(ctx context.Context, tx *dbx.Tx, vote, person id.ID, at clock.Instant) error {
	_, err := tx.Exec(ctx, `INSERT INTO vote_support (vote_id, person_id, at) VALUES (?,?,?)`, vote, person, at)
	return err
}

func supportersOf(ctx context.Context, q dbx.Querier, vote id.ID) ([]id.ID, error) {
	var out []id.ID
	err := q.Select(ctx, &out, `SELECT person_id FROM vote_support WHERE vote_id = ? ORDER BY person_id`, vote)
	return out, err
}

func deleteSupport(ctx context.Context, tx *dbx.Tx, vote id.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM vote_support WHERE vote_id = ?`, vote)
	return err
}

func objectionByID(ctx context.Context, q dbx.Querier, vote, which id.ID) (Objection, error) {
	var o Objection
	err := q.Get(ctx, &o, `SELECT `+objectionColumns+` FROM vote_objection WHERE vote_id = ? AND id = ?`, vote, which)
	if dbx.IsNoRow(err) {
		return o, fault.New(fault.NotFound, "not_found")
	}
	return o, err
}
