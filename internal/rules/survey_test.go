package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/questionnaire"
	"github.com/redproperty/redproperty/internal/rules"
)

func TestSurveyRules(t *testing.T) {
	all := shipped(t)
	s := all.Surveys
	require.Equal(t, all.Hash(rules.Surveys), s.Hash)

	for dwellings, want := range map[int64]int64{30: 15, 31: 16, 40: 20, 59: 30, 60: 30, 61: 30, 5000: 30} {
		require.Equal(t, want, s.MinAnswers(dwellings), dwellings)
	}
	for drawn, want := range map[int64]int64{0: 0, 29: 29, 30: 30, 600: 30, 601: 31, 620: 31, 621: 32} {
		require.Equal(t, want, s.Recontacted(drawn), drawn)
	}
}

// Every score of 0 to 100 has one tier, and the tiers ascend.
func TestTiersCoverEveryScoreOnce(t *testing.T) {
	s := shipped(t).Surveys
	for score, want := range map[int64]string{0: "poor", 5999: "poor", 6000: "weak", 6999: "weak", 7000: "fair", 8000: "good", 8999: "good", 9000: "excellent", 10_000: "excellent"} {
		var got []string
		for _, tier := range s.Tiers {
			if tier.From <= score && score < tier.Below {
				got = append(got, tier.Code)
			}
		}
		require.Equal(t, []string{want}, got, score)
	}
	require.Equal(t, "poor", s.Tiers[0].Code)
	require.Equal(t, int64(rules.WholeIndex+1), s.Tiers[len(s.Tiers)-1].Below)
}

func TestPropertyServiceTemplate(t *testing.T) {
	tpl, err := shipped(t).Surveys.Template("property_service")
	require.NoError(t, err)
	sum := int64(0)
	for _, w := range tpl.Weights() {
		sum += w
	}
	require.Equal(t, int64(rules.WholeWeight), sum)
	require.NotContains(t, tpl.Weights(), "party_building")
	require.True(t, tpl.ShownApart("party_building"))
	require.False(t, tpl.ShownApart("security"))

	q := tpl.Questionnaire
	require.NoError(t, q.Check())
	again, err := questionnaire.Parse(q.Canonical())
	require.NoError(t, err)
	require.Equal(t, q.Hash(), again.Hash())
	for _, i := range q.Items() {
		require.True(t, !i.Scored() || i.DontKnow, "%s: whoever has never met it must be able to say so", i.Code)
	}
	require.NoError(t, q.CheckAnswers(questionnaire.Answers{
		"gate": questionnaire.Number(4), "patrol": questionnaire.Number(5), "cleaning_indoors": questionnaire.Number(3), "waste": questionnaire.DontKnow(),
		"greening": questionnaire.Number(4), "facilities": questionnaire.Number(2), "reported": questionnaire.Choice("yes"), "repair_response": questionnaire.Number(1),
		"attitude": questionnaire.Number(5), "openness": questionnaire.Number(2), "value": questionnaire.Number(3), "overall": questionnaire.Number(3),
		"improve": questionnaire.Choices("lifts", "openness"),
	}))

	_, err = shipped(t).Surveys.Template("horoscope")
	require.True(t, fault.Is(err, "rules.survey_template_unknown"))
}

