package survey

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/dbx"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
)

// Limits slows down abuse of drawing and casting.
type Limits interface {
	// Draw counts a drawing by household, account and round; a fault RateLimited.
	Draw(ctx context.Context, round, household, account id.ID) error
	// Envelope counts an envelope that an account hands out to a dwelling; a fault RateLimited.
	Envelope(ctx context.Context, round, dwelling, account id.ID) error
	// CastFailed counts a ballot that was not one, by the caller's address group and the round; a fault RateLimited when
	// there were too many. A ballot that verifies is never counted.
	CastFailed(ctx context.Context, round id.ID) error
	// Suspect tells whether the caller's address group, or the whole round, has used up its failures.
	Suspect(ctx context.Context, round id.ID) bool
}

// New returns the service. Signing costs milliseconds of a core and leaves one free.
func New(d Deps) *Service {
	if d.NewKey == nil {
		d.NewKey = ballot.GenerateKey
	}
	cores := runtime.GOMAXPROCS(0)
	s := &Service{Deps: d, signer: ballot.NewSigner(max(1, cores-1)), verifier: ballot.NewVerifier(cores), narrow: ballot.NewVerifier(1),
		intake:  &intake{db: d.DB, now: func() clock.Instant { return clock.Now(d.Clock) }},
		bundles: make(chan struct{}, bundlesAtOnce)}
	s.residue.Store(true) // the process before may have been killed before it cleaned up
	return s
}

// signWait is how long a drawing waits for a place; afterwards the client asks again with the same blinded token.
const signWait = 5 * time.Second

// OwnDwelling is a dwelling of one's own in a round.
type OwnDwelling struct {
	DwellingID id.ID       `json:"dwellingId"`
	Label      string      `json:"label"`
	Elector    Elector     `json:"elector" enum:"tenant,household,owner"`
	LeftOut    string      `json:"leftOut,omitempty" doc:"Why it is not on the roll"`
	Sampled    bool        `json:"sampled" doc:"It is asked"`
	MayDraw    bool        `json:"mayDraw" doc:"The caller answers for it; false for a landlord where a tenant answers"`
	Stratum    string      `json:"stratum,omitempty"`
	KeyID      []byte      `json:"keyId,omitempty" doc:"The key that signs its ballot, base64"`
	Nonce      ballot.Hash `json:"nonce" doc:"With it the household finds itself in the sealed lists"`
	DrawnOn    *clock.Date `json:"drawnOn,omitempty" doc:"The day its ballot was drawn"`
}

// Own shows what a round holds of one's own dwelling: never an answer, since nothing leads from a dwelling to one.
func (s *Service) Own(ctx context.Context, p authz.Principal, round, unit id.ID) (OwnDwelling, error) {
	_, d, grants, err := s.elector(ctx, p, round, unit)
	if err != nil {
		return OwnDwelling{}, err
	}
	out := OwnDwelling{DwellingID: d.ID, Label: d.Label, Elector: d.Elector, LeftOut: d.LeftOut, Sampled: d.Sampled, Nonce: d.Secret}
	if out.MayDraw = d.answers(grants); d.StratumID == nil {
		return out, nil
	}
	st, err := stratumByID(ctx, s.DB, *d.StratumID)
	if err != nil {
		return out, err
	}
	out.Stratum, out.KeyID = st.Code(), st.KeyID
	drawn, ok, err := drawOf(ctx, s.DB, d.ID)
	if ok {
		out.DrawnOn = &drawn.DrawnOn
	}
	return out, err
}

// elector finds the line of a unit that p has a place in.
func (s *Service) elector(ctx context.Context, p authz.Principal, round, unit id.ID) (Round, Dwelling, []authz.Grant, error) {
	r, err := roundByID(ctx, s.DB, round)
	if err != nil {
		return r, Dwelling{}, nil, err
	}
	grants, err := authz.Holds(p, authz.SurveyDraw)
	if err != nil {
		return r, Dwelling{}, nil, err
	}
	grants = slices.DeleteFunc(grants, func(g authz.Grant) bool { return g.Unit != unit || unit.IsZero() })
	if len(grants) == 0 || r.State == Draft || r.State == Cancelled {
		return r, Dwelling{}, nil, fault.New(fault.NotFound, "not_found")
	}
	d, err := dwellingOf(ctx, s.DB, round, unit)
	return r, d, grants, err
}

