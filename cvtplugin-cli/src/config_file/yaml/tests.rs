use super::*;

/// The root's entries, values as they are written.
fn entries(text: &str) -> Result<Vec<(String, String)>, Problem> {
    let root = read(text)?.expect("a document");
    let Data::Mapping(entries) = &root.data else {
        panic!("{root:?}")
    };
    let pair = |entry: &Entry| (entry.key.clone(), entry.value.text().unwrap_or("?").into());
    Ok(entries.iter().map(pair).collect())
}

#[test]
fn scalars_keep_their_spelling() {
    for (written, text) in [
        ("10", "10"),
        ("yes", "yes"),
        ("0x10", "0x10"),
        ("1.50", "1.50"),
        ("'a ''b'''", "a 'b'"),
        (r#""a\tb""#, "a\tb"),
        ("!!str 5", "5"),
        ("a # comment", "a"),
        ("a#b", "a#b"),
        ("|\n  x\n  y\n", "x\ny\n"),
        ("", ""),
        ("~", ""),
        ("null", ""),
        ("NULL", ""),
        ("'null'", "null"),
        ("\"\"", ""),
    ] {
        let read = entries(&format!("key: {written}")).expect(written);
        assert_eq!(read, [("key".to_owned(), text.to_owned())], "{written}");
    }
}

#[test]
fn aliases_and_merges_are_resolved() {
    let text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nword: &w x\n";
    for (more, expected) in [
        ("map: {<<: *base}", "a=1 b=2"),
        ("map: {<<: *base, a: 9}", "a=9 b=2"),
        ("map: {a: 9, <<: *base}", "a=9 b=2"),
        ("map: {<<: [*base, *other]}", "a=1 b=2 c=4"),
        ("map: {a: *w}", "a=x"),
    ] {
        let root = read(&format!("{text}{more}")).expect(more).expect(more);
        let Data::Mapping(entries) = &root.data else {
            panic!("{root:?}")
        };
        let Some(Data::Mapping(map)) = entries.last().map(|entry| &entry.value.data) else {
            panic!("{root:?}")
        };
        let pair = |it: &Entry| format!("{}={}", it.key, it.value.text().expect("text"));
        let map: Vec<_> = map.iter().map(pair).collect();
        assert_eq!(map.join(" "), expected, "{more}");
    }
}

#[test]
fn null_keys_are_dropped() {
    let read = entries("~: x\nnull: [y]\n!!null '': z\n!!str Null: a\n'NULL': b").expect("read");
    let expected = [("Null", "a"), ("NULL", "b")];
    assert_eq!(
        read,
        expected.map(|(key, value)| (key.into(), value.into()))
    );
}

#[test]
fn question_marks_need_quotes_in_flow_collections_alone() {
    for text in ["a: b?c", "a: {b: c}\nd: e?", "a: {b: 'c?'}", "- a?\n- b"] {
        assert!(read(text).is_ok(), "{text}");
    }
}

#[test]
fn first_document_alone_is_read() {
    let read = entries("a: 1\n---\nb: [\n").expect("the second is not looked at");
    assert_eq!(read, [("a".to_owned(), "1".to_owned())]);
}

#[test]
fn empty_files_have_no_document() {
    for text in ["", "\n\n", "# a comment\n"] {
        assert!(read(text).expect(text).is_none(), "{text:?}");
    }
}

#[test]
fn mistakes_have_a_place() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    for (text, at, part) in [
        ("a: 1\nb: 2\na: 3", "3:1", "duplicate key `a`: it is at 1:1"),
        ("a: 1\n'a': 3", "2:1", "duplicate key `a`"),
        ("a: {b: 1, b: 2}", "1:11", "duplicate key `b`"),
        ("a: b: c", "1:5", "invalid YAML"),
        ("a: *none", "1:4", "invalid YAML"),
        ("~: a\n~: b", "2:1", "duplicate key `~`: it is at 1:1 too"),
        (
            "<<: {a: 1}\n<<: {b: 1}",
            "2:1",
            "duplicate key `<<`: it is at 1:1 too",
        ),
        ("a: !!int b", "1:10", "fit its tag"),
        ("a: {b: c?d}", "1:8", "in quotes"),
        ("a: &c !!map {b?: c}", "1:14", "in quotes"),
        ("- [a, {b: [c]}, d?e]", "1:17", "in quotes"),
        ("a: \u{7}", "1:4", "unexpected character"),
        ("a: &a {b: *a}", "1:11", "recursive"),
        ("[a]: b", "1:1", "single value"),
        ("a:\n  <<: 5", "2:7", "merges mappings"),
        (deep.as_str(), "1:17", "depth"),
    ] {
        let problem = read(text).expect_err(text);
        assert_eq!(problem.at.to_string(), at, "{text}: {problem}");
        assert!(problem.message.contains(part), "{text}: {problem}");
    }
}
