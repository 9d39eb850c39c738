//! Drives the built plugin as CVT does, against a registry of its own on this machine.

mod by_hand;
mod config;
mod connections;
mod fetching;
mod plugin;
mod redirects;
mod registering;
mod registry;
mod secrets;
mod size;
mod tls;
mod trouble;
