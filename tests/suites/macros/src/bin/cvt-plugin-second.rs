//! The other of two plugins in one crate, without arguments: both are named after their binaries.

// The handlers here do nothing with what they are given.
#![allow(clippy::unnecessary_wraps, clippy::unused_async, clippy::unused_self)]

use cvtplugin::prelude::*;

#[derive(Default)]
struct Second;

#[cvt_plugin]
impl Second {
    async fn on_validation_failed(&self, _: ValidationFailedRequest) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[test]
fn name_is_that_of_the_binary_and_version_that_of_the_crate() {
    let info = <Second as cvtplugin::__private::Plugin>::info();
    assert_eq!(
        (info.name(), info.version()),
        ("second", env!("CARGO_PKG_VERSION"))
    );
}
