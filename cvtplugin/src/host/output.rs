//! What a plugin prints.

use super::OutputCallback;
use super::channel::Channel;
use crate::generated::services::go_plugin::grpc_stdio_client::GrpcStdioClient;
use crate::generated::services::go_plugin::stdio_data;

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
pub(super) async fn follow(mut stdio: GrpcStdioClient<Channel>, on_output: OutputCallback) {
    let stream = stdio.stream_stdio(()).await;
    drop(stdio);
    // A plugin that does not serve its output keeps it to itself, and that is fine.
    let Ok(stream) = stream else { return };
    let mut stream = stream.into_inner();
    while let Ok(Some(piece)) = stream.message().await {
        let channel = match piece.channel() {
            stdio_data::Channel::Stdout => OutputChannel::Stdout,
            stdio_data::Channel::Stderr => OutputChannel::Stderr,
            stdio_data::Channel::Invalid => continue,
        };
        on_output(channel, &piece.data);
    }
}
