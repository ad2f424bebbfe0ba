package workorder

import (
	"context"
	"net/http"

	"github.com/redproperty/redproperty/internal/authz"
	"github.com/redproperty/redproperty/internal/clock"
	"github.com/redproperty/redproperty/internal/httpapi"
	"github.com/redproperty/redproperty/internal/id"
	"github.com/redproperty/redproperty/internal/page"
)

const tagEscalation = "Work order escalation"

type weatherInput struct {
	Body struct {
		AreaID id.ID          `json:"areaId" doc:"The street, a community, an estate or a service area"`
		Kind   string         `json:"kind" enum:"rain,typhoon,wind,snow,ice,cold,heat,fog,thunder,other" doc:"What it is"`
		Reason string         `json:"reason" minLength:"2" maxLength:"1000" doc:"As the warning said"`
		From   clock.Instant  `json:"from" doc:"At most a day back"`
		To     *clock.Instant `json:"to,omitempty" doc:"Absent while nobody knows; at most thirty days after the beginning"`
	}
}

type endWeatherInput struct {
	httpapi.IfMatch
	ID   id.ID `path:"windowId" doc:"The spell"`
	Body struct {
		To clock.Instant `json:"to" doc:"When it ended, or will"`
	}
}

func (s *Service) registerEscalation(api *httpapi.API) {
	httpapi.Register(api, httpapi.Op{ID: "listWorkOrderEscalations", Method: http.MethodGet, Path: "/work-orders/{id}/escalations", Tag: tagEscalation, Permission: authz.OrderRead,
		Summary: "Who was told that an order is late", Description: "Every level that the order came to, for everybody who may see it, the reporter included."},
		func(ctx context.Context, in *OrderPath) (*httpapi.Body[[]OrderEscalation], error) {
			return httpapi.Answer(s.Escalations(ctx, authz.From(ctx), in.ID))
		})
	httpapi.Register(api, httpapi.Op{ID: "listStreetQueue", Method: http.MethodGet, Path: "/street-queue", Tag: tagEscalation, Permission: authz.OrderRead,
		Summary: "The street's queue of orders that nobody moves", Description: "Open orders of your area that came to the last level, oldest first: the agenda of the joint meeting."},
		func(ctx context.Context, in *struct{ httpapi.PageInput }) (*httpapi.Body[page.Page[OrderEscalation]], error) {
			return httpapi.Answer(s.StreetQueue(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "listWeatherWindows", Method: http.MethodGet, Path: "/weather-windows", Tag: tagEscalation, Permission: authz.OrderRead,
		Summary: "Declared extreme weather", Description: "Spells declared in your area, newest first. They stop the working clocks of what may wait for the weather."},
		func(ctx context.Context, in *struct{ httpapi.PageInput }) (*httpapi.Body[page.Page[WeatherWindow]], error) {
			return httpapi.Answer(s.WeatherList(ctx, authz.From(ctx), in.Page()))
		})
	httpapi.Register(api, httpapi.Op{ID: "declareWeatherWindow", Method: http.MethodPost, Path: "/weather-windows", Tag: tagEscalation, Permission: authz.OrderWeather, Status: http.StatusCreated,
		Summary: "Declare extreme weather in an area", Description: "By the street office alone. The due times of open orders move within a minute or so."},
		func(ctx context.Context, in *weatherInput) (*httpapi.Versioned[WeatherWindow], error) {
			b := in.Body
			w, err := s.DeclareWeather(ctx, authz.From(ctx), httpapi.Once(ctx), WeatherWindow{AreaID: b.AreaID, Kind: b.Kind, Reason: b.Reason, From: b.From, To: b.To})
			return httpapi.AnswerVersion(w, w.Version, err)
		})
	httpapi.Register(api, httpapi.Op{ID: "endWeatherWindow", Method: http.MethodPost, Path: "/weather-windows/{windowId}/end", Tag: tagEscalation, Permission: authz.OrderWeather,
		Summary: "Set or move the end of a spell", Description: "An end that has passed stands."},
		func(ctx context.Context, in *endWeatherInput) (*httpapi.Versioned[WeatherWindow], error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			w, err := s.EndWeather(ctx, authz.From(ctx), in.ID, version, in.Body.To)
			return httpapi.AnswerVersion(w, w.Version, err)
		})
}