// Each row breaks one thing in the shipped file; the error must name the file and the field.
func TestSurveyRulesRefuse(t *testing.T) {
	for name, tc := range map[string]struct{ old, new, want string }{
		"unknown key":                      {"min_days: 7", "min_days: 7\nranking: true", "ranking"},
		"longest before shortest":          {"max_days: 45", "max_days: 6", "rules/surveys.yaml: max_days"},
		"groups that single out":           {"min_dwellings: 30", "min_dwellings: 19", "strata.min_dwellings"},
		"small groups of buildings":        {"min_group: 300", "min_group: 99", "strata.min_group"},
		"groups that cannot be made":       {"split_above: 1500", "split_above: 599", "strata.split_above"},
		"another confidence":               {"confidence_percent: 95", "confidence_percent: 90", "sampling.confidence_percent"},
		"margin beyond the greatest":       {"  margin: 500", "  margin: 1001", "sampling.margin"},
		"margin that says nothing":         {"max_margin: 1000", "max_margin: 2001", "sampling.max_margin"},
		"groups under five":                {"k: 5", "k: 4", "publication.k"},
		"running count too early":          {"running_from: 20", "running_from: 19", "publication.running_from"},
		"a score of few":                   {"min_answers: 30", "min_answers: 29", "sufficiency.min_answers"},
		"a share of few":                   {"or_percent_of_dwellings: 50", "or_percent_of_dwellings: 19", "sufficiency.or_percent_of_dwellings"},
		"an item of few":                   {"min_item: 15", "min_item: 4", "sufficiency.min_item"},
		"a tier above the full score":      {"from: 9000", "from: 10001", "tiers[0] excellent.from"},
		"tiers out of order":               {"from: 8000", "from: 9000", "tiers[1] good.from"},
		"tiers not to zero":                {"{ code: poor, from: 0,", "{ code: poor, from: 100,", "tiers: want two or more"},
		"tier twice":                       {"code: weak", "code: fair", "tiers[3] fair.code"},
		"tier without a name":              {"zh: 优秀, ", "", "tiers[0] excellent.zh: missing"},
		"no time to object":                {"file_days: 10", "file_days: 0", "objection.file_days"},
		"reminding four times":             {"days_before: [5, 1]", "days_before: [7, 5, 3, 1]", "reminders.days_before"},
		"reminding twice in a day":         {"days_before: [5, 1]", "days_before: [5, 5]", "reminders.days_before[1]"},
		"reminding at night":               {"hour: 9", "hour: 6", "reminders.hour"},
		"fewer asked again than R6.4":      {"percent: 5,", "percent: 4,", "recontact.percent"},
		"a handful asked again":            {"at_least: 30", "at_least: 29", "recontact.at_least"},
		"more than everybody":              {"assisted_percent: 5", "assisted_percent: 81", "burden.assisted_percent"},
		"weights beyond the whole":         {"weight: 1500", "weight: 1501", "templates[0] property_service.dimensions: the weights make 10001"},
		"weight of nothing":                {"weight: 2500", "weight: 0", "dimensions[3] repair.weight"},
		"dimension twice":                  {"{ code: greening, weight", "{ code: cleaning, weight", "dimensions[2] cleaning.code"},
		"dimension without items":          {"dimension: greening", "dimension: cleaning", "dimensions[2] greening.code: no item"},
		"items of no dimension":            {"dimension: greening", "dimension: gardens", "dimensions: gardens is missing"},
		"Party building beyond its cap":    {"cap: 1000", "cap: 2001", "apart[0] party_building.cap"},
		"Party building in the score":      {"dimensions:\n", "dimensions:\n      - { code: party_building, weight: 1, zh: 党建, en: Party }\n", "apart[0] party_building.code"},
		"questionnaire in one language":    {"zh: 您对绿化养护满意吗？, ", "", "templates[0] property_service.questionnaire.sections[0].items[4].prompt.zh: questionnaire.language_missing"},
		"questionnaire asking backwards":   {"item: reported, op: is", "item: overall, op: is", "questionnaire.sections[1].items[2].showIf.item: questionnaire.reference_forward"},
		"questionnaire with unknown field": {"maxChoices: 3", "maxChoice: 3", "maxChoice"},
		"template code":                    {"- code: property_service", "- code: Property", "templates[0] Property.code"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.Load(edited(t, rules.Surveys, tc.old, tc.new))
			require.ErrorContains(t, err, "rules/surveys.yaml")
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// With the list "apart" renamed to a dimension of the score, the weights are right and the file is refused.
func TestPartyBuildingIsNeverPartOfAScoreOfService(t *testing.T) {
	raw, err := configs.Files.ReadFile("rules/surveys.yaml")
	require.NoError(t, err)
	text := strings.Replace(string(raw), "    apart:\n      - { code: party_building, cap: 1000,", "      - { code: party_building, weight: 500,", 1)
	text = strings.Replace(text, "weight: 1500", "weight: 1000", 1)
	f, err := rules.NewFile(rules.Surveys, []byte(text))
	require.NoError(t, err)
	_, err = rules.ParseSurveys(f)
	require.EqualError(t, err, "rules/surveys.yaml: templates[0] property_service.dimensions: party_building is shown apart, never in a score of service")
}
