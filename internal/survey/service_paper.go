package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// clerk reads a lot for somebody who hands out envelopes or enters what comes back: of the street office or the community there, without a
// post in the rated company.
func (s *Service) clerk(ctx context.Context, p authz.Principal, round, which id.ID) (Round, Lot, Stratum, authz.Actor, error) {
	r, _, err := s.round(ctx, p, round)
	if err != nil {
		return r, Lot{}, Stratum{}, authz.Actor{}, err
	}
	l, err := lotByID(ctx, s.DB, round, which)
	if err != nil {
		return r, l, Stratum{}, authz.Actor{}, err
	}
	st, err := stratumByID(ctx, s.DB, l.StratumID)
	if err != nil {
		return r, l, st, authz.Actor{}, err
	}
	pr, err := projectOf(ctx, s.DB, round, st.ServiceAreaID)
	if err != nil {
		return r, l, st, authz.Actor{}, err
	}
	actor, err := s.handles(ctx, p, pr)
	if err == nil && (r.State != Open || s.now() >= r.ClosesAt) {
		err = fault.New(fault.Conflict, "survey.not_open")
	}
	return r, l, st, actor, err
}

// handles wants somebody who works with the paper of a service area, and never who is rated.
func (s *Service) handles(ctx context.Context, p authz.Principal, pr Project) (authz.Actor, error) {
	actor, err := authz.Act(p, authz.SurveyPaper, authz.Object{Path: pr.ScopePath})
	if err == nil {
		err = s.notRated(ctx, actor.Person, pr)
	}
	return actor, err
}

// TakeEnvelope records that a dwelling took an envelope of a lot, never which. It is the dwelling's draw, like one on the web and not to be
// told from it: no record, key or count of the program says that this dwelling has paper. slip is random and the caller's: the same slip
// again, after a lost answer, changes nothing. It counts as a drawing in the limits of the account. Faults: survey.not_open,
// survey.lot_not_ready, survey.lot_empty, survey.lot_stratum, survey.not_asked, survey.drawn_already.
func (s *Service) TakeEnvelope(ctx context.Context, p authz.Principal, round, which, unit id.ID, slip ballot.Hash) error {
	_, l, st, _, err := s.clerk(ctx, p, round, which)
	if err != nil {
		return err
	}
	if l.State != LotReady {
		return fault.New(fault.Conflict, "survey.lot_not_ready")
	}
	d, err := dwellingOf(ctx, s.DB, round, unit)
	if err != nil {
		return err
	}
	if err := s.Limits.Envelope(ctx, round, d.ID, p.Account); err != nil {
		return err
	}
	switch {
	case !d.Sampled || d.StratumID == nil:
		return fault.New(fault.Conflict, "survey.not_asked")
	case *d.StratumID != l.StratumID:
		return fault.InvalidField("body.unitId", "survey.lot_stratum", "lot", l.Code())
	}
	mine := newDraw(d, st, nil, clock.DateOf(s.now().Time()))
	mine.Blinded = ballot.SlipHash(slip)
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error { return s.takeOne(ctx, tx, l, mine) })
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

// errTaken ends the transaction of a slip that was taken before, so that it takes no other envelope.
var errTaken = errors.New("survey: this slip was taken")

// takeOne counts the envelope before it looks at the dwelling: a lot that is used up answers the same of every dwelling, and so cannot be asked
// who has drawn.
func (s *Service) takeOne(ctx context.Context, tx *dbx.Tx, l Lot, mine Draw) error {
	err := takeFrom(ctx, tx, l.ID)
	if errors.Is(err, dbx.ErrNoMatch) {
		before, drawn, err := drawOf(ctx, tx, mine.Dwelling)
		if err != nil || (drawn && before.Blinded == mine.Blinded) {
			return err
		}
		return fault.New(fault.Conflict, "survey.lot_empty")
	}
	if err != nil {
		return err
	}
	again, err := s.writeDraw(ctx, tx, mine)
	if err == nil && again {
		err = errTaken
	}
	return err
}

