//! What a derived config does with what CVT delivers.

mod answers;
mod any_delivery;
mod any_input;
mod by_hand;
mod defaults;
mod instances;
mod keys;
mod missing;
mod secrets;
mod shapes;
mod start;
mod support;
mod types;
mod unknown;
mod updates;
