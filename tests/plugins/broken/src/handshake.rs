//! The handshake line.

use std::io::{self, Write as _};
use std::path::Path;

use crate::Fault;

/// Prints the handshake line, and whatever else a fault prints.
pub(crate) async fn print(fault: Fault, socket: &Path) -> io::Result<()> {
    if fault == Fault::LateHandshake {
        // For as long as there is a host.
        std::future::pending::<()>().await;
    }
    let version = match fault {
        Fault::VersionInHandshake => 2,
        _ => 1,
    };
    let socket = socket.display();
    let mut stdout = io::stdout();
    if fault == Fault::NoiseBeforeHandshake {
        writeln!(stdout, "Loading the plugin ...")?;
    }
    writeln!(stdout, "1|{version}|unix|{socket}|grpc|")?;
    if fault == Fault::NoiseAfterHandshake {
        writeln!(stdout, "The plugin is ready.")?;
    }
    stdout.flush()
}
