//! What a plugin prints.

use tonic::Streaming;

use super::OutputCallback;
use crate::generated::services::go_plugin::{StdioData, stdio_data};

/// Which standard stream a plugin printed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutputChannel {
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}

/// Passes on what the plugin prints until the stream ends.
pub(super) async fn follow(mut stream: Streaming<StdioData>, on_output: OutputCallback) {
    while let Ok(Some(piece)) = stream.message().await {
        let channel = match piece.channel() {
            stdio_data::Channel::Stdout => OutputChannel::Stdout,
            stdio_data::Channel::Stderr => OutputChannel::Stderr,
            stdio_data::Channel::Invalid => continue,
        };
        on_output(channel, &piece.data);
    }
}
