package tellerclient

import (
	"fmt"
	"strings"

	"github.com/redproperty/redproperty/internal/teller"
)

// spell is a choice in words.
func spell(c teller.Choice) string {
	switch c {
	case teller.Against:
		return "against, or none of the options"
	case teller.Abstain:
		return "abstain"
	}
	var out []string
	for n := range 30 {
		if c&teller.Option(n) != 0 {
			out = append(out, fmt.Sprintf("option %d", n+1))
		}
	}
	return strings.Join(out, ", ")
}

// spelled is an opened ballot in words, a line an item.
func spelled(choices []teller.Choice) []string {
	if choices == nil {
		return []string{"it holds nothing that can be read"}
	}
	out := make([]string, len(choices))
	for i, choice := range choices {
		out[i] = fmt.Sprintf("item %d: %s", i+1, spell(choice))
	}
	return out
}
