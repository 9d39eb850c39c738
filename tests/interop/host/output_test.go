package host

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

func TestLog(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		before := time.Now().Truncate(time.Millisecond)
		mustFetch(t, p, "log:debug:not shown")
		fields := map[string]any{"k": "v", "n": 7.0, "@module": s.name}
		for word, level := range map[string]hclog.Level{"error": hclog.Error, "warn": hclog.Warn, "info": hclog.Info} {
			mustFetch(t, p, "log:"+word+":told: at "+word)
			wantTimeSince(t, wantRecord(t, p, level, "told: at "+word, fields), before)
		}
		for _, record := range p.Log.All() {
			if record.Message == "not shown" {
				t.Errorf("logged though it is below info: %v", record)
			}
		}
	})
}

// wantTimeSince reads the time that go-plugin parsed and passed on in the
// record.
func wantTimeSince(t *testing.T, record Record, before time.Time) {
	t.Helper()
	text, _ := record.Fields["timestamp"].(string)
	at, err := time.Parse(hclog.TimeFormat, text)
	if err != nil || at.Before(before) || at.After(time.Now()) {
		t.Errorf("timestamp %q (%v) is not between %v and now", text, err, before)
	}
}

func TestTick(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t, "ECHO_TICK_MS=20")
		ticks := func(all []Record) bool {
			n := 0
			for _, record := range all {
				if record.Level == hclog.Info && record.Message == "tick" {
					n++
				}
			}
			return n >= 3
		}
		if _, err := p.Log.Await(patient(t), ticks); err != nil {
			t.Errorf("no ticks: %v", err)
		}
	})
}

func TestStdio(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		mustFetch(t, p, "stdout:to the plugin's stdout")
		mustFetch(t, p, "stderr:to the plugin's stderr")
		mustFetch(t, p, "rawstderr:to the real stderr")
		wantText(t, p.Stdout, "to the plugin's stdout\n")
		wantText(t, p.Stderr, "to the plugin's stderr\n")
		wantRecord(t, p, hclog.Debug, "to the real stderr", nil)
	})
}

func wantText(t *testing.T, stream *Text, want string) {
	t.Helper()
	got, err := stream.Await(patient(t), func(all []byte) bool { return strings.Contains(string(all), want) })
	if err != nil {
		t.Fatalf("got %q, want %q: %v", got, want, err)
	}
}

// TestStdoutInBulk prints several times what a pipe holds.
func TestStdoutInBulk(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		const lines = 20_000
		p, _ := s.launch(t)
		mustFetch(t, p, fmt.Sprintf("print:%d", lines))
		text, err := p.Stdout.Await(patient(t), func(all []byte) bool {
			return strings.Count(string(all), "\n") >= lines
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			if number := line[strings.LastIndex(line, " ")+1:]; number != fmt.Sprint(i+1) {
				t.Fatalf("line %d is %q", i+1, line)
			}
		}
	})
}

// wantRecord waits for a structured record with these fields among its own.
func wantRecord(t *testing.T, p *Plugin, level hclog.Level, message string, fields map[string]any) Record {
	t.Helper()
	matches := func(r Record) bool {
		for key, want := range fields {
			if r.Fields[key] != want {
				return false
			}
		}
		return r.Level == level && r.Message == message
	}
	records, err := p.Log.Await(patient(t), func(all []Record) bool { return slices.ContainsFunc(all, matches) })
	if err != nil {
		t.Fatalf("no %v record %q with %v: %v", level, message, fields, err)
	}
	return records[slices.IndexFunc(records, matches)]
}

// TestLongLines prints lines that are longer than what go-plugin reads at a
// time, which is 64 KiB.
func TestLongLines(t *testing.T) {
	const size = 300_000
	long := strings.Repeat("x", size)
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		mustFetch(t, p, "rawstderr:"+long)
		kept := func(records []Record) bool {
			n := 0
			for _, record := range records {
				n += strings.Count(record.Message, "x")
			}
			return n >= size
		}
		if _, err := p.Log.Await(patient(t), kept); err != nil {
			t.Fatalf("not all of the line is logged: %v", err)
		}
		mustFetch(t, p, "log:warn:"+long)
		mustFetch(t, p, "log:warn:after that")
		wantRecord(t, p, hclog.Warn, "after that", nil)
		// A record stays one, with a mark where it was cut.
		isCut := func(r Record) bool {
			return r.Level == hclog.Warn && strings.HasPrefix(r.Message, "xxx") && r.Fields["k"] == "v"
		}
		if got := slices.ContainsFunc(p.Log.All(), isCut); got != s.guardsLog {
			t.Errorf("the long record is one still: %v", got)
		}
	})
}

// TestHundredMegabytes prints more than anybody ever reads.
func TestHundredMegabytes(t *testing.T) {
	piece := "stdout:" + strings.Repeat("a line of 32 bytes, with its end\n", 125_000)
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		for range 25 {
			mustFetch(t, p, piece)
		}
		mustServe(t, p, s)
		p.Kill()
		wantCleanEnd(t, p, dir)
	})
}
