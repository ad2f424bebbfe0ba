package questionnaire_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/questionnaire"
)

// sample has every kind of item and both places of conditions.
const sample = `{
"title":{"zh":"物业服务满意度","en":"Property service"},
"sections":[
 {"code":"service","title":{"zh":"服务","en":"Service"},"items":[
  {"code":"guards","kind":"rating","prompt":{"zh":"安保","en":"Guards"},"required":true,"dontKnow":true,"dimension":"security"},
  {"code":"reported","kind":"single","prompt":{"zh":"报修过吗","en":"Reported a repair?"},"required":true,
   "options":[{"code":"yes","text":{"zh":"是","en":"Yes"}},{"code":"no","text":{"zh":"否","en":"No"}}]},
  {"code":"repair","kind":"rating","prompt":{"zh":"维修","en":"Repairs"},"required":true,"dimension":"repair",
   "showIf":{"item":"reported","op":"is","choice":"yes"}}]},
 {"code":"more","title":{"zh":"其他","en":"More"},"showIf":{"item":"guards","op":"answered"},"items":[
  {"code":"improve","kind":"multiple","prompt":{"zh":"改进","en":"Improve"},"minChoices":1,"maxChoices":2,
   "options":[{"code":"lift","text":{"zh":"电梯","en":"Lift"}},{"code":"gate","text":{"zh":"大门","en":"Gate"}},{"code":"trees","text":{"zh":"树","en":"Trees"}}]},
  {"code":"recommend","kind":"scale10","prompt":{"zh":"推荐","en":"Recommend"},"dontKnow":true},
  {"code":"why","kind":"text","prompt":{"zh":"为什么","en":"Why"},"maxRunes":5,
   "showIf":{"any":[{"item":"improve","op":"includes","choice":"lift"},{"all":[{"item":"recommend","op":"at_most","number":6},{"item":"guards","op":"is_not","number":5}]}]}}]}
]}`

func parsed(t testing.TB, raw string) questionnaire.Questionnaire {
	t.Helper()
	q, err := questionnaire.Parse([]byte(raw))
	require.NoError(t, err)
	return q
}

