//! `cvt-plugin new`: what is filled into the templates.

use std::fs;
use std::path::{Path, PathBuf};

use crate::new::make;
use crate::support::run;

#[test]
fn templates_are_filled_in_completely() {
    let parent = tempfile::tempdir().expect("a directory");
    for kind in [&[][..], &["--registry"], &["--events"]] {
        for http in [&[][..], &["--http"]] {
            let flags = [kind, http].concat();
            let directory = parent.path().join(format!("demo{}", flags.concat()));
            make("demo", &directory, &flags);
            for file in files(&directory) {
                let content = fs::read_to_string(&file).expect("text");
                // What is left is GitHub's own.
                let content = content.replace("${{ ", "").replace(" }}", "");
                let file = file.display();
                assert!(!content.contains("{{"), "{file}: {content}");
                assert!(!content.contains("\n\n\n"), "{file}: {content}");
            }
        }
    }
}

/// All files of a project that were made for it.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let paths = paths.filter(|path| !path.ends_with("Cargo.lock"));
    let below = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.flat_map(below).collect()
}

#[test]
fn workflows_get_cvtplugin_where_the_manifest_does() {
    let parent = tempfile::tempdir().expect("a directory");
    let path = parent.path().join("demo");
    let git = "https://git.example.com/cvtplugin";
    let directory = path.to_str().expect("text");
    let source = ["--cvtplugin-git", git, "--cvtplugin-rev", "v1"];
    run([&["new", "demo", "--http", "--path", directory][..], &source].concat()).succeeded();
    let read = |file| fs::read_to_string(path.join(file)).expect(file);
    let manifest = read("Cargo.toml");
    for name in ["cvtplugin", "cvtplugin-http"] {
        let dependency = format!("{name} = {{ git = \"{git}\", rev = \"v1\" }}");
        assert!(manifest.contains(&dependency), "{manifest}");
    }
    let workflow = read(".github/workflows/ci.yml");
    let install = format!("cargo install --locked --git '{git}' --rev v1 cvtplugin-cli");
    assert!(workflow.contains(&install), "{workflow}");
    assert!(
        !read(".github/dist.sh").contains("hide  "),
        "no path of the machine"
    );
}

#[test]
fn manifest_depends_on_the_published_version() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("demo");
    run(["new", "demo", "--path", path.to_str().expect("text")]).succeeded();
    let manifest = fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        manifest.contains(&format!("cvtplugin = {{ version = \"{version}\" }}")),
        "{manifest}"
    );
    assert!(!manifest.contains("[workspace]"), "{manifest}");
}

#[test]
fn name_that_is_a_value_of_yaml_is_quoted() {
    let parent = tempfile::tempdir().expect("a directory");
    let path = parent.path().join("null");
    make("null", &path, &[]);
    let config = fs::read_to_string(path.join("config.yaml")).expect("text");
    for line in ["  \"null\":\n", "  fetch_schema: \"null\"\n"] {
        assert!(config.contains(line), "{config}");
    }
}
