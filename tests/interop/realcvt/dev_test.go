package realcvt

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sahina/cvt/server/pb"

	"cvtplugin.dev/tests/interop/await"
)

// edits is how often the plugin is changed while CVT keeps its shim.
const edits = 20

// TestDev has tests that build in one directory, one after the other.
func TestDev(t *testing.T) {
	t.Parallel()
	t.Run("serves each edit", servesEachEdit)
	t.Run("gives each cvt its own plugin", givesEachItsOwn)
	t.Run("tells cvt what is wrong", tellsWhatIsWrong)
	t.Run("can be debugged", canBeDebugged)
}

func servesEachEdit(t *testing.T) {
	w := newWorkshop(t)
	w.edit(t, "edit 0")
	d := w.dev(t)
	w.install(t)
	state := read(t, w.path(".cvt/plugins/state.json"))
	for edit := 1; edit <= edits; edit++ {
		title := fmt.Sprintf("edit %d", edit)
		d.drain()
		w.edit(t, title)
		start := time.Now()
		w.wantValidated(t, title)
		took := time.Since(start)
		_, cargo, _ := strings.Cut(d.prints(t, "Finished"), " target(s) in ")
		t.Logf("%s: %v until the end of cvt validate, %s of them cargo's", title, took, cargo)
		d.prints(t, "ERROR dev: "+title)
		w.wantServed(t, title)
	}
	if after := read(t, w.path(".cvt/plugins/state.json")); after != state {
		t.Errorf("state.json is %s, and was %s", after, state)
	}
}

func givesEachItsOwn(t *testing.T) {
	w := newWorkshop(t)
	w.edit(t, "first")
	w.dev(t)
	w.install(t)
	first := w.serveAgain(t)
	w.edit(t, "second")
	second := w.serveAgain(t)
	for s, title := range map[*server]string{first: "first", second: "second"} {
		if got := s.title(t); got != title {
			t.Errorf("%q, want %q", got, title)
		}
	}
	// The shim is the plugin: `Shutdown` ends it at once.
	first.stop(t)
	if got := second.title(t); got != "second" {
		t.Errorf("%q after the end of the other", got)
	}
	second.stop(t)
	w.wantNoTraces(t)
}

func tellsWhatIsWrong(t *testing.T) {
	w := newWorkshop(t)
	w.edit(t, "fine")
	d := w.dev(t)
	w.install(t)
	w.wantValidated(t, "fine")

	w.write(t, w.source("src/main.rs"), "fn main() { surprise }\n")
	w.wantRefused(t, "dev does not compile: cannot find value `surprise` in this scope (src/main.rs:1)")
	d.prints(t, "cannot find value `surprise`")

	w.write(t, w.source("src/main.rs"), `fn main() { panic!("dead on arrival") }`)
	w.wantRefused(t, "Failed to read any lines from plugin's stdout")
	d.prints(t, "dead on arrival")

	w.edit(t, "fine again")
	w.wantValidated(t, "fine again")
	s := w.serveAgain(t)
	if _, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "crash"}); err != nil {
		t.Fatal(err)
	}
	s.stop(t)
	s.wantLogged(t, "fetch_schema plugin returned error", `"schemaId":"crash"`, "Unavailable")
	d.prints(t, "has ended")

	// A build that takes longer than CVT waits.
	must(t, syscall.Mkfifo(w.path(w.source("gate")), 0o600))
	gate, err := os.OpenFile(w.path(w.source("gate")), os.O_RDWR, 0)
	must(t, err)
	t.Cleanup(func() { gate.Close() })
	w.write(t, w.source("build.rs"), `fn main() { let _ = std::fs::read("gate"); }`)
	w.wantRefused(t, "dev is still compiling")
	gate.Close()
	w.wantValidated(t, "fine again")

	// Without `dev`, the last build.
	d.stop(t)
	w.wantValidated(t, "fine again")
}

func canBeDebugged(t *testing.T) {
	w := newWorkshop(t)
	w.edit(t, "debugged")
	d := w.dev(t)
	w.install(t)
	w.again(t)
	d.prints(t, "has ended")
	s := w.serve(t)
	attach := d.prints(t, "rust-gdb -p ")
	pid := attach[strings.LastIndex(attach, " ")+1:]

	line := 1 + strings.Count(strings.Split(w.plugin("debugged"), "let title")[0], "\n")
	gdb := exec.Command("gdb", "-batch", "-nx", "-p", pid,
		"-ex", fmt.Sprintf("break main.rs:%d", line), "-ex", "continue", "-ex", "backtrace 3")
	g := listen(t, gdb)
	g.prints(t, "Breakpoint 1 at")
	fetched := make(chan string, 1)
	go func() { fetched <- s.title(t) }()
	g.prints(t, "Breakpoint 1, ")
	g.prints(t, filepath.Join("src", "main.rs"))
	if got := await.Value(t, "a call that goes on", fetched); got != "debugged" {
		t.Errorf("%q", got)
	}
	s.stop(t)
}
