package rules_test

import (
	"crypto/sha256"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/redproperty/redproperty/configs"
	"github.com/redproperty/redproperty/internal/calendar"
	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/rules"
)

var load = sync.OnceValues(func() (*rules.Set, error) { return rules.Load(configs.Files) })

func shipped(t testing.TB) *rules.Set {
	t.Helper()
	s, err := load()
	require.NoError(t, err)
	return s
}

// edited is the shipped files with old replaced by new in one of them; old must be there.
func edited(t testing.TB, name rules.Name, old, new string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	for _, f := range shipped(t).Files() {
		text := string(f.Content)
		if f.Name == name {
			require.Contains(t, text, old)
			text = strings.Replace(text, old, new, 1)
		}
		out["rules/"+string(f.Name)+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestShippedFilesLoad(t *testing.T) {
	s := shipped(t)
	require.Len(t, s.Files(), len(rules.Names()))
	for _, f := range s.Files() {
		raw, err := configs.Files.ReadFile("rules/" + string(f.Name) + ".yaml")
		require.NoError(t, err)
		require.Equal(t, rules.Hash(sha256.Sum256(raw)), s.Hash(f.Name), "%s: the hash is what sha256sum prints", f.Name)
	}
	require.Equal(t, rules.Hash{}, s.Hash("nothing"))
}

func TestHashIgnoresOnlyMarkAndLineEnds(t *testing.T) {
	plain, err := rules.NewFile("x", []byte("a: 1\nb: 2\n"))
	require.NoError(t, err)
	windows, err := rules.NewFile("x", []byte("\uFEFFa: 1\r\nb: 2\r\n"))
	require.NoError(t, err)
	require.Equal(t, plain, windows)
	other, err := rules.NewFile("x", []byte("a: 1\nb: 2 \n"))
	require.NoError(t, err)
	require.NotEqual(t, plain.Hash, other.Hash)

	var back rules.Hash
	require.NoError(t, back.UnmarshalText([]byte(plain.Hash.String())))
	require.Equal(t, plain.Hash, back)
	require.Error(t, back.UnmarshalText([]byte("abc")))
}

func TestNewFileRefuses(t *testing.T) {
	for want, raw := range map[string]string{"not UTF-8": "a: \xff", "NUL": "a: \x00", "larger": strings.Repeat("#", 1<<20+1)} {
		_, err := rules.NewFile(rules.Report, []byte(raw))
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "rules/report.yaml")
	}
}

func TestLoadPrefersTheFirstSource(t *testing.T) {
	own := fstest.MapFS{"rules/report.yaml": edited(t, rules.Report, "k: 5", "k: 8").(fstest.MapFS)["rules/report.yaml"]}
	s, err := rules.Load(own, configs.Files)
	require.NoError(t, err)
	require.Equal(t, 8, s.Report.Suppression.K)
	require.NotEqual(t, shipped(t).Hash(rules.Report), s.Hash(rules.Report))
	require.Equal(t, shipped(t).Hash(rules.Categories), s.Hash(rules.Categories))

	own["rules/raport.yaml"] = &fstest.MapFile{Data: []byte("x: 1")}
	_, err = rules.Load(own, configs.Files)
	require.ErrorContains(t, err, "rules/raport.yaml: not a rule file")

	_, err = rules.Load(fstest.MapFS{})
	require.ErrorContains(t, err, "rules/holidays.yaml: missing")
}

// Each row breaks one thing in a shipped file; the error must name the file and the field.
func TestLoadRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		file     rules.Name
		old, new string
		want     []string
	}{
		"unknown key":                 {rules.WorkOrders, "photos: { at_most: 9 }", "photos: { at_most: 9, forced: true }", []string{"rules/workorder.yaml", "forced"}},
		"repeated key":                {rules.Report, "suppression: { k: 5 }", "suppression: { k: 5, k: 6 }", []string{"rules/report.yaml", "k"}},
		"wrong type":                  {rules.Report, "k: 5", "k: five", []string{"rules/report.yaml"}},
		"second document":             {rules.Report, "durations:", "---\ndurations:", []string{"rules/report.yaml"}},
		"groups under five":           {rules.Report, "k: 5", "k: 4", []string{"rules/report.yaml: suppression.k"}},
		"partly as good as solved":    {rules.Report, "partly: 0", "partly: 100", []string{"solution.weights_percent.partly"}},
		"not solved counts":           {rules.Report, `"no": 0`, `"no": 1`, []string{"solution.weights_percent"}},
		"negative durations averaged": {rules.Report, "negative: flag", "negative: average", []string{"durations.negative"}},
		"satisfied from 6":            {rules.Report, "satisfied_from: 4", "satisfied_from: 6", []string{"satisfaction.satisfied_from"}},
		"title missing":               {rules.Report, "title: { zh: 响应率, en: Response rate }", "title: { zh: 响应率 }", []string{"response.title.en: missing"}},

		"notice shorter than CC 946":   {rules.Localities, "owners_termination_notice: { count: 60", "owners_termination_notice: { count: 59", []string{"rules/locality.yaml: profiles[0] national.params.owners_termination_notice.count", "60"}},
		"notice shorter than CC 947":   {rules.Localities, "provider_unwilling_notice: { count: 90", "provider_unwilling_notice: { count: 89", []string{"provider_unwilling_notice.count"}},
		"notice in other units":        {rules.Localities, "count: 60, unit: calendar_days", "count: 60, unit: working_days", []string{"unit"}},
		"emergency service too long":   {rules.Localities, "emergency_service_max: { count: 6", "emergency_service_max: { count: 7", []string{"emergency_service_max.count"}},
		"city looser than province":    {rules.Localities, "    division: \"3706\"\n", "    division: \"3706\"\n    params:\n      contract_filing: { count: 11, unit: calendar_days, standing: local_regulation, source: x }\n", []string{"yantai.params.contract_filing.count: weakens the 10 calendar_days of shandong"}},
		"unknown parameter":            {rules.Localities, "      complaint_reply:", "      complaint_replies:", []string{"complaint_replies: unknown parameter"}},
		"no source":                    {rules.Localities, "source: 山东省物业管理条例（2021）第五十七条", "source: ''", []string{"contract_filing.source: missing"}},
		"unknown standing":             {rules.Localities, "standing: default", "standing: custom", []string{"standing"}},
		"parent missing":               {rules.Localities, "parent: yantai", "parent: weihai", []string{"muping.parent", "weihai"}},
		"division outside the parent":  {rules.Localities, `division: "370612"`, `division: "370712"`, []string{"muping.division"}},
		"code twice":                   {rules.Localities, "code: muping", "code: yantai", []string{"code"}},
		"prompts out of order":         {rules.Localities, "[-180, -90,", "[-90, -180,", []string{"renewal_prompts"}},
		"category code twice":          {rules.Categories, "code: water.no_supply", "code: water.pipe_burst", []string{"rules/categories.yaml: groups[0] water.categories[1] water.pipe_burst.code"}},
		"category outside its group":   {rules.Categories, "code: water.no_supply", "code: power.no_supply", []string{"power.no_supply.code"}},
		"unknown responsibility":       {rules.Categories, "responsibility: utility", "responsibility: nobody", []string{"responsibility: unknown"}},
		"unknown severity":             {rules.Categories, "severity: urgent, identity", "severity: soon, identity", []string{"severity: unknown"}},
		"emergency without numbers":    {rules.Categories, "call: [gas, fire]", "call: [gas]", []string{"energy.gas_leak.emergency.call", "119"}},
		"emergency with unknown phone": {rules.Categories, "call: [gas, fire]", "call: [gas, fire, mayor]", []string{"call[2]", "mayor"}},
		"emergency no longer one":      {rules.Categories, "responsibility: utility, severity: emergency", "responsibility: utility, severity: urgent", []string{"energy.gas_leak.emergency"}},
		"arrive before accept":         {rules.Categories, "accept: 15, arrive: 30, control: 120", "accept: 45, arrive: 30, control: 120", []string{"severities[1] urgent.times.arrive: shorter than accept"}},
		"fix before control":           {rules.Categories, "control: 120, fix: 1440", "control: 120, fix: 60", []string{"times.fix: shorter than control"}},
		"accept missing":               {rules.Categories, "accept: 1440, fix: 10080", "fix: 10080", []string{"complaint.times.accept: missing"}},
		"hours of a natural clock":     {rules.Categories, "clock: natural, accept: 1440", "clock: natural, hours: office, accept: 1440", []string{"times.hours"}},
		"working without hours":        {rules.Categories, "clock: working, hours: service, accept: 240", "clock: working, accept: 240", []string{"times.hours"}},
		"weather and a natural clock":  {rules.Categories, "code: greening.fallen_tree", "weather_extendable: true, code: greening.fallen_tree", []string{"greening.fallen_tree.weather_extendable"}},
		"conduct to the company":       {rules.Categories, "code: conduct, handler: community", "code: conduct, handler: company", []string{"responsibilities.conduct.handler"}},
		"conduct seen as a defect":     {rules.Categories, "severity: complaint, identity: conduct", "severity: complaint, identity: service_defect", []string{"conduct.staff.identity"}},
		"contact without a number":     {rules.Categories, "code: gas, local: true", "code: gas", []string{"contacts[5] gas.number"}},
		"no English name":              {rules.Categories, "en: Gas leak,", "", []string{"energy.gas_leak.en: missing"}},

		"emergency waits":            {rules.WorkOrders, "wakes: [emergency]", "wakes: [urgent]", []string{"escalation[2].wakes"}},
		"floors descend":             {rules.WorkOrders, "emergency: 15, urgent: 120", "emergency: 15, urgent: 20", []string{"escalation[2].floor_minutes.urgent"}},
		"floor missing":              {rules.WorkOrders, "emergency: 30, urgent: 240,", "urgent: 240,", []string{"escalation[3].floor_minutes"}},
		"steps descend":              {rules.WorkOrders, "percent: 150", "percent: 90", []string{"escalation[2].percent"}},
		"lifted to an emergency":     {rules.WorkOrders, "normal: urgent,", "normal: emergency,", []string{"repeat.lift.normal"}},
		"closed before the reminder": {rules.WorkOrders, "auto_close_days: 7", "auto_close_days: 3", []string{"confirmation.remind_after_days"}},
		"photos beyond nine":         {rules.WorkOrders, "at_most: 9", "at_most: 10", []string{"photos.at_most"}},
		"no working hours":           {rules.WorkOrders, `workday: [{ from: "09:00", to: "17:00" }]`, "workday: []", []string{"hours.office", "workday: missing"}},
		"time of day":                {rules.WorkOrders, `from: "22:00"`, `from: "25:00"`, []string{"rules/workorder.yaml"}},

		"bands with a gap":     {rules.CreditGrades, "from: 8000, below: 8500", "from: 8000, below: 8400", []string{"rules/credit_grades.yaml: rule_sets[0] yantai_2022.bands[1] AA.below"}},
		"bands not open below": {rules.CreditGrades, "grade: C, below: 6000 }", "grade: C, from: 0, below: 6000 }", []string{"bands[4] C.from"}},
		"grade of no band":     {rules.CreditGrades, "without_bad_items: B", "without_bad_items: D", []string{"without_bad_items"}},

		"a weekday as working day": {rules.Holidays, "2026-01-04, ", "2026-01-05, ", []string{"rules/holidays.yaml", "2026", "work[0]"}},
		"no such day":              {rules.Holidays, "2026-02-14", "2026-02-30", []string{"rules/holidays.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.Load(edited(t, tc.file, tc.old, tc.new))
			require.Error(t, err)
			for _, w := range tc.want {
				require.ErrorContains(t, err, w)
			}
		})
	}
}

