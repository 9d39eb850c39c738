//! `cvt-plugin`, once more: Cargo hands a package's tests no binaries but its own.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    cvtplugin_cli::run().await
}
