//! `cvt-plugin`: see this package's library.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    cvtplugin_cli::run().await
}
