package realcvt

import (
	"encoding/json"
	"maps"
	"os"
	"testing"
)

// record is one of a plugin's log.
type record map[string]any

// log is what the plugins have logged, which cvt itself drops.
func (h *home) log(t *testing.T) []record {
	t.Helper()
	file, err := os.Open(h.path("plugin.log"))
	if err != nil {
		t.Fatalf("no plugin ran: %v", err)
	}
	defer file.Close()
	var records []record
	for decoder := json.NewDecoder(file); decoder.More(); {
		var r record
		if err := decoder.Decode(&r); err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

// wantLog fails the test unless the plugins have logged these, in this order,
// and nothing else.
func (h *home) wantLog(t *testing.T, wanted ...record) {
	t.Helper()
	records := h.log(t)
	if len(records) != len(wanted) {
		t.Fatalf("logged %v, want %v", records, wanted)
	}
	for index, want := range wanted {
		for key, value := range want {
			if got := records[index][key]; got != value {
				t.Errorf("%s is %v, want %v in %v", key, got, value, records[index])
			}
		}
	}
}

// about is the same record, of a schema.
func (r record) about(schema string) record {
	about := maps.Clone(r)
	about["schema"] = schema
	return about
}
