package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	eventspb "github.com/sahina/cvt/pkg/cvtplugin/pb/events/v1"
	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"
)

// TestGuideFromGo builds the Go plugin on the guide's page for those who come
// from Go, and calls it: it does what the Rust plugin beside it does.
func TestGuideFromGo(t *testing.T) {
	p, err := Launch(buildGuidesPlugin(t))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	ctx := patient(t)

	_, err = p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: "petstore"})
	wantCode(t, "without a config", err, codes.FailedPrecondition)
	if _, err := p.Handshake.SetConfig(ctx, &handshakepb.SetConfigRequest{Key: "schema", Value: "petstore"}); err != nil {
		t.Fatal(err)
	}
	schema, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: "petstore"})
	if err != nil || string(schema.GetSpec()) != "{}" || schema.GetResolvedVersion() != "1.0.0" {
		t.Errorf("the schema on the shelf: %v, %v", schema, err)
	}
	_, err = p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: "other"})
	wantCode(t, "another schema", err, codes.NotFound)
	if _, err := p.Events.OnValidationFailed(ctx, &eventspb.ValidationFailedRequest{}); err != nil {
		t.Errorf("an event that it handles: %v", err)
	}
	_, err = p.Events.OnBreakingChangeDetected(ctx, &eventspb.BreakingChangeDetectedRequest{})
	wantCode(t, "an event that it does not handle", err, codes.Unimplemented)
}

// buildGuidesPlugin builds the one block of Go on the page.
func buildGuidesPlugin(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../../cvtplugin/src/guide/from_go.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, begins := strings.Cut(string(page), "```go\n")
	code, _, ends := strings.Cut(code, "```\n")
	if !begins || !ends {
		t.Fatal("no block of Go on the page")
	}
	directory := t.TempDir()
	source, binary := filepath.Join(directory, "main.go"), filepath.Join(directory, "cvt-plugin-shelf")
	if err := os.WriteFile(source, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.Command("go", "build", "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return binary
}
