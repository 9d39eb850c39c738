package host

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"

	"cvtplugin.dev/tests/interop/await"
)

func TestKill(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		mustServe(t, p, s)
		if in := filepath.Dir(p.Socket()); (in != dir) != s.ownDirectory {
			t.Errorf("the socket is in %s, the temporary directory is %s", in, dir)
		}
		p.Kill()
		wantCleanEnd(t, p, dir)
	})
}

// wantCleanEnd checks what a plugin leaves behind: nothing.
func wantCleanEnd(t *testing.T, p *Plugin, dir string) {
	t.Helper()
	if code := p.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary directory: %v, %v", left, err)
	}
}

// TestKillWithCallInFlight is about a call that has yet to get its response when
// the host ends the plugin.
func TestKillWithCallInFlight(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		call := start(t, p, "sleep:1000")
		p.Kill()
		got := await.Value(t, "call in flight", call)
		if s.finishesCalls && (got.err != nil || got.spec != "slept") {
			t.Errorf("call in flight: %q, %v", got.spec, got.err)
		}
		if !s.finishesCalls && got.err == nil {
			t.Errorf("call in flight: got the response %q", got.spec)
		}
		wantCleanEnd(t, p, dir)
	})
}

// TestKillWithEndlessCall is about a call that outlives every timeout.
func TestKillWithEndlessCall(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		call := start(t, p, "sleep:3600000")
		p.Kill()
		if got := await.Value(t, "endless call", call); got.err == nil {
			t.Errorf("endless call: got the response %q", got.spec)
		}
		wantCleanEnd(t, p, dir)
	})
}

// TestKillWithChild is about a child of the plugin that lives on: the host
// must not have to wait for it.
func TestKillWithChild(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		if got := mustFetch(t, p, "spawn:5"); got != "spawned" {
			t.Fatalf("spawn: %q", got)
		}
		if children := childrenOf(t, p.Pid()); len(children) != 1 {
			t.Fatalf("children: %v", children)
		}
		killed := make(chan struct{})
		go func() {
			p.Kill()
			close(killed)
		}()
		select {
		case <-killed:
			wantCleanEnd(t, p, dir)
		case <-time.After(2 * time.Second):
			t.Error("Kill takes 2 s or more")
			<-killed
		}
	})
}

// childrenOf lists the living children of all of a process's threads.
func childrenOf(t *testing.T, pid int) []string {
	t.Helper()
	lists, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "task", "*", "children"))
	if err != nil || len(lists) == 0 {
		t.Fatalf("no lists of children: %v", err)
	}
	var children []string
	for _, list := range lists {
		content, err := os.ReadFile(list)
		if err != nil && !errors.Is(err, os.ErrNotExist) { // a thread may end
			t.Fatal(err)
		}
		children = append(children, strings.Fields(string(content))...)
	}
	return children
}

func TestPanic(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		other := start(t, p, "sleep:500")
		_, err := fetch(t, p, "panic")
		if s.survivesPanic {
			wantCode(t, "panic", err, codes.Internal)
			if got := await.Value(t, "other call", other); got.err != nil {
				t.Errorf("other call: %v", got.err)
			}
			mustServe(t, p, s)
			p.Kill()
			wantCleanEnd(t, p, dir)
			return
		}
		wantCode(t, "panic", err, codes.Unavailable)
		wantCode(t, "other call", await.Value(t, "other call", other).err, codes.Unavailable)
		p.Kill()
		if p.ExitCode() != 2 {
			t.Errorf("exit code %d", p.ExitCode())
		}
	})
}

func TestExit(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		_, err := fetch(t, p, "exit:7")
		wantCode(t, "exit", err, codes.Unavailable)
		p.Kill()
		if p.ExitCode() != 7 {
			t.Errorf("exit code %d", p.ExitCode())
		}
	})
}

// TestStdoutIsTheHandshakeLine reads the real stdout from start to end.
func TestStdoutIsTheHandshakeLine(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		dir := tempDir(t)
		b, err := StartBare(s.binary(t), "PLUGIN_UNIX_SOCKET_DIR="+dir)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(b.Socket()) != dir || b.Line != "1|1|unix|"+b.Socket()+"|grpc|" {
			t.Errorf("handshake line %q, socket directory %s", b.Line, dir)
		}
		conn, err := b.Dial()
		if err != nil {
			t.Fatal(err)
		}
		registry := registrypb.NewRegistryProviderClient(conn)
		for _, id := range s.noisyWords() {
			if _, err := registry.FetchSchema(patient(t), &registrypb.FetchSchemaRequest{SchemaId: id}); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		rest, err := b.End(conn)
		if rest != "" || err != nil {
			t.Errorf("after the handshake line: %.100q, %v", rest, err)
		}
	})
}

// noisyWords are ids that make the plugin print, though not more than a pipe
// holds: nobody reads the stream that it goes to.
func (s subject) noisyWords() []string {
	if !s.takesWords {
		return []string{s.knownID}
	}
	return []string{"stdout:text", "print:1000", "log:error:text", "stderr:text", "rawstderr:text"}
}

// TestWithoutCookie runs the plugin as somebody does who does not know what it
// is.
func TestWithoutCookie(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		for _, env := range [][]string{{}, {"CVT_PLUGIN_MAGIC_COOKIE=cvt-plugin-v2"}} {
			var stdout, stderr bytes.Buffer
			cmd := exec.CommandContext(patient(t), s.binary(t))
			cmd.Env, cmd.Stdout, cmd.Stderr = env, &stdout, &stderr
			_ = cmd.Run() // the exit code is what counts
			if cmd.ProcessState.ExitCode() != 1 || stdout.Len() > 0 || stderr.Len() == 0 {
				t.Fatalf("env %q: %v, stdout %q, stderr %q", env, cmd.ProcessState, &stdout, &stderr)
			}
		}
	})
}

// TestInterrupt checks that Ctrl-C, which a terminal sends to host and plugin
// alike, is left to the host.
func TestInterrupt(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		for range 3 {
			if err := syscall.Kill(p.Pid(), syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			mustServe(t, p, s)
		}
		p.Kill()
		wantCleanEnd(t, p, dir)
	})
}

// TestStartsInParallel is what CVT does with several plugins.
func TestStartsInParallel(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		binary, dir := s.binary(t), tempDir(t)
		sockets := make(chan string, 8)
		for range cap(sockets) {
			go func() {
				p, err := Launch(binary, "TMPDIR="+dir)
				if err != nil {
					t.Error(err)
					sockets <- ""
					return
				}
				socket := p.Socket()
				p.Kill()
				sockets <- socket
			}()
		}
		var seen []string
		for range cap(sockets) {
			seen = append(seen, await.Value(t, "start", sockets))
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != cap(sockets) {
			t.Errorf("sockets: %q", seen)
		}
	})
}
