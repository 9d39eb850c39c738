package host

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const (
	// startLimit is how long a plugin may take to serve or to say why not.
	startLimit = 2 * time.Second
	// orphanLimit is how long it may outlive its host, of which it cannot see
	// here that it was killed: it is another user's.
	orphanLimit = 10 * time.Second
	// unprivileged is a user with no other processes, for limits on their number
	// do not hold for root.
	unprivileged = 54321
)

// TestStartsUnderLimits starts a plugin with too few processes or descriptors,
// and with as many as will do: it serves, or says why not, and never outlives
// its host.
func TestStartsUnderLimits(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a plugin as a user with no other processes")
	}
	dir := tempDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	original := ours.echo().binary(t)
	if output, err := exec.Command("cp", original, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	binary := filepath.Join(dir, filepath.Base(original))

	for _, limit := range []struct {
		option   string
		from, to int
	}{{"nproc", 1, 40}, {"nofile", 3, 40}} {
		for n := limit.from; n <= limit.to; n++ {
			t.Run(fmt.Sprintf("%s=%d", limit.option, n), func(t *testing.T) {
				option := fmt.Sprintf("--%s=%d", limit.option, n)
				startUnder(t, dir, "setpriv", fmt.Sprintf("--reuid=%d", unprivileged), "--clear-groups",
					"prlimit", option, binary)
			})
		}
	}
	for n := 3; n <= 13; n++ {
		t.Run(fmt.Sprintf("pids.max=%d", n), func(t *testing.T) {
			group := pidsGroup(t, n)
			startUnder(t, dir, "sh", "-c", `echo $$ >"$0" && exec setpriv "$@"`, filepath.Join(group, "cgroup.procs"),
				fmt.Sprintf("--reuid=%d", unprivileged), "--clear-groups", binary)
		})
	}
}

// pidsGroup makes a cgroup of at most so many threads.
func pidsGroup(t *testing.T, most int) string {
	t.Helper()
	for _, root := range []string{"/sys/fs/cgroup/pids", "/sys/fs/cgroup"} {
		group := filepath.Join(root, fmt.Sprintf("cvtplugin-%d-%d", os.Getpid(), most))
		if os.Mkdir(group, 0o755) != nil {
			continue
		}
		t.Cleanup(func() {
			// Threads may leave a little after their process has ended.
			for range 100 {
				if os.Remove(group) == nil {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
		if os.WriteFile(filepath.Join(group, "pids.max"), []byte(strconv.Itoa(most)), 0o644) == nil {
			return group
		}
	}
	t.Skip("no cgroup for the number of processes can be made here")
	return ""
}

// startUnder runs a command that becomes a plugin, below a shell that it takes
// for its host.
func startUnder(t *testing.T, dir string, command ...string) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-c", `"$0" "$@" & wait`}, command...)...)
	b := &Bare{cmd: cmd}
	cmd.Env = append(pluginEnvironment(), "TMPDIR="+dir)
	cmd.Stderr = &b.Stderr
	// Otherwise Wait would wait for a plugin that outlives the shell.
	cmd.WaitDelay = startLimit
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b.stdout = bufio.NewReader(stdout)

	started := time.AfterFunc(startLimit, func() { killBelow(cmd.Process.Pid) })
	line, err := b.stdout.ReadString('\n')
	if !started.Stop() {
		_ = cmd.Wait()
		t.Fatalf("no line within %v; stderr %q", startLimit, b.Stderr.String())
	}
	b.Line = strings.TrimSuffix(line, "\n")
	if err != nil || strings.Count(line, "|") < 4 {
		mustSayWhy(t, b)
		return
	}
	failed := serveOnce(b.Socket())
	before := time.Now()
	if err := b.KillShell(orphanLimit); err != nil {
		t.Error(err)
	}
	if time.Since(before) >= orphanLimit {
		t.Error("it outlived its host")
	}
	if failed != nil {
		t.Errorf("%v; stderr %q", failed, b.Stderr.String())
	}
}

// mustSayWhy expects a plugin that does not serve to end by itself, with the
// same explanation on both streams.
func mustSayWhy(t *testing.T, b *Bare) {
	t.Helper()
	ended := time.AfterFunc(startLimit, func() { killBelow(b.cmd.Process.Pid) })
	defer ended.Stop()
	rest, _ := io.ReadAll(b.stdout)
	_ = b.cmd.Wait() // the shell's own status says nothing
	stderr := b.Stderr.String()
	if !ended.Stop() {
		t.Fatalf("it did not end by itself; stdout %q, stderr %q", b.Line+string(rest), stderr)
	}
	// Before its first instruction a plugin cannot say anything, but others do.
	for _, other := range []string{"error while loading shared libraries", "Cannot fork", "failed to execute"} {
		if b.Line == "" && strings.Contains(stderr, other) {
			return
		}
	}
	if b.Line == "" || !strings.Contains(stderr, b.Line) {
		t.Fatalf("stdout %q, stderr %q: expected the same explanation", b.Line+string(rest), stderr)
	}
	t.Log(b.Line)
}

// killBelow ends the plugin below a shell.
func killBelow(shell int) {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", shell))
	for child := range strings.FieldsSeq(string(children)) {
		if pid, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// serveOnce makes one call of each kind, within the limit.
func serveOnce(socket string) error {
	dial := func(ctx context.Context, _ string) (net.Conn, error) { return dialUnprivileged(ctx, socket) }
	conn, err := grpc.NewClient("passthrough:///plugin",
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithContextDialer(dial))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if _, err := handshakepb.NewPluginHandshakeClient(conn).Info(ctx, &handshakepb.InfoRequest{}); err != nil {
		return fmt.Errorf("Info: %w", err)
	}
	request := &registrypb.FetchSchemaRequest{SchemaId: "petstore"}
	response, err := registrypb.NewRegistryProviderClient(conn).FetchSchema(ctx, request)
	if err != nil {
		return fmt.Errorf("FetchSchema: %w", err)
	}
	if !bytes.Equal(response.Spec, []byte("echoed: petstore")) {
		return fmt.Errorf("FetchSchema: %q", response.Spec)
	}
	return nil
}

// dialUnprivileged connects as the plugin's own user, for it refuses others.
// The effective user of one thread counts no process to that user.
func dialUnprivileged(ctx context.Context, socket string) (net.Conn, error) {
	runtime.LockOSThread()
	if err := becomeEffectively(unprivileged); err != nil {
		return nil, err // with its thread, which is like no other
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
	if undone := becomeEffectively(0); undone != nil {
		return conn, errors.Join(err, undone)
	}
	runtime.UnlockOSThread()
	return conn, err
}

func becomeEffectively(uid uintptr) error {
	const unchanged = ^uintptr(0)
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, unchanged, uid, unchanged); errno != 0 {
		return errno
	}
	return nil
}
