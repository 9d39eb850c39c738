package realcvt

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"

	"cvtplugin.dev/tests/interop/await"
)

// request is what a registry was asked.
type request struct {
	line, authorization string
	body                map[string]any
}

// registry is one with nothing in it but the petstore, and says what it was
// asked.
func registry(t *testing.T) (url string, asked <-chan request) {
	t.Helper()
	schema := petstore(t)
	seen := make(chan request, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := request{line: r.Method + " " + r.RequestURI, authorization: r.Header.Get("Authorization")}
		if r.Method == http.MethodPost {
			if err := json.NewDecoder(r.Body).Decode(&got.body); err != nil {
				t.Errorf("body: %v", err)
			}
		}
		seen <- got
		switch {
		case strings.Contains(r.URL.Path, "/schemas/in-yaml/"):
			fmt.Fprint(w, petstoreInYAML)
		case !strings.Contains(r.URL.Path, "/schemas/petstore/"):
			http.NotFound(w, r)
		case r.Method == http.MethodGet:
			w.Header().Set("X-Schema-Version", "1.0.0")
			fmt.Fprint(w, schema)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, seen
}

// serveRest is a server whose schemas are in a registry.
func serveRest(t *testing.T) (*server, <-chan request) {
	t.Helper()
	url, asked := registry(t)
	printed := rest.ask(t, "--config")
	config := strings.Replace(printed, "https://registry.example.com", url, 1)
	if config == printed {
		t.Fatalf("no base_url to replace in %s", printed)
	}
	h := with(t, rest, config)
	h.set("REST_TOKEN", secret)
	return h.serve(t), asked
}

// validate has the server look at a pet by a schema that it has to fetch.
func (s *server) validate(t *testing.T, schema, pet string) *pb.ValidationResult {
	t.Helper()
	result, err := s.ValidateInteraction(patient(t), &pb.InteractionRequest{
		SchemaId: schema,
		Request:  &pb.RequestData{Method: "GET", Path: "/pets/7"},
		Response: &pb.ResponseData{
			StatusCode: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: pet,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// wantAsked fails the test unless this is what the registry was asked next.
func wantAsked(t *testing.T, asked <-chan request, line string, body map[string]any) {
	t.Helper()
	want := request{line, "Bearer " + secret, body}
	if got := await.Value(t, line, asked); !reflect.DeepEqual(got, want) {
		t.Errorf("asked %v, want %v", got, want)
	}
}

func TestRestFetchesWhatCVTValidatesBy(t *testing.T) {
	t.Parallel()
	s, asked := serveRest(t)
	if good := s.validate(t, "petstore", goodPet); !good.GetValid() || good.GetValidatedAgainstVersion() != "1.0.0" {
		t.Errorf("a good pet: %v", good)
	}
	wantAsked(t, asked, "GET /api/v1/schemas/petstore/versions/latest/spec", nil)
	if bad := s.validate(t, "petstore", badPet); bad.GetValid() || len(bad.GetErrors()) == 0 {
		t.Errorf("a bad pet: %v", bad)
	}

	version, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "petstore", SchemaVersion: "1.0"})
	if err != nil || version.GetSchemaContent() != petstore(t) {
		t.Errorf("1.0: %v, %v", version, err)
	}
	// CVT has kept the latest one.
	wantAsked(t, asked, "GET /api/v1/schemas/petstore/versions/1.0/spec", nil)
	s.stop(t)
	s.home.wantHidden(t, s.stdout.String(), s.log())
}

// petstoreInYAML is as much of the petstore as a pet needs, in what CVT does
// not read.
const petstoreInYAML = `
openapi: 3.0.3
info: {title: Petstore, version: 1.10}
paths:
  /pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        200:
          description: A pet
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties: {id: {type: integer}}
`

func TestRestConvertsYAML(t *testing.T) {
	t.Parallel()
	s, asked := serveRest(t)
	good := s.validate(t, "in-yaml", goodPet)
	if !good.GetValid() || good.GetValidatedAgainstVersion() != "1.10" {
		t.Errorf("a good pet: %v", good)
	}
	wantAsked(t, asked, "GET /api/v1/schemas/in-yaml/versions/latest/spec", nil)
	if bad := s.validate(t, "in-yaml", badPet); bad.GetValid() || len(bad.GetErrors()) == 0 {
		t.Errorf("a bad pet: %v", bad)
	}
	s.stop(t)
}

func TestRestDoesNotFindWhatTheRegistryLacks(t *testing.T) {
	t.Parallel()
	s, asked := serveRest(t)
	result := s.validate(t, "no/where", goodPet)
	if want := []string{"Schema not found: no/where"}; !reflect.DeepEqual(result.GetErrors(), want) {
		t.Errorf("%v, want %v", result, want)
	}
	wantAsked(t, asked, "GET /api/v1/schemas/no%2Fwhere/versions/latest/spec", nil)
	s.stop(t)
	s.wantLogged(t, "fetch_schema plugin returned error", `"schemaId":"no/where"`, "NotFound")
	s.home.wantHidden(t, s.stdout.String(), s.log())
}

func TestRestTellsWhatConsumersUse(t *testing.T) {
	t.Parallel()
	s, asked := serveRest(t)
	response, err := s.RegisterConsumer(patient(t), &pb.RegisterConsumerRequest{
		ConsumerId: "web", SchemaId: "petstore", SchemaVersion: "1.0.0", Environment: "production",
		UsedEndpoints: []*pb.EndpointUsage{{Method: "GET", Path: "/pets/{id}", UsedFields: []string{"id", "name"}}},
	})
	if err != nil || !response.GetSuccess() {
		t.Errorf("%v, %v", response, err)
	}
	// CVT takes consumers only of a schema that it has.
	wantAsked(t, asked, "GET /api/v1/schemas/petstore/versions/latest/spec", nil)
	wantAsked(t, asked, "POST /api/v1/schemas/petstore/consumers", map[string]any{
		"consumerId": "web", "schemaVersion": "1.0.0", "environment": "production",
		"endpoints": []any{map[string]any{"method": "GET", "path": "/pets/{id}", "usedFields": []any{"id", "name"}}},
	})
	s.stop(t)
	s.home.wantHidden(t, s.stdout.String(), s.log())
}
