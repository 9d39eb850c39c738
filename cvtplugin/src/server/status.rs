//! Our errors on their way to the host.

use tonic::Status;

use crate::Error;

/// The gRPC status of an error that tells no secret.
pub(crate) fn status_of(error: &Error) -> Status {
    Status::new(i32::from(error.code()).into(), error.message())
}
