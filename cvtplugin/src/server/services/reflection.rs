//! Server reflection, for tools such as grpcurl.

use tonic_reflection::server::{Builder, Error};

use crate::pb::FILE_DESCRIPTOR_SET;
use crate::server::transport::router::Router;

/// Adds both versions of reflection, of the services in `router`.
pub(crate) fn add_reflection(router: &mut Router) -> Result<(), Error> {
    let names: Vec<_> = router.services().collect();
    let builder = || {
        let builder = Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
        let name =
            |builder: Builder<'static>, name: &&'static str| builder.with_service_name(*name);
        names.iter().fold(builder, name)
    };
    router.streaming(builder().build_v1()?);
    router.streaming(builder().build_v1alpha()?);
    Ok(())
}
