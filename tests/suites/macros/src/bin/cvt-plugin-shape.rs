//! Serves the plugin of the library that the environment names.

use std::env;
use std::process::ExitCode;

use cvtplugin::serve;
use cvtplugin_macros_tests::{
    acknowledgements, aliases, blocking, conditional, constructors, hooks, options,
};

fn main() -> ExitCode {
    let shape = env::var("SHAPE").unwrap_or_default();
    match shape.as_str() {
        "acknowledgements" => serve::<acknowledgements::Acknowledgements>(),
        "cached" => serve::<aliases::Cached<String, 4>>(),
        "blocker" => serve::<blocking::Blocker>(),
        "twins" => serve::<conditional::Twins>(),
        "unmade" => serve::<constructors::AsyncResult>(),
        "hooked" => serve::<hooks::Hooked>(),
        "spelled" => serve::<options::Spelled>(),
        _ => {
            eprintln!("no shape `{shape}`");
            ExitCode::FAILURE
        }
    }
}
