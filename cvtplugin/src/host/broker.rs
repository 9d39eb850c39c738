//! The stream over which connections could be brokered. Every host opens it, and none uses it.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::channel::Channel;
use crate::generated::services::go_plugin::grpc_broker_client::GrpcBrokerClient;

/// Holds the stream open until the plugin ends it.
pub(super) async fn hold(mut broker: GrpcBrokerClient<Channel>) {
    // Our side of it is open for as long as this is.
    let (_open, ours) = mpsc::channel(1);
    let stream = broker.start_stream(ReceiverStream::new(ours)).await;
    drop(broker);
    // A plugin that brokers nothing may do without.
    if let Ok(stream) = stream {
        let mut theirs = stream.into_inner();
        while let Ok(Some(_)) = theirs.message().await {}
    }
}
