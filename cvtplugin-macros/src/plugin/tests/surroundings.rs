//! What is found around a block in its file.

use std::fs;

use quote::quote;

use super::tokens;
use crate::plugin::attributes::Reader;
use crate::plugin::surroundings::{Place, Surroundings, module_of};

/// The surroundings of `#[cvt_plugin(name = "rest")] impl Rest { fn a() {} }`.
fn of(text: &str) -> Option<Surroundings> {
    let reader = Reader {
        name: String::from("plugin"),
        is_assigned: false,
    };
    let (arguments, item) = (quote!(name = "rest"), tokens("impl Rest { fn a ( ) { } }"));
    Surroundings::of(text, &arguments, &item, &reader)
}

const BLOCK: &str = r#"#[cvt_plugin(name = "rest")] impl Rest { fn a() {} }"#;

#[test]
fn place_is_where_the_block_stands() {
    let place = |text: String| match of(&text).expect("it is there").place {
        Place::Root => String::from("root"),
        Place::Module(path) => path,
        Place::Function(name) => format!("{name}()"),
    };
    assert_eq!(place(BLOCK.to_owned()), "root");
    assert_eq!(
        place(format!("mod a {{ pub mod b {{ {BLOCK} }} }}")),
        "a::b"
    );
    assert_eq!(
        place(format!("fn main() {{ let x = {{}}; {BLOCK} }}")),
        "main()"
    );
    assert_eq!(
        place(BLOCK.replace("cvt_plugin", "cvtplugin::cvt_plugin")),
        "root"
    );
    assert_eq!(place(BLOCK.replace("cvt_plugin", "plugin")), "root");
}

#[test]
fn file_is_the_module_that_the_root_beside_it_says() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    fs::write(path("main.rs"), "mod rest; mod slack; mod own { }").expect("a file");
    fs::write(path("cvt-plugin-other.rs"), "mod other;").expect("a file");
    let module = |name: &str| module_of(&path(name), "cvt-plugin-other");
    assert_eq!(module("rest.rs").as_deref(), Some("rest"));
    assert_eq!(module("slack/mod.rs").as_deref(), Some("slack"));
    assert_eq!(module("other.rs").as_deref(), Some("other"));
    assert_eq!(module("own.rs"), None);
    assert_eq!(module("main.rs"), None);
    assert_eq!(module("cvt-plugin-other.rs"), None);
}

#[test]
fn block_that_may_be_another_is_not_found() {
    assert!(of("").is_none());
    assert!(of("half a file {").is_none());
    assert!(of(&format!("{BLOCK} {BLOCK}")).is_none());
    assert!(of(&BLOCK.replace("rest", "slack")).is_none());
    assert!(of(&format!("macro_rules! plugin {{ () => {{ {BLOCK} }} }}")).is_none());
}

#[test]
fn main_is_seen_where_it_always_is() {
    let has_main = |main: &str| {
        of(&format!("{main} {BLOCK}"))
            .expect("it is there")
            .has_main
    };
    assert!(has_main("fn main() {}"));
    assert!(has_main("#[tokio::main] pub(crate) async fn r#main() {}"));
    assert!(has_main("#!/usr/bin/env run-cargo-script\nfn main() {}"));
    assert!(has_main("\u{feff}#![allow(dead_code)] fn main() {}"));
    assert!(!has_main("#[cfg(windows)] fn main() {}"));
    assert!(!has_main("mod a { fn main() {} } // fn main() {}\n"));
}

#[test]
fn other_blocks_are_those_of_the_same_type() {
    let text = format!(
        "impl Rest {{ fn on_validation_failed(&self) {{}} }} impl Rest<u8> {{}}
         impl Clone for Rest {{}} #[cfg(unix)] impl Rest {{}} {BLOCK}
         #[cvt_plugin(main = false)] impl Rest {{ fn b() {{}} }}"
    );
    let around = of(&text).expect("it is there");
    let plain: Vec<_> = around.plain_blocks().collect();
    assert_eq!(plain.len(), 1);
    assert!(plain[0].method("on_validation_failed").is_some());
    let (_, second) = around.other_plugins().next().expect("there is a second");
    assert!(second.method("b").is_some() && !second.makes_main());
}
