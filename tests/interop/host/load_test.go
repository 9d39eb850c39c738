package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cvtplugin.dev/tests/interop/await"
)

const callers = 16

// note has the plugin note one call after another in a file, until one is not
// acknowledged. acknowledged is told of each that is; failed gets one error a caller.
func note(p *Plugin, path string, acknowledged func(id string)) (failed <-chan error) {
	errs := make(chan error, callers)
	for caller := range callers {
		go func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d.%d", caller, n)
				if err := say(p, "note:"+id+":"+path); err != nil {
					errs <- err
					return
				}
				acknowledged(id)
			}
		}()
	}
	return errs
}

// say says a word to the plugin, for those who have no test.
func say(p *Plugin, word string) error {
	ctx, cancel := context.WithTimeout(context.Background(), await.Timeout)
	defer cancel()
	_, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: word})
	return err
}

// load is callers who make calls until the plugin ends.
type load struct {
	path         string // the plugin's notes
	acknowledged Growing[string]
	failed       <-chan error
}

func startLoad(t *testing.T, p *Plugin) *load {
	t.Helper()
	l := &load{path: filepath.Join(tempDir(t), "notes")}
	l.failed = note(p, l.path, func(id string) { l.acknowledged.add(id) })
	l.isOn(t)
	return l
}

// isOn waits until the callers, who may have been held up, are at it.
func (l *load) isOn(t *testing.T) {
	t.Helper()
	enough := len(l.acknowledged.All()) + 2*callers
	if _, err := l.acknowledged.Await(patient(t), func(ids []string) bool { return len(ids) >= enough }); err != nil {
		t.Fatalf("calls get no more responses: %v", err)
	}
}

// end waits for the callers of a plugin that has ended, and compares what they
// know with the notes. If it finishes calls, none may be noted that was not
// acknowledged.
func (l *load) end(t *testing.T, finishesCalls bool) {
	t.Helper()
	for range callers {
		err := await.Value(t, "caller", l.failed)
		// The plugin turns it away, or the host has hung up before it was sent.
		if code := status.Code(err); code != codes.Unavailable && code != codes.Canceled {
			t.Errorf("the last call: %v", err)
		}
	}
	wantNoted(t, l.path, l.acknowledged.All(), finishesCalls)
}

func wantNoted(t *testing.T, path string, acknowledged []string, andNoMore bool) {
	t.Helper()
	notes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	noted := strings.Fields(string(notes))
	slices.Sort(noted)
	slices.Sort(acknowledged)
	if unique := slices.Compact(slices.Clone(noted)); len(unique) != len(noted) {
		t.Errorf("%d calls are noted twice", len(noted)-len(unique))
	}
	for _, id := range acknowledged {
		if _, found := slices.BinarySearch(noted, id); !found {
			t.Errorf("%s was acknowledged, and is not noted", id)
		}
	}
	if andNoMore && len(noted) > len(acknowledged) {
		t.Errorf("%d calls are noted, %d were acknowledged", len(noted), len(acknowledged))
	}
}

// fault is something that happens to a plugin under load.
type fault struct {
	// env and script say how the plugin is launched, the latter as "$0" by a
	// shell.
	env    []string
	script string
	// happen is what happens; it may be nothing but the launch.
	happen func(*testing.T, *Plugin)
	// ends says whether it is the plugin's end.
	ends func(subject) bool
	// endsWell says whether that end is a clean one.
	endsWell func(subject) bool
}

func always(subject) bool { return true }

func never(subject) bool { return false }

// underLoad has a fault happen to every plugin, and checks what has become of
// the calls.
func underLoad(t *testing.T, f fault) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launchWith(t, func(config *goplugin.ClientConfig) {
			if f.script != "" {
				config.Cmd.Args = []string{"sh", "-c", f.script, config.Cmd.Path}
				config.Cmd.Path = "/bin/sh"
			}
		}, f.env...)
		l := startLoad(t, p)
		f.happen(t, p)
		if f.ends(s) {
			await.Until(t, "the end", p.Exited)
			p.Kill()
			l.end(t, s.finishesCalls && f.endsWell(s))
		} else {
			l.isOn(t)
			mustServe(t, p, s)
			p.Kill()
			l.end(t, s.finishesCalls)
		}
		if f.endsWell(s) {
			wantCleanEnd(t, p, dir)
		}
	})
}
