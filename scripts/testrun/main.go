// Command testrun runs "go test" and reads its events, to say plainly what happened: the ordinary line of
// each package, every failure in full, the slowest tests, and a closing count. It fails where go test
// does, and also where no test ran at all; with CI set, where a test was skipped, since a runner
// that cannot reach a database would otherwise pass.
//
//	go run ./scripts/testrun -race ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

// slowestShown is how many of the slowest tests are listed.
const slowestShown = 10

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv("CI") != "", os.Stdout)
	stop()
	if err != nil {
		os.Exit(1)
	}
}

// run starts go test with args and reports on w, the reason of a failure included.
func run(ctx context.Context, args []string, ci bool, w io.Writer) error {
	//nolint:gosec // the arguments are the developer's own, passed to the developer's own go command
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-json"}, args...)...)
	w = &locked{w: w} // go's own messages arrive beside the events
	cmd.Stderr = w
	events, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	sum := newSummary(w)
	readErr := sum.read(events)
	failure := errors.Join(readErr, sum.verdict(cmd.Wait(), ci))
	sum.close(slowestShown, failure)
	return failure
}

// locked lets two goroutines write whole pieces to one writer.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
