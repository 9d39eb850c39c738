package realcvt

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// self is what a plugin says of itself by --info.
type self struct {
	Name   string
	RPCs   []string
	Config []struct {
		Name             string
		Required, Secret bool
	}
}

// TestPrintedStanza starts each plugin with what it prints by --config.
func TestPrintedStanza(t *testing.T) {
	t.Parallel()
	for name, plugin := range plugins {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed := plugin.ask(t, "--config")
			for _, text := range []string{printed, wholly(printed)} {
				h := with(t, plugin, text)
				h.set("SLACK_WEBHOOK_URL", "http://127.0.0.1:9") // required, and the environment's
				if warning := h.load(t, text); warning != "" {
					t.Error(warning)
				}
				h.wantLog(t) // it has run, and found nothing odd in its config
			}
			var info self
			if err := json.Unmarshal([]byte(plugin.ask(t, "--info")), &info); err != nil {
				t.Fatal(err)
			}
			info.wantStanza(t, printed)
		})
	}
}

// wantStanza fails the test unless the stanza agrees with --info where CVT
// cannot tell.
func (s self) wantStanza(t *testing.T, printed string) {
	t.Helper()
	var stanza struct {
		Plugins map[string]struct {
			Secrets []string
			Config  map[string]string
		}
		Hooks map[string]string
	}
	if err := yaml.Unmarshal([]byte(printed), &stanza); err != nil {
		t.Fatal(err)
	}
	plugin, declared := stanza.Plugins[s.Name]
	if !declared || len(stanza.Plugins) != 1 {
		t.Errorf("plugins: %v", stanza.Plugins)
	}
	for _, key := range s.Config {
		if key.Secret != slices.Contains(plugin.Secrets, key.Name) {
			t.Errorf("secrets: %v, while %s: %v", plugin.Secrets, key.Name, key.Secret)
		}
		if key.Required && plugin.Config[key.Name] == "" {
			t.Errorf("%s is required, and not set", key.Name)
		}
	}
	if len(stanza.Hooks) != len(s.RPCs) {
		t.Errorf("hooks %v, while handled: %v", stanza.Hooks, s.RPCs)
	}
	for hook, name := range stanza.Hooks {
		if name != s.Name || !slices.Contains(s.RPCs, rpcOf(hook)) {
			t.Errorf("hook %s: %q, while handled: %v", hook, name, s.RPCs)
		}
	}
}

// rpcOf is OnValidationFailed for on_validation_failed.
func rpcOf(hook string) string {
	return regexp.MustCompile("(?:^|_)[a-z]").ReplaceAllStringFunc(hook, func(start string) string {
		return strings.ToUpper(strings.TrimPrefix(start, "_"))
	})
}
