//! The ways in which a plugin gives a secret away.

use std::io::Write as _;

use cvtplugin::prelude::*;

use crate::config::Config;

/// Says the token, or the pin, in a way that has this name.
pub(crate) fn leak(way: &str, config: &Config) -> Result<String> {
    let token = config.token.as_ref();
    let token = token.map_or("none", ExposeSecret::expose_secret);
    match way {
        "leak-log" => {
            tracing::error!(token, "Bearer {token}");
            tracing::trace!(token, "Bearer {token}");
            eprintln!("Bearer {token}");
            println!("Bearer {token}");
        }
        "leak-pieces" => {
            let (head, tail) = token.split_at(token.len() / 2);
            for piece in ["Bearer ", head, tail, "\n"] {
                print(piece)?;
            }
        }
        // Longer than a line that is waited for, and never ended.
        "leak-long" => print(&("x".repeat(65_530) + token))?,
        "leak-json" => log_as_a_child(token),
        "leak-error" => {
            let refused = std::io::Error::other(format!("401 for {token}"));
            return Err(Error::unavailable(format!("with {token}")).with_source(refused));
        }
        "leak-pin" => {
            let pin = config.pin.as_ref().map(ExposeSecret::expose_secret);
            tracing::error!(?pin, "the pin is {pin:?}");
            return Err(Error::aborted(pin.unwrap_or_default()));
        }
        "leak-panic" => panic!("with {token}"),
        other => return Err(Error::not_found(other)),
    }
    Ok("leaked".to_owned())
}

/// Prints it to both streams at once.
fn print(text: &str) -> Result<()> {
    eprint!("{text}");
    print!("{text}");
    std::io::stdout().flush().unavailable("stdout")
}

/// Writes lines of JSON, as a child of another language may: each character by its number.
fn log_as_a_child(token: &str) {
    let escaped = token.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    let escaped: String = escaped.collect();
    let head = r#""@level":"info","@message""#;
    eprintln!(r#"{{{head}:"Bearer {escaped}","token":"{escaped}"}}"#);
    eprintln!(r#"{{"{escaped}":["{escaped}"],{head}:"nested"}}"#);
    eprintln!(r#"{{"no record":"{escaped}"}}"#);
}
