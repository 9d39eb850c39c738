package realcvt

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"
)

// The guide's page about operating plugins, row by row: what goes wrong, and
// what CVT says. Not tested here: a slow disk, Docker, systemd, and the port of
// the metrics, since tests run beside each other. Mistakes in config.yaml are
// among the homes, and the plugins' endings in tests of their own.

// ofEcho is a config with the plugin echo, bound to fetch_schema.
func ofEcho(more string) string {
	return "plugins: {echo: {binary: ~/.cvt/plugins/cvt-plugin-echo" + more + "}}\nhooks: {fetch_schema: echo}\n"
}

// unstartable are homes in which a plugin does not start, with what CVT says.
var unstartable = map[string]struct {
	make func(t *testing.T, h *home)
	says string
}{
	"replaced in place": {homes["replaced"].make, "sha256 mismatch"},
	"late":              {homes["late"].make, "timeout while waiting for plugin to start"},
	"line of its own":   {script("#!/bin/sh\necho there is no room for a socket\nexit 1\n"), "there is no room for a socket"},
	"other processor":   {homes["other processor"].make, "exec format error"},
	"loader missing":    {homes["loader missing"].make, "no such file or directory"},
	"Info": {func(t *testing.T, h *home) {
		h.set("ECHO_TICK_MS", "soon")
		h.install(t, echo)
		h.configure(t, ofEcho(""))
	}, "handshake Info: rpc error: code = InvalidArgument desc = ECHO_TICK_MS"},
	"SetConfig": {homes["refused value"].make, `SetConfig "times": rpc error: code = InvalidArgument desc = invalid value "many"`},
}

// TestUnstartable starts cvt with plugins that do not start, under both
// policies: that stops every command but a few.
func TestUnstartable(t *testing.T) {
	t.Parallel()
	for title, it := range unstartable {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			it.make(t, h)
			config := read(t, h.path(".cvt/config.yaml"))
			for _, policy := range []string{"fail_closed", "fail_open"} {
				h.configure(t, strings.Replace(config, "{binary:", "{on_error: "+policy+", binary:", 1))
				got := h.validate(t, goodPet)
				if got.code == 0 || !strings.Contains(got.stderr, it.says) {
					t.Errorf("under %s: %+v, want %q", policy, got, it.says)
				}
			}
			for _, arguments := range [][]string{{"version"}, {"help"}, {"plugins", "list"}, {"wait", "--help"}, {"mock", "--help"}} {
				if got := h.cvt(t, arguments...); got.code != 0 {
					t.Errorf("cvt %q: %+v", arguments, got)
				}
			}
			h.set("CVT_DISABLE_PLUGINS", "1")
			if got := h.validate(t, goodPet); got.code != 0 {
				t.Errorf("in safe mode: %+v", got)
			}
		})
	}
}

// fetched are calls of echo, whose schema id says what comes of it, with what
// cvt's log says.
var fetched = map[string]struct{ id, logged string }{
	"unavailable":           {"error:14:the backend is down", "code = Unavailable desc = the backend is down"},
	"timeout":               {"sleep:60000", "code = DeadlineExceeded desc = "},
	"panic":                 {"panic", "code = Internal desc = the plugin panicked in FetchSchema: set CVT_PLUGIN_LOG_FILE"},
	"not found":             {"error:5:no such schema", "code = NotFound desc = no such schema"},
	"a spec that is YAML":   {"openapi: 3.1.0", "Failed to parse schema from fetch_schema plugin"},
	"a spec that is no API": {`config:{}`, ""},
	"opting out":            {"error:12:not here", ""},
	"nothing":               {"config:unset", ""},
}

func TestFetchedSchemas(t *testing.T) {
	t.Parallel()
	s := with(t, echo, ofEcho(", timeout: 300ms")).serve(t)
	for title, it := range fetched {
		schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: it.id})
		if err != nil || schema.GetFound() {
			t.Errorf("%s: %v, %v", title, schema, err)
		}
	}
	s.stop(t)
	for _, it := range fetched {
		if it.logged != "" {
			s.wantLogged(t, it.logged)
		} else if strings.Contains(s.log(), it.id) {
			t.Errorf("%s is in cvt's log: %s", it.id, s.log())
		}
	}
}

// TestWarningsOfSpecs finds in the plugin's own log what cvt does not say.
func TestWarningsOfSpecs(t *testing.T) {
	t.Parallel()
	s := with(t, echo, ofEcho("")).serve(t)
	for _, id := range []string{"config:unset", "config:unset", "YAML"} {
		if _, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: id}); err != nil {
			t.Fatal(err)
		}
	}
	s.stop(t)
	s.home.wantLog(t,
		record{"@level": "warn", "@message": `CVT passes over the spec of schema "config:unset": it is empty, which CVT takes for opting out: expected OpenAPI, or an error, Unimplemented to opt out on purpose`},
		record{"@level": "warn", "@message": `CVT passes over the spec of schema "YAML": it is not a JSON document: expected OpenAPI as JSON`},
	)
}

// stored is a home whose cvt has a storage, with a schema in it by this id.
func stored(t *testing.T, id string) *home {
	t.Helper()
	h := newHome(t)
	h.set("CVT_STORAGE_ENABLED", "true")
	h.set("CVT_STORAGE_TYPE", "sqlite")
	h.set("CVT_STORAGE_DSN", h.path("cvt.db"))
	s := h.serve(t)
	s.register(t, id, petstore(t), false)
	s.stop(t)
	h.install(t, echo)
	return h
}

