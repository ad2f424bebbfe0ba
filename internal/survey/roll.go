package survey

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/redproperty/redproperty/internal/ballot"
	"github.com/redproperty/redproperty/internal/id"
)

// Elector is who answers for a dwelling.
type Elector string

// The electors: the occupier's household answers, the owner where the dwelling stands empty.
const (
	ByTenant    Elector = "tenant"    // it is let: whoever rents it, not the landlord
	ByHousehold Elector = "household" // whoever belongs to the household
	ByOwner     Elector = "owner"     // it stands empty
)

// leftOutStaff is why a dwelling leaves the roll: its only known adults hold posts in the rated company.
const leftOutStaff = "company_staff"

// Dwelling is a line of a round's roll.
type Dwelling struct {
	ID            id.ID       `db:"id"`
	RoundID       id.ID       `db:"round_id"`
	ServiceAreaID id.ID       `db:"service_area_id"`
	StratumID     *id.ID      `db:"stratum_id"` // nil where it is left out
	UnitID        id.ID       `db:"unit_id"`
	BuildingID    id.ID       `db:"building_id"`
	Label         string      `db:"label"`
	Elector       Elector     `db:"elector"`
	LeftOut       string      `db:"left_out"`
	Sampled       bool        `db:"sampled"`
	Secret        ballot.Hash `db:"secret"` // salts what is published of the dwelling; its household may see it
}

// dwelling makes the line of a home. residents are those who live there now, staff the persons with a post in the rated
// company. It stays on the roll when nobody is known to live there: a letter reaches it.
func dwelling(round, serviceArea id.ID, h Home, residents []Resident, staff map[id.ID]bool) Dwelling {
	d := Dwelling{ID: id.New(), RoundID: round, ServiceAreaID: serviceArea, UnitID: h.Unit, BuildingID: h.Building, Label: h.Label,
		Elector: electorOf(h, residents), Secret: ballot.NewHash()}
	outside := func(r Resident) bool { return !staff[r.Person] }
	if len(residents) > 0 && !slices.ContainsFunc(residents, outside) {
		d.LeftOut = leftOutStaff
	}
	return d
}

func electorOf(h Home, residents []Resident) Elector {
	tenant := func(r Resident) bool { return r.Tenant }
	switch {
	case h.Occupied == "vacant":
		return ByOwner
	case h.Occupied == "let" && slices.ContainsFunc(residents, tenant):
		return ByTenant
	}
	return ByHousehold
}

// block is a building's part of the roll.
type block struct {
	name string
	list []int // indexes of dwellings
}

// stratify groups the dwellings of one service area: one stratum, or, above split dwellings, groups of whole buildings of
// at least least dwellings each. Buildings stay in the order given, so that neighbours share a group. A last group that
// is too small joins the one before it.
func stratify(round id.ID, place Project, homes []Home, roll []Dwelling, split, least int64) []Stratum {
	blocks := blocksOf(homes, roll)
	var total int64
	for _, b := range blocks {
		total += int64(len(b.list))
	}
	if total == 0 {
		return nil
	}
	if total <= split {
		least = total
	}
	var out []Stratum
	var groups [][]block
	var size int64
	for _, b := range blocks {
		if size == 0 || size >= least {
			groups, size = append(groups, nil), 0
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], b)
		size += int64(len(b.list))
	}
	if last := len(groups) - 1; last > 0 && size < least {
		groups[last-1] = append(groups[last-1], groups[last]...)
		groups = groups[:last]
	}
	for _, g := range groups {
		s := Stratum{ID: id.New(), RoundID: round, ServiceAreaID: place.ServiceAreaID, Name: groupName(place.Name, g, len(groups) > 1)}
		for _, b := range g {
			for _, i := range b.list {
				roll[i].StratumID = &s.ID
				s.Dwellings++
			}
		}
		out = append(out, s)
	}
	return out
}

// blocksOf lists the buildings with dwellings on the roll; roll[i] is the line of homes[i].
func blocksOf(homes []Home, roll []Dwelling) []block {
	var out []block
	at := map[id.ID]int{}
	for i, h := range homes {
		if roll[i].LeftOut != "" {
			continue
		}
		n, ok := at[h.Building]
		if !ok {
			n = len(out)
			at[h.Building] = n
			out = append(out, block{name: h.Block})
		}
		out[n].list = append(out[n].list, i)
	}
	return out
}

func groupName(place string, g []block, several bool) string {
	if !several {
		return place
	}
	return fmt.Sprintf("%s %s–%s", place, g[0].name, g[len(g)-1].name)
}

// rollHash fixes the roll: the lines in the order of their own hashes. A line's hash is salted with the dwelling's
// secret, so that only its household can find itself in the list.
func rollHash(round id.ID, roll []Dwelling, strata []Stratum) (ballot.Hash, error) {
	no := map[id.ID]int64{}
	for _, s := range strata {
		no[s.ID] = s.No
	}
	lines := make([]ballot.Hash, len(roll))
	for i, d := range roll {
		lines[i] = d.line(no)
	}
	slices.SortFunc(lines, ballot.Hash.Compare)
	h := ballot.NewRollHasher(round)
	for _, l := range lines {
		if err := h.Add(l); err != nil {
			return ballot.Hash{}, err // two of the same, though each is salted
		}
	}
	return h.Sum(), nil
}

// line is the hash of a dwelling's line; no gives the numbers of strata.
func (d Dwelling) line(no map[id.ID]int64) ballot.Hash {
	stratum := int64(-1)
	if d.StratumID != nil {
		stratum = no[*d.StratumID]
	}
	h := sha256.New()
	h.Write([]byte("redproperty survey dwelling 1\x00"))
	h.Write(d.Secret[:])
	h.Write(d.RoundID[:])
	h.Write(d.UnitID[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(stratum)))
	h.Write([]byte(d.Elector + "\x00" + Elector(d.LeftOut)))
	return ballot.Hash(h.Sum(nil))
}

// number numbers the strata of a round from 1, in the order of the service areas' names.
func number(strata []Stratum) {
	slices.SortStableFunc(strata, func(a, b Stratum) int { return cmp.Compare(a.Name, b.Name) })
	for i := range strata {
		strata[i].No = int64(i) + 1
	}
}
