//! `plugin.GRPCStdio`: how the host follows what the plugin prints.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::generated::services::go_plugin::grpc_stdio_server as tonic_service;
use crate::generated::services::go_plugin::{StdioData, stdio_data};
use crate::process::{Output, Printed, Reader};
use crate::server::shutdown::Shutdown;
use crate::std_stream::StdStream;

pub(crate) struct Stdio {
    output: Arc<Output>,
    shutdown: Shutdown,
}

pub(crate) fn stdio(
    output: Arc<Output>,
    shutdown: Shutdown,
) -> tonic_service::GrpcStdioServer<Stdio> {
    tonic_service::GrpcStdioServer::new(Stdio { output, shutdown })
}

#[tonic::async_trait]
impl tonic_service::GrpcStdio for Stdio {
    type StreamStdioStream = ReceiverStream<Result<StdioData, Status>>;

    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        let (sender, receiver) = mpsc::channel(1);
        let output = self.output.clone();
        let shutdown = self.shutdown.clone();
        let token = shutdown.stream();
        tokio::spawn(async move {
            let mut reader = output.reader();
            tokio::select! {
                () = forward(&mut reader, &sender) => {}
                () = shutdown.ending_streams() => finish(&mut reader, &sender).await,
            }
            drop(token);
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

type Sender = mpsc::Sender<Result<StdioData, Status>>;

/// Sends what is printed until the host stops listening.
async fn forward(reader: &mut Reader<'_>, sender: &Sender) {
    // Room first: what is taken from the buffer and then not sent would be lost.
    while let Ok(room) = sender.reserve().await {
        let printed = tokio::select! {
            printed = reader.next() => printed,
            () = sender.closed() => return,
        };
        room.send(Ok(printed.into()));
    }
}

/// Sends what has been printed until now.
async fn finish(reader: &mut Reader<'_>, sender: &Sender) {
    // Room once more after the last piece says that it is on its way.
    while let Ok(room) = sender.reserve().await {
        match reader.take() {
            Some(printed) => room.send(Ok(printed.into())),
            None => return,
        }
    }
}

impl From<Printed> for StdioData {
    fn from(printed: Printed) -> Self {
        let mut data = Self {
            data: printed.data,
            ..Self::default()
        };
        data.set_channel(match printed.stream {
            StdStream::Stdout => stdio_data::Channel::Stdout,
            StdStream::Stderr => stdio_data::Channel::Stderr,
        });
        data
    }
}
