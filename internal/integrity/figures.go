package integrity

import "github.com/redproperty/redproperty/internal/score"

// Figures are published without a flag: they differ between honest rounds by far more than chance, so nothing
// honest can be said about how high is too high.
type Figures struct {
	Answers int64 `json:"answers"`
	// Straight counts answers with the same rating for everything, of those with at least five ratings (Rated).
	Straight int64 `json:"straight"`
	Rated    int64 `json:"rated"`
	// StraightIndependent is the share in per cent that there would be if a household's ratings had nothing to do
	// with each other. They have, so the share seen is always far above it.
	StraightIndependent score.Micro     `json:"straightIndependent"`
	EqualAnswers        int64           `json:"equalAnswers"` // answers that another one equals, straight ones apart
	EqualTexts          int64           `json:"equalTexts"`   // answers with words that another one has too
	Strata              []StratumFigure `json:"strata"`
	Lots                []LotFigure     `json:"lots"`
}

// StratumFigure is what one stratum answered, by channel.
type StratumFigure struct {
	Key           string      `json:"key"`
	Answers       int64       `json:"answers"`
	PaperShare    score.Micro `json:"paperShare"`
	AssistedShare score.Micro `json:"assistedShare"`
	StraightShare score.Micro `json:"straightShare"`
}

// LotFigure is how much of its channel one interviewer, or one lot of paper, brought in.
type LotFigure struct {
	Channel string      `json:"channel"`
	Lot     string      `json:"lot"`
	Answers int64       `json:"answers"`
	Share   score.Micro `json:"share"` // of the channel's answers, in per cent
}

func (a *audit) figures() Figures {
	f := Figures{Answers: int64(len(a.all)), Strata: []StratumFigure{}, Lots: []LotFigure{}}
	var byChannel [len(channelNames)]int64
	for _, r := range a.all {
		byChannel[r.Channel]++
		if r.rated >= leastStraight {
			f.Rated++
		}
		if r.straight {
			f.Straight++
		}
	}
	for _, l := range a.lots {
		n := int64(len(l.members))
		f.Lots = append(f.Lots, LotFigure{channelNames[l.channel], l.code, n, share(n, byChannel[l.channel])})
	}
	f.EqualAnswers, f.EqualTexts = a.equals()
	f.StraightIndependent = a.straightIndependent(f.Rated)
	for at, s := range a.in.Strata {
		f.Strata = append(f.Strata, a.stratumFigure(at, s.Key))
	}
	return f
}

func (a *audit) stratumFigure(at int, key string) StratumFigure {
	var paper, assisted, rated, straight int64
	f := StratumFigure{Key: key}
	for _, r := range a.all {
		if r.Stratum != at {
			continue
		}
		f.Answers++
		switch r.Channel {
		case score.Paper:
			paper++
		case score.Assisted:
			assisted++
		}
		if r.rated >= leastStraight {
			rated++
		}
		if r.straight {
			straight++
		}
	}
	f.PaperShare, f.AssistedShare, f.StraightShare = share(paper, f.Answers), share(assisted, f.Answers), share(straight, rated)
	return f
}

func (a *audit) equals() (answers, texts int64) {
	patterns, words := map[string]int{}, map[Hash]int{}
	for _, r := range a.all {
		patterns[pattern(r.Values)]++
		for h := range distinct(r.Texts) {
			words[h]++
		}
	}
	for _, h := range a.in.Apart {
		words[h]++
	}
	for _, h := range a.in.Apart {
		if words[h] > 1 {
			texts++
		}
	}
	for _, r := range a.all {
		if r.off > 0 && patterns[pattern(r.Values)] > 1 {
			answers++
		}
		for _, h := range r.Texts {
			if words[h] > 1 {
				texts++
				break
			}
		}
	}
	return answers, texts
}

func distinct(hashes []Hash) map[Hash]bool {
	out := map[Hash]bool{}
	for _, h := range hashes {
		out[h] = true
	}
	return out
}

// straightIndependent multiplies, stratum by stratum, the shares of each rating over the items.
func (a *audit) straightIndependent(rated int64) score.Micro {
	if rated == 0 {
		return 0
	}
	items := len(a.all[0].Values)
	sum := 0.0
	for s := range a.in.Strata {
		counts, answers := make([][score.Highest + 1]int64, items), int64(0)
		for _, r := range a.all {
			if r.Stratum != s || r.rated < leastStraight {
				continue
			}
			answers++
			for j, v := range r.Values {
				if v >= score.Lowest {
					counts[j][0]++
					counts[j][v]++
				}
			}
		}
		sum += float64(answers) * allAlike(counts)
	}
	return score.Micro(sum / float64(rated) * float64(certain))
}

// allAlike is the chance that independent ratings are all the same; an item that nobody rated is left out.
func allAlike(counts [][score.Highest + 1]int64) float64 {
	sum := 0.0
	for v := score.Lowest; v <= score.Highest; v++ {
		product := 1.0
		for _, c := range counts {
			if c[0] > 0 {
				product *= float64(c[v]) / float64(c[0])
			}
		}
		sum += product
	}
	return sum
}