func TestEveryWrongFieldIsNamedAtOnce(t *testing.T) {
	fsys := edited(t, rules.WorkOrders, "low_at_most: 2", "low_at_most: 5").(fstest.MapFS)
	f := fsys["rules/workorder.yaml"]
	f.Data = []byte(strings.Replace(string(f.Data), "reopen_days: 15", "reopen_days: 0", 1))
	_, err := rules.Load(fsys)
	require.ErrorContains(t, err, "rating.low_at_most")
	require.ErrorContains(t, err, "confirmation.reopen_days")
}

func TestKeeperRunsInTheHoursOfTheTimes(t *testing.T) {
	s := shipped(t)
	complexTimes, ok := s.Categories.Severity(rules.Complex)
	require.True(t, ok)
	limit, ok := complexTimes.Times.Limit(rules.StageFix)
	require.True(t, ok)
	require.Equal(t, 7*8*time.Hour, limit, "seven working days of eight hours")
	require.Equal(t, 480, s.WorkOrders.Hours[rules.OfficeHours].MinutesPerWorkday())

	start := at(t, "2026-02-13 09:00")
	due, ok := s.Keeper(complexTimes.Times).DueAt(calendar.Run{Start: start, Limit: limit, Mode: complexTimes.Times.Clock})
	require.True(t, ok)
	require.Equal(t, calendar.Moment{At: at(t, "2026-02-28 17:00")}, due, "two days before Spring Festival, five after it, the last a worked Saturday")

	normal, _ := s.Categories.Severity(rules.Normal)
	limit, _ = normal.Times.Limit(rules.StageFix)
	due, ok = s.Keeper(normal.Times).DueAt(calendar.Run{Start: at(t, "2026-02-17 20:30"), Limit: limit, Mode: normal.Times.Clock})
	require.True(t, ok)
	require.Equal(t, at(t, "2026-02-19 20:00"), due.At, "service goes on over the holiday")
}

