package realcvt

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"
)

// withRegistry is a home with the plugin in it, and a registry with the
// petstore.
func withRegistry(t *testing.T) *home {
	t.Helper()
	h := with(t, sqlite, sqlite.ask(t, "--config"))
	h.registry(t, 0, "import", h.write(t, "petstore.json", petstore(t)))
	return h
}

// registry runs the plugin's command, on the registry that the plugin has too,
// and returns what it prints.
func (h *home) registry(t *testing.T, code int, arguments ...string) string {
	t.Helper()
	outcome := run(t, h.command(sqlite.path(t), arguments...))
	if outcome.code != code || outcome.stderr != "" {
		t.Fatalf("%q: %+v", arguments, outcome)
	}
	return outcome.stdout
}

func TestSqliteServesWhatWasImported(t *testing.T) {
	t.Parallel()
	s := withRegistry(t).serve(t)
	if good := s.validate(t, "petstore", goodPet); !good.GetValid() || good.GetValidatedAgainstVersion() != "1.0.0" {
		t.Errorf("a good pet: %v", good)
	}
	if bad := s.validate(t, "petstore", badPet); bad.GetValid() || len(bad.GetErrors()) == 0 {
		t.Errorf("a bad pet: %v", bad)
	}
	missing := s.validate(t, "nowhere", goodPet)
	if len(missing.GetErrors()) != 1 || missing.GetErrors()[0] != "Schema not found: nowhere" {
		t.Errorf("nowhere: %v", missing)
	}
	s.stop(t)
	s.wantLogged(t, "fetch_schema plugin returned error", `"schemaId":"nowhere"`, "cvt-plugin-sqlite import")
}

func TestSqliteRecordsFailedValidations(t *testing.T) {
	t.Parallel()
	h := with(t, sqlite, sqlite.ask(t, "--config"))
	for range 2 {
		if got := h.validate(t, badPet); got.code != 1 {
			t.Fatalf("%+v", got)
		}
	}
	var events []struct {
		Event, Schema, Path string
		Times               int
	}
	if err := json.Unmarshal([]byte(h.registry(t, 0, "events", "--json")), &events); err != nil {
		t.Fatal(err)
	}
	if len(events) == 0 {
		t.Error("no events")
	}
	for _, event := range events {
		if event.Event != "validation failure" || event.Path != "/pets/7" || event.Times != 2 {
			t.Errorf("%+v", event)
		}
	}
}

func TestSqliteKnowsWhomAChangeBreaksAfterARestart(t *testing.T) {
	t.Parallel()
	h := withRegistry(t)
	s := h.serve(t)
	for consumer, fields := range map[string][]string{"names": {"name"}, "numbers": {"id"}, "unknown": nil} {
		response, err := s.RegisterConsumer(patient(t), &pb.RegisterConsumerRequest{
			ConsumerId: consumer, SchemaId: "petstore", SchemaVersion: "1.0.0", Environment: "production",
			UsedEndpoints: []*pb.EndpointUsage{{Method: "GET", Path: "/pets/{id}", UsedFields: fields}},
		})
		if err != nil || !response.GetSuccess() {
			t.Errorf("%s: %v, %v", consumer, response, err)
		}
	}
	s.stop(t)

	// CVT itself forgets its consumers, and does not see that a field is gone.
	changed := strings.NewReplacer(
		`"1.0.0"`, `"2.0.0"`, `"name": { "type"`, `"title": { "type"`, `["id", "name"]`, `["id", "title"]`,
	).Replace(petstore(t))
	h.registry(t, 0, "import", h.write(t, "petstore.json", changed))
	printed := h.registry(t, 1, "impact", "petstore", "--from", "1.0.0", "--to", "2.0.0", "--json")
	var report struct {
		Verdict   string
		Consumers []struct{ Consumer, Environment, Verdict string }
	}
	if err := json.Unmarshal([]byte(printed), &report); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"names": "broken", "numbers": "unaffected", "unknown": "possibly"}
	for _, got := range report.Consumers {
		if got.Verdict != want[got.Consumer] || got.Environment != "production" {
			t.Errorf("%+v, want %s", got, want[got.Consumer])
		}
	}
	if len(report.Consumers) != len(want) || report.Verdict != "broken" {
		t.Errorf("%s", printed)
	}
}

func TestSqliteRecordsBreakingChanges(t *testing.T) {
	t.Parallel()
	s := with(t, sqlite, sqlite.ask(t, "--config")).serve(t)
	compared := s.compareWithBroken(t)
	s.stop(t)
	var events []struct{ Event, Schema, Versions, Path string }
	if err := json.Unmarshal([]byte(s.home.registry(t, 0, "events", "--json")), &events); err != nil {
		t.Fatal(err)
	}
	if len(events) != len(compared.GetBreakingChanges()) {
		t.Fatalf("%+v, want %v", events, compared)
	}
	for _, event := range events {
		if event.Event != "breaking change" || event.Schema != "compared" || event.Versions != "1.0.0 to 2.0.0" {
			t.Errorf("%+v", event)
		}
	}
}
