package realcvt

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/procfs"
)

// metrics is what the server tells Prometheus.
func (s *server) metrics(t *testing.T) string {
	t.Helper()
	ports := slices.DeleteFunc(s.ports(t), func(port uint64) bool {
		return strings.HasSuffix(s.address, fmt.Sprintf(":%d", port))
	})
	if len(ports) != 1 {
		t.Fatalf("ports beside that of gRPC: %v", ports)
	}
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/metrics", ports[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", response.Status, err)
	}
	return string(text)
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