func TestLifted(t *testing.T) {
	w := shipped(t).WorkOrders
	require.Equal(t, rules.Urgent, w.Lifted(rules.Normal))
	require.Equal(t, rules.Urgent, w.Lifted(rules.Urgent))
	require.Equal(t, rules.Complex, w.Lifted(rules.Complex))
}

func TestContentment(t *testing.T) {
	r := shipped(t).Report
	for rating, want := range map[int]rules.Contentment{5: rules.Satisfied, 4: rules.Satisfied, 3: rules.Basically, 2: rules.Dissatisfied, 1: rules.Dissatisfied} {
		require.Equal(t, want, r.Contentment(rating), rating)
	}
	require.Equal(t, map[rules.Solved]int{rules.SolvedYes: 100, rules.SolvedPartly: 0, rules.SolvedNo: 0}, r.Solution.Weights)
}

func TestTextIn(t *testing.T) {
	v := rules.Text{Zh: "停水", En: "No water"}
	require.Equal(t, "停水", v.In("zh"))
	require.Equal(t, "No water", v.In("en"))
	require.Equal(t, "停水", v.In("fr"))
}

func TestUnknownNamesAreFaults(t *testing.T) {
	s := shipped(t)
	_, err := s.Categories.Find("water.wine")
	require.True(t, fault.Is(err, "rules.category_unknown"))
	_, err = s.Localities.Find("atlantis")
	require.True(t, fault.Is(err, "rules.locality_unknown"))
	_, err = s.Credit.Find("moodys")
	require.True(t, fault.Is(err, "rules.credit_set_unknown"))
}

