package realcvt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstallListRemove(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.mustDo(t, "plugins", "install", hello.path(t))

	if listed := h.mustDo(t, "plugins", "list").stdout; !strings.Contains(listed, "\nhello ") {
		t.Errorf("listed: %s", listed)
	}
	var state struct {
		Plugins map[string]struct {
			Path   string `json:"binary_path"`
			SHA256 string
		}
	}
	if err := json.Unmarshal([]byte(h.mustDo(t, "plugins", "list", "--json").stdout), &state); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(read(t, hello.path(t))))
	installed := state.Plugins["hello"]
	if want := filepath.Join(h.plugins(), "cvt-plugin-hello"); installed.Path != want {
		t.Errorf("installed as %s, want %s", installed.Path, want)
	}
	if want := hex.EncodeToString(sum[:]); installed.SHA256 != want {
		t.Errorf("SHA-256 %s, want %s", installed.SHA256, want)
	}

	h.mustDo(t, "plugins", "remove", "hello")
	if listed := h.mustDo(t, "plugins", "list").stdout; strings.Contains(listed, "hello") {
		t.Errorf("listed: %s", listed)
	}
	if _, err := os.Stat(installed.Path); !os.IsNotExist(err) {
		t.Errorf("the binary: %v", err)
	}
}
