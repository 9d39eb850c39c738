// Command instructions counts the instructions of a plugin per call: what 2,000
// calls take beyond 1,000, under valgrind. Unlike times, the figure is the same
// on a busy machine.
//
//	go run ./instructions BINARY
//
// It writes the figure to stdout. Only valgrind, and x86-64 or whatever the
// expected figure is for.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"

	"cvtplugin.dev/tests/interop/host"
)

const (
	few  = 1_000
	many = 2_000
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("instructions: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: instructions BINARY")
	}
	directory, err := os.MkdirTemp("", "instructions-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(directory)
	var counts [2]int
	for i, calls := range []int{few, many} {
		if counts[i], err = count(directory, os.Args[1], calls); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println((counts[1] - counts[0]) / (many - few))
}

// count is how many instructions a plugin takes for its start, so many calls
// one after another, and its end.
func count(directory, binary string, calls int) (int, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return 0, err
	}
	// The plugin is launched by its path alone, so a script says the rest.
	out := filepath.Join(directory, "callgrind.out")
	script := filepath.Join(directory, "plugin")
	launch := fmt.Sprintf("#!/bin/sh\nexec valgrind -q --tool=callgrind --callgrind-out-file='%s' '%s'\n", out, binary)
	if err := os.WriteFile(script, []byte(launch), 0o700); err != nil {
		return 0, err
	}
	plugin, err := host.StartBare(script)
	if err != nil {
		return 0, err
	}
	conn, err := plugin.Dial()
	if err != nil {
		return 0, err
	}
	registry := registrypb.NewRegistryProviderClient(conn)
	for range calls {
		request := &registrypb.FetchSchemaRequest{SchemaId: "petstore"}
		if _, err := registry.FetchSchema(context.Background(), request); err != nil {
			return 0, fmt.Errorf("%w; stderr %q", err, plugin.Stderr.String())
		}
	}
	if _, err := plugin.End(conn); err != nil {
		return 0, err
	}
	return total(out)
}

var totals = regexp.MustCompile(`(?m)^(?:summary|totals): (\d+)`)

func total(path string) (int, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	found := totals.FindSubmatch(content)
	if found == nil {
		return 0, fmt.Errorf("no totals in %s", path)
	}
	return strconv.Atoi(string(found[1]))
}
