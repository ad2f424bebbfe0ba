package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/score"
	"github.com/redproperty/redproperty/internal/scorecard"
)

func hashOf(text string) ballot.Hash { return sha256.Sum256([]byte(text)) }

// budget gives out channels. The file does not tell how a response came in, since together with its answers that could tell
// who gave them; the card tells how many came in each way, and only these sums are in it.
type budget struct{ paper, assisted int64 }

func (b *budget) next() score.Channel {
	switch {
	case b.paper > 0:
		b.paper--
		return score.Paper
	case b.assisted > 0:
		b.assisted--
		return score.Assisted
	}
	return score.Web
}

// mostRevisions bounds the memory that a file can ask for.
const mostRevisions = 100

// cards reads the cards, and prepares to compute each again.
func (v *verifier) cards() error {
	if len(v.pre.Cards) > mostRevisions {
		return fmt.Errorf("the file has more cards than any round")
	}
	if len(v.pre.Cards) == 0 {
		v.report.add("the card is missing")
	}
	for i, c := range v.pre.Cards {
		if c.Revision != int64(i) {
			return fmt.Errorf("the cards are not in the order of their revisions")
		}
		counter, err := scorecard.New(v.frame)
		if err != nil {
			return err
		}
		budgets := make([]budget, len(v.pre.Projects))
		v.counters, v.budgets = append(v.counters, counter), append(v.budgets, budgets)
		card, ok := readCard(c.Text)
		if !ok || len(card.Projects) != len(v.pre.Projects) {
			v.report.add("%s is not in its form, or not of the service areas of the file", cardName(i))
			continue
		}
		for k, p := range card.Projects {
			budgets[k] = budget{p.Result.Counts.Paper, p.Result.Counts.Assisted}
		}
	}
	return nil
}

// cardName names a revision's card in the report.
func cardName(revision int) string {
	if revision == 0 {
		return "the card"
	}
	return fmt.Sprintf("the card of revision %d", revision)
}

func readCard(text string) (c scorecard.Card, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	return c, d.Decode(&c) == nil
}

// compare computes the score of every revision again.
func (v *verifier) compare() {
	for i := range v.counters {
		v.compareCard(i)
	}
}

func (v *verifier) compareCard(revision int) {
	name := "the score"
	if revision > 0 {
		name = fmt.Sprintf("the score of revision %d", revision)
	}
	text := ""
	card, err := v.counters[revision].Card(int64(revision))
	if err == nil {
		text, _, err = card.Canonical()
	}
	if err != nil {
		v.report.add("%s cannot be computed: %v", name, err)
		return
	}
	if text == v.pre.Cards[revision].Text {
		v.report.Recomputed++
		return
	}
	stated, ok := readCard(v.pre.Cards[revision].Text)
	if !ok {
		return // said before
	}
	for _, where := range differences(stated, card) {
		v.report.add("%s: %s is not what the responses give", name, where)
	}
}

// differences names the parts of two cards that are not the same.
func differences(a, b scorecard.Card) []string {
	var out []string
	differ := func(name string, x, y any) {
		left, _ := json.Marshal(x)
		right, _ := json.Marshal(y)
		if !bytes.Equal(left, right) {
			out = append(out, name)
		}
	}
	for i := range min(len(a.Projects), len(b.Projects)) {
		x, y := a.Projects[i], b.Projects[i]
		name := fmt.Sprintf("%s (%s)", y.Name, y.ServiceAreaID)
		differ("the overall index of "+name, x.Result.Overall, y.Result.Overall)
		differ("a dimension of "+name, x.Result.Dimensions, y.Result.Dimensions)
		differ("an item of "+name, x.Result.Items, y.Result.Items)
		differ("a count of "+name, []any{x.Result.Counts, x.Result.Strata, x.Result.Label, x.Drawn, x.NotCast, x.LeftOut, x.Withheld}, []any{y.Result.Counts, y.Result.Strata, y.Result.Label, y.Drawn, y.NotCast, y.LeftOut, y.Withheld})
		differ("the tier of "+name, x.Tier, y.Tier)
		differ("a question beside the score of "+name, x.Others, y.Others)
	}
	differ("the total", a.Total, b.Total)
	if len(out) == 0 {
		out = append(out, "what the card says of the round")
	}
	return out
}
