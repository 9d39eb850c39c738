package realcvt

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const stanzasDirectory = "../../suites/config/stanzas/"

// stanzas are all that this repository prints or shows.
func stanzas(t *testing.T) map[string]string {
	t.Helper()
	stanzas := map[string]string{}
	golden, err := filepath.Glob(stanzasDirectory + "*.yaml")
	if err != nil || len(golden) == 0 {
		t.Fatalf("no stanzas: %v", err)
	}
	for _, path := range golden {
		stanzas[filepath.Base(path)] = read(t, path)
	}
	fenced := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	for _, path := range []string{"README.md", "examples/rest/README.md", "examples/slack/README.md", "examples/sqlite/README.md"} {
		found := fenced.FindAllStringSubmatch(read(t, "../../../"+path), -1)
		if len(found) == 0 {
			t.Fatalf("%s: no stanza", path)
		}
		for index, match := range found {
			stanzas[fmt.Sprintf("%s, %d", path, index)] = match[1]
		}
	}
	for name, plugin := range plugins {
		stanzas[name+" --config"] = plugin.ask(t, "--config")
	}
	return stanzas
}

var (
	commentedOut = regexp.MustCompile(`(?m)^      # (\S+: )`)
	binaryLine   = regexp.MustCompile(`(?m)^    binary: ~/\.cvt/plugins/(cvt-plugin-(.*))$`)
	secretsLine  = regexp.MustCompile(`(?m)^    secrets: \[(.*)\]$`)
	variable     = regexp.MustCompile(`\$\{(\w+)`)
)

// wholly is a stanza with all that is commented out.
func wholly(stanza string) string { return commentedOut.ReplaceAllString(stanza, "      $1") }

// recorderOf is a home with a recorder in the place of the stanza's plugin, and
// all its variables set.
func recorderOf(t *testing.T, stanza string) (h *home, file string) {
	t.Helper()
	match := binaryLine.FindStringSubmatch(stanza)
	if match == nil {
		t.Fatalf("no binary in %s", stanza)
	}
	h = newHome(t)
	h.record(t, match[2], match[1])
	for _, match := range variable.FindAllStringSubmatch(stanza, -1) {
		h.set(match[1], "the value of "+match[1])
	}
	return h, match[1]
}

func TestStanzas(t *testing.T) {
	t.Parallel()
	for title, text := range stanzas(t) {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			deliver(t, wholly(text))
			got := deliver(t, text)
			seen := map[string]bool{}
			for _, key := range secretsOf(text) {
				if value := got[key]; !strings.HasPrefix(value, "the value of ") || seen[value] {
					t.Errorf("the secret %s is %q", key, value)
				}
				seen[got[key]] = true
			}
		})
	}
}

// deliver returns the config that CVT delivers to a stanza's plugin.
func deliver(t *testing.T, stanza string) map[string]string {
	t.Helper()
	h, file := recorderOf(t, stanza)
	config := map[string]string{}
	deliveries := h.delivered(t, file, func() {
		if warning := h.load(t, stanza); warning != "" {
			t.Error(warning)
		}
	})
	for _, d := range deliveries {
		config[d.Key] = d.Value
	}
	return config
}

func secretsOf(stanza string) []string {
	match := secretsLine.FindStringSubmatch(stanza)
	if match == nil {
		return nil
	}
	return strings.Split(strings.ReplaceAll(match[1], `"`, ""), ", ")
}

// TestValuesSurviveYAML compares what the author wrote with what CVT delivers.
func TestValuesSurviveYAML(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]map[string]string{
		"letters.yaml": {
			"greeting": `Dear "all": # hello, 'you'`,
			"number":   "10",
			"sent":     "yes",
			"lines":    "first\nsecond",
			"strange":  "tab\tnext\u0085line \U0001f47b",
		},
		"null.yaml": {"null": "null", "true": "the value of NULL_TRUE", "no": "the value of NULL_NO"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			if got := deliver(t, read(t, stanzasDirectory+file)); !maps.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// TestPastedBesideAnother shows what the stanzas warn of.
func TestPastedBesideAnother(t *testing.T) {
	t.Parallel()
	mine := read(t, stanzasDirectory+"vault.yaml")
	if warning := newHome(t).load(t, mine+mine); !strings.Contains(warning, "already defined") {
		t.Errorf("a key that is there twice: %s", warning)
	}
}
