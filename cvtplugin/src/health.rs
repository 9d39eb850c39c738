//! What a plugin says of its own state.

/// Whether a plugin is ready for calls, in its own opinion: the answer of `health`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Health {
    /// Ready for calls.
    #[default]
    Serving,
    /// Not ready, such as without its backend. CVT may restart the plugin.
    NotServing,
}
