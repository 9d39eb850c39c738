package main

import (
	"context"
	"errors"
	"sync"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cvtplugin.dev/tests/interop/cvt"
	"cvtplugin.dev/tests/interop/pb/eventspb"
	"cvtplugin.dev/tests/interop/pb/handshakepb"
	"cvtplugin.dev/tests/interop/pb/registrypb"
)

// service is the plugin's side of one gRPC service.
type service struct {
	goplugin.NetRPCUnsupportedPlugin
	register func(*grpc.Server)
}

// GRPCServer registers the service on go-plugin's server.
func (s *service) GRPCServer(_ *goplugin.GRPCBroker, server *grpc.Server) error {
	s.register(server)
	return nil
}

// GRPCClient is the host's side, of which a plugin has none.
func (s *service) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("a plugin is no client")
}

// config holds what the host has set.
type config struct {
	mu     sync.Mutex
	values map[string]string
}

func (c *config) set(key, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = value
}

func (c *config) get(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values[key]
}

type handshake struct {
	handshakepb.UnimplementedPluginHandshakeServer
	config *config
}

func (h *handshake) Info(context.Context, *handshakepb.InfoRequest) (*handshakepb.InfoResponse, error) {
	return &handshakepb.InfoResponse{
		Name:            name,
		Version:         version,
		Services:        []string{cvt.ServiceRegistry, cvt.ServiceEvents},
		ProtocolVersion: cvt.ProtocolVersion,
	}, nil
}

func (h *handshake) Health(context.Context, *handshakepb.HealthRequest) (*handshakepb.HealthResponse, error) {
	return &handshakepb.HealthResponse{Status: handshakepb.HealthResponse_SERVING}, nil
}

func (h *handshake) SetConfig(_ context.Context, r *handshakepb.SetConfigRequest) (*handshakepb.SetConfigResponse, error) {
	if r.GetKey() == "reject" {
		return nil, status.Error(codes.InvalidArgument, "rejected: "+r.GetValue())
	}
	h.config.set(r.GetKey(), r.GetValue())
	return &handshakepb.SetConfigResponse{}, nil
}

type registry struct {
	registrypb.UnimplementedRegistryProviderServer
	config *config
	log    hclog.Logger
}

func (r *registry) FetchSchema(ctx context.Context, request *registrypb.FetchSchemaRequest) (*registrypb.FetchSchemaResponse, error) {
	spec, err := r.obey(ctx, request.GetSchemaId())
	if err != nil {
		return nil, err
	}
	return &registrypb.FetchSchemaResponse{Spec: spec, ResolvedVersion: "1.0.0"}, nil
}

func (r *registry) RegisterConsumerUsage(_ context.Context, request *registrypb.RegisterConsumerUsageRequest) (*registrypb.RegisterConsumerUsageResponse, error) {
	r.log.Info("usage registered",
		"consumer_id", request.GetConsumerId(),
		"schema_id", request.GetSchemaId(),
		"endpoints", len(request.GetEndpoints()))
	return &registrypb.RegisterConsumerUsageResponse{Acknowledged: true}, nil
}

type events struct {
	eventspb.UnimplementedEventHandlerServer
	log hclog.Logger
}

func (e *events) OnBreakingChangeDetected(_ context.Context, event *eventspb.BreakingChangeDetectedRequest) (*eventspb.EventResponse, error) {
	e.log.Info("breaking change detected",
		"schema_id", event.GetSchemaId(),
		"changes", len(event.GetChanges()))
	return &eventspb.EventResponse{Acknowledged: true}, nil
}

func (e *events) OnValidationFailed(_ context.Context, event *eventspb.ValidationFailedRequest) (*eventspb.EventResponse, error) {
	e.log.Info("validation failed",
		"schema_id", event.GetSchemaId(),
		"errors", len(event.GetErrors()))
	return &eventspb.EventResponse{Acknowledged: true}, nil
}
