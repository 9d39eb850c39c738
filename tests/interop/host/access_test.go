package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
)

const nobody = 65534

// TestAnotherUser runs the plugin as nobody, so that this process is another
// user for it, who as root may go anywhere.
func TestAnotherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	forEach(t, func(t *testing.T, s subject) {
		dir := tempDir(t)
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		// Not by this process: while it has the copy open to write, another
		// child may inherit that, and then the copy cannot be run.
		if output, err := exec.Command("cp", s.binary(t), dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		binary := filepath.Join(dir, filepath.Base(s.binary(t)))
		var stderr strings.Builder
		p, err := LaunchWith(binary, func(config *goplugin.ClientConfig) {
			config.Stderr = &stderr
			config.Cmd.SysProcAttr = &syscall.SysProcAttr{
				Credential: &syscall.Credential{Uid: nobody, Gid: nobody},
			}
		}, "TMPDIR="+dir)
		if err == nil {
			err = p.Ping()
			p.Kill() // its log is complete then
		}
		if refused := err != nil; refused != s.refusesStrangers {
			t.Fatalf("another user's connection: %v", err)
		}
		if err != nil && !strings.Contains(stderr.String(), "another user") {
			t.Errorf("its log does not say why: %s", stderr.String())
		}
	})
}
