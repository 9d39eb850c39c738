package main

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cvtplugin.dev/tests/interop/host"
)

// load is a number of callers, each of whom waits for a response before the
// next call, and the calls that they share.
type load struct{ callers, calls int }

var loads = []load{{64, 30_000}, {8, 20_000}, {1, 20_000}}

func (l load) cpu() string  { return l.title("plugin CPU per call", "us") }
func (l load) rate() string { return l.title("calls/s", "") }
func (l load) p50() string  { return l.title("latency p50", "us") }
func (l load) p99() string  { return l.title("latency p99", "us") }

func (l load) title(what, unit string) string {
	title := fmt.Sprintf("%s, %d callers", what, l.callers)
	if l.callers == 1 {
		title = what + ", 1 caller"
	}
	if unit != "" {
		title += ", " + unit
	}
	return title
}

// calls measures all loads on one plugin.
func calls(c *contender) error {
	return c.withPlugin(func(p *host.Plugin) error {
		for _, l := range loads {
			if _, err := (load{l.callers, l.callers * 20}).make(p); err != nil { // warm up
				return err
			}
			if err := l.measure(c, p); err != nil {
				return err
			}
		}
		status, err := readStatus(p.Pid())
		c.add(loadRSS, status.rss)
		return err
	})
}

func (l load) measure(c *contender, p *host.Plugin) error {
	cpuBefore, err := readCPU(p.Pid())
	if err != nil {
		return err
	}
	before := time.Now()
	latencies, err := l.make(p)
	if err != nil {
		return err
	}
	wall := time.Since(before)
	cpuAfter, err := readCPU(p.Pid())
	if err != nil {
		return err
	}
	slices.Sort(latencies)
	c.add(l.cpu(), us(cpuAfter-cpuBefore)/float64(l.calls))
	c.add(l.rate(), float64(l.calls)/wall.Seconds())
	c.add(l.p50(), us(latencies[len(latencies)/2]))
	c.add(l.p99(), us(latencies[len(latencies)*99/100]))
	return nil
}

// make makes the calls and returns how long each of them took.
func (l load) make(p *host.Plugin) ([]time.Duration, error) {
	latencies := make([]time.Duration, l.calls)
	var next atomic.Int64
	errs := make(chan error, l.callers)
	var group sync.WaitGroup
	for range l.callers {
		group.Go(func() {
			for n := next.Add(1) - 1; n < int64(l.calls); n = next.Add(1) - 1 {
				before := time.Now()
				if _, err := fetch(p, "petstore", callTimeout); err != nil {
					errs <- err
					return
				}
				latencies[n] = time.Since(before)
			}
		})
	}
	group.Wait()
	close(errs)
	return latencies, <-errs
}