// wrong lists the fields of an Invalid fault as "path code".
func wrong(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	require.ErrorIs(t, err, fault.Invalid)
	var out []string
	for _, f := range fault.Of(err).Fields {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

func TestSample(t *testing.T) {
	q := parsed(t, sample)
	require.Equal(t, []string{"security", "repair"}, q.Dimensions())
	i, ok := q.Item("recommend")
	require.True(t, ok)
	require.Equal(t, questionnaire.Scale10, i.Kind)
	_, ok = q.Item("nothing")
	require.False(t, ok)
	require.Len(t, q.Items(), 6)
	again := parsed(t, string(q.Canonical()))
	require.Equal(t, q, again)
	require.Equal(t, q.Hash(), again.Hash())
	other := parsed(t, strings.Replace(sample, "安保", "保安", 1))
	require.NotEqual(t, q.Hash(), other.Hash())
}

// Each row changes one thing in the sample; want is everything that the fault names.
func TestParseRefuses(t *testing.T) {
	for name, tc := range map[string]struct{ old, new, want string }{
		"unknown field":            {`"required":true,"dontKnow":true`, `"required":true,"sponsor":true`, "sections[0].items[0] questionnaire.field_unknown"},
		"field in other letters":   {`"dontKnow":true,"dimension"`, `"DontKnow":true,"dimension"`, "sections[0].items[0] questionnaire.field_unknown"},
		"known field, wrong place": {`"title":{"zh":"服务","en":"Service"}`, `"title":{"zh":"服务","en":"Service","code":"x"}`, "questionnaire questionnaire.field_unknown"},
		"field twice":              {`"code":"guards"`, `"code":"guards","code":"x"`, "sections[0].items[0].code questionnaire.field_twice"},
		"null":                     {`"dimension":"security"`, `"dimension":null`, "sections[0].items[0].dimension questionnaire.null"},
		"type":                     {`"maxRunes":5`, `"maxRunes":"5"`, "sections.items.maxRunes questionnaire.type"},
		"fraction":                 {`"number":6`, `"number":6.5`, "sections.items.showIf.any.all.number questionnaire.type"},
		"number too large":         {`"number":6`, `"number":99999999999999999999`, "sections.items.showIf.any.all.number questionnaire.type"},
		"trailing":                 {"]}\n]}", "]}\n]} {}", "questionnaire questionnaire.json"},
		"cut off":                  {"]}\n]}", "]}\n]", "questionnaire questionnaire.json"},
		"language missing":         {`"en":"Guards"`, `"en":" "`, "sections[0].items[0].prompt.en questionnaire.language_missing"},
		"one language of help":     {`"kind":"scale10"`, `"kind":"scale10","help":{"zh":"一","en":""}`, "sections[1].items[1].help.en questionnaire.language_missing"},
		"control character":        {`"en":"Guards"`, `"en":"Gu\u0007ards"`, "sections[0].items[0].prompt.en text.control"},
		"line end in a prompt":     {`"en":"Guards"`, `"en":"Gu\nards"`, "sections[0].items[0].prompt.en text.control"},
		"prompt too long":          {`"en":"Guards"`, `"en":"` + strings.Repeat("界", 301) + `"`, "sections[0].items[0].prompt.en text.length"},
		"item code twice":          {`"code":"recommend"`, `"code":"guards"`, "sections[1].items[1].code questionnaire.code_twice|sections[1].items[2].showIf.any[1].all[0].item questionnaire.reference_unknown"},
		"section code twice":       {`"code":"more"`, `"code":"service"`, "sections[1].code questionnaire.code_twice"},
		"option twice":             {`"code":"gate"`, `"code":"lift"`, "sections[1].items[0].options[1].code questionnaire.code_twice"},
		"code form":                {`"code":"gate"`, `"code":"Gate"`, "sections[1].items[0].options[1].code questionnaire.code_form"},
		"option named dont_know":   {`"code":"gate"`, `"code":"dont_know"`, "sections[1].items[0].options[1].code questionnaire.code_form"},
		"kind":                     {`"kind":"scale10"`, `"kind":"matrix"`, "sections[1].items[1].kind questionnaire.kind_unknown|sections[1].items[2].showIf.any[1].all[0].op questionnaire.condition_op"},
		"one option":               {`,{"code":"no","text":{"zh":"否","en":"No"}}`, ``, "sections[0].items[1].options questionnaire.count"},
		"min above the options":    {`"minChoices":1`, `"minChoices":4`, "sections[1].items[0].minChoices questionnaire.count|sections[1].items[0].maxChoices questionnaire.count"},
		"max below min":            {`"minChoices":1,"maxChoices":2`, `"minChoices":3,"maxChoices":2`, "sections[1].items[0].maxChoices questionnaire.count"},
		"max above the options":    {`"maxChoices":2`, `"maxChoices":4`, "sections[1].items[0].maxChoices questionnaire.count"},
		"text without bound":       {`"maxRunes":5,`, ``, "sections[1].items[2].maxRunes questionnaire.count"},
		"text too long":            {`"maxRunes":5`, `"maxRunes":2001`, "sections[1].items[2].maxRunes questionnaire.count"},
		"dimension of a scale":     {`"kind":"scale10"`, `"kind":"scale10","dimension":"nps"`, "sections[1].items[1].dimension questionnaire.not_of_kind"},
		"options of a rating":      {`"kind":"scale10"`, `"kind":"scale10","options":[{"code":"a","text":{"zh":"a","en":"a"}}]`, "sections[1].items[1].options questionnaire.not_of_kind"},
		"don't know of a text":     {`"maxRunes":5`, `"maxRunes":5,"dontKnow":true`, "sections[1].items[2].dontKnow questionnaire.not_of_kind"},
		"unknown reference":        {`"item":"reported"`, `"item":"reporter"`, "sections[0].items[2].showIf.item questionnaire.reference_unknown"},
		"forward reference":        {`"item":"reported"`, `"item":"recommend"`, "sections[0].items[2].showIf.item questionnaire.reference_forward"},
		"reference to itself":      {`"item":"reported"`, `"item":"repair"`, "sections[0].items[2].showIf.item questionnaire.reference_forward"},
		"section on its own item":  {`"showIf":{"item":"guards","op":"answered"}`, `"showIf":{"item":"improve","op":"answered"}`, "sections[1].showIf.item questionnaire.reference_forward"},
		"empty condition":          {`{"item":"guards","op":"answered"}`, `{}`, "sections[1].showIf questionnaire.condition_shape"},
		"two conditions in one":    {`{"item":"guards","op":"answered"}`, `{"item":"guards","op":"answered","all":[{"item":"guards","op":"answered"}]}`, "sections[1].showIf questionnaire.condition_shape"},
		"unknown comparison":       {`"op":"answered"`, `"op":"like"`, "sections[1].showIf.op questionnaire.condition_op"},
		"comparison of a kind":     {`"op":"includes"`, `"op":"is"`, "sections[1].items[2].showIf.any[0].op questionnaire.condition_op"},
		"number out of range":      {`"op":"is_not","number":5`, `"op":"is_not","number":6`, "sections[1].items[2].showIf.any[1].all[1] questionnaire.condition_value"},
		"no such option":           {`"op":"is","choice":"yes"`, `"op":"is","choice":"maybe"`, "sections[0].items[2].showIf questionnaire.condition_value"},
		"answered with a value":    {`"op":"answered"`, `"op":"answered","number":5`, "sections[1].showIf questionnaire.condition_value"},
		"don't know not offered":   {`"required":true,"dontKnow":true,"dimension":"security"},`, `"dimension":"security"},{"code":"x","kind":"text","maxRunes":9,"prompt":{"zh":"x","en":"x"},"showIf":{"item":"guards","op":"is","choice":"dont_know"}},`, "sections[0].items[1].showIf questionnaire.condition_value"},
		"nested too deep":          {`{"item":"guards","op":"answered"}`, `{"all":[{"all":[{"all":[{"all":[{"item":"guards","op":"answered"}]}]}]}]}`, "sections[1].showIf.all[0].all[0].all[0] questionnaire.condition_depth"},
		"too many parts":           {`{"item":"guards","op":"answered"}`, `{"all":[` + strings.Repeat(`{"item":"guards","op":"answered"},`, 19) + `{"item":"guards","op":"answered"}]}`, "sections[1].showIf questionnaire.condition_size"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, sample, tc.old)
			_, err := questionnaire.Parse([]byte(strings.Replace(sample, tc.old, tc.new, 1)))
			require.Equal(t, strings.Split(tc.want, "|"), wrong(t, err))
		})
	}
}

