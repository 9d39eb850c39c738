package realcvt

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sahina/cvt/pkg/cvtplugin"
)

// delivery is a key of its config that a plugin has been sent.
type delivery struct {
	Key, Value string
	// Minutes is the call's deadline, rounded up.
	Minutes int
}

// recordsVariable names the directory of the recorders' files.
const recordsVariable = "CVT_INTEROP_RECORDS"

// recorder is a plugin that writes down its config. This test's own binary is
// it, whatever name it is installed by.
type recorder struct{ file io.Writer }

func beRecorder() {
	name := filepath.Base(os.Args[0])
	path := filepath.Join(os.Getenv(recordsVariable), name+".jsonl")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	cvtplugin.Serve(cvtplugin.PluginInfo{Name: name}, cvtplugin.WithConfigReceiver(recorder{file}))
}

// SetConfig is called for each key.
func (r recorder) SetConfig(ctx context.Context, key, value string) error {
	d := delivery{Key: key, Value: value}
	if deadline, ok := ctx.Deadline(); ok {
		d.Minutes = int(time.Until(deadline)/time.Minute) + 1
	}
	return json.NewEncoder(r.file).Encode(d)
}

// record installs a recorder.
func (h *home) record(t *testing.T, name, file string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(h.plugins(), file)
	// Were it written by this process, a child of a test beside this one could
	// still have it open for writing, and then it cannot be executed.
	if outcome := run(t, h.command("cp", self, path)); outcome.code != 0 {
		t.Fatal(outcome.stderr)
	}
	h.mustDo(t, "plugins", "install", "--name", name, path)
}

// delivered is what the recorder of this file was sent in a run, in which it
// has to be started.
func (h *home) delivered(t *testing.T, file string, run func()) []delivery {
	t.Helper()
	dir, err := os.MkdirTemp(h.dir, "records")
	if err != nil {
		t.Fatal(err)
	}
	h.set(recordsVariable, dir)
	run()
	return written[delivery](t, filepath.Join(dir, file+".jsonl"))
}
