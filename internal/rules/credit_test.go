package rules_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/rules"
)

func TestGrade(t *testing.T) {
	book := shipped(t).Credit
	for _, tc := range []struct {
		set   string
		in    rules.CreditInput
		grade string
	}{
		{"yantai_2022", rules.CreditInput{Score: 12000, Enrolled: true}, "AAA"},
		{"yantai_2022", rules.CreditInput{Score: 8500, Enrolled: true}, "AAA"},
		{"yantai_2022", rules.CreditInput{Score: 8499, Enrolled: true}, "AA"},
		{"yantai_2022", rules.CreditInput{Score: 8000, Enrolled: true}, "AA"},
		{"yantai_2022", rules.CreditInput{Score: 7999, Enrolled: true}, "A"},
		{"yantai_2022", rules.CreditInput{Score: 7000, Enrolled: true}, "A"},
		{"yantai_2022", rules.CreditInput{Score: 6999, Enrolled: true}, "B"},
		{"yantai_2022", rules.CreditInput{Score: 6000, Enrolled: true}, "B"},
		{"yantai_2022", rules.CreditInput{Score: 5999, Enrolled: true}, "C"},
		{"yantai_2022", rules.CreditInput{Score: 0, Enrolled: true}, "C"},
		{"yantai_2022", rules.CreditInput{Score: -500, HasBadItems: true, Enrolled: true}, "C"},
		{"yantai_2022", rules.CreditInput{Score: 12000, Blacklisted: true, Enrolled: true}, "黑名单"},
		{"yantai_2022", rules.CreditInput{Score: 0, Blacklisted: true}, "黑名单"},
		{"yantai_2022", rules.CreditInput{Score: 9000}, ""},
		{"shandong_2022", rules.CreditInput{Score: 8500, Enrolled: true}, "AAA"},
		{"shandong_2022", rules.CreditInput{Score: 8499, HasBadItems: true, Enrolled: true}, "AA"},
		{"shandong_2022", rules.CreditInput{Score: 6000, HasBadItems: true, Enrolled: true}, "B"},
		{"shandong_2022", rules.CreditInput{Score: 5999, Enrolled: true}, "B"},
		{"shandong_2022", rules.CreditInput{Score: 5999, HasBadItems: true, Enrolled: true}, "C"},
		{"shandong_2022", rules.CreditInput{Score: 9000}, "C（缺失）"},
		{"shandong_2022", rules.CreditInput{Score: 9000, Blacklisted: true, Enrolled: true}, ""},
	} {
		set, err := book.Find(tc.set)
		require.NoError(t, err)
		got, err := rules.Grade(set, tc.in)
		require.NoError(t, err)
		want := rules.CreditGrade{Status: rules.ByScore, Grade: tc.grade}
		if !tc.in.Enrolled {
			want.Status = rules.NoData
		}
		if tc.in.Blacklisted {
			want.Status = rules.OnBlacklist
		}
		require.Equal(t, want, got, "%s %+v", tc.set, tc.in)
	}
	set, err := book.Find("yantai_2022")
	require.NoError(t, err)
	_, err = rules.Grade(set, rules.CreditInput{Score: 12001, Enrolled: true})
	require.True(t, fault.Is(err, "rules.credit_score_range"))
}

// A better score never gives a worse grade, and every score has one.
func TestGradeIsMonotonic(t *testing.T) {
	for _, set := range shipped(t).Credit.All() {
		rank := map[string]int{}
		for i, b := range set.Bands {
			rank[b.Grade] = len(set.Bands) - i
		}
		rapid.Check(t, func(t *rapid.T) {
			low := rapid.IntRange(-20000, 12000).Draw(t, "low")
			high := rapid.IntRange(low, 12000).Draw(t, "high")
			bad := rapid.Bool().Draw(t, "bad items")
			a, err := rules.Grade(&set, rules.CreditInput{Score: low, HasBadItems: bad, Enrolled: true})
			require.NoError(t, err)
			b, err := rules.Grade(&set, rules.CreditInput{Score: high, HasBadItems: bad, Enrolled: true})
			require.NoError(t, err)
			require.LessOrEqual(t, rank[a.Grade], rank[b.Grade])
		})
	}
}

// bandsTable is a published table of grades: the real one where it is at hand, else our copy of its shape.
func bandsTable(t *testing.T) [][]string {
	t.Helper()
	raw, err := os.ReadFile("../../../shared/data/rules/credit_rating_rules.csv")
	if err != nil {
		raw, err = os.ReadFile("testdata/credit_bands.csv")
	}
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	require.NoError(t, err)
	return rows[1:]
}

// Every row of the published table is graded as it says at both its ends.
func TestGradeAgainstThePublishedTable(t *testing.T) {
	book := shipped(t).Credit
	codes := map[string]string{"烟": "yantai_2022", "山": "shandong_2022"}
	checked := 0
	for _, row := range bandsTable(t) {
		set, err := book.Find(codes[string([]rune(row[0])[:1])])
		require.NoError(t, err)
		grade := func(in rules.CreditInput) string {
			got, err := rules.Grade(set, in)
			require.NoError(t, err)
			return got.Grade
		}
		if row[2] == "" && row[3] == "" { // a status, not a band
			in := rules.CreditInput{Score: 9000, Blacklisted: row[1] == "黑名单", Enrolled: row[1] == "黑名单"}
			require.Equal(t, strings.NewReplacer("级", "", "(", "（", ")", "）").Replace(row[1]), grade(in))
			checked++
			continue
		}
		if row[2] != "" {
			require.Equal(t, row[1], grade(rules.CreditInput{Score: hundredths(t, row[2]), HasBadItems: true, Enrolled: true}))
		}
		if row[3] != "" {
			require.Equal(t, row[1], grade(rules.CreditInput{Score: hundredths(t, row[3]) - 1, HasBadItems: true, Enrolled: true}))
		}
		checked++
	}
	require.Equal(t, 12, checked)
}

func hundredths(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n * 100
}
