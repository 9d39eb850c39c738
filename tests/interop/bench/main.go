// Command bench measures plugins side by side. They take turns within one run,
// since the same machine is never the same for long: trust the ratios.
//
//	go run ./bench [-rounds N] [-only NAMES] [-json] NAME='[KEY=VALUE ..] BINARY' ..
//
// Each argument is a contender and how a shell would launch it. The last
// columns hold the first contender's figure divided by that of each other one.
// It reads /proc and the CPU clocks of processes: Linux only.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"

	"cvtplugin.dev/tests/interop/host"
)

// contender is one of the plugins that are compared.
type contender struct {
	name   string
	binary string
	env    []string
	// samples holds every round's figures by their measure's title.
	samples map[string][]float64
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	rounds := flag.Int("rounds", 7, "how often everything is measured")
	names := flag.String("only", "", "what to measure, such as starts,calls,spec; all by default")
	asJSON := flag.Bool("json", false, "write medians and all samples as JSON, not a table")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: bench [FLAGS] NAME='[KEY=VALUE ..] BINARY' ..")
		flag.PrintDefaults()
	}
	flag.Parse()

	var contenders []*contender
	for _, argument := range flag.Args() {
		c, err := parse(argument)
		if err != nil {
			log.Fatal(err)
		}
		contenders = append(contenders, c)
	}
	if len(contenders) == 0 || *rounds < 1 {
		log.Fatal("nothing to measure: expected at least one contender and one round")
	}
	chosen, err := only(*names)
	if err != nil {
		log.Fatal(err)
	}
	if err := run(slices.Clone(contenders), chosen, *rounds); err != nil {
		log.Fatal(err)
	}
	write := printTable
	if *asJSON {
		write = printJSON
	}
	if err := write(os.Stdout, contenders); err != nil {
		log.Fatal(err)
	}
}

// parse reads NAME=COMMAND.
func parse(argument string) (*contender, error) {
	name, command, _ := strings.Cut(argument, "=")
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil, fmt.Errorf("invalid contender %q: expected NAME='[KEY=VALUE ..] BINARY'", argument)
	}
	last := len(words) - 1
	return &contender{name: name, binary: words[last], env: words[:last], samples: map[string][]float64{}}, nil
}

func run(contenders []*contender, chosen []measurement, rounds int) error {
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		slices.Reverse(contenders) // going first gives no advantage in the end
		for _, m := range chosen {
			for _, c := range contenders {
				if err := m.take(c); err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
			}
		}
	}
	return nil
}

func (c *contender) add(title string, value float64) {
	c.samples[title] = append(c.samples[title], value)
}

// withPlugin launches the contender as CVT does, for as long as it is used.
func (c *contender) withPlugin(use func(*host.Plugin) error) error {
	p, err := host.Launch(c.binary, c.env...)
	if err != nil {
		return err
	}
	defer p.Kill()
	return use(p)
}