// PaperEntry is a returned sheet as somebody keyed it in. The opening comes of the code on the sheet; the code itself stays with the person.
type PaperEntry struct {
	Opening  ballot.Hash
	Answers  questionnaire.Answers
	Salt     ballot.Hash // these as in Cast; of the first entry they are not kept
	TextSalt ballot.Hash
	TextKey  ballot.Hash
}

// PaperEntered is what came of an entry: the receipt, once a second person has keyed in the same.
type PaperEntered struct {
	State   string          `json:"state" enum:"first,entered" doc:"first: a second person keys it in, without seeing this"`
	Receipt *ballot.Receipt `json:"receipt,omitempty" doc:"Keep it with the sheet: it proves a dropped or changed answer"`
}

// EnterPaper takes in a returned sheet. Two natural persons without a post in the rated company key it in one after the other, and their answers
// agree before it counts. Faults: survey.no_envelope, survey.void, survey.entered_already, survey.entries_differ with the differing items,
// survey.lot_returned, survey.not_open, those of Questionnaire.CheckAnswers.
func (s *Service) EnterPaper(ctx context.Context, p authz.Principal, round id.ID, in PaperEntry) (PaperEntered, error) {
	if _, _, err := s.round(ctx, p, round); err != nil {
		return PaperEntered{}, err
	}
	token, err := ballot.TokenAt(1, in.Opening)
	if err != nil {
		return PaperEntered{}, err
	}
	e, found, err := envelopeOf(ctx, s.DB, round, token.Hash(round))
	if err != nil {
		return PaperEntered{}, err
	}
	if !found {
		if _, err := authz.Holds(p, authz.SurveyPaper); err != nil {
			return PaperEntered{}, err
		}
		return PaperEntered{}, fault.InvalidField("body.opening", "survey.no_envelope")
	}
	r, l, st, actor, err := s.clerk(ctx, p, round, e.LotID)
	if err != nil {
		return PaperEntered{}, err
	}
	a, err := s.asking(ctx, round)
	if err != nil {
		return PaperEntered{}, err
	}
	if err := a.form.CheckAnswers(in.Answers); err != nil {
		return PaperEntered{}, err
	}
	row, texts := response(round, signing{stratum: st}, a.form, Cast{Ballot: ballot.Ballot{Key: ballotHash(st.KeyID), Token: token, Prefix: e.Prefix, Signature: e.Signature},
		Revision: 1, Opening: in.Opening, Answers: in.Answers, Salt: in.Salt, TextSalt: in.TextSalt})
	row.Channel, row.Lot = ChannelPaper, l.Code()
	return s.enter(ctx, entering{r, l, st, actor, row, in, texts})
}

// entering is a sheet on its way.
type entering struct {
	round Round
	lot   Lot
	st    Stratum
	actor authz.Actor
	row   Response
	in    PaperEntry
	texts map[string]string
}

// receipt is what the server promises of the sheet.
func (e entering) receipt(s *Service) PaperEntered {
	r := ballot.ReceiptKeyFrom(s.Keys.Receipts(e.round.ID)).Sign(e.round.ID, ballotHash(e.st.KeyID), e.row.TokenHash, e.row.Commitment, 1)
	return PaperEntered{"entered", &r}
}

// enter decides between the first and the second person's entry.
func (s *Service) enter(ctx context.Context, e entering) (PaperEntered, error) {
	var out PaperEntered
	var refused error // with what was written all the same
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		out, refused = PaperEntered{}, nil
		envelope, _, err := envelopeOf(ctx, tx, e.round.ID, e.row.TokenHash)
		if err != nil {
			return err
		}
		switch envelope.Fate {
		case Entered:
			out, err = s.again(ctx, tx, e)
			return err
		case Unused, Spoilt:
			return fault.New(fault.Conflict, "survey.void")
		}
		first, found, err := entryOf(ctx, tx, e.round.ID, e.row.TokenHash)
		if err != nil {
			return err
		}
		if !found || first.By == e.actor.Person {
			out = PaperEntered{State: "first"}
			return s.first(ctx, tx, e, first, found)
		}
		out = e.receipt(s)
		refused, err = s.second(ctx, tx, e, first)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return PaperEntered{}, err
	}
	return out, nil
}

