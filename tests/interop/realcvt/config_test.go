package realcvt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"
)

const secret = "s3cr3t-t0ken"

// stanza configures one plugin, which provides a registry, with keys of its
// config and their values.
func stanza(name, config string) string {
	return fmt.Sprintf(`config_version: 1
plugins:
  %[1]s: {binary: ~/.cvt/plugins/cvt-plugin-%[1]s, config: {%[2]s}}
hooks: {fetch_schema: %[1]s, register_consumer_usage: %[1]s}
`, name, config)
}

// wantHidden fails the test if the secret is in the output, or the log.
func (h *home) wantHidden(t *testing.T, printed ...string) {
	t.Helper()
	for _, text := range append(printed, read(t, h.path("plugin.log"))) {
		if strings.Contains(text, secret) {
			t.Errorf("the secret is in %s", text)
		}
	}
}

func TestMalformedValueFailsTheStart(t *testing.T) {
	t.Parallel()
	const invalid = "InvalidArgument"
	for title, it := range map[string]struct {
		plugin       binary
		name, config string
		parts        []string
	}{
		"number":   {typed, "typed", "times: many", []string{invalid, `SetConfig "times"`, `invalid value "many": expected a whole number`, "default: 1"}},
		"duration": {typed, "typed", "delay: 5", []string{invalid, `SetConfig "delay"`, `invalid value "5": expected a duration`, "time unit needed"}},
		"url":      {rest, "rest", "base_url: localhost:8080", []string{invalid, `SetConfig "base_url"`, "http:// or https://", "example: https://"}},
		"secret":   {rest, "rest", `token: "${SECRET}\n"`, []string{invalid, `SetConfig "token"`, "Bearer token", "No line breaks"}},
		"parser":   {typed, "typed", "pin: 'wrong ${SECRET}'", []string{invalid, `SetConfig "pin"`, "Opens what the token does not"}},
		"panic":    {typed, "typed", "pin: 'panic ${SECRET}'", []string{"Internal", `SetConfig "pin"`, "the plugin panicked"}},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			h := with(t, it.plugin, stanza(it.name, it.config))
			h.set("SECRET", secret)
			for _, got := range []outcome{h.validate(t, goodPet), h.cvt(t, serving...)} {
				if got.code != 1 {
					t.Errorf("cvt has ended with %d", got.code)
				}
				for _, part := range append(it.parts, fmt.Sprintf("Error: plugin %q: ", it.name)) {
					if !strings.Contains(got.stderr, part) {
						t.Errorf("no %s in %s", part, got.stderr)
					}
				}
				h.wantHidden(t, got.stdout, got.stderr)
			}
			h.wantNoTraces(t)
		})
	}
}

func TestMissingKeysFailTheFirstCall(t *testing.T) {
	t.Parallel()
	for name, it := range map[string]struct {
		plugin binary
		keys   []string
	}{
		"rest":  {rest, []string{"`base_url`", "Base URL of the registry's API"}},
		"typed": {typed, []string{"`greeting`", "What the plugin responds with", "`audience`", "Who may know the greeting"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := with(t, it.plugin, stanza(name, "")).serve(t)
			schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "petstore"})
			if err != nil || schema.GetFound() {
				t.Errorf("%v, %v", schema, err)
			}
			s.stop(t)
			s.wantLogged(t, append(it.keys, "fetch_schema plugin returned error", "FailedPrecondition", "~/.cvt/config.yaml")...)
		})
	}
}

// TestSecretsStayInside has typed say its token in all ways it knows.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	h := with(t, typed, typed.ask(t, "--config"))
	h.set("TYPED_TOKEN", secret)
	h.set("TYPED_PIN", secret+"-too")
	h.set("CVT_PLUGIN_LOG", "trace")
	s := h.serve(t)
	for _, way := range []string{"log", "pieces", "long", "json", "error", "pin", "panic"} {
		response, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "leak-" + way})
		if err != nil || response.GetFound() {
			t.Errorf("%s: %v, %v", way, response, err)
		}
	}
	s.stop(t)
	s.wantLogged(t, "leak-error", "Unavailable", "[redacted]")
	h.wantHidden(t, s.stdout.String(), s.log())
	if !strings.Contains(read(t, h.path("plugin.log")), "[redacted]") {
		t.Error("nothing was redacted: has the plugin leaked at all?")
	}
}

func TestUnsetVariableTurnsPluginsOff(t *testing.T) {
	t.Parallel()
	h := with(t, typed, stanza("typed", "greeting: '${NOWHERE}'"))
	got := h.validate(t, goodPet)
	if got.code != 0 || !strings.Contains(got.stderr, notLoaded) || !strings.Contains(got.stderr, `"NOWHERE"`) {
		t.Errorf("%+v", got)
	}
}
