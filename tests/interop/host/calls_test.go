package host

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/sahina/cvt/pkg/cvtplugin"
	eventspb "github.com/sahina/cvt/pkg/cvtplugin/pb/events/v1"
	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"cvtplugin.dev/tests/interop/await"
)

var usage = &registrypb.RegisterConsumerUsageRequest{
	ConsumerId: "web", SchemaId: "petstore", SchemaVersion: "1.0.0", Environment: "test", RequestId: "r1",
	Endpoints: []*registrypb.EndpointUsage{
		{Method: "GET", Path: "/pets", UsedFields: []string{"id", "name"}},
		{Method: "POST", Path: "/pets"},
	},
}

var breakingChange = &eventspb.BreakingChangeDetectedRequest{
	RequestId: "r2", SchemaId: "petstore", OldVersion: "1.0.0", NewVersion: "2.0.0", DetectedBy: "CompareSchemas",
	Changes: []*eventspb.BreakingChange{
		{Kind: "endpoint_removed", Description: "GET /pets is gone", Method: "GET", Path: "/pets"},
		{Kind: "response_schema_changed", Description: "tag is gone", Method: "POST", Path: "/pets", FieldPath: "tag"},
		{Kind: "required_field_added", Description: "id is required", Method: "POST", Path: "/pets", FieldPath: "id"},
	},
}

var validationFailed = &eventspb.ValidationFailedRequest{
	RequestId: "r3", SchemaId: "petstore", Method: "GET", Path: "/pets",
	Errors: []*eventspb.ValidationError{{Kind: "type", Description: "id is not a number", FieldPath: "id"}},
}

// TestInfo makes the calls that every start of CVT makes.
func TestInfo(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		got, err := p.Handshake.Info(patient(t), &handshakepb.InfoRequest{})
		want := &handshakepb.InfoResponse{
			Name: s.name, Version: "0.1.0",
			Services:        []string{cvtplugin.ServiceRegistryV1, cvtplugin.ServiceEventsV1},
			ProtocolVersion: cvtplugin.ProtocolVersion,
		}
		if err != nil || !proto.Equal(got, want) {
			t.Errorf("Info: %v, %v; want %v", got, err, want)
		}
		if err := setConfig(t, p, "a-key-of-a-newer-host", "value"); err != nil {
			t.Errorf("SetConfig: %v", err)
		}
		mustServe(t, p, s)
	})
}

func setConfig(t *testing.T, p *Plugin, key, value string) error {
	t.Helper()
	_, err := p.Handshake.SetConfig(patient(t), &handshakepb.SetConfigRequest{Key: key, Value: value})
	return err
}

func TestAcknowledgements(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		if r, err := p.Registry.RegisterConsumerUsage(patient(t), usage); err != nil || !r.GetAcknowledged() {
			t.Errorf("RegisterConsumerUsage: %v, %v", r, err)
		}
		if r, err := p.Events.OnBreakingChangeDetected(patient(t), breakingChange); err != nil || !r.GetAcknowledged() {
			t.Errorf("OnBreakingChangeDetected: %v, %v", r, err)
		}
		if r, err := p.Events.OnValidationFailed(patient(t), validationFailed); err != nil || !r.GetAcknowledged() {
			t.Errorf("OnValidationFailed: %v, %v", r, err)
		}
		if s.takesWords {
			wantRecord(t, p, hclog.Info, "usage registered", map[string]any{"consumer_id": "web", "schema_id": "petstore", "endpoints": 2.0})
			wantRecord(t, p, hclog.Info, "breaking change detected", map[string]any{"schema_id": "petstore", "changes": 3.0})
			wantRecord(t, p, hclog.Info, "validation failed", map[string]any{"schema_id": "petstore", "errors": 1.0})
		}
	})
}

func TestHelloServesOneDocument(t *testing.T) {
	s := subjects[0]
	p, _ := s.launch(t)
	var document struct {
		OpenAPI string `json:"openapi"`
	}
	spec := mustFetch(t, p, s.knownID)
	if err := json.Unmarshal([]byte(spec), &document); err != nil || document.OpenAPI == "" {
		t.Errorf("%v; not an OpenAPI document in JSON: %.200s", err, spec)
	}
	_, err := fetch(t, p, "nothing-by-this-name")
	wantCode(t, "unknown id", err, codes.NotFound)
}

func TestEcho(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		// What says something, and so has nothing else to respond, among them.
		words := []string{"stdout:x", "stderr:x", "rawstderr:x", "print:2", "log:info:x"}
		for _, id := range append(words, "", "petstore", "a:b:c", "über/straße?x=1") {
			r, err := p.Registry.FetchSchema(patient(t), &registrypb.FetchSchemaRequest{SchemaId: id, Version: "7"})
			if err != nil || string(r.GetSpec()) != "echoed: "+id || r.GetResolvedVersion() != "1.0.0" {
				t.Errorf("%q: %v, %v", id, r, err)
			}
		}
	})
}