// TestGoOnWithoutMe shows when cvt looks into its own storage.
func TestGoOnWithoutMe(t *testing.T) {
	t.Parallel()
	for title, it := range map[string]struct {
		id, policy string
		found      bool
	}{
		"an error under fail_closed": {"error:5:no such schema", "fail_closed", false},
		"an error under fail_open":   {"error:5:no such schema", "fail_open", true},
		"Unimplemented":              {"error:12:go on", "fail_closed", true},
		"an empty spec":              {"config:unset", "fail_closed", true},
		"a spec that is passed over": {"no JSON", "fail_closed", true},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			h := stored(t, it.id)
			h.configure(t, ofEcho(", on_error: "+it.policy))
			s := h.serve(t)
			// By its version: cvt finds no latest one in its storage.
			schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: it.id, SchemaVersion: "1.0.0"})
			if err != nil || schema.GetFound() != it.found {
				t.Errorf("%v, %v", schema, err)
			}
			s.stop(t)
			if logged := strings.Contains(s.log(), "returned error"); logged == it.found {
				t.Errorf("logged: %v", s.log())
			}
		})
	}
}

// TestCompatibilityCheck shows what the plugin's response means for
// RegisterSchema with the check.
func TestCompatibilityCheck(t *testing.T) {
	t.Parallel()
	s := with(t, echo, ofEcho("")).serve(t)
	for id, passes := range map[string]bool{
		"error:5:no such schema": false,
		"error:14:down":          false,
		"error:12:go on":         true,
		"config:unset":           true,
	} {
		response, err := s.RegisterSchema(patient(t), &pb.RegisterSchemaRequest{
			SchemaId: id, SchemaContent: petstore(t), CheckCompatibility: true,
		})
		if err != nil || response.GetSuccess() != passes {
			t.Errorf("%s: %v, %v", id, response, err)
		}
		_, why, _ := strings.Cut(id, ":")
		if _, why, _ = strings.Cut(why, ":"); !passes && !strings.Contains(response.GetMessage(), why) {
			t.Errorf("%s: %v", id, response)
		}
	}
}

// TestDeadPlugin kills a plugin under cvt, which does not start it again.
func TestDeadPlugin(t *testing.T) {
	t.Parallel()
	s := with(t, echo, ofEcho("")).serve(t)
	plugin := handle(t, s.home.running(t)[0])
	for _, id := range []string{"exit:3", "one", "another"} {
		if schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: id}); err != nil || schema.GetFound() {
			t.Errorf("%s: %v, %v", id, schema, err)
		}
	}
	awaitEnd(t, plugin)
	if pids := s.home.running(t); len(pids) > 0 {
		t.Errorf("running: %v", pids)
	}
	s.wantMetrics(t,
		`cvt_plugin_up{plugin="echo"} 1`,
		`cvt_plugin_call_errors_total{code="Unavailable",method="FetchSchema",plugin="echo",service="registry.v1"} 3`,
	)
	s.stop(t)
	s.wantLogged(t, `"schemaId":"another"`, "Unavailable")
}

// TestLostAlert shows that only the metric tells of an alert that failed.
func TestLostAlert(t *testing.T) {
	t.Parallel()
	h := with(t, slack, "plugins: {slack: {binary: ~/.cvt/plugins/cvt-plugin-slack, on_error: fail_closed}}\nhooks: {on_breaking_change_detected: slack}\n")
	s := h.serve(t)
	s.compareWithBroken(t)
	s.wantMetrics(t, `cvt_plugin_call_errors_total{code="FailedPrecondition",method="OnBreakingChangeDetected",plugin="slack",service="events.v1"} 1`)
	s.stop(t)
	if strings.Contains(s.log(), "webhook_url") {
		t.Errorf("cvt's log tells of it: %s", s.log())
	}
	s.home.wantLogged(t, record{"@level": "warn", "code": "FailedPrecondition"})
}

// TestSecretsAreInherited shows that a plugin has all of cvt's environment.
func TestSecretsAreInherited(t *testing.T) {
	t.Parallel()
	h := with(t, hello, hello.ask(t, "--config"))
	h.set("TOKEN_OF_ANOTHER", secret)
	s := h.serve(t)
	pids := h.running(t)
	if len(pids) != 1 {
		t.Fatalf("running: %v", pids)
	}
	environment := environmentOf(t, pids[0])
	if !strings.Contains(environment, "TOKEN_OF_ANOTHER="+secret) {
		t.Errorf("%q", environment)
	}
	s.stop(t)
}

// TestWithoutHome shows that cvt runs no plugin then.
func TestWithoutHome(t *testing.T) {
	t.Parallel()
	h := with(t, hello, hello.ask(t, "--config"))
	h.set("HOME", "")
	if got := h.validate(t, badPet); got.code != 1 || got.stderr != "" {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(h.path("plugin.log")); !os.IsNotExist(err) {
		t.Errorf("a plugin ran: %v", err)
	}
}

func environmentOf(t *testing.T, pid int) string {
	t.Helper()
	return read(t, filepath.Join("/proc", strconv.Itoa(pid), "environ"))
}
