//! Each promise of the API, used as a plugin's author would use it.

mod configured;
mod errors;
mod instance;
mod names;
mod tasks;
mod threads;
