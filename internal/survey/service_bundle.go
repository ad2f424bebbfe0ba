package survey

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/bundle"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/rules"
)

// Bundles are made for everybody, without a login: at most so many at once.
const (
	bundlesAtOnce = 2
	bundleRetry   = 10 * time.Second
)

// Bundle prepares the public bundle of a published round and returns what writes it. Faults: not_found, survey.no_bundle
// until the round is published, survey.bundle_busy.
func (s *Service) Bundle(ctx context.Context, round id.ID) (write func(io.Writer) error, err error) {
	r, err := s.openedRound(ctx, round)
	if err != nil {
		return nil, err
	}
	if !r.State.Public() {
		return nil, fault.New(fault.NotFound, "survey.no_bundle")
	}
	select {
	case s.bundles <- struct{}{}:
	default:
		return nil, fault.New(fault.Unavailable, "survey.bundle_busy").After(bundleRetry)
	}
	defer func() {
		if err != nil {
			<-s.bundles
		}
	}()
	checkpoint, err := s.Ledger.Newest(ctx, s.DB, ballot.Log)
	if err != nil {
		return nil, err
	}
	src, pre, err := s.bundled(ctx, r, checkpoint.Note)
	if err != nil {
		return nil, err
	}
	leaves, err := s.bundledLeaves(ctx, r.ID, checkpoint.Size)
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error {
		defer func() { <-s.bundles }()
		return bundle.Write(ctx, w, pre, leaves, checkpoint.Size, src)
	}, nil
}

// bundledLeaves are the round's entries that a checkpoint covers, beside the responses.
func (s *Service) bundledLeaves(ctx context.Context, round id.ID, size int64) ([]bundle.Leaf, error) {
	list, err := leavesOf(ctx, s.DB, round)
	var out []bundle.Leaf
	for _, l := range list {
		if l.Entry != nil && *l.Entry < size {
			out = append(out, bundle.Leaf{Pos: *l.Entry, Body: l.Body})
		}
	}
	return out, err
}

// bundled is what stands before the ledger's entries, and where the rest comes from.
func (s *Service) bundled(ctx context.Context, r Round, note string) (*bundleSource, bundle.Preamble, error) {
	var pre bundle.Preamble
	form, err := formByID(ctx, s.DB, r.FormID)
	if err != nil {
		return nil, pre, err
	}
	law, err := rules.ByHash(ctx, s.DB, r.RuleHash)
	if err != nil {
		return nil, pre, err
	}
	f, strata, err := s.framed(ctx, r)
	if err != nil {
		return nil, pre, err
	}
	pre = bundle.Preamble{Questionnaire: form.Text, Rules: string(law.Content), Header: bundle.Header{
		Round: r.ID, Method: string(r.Method), MarginBp: orNone(r.Margin), Response: orNone(r.Response), Template: form.Template, VerifierKey: s.Ledger.VerifierKey(), Checkpoint: note}}
	for _, p := range f.Projects {
		pre.Projects = append(pre.Projects, bundle.Project{ServiceArea: p.ServiceAreaID, Name: p.Name, Company: p.CompanyID, LeftOut: p.LeftOut})
	}
	src := &bundleSource{s: s, round: r, strata: strata, at: map[id.ID]int{}, keys: keysOf(strata)}
	for i, st := range f.Strata {
		src.at[strata[i].ID] = i
		pre.Strata = append(pre.Strata, bundle.Stratum{Stratum: st.Code, ServiceArea: st.ServiceAreaID, Key: strata[i].PublicKey,
			Dwellings: st.Dwellings, Sampled: st.Sampled, Drawn: st.Drawn, Counted: st.Counted})
	}
	pledges, err := pledgesOf(ctx, s.DB, r.ID)
	if err != nil {
		return nil, pre, err
	}
	for _, p := range pledges {
		pre.Pledges = append(pre.Pledges, bundle.Pledge{Party: p.OrgID, Commitment: p.Commitment, Secret: *p.Value})
	}
	if src.exclusions, err = exclusionsOf(ctx, s.DB, r.ID); err != nil {
		return nil, pre, err
	}
	src.exclusions = slices.DeleteFunc(src.exclusions, func(e Exclusion) bool { return e.FromRevision == nil })
	cards, err := cardsOf(ctx, s.DB, r.ID)
	for _, c := range cards {
		pre.Cards = append(pre.Cards, bundle.Card{Revision: c.Revision, Text: c.Content})
	}
	return src, pre, err
}

