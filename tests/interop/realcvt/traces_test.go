package realcvt

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"

	"cvtplugin.dev/tests/interop/await"
)

// running are the processes of the plugins that are installed here.
func (h *home) running(t *testing.T) []int {
	t.Helper()
	return running(t, h.plugins())
}

// running are the processes whose programs are in a directory.
func running(t *testing.T, dir string) []int {
	t.Helper()
	processes, err := procfs.AllProcs()
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, process := range processes {
		// Other users' programs, and those that have just ended, are not told.
		program, err := process.Executable()
		if err == nil && strings.HasPrefix(program, dir) {
			pids = append(pids, process.PID)
		}
	}
	return pids
}

// wantNoTraces fails the test if a plugin runs, or has left its socket.
func (h *home) wantNoTraces(t *testing.T) {
	t.Helper()
	if pids := h.running(t); len(pids) > 0 {
		t.Errorf("plugins still run: %v", pids)
	}
	left, err := os.ReadDir(h.sockets())
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// handle is a process's pidfd, which tells of its end.
func handle(t *testing.T, pid int) int {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

// awaitEnd waits for a process to end.
func awaitEnd(t *testing.T, handle int) {
	t.Helper()
	for limit := time.Now().Add(await.Timeout); ; {
		fds := []unix.PollFd{{Fd: int32(handle), Events: unix.POLLIN}}
		ready, err := unix.Poll(fds, int(time.Until(limit).Milliseconds()))
		switch {
		case err == unix.EINTR:
		case err != nil:
			t.Fatal(err)
		case ready == 0:
			t.Fatalf("still running after %v", await.Timeout)
		default:
			return
		}
	}
}
