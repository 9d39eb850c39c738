package host

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// sharedPackages starts the name of every package that CVT and its plugins
// share.
const sharedPackages = "cvt.plugin."

// TestContract holds the protocol that a Rust plugin serves, which is what this
// repository's .proto files say, against the one that CVT is compiled with.
func TestContract(t *testing.T) {
	ours, theirs := contractOfPlugin(t), contractOfCVT()
	for _, fact := range theirs {
		if !slices.Contains(ours, fact) {
			t.Errorf("CVT alone has %s", fact)
		}
	}
	for _, fact := range ours {
		if !slices.Contains(theirs, fact) {
			t.Errorf("CVT has no %s", fact)
		}
	}
}

func contractOfPlugin(t *testing.T) []string {
	t.Helper()
	var facts []string
	ask := askReflection(t)
	for _, service := range listed(ask) {
		if !strings.HasPrefix(service, sharedPackages) {
			continue
		}
		for _, sent := range described(t, ask, service) {
			file, err := protodesc.NewFile(sent, protoregistry.GlobalFiles)
			if err != nil {
				t.Fatal(err)
			}
			facts = append(facts, ofFile(file)...)
		}
	}
	return facts
}

func contractOfCVT() []string {
	var facts []string
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		if strings.HasPrefix(string(file.Package()), sharedPackages) {
			facts = append(facts, ofFile(file)...)
		}
		return true
	})
	return facts
}

// ofFile says all that matters on the wire, a line for each fact. In which
// file it is, in which order and with what comments, is not among it.
func ofFile(file protoreflect.FileDescriptor) []string {
	facts := slices.Concat(ofMessages(file.Messages()), ofEnums(file.Enums()))
	for service := range each(file.Services()) {
		facts = append(facts, "service "+string(service.FullName()))
		for method := range each(service.Methods()) {
			facts = append(facts, fmt.Sprintf("method %s(%s, streamed: %t) returns (%s, streamed: %t)", method.FullName(),
				method.Input().FullName(), method.IsStreamingClient(),
				method.Output().FullName(), method.IsStreamingServer()))
		}
	}
	return facts
}

func ofMessages(messages protoreflect.MessageDescriptors) []string {
	var facts []string
	for message := range each(messages) {
		facts = append(facts, "message "+string(message.FullName()))
		for field := range each(message.Fields()) {
			facts = append(facts, ofField(field))
		}
		facts = slices.Concat(facts, ofMessages(message.Messages()), ofEnums(message.Enums()))
	}
	return facts
}

func ofField(field protoreflect.FieldDescriptor) string {
	fact := fmt.Sprintf("field %s = %d: %v %v", field.FullName(), field.Number(), field.Cardinality(), field.Kind())
	if message := field.Message(); message != nil {
		fact += " " + string(message.FullName())
	}
	if enum := field.Enum(); enum != nil {
		fact += " " + string(enum.FullName())
	}
	// A field that is declared `optional` is one of one.
	if oneof := field.ContainingOneof(); oneof != nil {
		fact += " in " + string(oneof.FullName())
	}
	return fact
}

func ofEnums(enums protoreflect.EnumDescriptors) []string {
	var facts []string
	for enum := range each(enums) {
		facts = append(facts, "enum "+string(enum.FullName()))
		for value := range each(enum.Values()) {
			facts = append(facts, fmt.Sprintf("value %s.%s = %d", enum.FullName(), value.Name(), value.Number()))
		}
	}
	return facts
}

func each[D any](list interface {
	Len() int
	Get(int) D
}) iter.Seq[D] {
	return func(yield func(D) bool) {
		for i := range list.Len() {
			if !yield(list.Get(i)) {
				return
			}
		}
	}
}
