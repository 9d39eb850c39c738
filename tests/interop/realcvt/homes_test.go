package realcvt

import (
	"bytes"
	endian "encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// madeUp is a home, what our own `doctor` has to say of it, and what becomes of
// it under cvt.
type madeUp struct {
	make  func(t *testing.T, h *home)
	level string
	found string // part of the worst findings
	fate  fate
	call  string // part of what cvt logs when a call fails
}

const bound = "\nhooks: {fetch_schema: hello}\n"

// ofHello is a config with the plugin hello, bound to a hook.
func ofHello(more string) string {
	return "plugins: {hello: {binary: ~/.cvt/plugins/cvt-plugin-hello" + more + "}}" + bound
}

// config is a home with hello installed, and this config.
func config(text string) func(t *testing.T, h *home) {
	return func(t *testing.T, h *home) { h.install(t, hello); h.configure(t, text) }
}

// typedConfig is a home with typed installed, and these keys of its config.
func typedConfig(more string) func(t *testing.T, h *home) {
	return func(t *testing.T, h *home) {
		h.install(t, typed)
		h.set("SECRET", secret)
		h.configure(t, "plugins: {typed: {binary: ~/.cvt/plugins/cvt-plugin-typed, "+more+"}}\nhooks: {fetch_schema: typed}\n")
	}
}

// file is a home with hello in its config, and these contents in its place.
func file(content func(hello []byte) []byte) func(t *testing.T, h *home) {
	return func(t *testing.T, h *home) {
		path := h.write(t, "cvt-plugin-hello", string(content([]byte(read(t, hello.path(t))))))
		h.mustDo(t, "plugins", "install", path)
		h.configure(t, ofHello(""))
	}
}

// script is a home with a script in hello's place.
func script(text string) func(t *testing.T, h *home) {
	return file(func([]byte) []byte { return []byte(text) })
}

// faulty is a home with a plugin that has a fault.
func faulty(fault string) func(t *testing.T, h *home) {
	return func(t *testing.T, h *home) {
		h.set("BROKEN", fault)
		h.install(t, broken)
		h.configure(t, "plugins: {broken: {binary: ~/.cvt/plugins/cvt-plugin-broken}}\nhooks: {fetch_schema: broken}\n")
	}
}

// changed is a home with hello that works, until it is changed.
func changed(change func(t *testing.T, h *home, binary string)) func(t *testing.T, h *home) {
	return func(t *testing.T, h *home) {
		config(ofHello(""))(t, h)
		change(t, h, filepath.Join(h.plugins(), "cvt-plugin-hello"))
	}
}

func (h *home) install(t *testing.T, plugins ...binary) {
	t.Helper()
	for _, plugin := range plugins {
		h.mustDo(t, "plugins", "install", plugin.path(t))
	}
}

// must fails the test for an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// foreign is a program for another processor.
func foreign(program []byte) []byte {
	const machine, aarch64, x86 = 18, 183, 62
	other := uint16(aarch64)
	if endian.LittleEndian.Uint16(program[machine:]) == aarch64 {
		other = x86
	}
	endian.LittleEndian.PutUint16(program[machine:], other)
	return program
}

// unloadable is a program whose loader is nowhere.
func unloadable(program []byte) []byte {
	return bytes.Replace(program, []byte("/ld-linux"), []byte("/ld-nolib"), 1)
}

var homes = map[string]madeUp{
	// Fine.
	"hello":           {make: config(ofHello("")), level: "ok", found: "hello 0.1.0 serves", fate: starts},
	"settings":        {make: config("config_version: 1\n" + ofHello(", timeout: 1m, on_error: fail_open, secrets: [], config: ")), level: "ok", fate: starts},
	"path":            {make: config("plugins: {hello: {binary: ~//.cvt/./plugins/x/../cvt-plugin-hello}}" + bound), level: "ok", fate: starts},
	"anchors":         {make: config("plugins: {hello: &h {binary: ~/.cvt/plugins/cvt-plugin-hello, timeout: 2s}}\nhooks: {fetch_schema: hello, on_validation_failed: }\n"), level: "ok", fate: starts},
	"UTF-16":          {make: config(utf16(endian.LittleEndian, ofHello(""))), level: "ok", fate: starts},
	"second document": {make: config(ofHello("") + "---\n{"), level: "ok", fate: starts},
	"typed":           {make: typedConfig("secrets: [token], config: {greeting: hi, audience: you, token: '${SECRET}'}"), level: "ok", fate: starts},
	"defaults":        {make: typedConfig("config: {greeting: '${NOWHERE:-hi}', audience: '${EMPTY:-you}'}"), level: "ok", fate: starts},
	"another name": {make: func(t *testing.T, h *home) {
		h.mustDo(t, "plugins", "install", "--name", "mine", hello.path(t))
		h.configure(t, "plugins: {mine: {binary: ~/.cvt/plugins/cvt-plugin-hello}}\nhooks: {fetch_schema: mine}\n")
	}, level: "note", fate: starts},
	"another installed": {make: func(t *testing.T, h *home) { h.install(t, typed); config(ofHello(""))(t, h) }, level: "note", found: "`typed` is installed", fate: starts},
	"three": {make: func(t *testing.T, h *home) {
		h.install(t, echo, rest)
		config("plugins:\n  hello: {binary: ~/.cvt/plugins/cvt-plugin-hello}\n  echo: {binary: ~/.cvt/plugins/cvt-plugin-echo}\n  rest: {binary: ~/.cvt/plugins/cvt-plugin-rest, config: {base_url: 'http://127.0.0.1:9'}}\nhooks: {fetch_schema: rest, on_validation_failed: hello, on_breaking_change_detected: echo}\n")(t, h)
	}, level: "ok", fate: starts},
	"symlink": {make: changed(func(t *testing.T, h *home, binary string) {
		must(t, os.Rename(binary, h.path("moved")))
		must(t, os.Symlink(h.path("moved"), binary))
	}), level: "ok", fate: starts},

	// Odd, and working.
	"bound to nothing": {make: config("plugins: {hello: {binary: ~/.cvt/plugins/cvt-plugin-hello}}"), level: "warning", found: "no hook is bound", fate: starts},
	"unknown key":      {make: config(ofHello(", config: {shcema: x}")), level: "warning", found: "unknown config key `shcema`", fate: starts},
	"unlisted secret":  {make: typedConfig("config: {greeting: hi, audience: you, token: '${SECRET}'}"), level: "warning", found: "`token` is a secret", fate: starts},

	// The file does not load.
	"empty":             {make: config(""), level: "error", found: "empty", fate: off},
	"YAML":              {make: config("plugins: {"), level: "error", found: "invalid YAML", fate: off},
	"tab":               {make: config("plugins:\n\thello: {}\n"), level: "error", found: "tabs", fate: off},
	"key twice":         {make: config(ofHello("") + "plugins: {}\n"), level: "error", found: "duplicate key `plugins`", fate: off},
	"unknown setting":   {make: config(ofHello(", retries: 3")), level: "error", found: "no key `retries`", fate: off},
	"unknown hook":      {make: config(ofHello("") + "hook: {}\n"), level: "error", found: "did you mean `hooks`?", fate: off},
	"hook of nobody":    {make: config(ofHello("") + "x: &x {}\n"), level: "error", found: "no key `x`", fate: off},
	"undeclared plugin": {make: config("plugins: {hello: {binary: ~/.cvt/plugins/cvt-plugin-hello}}\nhooks: {fetch_schema: helo}\n"), level: "error", found: "names no plugin", fate: off},
	"timeout":           {make: config(ofHello(", timeout: 5")), level: "error", found: "invalid `timeout` \"5\"", fate: off},
	"on_error":          {make: config(ofHello(", on_error: ignore")), level: "error", found: "invalid `on_error`", fate: off},
	"newer version":     {make: config("config_version: 2\n" + ofHello("")), level: "error", found: "expected 1", fate: off},
	"plugin's name":     {make: config("plugins: {Hello: {binary: ~/.cvt/plugins/cvt-plugin-hello}}"), level: "error", found: "cannot name a plugin", fate: off},
	"unset variable":    {make: config(ofHello(", config: {a: '${NOWHERE}'}")), level: "error", found: `env var "NOWHERE" unset`, fate: off},
	"empty variable":    {make: func(t *testing.T, h *home) { h.set("EMPTY", ""); config(ofHello(", config: {a: '${EMPTY}'}"))(t, h) }, level: "error", found: `env var "EMPTY" unset`, fate: off},
	"unknown secret":    {make: config(ofHello(", secrets: [token]")), level: "error", found: "`secrets` names `token`", fate: off},
	"binary elsewhere":  {make: config("plugins: {hello: {binary: /bin/true}}" + bound), level: "error", found: "has to be a file below", fate: off},
	"binary relative":   {make: config("plugins: {hello: {binary: cvt-plugin-hello}}" + bound), level: "error", found: "absolute path", fate: off},
	"no binary":         {make: config("plugins: {hello: {}}" + bound), level: "error", found: "needs a `binary`", fate: off},
	"not text":          {make: config(ofHello("") + "# \xff\n"), level: "error", found: "expected UTF-8", fate: off},
	"directory":         {make: func(t *testing.T, h *home) { must(t, os.Mkdir(h.path(".cvt/config.yaml"), 0o700)) }, level: "error", found: "cannot read", fate: off},
	"disabled":          {make: func(t *testing.T, h *home) { h.set("CVT_DISABLE_PLUGINS", "1"); config(ofHello(""))(t, h) }, level: "error", found: "CVT_DISABLE_PLUGINS=1", fate: off},

	// A plugin's file, and its record.
	"not installed": {make: func(t *testing.T, h *home) { h.configure(t, ofHello("")) }, level: "error", found: "no record of it", fate: fails},
	"installed as other": {make: func(t *testing.T, h *home) {
		h.mustDo(t, "plugins", "install", "--name", "other", hello.path(t))
		h.configure(t, ofHello(""))
	}, level: "error", found: "no record of it", fate: fails},
	"another path": {make: config("plugins: {hello: {binary: ~/.cvt/plugins/hello}}" + bound), level: "error", found: "configured as", fate: fails},
	"replaced": {make: changed(func(t *testing.T, h *home, binary string) {
		must(t, os.WriteFile(binary, append([]byte(read(t, binary)), 0), 0o700))
	}), level: "error", found: "was replaced", fate: fails},
	"removed":        {make: changed(func(t *testing.T, h *home, binary string) { must(t, os.Remove(binary)) }), level: "error", found: "is missing", fate: fails},
	"not executable": {make: changed(func(t *testing.T, h *home, binary string) { must(t, os.Chmod(binary, 0o600)) }), level: "error", found: "not executable", fate: fails},
	"now a directory": {make: changed(func(t *testing.T, h *home, binary string) {
		must(t, os.Remove(binary))
		must(t, os.Mkdir(binary, 0o700))
	}), level: "error", found: "is a directory", fate: fails},
	"state not JSON":  {make: changed(func(t *testing.T, h *home, binary string) { h.write(t, ".cvt/plugins/state.json", "{") }), level: "error", found: "no record of it", fate: fails},
	"state of later":  {make: changed(func(t *testing.T, h *home, binary string) { h.write(t, ".cvt/plugins/state.json", `{"version": 2}`) }), level: "error", found: "no record of it", fate: fails},
	"other processor": {make: file(foreign), level: "error", found: "is built for", fate: fails},
	"loader missing":  {make: file(unloadable), level: "error", found: "needs the loader", fate: fails},
	"text":            {make: script("hello\n"), level: "error", found: "neither a program nor a script", fate: fails},
	"nothing":         {make: script(""), level: "error", found: "neither a program nor a script", fate: fails},
	"interpreter":     {make: script("#!/usr/bin/nothing-here\n"), level: "error", found: "needs the interpreter", fate: fails},
	"Windows":         {make: script("#!/bin/sh\r\nexit 1\r\n"), level: "error", found: "Windows line ends", fate: fails},

	// A plugin that does not start, or does not get its config.
	"exits":             {make: script("#!/bin/sh\necho no luck >&2\nexit 3\n"), level: "error", found: "no luck", fate: fails},
	"talks":             {make: script("#!/bin/sh\necho hello\nexec sleep 60\n"), level: "error", found: "no handshake line", fate: fails},
	"late":              {make: faulty("late-handshake"), level: "error", found: "does not start", fate: fails},
	"version":           {make: faulty("version-in-info"), level: "error", found: "version 2", fate: fails},
	"handshake version": {make: faulty("version-in-handshake"), level: "error", found: "does not start", fate: fails},
	"refused value":     {make: typedConfig("config: {greeting: hi, audience: you, times: many}"), level: "error", found: `SetConfig "times"`, fate: fails},
	"refused secret":    {make: typedConfig("secrets: [pin], config: {greeting: hi, audience: you, pin: 'wrong ${SECRET}'}"), level: "error", found: `SetConfig "pin"`, fate: fails},

	// A plugin whose calls cannot work.
	"missing keys": {make: typedConfig("config: "), level: "error", found: "missing required config key `greeting`", fate: callsFail, call: "FailedPrecondition"},
	"hook of no service": {make: func(t *testing.T, h *home) {
		h.set(recordsVariable, h.sockets())
		h.record(t, "a", "a")
		h.configure(t, "plugins: {a: {binary: ~/.cvt/plugins/a}}\nhooks: {fetch_schema: a}\n")
	}, level: "error", found: "does not declare registry.v1", fate: callsFail, call: "not running"},
}
