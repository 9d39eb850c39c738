//! Which of a schema's versions is the latest.

use semver::Version;

/// Sorts versions: semantic ones above others, releases above pre-releases.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    is_release: bool,
    semantic: Option<Version>,
    text: String,
}

/// The place of a version among others.
pub(crate) fn rank(version: &str) -> Rank {
    let semantic = parse(version);
    Rank {
        is_release: semantic.as_ref().is_some_and(|it| it.pre.is_empty()),
        semantic,
        text: version.to_owned(),
    }
}

/// The latest of these: the highest release by semantic versioning. A pre-release is the latest
/// only where there is no release, and another text only where there is nothing else.
pub(crate) fn latest(versions: &[String]) -> Option<&str> {
    let latest = versions.iter().max_by_key(|version| rank(version));
    latest.map(String::as_str)
}

/// Takes what people write for a version: `v1`, `1.2` and `1.2-beta` too.
fn parse(text: &str) -> Option<Version> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at(end);
    let missing = 2_usize.checked_sub(core.matches('.').count())?;
    Version::parse(&format!("{core}{}{rest}", ".0".repeat(missing))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest_of(versions: &[&str]) -> String {
        let versions: Vec<_> = versions.iter().map(|&it| it.to_owned()).collect();
        latest(&versions).expect("one is the latest").to_owned()
    }

    #[test]
    fn latest_is_by_number_and_not_by_letter() {
        assert_eq!(latest_of(&["1.10.0", "1.9.0", "1.2.11"]), "1.10.0");
        assert_eq!(latest_of(&["v2", "1.9", "v10.1"]), "v10.1");
        assert_eq!(latest(&[]), None);
    }

    #[test]
    fn latest_is_a_release_where_there_is_one() {
        assert_eq!(latest_of(&["2.0.0-rc.1", "1.9.0", "junk"]), "1.9.0");
        assert_eq!(
            latest_of(&["2.0.0-rc.2", "2.0.0-rc.10", "junk"]),
            "2.0.0-rc.10"
        );
        assert_eq!(latest_of(&["b", "a", ""]), "b");
    }
}
