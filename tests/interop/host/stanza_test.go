package host

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cvtplugin.dev/tests/interop/cvt"
)

const home = "/home/me"

// self is what a plugin says of itself by --info.
type self struct {
	Name   string
	RPCs   []string
	Config []struct {
		Name             string
		Required, Secret bool
	}
}

// TestStanza loads what a plugin prints by --config, unchanged, as CVT would.
func TestStanza(t *testing.T) {
	for _, s := range []subject{subjects[0], subjects[1], rest, typed} {
		t.Run(s.title, func(t *testing.T) {
			var info self
			if err := json.Unmarshal(s.ask(t, "--info"), &info); err != nil {
				t.Fatal(err)
			}
			stanza := s.ask(t, "--config")
			config, err := cvt.LoadConfig(stanza, home, secrets)
			if err != nil {
				t.Fatalf("%v in\n%s", err, stanza)
			}
			plugin, declared := config.Plugins[info.Name]
			if !declared || len(config.Plugins) != 1 {
				t.Fatalf("plugins: %v", config.Plugins)
			}
			if want := filepath.Join(home, ".cvt/plugins", filepath.Base(s.binary(t))); plugin.Binary != want {
				t.Errorf("binary %s, want %s", plugin.Binary, want)
			}
			for _, key := range info.Config {
				if key.Secret != slices.Contains(plugin.Secrets, key.Name) {
					t.Errorf("secrets: %v, while %s: %v", plugin.Secrets, key.Name, key.Secret)
				}
				if value := plugin.Config[key.Name]; key.Required && value == "" {
					t.Errorf("%s is required, and not set", key.Name)
				}
			}
			for hook, name := range config.Hooks.ByName() {
				if handled := slices.Contains(info.RPCs, rpcOf(hook)); handled != (name == info.Name) {
					t.Errorf("hook %s: %q, while handled: %v", hook, name, handled)
				}
			}
		})
	}
}

// secrets is the environment of an operator who has set them all.
func secrets(name string) (string, bool) { return "the value of " + name, true }

// rpcOf is OnValidationFailed for on_validation_failed.
func rpcOf(hook string) string {
	return regexp.MustCompile("(?:^|_)[a-z]").ReplaceAllStringFunc(hook, func(start string) string {
		return strings.ToUpper(strings.TrimPrefix(start, "_"))
	})
}

// ask starts the plugin by hand, with one argument, and returns its answer.
func (s subject) ask(t *testing.T, argument string) []byte {
	t.Helper()
	command := exec.Command(s.binary(t), argument)
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	var stderr bytes.Buffer
	command.Stderr = &stderr
	answer, err := command.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v, %s", argument, err, &stderr)
	}
	return answer
}
