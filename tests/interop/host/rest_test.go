package host

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cvtplugin.dev/tests/interop/await"
)

// Plugins with a typed config, which are not asked for schemas of their own.
var (
	rest  = subject{title: "rest", variable: "CVT_PLUGIN_REST", build: "cargo build --release -p cvt-plugin-rest"}
	typed = subject{title: "typed", variable: "CVT_PLUGIN_TYPED", build: "cargo build --release -p cvt-plugin-typed"}
)

const token = "s3cr3t-t0ken"

// request is what a registry was asked.
type request struct {
	line, token string
	body        map[string]any
}

// registry responds alike to every request, and says what it was asked.
func registry(t *testing.T, spec string) (string, <-chan request) {
	t.Helper()
	seen := make(chan request, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := request{line: r.Method + " " + r.RequestURI, token: r.Header.Get("Authorization")}
		if text, err := io.ReadAll(r.Body); err == nil && len(text) > 0 {
			if err := json.Unmarshal(text, &asked.body); err != nil {
				t.Errorf("body: %v", err)
			}
		}
		seen <- asked
		w.Header().Set("X-Schema-Version", "1.2.0")
		fmt.Fprint(w, spec)
	}))
	t.Cleanup(server.Close)
	return server.URL, seen
}

func mustSetConfig(t *testing.T, p *Plugin, key, value string) {
	t.Helper()
	if err := setConfig(t, p, key, value); err != nil {
		t.Fatalf("SetConfig %q: %v", key, err)
	}
}

// mustHide ends the plugin, and fails the test if a secret is in its output.
func mustHide(t *testing.T, p *Plugin, errs ...error) {
	t.Helper()
	p.Kill()
	printed := fmt.Sprint(errs, p.Log.All(), string(p.Stdout.All()), string(p.Stderr.All()))
	if strings.Contains(printed, "s3cr3t") {
		t.Errorf("the secret is in %s", printed)
	}
}

func TestRestInfo(t *testing.T) {
	p, _ := rest.launch(t)
	info, err := p.Handshake.Info(patient(t), &handshakepb.InfoRequest{})
	if err != nil || info.GetName() != "rest" || !reflect.DeepEqual(info.GetServices(), []string{"registry.v1"}) {
		t.Errorf("Info: %v, %v", info, err)
	}
}

func TestRestRefusesWrongValues(t *testing.T) {
	p, _ := rest.launch(t)
	err := setConfig(t, p, "base_url", "localhost:8080")
	wantCode(t, "base_url", err, codes.InvalidArgument)
	message := status.Convert(err).Message()
	for _, part := range []string{`"localhost:8080"`, "http:// or https://", "example: https://"} {
		if !strings.Contains(message, part) {
			t.Errorf("base_url: %q does not say %q", message, part)
		}
	}
	err = setConfig(t, p, "token", token+"\n")
	wantCode(t, "token", err, codes.InvalidArgument)
	if message := status.Convert(err).Message(); !strings.Contains(message, "Bearer token") {
		t.Errorf("token: %q", message)
	}
	mustHide(t, p, err)
}

// TestMissingKeys names all of them in the status of the first call.
func TestMissingKeys(t *testing.T) {
	for s, keys := range map[subject][]string{rest: {"`base_url`"}, typed: {"`greeting`", "`audience`"}} {
		p, _ := s.launch(t)
		_, err := fetch(t, p, "petstore")
		wantCode(t, s.title, err, codes.FailedPrecondition)
		for _, part := range append(keys, "~/.cvt/config.yaml", "example: ") {
			if message := status.Convert(err).Message(); !strings.Contains(message, part) {
				t.Errorf("%s: %q does not say %q", s.title, message, part)
			}
		}
	}
}

func TestRestBridges(t *testing.T) {
	url, seen := registry(t, "openapi: 3.0.0")
	p, _ := rest.launch(t, "NO_PROXY=127.0.0.1")
	mustSetConfig(t, p, "base_url", url+"/api/v1/")
	mustSetConfig(t, p, "token", token)

	schema, err := p.Registry.FetchSchema(patient(t), &registrypb.FetchSchemaRequest{SchemaId: "pet/store"})
	if err != nil || string(schema.GetSpec()) != `{"openapi":"3.0.0"}` || schema.GetResolvedVersion() != "1.2.0" {
		t.Fatalf("FetchSchema: %v, %v", schema, err)
	}
	want := request{line: "GET /api/v1/schemas/pet%2Fstore/versions/latest/spec", token: "Bearer " + token}
	if got := await.Value(t, "the fetch", seen); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}

	usage, err := p.Registry.RegisterConsumerUsage(patient(t), &registrypb.RegisterConsumerUsageRequest{
		ConsumerId: "web", SchemaId: "petstore", SchemaVersion: "1.2.0",
		Endpoints: []*registrypb.EndpointUsage{{Method: "GET", Path: "/pets", UsedFields: []string{"id"}}},
	})
	if err != nil || !usage.GetAcknowledged() {
		t.Fatalf("RegisterConsumerUsage: %v, %v", usage, err)
	}
	want = request{
		line: "POST /api/v1/schemas/petstore/consumers", token: "Bearer " + token,
		body: map[string]any{
			"consumerId": "web", "schemaVersion": "1.2.0",
			"endpoints": []any{map[string]any{"method": "GET", "path": "/pets", "usedFields": []any{"id"}}},
		},
	}
	if got := await.Value(t, "the registration", seen); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	mustHide(t, p)
}
