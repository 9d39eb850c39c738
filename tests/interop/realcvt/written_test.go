package realcvt

import (
	"encoding/json"
	"os"
	"testing"
)

// written is what plugins have written to a file, a JSON object a line.
func written[T any](t *testing.T, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatalf("no plugin ran: %v", err)
	}
	defer file.Close()
	var lines []T
	for decoder := json.NewDecoder(file); decoder.More(); {
		var line T
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}
