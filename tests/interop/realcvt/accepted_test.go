package realcvt

import (
	endian "encoding/binary"
	"strings"
	utf "unicode/utf16"
)

// plugin is a file with a plugin a, and more of it.
func plugin(more string) string {
	return "plugins: {a: {binary: ~/.cvt/plugins/a, " + more + "}}\n"
}

// block is a file that ends with a value of the plugin's config.
func block(value string) string {
	return "plugins:\n  a:\n    binary: ~/.cvt/plugins/a\n    config:\n      k: " + value
}

// utf16 is a file in UTF-16, behind a byte order mark.
func utf16(order endian.AppendByteOrder, text string) string {
	var file []byte
	for _, unit := range utf.Encode([]rune("\ufeff" + text)) {
		file = order.AppendUint16(file, unit)
	}
	return string(file)
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
	// Words that are not text elsewhere, and null, which is not a key.
	plugin("secrets: [10, yes, ~], config: {10: .inf, yes: 1_000, 1.5: 0o7, 2020-01-01: 2020-01-01, '~': y, '': =}"),
	plugin("config: {~: x, null: [y], !!null '': z, k: v}, ~: x") + "hooks: {~: x}\nNull: x\n",
	"plugins: {~: x, a: {binary: ~/.cvt/plugins/a}}",
	// Tags.
	plugin("config: {a: !!str 5, b: !!int '5', c: !own x, d: !!float 5, e: !!bool 'true', f: !!null ~, g: ! x, h: !!float -.inf}"),
	plugin("config: {l: !!other x, m: !!binary aGVsbG8=}"),
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
	"plugins:\n  a:\n    binary: ~/.cvt/plugins/a\n    config:\n      k:\tv\n",
	"plugins:\n  a:\n    binary: ~/.cvt/plugins/a\n    config: {\n k: v\n }\n",
	utf16(endian.LittleEndian, plugin("config: {k: ä\U0001f47b}")),
	utf16(endian.BigEndian, plugin("config: {k: ä\U0001f47b}")),
	// Block scalars that end with the file, and not with a line.
	block("|\n        one\n        two"),
	block("|\n        one\n        two\n"),
	block("|+\n        one\n\n"),
	block("|-\n        one"),
	block(">\n        one\n        two"),
	block("|\n        \"one\""),
	block("\"one\\n\""),
	block("'one'"),
	block("|\n        one\n   "),
	block("one\n        two"),
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
