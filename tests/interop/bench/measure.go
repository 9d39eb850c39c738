package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"

	"cvtplugin.dev/tests/interop/host"
)

// The rows of the table, in order.
const (
	startToLine    = "spawn to handshake line, ms"
	startToInfo    = "spawn to Info answered, ms"
	startCPU       = "plugin CPU per start and stop, ms"
	idleRSS        = "idle RSS, MB"
	idleThreads    = "idle threads"
	loadCPU        = "plugin CPU per call, 64 callers, us"
	loadRate       = "calls/s, 64 callers"
	loadRSS        = "RSS after load, MB"
	sequentialCPU  = "plugin CPU per call, 1 caller, us"
	bigSpecTime    = "10 MB spec, ms"
	bigSpecPeakRSS = "10 MB spec, peak RSS, MB"
	hostDeath      = "host SIGKILL to plugin gone, ms (2000: not by itself)"
	blockedHealth  = "health with 6 blocked handlers, ms"
	blockedKill    = "Kill with 6 blocked handlers, ms"
	binarySize     = "binary size, MB"
)

var titles = []string{
	startToLine, startToInfo, startCPU, idleRSS, idleThreads, loadCPU, loadRate,
	loadRSS, sequentialCPU, bigSpecTime, bigSpecPeakRSS, hostDeath, blockedHealth, blockedKill, binarySize,
}

// measurements are what a round consists of.
var measurements = []func(*candidate) error{size, bareStarts, infoStart, calls, bigSpec, deaths, blocked}

const (
	startsPerRound = 10
	callers        = 64
	// The kernel counts CPU in ticks of 10 ms: so many calls that a tick more
	// or less does not matter.
	loadCalls       = 30_000
	sequentialCalls = 10_000
	specBytes       = 10 << 20
	specsPerRound   = 5
	blockers        = 6
	healthsPerRound = 20
	lifeAfterDeath  = 2 * time.Second

	megabyte = 1e6
)

func size(c *candidate) error {
	info, err := os.Stat(c.binary)
	if err != nil {
		return err
	}
	c.add(binarySize, float64(info.Size())/megabyte)
	return nil
}

// bareStarts measures starts without what go-plugin's client adds to them.
func bareStarts(c *candidate) error {
	for range startsPerRound {
		before := time.Now()
		plugin, err := host.StartBare(c.binary)
		if err != nil {
			return err
		}
		c.add(startToLine, ms(time.Since(before)))
		conn, err := plugin.Dial()
		if err != nil {
			return err
		}
		if _, err := plugin.End(conn); err != nil {
			return err
		}
		c.add(startCPU, ms(plugin.CPU()))
	}
	return nil
}

func infoStart(c *candidate) error {
	for range startsPerRound {
		before := time.Now()
		err := withPlugin(c, func(p *host.Plugin) error {
			if _, err := p.Handshake.Info(context.Background(), &handshakepb.InfoRequest{}); err != nil {
				return err
			}
			c.add(startToInfo, ms(time.Since(before)))
			status, err := readStatus(p.Pid())
			c.add(idleRSS, status.rss)
			c.add(idleThreads, status.threads)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func calls(c *candidate) error {
	return withPlugin(c, func(p *host.Plugin) error {
		if err := echoes(p, callers, callers*10); err != nil { // warm up
			return err
		}
		cpu, wall, err := cost(p, callers, loadCalls)
		if err != nil {
			return err
		}
		c.add(loadCPU, us(cpu)/loadCalls)
		c.add(loadRate, loadCalls/wall.Seconds())
		status, err := readStatus(p.Pid())
		if err != nil {
			return err
		}
		c.add(loadRSS, status.rss)

		cpu, _, err = cost(p, 1, sequentialCalls)
		c.add(sequentialCPU, us(cpu)/sequentialCalls)
		return err
	})
}

// cost is the plugin's CPU time and the time passed for a number of calls.
func cost(p *host.Plugin, callers, calls int) (cpu, wall time.Duration, err error) {
	cpuBefore, err := readCPU(p.Pid())
	if err != nil {
		return 0, 0, err
	}
	before := time.Now()
	if err := echoes(p, callers, calls); err != nil {
		return 0, 0, err
	}
	wall = time.Since(before)
	cpuAfter, err := readCPU(p.Pid())
	return cpuAfter - cpuBefore, wall, err
}

// echoes makes calls, shared out among callers.
func echoes(p *host.Plugin, callers, calls int) error {
	var left atomic.Int64
	left.Store(int64(calls))
	errs := make(chan error, callers)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := fetch(p, "petstore"); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	return <-errs
}

// bigSpec uses a plugin of its own, whose peak is due to nothing else.
func bigSpec(c *candidate) error {
	return withPlugin(c, func(p *host.Plugin) error {
		for range specsPerRound {
			before := time.Now()
			spec, err := fetch(p, fmt.Sprintf("bytes:%d", specBytes))
			if err != nil {
				return err
			}
			if len(spec) != specBytes {
				return fmt.Errorf("a spec of %d bytes", len(spec))
			}
			c.add(bigSpecTime, ms(time.Since(before)))
		}
		status, err := readStatus(p.Pid())
		c.add(bigSpecPeakRSS, status.peakRSS)
		return err
	})
}

// deaths measures how long a plugin outlives its host.
func deaths(c *candidate) error {
	for range startsPerRound {
		plugin, err := host.StartBelowShell(c.binary)
		if err != nil {
			return err
		}
		before := time.Now()
		if err := plugin.KillShell(lifeAfterDeath); err != nil {
			return err
		}
		c.add(hostDeath, ms(min(time.Since(before), lifeAfterDeath)))
	}
	return nil
}

// blocked measures what handlers that block their threads hold up.
func blocked(c *candidate) error {
	return withPlugin(c, func(p *host.Plugin) error {
		for range blockers {
			go func() { _, _ = fetch(p, "block:30000") }() // its end is that of the plugin
		}
		time.Sleep(100 * time.Millisecond) // until they do
		for range healthsPerRound {
			before := time.Now()
			if _, err := p.Handshake.Health(context.Background(), &handshakepb.HealthRequest{}); err != nil {
				return err
			}
			c.add(blockedHealth, ms(time.Since(before)))
		}
		before := time.Now()
		p.Kill()
		c.add(blockedKill, ms(time.Since(before)))
		return nil
	})
}

func withPlugin(c *candidate, use func(*host.Plugin) error) error {
	p, err := host.Launch(c.binary)
	if err != nil {
		return err
	}
	defer p.Kill()
	return use(p)
}

func fetch(p *host.Plugin, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	response, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: id})
	return response.GetSpec(), err
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

func us(d time.Duration) float64 { return d.Seconds() * 1e6 }
