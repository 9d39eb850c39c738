package realcvt

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is a program of this repository.
type binary struct {
	variable string // holds its path
	crate    string
}

var (
	hello  = binary{"CVT_PLUGIN_HELLO", "cvt-plugin-hello"}
	echo   = binary{"CVT_PLUGIN_ECHO", "cvt-plugin-echo"}
	rest   = binary{"CVT_PLUGIN_REST", "cvt-plugin-rest"}
	slack  = binary{"CVT_PLUGIN_SLACK", "cvt-plugin-slack"}
	sqlite = binary{"CVT_PLUGIN_SQLITE", "cvt-plugin-sqlite"}
	typed  = binary{"CVT_PLUGIN_TYPED", "cvt-plugin-typed"}

	// broken has a fault, which the variable BROKEN names.
	broken = binary{"CVT_PLUGIN_BROKEN", "cvt-plugin-broken"}

	cli = binary{"CVT_PLUGIN_CLI", "cvtplugin-cli"}
)

// plugins are all of them, by their names.
var plugins = map[string]binary{"hello": hello, "echo": echo, "rest": rest, "slack": slack, "sqlite": sqlite, "typed": typed}

func (b binary) path(t *testing.T) string {
	t.Helper()
	path := os.Getenv(b.variable)
	if path == "" {
		t.Fatalf("%s is not set: build with `cargo build --release -p %s` and set it to the binary's path", b.variable, b.crate)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// ask runs a plugin from a shell, with one argument, and returns its output.
func (b binary) ask(t *testing.T, argument string) string {
	t.Helper()
	command := exec.Command(b.path(t), argument)
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	outcome := run(t, command)
	if outcome.code != 0 || outcome.stderr != "" {
		t.Fatalf("%s: %v", argument, outcome)
	}
	return outcome.stdout
}
