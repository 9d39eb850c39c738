package realcvt

import (
	"bytes"
	"errors"
	"os/exec"
	"testing"
	"time"

	"cvtplugin.dev/tests/interop/await"
)

// outcome is the output of a command, and its exit code: -1 if a signal
// ended it.
type outcome struct {
	stdout, stderr string
	code           int
}

// run runs a command to its end.
func run(t *testing.T, command *exec.Cmd) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	limit := time.AfterFunc(await.Timeout, func() { _ = command.Process.Kill() })
	err := command.Wait()
	if !limit.Stop() {
		t.Fatalf("%v: still running after %v\n%s%s", command, await.Timeout, &stdout, &stderr)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), command.ProcessState.ExitCode()}
}
