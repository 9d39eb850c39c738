//! Everything that a plugin usually names.
//!
//! ```
//! use cvtplugin::prelude::*;
//!
//! fn schema(id: &str) -> Result<FetchSchemaResponse> {
//!     let spec = (id == "petstore").then_some("{}");
//!     Ok(FetchSchemaResponse::new(spec.not_found("no such schema")?))
//! }
//! # assert_eq!(schema("other").unwrap_err().code(), Code::NotFound);
//! ```

pub use crate::pb::events::v1::*;
pub use crate::pb::registry::v1::*;
pub use crate::{
    BoxError, Code, Context, Error, ExposeSecret, Health, PluginConfig, Result, ResultExt,
    SecretString, Tasks, cvt_plugin,
};
