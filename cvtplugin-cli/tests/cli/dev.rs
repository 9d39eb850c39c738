//! `cvt-plugin dev`, with a toy in the plugin's place: its shim is launched as CVT does it.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::support::{Ran, Running, command};

/// A toy and the state of its user.
struct Workshop(tempfile::TempDir);

impl Workshop {
    fn new(main: &str) -> Self {
        let workshop = Self(tempfile::tempdir().expect("a directory"));
        let manifest = "[package]\nname = \"cvt-plugin-toy\"\nedition = \"2024\"\n[workspace]\n";
        workshop.write("Cargo.toml", manifest);
        workshop.write("src/main.rs", main);
        workshop
    }

    /// A toy that prints this.
    fn printing(text: &str) -> Self {
        Self::new(&printer(text))
    }

    fn package(&self) -> PathBuf {
        self.0.path().join("a toy")
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.package().join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, content).expect("a file");
    }

    fn state(&self) -> PathBuf {
        self.0.path().join("state/cvt-plugin/toy")
    }

    fn dev_command(&self) -> Command {
        let mut dev = command();
        dev.arg("dev").arg(self.package());
        dev.env("XDG_STATE_HOME", self.0.path().join("state"));
        // Toys of one name would build over each other.
        dev.env_remove("CARGO_TARGET_DIR");
        dev.env_remove("CARGO_BUILD_TARGET_DIR");
        dev
    }

    /// Starts `dev`, and waits for its first build.
    fn dev(&self) -> Dev {
        let mut dev = Running::start(self.dev_command());
        dev.prints("is ready for `cvt`");
        Dev(dev)
    }

    /// Starts `dev` where it fails.
    fn fails(&self, parts: &[&str]) {
        let ran = self.dev_command().output().expect("it runs");
        Ran::from(ran).failed(parts);
    }

    fn launch(&self) -> Ran {
        let shim = Command::new(self.state().join("cvt-plugin-toy"));
        Self::finish(shim)
    }

    fn finish(mut shim: Command) -> Ran {
        shim.output().expect("the shim runs").into()
    }

    /// Launches the shim where it has to fail with these words, which CVT shows: one line on
    /// stdout that is not a handshake.
    fn launch_fails(&self, words: &str) {
        let ran = self.launch();
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
        assert_eq!(ran.stdout.matches('\n').count(), 1, "{}", ran.stdout);
        assert!(!ran.stdout.contains('|'), "{}", ran.stdout);
        ran.printed(&[words]);
    }
}

/// A `dev` that ends with its test.
struct Dev(Running);

impl Dev {
    fn prints(&mut self, part: &str) {
        self.0.prints(part);
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        self.0.kill();
    }
}

fn printer(text: &str) -> String {
    format!("fn main() {{ println!(\"{text}\"); }}\n")
}

#[test]
fn dev_shim_runs_the_sources_of_now() {
    let workshop = Workshop::printing("one");
    let mut dev = workshop.dev();
    let shim = || fs::read(workshop.state().join("cvt-plugin-toy")).expect("a shim");
    let before = shim();
    for text in ["two", "three", "four"] {
        workshop.write("src/main.rs", &printer(text));
        assert_eq!(workshop.launch().succeeded().stdout, format!("{text}\n"));
    }
    dev.prints("`cvt` runs toy as process");
    drop(dev);
    drop(workshop.dev());
    assert_eq!(shim(), before);
}

#[test]
fn dev_builds_after_a_change_by_itself() {
    let workshop = Workshop::new("mod part; fn main() { part::greet(); }\n");
    workshop.write("src/part.rs", "pub fn greet() {}\n");
    let mut dev = workshop.dev();
    workshop.write("src/part.rs", "pub fn greet() { nobody }\n");
    dev.prints("cannot find value `nobody`");
    workshop.write("src/part.rs", "pub fn greet() { println!(\"hi\"); }\n");
    dev.prints("is ready for `cvt`");
}

#[test]
fn dev_tells_the_host_what_does_not_compile() {
    let workshop = Workshop::printing("one");
    let _dev = workshop.dev();
    workshop.write("src/main.rs", "fn main() {\n    a | b;\n}\n");
    let words = "toy does not compile: cannot find value `a` in this scope (src/main.rs:2)";
    workshop.launch_fails(words);
    workshop.write("Cargo.toml", "[package\n");
    workshop.launch_fails("toy does not compile: cargo build failed");
}

