package httpapi

import (
	"context"

	"github.com/redproperty/redproperty/internal/fault"
)

// Text is the text of a code in the language of the request, for answers that explain more than one
// refusal, such as the lines of an import's report.
func (a *API) Text(ctx context.Context, code string, params fault.Params) string {
	return a.texts.text(eventOf(ctx).lang, code, params)
}

// Speaker gives the texts of codes outside a request: to commands and to the files they write. tags are
// languages as in Accept-Language.
func Speaker(tags string) (func(code string, params fault.Params) string, error) {
	texts, err := loadCatalogue()
	if err != nil {
		return nil, err
	}
	l := language(tags)
	return func(code string, params fault.Params) string { return texts.text(l, code, params) }, nil
}
