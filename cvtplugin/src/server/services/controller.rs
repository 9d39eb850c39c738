//! `plugin.GRPCController`: how the host ends a plugin.

use tonic::{Request, Response, Status};

use crate::generated::services::go_plugin::Empty;
use crate::generated::services::go_plugin::grpc_controller_server as tonic_service;
use crate::server::shutdown::Shutdown;

pub(crate) struct Controller {
    shutdown: Shutdown,
}

pub(crate) fn controller(shutdown: Shutdown) -> tonic_service::GrpcControllerServer<Controller> {
    tonic_service::GrpcControllerServer::new(Controller { shutdown })
}

#[tonic::async_trait]
impl tonic_service::GrpcController for Controller {
    /// Responds last: the host closes the connection as soon as it has the response, and calls in
    /// flight with it.
    async fn shutdown(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.shutdown.request();
        self.shutdown.drained().await;
        Ok(Response::new(Empty {}))
    }
}
