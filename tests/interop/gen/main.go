// Command gen writes the Go code of the plugin protocol into ../pb, from the
// project's .proto files.
//
// It is a module of its own, so that the tests need not download a compiler,
// and it compiles the files itself, so that nobody needs protoc.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

const (
	protoDir = "../../../proto"
	outDir   = "../pb"

	// outModule is what the import paths below lie in; the generators write
	// paths relative to it.
	outModule = "cvtplugin.dev/tests/interop/pb"
)

// packages says which package the code of a .proto file goes to: the files
// themselves are not Go's alone and do not say.
var packages = map[string]string{
	"cvt/plugin/handshake/v1/handshake.proto": "handshakepb",
	"cvt/plugin/registry/v1/registry.proto":   "registrypb",
	"cvt/plugin/events/v1/events.proto":       "eventspb",
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	files, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	for name, content := range files {
		if err := write(filepath.Join(outDir, name), content); err != nil {
			log.Fatal(err)
		}
	}
}

func write(name, content string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(content), 0o644)
}

// generate returns the content of every generated file by its path in outDir.
func generate() (map[string]string, error) {
	request, err := request()
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, generator := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		response, err := run(generator, request)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", generator, err)
		}
		for _, file := range response.GetFile() {
			files[file.GetName()] = file.GetContent()
		}
	}
	return files, nil
}

// request compiles the .proto files into what a generator reads.
func request() ([]byte, error) {
	request := &pluginpb.CodeGeneratorRequest{}
	parameters := []string{"module=" + outModule}
	for file, pkg := range packages {
		request.FileToGenerate = append(request.FileToGenerate, file)
		parameters = append(parameters, "M"+file+"="+path.Join(outModule, pkg))
	}
	slices.Sort(request.FileToGenerate)
	slices.Sort(parameters)
	request.Parameter = proto.String(strings.Join(parameters, ","))

	descriptors, err := compile(request.FileToGenerate)
	if err != nil {
		return nil, err
	}
	request.ProtoFile = descriptors
	return proto.Marshal(request)
}

// compile returns the descriptors of files, comments included. None of them
// imports another.
func compile(files []string) ([]*descriptorpb.FileDescriptorProto, error) {
	compiler := protocompile.Compiler{
		Resolver:       &protocompile.SourceResolver{ImportPaths: []string{protoDir}},
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	compiled, err := compiler.Compile(context.Background(), files...)
	if err != nil {
		return nil, err
	}
	descriptors := make([]*descriptorpb.FileDescriptorProto, len(compiled))
	for i, file := range compiled {
		descriptors[i] = protodesc.ToFileDescriptorProto(file)
	}
	return descriptors, nil
}

// run feeds one generator, a tool of this module.
func run(generator string, request []byte) (*pluginpb.CodeGeneratorResponse, error) {
	cmd := exec.Command("go", "tool", generator)
	cmd.Stdin = bytes.NewReader(request)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(output, response); err != nil {
		return nil, err
	}
	if response.Error != nil {
		return nil, errors.New(response.GetError())
	}
	return response, nil
}
