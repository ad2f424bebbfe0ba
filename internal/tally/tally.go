// Package tally is the arithmetic of owners' decisions as the law has it: the tests of Civil Code 278 in whole numbers,
// unanimity under 279, heads and area of a roll of owners, and whether totals would give single votes away. Statute is
// code here; no rule file reaches it.
package tally

import "slices"

// Item is a matter that owners decide together, numbered as in Civil Code 278.
type Item int

// The items.
const (
	AssemblyRules  Item = 1 // 业主大会议事规则
	Covenant       Item = 2 // 管理规约
	Committee      Item = 3 // elect the owners' committee or replace its members
	Provider       Item = 4 // choose or dismiss the property service provider
	UseFund        Item = 5 // use the maintenance fund
	RaiseFund      Item = 6 // raise the maintenance fund
	Rebuild        Item = 7 // alter or rebuild buildings and what belongs to them
	CommonPurpose  Item = 8 // change the purpose of common parts, or run a business with them
	OtherMatter    Item = 9
	BusinessUse    Item = 279 // a dwelling turned into business premises: every interested owner consents (CC 279)
	firstMajority       = RaiseFund
	lastMajority        = CommonPurpose
	areaAllOwners       = 3 // the quorum is 2/3 of area and of heads
	areaQuorumPart      = 2
	qualifiedWhole      = 4 // items 6 to 8 want 3/4 of those who took part
	qualifiedParts      = 3
	mostArea            = 100_000_000_000 // a thousand square kilometres in 0.01 m²: sums stay far from overflow
)

// Known tells whether there is such an item.
func (i Item) Known() bool { return (i >= AssemblyRules && i <= OtherMatter) || i == BusinessUse }

// Qualified tells whether three quarters of those who take part must agree.
func (i Item) Qualified() bool { return i >= firstMajority && i <= lastMajority }

// Weight is area and heads together, the two measures of every test. Area is in 0.01 m².
type Weight struct {
	Area  int64 `json:"area" minimum:"0" maximum:"100000000000" doc:"Exclusive area, in 0.01 m²"`
	Heads int64 `json:"heads" minimum:"0" maximum:"10000000" doc:"Owners by head"`
}

// Add is the sum.
func (w Weight) Add(o Weight) Weight { return Weight{w.Area + o.Area, w.Heads + o.Heads} }

// within tells whether w is no more than of.
func (w Weight) within(of Weight) bool {
	return w.Area >= 0 && w.Heads >= 0 && w.Area <= of.Area && w.Heads <= of.Heads
}

// Count is what the tests are made of: everybody on the roll, those who took part (abstentions too), those in favour.
type Count struct {
	Total  Weight `json:"total"`
	Joined Weight `json:"joined"`
	Favour Weight `json:"favour"`
}

// Possible tells whether a count can be: a part is never more than its whole, and nothing is beyond any real estate.
func (c Count) Possible() bool {
	return c.Total.Area > 0 && c.Total.Heads > 0 && c.Total.Area <= mostArea && c.Joined.within(c.Total) && c.Favour.within(c.Joined)
}

// Tests are the four tests, each by itself. A decision is made when all hold.
type Tests struct {
	QuorumArea  bool `json:"quorumArea" doc:"Two thirds of the area took part, the limit included (CC 1259)"`
	QuorumHeads bool `json:"quorumHeads" doc:"Two thirds of the owners took part"`
	FavourArea  bool `json:"favourArea" doc:"Of the area that took part enough agreed: more than half, three quarters for items 6 to 8, all under 279"`
	FavourHeads bool `json:"favourHeads" doc:"Of the owners who took part enough agreed"`
}

// Passed tells whether all four hold.
func (t Tests) Passed() bool { return t.Quorum() && t.FavourArea && t.FavourHeads }

// Quorum tells whether enough took part.
func (t Tests) Quorum() bool { return t.QuorumArea && t.QuorumHeads }

// Tests applies the law to a count. Zero turnout fails, since nobody is more than half of nobody.
func (c Count) Tests(i Item) Tests {
	if i == BusinessUse {
		return c.unanimous()
	}
	agreed := func(favour, joined int64) bool { return 2*favour > joined }
	if i.Qualified() {
		agreed = func(favour, joined int64) bool { return joined > 0 && qualifiedWhole*favour >= qualifiedParts*joined }
	}
	return Tests{
		QuorumArea:  areaAllOwners*c.Joined.Area >= areaQuorumPart*c.Total.Area,
		QuorumHeads: areaAllOwners*c.Joined.Heads >= areaQuorumPart*c.Total.Heads,
		FavourArea:  agreed(c.Favour.Area, c.Joined.Area),
		FavourHeads: agreed(c.Favour.Heads, c.Joined.Heads),
	}
}

// unanimous wants everybody on the roll, which is that of the interested owners.
func (c Count) unanimous() Tests {
	return Tests{
		QuorumArea:  c.Joined.Area == c.Total.Area && c.Total.Area > 0,
		QuorumHeads: c.Joined.Heads == c.Total.Heads && c.Total.Heads > 0,
		FavourArea:  c.Favour.Area == c.Total.Area && c.Total.Area > 0,
		FavourHeads: c.Favour.Heads == c.Total.Heads && c.Total.Heads > 0,
	}
}

// WithSilent is the count where the owners' own rules take the silent as having taken part and gone with the majority. The
// majority is that of area and heads among those who spoke; where there is none, silence adds nothing in favour. Consent under 279 is given
// by each interested owner, and no rule of the others gives it for them: there silence stays silence.
func (c Count) WithSilent(i Item, silent Weight) Count {
	if i == BusinessUse {
		return c
	}
	out := c
	out.Joined = c.Joined.Add(silent)
	if 2*c.Favour.Heads > c.Joined.Heads && 2*c.Favour.Area > c.Joined.Area {
		out.Favour = c.Favour.Add(silent)
	}
	return out
}

// Failed names the tests that do not hold, as error texts and clients know them.
func (t Tests) Failed() []string {
	names := []string{"quorum_area", "quorum_heads", "favour_area", "favour_heads"}
	held := []bool{t.QuorumArea, t.QuorumHeads, t.FavourArea, t.FavourHeads}
	at := 0
	return slices.DeleteFunc(names, func(string) bool { at++; return held[at-1] })
}