func TestParseRefusesWhatIsNoObject(t *testing.T) {
	for raw, want := range map[string]string{
		"":    "questionnaire questionnaire.json",
		"[]":  "questionnaire questionnaire.type",
		"5":   "questionnaire questionnaire.type",
		"nul": "questionnaire questionnaire.json",
		strings.Repeat("[", 30) + strings.Repeat("]", 30): strings.Repeat("[0]", 21) + " questionnaire.depth",
		`{"title":{"zh":"` + "\xff" + `"}}`:               "questionnaire text.encoding",
		strings.Repeat(" ", 256<<10+1):                    "questionnaire questionnaire.too_large",
	} {
		_, err := questionnaire.Parse([]byte(raw))
		require.Equal(t, []string{want}, wrong(t, err), raw)
	}
}

func TestCountsHaveBounds(t *testing.T) {
	q := parsed(t, sample)
	for range 20 {
		q.Sections = append(q.Sections, questionnaire.Section{})
	}
	require.Contains(t, wrong(t, q.Check()), "sections questionnaire.count")
	q.Sections = nil
	require.Equal(t, []string{"sections questionnaire.count"}, wrong(t, q.Check()))
	q = parsed(t, sample)
	for range 101 {
		q.Sections[0].Items = append(q.Sections[0].Items, questionnaire.Item{})
	}
	require.Contains(t, wrong(t, q.Check()), "sections questionnaire.items")
	q.Sections[0].Items = nil
	require.Contains(t, wrong(t, q.Check()), "sections[0].items questionnaire.count")
}

