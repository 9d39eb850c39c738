package realcvt

// words are parts of the message about a file: by CVT, and by our own command.
type words struct{ real, own string }

// refused are files that CVT goes on without, as if it had no plugins.
var refused = map[string]words{
	// The file.
	"":                         {"EOF", "empty"},
	"# nothing":                {"EOF", "empty"},
	"[]":                       {"cannot unmarshal", "has to be a mapping"},
	"x":                        {"cannot unmarshal", "has to be a mapping"},
	"plugin: {}":               {"field plugin not found", "no key `plugin`"},
	"plugins: {}\nplugins: {}": {"already defined", "duplicate key `plugins`"},
	"config_version: 2":        {"upgrade cvt", "newer CVT"},
	"config_version: -1":       {"upgrade cvt", "newer CVT"},
	"config_version: 0x2":      {"upgrade cvt", "newer CVT"},
	"config_version: '1'":      {"cannot unmarshal", "expected 1"},
	"config_version: !!str 1":  {"cannot unmarshal", "expected 1"},
	"config_version: true":     {"cannot unmarshal", "expected 1"},
	"config_version: .inf":     {"cannot unmarshal", "expected 1"},

	// Plugins.
	"plugins: [a]":     {"cannot unmarshal", "has to be a mapping"},
	"plugins: {a: }":   {"binary: required", "needs a `binary`"},
	"plugins: {a: {}}": {"binary: required", "needs a `binary`"},
	"plugins: {a: x}":  {"cannot unmarshal", "has to be a mapping"},
	"plugins: {A: {binary: ~/.cvt/plugins/a}}":     {"plugin name", "invalid plugin name"},
	"plugins: {1: {binary: ~/.cvt/plugins/a}}":     {"plugin name", "invalid plugin name"},
	"plugins: {'': {binary: ~/.cvt/plugins/a}}":    {"plugin name", "invalid plugin name"},
	plugin("path: x"):                              {"field path not found", "no key `path`"},
	"plugins: {a: {binary: }}":                     {"binary: required", "`binary` is empty"},
	"plugins: {a: {binary: ~}}":                    {"binary: required", "`binary` is empty"},
	"plugins: {a: {binary: [x]}}":                  {"cannot unmarshal", "single value"},
	"plugins: {a: {binary: .cvt/plugins/a}}":       {"must be absolute", "absolute path"},
	"plugins: {a: {binary: ~me/.cvt/plugins/a}}":   {"must be absolute", "absolute path"},
	"plugins: {a: {binary: $HOME/.cvt/plugins/a}}": {"must be absolute", "absolute path"},

	// Their settings.
	plugin("timeout: 5"):                      {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: 0"):                      {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: !!int '0'"):              {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: ''"):                     {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: 1d"):                     {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: 5 s"):                    {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: ++5s"):                   {"cannot unmarshal", "invalid `timeout`"},
	plugin("timeout: 3000000h"):               {"cannot unmarshal", "invalid `timeout`"},
	plugin("on_error: ignore"):                {"on_error", "invalid `on_error`"},
	plugin("on_error: Fail_Open"):             {"on_error", "invalid `on_error`"},
	plugin("secrets: [k]"):                    {`secret "k"`, "`secrets` names `k`"},
	plugin("secrets: ['']"):                   {`secret ""`, "`secrets` names ``"},
	plugin("secrets: k"):                      {"cannot unmarshal", "has to be a list"},
	plugin("secrets: {k: k}"):                 {"cannot unmarshal", "has to be a list"},
	plugin("secrets: [[k]]"):                  {"cannot unmarshal", "single value"},
	plugin("config: {k: a, k: b}"):            {"already defined", "duplicate key `k`"},
	plugin("config: {~: a, '~': b}"):          {"already defined", "duplicate key `~`"},
	plugin("config: {~: a, ~: b}"):            {"already defined", "duplicate key `~`"},
	plugin("config: {k: [a]}"):                {"cannot unmarshal", "single value"},
	plugin("config: {k: {a: b}}"):             {"cannot unmarshal", "single value"},
	plugin("config: [k]"):                     {"cannot unmarshal", "has to be a mapping"},
	plugin("config: k"):                       {"cannot unmarshal", "has to be a mapping"},
	plugin("config: {k: '${B}'}"):             {`env var "B" unset and no default`, `env var "B" unset and no default`},
	plugin("config: {k: '${}'}"):              {`env var "" unset and no default`, "${..}"},
	plugin("config: {k: '${B:=b}'}"):          {`env var "B:=b" unset and no default`, "${B..}"},
	plugin("config: {k: 'a${B'}"):             {"unterminated ${ in value", "unterminated ${ in value"},
	plugin("config: {null: x}, secrets: [k]"): {`secret "k"`, "`secrets` names `k`"},

	// Hooks.
	"hooks: [a]":                 {"cannot unmarshal", "has to be a mapping"},
	"hooks: {on_fire: a}":        {"field on_fire not found", "no key `on_fire`"},
	"hooks: {fetch_schema: a}":   {`undeclared plugin "a"`, "names no plugin"},
	"hooks: {fetch_schema: [a]}": {"cannot unmarshal", "single value"},

	// YAML.
	"{":                                        {"did not find expected", "invalid YAML"},
	"plugins:\n\ta: {}":                        {"cannot start any token", "invalid YAML"},
	"a: b: c":                                  {"not allowed", "invalid YAML"},
	"plugins: {a: {binary: *none}}":            {"unknown anchor", "invalid YAML"},
	"plugins: {<<: 5}":                         {"map merge requires", "merges mappings"},
	plugin("config: {<<: {k: v}, <<: {}}"):     {`"<<" already defined`, "duplicate key `<<`"},
	plugin("config: {k: !!null x}"):            {"cannot decode", "does not fit its tag"},
	plugin("config: {k: !!int 5.0}"):           {"cannot decode", "does not fit its tag"},
	plugin("config: {k: !!float x}"):           {"cannot decode", "does not fit its tag"},
	plugin("config: {k: !!bool yes}"):          {"cannot decode", "invalid boolean"},
	plugin("config: {k: !!timestamp x}"):       {"cannot decode", "cannot deserialize tagged scalar"},
	plugin("config: {k: 'a\ab'}"):              {"control characters are not allowed", "unexpected character"},
	plugin("config: {k: v} # \x7f"):            {"control characters are not allowed", "unexpected character"},
	plugin("config: {k: http://localhost/?a}"): {"did not find expected", "quotes"},
	plugin("config: {k: {a?: b}}"):             {"did not find expected", "quotes"},
	plugin("config: {k: :a}"):                  {"did not find expected", "quotes"},
	plugin(`config: {k: "\/"}`):                {"unknown escape", "escape"},
	block("v\n      : w\n"):                    {"did not find expected key", "key is missing"},
	"plugins:\n  a:\n    binary: ~/.cvt/plugins/a\n    config:\n      \tk: v\n": {"cannot start any token", "tabs"},
	"%YAML 1.2\n---\n" + plugin(""):                                             {"incompatible YAML", "%YAML"},
	"# c\n%FOO\n---\n" + plugin(""):                                             {"unknown directive", "%FOO"},
}

