package realcvt

import "strings"

// plugin is a file with a plugin a, and more of it.
func plugin(more string) string {
	return "plugins: {a: {binary: ~/.cvt/plugins/a, " + more + "}}\n"
}

// accepted are files that CVT reads, with a plugin a each.
var accepted = []string{
	// What CVT documents, and the first document only.
	`
config_version: 1
plugins:
  a:
    binary: ~/.cvt/plugins/a
    timeout: 1h30m
    secrets: [token]
    config: {token: "${A}${B:-b}${C:-}${EMPTY:-e}$D$$}", number: 10, yes: yes, hex: 0x10, nothing: , none: null, quoted: "null"}
hooks: {fetch_schema: a, on_validation_failed: "", register_consumer_usage: }
---
ignored: true
`,
	// A binary's path is cleaned.
	"plugins: {a: {binary: ~/.cvt/plugins/sub/../a}}",
	"plugins: {a: {binary: ~//.cvt/./plugins/a/}}",
	// What may be left out or empty.
	plugin("timeout: , on_error: , secrets: , config: "),
	plugin("on_error: '', secrets: []") + "config_version: 0\nhooks: ",
	// Durations.
	plugin("timeout: 0s, on_error: fail_open, config: {k: v}"),
	plugin("timeout: '0', config: {k: v}"),
	plugin("timeout: +1.5m, config: {k: v}"),
	plugin("timeout: .5h30m, config: {k: v}"),
	plugin("timeout: '-0s', config: {k: v}"),
	// Numbers.
	"config_version: 0x1\n" + plugin(""),
	"config_version: +0b1\n" + plugin(""),
	"config_version: 0o1\n" + plugin(""),
	"config_version: 0_1\n" + plugin(""),
	"config_version: -0\n" + plugin(""),
	"config_version: 1.9\n" + plugin(""),
	"config_version: -.9e0\n" + plugin(""),
	"config_version: !!int '1'\n" + plugin(""),
	// Words that are no text elsewhere, and null, which is no key at all.
	plugin("secrets: [10, yes, ~], config: {10: .inf, yes: 1_000, 1.5: 0o7, 2020-01-01: 2020-01-01, '~': y, '': =}"),
	plugin("config: {~: x, null: [y], !!null '': z, k: v}, ~: x") + "hooks: {~: x}\nNull: x\n",
	"plugins: {~: x, a: {binary: ~/.cvt/plugins/a}}",
	// Tags.
	plugin("config: {a: !!str 5, b: !!int '5', c: !own x, d: !!float 5, e: !!bool 'true', f: !!null ~, g: ! x, h: !!float -.inf}"),
	plugin("config: {k: !!timestamp 2020-01-01, l: !!other x, m: !!map y}"),
	plugin("secrets: !!seq [k], config: !!map {k: v, !!str ~: x}"),
	// Anchors and merges.
	plugin("config: &c {k: &v v, l: *v, <<: {k: no, m: merged}}"),
	plugin("config: {<<: [{k: first}, {k: second, l: too}], m: x}"),
	plugin("config: {'<<': x}"),
	"plugins: {<<: {a: {<<: {binary: ~/.cvt/plugins/b}, binary: ~/.cvt/plugins/a, config: {k: v}}}}",
	// Lines and directives.
	"%YAML 1.1\n---\n" + plugin(""),
	"%TAG !e! tag:example.com,2000:\n---\n" + plugin("config: {k: !e!x y}"),
	"\ufeff" + plugin("config: {k: v}"),
	strings.ReplaceAll(plugin("config: {k: v}"), "\n", "\r\n"),
	// All styles.
	`
plugins:
  a:
    binary: ~/.cvt/plugins/a
    secrets: [
      plain,
    ]
    config:
      literal: |
        one
        two
      folded: >-
        one
        two

        three
      plain: one
        two
      ? question
      : mark
      double: "one \
        two\x41\u00e9"
      'single': 'it''s'
      "#": '#' # a comment
      url: http://localhost/?a={b}&c=[d]
`,
}
