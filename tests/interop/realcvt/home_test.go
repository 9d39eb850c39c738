package realcvt

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// home is the home directory of somebody who uses CVT, and their environment.
type home struct {
	dir string
	env []string
}

// newHome is an empty home. Its path is short enough for sockets, as that of
// t.TempDir is not.
func newHome(t *testing.T) *home {
	t.Helper()
	dir, err := os.MkdirTemp("", "cvt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	h := &home{dir: dir}
	h.set("HOME", dir)
	h.set("PATH", os.Getenv("PATH"))
	h.set("TMPDIR", h.sockets())
	h.set("CVT_PLUGIN_LOG_FILE", h.path("plugin.log"))
	for _, dir := range []string{h.sockets(), h.plugins()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

func (h *home) set(variable, value string) { h.env = append(h.env, variable+"="+value) }

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

// plugins is where CVT installs them.
func (h *home) plugins() string { return h.path(".cvt/plugins") }

// sockets is the directory for temporary files: only plugins' sockets, here.
func (h *home) sockets() string { return h.path("tmp") }

// command is a command of this user's.
func (h *home) command(path string, arguments ...string) *exec.Cmd {
	command := exec.Command(path, arguments...)
	command.Dir, command.Env = h.dir, h.env
	return command
}

// cvt runs the real cvt.
func (h *home) cvt(t *testing.T, arguments ...string) outcome {
	t.Helper()
	return run(t, h.command(cvt, arguments...))
}

// mustDo is cvt for what has to succeed.
func (h *home) mustDo(t *testing.T, arguments ...string) outcome {
	t.Helper()
	outcome := h.cvt(t, arguments...)
	if outcome.code != 0 || outcome.stderr != "" {
		t.Fatalf("cvt %q: %+v", arguments, outcome)
	}
	return outcome
}

// write writes a file of this user's and returns its path.
func (h *home) write(t *testing.T, name, text string) string {
	t.Helper()
	path := h.path(name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// configure writes CVT's config.yaml.
func (h *home) configure(t *testing.T, text string) string {
	t.Helper()
	return h.write(t, ".cvt/config.yaml", text)
}

// with is a home with a plugin in it that is configured so.
func with(t *testing.T, plugin binary, config string) *home {
	t.Helper()
	h := newHome(t)
	h.mustDo(t, "plugins", "install", plugin.path(t))
	h.configure(t, config)
	return h
}
