package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// realStderr is fd 2 itself. go-plugin makes os.Stderr something else.
var realStderr = os.Stderr

// run does what a schema id says and returns the spec to respond with. An id
// that is not a word, and a word without a response of its own, is echoed.
func (r *registry) run(ctx context.Context, id string) ([]byte, error) {
	word, rest, _ := strings.Cut(id, ":")
	switch word {
	case "bytes":
		return numbered(rest, func(n int) ([]byte, error) { return bytes.Repeat([]byte("x"), n), nil })
	case "config":
		return []byte(r.config.get(rest)), nil
	case "meta":
		return meta(ctx)
	case "env":
		return environment(), nil
	case "error":
		return nil, statusOf(rest)
	case "plainerror":
		return nil, errors.New(rest)
	case "sleep":
		return numbered(rest, func(ms int) ([]byte, error) { return sleep(ctx, ms) })
	case "block":
		return numbered(rest, block)
	case "spawn":
		return spawn(rest)
	case "stdout":
		return echo(id, line(os.Stdout, rest))
	case "stderr":
		return echo(id, line(os.Stderr, rest))
	case "rawstderr":
		return echo(id, line(realStderr, rest))
	case "print":
		return numbered(rest, func(n int) ([]byte, error) { return echo(id, printLines(n)) })
	case "log":
		return echo(id, r.logWord(rest))
	case "fields":
		r.log.Info(rest, "@message", 42, "@level", 7, "@timestamp", "x")
		return echo(id, nil)
	case "gate":
		return numbered(rest, passGate)
	case "note":
		return note(rest)
	case "deadline", "remaining":
		return remaining(ctx), nil
	case "panic":
		panic("told to panic")
	case "exit":
		return numbered(rest, func(code int) ([]byte, error) { os.Exit(code); return nil, nil })
	default:
		return echo(id, nil)
	}
}

func echo(id string, err error) ([]byte, error) {
	return []byte("echoed: " + id), err
}

// numbered calls do with the number that text holds.
func numbered(text string, do func(int) ([]byte, error)) ([]byte, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return nil, status.Errorf(codes.InvalidArgument, "not a number: %q", text)
	}
	return do(n)
}

func line(w io.Writer, text string) error {
	_, err := fmt.Fprintln(w, text)
	return err
}

// printLines writes all lines at once: what matters is that it may be more
// than a pipe holds.
func printLines(n int) error {
	var lines strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&lines, "line %d\n", i)
	}
	_, err := io.WriteString(os.Stdout, lines.String())
	return err
}

func (r *registry) logWord(rest string) error {
	levelName, text, _ := strings.Cut(rest, ":")
	level := hclog.LevelFromString(levelName)
	if level == hclog.NoLevel {
		return status.Errorf(codes.InvalidArgument, "not a level: %q", levelName)
	}
	r.log.Log(level, text, "k", "v", "n", 7)
	return nil
}

func statusOf(rest string) error {
	code, message, _ := strings.Cut(rest, ":")
	n, err := strconv.ParseUint(code, 10, 32)
	if err != nil {
		return status.Errorf(codes.InvalidArgument, "not a code: %q", code)
	}
	return status.Error(codes.Code(n), message)
}

// sleep gives up when the call does.
func sleep(ctx context.Context, ms int) ([]byte, error) {
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return []byte("slept"), nil
	case <-ctx.Done():
		return nil, status.FromContextError(ctx.Err()).Err()
	}
}

// block does not give up.
func block(ms int) ([]byte, error) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
	return []byte("slept"), nil
}

var gate = struct {
	sync.Mutex
	came int
	open chan struct{}
}{open: make(chan struct{})}

// passGate waits until n calls, in all, have come here. All of them name the
// same number.
func passGate(n int) ([]byte, error) {
	gate.Lock()
	gate.came++
	if gate.came == n {
		close(gate.open)
	}
	gate.Unlock()
	<-gate.open
	return []byte("passed"), nil
}

var notes struct {
	sync.Mutex
	file *os.File
}

// note writes the line of LINE:PATH to a file, always the same, and takes its
// time to say so.
func note(rest string) ([]byte, error) {
	text, path, _ := strings.Cut(rest, ":")
	if err := write(text, path); err != nil {
		return nil, err
	}
	time.Sleep(5 * time.Millisecond)
	return []byte("noted"), nil
}

func write(text, path string) (err error) {
	notes.Lock()
	defer notes.Unlock()
	if notes.file == nil {
		// Stays open, for when there are no descriptors left.
		notes.file, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
	}
	return line(notes.file, text)
}

// remaining returns how many milliseconds the call has left.
func remaining(ctx context.Context) []byte {
	deadline, ok := ctx.Deadline()
	if !ok {
		return []byte("none")
	}
	return []byte(strconv.FormatInt(time.Until(deadline).Milliseconds(), 10))
}

func spawn(seconds string) ([]byte, error) {
	child := exec.Command("sleep", seconds)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		return nil, err
	}
	// The child's end is of no interest, but it must not stay a zombie.
	go func() { _ = child.Wait() }()
	return []byte("spawned"), nil
}

// meta returns the request's metadata as a JSON object of lists.
func meta(ctx context.Context) ([]byte, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	return json.Marshal(md)
}

// environment returns the variables that a host talks to its plugins with.
func environment() []byte {
	var lines []string
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "PLUGIN_") || strings.HasPrefix(variable, "CVT_") {
			lines = append(lines, variable+"\n")
		}
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, ""))
}
