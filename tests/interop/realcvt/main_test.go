// Package realcvt drives the real cvt command, with this repository's plugins
// installed into it.
package realcvt

import (
	"log"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sahina/cvt/pkg/cvtplugin"
)

// cvt is the path of the command.
var cvt string

// TestMain builds the command, which the module has as a tool, or takes the one
// that the environment variable CVT names: that of another version. Or else
// this process is a plugin that cvt has launched.
func TestMain(m *testing.M) {
	if os.Getenv(cvtplugin.Handshake.MagicCookieKey) != "" {
		beRecorder()
		return
	}
	cvt = os.Getenv("CVT")
	if cvt == "" {
		build := exec.Command("go", "tool", "-n", "cvt")
		build.Stderr = os.Stderr
		path, err := build.Output()
		if err != nil {
			log.Fatalf("building cvt by `go tool -n cvt`: %v", err)
		}
		cvt = strings.TrimSpace(string(path))
	}
	os.Exit(m.Run())
}