// again answers a sheet that was entered: the same receipt where the second person repeats the request.
func (s *Service) again(ctx context.Context, tx *dbx.Tx, e entering) (PaperEntered, error) {
	before, found, err := ballotOf(ctx, tx, e.round.ID, e.row.TokenHash)
	if err != nil {
		return PaperEntered{}, err
	}
	if !found || before.Commitment != e.row.Commitment {
		return PaperEntered{}, fault.New(fault.Conflict, "survey.entered_already")
	}
	return e.receipt(s), nil
}

// first keeps what the first person keyed in, or keys in anew.
func (s *Service) first(ctx context.Context, tx *dbx.Tx, e entering, before Entry, found bool) error {
	answers := string(e.in.Answers.Canonical())
	if found {
		return changed(rekeyEntry(ctx, tx, before, answers))
	}
	err := insertEntry(ctx, tx, Entry{RoundID: e.round.ID, Name: e.row.TokenHash, Answers: answers, By: e.actor.Person})
	if dbx.IsDuplicate(err) {
		return fault.New(fault.Stale, "survey.entry_changed")
	}
	if err != nil {
		return err
	}
	return stillOpen(ctx, tx, e.round.ID, s.now())
}

// changed turns an entry that is gone, or another's by now, into a refusal: the sheet is keyed in again.
func changed(err error) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Stale, "survey.entry_changed")
	}
	return err
}

// second compares with the first person's entry and counts the sheet where they agree. Where they differ it names the items, never the
// other's answers, and after several times forgets both.
func (s *Service) second(ctx context.Context, tx *dbx.Tx, e entering, first Entry) (refused, err error) {
	before, err := questionnaire.ParseAnswers([]byte(first.Answers))
	if err != nil {
		return nil, err
	}
	if items := differing(before, e.in.Answers); len(items) > 0 {
		if first.Tries+1 >= mostTries {
			err = changed(deleteEntry(ctx, tx, first))
		} else {
			err = changed(triedEntry(ctx, tx, first))
		}
		return differ(items), err
	}
	if err := changed(deleteEntry(ctx, tx, first)); err != nil {
		return nil, err
	}
	return nil, s.countPaper(ctx, tx, e, first.By)
}

func differ(items []string) error {
	f := fault.New(fault.Conflict, "survey.entries_differ")
	for _, code := range items {
		f = f.At("body.answers."+code, "survey.entry_differs")
	}
	return f
}

// countPaper casts a sheet that two persons agree on. What it keeps of them is in the audit trail, without the ballot.
func (s *Service) countPaper(ctx context.Context, tx *dbx.Tx, e entering, first id.ID) error {
	err := fated(ctx, tx, e.round.ID, e.row.TokenHash, e.lot.ID, Entered)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "survey.entered_already")
	}
	if err != nil {
		return err
	}
	err = enteredOf(ctx, tx, e.lot.ID)
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "survey.lot_returned", "lot", e.lot.Code())
	}
	if err != nil {
		return err
	}
	if err := insertCasts(ctx, tx, e.row); err != nil {
		return err
	}
	if err := stillOpen(ctx, tx, e.round.ID, s.now()); err != nil {
		return err
	}
	if len(e.texts) > 0 {
		if err := keepText(ctx, tx, e.round.ID, e.st.ServiceAreaID, e.in.TextKey, e.texts); err != nil {
			return err
		}
	}
	return s.notePaper(ctx, tx, e.actor, e.round, "survey.paper_enter", map[string]any{"lot": e.lot.Code(), "first": first})
}

// Voiding is what came back without an answer.
type Voiding struct {
	Openings []ballot.Hash
	Fate     Fate
	Replaced bool // of spoilt ones: as many others were handed out instead
}

