//! Drives the built plugin as CVT does, against a Slack of its own on this machine.

mod concurrency;
mod config;
mod crashes;
mod dedup;
mod outbox;
mod plugin;
mod posting;
mod size;
mod trouble;
