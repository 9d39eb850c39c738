//! Runs the plugin's own code: handlers, constructors, hooks.

pub(crate) mod call;
pub(crate) mod defaults;
pub(crate) mod dispatcher;
pub(crate) mod early_start;
pub(crate) mod handler_provider;
pub(crate) mod handlers;
pub(crate) mod hooks;
pub(crate) mod instance;
mod log_file_error;
pub(crate) mod scheduler;
pub(crate) mod spec;
pub(crate) mod unbound_instance;
