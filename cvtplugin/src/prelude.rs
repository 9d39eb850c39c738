//! Everything that a plugin usually names: `use cvtplugin::prelude::*;`.

pub use crate::pb::events::v1::*;
pub use crate::pb::registry::v1::*;
pub use crate::{
    BoxError, Code, Context, Error, ExposeSecret, Health, PluginConfig, Result, ResultExt,
    SecretString, Tasks, cvt_plugin,
};