// orNone is what a sample has; 0 in a census.
func orNone(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// bundleSource reads the parts of a round's bundle.
type bundleSource struct {
	s      *Service
	round  Round
	strata []Stratum
	at     map[id.ID]int
	keys   map[id.ID]ballot.Hash

	exclusions []Exclusion // those in force, in their order
}

// excluded tells from which revision on a response is left out, and opens how it came in; nil for one that is always counted.
func (b *bundleSource) excluded(r Response) *bundle.Excluded {
	for _, e := range b.exclusions {
		if e.covers(r, b.strata[b.at[r.StratumID]].Code()) {
			return &bundle.Excluded{Revision: int(*e.FromRevision), Channel: r.Channel, Lot: r.Lot, Salt: r.AttributeSalt}
		}
	}
	return nil
}

// Responses reads page by page, and goes on when all that were counted together are there.
func (b *bundleSource) Responses(ctx context.Context, yield func(*bundle.Response) error) error {
	var together []Response
	for after := (ballot.Hash{}); ; {
		page, err := pageOfResponses(ctx, b.s.DB, b.round.ID, after)
		if err != nil {
			return err
		}
		for _, r := range page {
			if len(together) > 0 && *together[0].First != *r.First {
				if err := b.counted(ctx, together, yield); err != nil {
					return err
				}
				together = together[:0]
			}
			together, after = append(together, r), r.TokenHash
		}
		if len(page) < bundlePage {
			return b.counted(ctx, together, yield)
		}
	}
}

// counted hands on responses that were counted together.
func (b *bundleSource) counted(ctx context.Context, together []Response, yield func(*bundle.Response) error) error {
	places, err := b.s.placesOf(ctx, together, b.keys)
	if err != nil {
		return err
	}
	for i := range together {
		r := &together[i]
		err := yield(&bundle.Response{Pos: places[i], Stratum: b.at[r.StratumID], Token: ballot.Token(r.Token), Prefix: r.Prefix, Signature: r.Signature,
			Revision: int(r.Revision), Opening: r.Opening, Commitment: r.Commitment, Attributes: r.attributes(), Answers: r.Answers, Salt: r.Salt, Text: r.TextHash, Excluded: b.excluded(*r)})
		if err != nil {
			return err
		}
	}
	return nil
}

// Hashes reads from the ledger.
func (b *bundleSource) Hashes(ctx context.Context, indexes []int64) ([]tlog.Hash, error) {
	return b.s.Ledger.StoredHashes(ctx, b.s.DB, ballot.Log, indexes)
}

// Draws is the list that was sealed at the end of the round.
func (b *bundleSource) Draws(ctx context.Context, stratum int) ([]ballot.FinalDraw, error) {
	return finalDraws(ctx, b.s.DB, b.round, b.strata[stratum])
}

// Roll reads the whole roll, of each line its hash and stratum alone, since it goes out in the order of the hashes.
func (b *bundleSource) Roll(ctx context.Context, yield func(bundle.Dwelling) error) error {
	no, code := map[id.ID]int64{}, map[id.ID]string{}
	for _, st := range b.strata {
		no[st.ID], code[st.ID] = st.No, st.Code()
	}
	var all []bundle.Dwelling
	err := eachDwelling(ctx, b.s.DB, b.round.ID, func(d Dwelling) error {
		all = append(all, bundle.Dwelling{Line: d.line(no), Stratum: code[id.OrNil(d.StratumID)], Asked: d.Sampled})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y bundle.Dwelling) int { return x.Line.Compare(y.Line) })
	for _, d := range all {
		if err := yield(d); err != nil {
			return err
		}
	}
	return nil
}

// Answers are those of a group that is small enough to be read at once: one short of answers.
func (b *bundleSource) Answers(ctx context.Context, strata []int, yield func(string, int) error) error {
	ids := make([]id.ID, len(strata))
	for i, st := range strata {
		ids[i] = b.strata[st].ID
	}
	list, err := answersOf(ctx, b.s.DB, b.round.ID, ids)
	if err != nil {
		return err
	}
	from := func(r Response) int {
		if e := b.excluded(r); e != nil {
			return e.Revision
		}
		return 0
	}
	slices.SortFunc(list, func(x, y Response) int {
		return cmp.Or(strings.Compare(x.Answers, y.Answers), cmp.Compare(from(x), from(y)))
	})
	for _, r := range list {
		if err := yield(r.Answers, from(r)); err != nil {
			return err
		}
	}
	return nil
}
