package ratelimit

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// flightsAtOnce of one hash tag are on their way; a batch that finds as many waits for the next one.
	flightsAtOnce = 2
	// maxAboard bounds the batches of one flight.
	maxAboard = 64
)

// RedisClient is a single server's or a cluster's client.
type RedisClient interface {
	redis.Scripter
	Pipeline() redis.Pipeliner
}

// airline takes batches to Redis. One that finds the way free goes at once and alone; those that are decided while
// others are on their way go together in the next flight, so that a busy process makes fewer round trips. Batches
// of different hash tags never share one, for they may have to go to different nodes. Each is a script of its own:
// atomic, and refused or admitted by itself.
type airline struct {
	client  RedisClient
	script  *redis.Script
	timeout time.Duration
	gates   sync.Map // hash tag → *gate; there are as many as families and contexts
}

// passenger is a batch on its way.
type passenger struct {
	keys  []string
	args  []any
	reply []int64
	err   error
	done  chan struct{}
}

// gate is where the batches of one hash tag wait.
type gate struct {
	mu      sync.Mutex
	away    int
	waiting []*passenger
}

// send runs the script for one batch. It returns with ctx: a batch that still waits then is not sent any more.
func (a *airline) send(ctx context.Context, keys []string, args []any) ([]int64, error) {
	g, p := a.gate(keys[0]), &passenger{keys: keys, args: args}
	if g.board(p) {
		a.run(ctx, []*passenger{p})
		if g.land(p.err) {
			go a.carry(g)
		}
		return p.reply, p.err
	}
	select {
	case <-p.done:
		return p.reply, p.err
	case <-ctx.Done():
		g.leave(p)
		return nil, ctx.Err()
	}
}

func (a *airline) gate(key string) *gate {
	tag, _, _ := strings.Cut(key, "}")
	if g, ok := a.gates.Load(tag); ok {
		return g.(*gate)
	}
	g, _ := a.gates.LoadOrStore(tag, &gate{})
	return g.(*gate)
}

// carry flies until nobody waits.
func (a *airline) carry(g *gate) {
	for {
		runtime.Gosched() // those who just got their answers may have their next question
		aboard := g.call()
		ctx, cancel := context.WithTimeout(context.Background(), a.timeout)
		a.run(ctx, aboard)
		cancel()
		var err error
		for _, p := range aboard {
			err = p.err
			close(p.done)
		}
		if !g.land(err) {
			return
		}
	}
}

// board lets p go alone when the way is free, else it queues.
func (g *gate) board(p *passenger) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.away < flightsAtOnce {
		g.away++
		return true
	}
	p.done = make(chan struct{})
	g.waiting = append(g.waiting, p)
	return false
}

// call takes who waits, up to what one flight holds.
func (g *gate) call() []*passenger {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), maxAboard)
	aboard := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	return aboard
}

// land ends a flight; it reports whether somebody waits, and the next one is to be flown at once. After one that was
// lost nobody is sent behind: those who wait learn of it now, and what they ask is decided, and counted, elsewhere.
func (g *gate) land(err error) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if lost(err) {
		for _, p := range g.waiting {
			p.err = err
			close(p.done)
		}
		g.waiting = nil
	}
	if len(g.waiting) > 0 {
		return true
	}
	g.away--
	return false
}

// lost tells whether the server gave no answer at all.
func lost(err error) bool {
	var reply redis.Error
	return err != nil && !errors.As(err, &reply)
}

// leave takes p out, unless it is on its way already.
func (g *gate) leave(p *passenger) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.waiting, p); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
}

// run sends the scripts and reads the replies of all aboard.
func (a *airline) run(ctx context.Context, aboard []*passenger) {
	switch len(aboard) {
	case 0:
		return
	case 1:
		p := aboard[0]
		p.reply, p.err = a.script.Run(ctx, a.client, p.keys, p.args...).Int64Slice()
		return
	}
	pipe := a.client.Pipeline()
	commands := make([]*redis.Cmd, len(aboard))
	for i, p := range aboard {
		commands[i] = a.script.EvalSha(ctx, pipe, p.keys, p.args...)
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for i, p := range aboard {
		if p.reply, p.err = commands[i].Int64Slice(); redis.HasErrorPrefix(p.err, "NOSCRIPT") {
			p.reply, p.err = a.script.Eval(ctx, a.client, p.keys, p.args...).Int64Slice()
		}
	}
}
