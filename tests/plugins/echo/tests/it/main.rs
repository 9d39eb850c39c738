//! Drives the real echo plugin as CVT does.

mod at_start;
mod endings;
mod harness;
mod launching;
mod logs;
mod platforms;
mod rpcs;
mod streams;
mod wrong_input;
