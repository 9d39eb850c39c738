// Package cvt holds what CVT and its plugins agree on before the first call.
package cvt

import goplugin "github.com/hashicorp/go-plugin"

// ProtocolVersion is the only version of the plugin protocol so far.
const ProtocolVersion = 1

// Handshake tells a plugin that CVT has launched it.
var Handshake = goplugin.HandshakeConfig{
	ProtocolVersion:  ProtocolVersion,
	MagicCookieKey:   "CVT_PLUGIN_MAGIC_COOKIE",
	MagicCookieValue: "cvt-plugin-v1",
}

// The names of CVT's services in go-plugin's plugin set.
const (
	KeyHandshake = "handshake"
	KeyRegistry  = "registry"
	KeyEvents    = "events"
)

// The extension services as PluginHandshake.Info lists them.
const (
	ServiceRegistry = "registry.v1"
	ServiceEvents   = "events.v1"
)