#[test]
#[ignore = "slow: .ci/run runs it"]
fn dev_tells_the_host_that_it_still_compiles() {
    let workshop = Workshop::printing("one");
    let _dev = workshop.dev();
    let gate = workshop.package().join("gate");
    mkfifo(&gate, Mode::S_IRWXU).expect("a pipe");
    // Whoever reads from it waits until it is dropped.
    let gate = OpenOptions::new().read(true).write(true).open(gate);
    let gate = gate.expect("a pipe");
    let waiting = "fn main() { let _ = std::fs::read(\"gate\"); }\n";
    workshop.write("build.rs", waiting);
    workshop.launch_fails("toy is still compiling");
    drop(gate);
    let mut printed = std::iter::repeat_with(|| workshop.launch().stdout);
    let printed = printed.find(|it| !it.contains("still compiling"));
    assert_eq!(printed.as_deref(), Some("one\n"));
}

#[test]
fn dev_shows_the_log_and_hands_it_on() {
    let record = r#"{{\"@level\":\"warn\",\"@message\":\"careful\",\"@module\":\"toy\",\"n\":7}}"#;
    let main = format!("fn main() {{ eprintln!(\"{record}\"); eprintln!(\"raw \\x1b[2J\"); }}\n");
    let workshop = Workshop::new(&main);
    let mut dev = workshop.dev();
    let ran = workshop.launch().succeeded();
    let record = r#"{"@level":"warn","@message":"careful","@module":"toy","n":7}"#;
    assert_eq!(ran.stderr, format!("{record}\nraw \x1b[2J\n"));
    dev.prints("WARN  toy: careful n=7");
    dev.prints(r"stderr| raw \u{1b}[2J");
    dev.prints("has ended");
}

#[test]
fn dev_shim_alone_runs_the_last_build() {
    let workshop = Workshop::printing("one");
    drop(workshop.dev());
    workshop.write("src/main.rs", &printer("two"));
    assert_eq!(workshop.launch().succeeded().stdout, "one\n");
    fs::remove_dir_all(workshop.state().join("build")).expect("a build");
    let package = workshop.package();
    let advice = format!(
        "never been built: run `cvt-plugin dev '{}'`",
        package.display()
    );
    workshop.launch_fails(&advice);
}

#[test]
fn dev_shim_hands_on_arguments_and_exit_code() {
    let main = "fn main() { let all: Vec<_> = std::env::args().skip(1).collect(); \
                println!(\"{all:?}\"); std::process::exit(7); }\n";
    let workshop = Workshop::new(main);
    let _dev = workshop.dev();
    let mut shim = Command::new(workshop.state().join("cvt-plugin-toy"));
    shim.args(["--info", "--", "a b"]);
    let ran = Workshop::finish(shim);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(7), "[\"--info\", \"--\", \"a b\"]\n")
    );
}

#[test]
fn dev_runs_once_a_plugin() {
    let workshop = Workshop::printing("one");
    let dev = workshop.dev();
    workshop.fails(&["another `cvt-plugin dev` serves toy"]);
    drop(dev);
    drop(workshop.dev());
}

#[test]
fn dev_and_shim_refuse_a_directory_of_others() {
    let workshop = Workshop::printing("one");
    drop(workshop.dev());
    let open = Permissions::from_mode(0o750);
    fs::set_permissions(workshop.state(), open).expect("permissions");
    workshop.launch_fails("unsafe directory");
    workshop.fails(&["unsafe directory", "chmod 700"]);
}

#[test]
fn dev_needs_one_plugin() {
    let workshop = Workshop::printing("one");
    workshop.write("src/bin/other.rs", &printer("other"));
    workshop.fails(&[
        "several binaries: choose with --bin",
        "cvt-plugin-toy",
        "other",
    ]);
    let mut dev = workshop.dev_command();
    dev.args(["--bin", "nothing"]);
    Ran::from(dev.output().expect("it runs")).failed(&["no binary `nothing`"]);

    let workshop = Workshop::printing("one");
    workshop.write("src/lib.rs", "");
    fs::remove_file(workshop.package().join("src/main.rs")).expect("a file");
    workshop.fails(&["has no binary"]);
    workshop.write("Cargo.toml", "[workspace]\nmembers = [\"member\"]\n");
    workshop.write("member/Cargo.toml", "[package]\nname = \"member\"\n");
    workshop.write("member/src/main.rs", "fn main() {}\n");
    workshop.fails(&["is a workspace: name the directory of a package"]);
}
