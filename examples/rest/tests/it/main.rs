//! Drives the built plugin as CVT does, against a registry of its own on this machine.

mod authorization;
mod caching;
mod config;
mod connections;
mod fetching;
mod plugin;
mod redirects;
mod registering;
mod secrets;
mod size;
mod specs;
mod standalone;
mod tls;
mod trouble;
