//! Drives the built plugin as CVT does, and the command as people do, on registries in temporary
//! directories.

mod command;
mod crash;
mod damage;
mod full;
mod impact;
mod large;
mod many;
mod registering;
mod registry;
mod schemas;
mod usage;
