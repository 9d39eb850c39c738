package host

import (
	"slices"
	"testing"

	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// reflecting is a plugin built to serve reflection, which is not the default.
var reflecting = subject{
	title: "reflection", variable: "CVT_PLUGIN_REFLECTION",
	build: "cargo build --release -p cvt-plugin-echo --features reflection",
	name:  "echo", knownID: "petstore", takesWords: true, ownDirectory: true,
}

func TestReflection(t *testing.T) {
	ask := askReflection(t)
	names := listed(ask)
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
}

type asking func(*reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse

// askReflection starts the plugin, which runs until the test ends.
func askReflection(t *testing.T) asking {
	t.Helper()
	bare, err := StartBare(reflecting.binary(t), "TMPDIR="+tempDir(t))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := bare.Dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := bare.End(conn); err != nil {
			t.Error(err)
		}
	})
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

// listed is the full names of all services.
func listed(ask asking) []string {
	response := ask(&reflectionpb.ServerReflectionRequest{
		MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{},
	})
	var names []string
	for _, service := range response.GetListServicesResponse().GetService() {
		names = append(names, service.GetName())
	}
	return names
}

// described is the file of a service, as a list: that is how it is sent.
func described(t *testing.T, ask asking, symbol string) []*descriptorpb.FileDescriptorProto {
	t.Helper()
	response := ask(&reflectionpb.ServerReflectionRequest{
		MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: symbol},
	})
	var files []*descriptorpb.FileDescriptorProto
	for _, encoded := range response.GetFileDescriptorResponse().GetFileDescriptorProto() {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(encoded, file); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		t.Errorf("%s is not described", symbol)
	}
	return files
}

// wantDescribed asks for the file of a service, and for all that it imports.
func wantDescribed(t *testing.T, ask asking, symbol string) {
	t.Helper()
	for _, file := range described(t, ask, symbol) {
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
