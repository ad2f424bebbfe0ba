package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
)

func votesText(t *testing.T) string {
	t.Helper()
	raw, err := configs.Files.ReadFile("rules/votes.yaml")
	require.NoError(t, err)
	return string(raw)
}

func parseVotes(t *testing.T, text string) (*VoteBook, error) {
	t.Helper()
	f, err := NewFile(Votes, []byte(text))
	require.NoError(t, err)
	return ParseVotes(f)
}

func TestVoteProcedures(t *testing.T) {
	b, err := parseVotes(t, votesText(t))
	require.NoError(t, err)
	for division, want := range map[string]struct {
		code                           string
		notice, extra, proxy, reserved int
	}{
		"370612001001": {"shandong", 15, 15, 3, 0}, "370702001001": {"weifang", 15, 15, 3, 1}, "370303001001": {"zibo", 15, 15, 3, 0},
		"110101001001": {"beijing", 15, 15, 3, 1}, "330102001001": {"hangzhou", 15, 7, 3, 0}, "441900001001": {"national", 15, 15, 3, 0}, "": {"national", 15, 15, 3, 0},
	} {
		p := b.ForDivision(division)
		require.Equal(t, want.code, p.Code, division)
		require.Equal(t, []int{want.notice, want.extra, want.proxy, want.reserved},
			[]int{p.Get(VoteNoticeDays), p.Get(VoteNoticeExtraDays), p.Get(VoteProxyCap), p.Get(VoteReservedOnline)}, division)
		require.Same(t, p, b.Find(p.Code))
	}
	require.Equal(t, "weifang", b.Find("weifang").Figure(VoteProxyCap).From)
	require.Equal(t, "shandong", b.Find("weifang").Figure(VoteSupportPercent).From)
	require.Nil(t, b.Find("atlantis"))
}

// No file weakens a test of the law: thresholds are no parameters, and an added test asks for more or is refused.
func TestNoFileWeakensATest(t *testing.T) {
	text := votesText(t)
	added := func(line string) string { return text + "    added_tests:\n      - " + line + "\n" }
	for want, bad := range map[string]string{
		"quorum: unknown parameter":                              strings.Replace(text, "      roll_days:", "      quorum: { value: 1, standing: default, source: x }\n      roll_days:", 1),
		"added_tests[0]: weakens the test of Civil Code 278 for": added("{ item: 4, num: 1, den: 2, source: x }"),
		"weakens the test of Civil Code 278 for item 7":          added("{ item: 7, num: 3, den: 4, source: x }"),
		"weakens the test of Civil Code 278 for item 8":          added("{ item: 8, num: 1, den: 2, of_all: true, source: x }"),
		"weakens the test of Civil Code 278 for item 6":          added("{ item: 6, num: 2, den: 3, source: x }"),
		"added_tests[0].item: want an item of Civil Code 278":    added("{ item: 10, num: 1, den: 1, source: x }"),
		"added_tests[0]: want a share":                           added("{ item: 4, num: 3, den: 2, source: x }"),
		"support_percent.value: want 1 to 20":                    strings.Replace(text, "support_percent: { value: 20", "support_percent: { value: 30", 1),
		"posting_days.value: want 5 to 30":                       strings.Replace(text, "posting_days: { value: 5", "posting_days: { value: 1", 1),
		"fewest_shown.value: want 5 to 100":                      strings.Replace(text, "fewest_shown: { value: 5", "fewest_shown: { value: 4", 1),
		"fewest_shown.value: shows totals of fewer owners than the 8": strings.Replace(strings.Replace(text, "fewest_shown: { value: 5", "fewest_shown: { value: 8", 1),
			"      window_min_days: { value: 5, standing: local", "      fewest_shown: { value: 7, standing: local_regulation, source: x }\n      window_min_days: { value: 5, standing: local", 1),
		"params.notice_days: missing":                             strings.Replace(text, "      notice_days: { value: 15, standing: statute, source: 物业管理条例（2018）第十四条 }\n", "", 1),
		"the roll cannot be posted for longer than the notice":    strings.Replace(text, "roll_days: { value: 5", "roll_days: { value: 16", 1),
		"window_min_days is above window_max_days":                strings.Replace(strings.Replace(text, "window_min_days: { value: 5, standing: local", "window_min_days: { value: 8, standing: local", 1), "window_max_days: { value: 60, standing: local", "window_max_days: { value: 7, standing: local", 1),
		"division: want digits that continue the parent's \"37\"": strings.Replace(text, `division: "3707"`, `division: "3807"`, 1),
		"no profile \"nowhere\" above this one":                   strings.Replace(text, "parent: shandong", "parent: nowhere", 1),
	} {
		_, err := parseVotes(t, bad)
		require.ErrorContains(t, err, want)
	}
	b, err := parseVotes(t, added("{ item: 7, num: 2, den: 3, of_all: true, source: x }"))
	require.NoError(t, err, "two thirds of everybody is more than three quarters of two thirds")
	require.Len(t, b.Find("hangzhou").Added, 1)
	b, err = parseVotes(t, text+"      fewest_shown: { value: 10, standing: local_regulation, source: x }\n")
	require.NoError(t, err, "a place can ask for more")
	require.Equal(t, []int{10, 5}, []int{b.Find("hangzhou").Get(VoteFewestShown), b.Find("beijing").Get(VoteFewestShown)})
}
