package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"

	"cvtplugin.dev/tests/interop/host"
)

// The rows of the table, besides those of calls.go.
const (
	startToLine    = "spawn to handshake line, ms"
	startToInfo    = "spawn to Info response, ms"
	startCPU       = "plugin CPU per start and stop, ms"
	idleRSS        = "idle RSS, MB"
	idleThreads    = "idle threads"
	loadRSS        = "RSS after load, MB"
	bigSpecTime    = "10 MB spec, ms"
	bigSpecPeakRSS = "10 MB spec, peak RSS, MB"
	hostDeath      = "host SIGKILL to plugin gone, ms (2000: not by itself)"
	blockedHealth  = "health with 6 blocked handlers, ms"
	blockedKill    = "Kill with 6 blocked handlers, ms"
	binarySize     = "binary size, MB"
)

// titles are all rows in order.
var titles = func() []string {
	all := []string{startToLine, startToInfo, startCPU, idleRSS, idleThreads}
	for _, l := range loads {
		all = append(all, l.cpu(), l.rate(), l.p50(), l.p99())
	}
	return append(all, loadRSS, bigSpecTime, bigSpecPeakRSS, hostDeath, blockedHealth, blockedKill, binarySize)
}()

// measurements are what a round consists of.
var measurements = []measurement{
	{"size", size},
	{"starts", bareStarts},
	{"info", infoStart},
	{"calls", calls},
	{"spec", bigSpec},
	{"deaths", deaths},
	{"blocked", blocked},
}

type measurement struct {
	name string
	take func(*contender) error
}

// only are the measurements of these names, separated by commas; all of them for none.
func only(names string) ([]measurement, error) {
	if names == "" {
		return measurements, nil
	}
	var known []string
	var chosen []measurement
	for _, m := range measurements {
		known = append(known, m.name)
		if slices.Contains(strings.Split(names, ","), m.name) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) != len(strings.Split(names, ",")) {
		return nil, fmt.Errorf("invalid measurements %q: expected some of %s", names, strings.Join(known, ","))
	}
	return chosen, nil
}

const (
	startsPerRound  = 10
	deathsPerRound  = 3 // a plugin that does not notice takes 2 s of it
	specBytes       = 10 << 20
	specsPerRound   = 5
	blockers        = 6
	healthsPerRound = 20
	lifeAfterDeath  = 2 * time.Second

	// callTimeout is CVT's own.
	callTimeout = 5 * time.Second

	megabyte = 1e6
)

func size(c *contender) error {
	info, err := os.Stat(c.binary)
	if err != nil {
		return err
	}
	c.add(binarySize, float64(info.Size())/megabyte)
	return nil
}

// bareStarts measures starts without what go-plugin's client adds to them.
func bareStarts(c *contender) error {
	for range startsPerRound {
		before := time.Now()
		plugin, err := host.StartBare(c.binary, c.env...)
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

func infoStart(c *contender) error {
	for range startsPerRound {
		before := time.Now()
		err := c.withPlugin(func(p *host.Plugin) error {
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

// bigSpec uses a plugin of its own, whose peak is due to nothing else.
func bigSpec(c *contender) error {
	return c.withPlugin(func(p *host.Plugin) error {
		for range specsPerRound {
			before := time.Now()
			spec, err := fetch(p, fmt.Sprintf("bytes:%d", specBytes), callTimeout)
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

// deaths measures how long a plugin outlives its host, to which it was connected.
func deaths(c *contender) error {
	for range deathsPerRound {
		if err := death(c); err != nil {
			return err
		}
	}
	return nil
}

func death(c *contender) error {
	plugin, err := host.StartBelowShell(c.binary, c.env...)
	if err != nil {
		return err
	}
	conn, err := plugin.Dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	// Before the first connection the shell might be no more than a launcher.
	handshake := handshakepb.NewPluginHandshakeClient(conn)
	if _, err := handshake.Info(context.Background(), &handshakepb.InfoRequest{}); err != nil {
		return err
	}
	before := time.Now()
	if err := plugin.KillShell(lifeAfterDeath); err != nil {
		return err
	}
	c.add(hostDeath, ms(min(time.Since(before), lifeAfterDeath)))
	return nil
}

// blocked measures what handlers that block their threads hold up, in those
// contenders whose handlers can be told to.
func blocked(c *contender) error {
	return c.withPlugin(func(p *host.Plugin) error {
		if spec, err := fetch(p, "block:0", callTimeout); err != nil || string(spec) != "slept" {
			return err
		}
		for range blockers {
			go func() { _, _ = fetch(p, "block:30000", time.Minute) }() // its end is that of the plugin
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

func fetch(p *host.Plugin, id string, timeout time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	response, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: id})
	return response.GetSpec(), err
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

func us(d time.Duration) float64 { return d.Seconds() * 1e6 }
