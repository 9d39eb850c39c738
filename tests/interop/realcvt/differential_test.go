package realcvt

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// ownRefusal is what our own command says of a config.yaml that CVT would not
// load.
const ownRefusal = "CVT would not load this file"

// loadOwn has our own command load a config.yaml and start its plugin a. It
// returns what it says, if the file does not load. arguments come on top.
func (h *home) loadOwn(t *testing.T, config string, arguments ...string) (problems string) {
	t.Helper()
	arguments = append([]string{"call", "--config-file", h.configure(t, config), "--plugin", "a"}, arguments...)
	got := run(t, h.command(cli.path(t), append(arguments, "Info")...))
	if strings.Contains(got.stderr, ownRefusal) {
		return got.stderr
	}
	if got.code != 0 {
		t.Errorf("%s\n%+v", config, got)
	}
	return ""
}

// homeOfA is a home with a recorder for a plugin, and an environment for its
// config: A is ${X}, EMPTY is empty, and no other variable is set.
func homeOfA(t *testing.T) *home {
	t.Helper()
	h := newHome(t)
	h.set("A", "${X}")
	h.set("EMPTY", "")
	h.record(t, "a", "a")
	return h
}

// TestBothAccept shows that our own command reads what CVT reads, and sends
// plugins the same.
func TestBothAccept(t *testing.T) {
	t.Parallel()
	for index, config := range accepted {
		t.Run(fmt.Sprint(index), func(t *testing.T) {
			t.Parallel()
			h := homeOfA(t)
			real := h.delivered(t, "a", func() {
				if warning := h.load(t, config); warning != "" {
					t.Errorf("%s\n%s", config, warning)
				}
			})
			own := h.delivered(t, "a", func() {
				if problems := h.loadOwn(t, config); problems != "" {
					t.Errorf("%s\n%s", config, problems)
				}
			})
			if !reflect.DeepEqual(own, real) {
				t.Errorf("%s\nsends %+v, and CVT sends %+v", config, own, real)
			}
		})
	}
}

// TestBothRefuse shows that our own command refuses what CVT refuses.
func TestBothRefuse(t *testing.T) {
	t.Parallel()
	for config, words := range refused {
		t.Run(config, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			if warning := h.load(t, config); !strings.Contains(warning, words.real) {
				t.Errorf("CVT says %q, want %q", warning, words.real)
			}
			if problems := h.loadOwn(t, config); !strings.Contains(problems, words.own) {
				t.Errorf("our own command says %q, want %q", problems, words.own)
			}
		})
	}
}

// TestOwnIsLaxer keeps the list of what only our own command accepts.
func TestOwnIsLaxer(t *testing.T) {
	t.Parallel()
	for config, real := range laxer {
		t.Run(config, func(t *testing.T) {
			t.Parallel()
			h := homeOfA(t)
			if warning := h.load(t, config); !strings.Contains(warning, real) {
				t.Errorf("CVT says %q, want %q", warning, real)
			}
			if problems := h.loadOwn(t, config, filepath.Join(h.plugins(), "a")); problems != "" {
				t.Error(problems)
			}
		})
	}
}

// TestOwnIsStricter keeps the list of what only CVT accepts.
func TestOwnIsStricter(t *testing.T) {
	t.Parallel()
	for config, own := range stricter {
		t.Run(config, func(t *testing.T) {
			t.Parallel()
			h := homeOfA(t)
			h.delivered(t, "a", func() {
				if warning := h.load(t, config); warning != "" {
					t.Error(warning)
				}
			})
			if problems := h.loadOwn(t, config); !strings.Contains(problems, own) {
				t.Errorf("our own command says %q, want %q", problems, own)
			}
		})
	}
}
