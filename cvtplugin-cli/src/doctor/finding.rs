//! What `doctor` finds.

/// How bad a finding is; the worst one makes the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Note,
    /// It works, though hardly as it was meant.
    Warning,
    /// It does not work.
    Error,
}

impl Level {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) level: Level,
    pub(super) found: String,
    /// What to do about it; empty if there is nothing to be done.
    pub(super) fix: String,
}

impl Finding {
    pub(super) fn error(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(Level::Error, found, fix)
    }

    pub(super) fn warning(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(Level::Warning, found, fix)
    }

    pub(super) fn note(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::new(Level::Note, found, fix)
    }

    pub(super) fn ok(found: impl Into<String>) -> Self {
        Self::new(Level::Ok, found, "")
    }

    fn new(level: Level, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            level,
            found: found.into(),
            fix: fix.into(),
        }
    }
}
