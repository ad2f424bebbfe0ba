package survey

import (
	"context"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// The channels of a response.
const (
	ChannelWeb      = "web"
	ChannelPaper    = "paper"
	ChannelAssisted = "assisted"
)

// Cast is a ballot with its answers, as it comes in without a name.
type Cast struct {
	Ballot   ballot.Ballot
	Revision int         // from 1; a later one replaces an earlier one
	Opening  ballot.Hash // proof of the right to the revision
	Answers  questionnaire.Answers
	Salt     ballot.Hash // of the commitment
	TextSalt ballot.Hash // of the free text's hash
	TextKey  ballot.Hash // under which the free text is kept; the same for every revision
	Badge    string      // of the interviewer on whose device it is cast; empty for one's own
}

// signing is what never changes about a key in use.
type signing struct {
	key     *ballot.PublicKey
	stratum Stratum
}

// CastBallot counts a ballot: nobody is logged in, and nothing is kept of who sent it, from where and when. The receipt
// promises that this revision or a later one of the ballot is counted. Faults: survey.not_open, survey.revision_stale, those of
// ballot.Verifier, Token.CheckOpening and Questionnaire.CheckAnswers.
func (s *Service) CastBallot(ctx context.Context, round id.ID, in Cast) (ballot.Receipt, error) {
	sg, err := s.verify(ctx, round, in)
	if err != nil {
		return ballot.Receipt{}, err
	}
	a, err := s.asking(ctx, round)
	if err != nil {
		return ballot.Receipt{}, err
	}
	if a.round.State != Open || s.now() >= a.round.ClosesAt {
		return ballot.Receipt{}, fault.New(fault.Conflict, "survey.not_open")
	}
	if err := a.form.CheckAnswers(in.Answers); err != nil {
		return ballot.Receipt{}, err
	}
	row, texts := response(round, sg, a.form, in)
	if in.Badge != "" {
		row.Channel = ChannelAssisted
		if row.Lot, err = s.assisting(ctx, sg.stratum, in.Badge); err != nil {
			return ballot.Receipt{}, err
		}
	}
	if err := s.keepResponse(ctx, row, sg.stratum.ServiceAreaID, in.TextKey, texts); err != nil {
		return ballot.Receipt{}, err
	}
	return a.receipts.Sign(round, in.Ballot.Key, row.TokenHash, row.Commitment, in.Revision), nil
}

// verify checks the signature before anything else. Only what fails is counted: however many neighbours share an address,
// their ballots pass.
func (s *Service) verify(ctx context.Context, round id.ID, in Cast) (signing, error) {
	gate := s.verifier
	if s.Limits.Suspect(ctx, round) {
		gate = s.narrow
	}
	sg, err := s.signing(ctx, round, in.Ballot.Key)
	if err == nil {
		err = gate.Verify(ctx, sg.key, round, in.Ballot)
	}
	if err == nil {
		err = in.Ballot.Token.CheckOpening(in.Revision, in.Opening)
	}
	if err == nil || !counts(err) {
		return sg, err
	}
	if e := s.Limits.CastFailed(ctx, round); e != nil {
		return sg, e
	}
	return sg, err
}

// counts tells whether a refusal is the sender's doing.
func counts(err error) bool {
	switch fault.Of(err).Kind {
	case fault.Internal, fault.Unavailable:
		return false
	}
	return true
}

// signing finds the stratum of a key. A key never changes, so it is read once.
func (s *Service) signing(ctx context.Context, round id.ID, key ballot.Hash) (signing, error) {
	if kept, ok := s.keys.Load(key); ok {
		sg := kept.(signing)
		if sg.stratum.RoundID != round {
			return sg, fault.New(fault.Invalid, "ballot.foreign_key")
		}
		return sg, nil
	}
	st, err := stratumByKey(ctx, s.DB, key)
	if fault.Is(err, "not_found") || (err == nil && st.RoundID != round) {
		err = fault.New(fault.Invalid, "ballot.foreign_key")
	}
	if err != nil {
		return signing{}, err
	}
	return s.examined(key, st)
}

// examined looks at the key of a stratum, which takes milliseconds: of the many who cast first at once one does it, and the others
// wait.
func (s *Service) examined(key ballot.Hash, st Stratum) (signing, error) {
	s.examining.Lock()
	defer s.examining.Unlock()
	if kept, ok := s.keys.Load(key); ok {
		return kept.(signing), nil
	}
	public, err := ballot.ParsePublicKey(st.PublicKey)
	if err != nil {
		return signing{}, err
	}
	st.KeySealed = nil
	sg := signing{key: public, stratum: st}
	s.keys.Store(key, sg)
	return sg, nil
}

// asked is a round that was open with what it asks and the key of its receipts.
type asked struct {
	round    Round
	form     questionnaire.Questionnaire
	receipts ballot.ReceiptKey
}

// asking reads a round and what it asks. Of an open one neither its end nor the published questionnaire changes any more, so
// they are read once; that it is open still is a condition of the write.
func (s *Service) asking(ctx context.Context, round id.ID) (asked, error) {
	if kept, ok := s.forms.Load(round); ok {
		return kept.(asked), nil
	}
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return asked{}, err
	}
	f, err := formByID(ctx, s.DB, r.FormID)
	if err != nil {
		return asked{}, err
	}
	q, err := f.Questionnaire()
	a := asked{r, q, ballot.ReceiptKeyFrom(s.Keys.Receipts(round))}
	if err == nil && r.State == Open {
		s.forms.Store(round, a)
	}
	return a, err
}

