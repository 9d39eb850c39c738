// Package await waits in tests for what must happen.
package await

import (
	"testing"
	"time"
)

// Timeout is how long a test waits. Nothing may take that long, so it does
// not matter how long it is.
const Timeout = 60 * time.Second

// Value waits for what a channel tells of.
func Value[T any](t *testing.T, what string, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(Timeout):
		t.Fatalf("%s: still waiting after %v", what, Timeout)
		panic("unreachable")
	}
}

// Until waits for what nobody tells of.
func Until(t *testing.T, what string, isSo func() bool) {
	t.Helper()
	for limit := time.Now().Add(Timeout); !isSo(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%s: still waiting after %v", what, Timeout)
		}
	}
}
