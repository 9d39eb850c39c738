//! What is left of AutoMTLS in a build without it: the error for a host that asks for it.

// As those of a build with it, where there is something to await.
#![expect(clippy::unused_async)]

use std::io;

use super::TlsError;
use crate::connection::Connection;

/// Nothing is ever one of these.
pub(crate) enum Acceptor {}

impl Acceptor {
    pub(crate) fn new(_host: &str) -> Result<Self, TlsError> {
        Err(TlsError::PluginWithout)
    }

    pub(crate) fn certificate(&self) -> String {
        match *self {}
    }

    pub(crate) async fn accept(&self, _stream: Connection) -> io::Result<Connection> {
        match *self {}
    }
}

#[cfg(feature = "host")]
pub(crate) use host::{Connector, Identity};

#[cfg(feature = "host")]
mod host {
    use super::{Connection, TlsError, io};

    pub(crate) enum Identity {}

    impl Identity {
        pub(crate) fn generate() -> Result<Self, TlsError> {
            Err(TlsError::HostWithout)
        }

        pub(crate) fn to_pem(&self) -> String {
            match *self {}
        }
    }

    pub(crate) enum Connector {}

    impl Connector {
        pub(crate) fn new(host: &Identity, _plugin: &str) -> Result<Self, String> {
            match *host {}
        }

        pub(crate) async fn connect(&self, _stream: Connection) -> io::Result<Connection> {
            match *self {}
        }
    }
}