// VoidEnvelopes makes the ballots of envelopes void that came back unused or spoilt: they can never be entered, and the ledger names them at
// closing. One that is void already changes nothing. It returns how many became void now. Faults: survey.no_envelope, survey.entered_already,
// survey.lot_void, survey.lot_empty, survey.not_open.
func (s *Service) VoidEnvelopes(ctx context.Context, p authz.Principal, round, which id.ID, in Voiding) (int, error) {
	r, l, _, actor, err := s.clerk(ctx, p, round, which)
	if err != nil {
		return 0, err
	}
	names := make([]ballot.Hash, len(in.Openings))
	for i, opening := range in.Openings {
		token, err := ballot.TokenAt(1, opening)
		if err != nil {
			return 0, err
		}
		if names[i] = token.Hash(round); slices.Contains(names[:i], names[i]) {
			return 0, fault.InvalidField(fmt.Sprintf("body.openings[%d]", i), "survey.lot_twice")
		}
	}
	count := 0
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		if err := pinRound(ctx, tx, round, Open); err != nil {
			return notOpen(err)
		}
		if count, err = voidThese(ctx, tx, l, names, in.Fate); err != nil || count == 0 {
			return err
		}
		if err := countVoid(ctx, tx, l, in, int64(count)); err != nil {
			return err
		}
		if err := stillOpen(ctx, tx, round, s.now()); err != nil {
			return err
		}
		return s.notePaper(ctx, tx, actor, r, "survey.paper_void", map[string]any{"lot": l.Code(), "fate": in.Fate, "count": count, "replaced": in.Replaced})
	})
	return count, err
}

// voidThese decides the fate of envelopes and tells how many had none.
func voidThese(ctx context.Context, tx *dbx.Tx, l Lot, names []ballot.Hash, fate Fate) (n int, err error) {
	for i, name := range names {
		err := fated(ctx, tx, l.RoundID, name, l.ID, fate)
		if err == nil {
			n++
			if err := forgetEntry(ctx, tx, l.RoundID, name); err != nil {
				return 0, err
			}
			continue
		}
		if !errors.Is(err, dbx.ErrNoMatch) {
			return 0, err
		}
		e, found, err := envelopeOf(ctx, tx, l.RoundID, name)
		switch {
		case err != nil:
			return 0, err
		case !found || e.LotID != l.ID:
			return 0, fault.InvalidField(fmt.Sprintf("body.openings[%d]", i), "survey.no_envelope")
		case e.Fate == Entered:
			return 0, fault.New(fault.Conflict, "survey.entered_already")
		}
	}
	return n, nil
}

func countVoid(ctx context.Context, tx *dbx.Tx, l Lot, in Voiding, n int64) error {
	if in.Fate == Unused {
		return tooMany(unusedOf(ctx, tx, l.ID, n), l)
	}
	replaced := int64(0)
	if in.Replaced {
		replaced = n
	}
	return tooMany(spoiltOf(ctx, tx, l.ID, n, replaced), l)
}

func tooMany(err error, l Lot) error {
	if errors.Is(err, dbx.ErrNoMatch) {
		return fault.New(fault.Conflict, "survey.lot_void", "lot", l.Code())
	}
	return err
}

// endPaper names the void envelopes in the ledger, in the order of their names and before the responses, and forgets what one person alone
// keyed in, in which order envelopes came back and which dwellings had asked for an interviewer.
func (s *Service) endPaper(ctx context.Context, tx *dbx.Tx, r Round, at clock.Instant) error {
	voids, err := voidsOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	strata, err := strataOf(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	keys, leaves := keysOf(strata), make([]ballot.Entry, len(voids))
	for i, v := range voids {
		leaves[i] = ballot.Voided{Round: r.ID, Key: keys[v.Stratum], Token: v.Name}
	}
	if len(leaves) > 0 {
		if err := addLeaves(ctx, tx, r.ID, at, leaves); err != nil {
			return err
		}
	}
	return errors.Join(rewriteEnvelopes(ctx, tx, r.ID), forgetEntries(ctx, tx, r.ID), forgetAgreements(ctx, tx, r.ID))
}
