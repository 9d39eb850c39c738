package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// printTable writes a Markdown table of medians, and of the first contender's
// ratio to each other.
func printTable(w io.Writer, contenders []*contender) error {
	header := []string{"median"}
	rule := []string{"---"}
	for _, c := range contenders {
		header = append(header, c.name)
	}
	for _, c := range contenders[1:] {
		header = append(header, contenders[0].name+" / "+c.name)
	}
	for range header[1:] {
		rule = append(rule, "---:")
	}
	rows := [][]string{header, rule}
	for _, title := range titles {
		row := []string{title}
		for _, c := range contenders {
			row = append(row, format(median(c.samples[title])))
		}
		first := median(contenders[0].samples[title])
		for _, c := range contenders[1:] {
			row = append(row, ratio(first, median(c.samples[title])))
		}
		rows = append(rows, row)
	}
	for _, row := range rows {
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | ")); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nload average at the end: %s\n", loadAverage())
	return err
}

// printJSON writes each contender's medians, and all samples that they are of.
func printJSON(w io.Writer, contenders []*contender) error {
	type figures struct {
		Name    string               `json:"name"`
		Medians map[string]float64   `json:"medians"`
		Samples map[string][]float64 `json:"samples"`
	}
	var all []figures
	for _, c := range contenders {
		medians := map[string]float64{}
		for title, samples := range c.samples {
			medians[title] = median(samples)
		}
		all = append(all, figures{c.name, medians, c.samples})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(map[string]any{"contenders": all, "load": loadAverage()})
}

// median is not a number where there are no samples.
func median(samples []float64) float64 {
	if len(samples) == 0 {
		return math.NaN()
	}
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
	case math.IsNaN(v):
		return "-"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

func ratio(a, b float64) string {
	if quotient := a / b; !math.IsNaN(quotient) && !math.IsInf(quotient, 0) {
		return fmt.Sprintf("%.2f", quotient)
	}
	return "-"
}

// loadAverage is what else the machine had to do.
func loadAverage() string {
	content, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(string(content))[:3], " ")
}
