//! What a derived config does with what CVT delivers.

mod any_input;
mod by_hand;
mod defaults;
mod keys;
mod missing;
mod secrets;
mod shapes;
mod support;
mod types;
mod unknown;
mod updates;
