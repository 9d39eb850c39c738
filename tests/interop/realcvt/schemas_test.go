package realcvt

import (
	"os"
	"strings"
	"testing"
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// petstore is an OpenAPI document, version 1.0.0: hello has the same in it.
func petstore(t *testing.T) string {
	t.Helper()
	return read(t, "../../../examples/hello/src/petstore.json")
}

// brokenPetstore is its next version, 2.0.0, which moves its only endpoint.
func brokenPetstore(t *testing.T) string {
	t.Helper()
	return strings.NewReplacer("1.0.0", "2.0.0", "/pets/", "/animals/").Replace(petstore(t))
}

const (
	goodPet = `{"id": 7, "name": "Rex"}`
	badPet  = `{"id": "seven"}`
)

// validate has `cvt validate` look at a response of the petstore.
func (h *home) validate(t *testing.T, pet string) outcome {
	t.Helper()
	schema := h.write(t, "petstore.json", petstore(t))
	interaction := h.write(t, "interaction.json", `{
		"request": {"method": "GET", "path": "/pets/7"},
		"response": {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": `+pet+`}
	}`)
	return h.cvt(t, "validate", "--schema", schema, "--interaction", interaction)
}
