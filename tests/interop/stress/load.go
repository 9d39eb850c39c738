package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"cvtplugin.dev/tests/interop/host"
)

// callAtOnce has many calls in flight, which the host can hardly make faster
// than the plugin takes them: the floor shows how fast that is.
func callAtOnce(binary string, calls int) error {
	p, err := host.Launch(binary)
	if err != nil {
		return err
	}
	defer p.Kill()
	before := time.Now()
	var group errgroup.Group
	for range calls {
		group.Go(func() error { return fetch(p, "sleep:1000") })
	}
	worst := <-watch(func() error { return checkHealth(p) }, watchedFor)
	err = group.Wait()
	fmt.Printf("\n%d calls at once that sleep for 1 s, %s: all done after %s ms, worst health %s ms\n",
		calls, filepath.Base(binary), ms(time.Since(before)), worst)
	return errors.Join(err, worst.err)
}

// mixers is how many call at once in the mix.
const mixers = 16

// mixCalls mixes calls that return at once with calls that block, sleep, or
// come back from the blocking pool, while health is checked.
func mixCalls(binary string, duration time.Duration) error {
	return withIdle(binary, nil, func(p, idle *host.Plugin) error {
		health := watchHealth(p, idle, duration)
		var group errgroup.Group
		end := time.Now().Add(duration)
		for range mixers {
			group.Go(func() error {
				for time.Now().Before(end) {
					if err := fetch(p, anyWord()); err != nil {
						return err
					}
				}
				return nil
			})
		}
		err := group.Wait()
		worst := health()
		fmt.Printf("\nmixed calls for %v: %d health checks, worst %s ms (of an idle plugin %s ms), %d over %v\n",
			duration, worst.calls, worst, ms(worst.idle), worst.slow, *healthLimit)
		return errors.Join(err, worst.check())
	})
}

func anyWord() string {
	word := []string{"block", "pool", "sleep"}
	if n := rand.IntN(20); n < len(word) {
		return fmt.Sprintf("%s:%d", word[n], 1+rand.IntN(50))
	}
	return "petstore"
}

const (
	spinners   = 100
	spinRounds = 10_000_000
	spinTurns  = 3
)

// spin has handlers use the CPU, beside the same handlers on Tokio's
// multi-thread runtime with two workers. On a busy machine more threads get
// more of it: the ratio only counts on a quiet one.
func spin(stuck, floor string) error {
	best := map[string]time.Duration{}
	for range spinTurns {
		for _, binary := range []string{stuck, floor} {
			took, err := spinOnce(binary)
			if err != nil {
				return err
			}
			if known, ok := best[binary]; !ok || took < known {
				best[binary] = took
			}
		}
	}
	fmt.Printf("\n%d CPU-bound handlers: %s ms, on Tokio's two workers %s ms: %.2f times as fast (best of %d)\n",
		spinners, ms(best[stuck]), ms(best[floor]), best[floor].Seconds()/best[stuck].Seconds(), spinTurns)
	return nil
}

func spinOnce(binary string) (time.Duration, error) {
	p, err := host.Launch(binary, "FLOOR_WORKERS=2")
	if err != nil {
		return 0, err
	}
	defer p.Kill()
	before := time.Now()
	var group errgroup.Group
	for range spinners {
		group.Go(func() error { return fetch(p, fmt.Sprintf("spin:%d", spinRounds)) })
	}
	err = group.Wait()
	return time.Since(before), err
}
