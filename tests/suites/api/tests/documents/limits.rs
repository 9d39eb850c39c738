//! The guide's page on limits has the values of the code's constants.

use crate::{module, read};

const PAGE: &str = "cvtplugin/src/guide/limits.md";

#[test]
fn page_has_the_values_of_the_constants() {
    let page = read(PAGE);
    let rows = page.lines().filter_map(row);
    let mut count = 0;
    for (value, name, path) in rows {
        let source = module(path);
        let in_code = constant(&source, name).unwrap_or_else(|| panic!("no {name} in {path}"));
        let on_page = quantity(value).unwrap_or_else(|| panic!("{value} is no quantity"));
        assert_eq!(on_page, in_code, "{name} in {path}");
        count += 1;
    }
    assert!(count > 20, "{count} rows");
}

/// The value, and the name and the module of the constant, if a line names one.
fn row(line: &str) -> Option<(&str, &str, &str)> {
    let cells: Vec<_> = line.split('|').map(str::trim).collect();
    let [_, _, value, _, constant, _] = cells[..] else {
        return None;
    };
    let (name, path) = constant.strip_prefix('`')?.split_once("` in `")?;
    Some((value, name, path.strip_suffix('`')?))
}

/// The number at the beginning of a text, times its unit: bytes, milliseconds, or nothing.
fn quantity(text: &str) -> Option<u64> {
    // Commas part thousands, or end a clause.
    let text = text.replace(',', "");
    let mut words = text.split(' ');
    let number = words.next()?.parse::<u64>().ok()?;
    let factor = match words.next() {
        Some("MiB") => 1024 * 1024,
        Some("KiB") => 1024,
        Some("s") => 1000,
        _ => 1,
    };
    Some(number * factor)
}

/// The value of a constant: a product of integers, or a duration.
fn constant(source: &str, name: &str) -> Option<u64> {
    let (_, declared) = source.split_once(&format!("const {name}: "))?;
    let (_, value) = declared.split_once(" = ")?;
    let (value, _) = value.split_once(';')?;
    let (value, factor) = match value.strip_prefix("Duration::from_") {
        Some(duration) => {
            let (unit, amount) = duration.strip_suffix(')')?.split_once('(')?;
            (amount, if unit == "secs" { 1000 } else { 1 })
        }
        None => (value, 1),
    };
    let numbers = value.split(" * ").map(str::parse::<u64>);
    numbers
        .product::<Result<u64, _>>()
        .ok()
        .map(|value| value * factor)
}

#[test]
fn quantities_and_constants_are_read() {
    assert_eq!(quantity("16,384"), Some(16_384));
    assert_eq!(quantity("2 s, or so"), quantity("2,000 ms"));
    assert_eq!(
        quantity("60 KiB, since"),
        constant("const A: usize = 60 * 1024;", "A")
    );
    let source = "const B: Duration = Duration::from_secs(2);";
    assert_eq!(constant(source, "B"), quantity("2 s"));
    assert_eq!(
        row("| a | 1 s | b | `C` in `d::e` |"),
        Some(("1 s", "C", "d::e"))
    );
}
