//! What ends the plugin, other than `Shutdown`.

use std::io;
use std::os::unix::process::parent_id;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::Fault;
use crate::plugin::Plugin;

/// How often the plugin looks whether its host is still there.
const LOOK: Duration = Duration::from_millis(50);

/// SIGINT is for the host, SIGTERM for the plugin.
pub(crate) fn at_signals(plugin: &Arc<Plugin>) -> io::Result<()> {
    if plugin.fault != Fault::DiesOfSigint {
        // Tokio keeps it from killing from now on.
        drop(signal(SignalKind::interrupt())?);
    }
    if plugin.fault != Fault::DiesOfSigterm {
        let mut terminate = signal(SignalKind::terminate())?;
        let plugin = plugin.clone();
        tokio::spawn(async move {
            terminate.recv().await;
            if plugin.fault != Fault::IgnoresSigterm {
                plugin.end();
            }
        });
    }
    Ok(())
}

/// A plugin whose host has died gets another parent.
pub(crate) fn at_the_hosts_death(plugin: &Arc<Plugin>) {
    if plugin.fault == Fault::Orphan {
        return;
    }
    let host = parent_id();
    let plugin = plugin.clone();
    tokio::spawn(async move {
        while parent_id() == host {
            tokio::time::sleep(LOOK).await;
        }
        plugin.end();
    });
}
