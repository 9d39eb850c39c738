package cvt

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const home = "/home/me"

func nothing(string) (string, bool) { return "", false }

// everything is an environment in which each variable is set.
func everything(name string) (string, bool) { return "the value of " + name, true }

func TestWhatCVTReads(t *testing.T) {
	config, err := LoadConfig([]byte(`
config_version: 1
plugins:
  a-1:
    binary: ~/.cvt/plugins/sub/../a
    timeout: 1h30m
    secrets: [token]
    config: {token: "${A}${B:-b}${C:-}$D$$}", number: 10, yes: yes, hex: 0x10, nothing: , none: null, quoted: "null"}
  b:
    binary: /home/me/.cvt/plugins/b
    on_error: fail_open
    timeout: 0s
hooks: {fetch_schema: a-1, on_validation_failed: ""}
---
ignored: true
`), home, func(name string) (string, bool) { return map[string]string{"A": "${X}"}[name], name == "A" })
	if err != nil {
		t.Fatal(err)
	}
	a, b := config.Plugins["a-1"], config.Plugins["b"]
	want := map[string]string{
		"token": "${X}b$D$$}", "number": "10", "yes": "yes", "hex": "0x10", "nothing": "", "none": "", "quoted": "null",
	}
	if !maps.Equal(a.Config, want) {
		t.Errorf("config: %q, want %q", a.Config, want)
	}
	if a.Binary != home+"/.cvt/plugins/a" || a.Timeout != 90*time.Minute || a.OnError != "fail_closed" {
		t.Errorf("a: %+v", a)
	}
	if b.Timeout != defaultTimeout || b.OnError != "fail_open" {
		t.Errorf("b: %+v", b)
	}
}

func TestWhatCVTRefuses(t *testing.T) {
	const (
		plugin = "plugins: {a: {binary: ~/.cvt/plugins/a"
		config = plugin + ", config: "
	)
	for text, want := range map[string]string{
		"":                                               "EOF",
		"# nothing":                                      "EOF",
		"config_version: 2":                              "upgrade cvt",
		"plugin: {}":                                     "field plugin not found",
		"hooks: {on_fire: a}":                            "field on_fire not found",
		plugin + ", path: x}}":                           "field path not found",
		"plugins: {}\nplugins: {}":                       "already defined",
		config + "{k: a, k: b}}}":                        "already defined",
		config + "{k: [a]}}}":                            "cannot unmarshal",
		config + "{k: {a: b}}}}":                         "cannot unmarshal",
		plugin + ", timeout: 5}}":                        "cannot unmarshal",
		plugin + ", timeout: 0}}":                        "cannot unmarshal",
		plugin + ", timeout: 1d}}":                       "cannot unmarshal",
		plugin + ", on_error: ignore}}":                  "on_error",
		plugin + ", secrets: [k]}}":                      `secret "k"`,
		config + "{null: x}, secrets: [k]}}":             `secret "k"`,
		config + "{k: '${A}'}}}":                         `env var "A" unset and no default`,
		config + "{k: '${}'}}}":                          `env var "" unset and no default`,
		config + "{k: '${A:=b}'}}}":                      `env var "A:=b" unset and no default`,
		config + "{k: 'a${A'}}}":                         "unterminated ${ in value",
		"plugins: {A: {binary: ~/.cvt/plugins/a}}":       "the name",
		"plugins: {a: {}}":                               "no absolute path",
		"plugins: {a: {binary: .cvt/plugins/a}}":         "no absolute path",
		"plugins: {a: {binary: ~me/.cvt/plugins/a}}":     "no absolute path",
		"plugins: {a: {binary: $HOME/.cvt/plugins/a}}":   "no absolute path",
		"plugins: {a: {binary: ~/.cvt/plugins/}}":        "is not below",
		"plugins: {a: {binary: ~/.cvt/plugins/../a}}":    "is not below",
		"plugins: {a: {binary: ~/.cvt/plugins-of-me/a}}": "is not below",
		"hooks: {fetch_schema: a}":                       `there is no plugin "a"`,
	} {
		_, err := LoadConfig([]byte(text), home, nothing)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// stanzas are those that tests of the Rust side hold the plugins to.
func stanzas(t *testing.T) map[string][]byte {
	t.Helper()
	stanzas := map[string][]byte{}
	golden, err := filepath.Glob("../../config/stanzas/*.yaml")
	if err != nil || len(golden) == 0 {
		t.Fatalf("no stanzas: %v", err)
	}
	for _, path := range golden {
		stanzas[path] = read(t, path)
	}
	fenced := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	for _, path := range []string{"../../../README.md", "../../../examples/rest/README.md"} {
		found := fenced.FindAllSubmatch(read(t, path), -1)
		if len(found) == 0 {
			t.Fatalf("%s: no stanza", path)
		}
		for index, match := range found {
			stanzas[fmt.Sprintf("%s, %d", path, index)] = match[1]
		}
	}
	return stanzas
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var commentedOut = regexp.MustCompile(`(?m)^      # (\S+: )`)

// TestStanzas loads each stanza as it is, and with all that is commented out.
func TestStanzas(t *testing.T) {
	for title, text := range stanzas(t) {
		if _, err := LoadConfig(commentedOut.ReplaceAll(text, []byte("      $1")), home, everything); err != nil {
			t.Errorf("%s, without comments: %v", title, err)
		}
		config, err := LoadConfig(text, home, everything)
		if err != nil {
			t.Errorf("%s: %v", title, err)
			continue
		}
		for name, plugin := range config.Plugins {
			variables := map[string]bool{}
			for _, secret := range plugin.Secrets {
				value := plugin.Config[secret]
				if !strings.HasPrefix(value, "the value of ") || variables[value] {
					t.Errorf("%s: %s: %s is %q", title, name, secret, value)
				}
				variables[value] = true
			}
		}
	}
}

// TestValuesSurviveYAML compares what the author wrote with what CVT delivers.
func TestValuesSurviveYAML(t *testing.T) {
	config, err := LoadConfig(read(t, "../../config/stanzas/letters.yaml"), home, nothing)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"greeting": `Dear "all": # hello, 'you'`,
		"number":   "10",
		"sent":     "yes",
		"lines":    "first\nsecond",
		"strange":  "tab\tnext\u0085line \U0001f47b",
	}
	if got := config.Plugins["l"].Config; !maps.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	config, err = LoadConfig(read(t, "../../config/stanzas/null.yaml"), home, everything)
	if err != nil {
		t.Fatal(err)
	}
	want = map[string]string{"null": "null", "true": "the value of NULL_TRUE", "no": "the value of NULL_NO"}
	if got := config.Plugins["null"].Config; !maps.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestPastedBesideAnother shows what the stanzas warn of.
func TestPastedBesideAnother(t *testing.T) {
	mine := read(t, "../../config/stanzas/vault.yaml")
	_, err := LoadConfig(append(mine, mine...), home, everything)
	if err == nil || !strings.Contains(err.Error(), "already defined") {
		t.Errorf("a key that is there twice: %v", err)
	}
}
