// Command bench measures the Rust echo plugin beside its Go peer. The two take
// turns within one run, since the same machine is never the same for long:
// trust the ratios.
//
//	go build -ldflags "-s -w" -o /tmp/peer ./peer
//	go run ./bench -echo ../../target/release/cvt-plugin-echo -peer /tmp/peer
//
// Either plugin may be left out. It reads /proc: Linux only.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
)

// candidate is one of the plugins that are compared.
type candidate struct {
	name   string
	binary string
	// samples holds every round's figures by their measure's title.
	samples map[string][]float64
}

func (c *candidate) add(title string, value float64) {
	c.samples[title] = append(c.samples[title], value)
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	echo := flag.String("echo", "", "the echo plugin's `binary`")
	peer := flag.String("peer", "", "the Go peer's `binary`")
	rounds := flag.Int("rounds", 7, "how often everything is measured")
	flag.Parse()

	var candidates []*candidate
	for _, c := range []*candidate{{name: "echo", binary: *echo}, {name: "peer", binary: *peer}} {
		if c.binary != "" {
			c.samples = map[string][]float64{}
			candidates = append(candidates, c)
		}
	}
	if len(candidates) == 0 || *rounds < 1 {
		log.Fatal("nothing to measure: give -echo, -peer or both, and at least a round")
	}
	if err := run(slices.Clone(candidates), *rounds); err != nil {
		log.Fatal(err)
	}
	print(candidates)
}

func run(candidates []*candidate, rounds int) error {
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		slices.Reverse(candidates) // going first is no advantage in the end
		for _, m := range measurements {
			for _, c := range candidates {
				if err := m(c); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
		}
	}
	return nil
}

// print writes a Markdown table of medians.
func print(candidates []*candidate) {
	header, rule := "| median |", "| --- |"
	for _, c := range candidates {
		header, rule = header+" "+c.name+" |", rule+" ---: |"
	}
	if len(candidates) == 2 {
		header, rule = header+" "+candidates[0].name+" / "+candidates[1].name+" |", rule+" ---: |"
	}
	fmt.Println(header)
	fmt.Println(rule)
	for _, title := range titles {
		row := "| " + title + " |"
		var medians []float64
		for _, c := range candidates {
			m := median(c.samples[title])
			medians = append(medians, m)
			row += " " + format(m) + " |"
		}
		if len(medians) == 2 {
			row += fmt.Sprintf(" %.2f |", medians[0]/medians[1])
		}
		fmt.Println(row)
	}
}

func median(samples []float64) float64 {
	sorted := slices.Sorted(slices.Values(samples))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// format keeps three digits.
func format(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}