func TestTextsAreNormalised(t *testing.T) {
	q := parsed(t, strings.Replace(sample, `"en":"Guards"`, `"en":" Cafe\u0301 "`, 1))
	require.Equal(t, "Café", q.Sections[0].Items[0].Prompt.En)
	require.Equal(t, "安保", q.Sections[0].Items[0].Prompt.In("zh"))
	q.Sections[0].Items[0].Prompt.En = "Cafe\u0301"
	require.Equal(t, []string{"sections[0].items[0].prompt.en questionnaire.text_not_clean"}, wrong(t, q.Check()))
}

func TestAnswersAgainstTheSample(t *testing.T) {
	q := parsed(t, sample)
	for name, tc := range map[string]struct{ answers, want string }{
		"least":                       {`{"guards":1,"reported":"no"}`, ""},
		"most":                        {`{"guards":5,"reported":"yes","repair":5,"improve":["lift","gate"],"recommend":10,"why":"五个字之界"}`, ""},
		"don't know":                  {`{"guards":"dont_know","reported":"no","recommend":"dont_know"}`, ""},
		"nothing":                     {`{}`, "answers.guards answer.required|answers.reported answer.required"},
		"required where branching":    {`{"guards":3,"reported":"yes"}`, "answers.repair answer.required"},
		"branched away":               {`{"guards":3,"reported":"no","repair":4}`, "answers.repair answer.hidden"},
		"in a hidden section":         {`{"reported":"no","recommend":4}`, "answers.guards answer.required|answers.recommend answer.hidden"},
		"unknown item":                {`{"guards":3,"reported":"no","zzz":1}`, "answers.zzz answer.item_unknown"},
		"rating 0":                    {`{"guards":0,"reported":"no"}`, "answers.guards answer.number"},
		"rating 6":                    {`{"guards":6,"reported":"no"}`, "answers.guards answer.number"},
		"rating in words":             {`{"guards":"five","reported":"no"}`, "answers.guards answer.number"},
		"scale 0":                     {`{"guards":5,"reported":"no","recommend":0}`, ""},
		"scale 11":                    {`{"guards":3,"reported":"no","recommend":11}`, "answers.recommend answer.number"},
		"don't know not offered":      {`{"guards":3,"reported":"yes","repair":"dont_know"}`, "answers.repair answer.dont_know"},
		"option unknown":              {`{"guards":3,"reported":"maybe"}`, "answers.reported answer.option"},
		"option as list":              {`{"guards":3,"reported":["no"]}`, "answers.reported answer.option"},
		"choice unknown":              {`{"guards":3,"reported":"no","improve":["lift","roof"]}`, "answers.improve answer.options"},
		"choice alone":                {`{"guards":3,"reported":"no","improve":"lift"}`, "answers.improve answer.options"},
		"no choice":                   {`{"guards":3,"reported":"no","improve":[]}`, "answers.improve answer.choices"},
		"three choices":               {`{"guards":3,"reported":"no","improve":["lift","gate","trees"]}`, "answers.improve answer.choices"},
		"text of six":                 {`{"guards":3,"reported":"no","improve":["lift"],"why":"六个字超界了"}`, "answers.why text.length"},
		"text beyond the BMP":         {`{"guards":3,"reported":"no","improve":["lift"],"why":"𠀀𠀁𠀂𠀃𠀄"}`, ""},
		"text as number":              {`{"guards":3,"reported":"no","improve":["lift"],"why":4}`, "answers.why answer.text"},
		"don't know is a text there":  {`{"guards":3,"reported":"no","improve":["lift"],"why":"dk"}`, ""},
		"any by the second part":      {`{"guards":4,"reported":"no","recommend":6,"why":"a"}`, ""},
		"at_most beyond":              {`{"guards":4,"reported":"no","recommend":7,"why":"a"}`, "answers.why answer.hidden"},
		"at_most of don't know":       {`{"guards":4,"reported":"no","recommend":"dont_know","why":"a"}`, "answers.why answer.hidden"},
		"is_not of the same":          {`{"guards":5,"reported":"no","recommend":6,"why":"a"}`, "answers.why answer.hidden"},
		"is_not of don't know":        {`{"guards":"dont_know","reported":"no","recommend":6,"why":"a"}`, ""},
		"hidden counts as unanswered": {`{"reported":"no","improve":["lift"],"why":"a"}`, "answers.guards answer.required|answers.improve answer.hidden|answers.why answer.hidden"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := questionnaire.ParseAnswers([]byte(tc.answers))
			require.NoError(t, err)
			var want []string
			if tc.want != "" {
				want = strings.Split(tc.want, "|")
			}
			require.Equal(t, want, wrong(t, q.CheckAnswers(a)))
		})
	}
}

