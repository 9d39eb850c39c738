package host

import (
	"slices"
	"testing"

	"google.golang.org/grpc"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// reflecting is a plugin built to serve reflection, which is no default.
var reflecting = subject{
	title: "reflection", variable: "CVT_PLUGIN_REFLECTION",
	build: "cargo build --release -p cvt-plugin-echo --features reflection",
	name:  "echo", knownID: "petstore", obeys: true, ownDirectory: true,
}

func TestReflection(t *testing.T) {
	bare, err := StartBare(reflecting.binary(t), "TMPDIR="+tempDir(t))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := bare.Dial()
	if err != nil {
		t.Fatal(err)
	}
	ask := reflectionStream(t, conn)

	listed := ask(&reflectionpb.ServerReflectionRequest{
		MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{},
	}).GetListServicesResponse()
	var names []string
	for _, service := range listed.GetService() {
		names = append(names, service.GetName())
	}
	for _, want := range []string{
		"cvt.plugin.handshake.v1.PluginHandshake",
		"cvt.plugin.registry.v1.RegistryProvider",
		"cvt.plugin.events.v1.EventHandler",
		"grpc.health.v1.Health",
		"plugin.GRPCController",
		"plugin.GRPCStdio",
		"plugin.GRPCBroker",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not listed: %v", want, names)
		}
		wantDescribed(t, ask, want)
	}
	if _, err := bare.End(conn); err != nil {
		t.Error(err)
	}
}

type asking func(*reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse

func reflectionStream(t *testing.T, conn *grpc.ClientConn) asking {
	t.Helper()
	stream, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(patient(t))
	if err != nil {
		t.Fatal(err)
	}
	return func(request *reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse {
		t.Helper()
		if err := stream.Send(request); err != nil {
			t.Fatal(err)
		}
		response, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
}

// wantDescribed asks for the file of a service, and for all that it imports.
func wantDescribed(t *testing.T, ask asking, symbol string) {
	t.Helper()
	files := ask(&reflectionpb.ServerReflectionRequest{
		MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: symbol},
	}).GetFileDescriptorResponse().GetFileDescriptorProto()
	if len(files) == 0 {
		t.Errorf("%s is not described", symbol)
	}
	for _, encoded := range files {
		var file descriptorpb.FileDescriptorProto
		if err := proto.Unmarshal(encoded, &file); err != nil {
			t.Error(err)
		}
		for _, name := range file.GetDependency() {
			imported := ask(&reflectionpb.ServerReflectionRequest{
				MessageRequest: &reflectionpb.ServerReflectionRequest_FileByFilename{FileByFilename: name},
			})
			if imported.GetFileDescriptorResponse() == nil {
				t.Errorf("%s, which %s imports, is not served: %v", name, file.GetName(), imported.GetErrorResponse())
			}
		}
	}
}
