//! `plugin.GRPCBroker`: opened by every host and left open. Nothing is ever brokered over it.

use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::generated::services::go_plugin::ConnInfo;
use crate::generated::services::go_plugin::grpc_broker_server as tonic_service;
use crate::server::shutdown::Shutdown;

pub(crate) struct Broker {
    shutdown: Shutdown,
}

pub(crate) fn broker(shutdown: Shutdown) -> tonic_service::GrpcBrokerServer<Broker> {
    tonic_service::GrpcBrokerServer::new(Broker { shutdown })
}

#[tonic::async_trait]
impl tonic_service::GrpcBroker for Broker {
    type StartStreamStream = ReceiverStream<Result<ConnInfo, Status>>;

    /// Keeps the stream open until either side ends.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        let (open, receiver) = mpsc::channel(1);
        let mut incoming = request.into_inner();
        let shutdown = self.shutdown.clone();
        tokio::spawn(async move {
            let _open = open;
            let ended = async { while let Some(Ok(_)) = incoming.next().await {} };
            tokio::select! {
                () = ended => {}
                () = shutdown.requested() => {}
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}