func TestAnswersMadeInCode(t *testing.T) {
	q := parsed(t, sample)
	base := func() questionnaire.Answers {
		return questionnaire.Answers{"guards": questionnaire.DontKnow(), "reported": questionnaire.Choice("no"), "improve": questionnaire.Choices("trees", "lift")}
	}
	require.NoError(t, q.CheckAnswers(base()))
	for want, change := range map[string]func(questionnaire.Answers){
		"answers.guards answer.number":             func(a questionnaire.Answers) { a["guards"] = questionnaire.Answer{} },
		"answers.improve answer.choice_twice":      func(a questionnaire.Answers) { a["improve"] = questionnaire.Choices("lift", "lift") },
		"answers.why questionnaire.text_not_clean": func(a questionnaire.Answers) { a["why"] = questionnaire.Words(" a") },
		"answers.why text.control":                 func(a questionnaire.Answers) { a["why"] = questionnaire.Words("\x00") },
		"answers answer.item_unknown":              func(a questionnaire.Answers) { a["<b>"] = questionnaire.Number(1) },
		"answers.recommend answer.number":          func(a questionnaire.Answers) { a["recommend"] = questionnaire.Number(-1) },
	} {
		a := base()
		change(a)
		require.Equal(t, []string{want}, wrong(t, q.CheckAnswers(a)))
	}
}

func TestAnswerForms(t *testing.T) {
	a, err := questionnaire.ParseAnswers([]byte(` {"why":"a\"b\\c\u2028<\n\t","improve":["trees","lift"],"guards":4,"recommend":"dont_know"} `))
	require.NoError(t, err)
	require.Equal(t, "{\"guards\":4,\"improve\":[\"lift\",\"trees\"],\"recommend\":\"dont_know\",\"why\":\"a\\\"b\\\\c\u2028<\"}", string(a.Canonical()))
	n, ok := a["guards"].Number()
	require.True(t, ok)
	require.Equal(t, 4, n)
	_, ok = a["recommend"].Number()
	require.False(t, ok, "don't know is no number")
	require.True(t, a["recommend"].DontKnow())
	list, ok := a["improve"].List()
	require.True(t, ok)
	require.Equal(t, []string{"lift", "trees"}, list)

	q := parsed(t, sample)
	require.Equal(t, `{"guards":4,"improve":["lift","trees"],"recommend":"dont_know"}`, string(q.Scored(a).Canonical()))
	require.Equal(t, map[string]string{"why": "a\"b\\c\u2028<"}, q.Texts(a))
}

func TestParseAnswersRefuses(t *testing.T) {
	for raw, want := range map[string]string{
		``:                         "answers answer.json",
		`[]`:                       "answers answer.json",
		`null`:                     "answers answer.json",
		`{} {}`:                    "answers answer.json",
		`{"a":1`:                   "answers answer.json",
		`{"a":`:                    "answers.a answer.json",
		`{"a":["x"`:                "answers.a answer.json",
		`{"a":1,"a":1}`:            "answers.a answer.twice",
		`{"a":1,"\u0061":2}`:       "answers.a answer.twice",
		`{"A":1}`:                  "answers answer.code_form",
		`{"":1}`:                   "answers answer.code_form",
		`{"a":1.0}`:                "answers.a answer.form",
		`{"a":4.5}`:                "answers.a answer.form",
		`{"a":4e0}`:                "answers.a answer.form",
		`{"a":-1}`:                 "answers.a answer.form",
		`{"a":-0}`:                 "answers.a answer.form",
		`{"a":10000}`:              "answers.a answer.form",
		`{"a":null}`:               "answers.a answer.form",
		`{"a":true}`:               "answers.a answer.form",
		`{"a":{"b":1}}`:            "answers.a answer.form",
		`{"a":["x",1]}`:            "answers.a answer.options",
		`{"a":[["x"]]}`:            "answers.a answer.options",
		`{"a":["x","x"]}`:          "answers.a answer.choice_twice",
		`{"a":""}`:                 "answers.a text.length",
		`{"a":"  "}`:               "answers.a text.length",
		`{"a":"\u0000"}`:           "answers.a text.control",
		"{\"a\":\"\xff\"}":         "answers text.encoding",
		strings.Repeat(" ", 1<<17): "answers answer.too_large",
		`{"a":"` + strings.Repeat("界", 2001) + `"}`: "answers.a text.length",
	} {
		_, err := questionnaire.ParseAnswers([]byte(raw))
		require.Equal(t, []string{want}, wrong(t, err), raw)
	}
	var a questionnaire.Answers
	require.Error(t, a.UnmarshalJSON([]byte(`{"a":null}`)))
	require.NoError(t, a.UnmarshalJSON([]byte(`{"a":3}`)))
	require.Equal(t, questionnaire.Answers{"a": questionnaire.Number(3)}, a)
}

