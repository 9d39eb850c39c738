//! Everything that a plugin usually names: `use cvtplugin::prelude::*;`.

pub use crate::pb::events::v1::{
    BreakingChange, BreakingChangeDetectedRequest, EventResponse, ValidationError,
    ValidationFailedRequest,
};
pub use crate::pb::registry::v1::{
    EndpointUsage, FetchSchemaRequest, FetchSchemaResponse, RegisterConsumerUsageRequest,
    RegisterConsumerUsageResponse,
};
pub use crate::{
    BoxError, Code, Context, Error, ExposeSecret, Health, PluginConfig, Result, ResultExt,
    SecretString, cvt_plugin,
};
