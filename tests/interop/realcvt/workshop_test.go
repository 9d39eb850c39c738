package realcvt

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sahina/cvt/server/pb"

	"cvtplugin.dev/tests/interop/await"
)

// firstBuild is how long the dependencies may take.
const firstBuild = 10 * time.Minute

// workshop is the home of somebody who works on a plugin, in a directory with
// a space in its path.
type workshop struct{ *home }

const manifest = `[package]
name = "cvt-plugin-dev"
version = "0.1.0"
edition = "2024"

[dependencies]
cvtplugin = { path = %q }
tracing = "0.1"

[profile.dev]
debug = false

[profile.dev.package.cvt-plugin-dev]
debug = "line-tables-only"

[workspace]
`

// pluginSource is a plugin whose responses and log have a title.
const pluginSource = `use cvtplugin::prelude::*;

#[derive(Default)]
struct Dev;

#[cvt_plugin]
impl Dev {
    async fn fetch_schema(&self, request: FetchSchemaRequest) -> Result<FetchSchemaResponse> {
        if request.schema_id == "crash" {
            std::process::abort();
        }
        let title = "TITLE";
        let spec = r#"{"openapi": "3.0.0", "info": {"title": "TITLE", "version": "1.0.0"}, "paths": {}}"#;
        tracing::debug!(title, "fetched");
        Ok(FetchSchemaResponse::new(spec))
    }
    async fn register_consumer_usage(&self, _: RegisterConsumerUsageRequest) -> Result<()> {
        Ok(())
    }
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        tracing::error!("TITLE");
        Ok(())
    }
}
`

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{newHome(t)}
	must(t, os.MkdirAll(w.path(w.source("src")), 0o700))
	root, err := filepath.Abs("../../..")
	must(t, err)
	w.write(t, w.source("Cargo.toml"), fmt.Sprintf(manifest, filepath.Join(root, "cvtplugin")))
	w.write(t, w.source("Cargo.lock"), read(t, filepath.Join(root, "Cargo.lock")))
	// Where the dependencies may have been built before.
	w.set("CARGO_TARGET_DIR", filepath.Join(filepath.Dir(cli.path(t)), "../tmp/new"))
	user, err := os.UserHomeDir()
	must(t, err)
	for variable, fallback := range map[string]string{
		"CARGO_HOME": filepath.Join(user, ".cargo"), "RUSTUP_HOME": filepath.Join(user, ".rustup"),
		"RUSTC_WRAPPER": "", "RUSTUP_TOOLCHAIN": "",
	} {
		if value := os.Getenv(variable); value != "" {
			w.set(variable, value)
		} else if fallback != "" {
			w.set(variable, fallback)
		}
	}
	return w
}

// source is a file of the package, from the home.
func (w *workshop) source(name string) string { return filepath.Join("my plugin", name) }

func (w *workshop) plugin(title string) string {
	return strings.ReplaceAll(pluginSource, "TITLE", title)
}

// edit has the plugin respond with this title.
func (w *workshop) edit(t *testing.T, title string) {
	t.Helper()
	w.write(t, w.source("src/main.rs"), w.plugin(title))
}

// wantNoTraces fails the test if a plugin runs, which a shim has become, or has
// left its socket.
func (w *workshop) wantNoTraces(t *testing.T) {
	t.Helper()
	if pids := running(t, w.path(".local/state/cvt-plugin/dev/build")); len(pids) > 0 {
		t.Errorf("plugins still run: %v", pids)
	}
	w.home.wantNoTraces(t)
}

// shim is what is installed into CVT.
func (w *workshop) shim() string {
	return w.path(".local/state/cvt-plugin/dev/cvt-plugin-dev")
}

func (w *workshop) install(t *testing.T) {
	t.Helper()
	w.mustDo(t, "plugins", "install", w.shim())
	w.configure(t, `config_version: 1
plugins:
  dev:
    binary: ~/.cvt/plugins/cvt-plugin-dev
    timeout: 30m
hooks:
  fetch_schema: dev
  on_validation_failed: dev
`)
}