// laxer are files that our own command accepts, though CVT does not.
var laxer = map[string]string{
	// By design: an author tries what has just been built.
	"plugins: {a: {binary: ~/.cvt/plugins/}}":        "not the directory itself",
	"plugins: {a: {binary: ~/.cvt/plugins/../a}}":    "must be under",
	"plugins: {a: {binary: ~/.cvt/plugins-of-me/a}}": "must be under",
	"plugins: {a: {binary: /a}}":                     "must be under",

	// Its parser is one of YAML 1.2.
	"plugins: {a: {binary: ~/.cvt/plugins/a, config: {k: !x, l: m}}}": "did not find expected",
	"...\n" + plugin(""): "did not find expected",
	"plugins:\n  a:\n\t\n    binary: ~/.cvt/plugins/a\n": "cannot start any token",
	plugin("config: {k: !!str}"):                         "did not find expected",
}

// stricter are files that our own command does not accept, though CVT does.
var stricter = map[string]string{
	// Line breaks of YAML 1.1 as they are.
	plugin("config: {k: a\u2028b}"): "line break",
	block("\"a\u0085b\""):           "line break",
	// Nobody writes that.
	plugin("config: {k: !!timestamp 2020-01-01}"): "cannot deserialize tagged scalar",
	plugin("config: {m: !!map y}"):                "unsupported tag",
}
