//! What is said about a consumer, and why.

use std::fmt;

use serde::Serialize;

/// What a change means for a consumer. The worse, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Nothing that it uses changes in a way that can break it.
    Unaffected,
    /// It depends on what the registry does not know.
    Possibly,
    /// A version that takes part is not stored.
    Unknown,
    /// Something that it uses is not what it was.
    Broken,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unaffected => "unaffected",
            Self::Possibly => "possibly",
            Self::Unknown => "unknown",
            Self::Broken => "broken",
        })
    }
}

/// A change, and what it means for those who use what changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Change {
    pub(crate) verdict: Verdict,
    /// One line for people.
    pub(crate) evidence: String,
}

impl Change {
    pub(crate) fn new(verdict: Verdict, evidence: impl Into<String>) -> Self {
        Self {
            verdict,
            evidence: evidence.into(),
        }
    }

    /// The same, said of something that contains it.
    pub(crate) fn within(self, place: &str) -> Self {
        Self {
            evidence: format!("{place}: {}", self.evidence),
            ..self
        }
    }

    /// The same, where it is not sure that it matters.
    pub(crate) fn doubted(self) -> Self {
        Self {
            verdict: self.verdict.min(Verdict::Possibly),
            ..self
        }
    }
}
