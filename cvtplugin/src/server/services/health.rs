//! `grpc.health.v1.Health`: go-plugin's ping. It says that the process serves; what the author
//! thinks of it is the handshake's `Health`.

use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health, HealthServer};

use crate::protocol::HEALTH_SERVICE;

pub(crate) async fn health() -> HealthServer<impl Health> {
    let (reporter, service) = tonic_health::server::health_reporter();
    reporter
        .set_service_status(HEALTH_SERVICE, ServingStatus::Serving)
        .await;
    service
}
