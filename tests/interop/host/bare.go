package host

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sahina/cvt/pkg/cvtplugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Bare is a plugin process without go-plugin's client around it, for what that
// client hides: every byte of stdout, and what a start costs.
type Bare struct {
	// Line is the first line on stdout.
	Line string
	// Stderr is complete when End has returned.
	Stderr bytes.Buffer

	cmd    *exec.Cmd
	stdout *bufio.Reader
}

// StartBare starts a plugin with what go-plugin puts in its environment, and
// reads the handshake line. env comes on top.
func StartBare(binary string, env ...string) (*Bare, error) {
	return startBare(exec.Command(binary), env...)
}

// StartBelowShell is StartBare with a shell in between, which the plugin takes
// for its host.
func StartBelowShell(binary string, env ...string) (*Bare, error) {
	return startBare(exec.Command("sh", "-c", `"$0" & wait`, binary), env...)
}

// KillShell kills the shell and waits for the plugin's end, which it hastens
// after a limit.
func (b *Bare) KillShell(limit time.Duration) error {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", b.cmd.Process.Pid))
	if err != nil {
		return err
	}
	plugin, err := strconv.Atoi(strings.TrimSpace(string(children)))
	if err != nil {
		return err
	}
	if err := b.cmd.Process.Kill(); err != nil {
		return err
	}
	watchdog := time.AfterFunc(limit, func() { _ = syscall.Kill(plugin, syscall.SIGKILL) })
	defer watchdog.Stop()
	// Its streams end with the last who has them.
	_, err = io.Copy(io.Discard, b.stdout)
	_ = b.cmd.Wait() // it was killed, which is what Wait reports
	return err
}

// pluginEnvironment is this process's, and what go-plugin adds to it.
func pluginEnvironment() []string {
	return append(os.Environ(),
		cvtplugin.Handshake.MagicCookieKey+"="+cvtplugin.Handshake.MagicCookieValue,
		fmt.Sprintf("PLUGIN_PROTOCOL_VERSIONS=%d", cvtplugin.ProtocolVersion),
		"PLUGIN_MIN_PORT=10000",
		"PLUGIN_MAX_PORT=25000",
	)
}

func startBare(cmd *exec.Cmd, env ...string) (*Bare, error) {
	b := &Bare{cmd: cmd}
	b.cmd.Env = append(pluginEnvironment(), env...)
	b.cmd.Stderr = &b.Stderr
	stdout, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	b.stdout = bufio.NewReader(stdout)
	return b, b.readLine()
}

func (b *Bare) readLine() error {
	watchdog := b.killAfter(StartTimeout)
	defer watchdog.Stop()
	line, err := b.stdout.ReadString('\n')
	if err != nil {
		_ = b.cmd.Process.Kill()
		_ = b.cmd.Wait()
		return fmt.Errorf("no handshake line: %w; stdout %q, stderr %q", err, line, b.Stderr.String())
	}
	b.Line = strings.TrimSuffix(line, "\n")
	return nil
}

// Socket is the path in the handshake line.
func (b *Bare) Socket() string {
	fields := strings.Split(b.Line, "|")
	if len(fields) < 4 {
		return ""
	}
	return fields[3]
}

// Dial connects to the plugin.
func (b *Bare) Dial() (*grpc.ClientConn, error) {
	return b.DialWith(insecure.NewCredentials())
}

// DialWith connects to the plugin with what secures the connection.
func (b *Bare) DialWith(creds credentials.TransportCredentials) (*grpc.ClientConn, error) {
	return grpc.NewClient("unix:"+b.Socket(), grpc.WithTransportCredentials(creds))
}

// End asks the plugin to end and returns what stdout held after the handshake
// line.
func (b *Bare) End(conn *grpc.ClientConn) (string, error) {
	watchdog := b.killAfter(StartTimeout)
	defer watchdog.Stop()
	// A plugin may end before it has responded: that it ends is what counts.
	_ = conn.Invoke(context.Background(), "/plugin.GRPCController/Shutdown", &emptypb.Empty{}, &emptypb.Empty{})
	_ = conn.Close()
	rest, err := io.ReadAll(b.stdout)
	return string(rest), errors.Join(err, b.cmd.Wait())
}

// CPU is what the process has used from its start to its end.
func (b *Bare) CPU() time.Duration {
	return b.cmd.ProcessState.UserTime() + b.cmd.ProcessState.SystemTime()
}

func (b *Bare) killAfter(d time.Duration) *time.Timer {
	return time.AfterFunc(d, func() { _ = b.cmd.Process.Kill() })
}
