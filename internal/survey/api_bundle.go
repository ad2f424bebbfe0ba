package survey

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/redproperty/redproperty/internal/httpapi"
)

// bundleTime is how long a download may take, as long as the server lets any answer take.
const bundleTime = 3 * time.Minute

// bundleType is what a bundle is: lines of JSON, compressed.
const bundleType = "application/gzip"

func (s *Service) registerBundle(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "getSurveyBundle", Public: true, Method: http.MethodGet, Path: "/public/survey-rounds/{roundId}/bundle", Tag: tagPublic, Timeout: bundleTime,
		Summary: "Everything that a published round is verified with, in one file",
		Description: "Lines of JSON, compressed with gzip: the ledger's signed checkpoint, the questionnaire, the rules, every counted response without free text, the lists of draws and the score cards. " +
			"`redproperty verify bundle` checks it without any server; docs/surveys-bundle.md describes it."},
		func(ctx context.Context, in *RoundPath) (*huma.StreamResponse, error) {
			write, err := s.Bundle(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return httpapi.File(httpapi.Download{Name: "survey-" + in.ID.String() + ".jsonl.gz", MediaType: bundleType, Write: write}), nil
		})
}
