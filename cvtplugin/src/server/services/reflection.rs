//! Server reflection, for tools such as grpcurl.

use tonic_reflection::server::{Builder, Error};

use crate::server::router::Router;

/// Every file of the protocol.
const DESCRIPTORS: &[u8] = include_bytes!("../../generated/descriptors.bin");

/// Adds both versions of reflection, of the services in `router`.
pub(crate) fn add_reflection(router: &mut Router) -> Result<(), Error> {
    let names: Vec<_> = router.services().collect();
    let builder = || {
        let builder = Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
        let name =
            |builder: Builder<'static>, name: &&'static str| builder.with_service_name(*name);
        names.iter().fold(builder, name)
    };
    router.streaming(builder().build_v1()?);
    router.streaming(builder().build_v1alpha()?);
    Ok(())
}
