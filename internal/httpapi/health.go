package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/redproperty/redproperty/internal/fault"
)

// health adds /healthz (the process lives) and /readyz (it can serve: the database answers and it is
// not stopping).
func (a *API) health(ready func(context.Context) error) {
	a.engine.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok") })
	a.engine.GET("/readyz", func(c *gin.Context) {
		ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
		defer cancel()
		err := a.stopping.Err()
		if err == nil && ready != nil {
			err = ready(ctx)
		}
		if err != nil {
			a.fail(c, fault.New(fault.Unavailable, "unavailable").After(5*time.Second).Because(err))
			return
		}
		c.String(http.StatusOK, "ready")
	})
}

// requestMetrics counts and times requests by route, never by address or person.
type requestMetrics struct {
	seconds *prometheus.HistogramVec
}

func newRequestMetrics(reg prometheus.Registerer) *requestMetrics {
	m := &requestMetrics{seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "redproperty_http_request_seconds", Help: "Time to answer, by method, route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	if reg != nil {
		reg.MustRegister(m.seconds)
	}
	return m
}

func (m *requestMetrics) observe(method, route string, status int, took time.Duration) {
	m.seconds.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}
