package realcvt

import (
	"maps"
	"testing"
)

// record is one of a plugin's log.
type record map[string]any

// log is what the plugins have logged, which cvt itself drops.
func (h *home) log(t *testing.T) []record {
	t.Helper()
	return written[record](t, h.path("plugin.log"))
}

// wantLog fails the test unless the plugins have logged these, in this order,
// and nothing else.
func (h *home) wantLog(t *testing.T, wanted ...record) {
	t.Helper()
	if records := h.log(t); len(records) > len(wanted) {
		t.Fatalf("logged %v, want %v", records, wanted)
	}
	h.wantLogged(t, wanted...)
}

// wantLogged fails the test unless the first that the plugins have logged are
// these.
func (h *home) wantLogged(t *testing.T, wanted ...record) {
	t.Helper()
	records := h.log(t)
	if len(records) < len(wanted) {
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