// again has cvt do something until no build keeps it from that.
func (w *workshop) again(t *testing.T) outcome {
	t.Helper()
	for {
		got := w.validate(t, badPet)
		if !strings.Contains(got.stderr, "is still compiling") {
			return got
		}
	}
}

// wantValidated fails the test unless the next `cvt validate` has the plugin
// log this.
func (w *workshop) wantValidated(t *testing.T, title string) {
	t.Helper()
	_ = os.Remove(w.path("plugin.log"))
	got := w.again(t)
	if got.code != 1 || got.stderr != "" {
		t.Fatalf("%s: %+v", title, got)
	}
	w.wantLog(t, record{"@message": title, "method": "OnValidationFailed"})
}

// wantRefused fails the test unless the next `cvt validate` shows this.
func (w *workshop) wantRefused(t *testing.T, part string) {
	t.Helper()
	got := w.validate(t, badPet)
	if !strings.Contains(part, "is still compiling") {
		got = w.again(t)
	}
	if got.code == 0 || !strings.Contains(got.stderr, part) {
		t.Errorf("%+v does not show %q", got, part)
	}
	t.Log(got.stderr)
}

// serveAgain starts a server as soon as there is a build.
func (w *workshop) serveAgain(t *testing.T) *server {
	t.Helper()
	w.again(t)
	return w.serve(t)
}

func (w *workshop) wantServed(t *testing.T, title string) {
	t.Helper()
	s := w.serveAgain(t)
	if got := s.title(t); got != title {
		t.Errorf("served %q, want %q", got, title)
	}
	s.stop(t)
}

// title fetches the schema.
func (s *server) title(t *testing.T) string {
	schema, err := s.GetSchema(patient(t), &pb.GetSchemaRequest{SchemaId: "any"})
	if err != nil {
		t.Error(err)
		return ""
	}
	_, rest, _ := strings.Cut(schema.GetSchemaContent(), `"title": "`)
	title, _, _ := strings.Cut(rest, `"`)
	return title
}

// listened is a command whose lines are waited for.
type listened struct {
	cmd   *exec.Cmd
	lines chan string
	ended chan struct{}
}

// listen starts a command.
func listen(t *testing.T, cmd *exec.Cmd) *listened {
	t.Helper()
	reader, writer, err := os.Pipe()
	must(t, err)
	cmd.Stdout, cmd.Stderr = writer, writer
	must(t, cmd.Start())
	writer.Close()
	l := &listened{cmd, make(chan string, 1<<16), make(chan struct{})}
	go func() {
		defer close(l.ended)
		defer close(l.lines)
		for lines := bufio.NewScanner(reader); lines.Scan(); {
			l.lines <- lines.Text()
		}
		_, _ = io.Copy(io.Discard, reader)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		await.Value(t, "the end of "+cmd.Path, l.ended)
		for line := range l.lines {
			if t.Failed() {
				t.Log(line)
			}
		}
	})
	return l
}

// drain takes all lines so far.
func (l *listened) drain() {
	for {
		select {
		case <-l.lines:
		default:
			return
		}
	}
}

// prints waits for a line with this in it, and returns it.
func (l *listened) prints(t *testing.T, part string) string {
	t.Helper()
	var seen []string
	for {
		line := await.Value(t, fmt.Sprintf("a line with %q after %q", part, seen), l.lines)
		if strings.Contains(line, part) {
			return line
		}
		if line == "" {
			select {
			case <-l.ended:
				t.Fatalf("no line with %q: %q", part, seen)
			default:
			}
		}
		seen = append(seen, line)
	}
}

// dev starts `cvt-plugin dev`, and waits for its first build.
func (w *workshop) dev(t *testing.T) *listened {
	t.Helper()
	d := listen(t, w.command(cli.path(t), "dev", w.path("my plugin")))
	d.prints(t, "cvt plugins install "+w.shim())
	limit := time.After(firstBuild)
	for {
		select {
		case line := <-d.lines:
			if strings.Contains(line, "is ready for") {
				return d
			}
		case <-limit:
			t.Fatalf("no build after %v", firstBuild)
		}
	}
}

func (l *listened) stop(t *testing.T) {
	t.Helper()
	must(t, l.cmd.Process.Signal(syscall.SIGINT))
	await.Value(t, "the end of dev", l.ended)
}
