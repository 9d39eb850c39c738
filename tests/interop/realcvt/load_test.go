package realcvt

import (
	"strings"
	"testing"
)

// notLoaded is what CVT says of a config.yaml that it goes on without.
const notLoaded = "failed to load plugin config"

// load has CVT load a config.yaml and start its plugins, for nothing. It
// returns the warning if it does not load.
func (h *home) load(t *testing.T, config string) (warning string) {
	t.Helper()
	h.configure(t, config)
	got := h.validate(t, goodPet)
	if strings.Contains(got.stderr, notLoaded) {
		return got.stderr
	}
	if got.code != 0 || got.stderr != "" {
		t.Errorf("%s\n%+v", config, got)
	}
	return ""
}
