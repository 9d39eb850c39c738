package main

import (
	"context"
	"sync"

	"github.com/hashicorp/go-hclog"
	eventspb "github.com/sahina/cvt/pkg/cvtplugin/pb/events/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// config holds what the host has set.
type config struct {
	mu     sync.Mutex
	values map[string]string
}

func (c *config) SetConfig(_ context.Context, key, value string) error {
	if key == "reject" {
		return status.Error(codes.InvalidArgument, "rejected: "+value)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[key] = value
	return nil
}

func (c *config) get(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.values[key]
}

type registry struct {
	config *config
	log    hclog.Logger
}

func (r *registry) FetchSchema(ctx context.Context, request *registrypb.FetchSchemaRequest) (*registrypb.FetchSchemaResponse, error) {
	spec, err := r.run(ctx, request.GetSchemaId())
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

type events struct{ log hclog.Logger }

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
