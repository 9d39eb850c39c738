// Command peer is the Go counterpart of the Rust echo plugin: the same words,
// and the plugin is built on CVT's Go SDK. The tests hold the two
// against each other, and so does the benchmark.
package main

import (
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/sahina/cvt/pkg/cvtplugin"
)

const (
	name    = "echo"
	version = "0.1.0"
)

func main() {
	logger := hclog.New(&hclog.LoggerOptions{Name: name, Level: hclog.Info, JSONFormat: true})
	startTicking(logger)

	config := &config{values: map[string]string{}}
	cvtplugin.Serve(
		cvtplugin.PluginInfo{Name: name, Version: version},
		cvtplugin.WithRegistryProvider(&registry{config: config, log: logger}),
		cvtplugin.WithEventHandler(&events{log: logger}),
		cvtplugin.WithConfigReceiver(config),
		cvtplugin.WithLogger(logger),
	)
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
