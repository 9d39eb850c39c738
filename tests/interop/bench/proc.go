package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

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
			// What is not a number is not asked for.
			fields[name], _ = strconv.ParseFloat(words[0], 64)
		}
	}
	const kB = 1024 / megabyte
	return status{fields["VmRSS"] * kB, fields["VmHWM"] * kB, fields["Threads"]}, nil
}

// readCPU is the CPU time that a process has used so far, to the nanosecond and
// with that of threads that have ended: the sum in /proc/PID/task/*/schedstat
// lacks the latter, and /proc/PID/stat counts in ticks of 10 ms.
func readCPU(pid int) (time.Duration, error) {
	// As clock_getcpuclockid(3) makes it.
	const scheduled = 2
	var used unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|scheduled), &used); err != nil {
		return 0, fmt.Errorf("the CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(used.Nano()), nil
}
