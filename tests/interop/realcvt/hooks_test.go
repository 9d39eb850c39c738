package realcvt

import (
	"context"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"

	"cvtplugin.dev/tests/interop/await"
)

func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), await.Timeout)
	t.Cleanup(cancel)
	return ctx
}

func TestServeReachesFetchSchema(t *testing.T) {
	t.Parallel()
	s := with(t, hello, hello.ask(t, "--config")).serve(t)
	schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "petstore"})
	if err != nil || schema.GetSchemaContent() != petstore(t) {
		t.Errorf("petstore: %v, %v", schema, err)
	}
	schema, err = s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "nowhere"})
	if err != nil || schema.GetFound() {
		t.Errorf("nowhere: %v, %v", schema, err)
	}
	s.wantMetrics(t,
		`cvt_plugin_up{plugin="hello"} 1`,
		`cvt_plugin_info{plugin="hello",sha256="`,
		`cvt_plugin_call_duration_seconds_count{method="FetchSchema",plugin="hello",service="registry.v1"} 2`,
		`cvt_plugin_call_errors_total{code="NotFound",method="FetchSchema",plugin="hello",service="registry.v1"} 1`,
	)
	s.stop(t)
	s.wantLogged(t, "fetch_schema plugin returned error", `"schemaId":"nowhere"`, "NotFound", "no such schema")
	s.home.wantNoTraces(t)
}

func (s *server) wantMetrics(t *testing.T, lines ...string) {
	t.Helper()
	metrics := s.metrics(t)
	for _, line := range lines {
		if !strings.Contains(metrics, "\n"+line) {
			t.Errorf("no %s in\n%s", line, metrics)
		}
	}
}

func TestServeReachesRegisterConsumerUsage(t *testing.T) {
	t.Parallel()
	s := with(t, hello, hello.ask(t, "--config")).serve(t)
	response, err := s.RegisterConsumer(patient(t), &pb.RegisterConsumerRequest{ConsumerId: "web", SchemaId: "petstore"})
	if err != nil || !response.GetSuccess() {
		t.Errorf("%v, %v", response, err)
	}
	s.stop(t)
	s.home.wantLog(t, record{"@message": "hello, consumer", "consumer": "web", "method": "RegisterConsumerUsage"})
}

// compareWithBroken lets cvt find breaking changes between two versions of a
// schema, "compared".
func (s *server) compareWithBroken(t *testing.T) *pb.CompareSchemasResponse {
	t.Helper()
	s.register(t, "compared", petstore(t), false)
	s.register(t, "compared", brokenPetstore(t), false)
	compared, err := s.CompareSchemas(patient(t), &pb.CompareSchemasRequest{
		SchemaId: "compared", OldVersion: "1.0.0", NewVersion: "2.0.0",
	})
	if err != nil || len(compared.GetBreakingChanges()) == 0 {
		t.Errorf("CompareSchemas: %v, %v", compared, err)
	}
	return compared
}

func TestServeReachesOnBreakingChangeDetected(t *testing.T) {
	t.Parallel()
	s := with(t, hello, hello.ask(t, "--config")).serve(t)
	s.compareWithBroken(t)

	s.register(t, "registered", petstore(t), false)
	if registered := s.register(t, "registered", brokenPetstore(t), true); len(registered.GetBreakingChanges()) == 0 {
		t.Errorf("RegisterSchema: %v", registered)
	}
	s.stop(t)
	changes := record{"@message": "hello, changes", "method": "OnBreakingChangeDetected"}
	s.home.wantLog(t, changes.about("compared"), changes.about("registered"))
}

func (s *server) register(t *testing.T, id, schema string, check bool) *pb.RegisterSchemaResponse {
	t.Helper()
	response, err := s.RegisterSchema(patient(t), &pb.RegisterSchemaRequest{
		SchemaId: id, SchemaContent: schema, CheckCompatibility: check,
	})
	if err != nil || !response.GetSuccess() {
		t.Fatalf("registering %s: %v, %v", id, response, err)
	}
	return response
}
