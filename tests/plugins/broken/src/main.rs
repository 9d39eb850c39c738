//! See this package's library.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    cvt_plugin_broken::run().await
}