// Each row is a condition and, in turn, whether it holds where the item is answered 3, answered 4, answered
// "don't know", left unanswered, and answered 4 though it is hidden.
func TestConditionsOnANumber(t *testing.T) {
	three := 3
	is := func(op questionnaire.Op, choice string) questionnaire.Condition {
		c := questionnaire.Condition{Item: "b", Op: op, Choice: choice}
		if choice == "" && op != questionnaire.Answered {
			c.Number = &three
		}
		return c
	}
	any := func(parts ...questionnaire.Condition) questionnaire.Condition {
		return questionnaire.Condition{Any: parts}
	}
	all := func(parts ...questionnaire.Condition) questionnaire.Condition {
		return questionnaire.Condition{All: parts}
	}
	for _, tc := range []struct {
		name string
		c    questionnaire.Condition
		want [5]bool
	}{
		{"answered", is(questionnaire.Answered, ""), [5]bool{true, true, true, false, false}},
		{"is 3", is(questionnaire.Is, ""), [5]bool{true, false, false, false, false}},
		{"is not 3", is(questionnaire.IsNot, ""), [5]bool{false, true, true, false, false}},
		{"is don't know", is(questionnaire.Is, "dont_know"), [5]bool{false, false, true, false, false}},
		{"is not don't know", is(questionnaire.IsNot, "dont_know"), [5]bool{true, true, false, false, false}},
		{"at least 3", is(questionnaire.AtLeast, ""), [5]bool{true, true, false, false, false}},
		{"at most 3", is(questionnaire.AtMost, ""), [5]bool{true, false, false, false, false}},
		{"any of one", any(is(questionnaire.Is, "")), [5]bool{true, false, false, false, false}},
		{"any of two", any(is(questionnaire.Is, ""), is(questionnaire.Is, "dont_know")), [5]bool{true, false, true, false, false}},
		{"all of two", all(is(questionnaire.Answered, ""), is(questionnaire.IsNot, "dont_know")), [5]bool{true, true, false, false, false}},
	} {
		q := questionnaire.Questionnaire{Title: both("t"), Sections: []questionnaire.Section{{Code: "s", Title: both("s"), Items: []questionnaire.Item{
			{Code: "a", Kind: questionnaire.Rating, Prompt: both("a")},
			{Code: "b", Kind: questionnaire.Rating, DontKnow: true, Prompt: both("b"), ShowIf: &questionnaire.Condition{Item: "a", Op: questionnaire.Answered}},
			{Code: "c", Kind: questionnaire.Rating, Prompt: both("c"), ShowIf: &tc.c},
		}}}}
		require.NoError(t, q.Check(), tc.name)
		for n, a := range []questionnaire.Answers{
			{"a": questionnaire.Number(1), "b": questionnaire.Number(3)},
			{"a": questionnaire.Number(1), "b": questionnaire.Number(4)},
			{"a": questionnaire.Number(1), "b": questionnaire.DontKnow()},
			{"a": questionnaire.Number(1)},
			{"b": questionnaire.Number(4)},
		} {
			require.Equal(t, tc.want[n], slices.Contains(q.Visible(a), "c"), "%s, answers %d", tc.name, n)
		}
	}
}
