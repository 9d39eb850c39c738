//! Drives the real echo plugin as CVT does.

mod at_start;
mod disguised;
#[path = "../../../../../cvtplugin/src/redaction/disguises.rs"]
mod disguises;
mod endings;
mod harness;
mod launching;
mod logs;
mod platforms;
mod rpcs;
mod streams;
mod wrong_input;