// DrawBallot signs the blinded token of one's dwelling. A dwelling has one ballot: the same blinded token again gets the
// same signature, another one is survey.drawn_already. The signature says nothing of the token, so the ballot cannot be
// traced to its drawing. Faults: survey.not_open, survey.not_asked, survey.not_elector, survey.staff, survey.key,
// survey.drawn_already; those of ballot.Signer.
func (s *Service) DrawBallot(ctx context.Context, p authz.Principal, round, unit id.ID, key ballot.Hash, blinded []byte) ([]byte, error) {
	r, d, grants, err := s.elector(ctx, p, round, unit)
	if err != nil {
		return nil, err
	}
	if err := s.Limits.Draw(ctx, round, grants[0].Household, p.Account); err != nil {
		return nil, err
	}
	st, err := s.mayDraw(ctx, p, r, d, grants, key)
	if err != nil {
		return nil, err
	}
	mine := newDraw(d, st, blinded, clock.DateOf(s.now().Time()))
	if before, ok, err := drawOf(ctx, s.DB, d.ID); err != nil || (ok && before.Blinded != mine.Blinded) {
		return nil, drawnAlready(err)
	}
	signature, err := s.sign(ctx, st, blinded)
	if err != nil {
		return nil, err
	}
	if err := s.keepDraw(ctx, mine); err != nil {
		return nil, err
	}
	return signature, nil
}

func drawnAlready(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "survey.drawn_already")
}

// mayDraw checks everything that can be said before the ballot is signed.
func (s *Service) mayDraw(ctx context.Context, p authz.Principal, r Round, d Dwelling, grants []authz.Grant, key ballot.Hash) (Stratum, error) {
	if r.State != Open || s.now() >= r.ClosesAt {
		return Stratum{}, fault.New(fault.Conflict, "survey.not_open")
	}
	if !d.Sampled || d.StratumID == nil {
		return Stratum{}, fault.New(fault.Forbidden, "survey.not_asked")
	}
	if !d.answers(grants) {
		return Stratum{}, fault.New(fault.Forbidden, "survey.not_elector")
	}
	pr, err := projectOf(ctx, s.DB, r.ID, d.ServiceAreaID)
	if err != nil {
		return Stratum{}, err
	}
	if err := s.notRated(ctx, p.Person, pr); err != nil {
		if fault.Is(err, "survey.author_rated") {
			err = fault.New(fault.Forbidden, "survey.staff")
		}
		return Stratum{}, err
	}
	st, err := stratumByID(ctx, s.DB, *d.StratumID)
	if err == nil && ballotHash(st.KeyID) != key {
		err = fault.InvalidField("body.keyId", "survey.key")
	}
	return st, err
}

// sign opens the key for one signature: it is in memory no longer than that.
func (s *Service) sign(ctx context.Context, st Stratum, blinded []byte) ([]byte, error) {
	if len(st.KeySealed) == 0 {
		return nil, fault.New(fault.Conflict, "survey.not_open")
	}
	der, err := s.Keys.Open(st.ID, st.KeySealed)
	if err != nil {
		return nil, err
	}
	defer clear(der)
	key, err := ballot.ParsePrivateKey(der)
	if err != nil {
		return nil, err
	}
	defer key.Destroy()
	ctx, cancel := context.WithTimeout(ctx, signWait)
	defer cancel()
	return s.signer.BlindSign(ctx, key, blinded)
}

// keepDraw writes the draw while the round is open. The dwelling's one row decides between two that are drawn at once.
func (s *Service) keepDraw(ctx context.Context, mine Draw) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *dbx.Tx) error {
		_, err := s.writeDraw(ctx, tx, mine)
		return err
	})
}

// writeDraw writes a draw on the day that it is; again tells that it was there.
func (s *Service) writeDraw(ctx context.Context, tx *dbx.Tx, mine Draw) (again bool, err error) {
	at := s.now()
	mine.DrawnOn = clock.DateOf(at.Time())
	err = insertDraw(ctx, tx, mine)
	if dbx.IsDuplicate(err) {
		before, _, err := drawOf(ctx, tx, mine.Dwelling)
		if err != nil || before.Blinded == mine.Blinded {
			return true, err
		}
		return true, fault.New(fault.Conflict, "survey.drawn_already")
	}
	if err != nil {
		return false, err
	}
	if err := stillOpen(ctx, tx, mine.RoundID, at); err != nil {
		return false, err
	}
	return false, afterSeals(ctx, tx, mine)
}

// stillOpen is asked after a row of the round was written: the row's foreign key keeps the round from closing before this
// transaction ends, so what is read now stays true until then. Asked before, the round could close in between.
func stillOpen(ctx context.Context, tx *dbx.Tx, round id.ID, at clock.Instant) error {
	now, err := standingOf(ctx, tx, round)
	if err != nil {
		return err
	}
	return now.open(at)
}

// afterSeals moves a draw that was signed just before midnight, and comes after the day's seal, to the next day: a sealed
// list never changes.
func afterSeals(ctx context.Context, tx *dbx.Tx, mine Draw) error {
	last, err := lastSeal(ctx, tx, mine.RoundID)
	if err != nil || mine.DrawnOn > last {
		return err
	}
	return moveDraw(ctx, tx, mine.Name, last.AddDays(1))
}
