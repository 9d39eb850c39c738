package host

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"

	"cvtplugin.dev/tests/interop/await"
)

// Every acknowledged call is noted, whatever happens beside it: the tests of
// this file.

// often is how often a fault is repeated.
const often = 10

// costsNothing is a fault that every plugin lives through.
func costsNothing(happen func(*testing.T, *Plugin)) fault {
	return fault{happen: happen, ends: never, endsWell: always}
}

func nothing(*testing.T, *Plugin) {}

func TestShutdownUnderLoad(t *testing.T) {
	for range often {
		underLoad(t, costsNothing(nothing))
	}
}

func TestSignalsUnderLoad(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			underLoad(t, fault{
				happen:   func(t *testing.T, p *Plugin) { signal(t, p, sig) },
				ends:     always,
				endsWell: func(s subject) bool { return s.endsOnSignals },
			})
		})
	}
}

func signal(t *testing.T, p *Plugin, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(p.Pid(), sig); err != nil {
		t.Fatal(err)
	}
}

func TestInterruptUnderLoad(t *testing.T) {
	underLoad(t, costsNothing(func(t *testing.T, p *Plugin) {
		for range often {
			signal(t, p, syscall.SIGINT)
			if err := p.Ping(); err != nil {
				t.Fatal(err)
			}
		}
	}))
}

func TestStopUnderLoad(t *testing.T) {
	underLoad(t, costsNothing(func(t *testing.T, p *Plugin) {
		for range often {
			signal(t, p, syscall.SIGSTOP)
			await.Until(t, "the plugin to stop", func() bool { return processState(p.Pid()) == "T" })
			signal(t, p, syscall.SIGCONT)
			if err := p.Ping(); err != nil {
				t.Fatal(err)
			}
		}
	}))
}

// processState is a letter as ps shows it, or nothing if there is no such
// process.
func processState(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	// The command's name is in parentheses and may hold anything.
	_, rest, _ := strings.Cut(string(stat), ") ")
	return rest[:1]
}

func TestPanicUnderLoad(t *testing.T) {
	survives := func(s subject) bool { return s.survivesPanic }
	underLoad(t, fault{
		happen: func(t *testing.T, p *Plugin) {
			for range often {
				if _, err := fetch(t, p, "panic"); err == nil {
					t.Error("a call that panics got a response")
				}
			}
		},
		ends:     func(s subject) bool { return !survives(s) },
		endsWell: survives,
	})
}

func TestClosedLogUnderLoad(t *testing.T) {
	survives := func(s subject) bool { return s.survivesClosedLog }
	underLoad(t, fault{
		// Of the pipe's two ends, only the one to write to is left.
		script: `pipe="$TMPDIR/pipe"; mkfifo "$pipe"
			exec 3<>"$pipe" 4>"$pipe" 3>&-; rm "$pipe"; exec "$0" 2>&4 4>&-`,
		happen: func(t *testing.T, p *Plugin) {
			// Whether it gets its response, the end of those who mind comes before.
			_, _ = fetch(t, p, "log:error:unheard")
		},
		ends:     func(s subject) bool { return !survives(s) },
		endsWell: survives,
	})
}

func TestFullDiskUnderLoad(t *testing.T) {
	f := costsNothing(func(t *testing.T, p *Plugin) {
		for range often {
			mustFetch(t, p, "log:error:unheard")
		}
	})
	f.env = []string{"CVT_PLUGIN_LOG_FILE=/dev/full"}
	f.script = `exec "$0" 2>/dev/full`
	underLoad(t, f)
}

func TestWithoutDescriptorsUnderLoad(t *testing.T) {
	f := costsNothing(func(t *testing.T, p *Plugin) {
		for range 60 {
			// Beyond the limit they wait to be accepted.
			conn, err := net.Dial("unix", p.Socket())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
		}
		for range often {
			if err := p.Ping(); err != nil {
				t.Fatal(err)
			}
		}
	})
	f.script = `ulimit -n 40; exec "$0"`
	underLoad(t, f)
}

func TestThousandConnectionsUnderLoad(t *testing.T) {
	underLoad(t, costsNothing(func(t *testing.T, p *Plugin) {
		for range 1000 {
			conn, err := grpc.NewClient("unix:"+p.Socket(), grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, err = handshakepb.NewPluginHandshakeClient(conn).Health(patient(t), &handshakepb.HealthRequest{})
			if err != nil {
				t.Fatal(err)
			}
		}
	}))
}

func TestMalformedAndOversizeUnderLoad(t *testing.T) {
	underLoad(t, costsNothing(func(t *testing.T, p *Plugin) {
		for range often {
			sendUntilClosed(t, p.Socket(), []byte("this is no HTTP, and longer than a preface\n"))
			_, err := p.Registry.FetchSchema(patient(t), requestOfSize("petstore", 4*mebibyte+1))
			wantCode(t, "oversize request", err, codes.ResourceExhausted)
		}
	}))
}

func TestExpiredCallsUnderLoad(t *testing.T) {
	underLoad(t, costsNothing(func(t *testing.T, p *Plugin) {
		for range often {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
			_, err := p.Registry.FetchSchema(ctx, &registrypb.FetchSchemaRequest{SchemaId: "sleep:60000"})
			cancel()
			wantCode(t, "call past its deadline", err, codes.DeadlineExceeded)
		}
	}))
}
