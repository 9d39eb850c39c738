//! Drives the built `cvt-plugin` as its user does.

mod call;
mod check;
mod completions;
mod config_file;
mod dev;
mod doctor;
mod documents;
mod launch;
mod new;
mod package;
mod support;
mod templates;
mod terminal;
