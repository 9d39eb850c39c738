//! The checks themselves, by what they look at.

pub(super) mod binary;
pub(super) mod config_file;
pub(super) mod cookie;
pub(super) mod ending;
pub(super) mod handshake;
pub(super) mod load;
pub(super) mod logs;
pub(super) mod orphan;
pub(super) mod requests;
pub(super) mod secrets;
pub(super) mod services;
pub(super) mod signals;
pub(super) mod socket;
pub(super) mod start;
pub(super) mod stdout;
