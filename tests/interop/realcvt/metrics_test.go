package realcvt

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/procfs"
)

// metrics is what the server tells Prometheus.
func (s *server) metrics(t *testing.T) string {
	t.Helper()
	for _, port := range s.ports(t) {
		// The other port is gRPC's, which no HTTP/1.1 client understands.
		answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/metrics", port))
		if err != nil {
			continue
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err == nil && answer.StatusCode == http.StatusOK {
			return string(text)
		}
	}
	t.Fatal("cvt serve has no metrics")
	return ""
}

// ports are those that the server listens on. It does not say which one it got
// for the metrics.
func (s *server) ports(t *testing.T) []uint64 {
	t.Helper()
	process, err := procfs.NewProc(s.cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	open, err := process.FileDescriptorTargets()
	if err != nil {
		t.Fatal(err)
	}
	fs, err := procfs.NewDefaultFS()
	if err != nil {
		t.Fatal(err)
	}
	sockets, err := fs.NetTCP6()
	if err != nil {
		t.Fatal(err)
	}
	const listening = 10 // as in the kernel's tcp_states.h
	var ports []uint64
	for _, socket := range sockets {
		ours := strings.Contains(strings.Join(open, " "), fmt.Sprintf("socket:[%d]", socket.Inode))
		if ours && socket.St == listening {
			ports = append(ports, socket.LocalPort)
		}
	}
	return ports
}