// response makes the row of a cast ballot: answers and their commitment, free text apart.
func response(round id.ID, sg signing, form questionnaire.Questionnaire, in Cast) (Response, map[string]string) {
	texts, words := form.Texts(in.Answers), questionnaire.Answers{}
	for item, content := range texts {
		words[item] = questionnaire.Words(content)
	}
	scored := form.Scored(in.Answers).Canonical()
	b := in.Ballot
	name, text := b.Token.Hash(round), ballot.TextHash(in.TextSalt, string(words.Canonical()))
	return Response{RoundID: round, TokenHash: name, StratumID: sg.stratum.ID, Token: ballot.Hash(b.Token), Prefix: b.Prefix, Signature: b.Signature,
		Answers: string(scored), Salt: in.Salt, TextHash: text, Commitment: ballot.Commitment(round, name, in.Salt, scored, text),
		Revision: int64(in.Revision), Opening: in.Opening, Channel: ChannelWeb, AttributeSalt: ballot.NewHash()}, texts
}

// keepResponse writes the ballot while the round is open: the first time, or a later revision. The same revision with the
// same content again changes nothing and gets the same receipt.
func (s *Service) keepResponse(ctx context.Context, row Response, serviceArea id.ID, textKey ballot.Hash, texts map[string]string) error {
	if len(texts) == 0 && row.Revision == 1 {
		if alone, err := s.intake.take(ctx, row); err != nil || !alone {
			return err
		}
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		guarded, err := holdUnregistered(ctx, tx, row.RoundID, row.StratumID)
		if err != nil {
			return err
		}
		if err := insertCasts(ctx, tx, row); err != nil {
			return err
		}
		if err := notOnPaper(ctx, tx, row); err != nil {
			return err
		}
		if guarded > 0 {
			if err := withinDraws(ctx, tx, row); err != nil {
				return err
			}
		}
		if err := stillOpen(ctx, tx, row.RoundID, s.now()); err != nil || len(texts) == 0 {
			return err
		}
		return keepText(ctx, tx, row.RoundID, serviceArea, textKey, texts)
	})
	if !dbx.IsDuplicate(err) {
		return err
	}
	// In a transaction of its own: the failed INSERT has left a shared lock on the row, and two who hold one and want to
	// change the row would wait for each other.
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		changed, err := s.replace(ctx, tx, row)
		if err != nil || !changed {
			return err
		}
		return keepText(ctx, tx, row.RoundID, serviceArea, textKey, texts)
	})
}

// notOnPaper refuses the ballot of an envelope: it counts only as two persons enter it from the paper, so that a box of envelopes that
// went astray is worth nothing.
func notOnPaper(ctx context.Context, tx *dbx.Tx, row Response) error {
	_, found, err := envelopeOf(ctx, tx, row.RoundID, row.TokenHash)
	if err == nil && found {
		err = paperOnly()
	}
	return err
}

func paperOnly() error { return fault.New(fault.Forbidden, "survey.paper_only") }

// withinDraws holds casting to the ballots that were drawn while ballots are signed that the server cannot tell from those yet: they are
// for envelopes, and whoever prints these could cast them.
func withinDraws(ctx context.Context, tx *dbx.Tx, row Response) error {
	cast, drawn, err := castAndDrawn(ctx, tx, row.RoundID, row.StratumID)
	if err == nil && cast > drawn {
		err = fault.New(fault.Conflict, "survey.more_than_drawn")
	}
	return err
}

// replace takes a later revision in. A repetition of the last one changes nothing, its text included. What came in with an interviewer's
// help stays marked with it, and what two persons entered from paper stays as it is on the paper.
func (s *Service) replace(ctx context.Context, tx *dbx.Tx, row Response) (changed bool, err error) {
	before, ok, err := castForUpdate(ctx, tx, row.RoundID, row.TokenHash)
	switch {
	case err != nil:
		return false, err
	case !ok:
		return false, fault.New(fault.Conflict, "survey.not_open") // it is counted
	case before.Channel == ChannelPaper:
		return false, paperOnly()
	case before.Revision == row.Revision && before.Commitment == row.Commitment:
		return false, nil
	case before.Revision >= row.Revision:
		return false, fault.New(fault.Conflict, "survey.revision_stale", "revision", before.Revision)
	case before.Channel == ChannelAssisted:
		row.Channel, row.Lot = before.Channel, before.Lot
	}
	if err := recast(ctx, tx, row); err != nil {
		return false, err
	}
	return true, stillOpen(ctx, tx, row.RoundID, s.now())
}
