package main

import (
	"context"
	"fmt"
	"time"

	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"

	"cvtplugin.dev/tests/interop/host"
)

// timeout is far above CVT's: what takes too long is to be measured.
const timeout = time.Minute

func fetch(p *host.Plugin, id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	_, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: id})
	return err
}

// register blocks a plain fn.
func register(p *host.Plugin, duration time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	id := fmt.Sprint(duration.Milliseconds())
	_, err := p.Registry.RegisterConsumerUsage(ctx, &registrypb.RegisterConsumerUsageRequest{SchemaId: id})
	return err
}

func checkHealth(p *host.Plugin) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	_, err := p.Handshake.Health(ctx, &handshakepb.HealthRequest{})
	return err
}

// worst is the longest of many calls.
type worst struct {
	took  time.Duration
	calls int
	// slow is how many took longer than the limit of a health check.
	slow int
	err  error
}

// health is the worst of a plugin's health checks, and how long those of an
// idle plugin took meanwhile.
type health struct {
	worst
	idle time.Duration
}

func (w worst) String() string {
	if w.err != nil {
		return "failed"
	}
	return ms(w.took)
}

// check fails where health checks took too long. What the machine needs for an
// idle plugin is not the plugin's fault.
func (h health) check() error {
	if limit := *healthLimit + h.idle; h.err == nil && h.took > limit {
		return fmt.Errorf("a health check took %v, expected at most %v; %d of %d took over %v",
			h.took, limit, h.slow, h.calls, *healthLimit)
	}
	return h.err
}

// pause is between two calls of watch.
const pause = 5 * time.Millisecond

// watch calls again and again for a duration, in a goroutine of its own.
func watch(call func() error, duration time.Duration) <-chan worst {
	result := make(chan worst, 1)
	go func() {
		var w worst
		for end := time.Now().Add(duration); time.Now().Before(end) && w.err == nil; time.Sleep(pause) {
			before := time.Now()
			w.err = call()
			took := time.Since(before)
			w.took = max(w.took, took)
			w.calls++
			if took > *healthLimit {
				w.slow++
			}
		}
		result <- w
	}()
	return result
}

// watchHealth checks the health of a plugin and of one that is idle. What it
// returns waits for the worst.
func watchHealth(p, idle *host.Plugin, duration time.Duration) func() health {
	ours := watch(func() error { return checkHealth(p) }, duration)
	others := watch(func() error { return checkHealth(idle) }, duration)
	return func() health { return health{<-ours, (<-others).took} }
}

// withIdle launches two plugins, of which the second is to stay idle.
func withIdle(binary string, env []string, use func(p, idle *host.Plugin) error) error {
	idle, err := host.Launch(binary)
	if err != nil {
		return err
	}
	defer idle.Kill()
	p, err := host.Launch(binary, env...)
	if err != nil {
		return err
	}
	defer p.Kill()
	return use(p, idle)
}
