//! Generates the checked-in protobuf code of cvtplugin and its macros from the .proto files of this
//! directory.
//!
//! Pure Rust throughout: neither this generator nor anyone who builds a plugin needs protoc.

mod comments;
mod delegates;
mod extensions;
mod format;
mod macros;
mod messages;
mod rpcs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use prost_types::FileDescriptorSet;
use protox::Compiler;

pub use format::Error;

/// The CVT services: their messages are public, and documented as such.
const CVT_PROTOS: [&str; 3] = [
    "cvt/plugin/handshake/v1/handshake.proto",
    "cvt/plugin/registry/v1/registry.proto",
    "cvt/plugin/events/v1/events.proto",
];

/// go-plugin's own services: private to the runtime and the host.
const GO_PLUGIN_PROTOS: [&str; 3] = [
    "go-plugin/controller.proto",
    "go-plugin/stdio.proto",
    "go-plugin/broker.proto",
];

/// Where each CVT package's messages live in cvtplugin.
const MESSAGE_MODULES: [(&str, &str); 3] = [
    ("cvt.plugin.handshake.v1", "crate::pb::handshake::v1"),
    ("cvt.plugin.registry.v1", "crate::pb::registry::v1"),
    ("cvt.plugin.events.v1", "crate::pb::events::v1"),
];

/// The directories that hold generated code, relative to the repository's root.
pub const DIRECTORIES: [&str; 2] = [RUNTIME, MACROS];

const RUNTIME: &str = "cvtplugin/src/generated";
const MACROS: &str = "cvtplugin-macros/src/generated";

/// The generated files: path from the repository's root -> content.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Generates every file, without writing any.
///
/// # Errors
///
/// When a .proto file does not compile, or its code cannot be generated.
pub fn generate() -> Result<Files, Error> {
    let cvt = compile(&CVT_PROTOS)?;
    let go_plugin = compile(&GO_PLUGIN_PROTOS)?;
    let mut files = Files::new();

    // Messages and services apart: the former are public, the latter name tonic.
    collect(&mut files, "", |builder| {
        message_attributes(builder)
            .build_client(false)
            .build_server(false)
            .compile_fds(cvt.clone())
    })?;
    let (extensions, others) = cvt.file.iter().cloned().partition(extensions::is_extension);
    collect(&mut files, "services", |builder| {
        // The host's client calls these by their names.
        let builder = messages_elsewhere(builder).build_client(false);
        builder.compile_fds(FileDescriptorSet { file: extensions })
    })?;
    collect(&mut files, "services", |builder| {
        messages_elsewhere(builder).compile_fds(FileDescriptorSet { file: others })
    })?;
    collect(&mut files, "services", |builder| {
        builder.compile_fds(go_plugin.clone())
    })?;

    for file in &cvt.file {
        let path = in_runtime(&format!("{}.rs", file.package()));
        let code = files.get_mut(&path);
        let code = code.ok_or_else(|| format!("no code was generated for {}", file.package()))?;
        *code = messages::without_promises(code)?;
        code.extend_from_slice(messages::render(file)?.as_bytes());
    }
    let extensions = extensions::extensions(&cvt);
    for (name, code) in [
        ("rpc.rs", rpcs::render(&extensions)?),
        ("extensions.rs", delegates::render_services(&extensions)?),
        ("client.rs", delegates::render_client(&extensions)?),
        (
            "running_plugin.rs",
            delegates::render_running_plugin(&extensions)?,
        ),
        (
            "test_plugin.rs",
            delegates::render_test_plugin(&extensions)?,
        ),
    ] {
        files.insert(in_runtime(name), code.into());
    }
    files.insert(in_runtime("descriptors.bin"), descriptors()?);
    let table = Path::new(MACROS).join("rpcs.rs");
    files.insert(table, macros::render(&extensions)?.into());
    Ok(files)
}

/// Replaces the checked-in files by `files`.
///
/// # Errors
///
/// When a directory cannot be written.
pub fn write(files: &Files) -> io::Result<()> {
    for (path, content) in files {
        let path = root().join(path);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}

fn compile(protos: &[&str]) -> Result<FileDescriptorSet, Error> {
    let mut compiler = Compiler::new([env!("CARGO_MANIFEST_DIR")])?;
    compiler.include_source_info(true).open_files(protos)?;
    Ok(compiler.file_descriptor_set())
}

fn message_attributes(builder: tonic_prost_build::Builder) -> tonic_prost_build::Builder {
    builder
        .bytes(".")
        .message_attribute(".", "#[non_exhaustive]")
        .enum_attribute(".", "#[non_exhaustive]")
        .skip_debug([".cvt.plugin.handshake.v1.SetConfigRequest"])
}

/// Uses the public messages instead of others like them.
fn messages_elsewhere(builder: tonic_prost_build::Builder) -> tonic_prost_build::Builder {
    MESSAGE_MODULES
        .iter()
        .fold(builder, |builder, (package, module)| {
            builder.extern_path(format!(".{package}"), *module)
        })
}

fn in_runtime(name: &str) -> PathBuf {
    Path::new(RUNTIME).join(name)
}

/// Runs one generation into a scratch directory and adds the results to `files`.
fn collect(
    files: &mut Files,
    directory: &str,
    run: impl FnOnce(tonic_prost_build::Builder) -> io::Result<()>,
) -> Result<(), Error> {
    let scratch = tempfile::tempdir()?;
    let builder = tonic_prost_build::configure()
        .out_dir(scratch.path())
        .build_transport(false)
        .client_mod_attribute(".", "#[cfg(feature = \"host\")]");
    run(builder)?;
    for entry in fs::read_dir(scratch.path())? {
        let entry = entry?;
        let path = Path::new(RUNTIME).join(directory).join(entry.file_name());
        files.insert(path, fs::read(entry.path())?);
    }
    Ok(())
}

/// What server reflection serves: every file and all they import, without the comments.
fn descriptors() -> Result<Vec<u8>, Error> {
    let mut compiler = Compiler::new([env!("CARGO_MANIFEST_DIR")])?;
    compiler
        .include_imports(true)
        .open_files(CVT_PROTOS.iter().chain(&GO_PLUGIN_PROTOS))?;
    Ok(compiler.encode_file_descriptor_set())
}
