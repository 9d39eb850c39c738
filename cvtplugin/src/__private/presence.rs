//! A plugin handles something.

use crate::Rpc;

/// Fails to compile if there is no handler: CVT would take each for opted out of.
#[track_caller]
pub const fn handles_something(rpcs: &[Rpc]) {
    assert!(
        !rpcs.is_empty(),
        "this plugin handles nothing: no handler is left in this block by the `#[cfg]`s"
    );
}
