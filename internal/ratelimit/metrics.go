package ratelimit

import "github.com/prometheus/client_golang/prometheus"

// Metrics are the package's Prometheus collectors; it is itself a Collector to be registered once.
type Metrics struct {
	decisions    *prometheus.HistogramVec // limit, decision
	wouldDeny    *prometheus.CounterVec   // limit
	ignored      *prometheus.CounterVec   // limit, failure
	redisErrors  *prometheus.CounterVec   // class
	breaker      prometheus.Gauge
	evicted      prometheus.Counter
	overrides    *prometheus.GaugeVec // limit
	skippedRows  prometheus.Gauge
	loadedAt     prometheus.Gauge
	loadFailures prometheus.Counter
}

// NewMetrics makes the collectors, all named redproperty_ratelimit_….
func NewMetrics() *Metrics {
	name := func(s string) prometheus.Opts {
		return prometheus.Opts{Namespace: "redproperty", Subsystem: "ratelimit", Name: s}
	}
	counter := func(s, help string, labels ...string) *prometheus.CounterVec {
		o := name(s)
		o.Help = help
		return prometheus.NewCounterVec(prometheus.CounterOpts(o), labels)
	}
	gauge := func(s, help string) prometheus.Gauge {
		o := name(s)
		o.Help = help
		return prometheus.NewGauge(prometheus.GaugeOpts(o))
	}
	overrides := name("overrides")
	overrides.Help = "Overrides in force, by limit."
	return &Metrics{
		decisions: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "redproperty", Subsystem: "ratelimit", Name: "decision_seconds",
			Help:    "Time to decide a batch, by the limit that decided and the decision.",
			Buckets: []float64{.000_005, .000_02, .000_1, .000_5, .001, .002_5, .005, .01, .025, .05, .1},
		}, []string{"limit", "decision"}),
		wouldDeny:    counter("would_deny_total", "Refusals that a record-only limit did not make, by limit.", "limit"),
		ignored:      counter("ignored_errors_total", "Transactions decided without the shared source, by limit and failure mode.", "limit", "failure"),
		redisErrors:  counter("redis_errors_total", "Failed calls of Redis, by class.", "class"),
		breaker:      gauge("redis_breaker_state", "Circuit breaker before Redis: 0 closed, 1 half-open, 2 open."),
		evicted:      counter("memory_evicted_total", "Live buckets dropped because the memory source was full.").WithLabelValues(),
		overrides:    prometheus.NewGaugeVec(prometheus.GaugeOpts(overrides), []string{"limit"}),
		skippedRows:  gauge("overrides_skipped", "Bad override rows skipped by the last load."),
		loadedAt:     gauge("overrides_loaded_timestamp_seconds", "When overrides were last loaded."),
		loadFailures: counter("overrides_load_failures_total", "Failed loads of overrides.").WithLabelValues(),
	}
}

func (m *Metrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.decisions, m.wouldDeny, m.ignored, m.redisErrors, m.breaker, m.evicted,
		m.overrides, m.skippedRows, m.loadedAt, m.loadFailures}
}

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, c := range m.collectors() {
		c.Describe(ch)
	}
}

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(ch chan<- prometheus.Metric) {
	for _, c := range m.collectors() {
		c.Collect(ch)
	}
}

// orUnregistered lets every constructor do without Metrics.
func (m *Metrics) orUnregistered() *Metrics {
	if m == nil {
		return NewMetrics()
	}
	return m
}
