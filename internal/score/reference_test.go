package score

import (
	"encoding/csv"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// dataset reads a published data set that lies beside the checkout, or below REDPROPERTY_DATA.
func dataset(t *testing.T, name string) []map[string]string {
	dir := os.Getenv("REDPROPERTY_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		require.Empty(t, os.Getenv("CI"), "the real data must be there: %v", err)
		t.Skip("no real data here")
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, r := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = r[i]
		}
		out = append(out, row)
	}
	return out
}

func number(t testing.TB, s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(t, err)
	return n
}

// cells makes one cell for each stratum of a file, in order of appearance.
func cells(t *testing.T, rows []map[string]string, stratum string, value func(map[string]string) int64) []Cell {
	at := map[string]int{}
	var out []Cell
	for _, r := range rows {
		i, ok := at[r[stratum]]
		if !ok {
			i = len(out)
			at[r[stratum]] = i
			out = append(out, Cell{N: number(t, r["fpc"])})
		}
		out[i].Take(value(r))
	}
	return out
}

func figures(i Interval) []string {
	return []string{i.Value.String(), i.SE.String(), i.Low.String(), i.High.String()}
}

// The Academic Performance Index as in R's survey package: svydesign(id=~1, strata=~stype, weights=~pw,
// data=apistrat, fpc=~fpc); svymean(~api00, d); confint of it.
func TestStratifiedMeanOfRealSample(t *testing.T) {
	rows := dataset(t, "survey/apistrat.csv")
	scores := cells(t, rows, "stype", func(r map[string]string) int64 { return number(t, r["api00"]) })
	mean, err := Mean(scores)
	require.NoError(t, err)
	require.Equal(t, []string{"662.287364", "9.408941", "643.846178", "680.728549"}, figures(mean))

	// With the weights of the file, which were rounded to 24 bits, instead of N/n.
	weights := map[int64]string{}
	for _, r := range rows {
		weights[number(t, r["fpc"])] = r["pw"]
	}
	for i := range scores {
		scores[i].Weight, _ = new(big.Rat).SetString(weights[scores[i].N])
	}
	mean, err = Mean(scores)
	require.NoError(t, err)
	require.Equal(t, []string{"662.287363", "9.408941", "643.846178", "680.728548"}, figures(mean))

	share, err := Mean(cells(t, rows, "stype", func(r map[string]string) int64 {
		if r["sch.wide"] == "Yes" {
			return 1
		}
		return 0
	}))
	require.NoError(t, err)
	require.Equal(t, []string{"0.827948", "0.024345"}, figures(share)[:2])
}

// svydesign(id=~1, data=apisrs, fpc=~fpc); svymean(~api00, d).
func TestSimpleMeanOfRealSample(t *testing.T) {
	rows := dataset(t, "survey/apisrs.csv")
	mean, err := Mean(cells(t, rows, "fpc", func(r map[string]string) int64 { return number(t, r["api00"]) }))
	require.NoError(t, err)
	require.Equal(t, []string{"656.585000", "9.249722", "638.455878", "674.714122"}, figures(mean))
}

// Satisfaction with housing in Copenhagen: 1,681 answers from a population of unstated size.
func TestHousingSatisfaction(t *testing.T) {
	rows := dataset(t, "survey/mass_housing_copenhagen.csv")
	values := map[string]int64{"Low": 1, "Medium": 2, "High": 3}
	counts := map[string]int64{}
	var cell Cell
	for _, r := range rows {
		counts[r["Sat"]] += number(t, r["Freq"])
		for range number(t, r["Freq"]) {
			cell.Take(values[r["Sat"]])
		}
	}
	require.Len(t, rows, 72)
	require.Equal(t, map[string]int64{"Low": 567, "Medium": 446, "High": 668}, counts)
	mean, err := Mean([]Cell{cell})
	require.NoError(t, err)
	require.Equal(t, []string{"2.060083", "2.019168", "2.100999"}, []string{mean.Value.String(), mean.Low.String(), mean.High.String()})
	high, err := Proportion([]Share{{Answers: 1681, Valid: 1681, Hits: 668}})
	require.NoError(t, err)
	require.Equal(t, []string{"39.738251", "37.424880", "42.098416"}, []string{high.Value.String(), high.Low.String(), high.High.String()})
}
