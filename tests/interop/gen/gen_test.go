package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestDrift fails when the checked-in code is not what the .proto files yield.
func TestDrift(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(outDir, name))
		if err != nil {
			t.Error(err)
		} else if string(got) != want {
			t.Errorf("pb/%s differs from what the .proto files yield: run go generate ./... in tests/interop", name)
		}
	}
}
