// Package host launches plugins with the real go-plugin client and CVT's
// settings, for the tests beside it and for the benchmark.
package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/sahina/cvt/pkg/cvtplugin"
	eventspb "github.com/sahina/cvt/pkg/cvtplugin/pb/events/v1"
	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc"
)

// StartTimeout is CVT's: how long a plugin may take until its handshake line.
const StartTimeout = 5 * time.Second

const loggerName = "host"

// Plugin is a plugin that was launched as CVT launches one.
type Plugin struct {
	Handshake handshakepb.PluginHandshakeClient
	Registry  registrypb.RegistryProviderClient
	Events    eventspb.EventHandlerClient

	// Conn is the connection that the clients above share.
	Conn *grpc.ClientConn
	// Stdout and Stderr are what the plugin sent by GRPCStdio.
	Stdout, Stderr *Text
	// Log is what the plugin wrote on its real stderr.
	Log *Log

	client   *goplugin.Client
	protocol goplugin.ClientProtocol
	cmd      *exec.Cmd
}

// Launch starts a plugin and connects to it. env comes on top of this
// process's environment.
func Launch(binary string, env ...string) (*Plugin, error) {
	return LaunchWith(binary, func(*goplugin.ClientConfig) {}, env...)
}

// LaunchWith is Launch with settings of go-plugin that CVT does not have.
func LaunchWith(binary string, configure func(*goplugin.ClientConfig), env ...string) (*Plugin, error) {
	p := &Plugin{
		Stdout: &Text{},
		Stderr: &Text{},
		Log:    &Log{logger: loggerName + "." + filepath.Base(binary)},
		cmd:    exec.Command(binary),
	}
	p.cmd.Env = append(os.Environ(), env...)

	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{
		Name: loggerName, Level: hclog.Trace, Output: io.Discard,
	})
	logger.RegisterSink(p.Log)

	config := &goplugin.ClientConfig{
		HandshakeConfig:  cvtplugin.Handshake,
		Plugins:          services,
		Cmd:              p.cmd,
		SkipHostEnv:      true, // it is in cmd.Env, where env overrides it
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		StartTimeout:     StartTimeout,
		SyncStdout:       p.Stdout,
		SyncStderr:       p.Stderr,
		Logger:           logger,
	}
	configure(config)
	p.client = goplugin.NewClient(config)
	if err := p.connect(); err != nil {
		p.client.Kill()
		return nil, err
	}
	return p, nil
}

func (p *Plugin) connect() error {
	protocol, err := p.client.Client()
	if err != nil {
		return err
	}
	grpcClient, ok := protocol.(*goplugin.GRPCClient)
	if !ok {
		return fmt.Errorf("the plugin speaks %T", protocol)
	}
	p.protocol, p.Conn = protocol, grpcClient.Conn

	return errors.Join(
		dispense(protocol, cvtplugin.PluginKeyHandshake, &p.Handshake),
		dispense(protocol, cvtplugin.PluginKeyRegistry, &p.Registry),
		dispense(protocol, cvtplugin.PluginKeyEvents, &p.Events),
	)
}

func dispense[T any](protocol goplugin.ClientProtocol, key string, into *T) error {
	raw, err := protocol.Dispense(key)
	if err != nil {
		return err
	}
	client, ok := raw.(T)
	if !ok {
		return fmt.Errorf("%s dispenses %T", key, raw)
	}
	*into = client
	return nil
}

// Ping is go-plugin's own health check.
func (p *Plugin) Ping() error { return p.protocol.Ping() }

// Kill ends the plugin as CVT does, which is gracefully if the plugin plays
// along.
func (p *Plugin) Kill() { p.client.Kill() }

// Pid is the plugin's process id.
func (p *Plugin) Pid() int { return p.cmd.Process.Pid }

// Exited says whether the plugin has ended.
func (p *Plugin) Exited() bool { return p.client.Exited() }

// Addr is where the plugin listens.
func (p *Plugin) Addr() net.Addr { return p.client.ReattachConfig().Addr }

// Socket is the path that the plugin listens on.
func (p *Plugin) Socket() string { return p.Addr().String() }

// ExitCode is what the plugin ended with: -1 if by a signal, or if Kill has
// not returned yet.
func (p *Plugin) ExitCode() int { return p.cmd.ProcessState.ExitCode() }

// services is the host's side of every service CVT knows.
var services = goplugin.PluginSet{
	cvtplugin.PluginKeyHandshake: service{client: func(c *grpc.ClientConn) any { return handshakepb.NewPluginHandshakeClient(c) }},
	cvtplugin.PluginKeyRegistry:  service{client: func(c *grpc.ClientConn) any { return registrypb.NewRegistryProviderClient(c) }},
	cvtplugin.PluginKeyEvents:    service{client: func(c *grpc.ClientConn) any { return eventspb.NewEventHandlerClient(c) }},
}

type service struct {
	goplugin.NetRPCUnsupportedPlugin
	client func(*grpc.ClientConn) any
}

// GRPCServer is the plugin's side, of which a host has none.
func (service) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("a host is not a server")
}

// GRPCClient returns the client that Dispense hands out.
func (s service) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, c *grpc.ClientConn) (any, error) {
	return s.client(c), nil
}
