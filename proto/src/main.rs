//! Writes cvtplugin's checked-in protobuf code: `cargo run -p cvtplugin-codegen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let written = cvtplugin_codegen::generate()
        .and_then(|files| cvtplugin_codegen::write(&files).map_err(Into::into));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cvtplugin-codegen: {error}");
            ExitCode::FAILURE
        }
    }
}
