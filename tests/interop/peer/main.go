// Command peer is the Go counterpart of the Rust echo plugin: the same words,
// answered by a plugin that is built on go-plugin the way CVT's Go SDK is. The
// tests hold the two against each other, and so does the benchmark.
package main

import (
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"cvtplugin.dev/tests/interop/cvt"
	"cvtplugin.dev/tests/interop/pb/eventspb"
	"cvtplugin.dev/tests/interop/pb/handshakepb"
	"cvtplugin.dev/tests/interop/pb/registrypb"
)

const (
	name    = "echo"
	version = "0.1.0"
)

func main() {
	logger := hclog.New(&hclog.LoggerOptions{Name: name, Level: hclog.Info, JSONFormat: true})
	startTicking(logger)

	config := &config{values: map[string]string{}}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: cvt.Handshake,
		Plugins: goplugin.PluginSet{
			cvt.KeyHandshake: &service{register: func(s *grpc.Server) {
				handshakepb.RegisterPluginHandshakeServer(s, &handshake{config: config})
			}},
			cvt.KeyRegistry: &service{register: func(s *grpc.Server) {
				registrypb.RegisterRegistryProviderServer(s, &registry{config: config, log: logger})
			}},
			cvt.KeyEvents: &service{register: func(s *grpc.Server) {
				eventspb.RegisterEventHandlerServer(s, &events{log: logger})
			}},
		},
		GRPCServer: goplugin.DefaultGRPCServer,
		Logger:     logger,
	})
}

// startTicking makes the plugin log on its own account, every ECHO_TICK_MS.
func startTicking(logger hclog.Logger) {
	ms, err := strconv.Atoi(os.Getenv("ECHO_TICK_MS"))
	if err != nil || ms <= 0 {
		return
	}
	go func() {
		for range time.Tick(time.Duration(ms) * time.Millisecond) {
			logger.Info("tick")
		}
	}()
}
