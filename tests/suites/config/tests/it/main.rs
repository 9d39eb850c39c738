//! What a derived config does with what CVT delivers.

mod any_delivery;
mod any_input;
mod defaults;
mod instances;
mod keys;
mod missing;
mod secrets;
mod shapes;
mod standalone;
mod start;
mod support;
mod types;
mod unknown;
mod updates;
mod without_macro;
