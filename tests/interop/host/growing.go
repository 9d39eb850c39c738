package host

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/go-hclog"
)

// Growing collects what a plugin emits, so that a test can wait for it.
type Growing[E any] struct {
	mu    sync.Mutex
	items []E
	grew  chan struct{}
}

func (g *Growing[E]) add(items ...E) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.items = append(g.items, items...)
	if g.grew != nil {
		close(g.grew)
		g.grew = nil
	}
}

// snapshot returns what there is, and a channel that is closed when there is
// more.
func (g *Growing[E]) snapshot() ([]E, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.grew == nil {
		g.grew = make(chan struct{})
	}
	return slices.Clone(g.items), g.grew
}

// All returns everything collected so far.
func (g *Growing[E]) All() []E {
	items, _ := g.snapshot()
	return items
}

// Await returns once enough holds for everything collected, or with the
// context's error. Either way it returns what there was.
func (g *Growing[E]) Await(ctx context.Context, enough func([]E) bool) ([]E, error) {
	for {
		items, grew := g.snapshot()
		if enough(items) {
			return items, nil
		}
		select {
		case <-grew:
		case <-ctx.Done():
			return items, ctx.Err()
		}
	}
}

// Text collects one of a plugin's output streams.
type Text struct{ Growing[byte] }

// Write is how go-plugin delivers what arrives.
func (t *Text) Write(p []byte) (int, error) {
	t.add(p...)
	return len(p), nil
}

// Record is one log record as go-plugin understood it.
type Record struct {
	Level   hclog.Level
	Message string
	Fields  map[string]any
}

// Log collects a plugin's log records.
type Log struct {
	Growing[Record]
	logger string // the plugin's; go-plugin has records of its own
}

// Accept is how the intercept logger delivers a record.
func (l *Log) Accept(logger string, level hclog.Level, message string, args ...any) {
	if logger != l.logger {
		return
	}
	fields := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		if key, ok := args[i].(string); ok {
			fields[key] = args[i+1]
		}
	}
	l.add(Record{Level: level, Message: message, Fields: fields})
}
