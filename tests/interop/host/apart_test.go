package host

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/go-hclog"
	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"cvtplugin.dev/tests/interop/await"
)

// apartVariable holds the binary that a host apart is to launch, and
// sayVariable what it says to the plugin: nothing, "note:PATH" for callers who
// note until it is killed, or words that ought to do it no harm.
const (
	apartVariable = "CVT_INTEROP_APART"
	sayVariable   = "CVT_INTEROP_SAY"
)

// apart is a host in a process of its own, so that it can be killed, or crash.
type apart struct {
	cmd *exec.Cmd
	// stdout is what it prints: the plugin's process id and socket first.
	stdout *bufio.Reader
	stderr bytes.Buffer

	pid    int
	socket string
}

// launchApart has this test's binary do beHostApart.
func (s subject) launchApart(t *testing.T, say string, env ...string) *apart {
	t.Helper()
	a := &apart{cmd: exec.Command(os.Args[0])}
	a.cmd.Env = append(os.Environ(), apartVariable+"="+s.binary(t), sayVariable+"="+say)
	a.cmd.Env = append(a.cmd.Env, env...)
	a.cmd.Stderr = &a.stderr
	stdout, err := a.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	a.stdout = bufio.NewReader(stdout)
	t.Cleanup(func() { _ = a.cmd.Process.Kill() })
	if _, err := fmt.Fscanln(a.stdout, &a.pid, &a.socket); err != nil {
		t.Fatalf("the host did not launch the plugin: %v", err)
	}
	return a
}

// beHostApart is what such a process does.
func beHostApart() {
	p, err := Launch(os.Getenv(apartVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(p.Pid(), p.Socket())
	say := os.Getenv(sayVariable)
	if path, ok := strings.CutPrefix(say, "note:"); ok {
		<-note(p, path, func(id string) { fmt.Println(id) })
	} else if say == "" {
		select {}
	}
	fmt.Println(serves(p, say))
	p.Kill()
}

// serves says whether the plugin is served as ever after a word to it, its log
// among the rest.
func serves(p *Plugin, word string) error {
	for _, id := range []string{word, "log:warn:after that"} {
		if err := say(p, id); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), await.Timeout)
	defer cancel()
	_, err := p.Log.Await(ctx, func(records []Record) bool {
		return slices.ContainsFunc(records, func(r Record) bool {
			return r.Level == hclog.Warn && r.Message == "after that"
		})
	})
	return err
}

// TestHostDeath has the host killed, who can then do nothing for the plugin.
func TestHostDeath(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		dir := tempDir(t)
		a := s.launchApart(t, "", "TMPDIR="+dir)
		a.kill(t)
		wantOrphan(t, s, a, dir)
	})
}

func TestHostDeathUnderLoad(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		dir, notes := tempDir(t), filepath.Join(tempDir(t), "notes")
		a := s.launchApart(t, "note:"+notes, "TMPDIR="+dir)
		var acknowledged []string
		for range 4 * callers {
			var id string
			if _, err := fmt.Fscanln(a.stdout, &id); err != nil {
				t.Fatal(err)
			}
			acknowledged = append(acknowledged, id)
		}
		rest := a.kill(t)
		wantOrphan(t, s, a, dir)
		wantNoted(t, notes, append(acknowledged, strings.Fields(rest)...), false)
	})
}

// kill kills the host, and returns what else it had printed.
func (a *apart) kill(t *testing.T) string {
	t.Helper()
	if err := a.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(a.stdout)
	if err != nil {
		t.Fatal(err)
	}
	_ = a.cmd.Wait() // it was killed, which is what Wait reports
	return string(rest)
}

// wantOrphan checks that the plugin of a dead host is gone, or, if that is
// how it is, that it serves nobody for ever.
func wantOrphan(t *testing.T, s subject, a *apart, dir string) {
	t.Helper()
	if s.outlivesHost {
		conn, err := grpc.NewClient("unix:"+a.socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := handshakepb.NewPluginHandshakeClient(conn).Health(patient(t), &handshakepb.HealthRequest{}); err != nil {
			t.Errorf("it is expected to outlive its host: %v", err)
		}
		_ = syscall.Kill(a.pid, syscall.SIGKILL)
		return
	}
	await.Until(t, "the plugin to be gone", func() bool { return isGone(a.pid) })
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary directory: %v, %v", left, err)
	}
}

// isGone holds for what nobody has waited for, too.
func isGone(pid int) bool {
	state := processState(pid)
	return state == "" || state == "Z"
}

// TestHostileRecords is about records whose fields are not of the type that
// go-plugin takes them to be of, on which it crashes.
func TestHostileRecords(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		for _, word := range []string{
			`rawstderr:{"@level":"info","@message":42}`,
			`rawstderr:{"@level":7,"@message":"text"}`,
			`rawstderr:{"@level":"info","@message":"text","@timestamp":null}`,
			"fields:hostile",
		} {
			a := s.launchApart(t, word, "TMPDIR="+tempDir(t))
			stdout, err := io.ReadAll(a.stdout)
			if err != nil {
				t.Fatal(err)
			}
			crashed := a.cmd.Wait() != nil
			if crashed == s.guardsLog {
				t.Errorf("%s: %s%s", word, stdout, a.stderr.String())
			}
			if crashed {
				_ = syscall.Kill(a.pid, syscall.SIGKILL)
			} else if strings.TrimSpace(string(stdout)) != fmt.Sprint(error(nil)) {
				t.Errorf("%s: %s", word, stdout)
			}
		}
	})
}
