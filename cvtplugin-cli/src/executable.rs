//! Whether a file can be run on this machine, before it is tried.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use object::elf::{FileHeader32, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader as _};
use object::{Architecture, Endianness, FileKind, Object as _};

use crate::terminal::quoted;

/// Why a file does not run, and what to do.
#[derive(Debug)]
pub(crate) struct Unrunnable {
    pub(crate) found: String,
    pub(crate) fix: String,
}

impl Unrunnable {
    fn new(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            found: found.into(),
            fix: fix.into(),
        }
    }
}

const BUILD_FIX: &str = "build the plugin for this machine, and install that";

/// Checks that a file is there, is executable, and is a program of this machine's kind whose loader
/// or interpreter is there.
///
/// # Errors
///
/// Returns what keeps the file from being run.
pub(crate) fn check(binary: &Path) -> Result<(), Unrunnable> {
    let metadata = binary.metadata().map_err(|error| missing(binary, &error))?;
    let path = quoted(&binary.to_string_lossy());
    if metadata.is_dir() {
        let fix = "write the path of the plugin's binary";
        return Err(Unrunnable::new(format!("{path} is a directory"), fix));
    }
    if metadata.permissions().mode() & 0o111 == 0 {
        let fix = format!("run `chmod +x {path}`");
        return Err(Unrunnable::new(format!("{path} is not executable"), fix));
    }
    let content = fs::read(binary).map_err(|error| missing(binary, &error))?;
    let problem = match FileKind::parse(content.as_slice()) {
        _ if content.starts_with(b"#!") => missing_interpreter(&content),
        Ok(FileKind::Elf32) => wrong_elf::<FileHeader32<Endianness>>(&content),
        Ok(FileKind::Elf64) => wrong_elf::<FileHeader64<Endianness>>(&content),
        Ok(kind) if cfg!(target_os = "linux") => Some(format!("is a file of {kind:?}, not ELF")),
        Ok(_) => None,
        Err(_) => Some("is neither a program nor a script that begins with `#!`".to_owned()),
    };
    match problem {
        Some(problem) => Err(Unrunnable::new(format!("{path} {problem}"), BUILD_FIX)),
        None => Ok(()),
    }
}

fn missing(binary: &Path, error: &std::io::Error) -> Unrunnable {
    let path = quoted(&binary.to_string_lossy());
    match error.kind() {
        ErrorKind::NotFound => Unrunnable::new(
            format!("{path} is missing"),
            "install the plugin with `cvt plugins install`",
        ),
        _ => Unrunnable::new(
            format!("cannot read {path}: {error}"),
            "let CVT's user read and execute it",
        ),
    }
}

/// The interpreter that a script needs and that is missing.
fn missing_interpreter(script: &[u8]) -> Option<String> {
    let line = script.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(&line[2..]).into_owned();
    let interpreter = line.split_whitespace().next().unwrap_or_default();
    let is_there = Path::new(interpreter).is_file();
    // A line feed of Windows is part of the name, and cannot be seen.
    let is_windows = line.ends_with('\r');
    match (is_there, is_windows) {
        (_, true) => Some("has Windows line ends: its interpreter is not found".to_owned()),
        (false, _) => Some(format!(
            "needs the interpreter {interpreter:?}, which is missing"
        )),
        _ => None,
    }
}

/// Why a program in the format of Linux does not run here.
fn wrong_elf<H: FileHeader<Endian = Endianness>>(content: &[u8]) -> Option<String> {
    let file = object::File::parse(content);
    let architecture = file.map_or(Architecture::Unknown, |file| file.architecture());
    if !runs_here(architecture) {
        let here = std::env::consts::ARCH;
        return Some(format!(
            "is built for {architecture:?}, and this machine is {here}"
        ));
    }
    let header = H::parse(content).ok()?;
    let endian = header.endian().ok()?;
    let segments = header.program_headers(endian, content).ok()?;
    let loader = segments
        .iter()
        .find_map(|segment| segment.interpreter(endian, content).ok().flatten())?;
    let loader = String::from_utf8_lossy(loader);
    if Path::new(loader.as_ref()).exists() {
        return None;
    }
    let libc = if loader.contains("musl") {
        "musl"
    } else {
        "glibc"
    };
    Some(format!(
        "needs the loader {loader} of {libc}, which is missing here: link the plugin statically"
    ))
}

fn runs_here(architecture: Architecture) -> bool {
    match std::env::consts::ARCH {
        "x86_64" => matches!(
            architecture,
            Architecture::X86_64 | Architecture::X86_64_X32 | Architecture::I386
        ),
        "aarch64" => matches!(architecture, Architecture::Aarch64 | Architecture::Arm),
        // Others are for the system to judge.
        _ => true,
    }
}
