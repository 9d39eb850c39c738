package main

import (
	"errors"
	"fmt"
	"time"

	"cvtplugin.dev/tests/interop/host"
)

const (
	blockedFor = 3 * time.Second
	// watchedFor is so short that everything still blocks for longer than the
	// killBudget on Kill.
	watchedFor = 500 * time.Millisecond
)

// way is how a plugin's code may block its threads, for blockedFor.
type way struct {
	name  string
	env   []string
	block func(*host.Plugin) error
	// counts are how many block at once.
	counts []int
}

var someToMany = []int{1, 6, 64, 600}

var ways = []way{
	{name: "async fn", counts: someToMany, block: func(p *host.Plugin) error { return fetch(p, blockWord("block")) }},
	{name: "plain fn", counts: someToMany, block: func(p *host.Plugin) error { return register(p, blockedFor) }},
	{name: "task spawned by a handler", counts: someToMany, block: func(p *host.Plugin) error { return fetch(p, blockWord("spawn")) }},
	{
		name: "task spawned by new", counts: []int{1}, block: func(p *host.Plugin) error { return nil },
		env: []string{fmt.Sprintf("STUCK_AT_START_MS=%d", blockedFor.Milliseconds())},
	},
}

func blockWord(word string) string { return fmt.Sprintf("%s:%d", word, blockedFor.Milliseconds()) }

// blockEverything blocks plugins in all ways, and writes a table of what that
// does to health checks, to other calls, and to the end.
func blockEverything(binary string) error {
	fmt.Println("| what blocks for 3 s | how many | worst health, ms | of an idle plugin | worst other call, ms | Kill, ms |")
	fmt.Println("| --- | ---: | ---: | ---: | ---: | ---: |")
	var failed []error
	for _, w := range ways {
		for _, count := range w.counts {
			if err := w.measure(binary, count); err != nil {
				failed = append(failed, fmt.Errorf("%d blocked, %s: %w", count, w.name, err))
			}
		}
	}
	return errors.Join(failed...)
}

// measure blocks a plugin from its first calls on.
func (w way) measure(binary string, count int) error {
	return withIdle(binary, w.env, func(p, idle *host.Plugin) error {
		for range count {
			// Those that still block on Kill fail.
			go func() { _ = w.block(p) }()
		}
		health := watchHealth(p, idle, watchedFor)
		other := watch(func() error { return fetch(p, "petstore") }, watchedFor)
		worstHealth, worstOther := health(), <-other

		before := time.Now()
		p.Kill()
		kill := time.Since(before)
		fmt.Printf("| %s | %d | %s | %s | %s | %s |\n",
			w.name, count, worstHealth, ms(worstHealth.idle), worstOther, ms(kill))
		var overdue error
		if kill >= killBudget || p.ExitCode() != 0 {
			overdue = fmt.Errorf("Kill took %v, and the plugin ended with %d", kill, p.ExitCode())
		}
		return errors.Join(worstHealth.check(), worstOther.err, overdue)
	})
}
