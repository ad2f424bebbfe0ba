package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// grace is how long requests under way may take after the server was told to stop.
const grace = 25 * time.Second

// Serve serves on l until ctx ends, then takes no new requests, ends the streams, waits for the
// requests under way and returns.
func (a *API) Serve(ctx context.Context, l net.Listener) error {
	defer a.unseen.end(a.log)
	return serve(ctx, l, a, a.stop)
}

// ServeHandler serves another handler (the metrics) with the same time limits and the same stop.
func ServeHandler(ctx context.Context, l net.Listener, h http.Handler) error {
	return serve(ctx, l, h, func() {})
}

func serve(ctx context.Context, l net.Listener, h http.Handler, stopping func()) error {
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 3 * time.Minute, WriteTimeout: 3 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	stopping()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(end); err != nil {
		return fmt.Errorf("stop %s: %w", l.Addr(), err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
