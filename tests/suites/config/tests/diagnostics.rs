//! What an author reads for each mistake in a config, held to the same rules as for the other
//! macro.

#[path = "../../macros/tests/diagnostics.rs"]
mod diagnostics;
