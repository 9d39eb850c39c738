package realcvt

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sahina/cvt/server/pb"
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

// TestRebuiltElsewhere shows that cvt runs the installed copy until the next
// install.
func TestRebuiltElsewhere(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	built := h.write(t, "cvt-plugin-hello", read(t, hello.path(t)))
	h.mustDo(t, "plugins", "install", built)
	h.configure(t, ofHello(""))
	must(t, os.WriteFile(built, []byte("#!/bin/sh\nexit 1\n"), 0o700))
	if got := h.fate(t, ""); got != starts {
		t.Errorf("before the install: %s", got)
	}
	h.mustDo(t, "plugins", "install", built)
	if got := h.validate(t, goodPet); got.code == 0 {
		t.Errorf("after it: %+v", got)
	}
}

// TestInstances shows how one plugin is installed twice, and how not.
func TestInstances(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.mustDo(t, "plugins", "install", hello.path(t))
	if got := h.cvt(t, "plugins", "install", "--name", "hello-two", hello.path(t)); got.code == 0 || !strings.Contains(got.stderr, "already used by plugin") {
		t.Errorf("by --name alone: %+v", got)
	}
	second := h.path("cvt-plugin-hello-two")
	if got := run(t, h.command("cp", hello.path(t), second)); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	h.mustDo(t, "plugins", "install", second)
	stanza := run(t, h.command(second, "--config")).stdout
	h.configure(t, stanza)
	if got := h.fate(t, ""); got != starts || !strings.Contains(stanza, "fetch_schema: hello-two") {
		t.Errorf("%s, by the stanza %s", got, stanza)
	}
	links := h.path("cvt-plugin-link")
	must(t, os.Symlink(hello.path(t), links))
	if got := h.cvt(t, "plugins", "install", links); got.code == 0 {
		t.Errorf("a symlink: %+v", got)
	}
}

// TestRemovedWhileItServes shows that a plugin that runs can be removed.
func TestRemovedWhileItServes(t *testing.T) {
	t.Parallel()
	s := with(t, hello, hello.ask(t, "--config")).serve(t)
	s.home.mustDo(t, "plugins", "remove", "hello")
	schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "petstore"})
	if err != nil || schema.GetSchemaContent() != petstore(t) {
		t.Errorf("%v, %v", schema, err)
	}
	s.stop(t)
	if got := s.home.validate(t, goodPet); got.code == 0 {
		t.Errorf("with the plugin still in config.yaml: %+v", got)
	}
}
