//! What a check finds.

/// What is in order, in a few words; or a finding.
pub(super) type Outcome = Result<String, Finding>;

/// How well a plugin does in one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// As it should be.
    Pass,
    /// No host relies on it, but a good plugin does it.
    Warn,
    /// Hosts rely on it.
    Fail,
    /// It could not be seen.
    Skipped,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skipped",
        }
    }
}

/// What is not in order, or could not be seen.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) level: Level,
    /// What was found, or why nothing was.
    pub(super) found: String,
    /// What to do about it.
    pub(super) advice: String,
}

impl Finding {
    pub(super) fn fail(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Level::Fail, found, advice)
    }

    pub(super) fn warn(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Level::Warn, found, advice)
    }

    pub(super) fn skip(why: impl Into<String>) -> Self {
        Self::new(Level::Skipped, why, "")
    }

    fn new(level: Level, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            level,
            found: found.into(),
            advice: advice.into(),
        }
    }
}
