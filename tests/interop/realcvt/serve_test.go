package realcvt

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/sahina/cvt/server/pb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"cvtplugin.dev/tests/interop/await"
)

// server is a `cvt serve`, and a client of its.
type server struct {
	pb.ContractValidatorClient

	home    *home
	cmd     *exec.Cmd
	address string
	ended   chan struct{}

	stdout bytes.Buffer // of an ended server

	mu    sync.Mutex
	lines []string // lines of its log, which is its stderr
}

// serving are the arguments of a server on free ports.
var serving = []string{"serve", "--port", "0", "--metrics-port", "0"}

// serve starts a `cvt serve` on free ports, and a process group of its own.
func (h *home) serve(t *testing.T) *server {
	t.Helper()
	s := &server{home: h, cmd: h.command(cvt, serving...), ended: make(chan struct{})}
	s.cmd.Stdout = &s.stdout
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.end(t, func() error { return s.cmd.Process.Kill() }) })
	listening := make(chan string, 1)
	go func() {
		defer close(s.ended)
		defer close(listening)
		lines := bufio.NewScanner(stderr)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if address := s.hear(lines.Text()); address != "" {
				listening <- address
			}
		}
		_ = s.cmd.Wait()
	}()
	s.address = await.Value(t, "a server that listens", listening)
	if s.address == "" {
		t.Fatalf("cvt serve has ended: %s", s.log())
	}
	conn, err := grpc.NewClient(s.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s.ContractValidatorClient = pb.NewContractValidatorClient(conn)
	return s
}

// hear keeps a line of the log, and returns the address that it may announce.
func (s *server) hear(line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
	var entry struct{ Msg, Address string }
	if json.Unmarshal([]byte(line), &entry) != nil || entry.Msg != "Server listening" {
		return ""
	}
	return entry.Address
}

func (s *server) log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.lines, "\n")
}

// wantLogged fails the test unless a line of an ended server's log says all of
// this.
func (s *server) wantLogged(t *testing.T, parts ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	lacks := func(line string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) })
	}
	if !slices.ContainsFunc(s.lines, func(line string) bool { return !lacks(line) }) {
		t.Errorf("no line says %q in\n%s", parts, strings.Join(s.lines, "\n"))
	}
}

// stop ends the server as the operator of a service does.
func (s *server) stop(t *testing.T) {
	t.Helper()
	s.end(t, func() error { return s.cmd.Process.Signal(syscall.SIGTERM) })
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("cvt serve has ended with %d: %s", code, s.log())
	}
}

// end ends the server in some way, and waits for that.
func (s *server) end(t *testing.T, how func() error) {
	t.Helper()
	select {
	case <-s.ended:
		return
	default:
	}
	if err := how(); err != nil {
		t.Fatal(err)
	}
	await.Value(t, "the end of cvt serve", s.ended)
}
