//! What the checks are called.

/// By which machines and people know a check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// For machines.
    pub(super) id: &'static str,
    /// For people.
    pub(super) title: &'static str,
}

const fn name(id: &'static str, title: &'static str) -> Name {
    Name { id, title }
}

pub(super) const NO_COOKIE: Name = name("no-cookie", "Without the cookie");
pub(super) const BINARY: Name = name("binary", "Binary");
pub(super) const STDOUT_BEFORE: Name = name("stdout-before", "Stdout before the handshake");
pub(super) const HANDSHAKE: Name = name("handshake", "Handshake line");
pub(super) const PROTOCOL_VERSION: Name = name("protocol-version", "Protocol version");
pub(super) const PING: Name = name("ping", "go-plugin's ping");
pub(super) const INFO: Name = name("info", "Info");
pub(super) const CONFIG: Name = name("config", "Config");
pub(super) const SHUTDOWN: Name = name("shutdown", "Shutdown");
pub(super) const STREAMS: Name = name("streams", "Stdout and stderr at the end");
pub(super) const SOCKET_REMOVED: Name = name("socket-removed", "Socket at the end");
pub(super) const IN_FLIGHT: Name = name("in-flight", "Calls in flight at Shutdown");
pub(super) const SIGTERM: Name = name("sigterm", "SIGTERM");
pub(super) const SIGINT: Name = name("sigint", "SIGINT (Ctrl-C)");
pub(super) const ORPHAN: Name = name("orphan", "Death of the host");
pub(super) const PRIVATE_SOCKET: Name = name("private-socket", "Access to the socket");
pub(super) const SOCKET_DIRECTORY: Name = name("socket-directory", "Directory of the socket");
pub(super) const UNKNOWN_KEY: Name = name("unknown-key", "Unknown config key");
pub(super) const HEALTH: Name = name("health", "Health");
pub(super) const DECLARED: Name = name("declared", "Declared services");
pub(super) const UNDECLARED: Name = name("undeclared", "Undeclared services");
pub(super) const UNKNOWN: Name = name("unknown", "Unknown RPCs and services");
pub(super) const MALFORMED: Name = name("malformed", "Malformed requests");
pub(super) const ODD: Name = name("odd", "Odd requests");
pub(super) const OVERSIZED: Name = name("oversized", "Requests over 4 MiB");
pub(super) const CONCURRENCY: Name = name("concurrency", "Concurrent calls");
pub(super) const DEADLINE: Name = name("deadline", "Deadlines");
pub(super) const HOOKS: Name = name("hooks", "Hooks of the config file");
pub(super) const INSTALL: Name = name("install", "Installation");
pub(super) const STDOUT_AFTER: Name = name("stdout-after", "Stdout after the handshake");
pub(super) const LOGS: Name = name("logs", "Log records");
pub(super) const SECRETS: Name = name("secrets", "Secrets");
