//! A registry that needs no server: schemas and consumers in one SQLite file. CVT runs this binary
//! as a plugin, people run it as a command.

mod command;
mod impact;
mod openapi;
mod plugin;
mod store;
mod version;

use std::process::ExitCode;

fn main() -> ExitCode {
    if cvtplugin::launched_by_host() || !command::is_asked_for() {
        return cvtplugin::serve::<plugin::SqliteRegistry>();
    }
    command::run()
}
