//! The error type returned by handlers.

mod code;
mod extension;

use std::error::Error as StdError;
use std::fmt;

pub use code::{Code, InvalidCode};
pub use extension::ResultExt;

/// A boxed error, for handlers that use a bare `?` on errors of many types.
///
/// Every `std::error::Error`, `String`, `&str` and `anyhow::Error` converts into it. When it
/// becomes an [`Error`], it keeps the code of an [`Error`] anywhere in its chain of sources;
/// otherwise its code is [`Code::Unknown`].
///
/// ```
/// use cvtplugin::{BoxError, Code, Error};
///
/// fn parse(text: &str) -> Result<u16, BoxError> {
///     if text.is_empty() {
///         return Err("no port given".into());
///     }
///     Ok(text.parse()?)
/// }
///
/// let error = Error::from(parse("http").unwrap_err());
/// assert_eq!(error.code(), Code::Unknown);
/// assert_eq!(error.message(), "invalid digit found in string");
/// ```
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// The result of a handler: [`std::result::Result`] with [`Error`] as the default error type.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error type returned by handlers: a gRPC [`Code`], a message for the operator, and an
/// optional source.
///
/// CVT shows the message followed by the messages of all sources, so say what failed and what it
/// failed on. Never put a secret in it.
///
/// There is no blanket conversion from other errors, so that your own error type can choose a code
/// for each of its cases:
///
/// ```
/// use cvtplugin::Error;
///
/// enum RegistryError {
///     NoSuchSchema(String),
///     Offline(std::io::Error),
/// }
///
/// impl From<RegistryError> for Error {
///     fn from(error: RegistryError) -> Self {
///         match error {
///             RegistryError::NoSuchSchema(id) => Error::not_found(format!("no schema {id}")),
///             RegistryError::Offline(error) => {
///                 Error::unavailable("the registry is offline").with_source(error)
///             }
///         }
///     }
/// }
/// ```
///
/// To attach a code to an error as you return it, see [`ResultExt`]; for a bare `?` on any error,
/// [`BoxError`].
pub struct Error {
    code: Code,
    message: String,
    source: Option<BoxError>,
}

macro_rules! constructors {
    ($($name:ident => $code:ident, $when:literal;)*) => {
        /// A constructor for each code.
        impl Error {
            $(
                #[doc = concat!("[`Code::", stringify!($code), "`]: ", $when)]
                pub fn $name(message: impl Into<String>) -> Self {
                    Self::new(Code::$code, message)
                }
            )*
        }
    };
}

constructors! {
    cancelled => Cancelled, "the call was cancelled.";
    unknown => Unknown, "an error whose kind is not known.";
    invalid_argument => InvalidArgument, "the request or a config value is invalid.";
    deadline_exceeded => DeadlineExceeded, "the call did not finish within its deadline.";
    not_found => NotFound, "the requested item does not exist.";
    already_exists => AlreadyExists, "the item to create already exists.";
    permission_denied => PermissionDenied, "the caller is not allowed to do this.";
    resource_exhausted => ResourceExhausted, "a limit was exceeded: a quota, a size, a rate.";
    failed_precondition => FailedPrecondition, "the plugin is not in the required state, for example not configured.";
    aborted => Aborted, "the operation was aborted, for example because of a conflict.";
    out_of_range => OutOfRange, "the request is past the valid range.";
    unimplemented => Unimplemented, "the plugin opts out of this call. CVT treats it as a no-op, never as a failure.";
    internal => Internal, "a bug in the plugin.";
    unavailable => Unavailable, "the backend cannot be reached; a retry may succeed.";
    data_loss => DataLoss, "data was lost or corrupted.";
    unauthenticated => Unauthenticated, "the backend rejected the credentials.";
}

impl Error {
    /// Creates an error with any code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            source: None,
        }
    }

    /// Sets the cause of this error. CVT shows the messages of all sources after this one's.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The gRPC code that CVT sees.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The error's own message, without those of its sources.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The same error with the messages of its sources folded into its own.
    pub(crate) fn into_text(self) -> Self {
        Self::new(self.code, self.chain())
    }

    /// The whole chain on one line, as CVT shows it: `message: source: source of the source`.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.message.clone();
        let mut source = StdError::source(self);
        while let Some(error) = source {
            let message = error.to_string();
            // Many errors repeat their source in their own message.
            if !text.contains(&message) {
                if !text.is_empty() {
                    text.push_str(": ");
                }
                text.push_str(&message);
            }
            source = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("code", &self.code)
            .field("message", &self.message);
        if let Some(source) = &self.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<BoxError> for Error {
    fn from(error: BoxError) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        let code = code_in(&*error).unwrap_or(Code::Unknown);
        let mut wrapped = Self::new(code, error.to_string());
        wrapped.source = Some(error);
        wrapped
    }
}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Self::unknown(message)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Self {
        Self::unknown(message)
    }
}

#[cfg(feature = "anyhow")]
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        BoxError::from(error).into()
    }
}

/// The code of the first [`Error`] in the chain of sources.
fn code_in(error: &(dyn StdError + 'static)) -> Option<Code> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref::<Error>())
        .map(Error::code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapper(Error);

    impl fmt::Display for Wrapper {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("while fetching")
        }
    }

    impl StdError for Wrapper {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn boxed_error_keeps_the_code_inside() {
        let boxed: BoxError = Error::not_found("no such schema").into();
        let error = Error::from(boxed);
        assert_eq!(error.code(), Code::NotFound);
        assert_eq!(error.chain(), "no such schema");

        let wrapped: BoxError = Wrapper(Error::unavailable("offline")).into();
        let error = Error::from(wrapped);
        assert_eq!(error.code(), Code::Unavailable);
        assert_eq!(error.chain(), "while fetching: offline");
    }

    #[test]
    fn chain_names_every_source_once() {
        let io = std::io::Error::other("refused");
        let error = Error::unavailable("the registry").with_source(Wrapper(
            Error::internal("cannot connect: refused").with_source(io),
        ));
        assert_eq!(
            error.chain(),
            "the registry: while fetching: cannot connect: refused"
        );
    }

    #[test]
    fn plain_text_has_the_code_unknown() {
        let error = Error::from("went wrong");
        assert_eq!(
            (error.code(), error.message()),
            (Code::Unknown, "went wrong")
        );
    }
}
