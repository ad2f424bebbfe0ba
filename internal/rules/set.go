package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/redproperty/redproperty/internal/calendar"
)

// Set is every rule file, read and checked. It is immutable and safe for concurrent use.
type Set struct {
	Calendar   *calendar.Calendar
	Categories *Dictionary
	WorkOrders *WorkOrderRules
	Localities *LocalityBook
	Report     *ReportRules
	Credit     *CreditBook
	Surveys    *SurveyRules
	Votes      *VoteBook
	Renovation *RenovationRules

	files   map[Name]File
	keepers map[HoursName]*calendar.Timekeeper
}

// Load reads every rule file from the folder "rules" of the first source that has it, so that an
// operator's own files come before the shipped ones. The error names each wrong file and field; a file in
// the folder that is no rule file is refused too, for it is a misspelled one.
func Load(sources ...fs.FS) (*Set, error) {
	s := &Set{files: map[Name]File{}, keepers: map[HoursName]*calendar.Timekeeper{}}
	for _, src := range sources {
		if err := refuseStrangers(src); err != nil {
			return nil, err
		}
	}
	for _, name := range Names() {
		f, err := read(name, sources)
		if err != nil {
			return nil, err
		}
		s.files[name] = f
	}
	if err := s.parse(); err != nil {
		return nil, err
	}
	for name, hours := range s.WorkOrders.Hours {
		k, err := calendar.NewTimekeeper(s.Calendar, hours)
		if err != nil {
			return nil, fmt.Errorf("%s: hours.%s: %w", WorkOrders.path(), name, err)
		}
		s.keepers[name] = k
	}
	return s, nil
}

func refuseStrangers(src fs.FS) error {
	entries, err := fs.ReadDir(src, "rules")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	for _, e := range entries {
		base, isYAML := strings.CutSuffix(e.Name(), ".yaml")
		if isYAML && !slices.Contains(Names(), Name(base)) {
			return fmt.Errorf("rules/%s: not a rule file; known are %v", e.Name(), Names())
		}
	}
	return nil
}

func read(name Name, sources []fs.FS) (File, error) {
	for _, src := range sources {
		raw, err := fs.ReadFile(src, name.path())
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return File{}, fmt.Errorf("%s: %w", name.path(), err)
		}
		return NewFile(name, raw)
	}
	return File{}, fmt.Errorf("%s: missing", name.path())
}

func (s *Set) parse() error {
	var errs [9]error
	s.Calendar, errs[0] = ParseHolidays(s.files[Holidays])
	s.Categories, errs[1] = ParseCategories(s.files[Categories])
	s.WorkOrders, errs[2] = ParseWorkOrders(s.files[WorkOrders])
	s.Localities, errs[3] = ParseLocalities(s.files[Localities])
	s.Report, errs[4] = ParseReport(s.files[Report])
	s.Credit, errs[5] = ParseCreditGrades(s.files[CreditGrades])
	s.Surveys, errs[6] = ParseSurveys(s.files[Surveys])
	s.Votes, errs[7] = ParseVotes(s.files[Votes])
	s.Renovation, errs[8] = ParseRenovation(s.files[Renovation])
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	return s.checkRenovation()
}

// ParseHolidays reads and checks the file of holidays.
func ParseHolidays(f File) (*calendar.Calendar, error) {
	var data calendar.Data
	if err := f.decode(&data); err != nil {
		return nil, err
	}
	c, err := calendar.New(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name.path(), err)
	}
	return c, nil
}

// Hash is the hash of a file's text, to be cited by every result that rests on it; the zero Hash for a
// name that is no rule file.
func (s *Set) Hash(name Name) Hash { return s.files[name].Hash }

// Files lists the files of the set in the order of Names.
func (s *Set) Files() []File {
	out := make([]File, 0, len(s.files))
	for _, name := range Names() {
		out = append(out, s.files[name])
	}
	return out
}

// Keeper counts time for these reference times. A natural clock counts the same with any hours.
func (s *Set) Keeper(t Times) *calendar.Timekeeper {
	if k, ok := s.keepers[t.Hours]; ok {
		return k
	}
	return s.keepers[ServiceHours]
}
