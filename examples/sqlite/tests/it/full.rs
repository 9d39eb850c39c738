//! A full disk: a small file system of the plugin's own, which `unshare` makes for it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use cvtplugin::host::{Host, RunningPlugin};
use cvtplugin::prelude::*;
use serde_json::Value;

use crate::registry::{Registry, SQLITE};
use crate::usage::{reading, register};

/// Launches the plugin with its registry on a disk of 700 kB, 300 of which are taken.
async fn launch_on_small_disk(registry: &Registry) -> RunningPlugin {
    let disk = registry.path("disk");
    fs::create_dir(&disk).expect("a directory");
    let script = format!(
        "#!/bin/sh\n\
         exec unshare --user --map-root-user --mount sh -c '\n\
         mount -t tmpfs -o size=700k tmpfs \"{disk}\" &&\n\
         head -c 300000 /dev/zero > \"{disk}/ballast\" &&\n\
         exec \"{SQLITE}\"'\n",
        disk = disk.display()
    );
    let script = registry.write("cvt-plugin-on-small-disk", &script);
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).expect("an executable");
    let database = disk.join("registry.db").display().to_string();
    let host = Host::new(script).config("database", database);
    host.launch()
        .await
        .expect("the plugin launches: this test needs `unshare`, as on any Linux")
}

/// What the plugin sees at a path.
fn seen_by(plugin: &RunningPlugin, path: &Path) -> PathBuf {
    PathBuf::from(format!(
        "/proc/{}/root{}",
        plugin.process_id(),
        path.display()
    ))
}

#[tokio::test]
async fn full_disk_is_resource_exhausted_and_loses_nothing() {
    let registry = Registry::new();
    let plugin = launch_on_small_disk(&registry).await;
    let fields: Vec<_> = (0..100).map(|it| format!("field-{it}")).collect();
    let fields: Vec<_> = fields.iter().map(String::as_str).collect();
    let mut acknowledged = Vec::new();
    let error = loop {
        let name = format!("consumer-{:04}", acknowledged.len());
        match register(&plugin, reading(&name, &fields)).await {
            Ok(()) => acknowledged.push(name),
            Err(error) => break error,
        }
        assert!(acknowledged.len() < 10_000, "the disk is never full");
    };
    assert_eq!(error.code(), Code::ResourceExhausted, "{error}");
    assert!(error.message().contains("free some disk space"), "{error}");
    assert!(acknowledged.len() > 10, "{acknowledged:?}");

    // It goes on where it was, as soon as there is room.
    fs::remove_file(seen_by(&plugin, &registry.path("disk/ballast"))).expect("the ballast");
    register(&plugin, reading("later", &fields))
        .await
        .expect("there is room again");
    acknowledged.push("later".to_owned());
    // The command is outside; nobody writes now, so that a copy is a whole.
    for suffix in ["", "-wal"] {
        let file = seen_by(
            &plugin,
            &registry.path(&format!("disk/registry.db{suffix}")),
        );
        fs::copy(file, registry.path(&format!("registry.db{suffix}"))).expect("a copy");
    }
    let outcome = registry.run(&["consumers", "pets", "--json"]);
    let rows: Vec<Value> = serde_json::from_str(&outcome.stdout).expect("JSON");
    let names: Vec<_> = rows
        .iter()
        .map(|row| row["consumer"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, acknowledged);
    assert!(
        rows.iter()
            .all(|it| it["endpoints"][0]["usedFields"].as_array().map(Vec::len) == Some(100))
    );
}
