package vote

import (
	"encoding/json"
	"fmt"

	"github.com/redproperty/redproperty/internal/fault"
	"github.com/redproperty/redproperty/internal/rules"
	"github.com/redproperty/redproperty/internal/tally"
	"github.com/redproperty/redproperty/internal/teller"
	"github.com/redproperty/redproperty/internal/text"
	"github.com/redproperty/redproperty/internal/votebundle"
)

// maxItems and maxOptions bound a ballot.
const (
	maxItems   = 20
	maxOptions = 30
)

// checkItems cleans the items of a vote and numbers them. Faults: input.invalid with vote.items, vote.matter, vote.options, vote.most,
// vote.subject, vote.business_alone.
func checkItems(in []Item) ([]Item, error) {
	if len(in) == 0 || len(in) > maxItems {
		return nil, fault.InvalidField("body.items", "vote.items", "most", maxItems)
	}
	var c fault.Collect
	out := make([]Item, len(in))
	for i, item := range in {
		path := fmt.Sprintf("body.items[%d]", i)
		item.No = i + 1
		if err := item.clean(path, &c); err != nil {
			return nil, err
		}
		if item.Matter == tally.BusinessUse && len(in) > 1 { // its roll is that of the interested owners
			c.Add(path+".matter", "vote.business_alone")
		}
		out[i] = item
	}
	return out, c.Err()
}

func (i *Item) clean(path string, c *fault.Collect) (err error) {
	if i.Title, err = text.Line(path+".title", i.Title, 2, 200); err != nil {
		return err
	}
	if i.Content, err = text.Paragraph(path+".content", i.Content, 5, 8000); err != nil {
		return err
	}
	if !i.Matter.Known() {
		c.Add(path+".matter", "vote.matter")
	}
	if len(i.Options) == 0 || len(i.Options) > maxOptions {
		c.Add(path+".options", "vote.options", "most", maxOptions)
	}
	seen := map[string]bool{}
	for n := range i.Options {
		if i.Options[n].Text, err = text.Line(fmt.Sprintf("%s.options[%d].text", path, n), i.Options[n].Text, 1, 200); err != nil {
			return err
		}
		if seen[i.Options[n].Text] {
			c.Add(fmt.Sprintf("%s.options[%d].text", path, n), "vote.option_twice")
		}
		seen[i.Options[n].Text] = true
	}
	if i.Most < 1 || i.Most > max(1, len(i.Options)) {
		c.Add(path+".most", "vote.most", "most", len(i.Options))
	}
	if (i.SubjectID != nil) != (i.SubjectKind != NoSubject) || i.SubjectOption < 0 || i.SubjectOption > len(i.Options) || (i.SubjectID != nil) != (i.SubjectOption > 0) {
		c.Add(path+".subjectId", "vote.subject")
	}
	return nil
}

// form is what can be chosen, item by item.
func form(items []Item) []teller.Question {
	out := make([]teller.Question, len(items))
	for i, item := range items {
		out[i] = teller.Question{Options: len(item.Options), Most: item.Most}
	}
	return out
}

// canonical is the text of the items that their hash is of.
func canonical(items []Item) ([]byte, rules.Hash, error) {
	raw, err := json.Marshal(items)
	return raw, rules.Hash(votebundle.FormHash(raw)), err
}
