package realcvt

import (
	"syscall"
	"testing"

	"github.com/sahina/cvt/server/pb"
)

// shutDown is what typed says when its `shutdown` runs.
var shutDown = record{"@message": "shut down"}

// serveTyped is a server whose plugin has had a call, and so has something to
// shut down.
func serveTyped(t *testing.T) *server {
	t.Helper()
	s := with(t, typed, typed.ask(t, "--config")).serve(t)
	// There is no such schema, and nothing logs that.
	if _, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "nowhere"}); err != nil {
		t.Fatal(err)
	}
	if plugins := s.home.running(t); len(plugins) != 1 {
		t.Fatalf("running: %v", plugins)
	}
	return s
}

func TestPluginEndsGracefullyWithServe(t *testing.T) {
	t.Parallel()
	for title, signal := range map[string]func(pid int) error{
		"SIGTERM": func(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) },
		"SIGINT":  func(pid int) error { return syscall.Kill(pid, syscall.SIGINT) },
		// A terminal sends it to the plugin as well.
		"Ctrl-C": func(pid int) error { return syscall.Kill(-pid, syscall.SIGINT) },
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			s := serveTyped(t)
			s.end(t, func() error { return signal(s.cmd.Process.Pid) })
			if code := s.cmd.ProcessState.ExitCode(); code != 0 {
				t.Errorf("cvt serve has ended with %d", code)
			}
			s.home.wantLog(t, shutDown)
			s.home.wantNoTraces(t)
		})
	}
}

func TestPluginDoesNotOutliveAKilledServe(t *testing.T) {
	t.Parallel()
	s := serveTyped(t)
	plugin := handle(t, s.home.running(t)[0])
	s.end(t, s.cmd.Process.Kill)
	awaitEnd(t, plugin)
	s.home.wantLogged(t, shutDown) // besides, lines that the dead host did not take are counted
	s.home.wantNoTraces(t)
}
