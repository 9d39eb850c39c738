// Command stress drives cvt-plugin-stuck, whose handlers block and spin, with
// the real go-plugin client, and reports what that does to control.
//
//	go run ./stress -stuck ../../target/release/cvt-plugin-stuck \
//	    -floor ../../target/release/cvt-plugin-floor [-mix 1h]
//
// It fails where a health check takes longer than the limit and that of an idle
// plugin meanwhile, where a plugin does not end by itself on Kill, or a call
// fails.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"time"
)

// killBudget is how long go-plugin waits before it kills a plugin for good.
const killBudget = 2 * time.Second

var healthLimit = flag.Duration("health", 100*time.Millisecond, "how long a health check may take beyond that of an idle plugin")

func main() {
	log.SetFlags(0)
	log.SetPrefix("stress: ")
	stuck := flag.String("stuck", "", "cvt-plugin-stuck's `binary`")
	floor := flag.String("floor", "", "cvt-plugin-floor's `binary`: what is compared with it is left out if empty")
	mix := flag.Duration("mix", 10*time.Second, "how long calls of all kinds are mixed")
	calls := flag.Int("calls", 10_000, "how many calls are in flight at once")
	flag.Parse()
	if *stuck == "" {
		log.Fatal("nothing to drive: expected -stuck BINARY")
	}

	failed := errors.Join(blockEverything(*stuck), callAtOnce(*stuck, *calls))
	if *floor != "" {
		failed = errors.Join(failed, callAtOnce(*floor, *calls), spin(*stuck, *floor))
	}
	failed = errors.Join(failed, mixCalls(*stuck, *mix))
	if failed != nil {
		log.Fatal(failed)
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()*1e3) }
