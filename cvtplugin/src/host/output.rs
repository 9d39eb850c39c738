//! A plugin's output after the handshake.

use super::channel::Channel;
use super::options::OutputCallback;
use crate::generated::services::go_plugin::grpc_stdio_client::GrpcStdioClient;
use crate::generated::services::go_plugin::stdio_data;
use crate::std_stream::StdStream;

/// Passes on what the plugin prints until it ends.
pub(super) async fn follow(mut stdio: GrpcStdioClient<Channel>, on_output: OutputCallback) {
    let chunks = stdio.stream_stdio(()).await;
    drop(stdio);
    // A plugin need not stream its output.
    let Ok(chunks) = chunks else { return };
    let mut chunks = chunks.into_inner();
    while let Ok(Some(chunk)) = chunks.message().await {
        let stream = match chunk.channel() {
            stdio_data::Channel::Stdout => StdStream::Stdout,
            stdio_data::Channel::Stderr => StdStream::Stderr,
            stdio_data::Channel::Invalid => continue,
        };
        on_output(stream, &chunk.data);
    }
}