// FuzzParse: whatever a file holds, parsing answers and never panics.
func FuzzParse(f *testing.F) {
	for _, file := range shipped(f).Files() {
		f.Add(string(file.Name), file.Content)
	}
	f.Add("report", []byte("a: &a [*a]"))
	f.Add("categories", []byte("groups: [{categories: [null]}]"))
	parsers := map[rules.Name]func(rules.File) error{
		rules.Holidays:     func(f rules.File) error { _, err := rules.ParseHolidays(f); return err },
		rules.Categories:   func(f rules.File) error { _, err := rules.ParseCategories(f); return err },
		rules.WorkOrders:   func(f rules.File) error { _, err := rules.ParseWorkOrders(f); return err },
		rules.Localities:   func(f rules.File) error { _, err := rules.ParseLocalities(f); return err },
		rules.Report:       func(f rules.File) error { _, err := rules.ParseReport(f); return err },
		rules.CreditGrades: func(f rules.File) error { _, err := rules.ParseCreditGrades(f); return err },
		rules.Surveys:      func(f rules.File) error { _, err := rules.ParseSurveys(f); return err },
	}
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		parse, ok := parsers[rules.Name(name)]
		file, err := rules.NewFile(rules.Name(name), raw)
		if !ok || err != nil || len(raw) > 1<<16 {
			return
		}
		if err := parse(file); err != nil {
			require.Contains(t, err.Error(), "rules/"+name+".yaml")
		}
	})
}
