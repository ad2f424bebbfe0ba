package bundle

import "github.com/redproperty/redproperty/internal/ballot"

// promise is a receipt that is looked for.
type promise struct {
	receipt ballot.Receipt
	genuine bool // signed by the round's receipt key
	found   bool
}

// promises are the receipts to check against the file, by the hash of their token.
type promises map[ballot.Hash][]*promise

func newPromises(list []ballot.Receipt) promises {
	out := promises{}
	for _, r := range list {
		out[r.Token] = append(out[r.Token], &promise{receipt: r})
	}
	return out
}

// opened checks the receipts' signatures once the round's key is known.
func (p promises) opened(e ballot.RoundOpened) {
	for _, list := range p {
		for _, x := range list {
			x.genuine = x.receipt.Round == e.Round && x.receipt.Verify(e.ReceiptKey) == nil
		}
	}
}

// response compares a counted response with what was promised of it.
func (p promises) response(v *verifier, number int64, c *checked) {
	if c.stratum < 0 {
		return
	}
	for _, x := range p[c.name] {
		x.found = true
		switch e := c.entry(v.pre.Header.Round, v.keys[c.stratum].ID()); {
		case !x.genuine || len(c.wrong) > 0:
		case !x.receipt.Kept(e):
			v.report.at(number, "response %s: the receipt promises revision %d with other answers: the promise was broken", c.name, x.receipt.Revision)
		case e.Revision > x.receipt.Revision:
			v.report.Later++
		default:
			v.report.Kept++
		}
	}
}

// finish names the receipts whose promise was not kept.
func (p promises) finish(v *verifier) {
	for token, list := range p {
		for _, x := range list {
			switch {
			case x.receipt.Round != v.pre.Header.Round:
				v.report.add("receipt %s: it is of round %s, the file of round %s", token, x.receipt.Round, v.pre.Header.Round)
			case !x.genuine:
				v.report.add("receipt %s: it was not signed by this round's key", token)
			case !x.found:
				v.report.add("receipt %s: its response is not in the file: it was dropped", token)
			}
		}
	}
}
