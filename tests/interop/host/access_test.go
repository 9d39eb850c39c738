package host

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
)

const nobody = 65534

// TestRootHost runs the plugin as nobody, as setpriv, su-exec and gosu do: its
// host is root.
func TestRootHost(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can have another user's plugin")
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
		p, err := LaunchWith(binary, func(config *goplugin.ClientConfig) {
			config.Cmd.SysProcAttr = &syscall.SysProcAttr{
				Credential: &syscall.Credential{Uid: nobody, Gid: nobody},
			}
		}, "TMPDIR="+dir)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Kill()
		if err := p.Ping(); err != nil {
			t.Fatal(err)
		}
	})
}
