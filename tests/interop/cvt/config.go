package cvt

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Config is ~/.cvt/config.yaml as CVT reads it.
type Config struct {
	Version int                     `yaml:"config_version"`
	Plugins map[string]PluginConfig `yaml:"plugins"`
	Hooks   Hooks                   `yaml:"hooks"`
}

// PluginConfig is how CVT runs one plugin.
type PluginConfig struct {
	Binary  string            `yaml:"binary"`
	Timeout time.Duration     `yaml:"timeout"`
	OnError string            `yaml:"on_error"`
	Secrets []string          `yaml:"secrets"`
	Config  map[string]string `yaml:"config"`
}

// Hooks names the plugin of each hook that has one.
type Hooks struct {
	FetchSchema              string `yaml:"fetch_schema"`
	RegisterConsumerUsage    string `yaml:"register_consumer_usage"`
	OnBreakingChangeDetected string `yaml:"on_breaking_change_detected"`
	OnValidationFailed       string `yaml:"on_validation_failed"`
}

// ByName maps the hooks' names to their plugins.
func (h Hooks) ByName() map[string]string {
	return map[string]string{
		"fetch_schema":                h.FetchSchema,
		"register_consumer_usage":     h.RegisterConsumerUsage,
		"on_breaking_change_detected": h.OnBreakingChangeDetected,
		"on_validation_failed":        h.OnValidationFailed,
	}
}

const defaultTimeout = 5 * time.Second

var validName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// LoadConfig reads a config.yaml by CVT's rules, and strictly: whatever CVT
// might overlook in one version or another is an error here. lookup stands
// for the environment.
func LoadConfig(text []byte, home string, lookup func(string) (string, bool)) (*Config, error) {
	config := &Config{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(config); err != nil {
		return nil, err
	}
	if config.Version != 0 && config.Version != 1 {
		return nil, fmt.Errorf("config_version %d: upgrade cvt", config.Version)
	}
	for name, plugin := range config.Plugins {
		if !validName.MatchString(name) {
			return nil, fmt.Errorf("plugin %q: the name does not match %s", name, validName)
		}
		if err := plugin.resolve(home, lookup); err != nil {
			return nil, fmt.Errorf("plugin %q: %w", name, err)
		}
		config.Plugins[name] = plugin
	}
	for hook, name := range config.Hooks.ByName() {
		if _, declared := config.Plugins[name]; name != "" && !declared {
			return nil, fmt.Errorf("hook %s: there is no plugin %q", hook, name)
		}
	}
	return config, nil
}

// resolve fills in what CVT does, and checks what it checks.
func (p *PluginConfig) resolve(home string, lookup func(string) (string, bool)) error {
	binary, err := binaryBelow(filepath.Join(home, ".cvt", "plugins"), home, p.Binary)
	if err != nil {
		return err
	}
	p.Binary = binary
	if p.Timeout == 0 {
		p.Timeout = defaultTimeout
	}
	switch p.OnError {
	case "fail_closed", "fail_open":
	case "":
		p.OnError = "fail_closed"
	default:
		return fmt.Errorf("on_error: %q", p.OnError)
	}
	for key, value := range p.Config {
		expanded, err := expand(value, lookup)
		if err != nil {
			return fmt.Errorf("config[%q]: %w", key, err)
		}
		p.Config[key] = expanded
	}
	missing := func(secret string) bool { _, there := p.Config[secret]; return !there }
	if index := slices.IndexFunc(p.Secrets, missing); index >= 0 {
		return fmt.Errorf("secret %q is no key of config", p.Secrets[index])
	}
	return nil
}

// binaryBelow is the path of a binary, which has to lie below root.
func binaryBelow(root, home, path string) (string, error) {
	if rest, found := strings.CutPrefix(path, "~"); found && (rest == "" || rest[0] == '/') {
		path = home + rest
	}
	if !filepath.IsAbs(path) {
		return "", fmt.Errorf("binary: %q is no absolute path", path)
	}
	path = filepath.Clean(path)
	if !strings.HasPrefix(path, root+"/") {
		return "", fmt.Errorf("binary: %s is not below %s", path, root)
	}
	return path, nil
}

// expand replaces ${NAME} and ${NAME:-default} by what lookup knows of them.
func expand(value string, lookup func(string) (string, bool)) (string, error) {
	var expanded strings.Builder
	for {
		before, rest, found := strings.Cut(value, "${")
		expanded.WriteString(before)
		if !found {
			return expanded.String(), nil
		}
		expression, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", errors.New("unterminated ${ in value")
		}
		name, standby, optional := strings.Cut(expression, ":-")
		found = false
		if text, set := lookup(name); set && text != "" {
			standby, found = text, true
		}
		if !found && !optional {
			return "", fmt.Errorf("env var %q unset and no default", name)
		}
		expanded.WriteString(standby)
		value = after
	}
}
