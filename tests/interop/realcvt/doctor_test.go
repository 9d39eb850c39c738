package realcvt

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"
)

// report is what our own `doctor` finds in a home.
type report struct {
	Level    string
	Findings []struct{ About, Level, Found, Fix string }
}

// doctor has our own command look at this home.
func (h *home) doctor(t *testing.T) (r report) {
	t.Helper()
	got := run(t, h.command(cli.path(t), "doctor", "--json"))
	if err := json.Unmarshal([]byte(got.stdout), &r); err != nil {
		t.Fatalf("%v: %+v", err, got)
	}
	if want := slices.Index([]string{"ok", "warning", "error"}, strings.Replace(r.Level, "note", "ok", 1)); got.code != want {
		t.Errorf("exit code %d for level %s", got.code, r.Level)
	}
	return r
}

// worst are the findings of the worst level.
func (r report) worst() string {
	var worst []string
	for _, finding := range r.Findings {
		if finding.Level == r.Level {
			worst = append(worst, finding.Found)
		}
	}
	return strings.Join(worst, "\n")
}

// fate is what becomes of a home's plugins under cvt.
type fate string

const (
	starts fate = "its plugins start"
	off    fate = "cvt goes on without plugins"
	fails  fate = "cvt does not start"
	// A plugin that starts, though the calls of its hooks fail.
	callsFail fate = "its plugins start, and calls fail"
)

// fate has cvt start the plugins.
func (h *home) fate(t *testing.T, call string) fate {
	t.Helper()
	got := h.validate(t, goodPet)
	switch {
	case strings.Contains(got.stderr, notLoaded):
		return off
	case got.code != 0 && strings.Contains(got.stderr, "Error: plugin "):
		return fails
	case got.code != 0 || got.stderr != "":
		t.Fatalf("%+v", got)
	case call != "" && h.callFails(t, call):
		return callsFail
	}
	// Each plugin that starts opens the log file.
	if _, err := os.Stat(h.path("plugin.log")); err != nil {
		return off
	}
	return starts
}

// callFails fetches a schema by the hook, for cvt to log why it cannot.
func (h *home) callFails(t *testing.T, words string) bool {
	t.Helper()
	s := h.serve(t)
	if _, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "petstore"}); err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	return strings.Contains(s.log(), words)
}

// TestDoctor holds what our own command says of a home against what becomes of
// its plugins.
func TestDoctor(t *testing.T) {
	t.Parallel()
	if len(homes) < 40 {
		t.Errorf("%d homes", len(homes))
	}
	for title, it := range homes {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			it.make(t, h)
			before := h.files(t)
			r := h.doctor(t)
			if after := h.files(t); !slices.Equal(before, after) {
				t.Errorf("doctor writes: %q, and before %q", after, before)
			}
			if r.Level != it.level || !strings.Contains(r.worst(), it.found) {
				t.Errorf("%s, want %s: %q in %+v", r.Level, it.level, it.found, r.Findings)
			}
			if strings.Contains(r.text(), secret) {
				t.Errorf("the secret is in %+v", r)
			}
			if got := h.fate(t, it.call); got != it.fate {
				t.Errorf("%s, want: %s", got, it.fate)
			}
		})
	}
}

// text is all of the report.
func (r report) text() string {
	text, _ := json.Marshal(r)
	return string(text)
}

// files are the files of a home.
func (h *home) files(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.Walk(h.dir, func(path string, info os.FileInfo, err error) error {
		// Go's own tools keep figures there, whenever they like.
		if strings.HasPrefix(path, filepath.Join(h.dir, ".config", "go")) {
			return nil
		}
		if err == nil && path != filepath.Join(h.dir, ".config") && path != h.dir {
			files = append(files, path+" "+info.ModTime().String())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// Sockets come and go in the directory for temporary files.
	return slices.DeleteFunc(files, func(file string) bool { return strings.HasPrefix(file, h.sockets()) })
}
