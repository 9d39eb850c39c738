package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc on every architecture that Go and Rust
// share.
const tick = 10 * time.Millisecond

// status is what /proc/PID/status says, in MB.
type status struct{ rss, peakRSS, threads float64 }

func readStatus(pid int) (status, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return status{}, err
	}
	fields := map[string]float64{}
	for line := range strings.Lines(string(content)) {
		name, rest, _ := strings.Cut(line, ":")
		if words := strings.Fields(rest); len(words) > 0 {
			// What is no number is not asked for.
			fields[name], _ = strconv.ParseFloat(words[0], 64)
		}
	}
	const kB = 1024 / megabyte
	return status{fields["VmRSS"] * kB, fields["VmHWM"] * kB, fields["Threads"]}, nil
}

// readCPU is the user and system time that a process has used so far.
func readCPU(pid int) (time.Duration, error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The command's name is in parentheses and may hold anything.
	_, rest, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(rest)
	const utime, stime = 11, 12 // counted from the field after the name
	if len(fields) <= stime {
		return 0, fmt.Errorf("unexpected stat: %q", content)
	}
	user, err := strconv.Atoi(fields[utime])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[stime])
	return time.Duration(user+system) * tick, err
}
