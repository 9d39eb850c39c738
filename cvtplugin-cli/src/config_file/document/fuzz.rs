use proptest::prelude::*;

use super::read;
use super::tests::variable;

/// What such files are made of, and what makes them odd.
const PIECES: [&str; 40] = [
    "plugins:",
    "hooks:",
    "config:",
    "rest:",
    "binary:",
    "timeout:",
    "secrets:",
    "config_version:",
    "a",
    ": ",
    ":",
    "? ",
    "- ",
    "\n",
    "  ",
    "    ",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&x ",
    "*x",
    "*x:",
    "<<: ",
    "'",
    "\"",
    "\\",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "!!str ",
    "!",
    "#",
    "${",
    "é",
    "\u{0}",
];

proptest! {
    #[test]
    fn files_of_any_kind_do_not_panic(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        text in any::<String>(),
    ) {
        let _ = read(&pieces.concat(), None, &variable);
        let _ = read(&text, None, &variable);
        let _ = read(&format!("plugins: {{rest: {{timeout: {text}, config: {{a: {text}}}}}}}"), None, &variable);
    }
}
