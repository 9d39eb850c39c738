use super::{BoxError, Code, Error};

macro_rules! shorthands {
    ($($name:ident => $code:ident;)*) => {
        $(
            #[doc = concat!("[`code`](Self::code) with [`Code::", stringify!($code), "`].")]
            ///
            /// # Errors
            ///
            /// The error, if there is one.
            fn $name(self, message: impl Into<String>) -> Result<T, Error> {
                self.code(Code::$code, message)
            }
        )*
    };
}

/// Gives any error a code in passing, and turns the absence of a value into an error.
///
/// ```
/// use cvtplugin::{Code, Error, ResultExt as _};
///
/// fn read(path: &str) -> Result<String, Error> {
///     std::fs::read_to_string(path).unavailable("the schema folder")
/// }
///
/// let error = read("/no/such/file").unwrap_err();
/// assert_eq!(error.code(), Code::Unavailable);
/// assert_eq!(error.message(), "the schema folder");
///
/// let nothing: Option<&str> = None;
/// let error = nothing.not_found("no such schema").unwrap_err();
/// assert_eq!(error.code(), Code::NotFound);
/// ```
pub trait ResultExt<T>: Sized {
    /// Turns an error into one with `code` and `message`, and keeps it as the source. Of an
    /// `Option`, `None` is the error.
    ///
    /// # Errors
    ///
    /// The error, if there is one.
    fn code(self, code: Code, message: impl Into<String>) -> Result<T, Error>;

    shorthands! {
        invalid_argument => InvalidArgument;
        not_found => NotFound;
        failed_precondition => FailedPrecondition;
        resource_exhausted => ResourceExhausted;
        internal => Internal;
        unavailable => Unavailable;
    }
}

impl<T, E: Into<BoxError>> ResultExt<T> for Result<T, E> {
    fn code(self, code: Code, message: impl Into<String>) -> Result<T, Error> {
        self.map_err(|error| Error::new(code, message).with_source(error))
    }
}

impl<T> ResultExt<T> for Option<T> {
    fn code(self, code: Code, message: impl Into<String>) -> Result<T, Error> {
        self.ok_or_else(|| Error::new(code, message))
    }
}
