package host

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cvtplugin.dev/tests/interop/await"
)

// subject is a plugin under test, and what is expected of this one alone.
type subject struct {
	title    string
	variable string // holds the binary's path
	build    string // makes the binary

	name    string // reported by Info
	knownID string // FetchSchema responds to this

	// takesWords says whether the plugin does what schema ids say.
	takesWords bool
	// survivesPanic says whether a handler's panic costs only its own call.
	survivesPanic bool
	// finishesCalls says whether calls in flight get their responses before the end.
	finishesCalls bool
	// reportsDeadline says whether a call past its deadline ends with
	// a status. grpc-go's server may just as well reset the stream.
	reportsDeadline bool
	// ownDirectory says whether the socket lies in a directory of its own.
	ownDirectory bool
	// endsOnSignals says whether SIGTERM and SIGHUP end it as the host's Shutdown
	// does, not at once.
	endsOnSignals bool
	// outlivesHost says whether it runs on when its host has died.
	outlivesHost bool
	// survivesClosedLog says whether it can log when nobody reads its log.
	survivesClosedLog bool
	// guardsLog says whether no line on its stderr makes the host crash, or
	// is too long for it.
	guardsLog bool
}

// ours is what is expected of every plugin in Rust.
var ours = subject{
	knownID: "petstore", survivesPanic: true, finishesCalls: true, reportsDeadline: true, ownDirectory: true,
	endsOnSignals: true, survivesClosedLog: true, guardsLog: true,
}

func (s subject) hello() subject {
	s.title, s.variable, s.build = "hello", "CVT_PLUGIN_HELLO", "cargo build --release -p cvt-plugin-hello"
	s.name = "hello"
	return s
}

func (s subject) echo() subject {
	s.title, s.variable, s.build = "echo", "CVT_PLUGIN_ECHO", "cargo build --release -p cvt-plugin-echo"
	s.name, s.takesWords = "echo", true
	return s
}

const peerVariable = "CVT_PLUGIN_PEER"

var subjects = []subject{
	ours.hello(),
	ours.echo(),
	{
		title: "peer", variable: peerVariable, build: "go build ./peer",
		name: "echo", knownID: "petstore", takesWords: true, outlivesHost: true,
	},
}

// TestMain builds the Go peer: its source is at hand. Or else this process is a
// host that a test of another has launched.
func TestMain(m *testing.M) {
	if os.Getenv(apartVariable) != "" {
		beHostApart()
		return
	}
	if os.Getenv(peerVariable) != "" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "cvt-peer")
	if err != nil {
		log.Fatal(err)
	}
	binary := filepath.Join(dir, "cvt-plugin-peer")
	if output, err := exec.Command("go", "build", "-o", binary, "../peer").CombinedOutput(); err != nil {
		log.Fatalf("building the peer: %v\n%s", err, output)
	}
	os.Setenv(peerVariable, binary)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// forEach runs a test on every plugin.
func forEach(t *testing.T, test func(*testing.T, subject)) {
	for _, s := range subjects {
		t.Run(s.title, func(t *testing.T) { test(t, s) })
	}
}

// forEachWithWords runs a test on every plugin that takes words.
func forEachWithWords(t *testing.T, test func(*testing.T, subject)) {
	forEach(t, func(t *testing.T, s subject) {
		if s.takesWords {
			test(t, s)
		}
	})
}

func (s subject) binary(t *testing.T) string {
	t.Helper()
	path := os.Getenv(s.variable)
	if path == "" {
		t.Fatalf("%s is not set: build the plugin with %q and set it to the binary's path", s.variable, s.build)
	}
	return path
}

// launch starts the plugin with a temporary directory of its own.
func (s subject) launch(t *testing.T, env ...string) (*Plugin, string) {
	t.Helper()
	return s.launchWith(t, func(*goplugin.ClientConfig) {}, env...)
}

// launchWith is launch with settings of go-plugin that CVT does not have.
func (s subject) launchWith(t *testing.T, configure func(*goplugin.ClientConfig), env ...string) (*Plugin, string) {
	t.Helper()
	dir := tempDir(t)
	p, err := LaunchWith(s.binary(t), configure, append(env, "TMPDIR="+dir)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			for _, record := range p.Log.All() {
				t.Logf("%v", record)
			}
		}
	})
	return p, dir
}

// tempDir is t.TempDir with a path short enough for sockets.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cvt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), await.Timeout)
	t.Cleanup(cancel)
	return ctx
}

// fetchSchema is the method that takes words.
const fetchSchema = "/cvt.plugin.registry.v1.RegistryProvider/FetchSchema"

// fetch says a word to the plugin and returns the response's spec.
func fetch(t *testing.T, p *Plugin, id string) (string, error) {
	t.Helper()
	response, err := p.Registry.FetchSchema(patient(t), &registrypb.FetchSchemaRequest{SchemaId: id})
	return string(response.GetSpec()), err
}

func mustFetch(t *testing.T, p *Plugin, id string) string {
	t.Helper()
	spec, err := fetch(t, p, id)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return spec
}

// mustServe fails the test unless the plugin responds as if nothing had
// happened.
func mustServe(t *testing.T, p *Plugin, s subject) {
	t.Helper()
	if err := p.Ping(); err != nil {
		t.Fatalf("Ping: %v", err)
	}
	health, err := p.Handshake.Health(patient(t), &handshakepb.HealthRequest{})
	if err != nil || health.GetStatus() != handshakepb.HealthResponse_SERVING {
		t.Fatalf("Health: %v, %v", health, err)
	}
	if mustFetch(t, p, s.knownID) == "" {
		t.Fatalf("%s: empty spec", s.knownID)
	}
}

func wantCode(t *testing.T, what string, err error, want codes.Code) {
	t.Helper()
	if got := status.Code(err); got != want {
		t.Errorf("%s: code %v (%v), want %v", what, got, err, want)
	}
}

// outcome is how a call in flight ended.
type outcome struct {
	spec string
	err  error
}

// start begins a call and returns when the plugin has it.
func start(t *testing.T, p *Plugin, id string) <-chan outcome {
	t.Helper()
	ended, err := begin(patient(t), p, id)
	if err != nil {
		t.Fatal(err)
	}
	// The plugin reads its one connection in order: having responded to this, it
	// has the other call as well.
	if _, err := p.Handshake.Health(patient(t), &handshakepb.HealthRequest{}); err != nil {
		t.Fatal(err)
	}
	return ended
}

// begin sends a whole request, where the generated client would wait for the
// outcome.
func begin(ctx context.Context, p *Plugin, id string) (<-chan outcome, error) {
	stream, err := p.Conn.NewStream(ctx, &grpc.StreamDesc{}, fetchSchema)
	if err != nil {
		return nil, err
	}
	if err := stream.SendMsg(&registrypb.FetchSchemaRequest{SchemaId: id}); err != nil {
		return nil, fmt.Errorf("sending: %w", err)
	}
	ended := make(chan outcome, 1)
	go func() {
		response := &registrypb.FetchSchemaResponse{}
		err := stream.RecvMsg(response)
		ended <- outcome{string(response.GetSpec()), err}
	}()
	return ended, nil
}