func TestConfig(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		for _, value := range []string{"first", "second", ""} {
			if err := setConfig(t, p, "color", value); err != nil {
				t.Fatal(err)
			}
			if got := mustFetch(t, p, "config:color"); got != value {
				t.Errorf("config:color is %q, want %q", got, value)
			}
		}
		if got := mustFetch(t, p, "config:unset"); got != "" {
			t.Errorf("config:unset is %q", got)
		}
		wantStatus(t, "reject", setConfig(t, p, "reject", "why: 7"), codes.InvalidArgument, "rejected: why: 7")
		mustServe(t, p, s)
	})
}

func wantStatus(t *testing.T, what string, err error, code codes.Code, message string) {
	t.Helper()
	if got := status.Convert(err); got.Code() != code || got.Message() != message {
		t.Errorf("%s: %v %q, want %v %q", what, got.Code(), got.Message(), code, message)
	}
}

func TestErrors(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		// Not in the ASCII that travels as it is, and a colon too many.
		const message = "50% of: it\tis müßig"
		for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
			_, err := fetch(t, p, fmt.Sprintf("error:%d:%s", code, message))
			wantStatus(t, "error word", err, code, message)
		}
		for _, word := range []string{"bytes:x", "print:-1", "sleep:", "exit:x"} {
			_, err := fetch(t, p, word)
			wantCode(t, word, err, codes.InvalidArgument)
		}
		_, err := fetch(t, p, "plainerror:"+message)
		wantStatus(t, "plainerror", err, codes.Unknown, message)
	})
}

// TestMetadata checks that metadata arrive, repeated keys in order.
func TestMetadata(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		ctx := metadata.AppendToOutgoingContext(patient(t), "x-interop", "one", "x-interop", "two", "x-other", "")
		r, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: "meta"})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string][]string
		if err := json.Unmarshal(r.GetSpec(), &got); err != nil {
			t.Fatalf("%v: %s", err, r.GetSpec())
		}
		if !slices.Equal(got["x-interop"], []string{"one", "two"}) || !slices.Equal(got["x-other"], []string{""}) {
			t.Errorf("metadata: %v", got)
		}
	})
}

func TestEnvironment(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t, "CVT_INTEROP=here", "PLUGIN_INTEROP=there", "INTEROP_CVT_=neither")
		lines := strings.Split(strings.TrimSuffix(mustFetch(t, p, "env"), "\n"), "\n")
		for _, want := range []string{
			"CVT_INTEROP=here", "PLUGIN_INTEROP=there",
			"CVT_PLUGIN_MAGIC_COOKIE=cvt-plugin-v1", "PLUGIN_PROTOCOL_VERSIONS=1",
		} {
			if !slices.Contains(lines, want) {
				t.Errorf("env lacks %s", want)
			}
		}
		if !slices.IsSorted(lines) || slices.Contains(lines, "INTEROP_CVT_=neither") {
			t.Errorf("env: %q", lines)
		}
	})
}

func TestConcurrentCalls(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		known := mustFetch(t, p, s.knownID)
		var calls sync.WaitGroup
		for i := range 200 {
			calls.Go(func() {
				id, want := s.knownID, known
				if s.takesWords {
					id = fmt.Sprintf("call-%d", i)
					want = "echoed: " + id
				}
				if got, err := fetch(t, p, id); err != nil || got != want {
					t.Errorf("%s: %.100q, %v", id, got, err)
				}
			})
		}
		calls.Wait()
	})
}

// TestBlockedHandlers checks that handlers that block their threads stop
// nobody else.
func TestBlockedHandlers(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		var blocked []<-chan outcome
		for range 4 {
			blocked = append(blocked, start(t, p, "block:2000"))
		}
		mustServe(t, p, s)
		for _, call := range blocked {
			if len(call) > 0 {
				t.Error("other calls had to wait for a blocked handler")
			}
		}
		for _, call := range blocked {
			if a := await.Value(t, "block", call); a.err != nil || a.spec != "slept" {
				t.Errorf("block: %q, %v", a.spec, a.err)
			}
		}
	})
}

func TestDeadline(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		// Many at once, since it is a race between host and plugin.
		var calls sync.WaitGroup
		for range 200 {
			calls.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				_, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: "sleep:60000"})
				wantCode(t, "call past its deadline", err, codes.DeadlineExceeded)
			})
		}
		calls.Wait()
		mustServe(t, p, s)
	})
}

// TestRemaining asks the plugin until when its call may take.
func TestRemaining(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		for _, word := range []string{"deadline", "remaining"} {
			left, err := strconv.ParseInt(mustFetch(t, p, word), 10, 64)
			if err != nil || left <= 0 || left > await.Timeout.Milliseconds() {
				t.Errorf("%s: %d ms of %v, %v", word, left, await.Timeout, err)
			}
			unlimited, err := p.Registry.FetchSchema(context.Background(), &registrypb.FetchSchemaRequest{SchemaId: word})
			if got := string(unlimited.GetSpec()); err != nil || got != "none" {
				t.Errorf("%s without a deadline: %q, %v", word, got, err)
			}
		}
	})
}

func TestCancel(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		ctx, cancel := context.WithCancel(t.Context())
		call, err := begin(ctx, p, "sleep:60000")
		if err != nil {
			t.Fatal(err)
		}
		mustServe(t, p, s)
		cancel()
		wantCode(t, "cancelled call", await.Value(t, "cancelled call", call).err, codes.Canceled)
		mustServe(t, p, s)
	})
}
