//! The standard streams.

/// A standard stream of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(
    not(feature = "host"),
    expect(unreachable_pub, reason = "`host` exports it")
)]
pub enum StdStream {
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}
