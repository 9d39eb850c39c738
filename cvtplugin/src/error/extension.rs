use super::{BoxError, Code, Error};

macro_rules! shorthands {
    ($($name:ident => $code:ident;)*) => {
        $(
            #[doc = concat!("[`code`](Self::code) with [`Code::", stringify!($code), "`].")]
            ///
            /// # Errors
            ///
            /// The converted error, if there is one.
            fn $name(self, message: impl Into<String>) -> Result<T, Error> {
                self.code(Code::$code, message)
            }
        )*
    };
}

/// Attaches a code and a message to any error, and turns `None` into an error.
///
/// The trait is sealed: it is implemented for `Result` with any error that converts into a
/// [`BoxError`], and for `Option`, and methods may be added to it.
///
/// ```
/// use cvtplugin::{Code, Error, ResultExt as _};
///
/// fn read(path: &str) -> Result<String, Error> {
///     std::fs::read_to_string(path).unavailable("the schema directory")
/// }
///
/// let error = read("/no/such/file").unwrap_err();
/// assert_eq!(error.code(), Code::Unavailable);
/// assert_eq!(error.message(), "the schema directory");
///
/// let nothing: Option<&str> = None;
/// let error = nothing.not_found("no such schema").unwrap_err();
/// assert_eq!(error.code(), Code::NotFound);
/// ```
pub trait ResultExt<T>: Sized + sealed::Sealed {
    /// The error before it is converted: that of a `Result`, `()` for an `Option`.
    type Cause;

    /// Turns an error into one with `code` and `message`, and keeps it as the source. For an
    /// `Option`, `None` is the error.
    ///
    /// ```
    /// use cvtplugin::{Code, ResultExt as _};
    ///
    /// let error = "x".parse::<u8>().code(Code::OutOfRange, "the page").unwrap_err();
    /// assert_eq!(error.code(), Code::OutOfRange);
    /// ```
    ///
    /// # Errors
    ///
    /// The converted error, if there is one.
    fn code(self, code: Code, message: impl Into<String>) -> Result<T, Error> {
        self.with_code(code, |_| message)
    }

    /// As [`code`](Self::code), with a message that is made only if there is an error, and from it.
    ///
    /// ```
    /// use cvtplugin::{Code, ResultExt as _};
    ///
    /// let page = "x".parse::<u8>();
    /// let error = page.with_code(Code::InvalidArgument, |error| format!("the page: {error}"));
    /// assert_eq!(error.unwrap_err().message(), "the page: invalid digit found in string");
    /// ```
    ///
    /// # Errors
    ///
    /// The converted error, if there is one.
    fn with_code<M: Into<String>>(
        self,
        code: Code,
        message: impl FnOnce(&Self::Cause) -> M,
    ) -> Result<T, Error>;

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
    type Cause = E;

    fn with_code<M: Into<String>>(
        self,
        code: Code,
        message: impl FnOnce(&E) -> M,
    ) -> Result<T, Error> {
        self.map_err(|error| Error::new(code, message(&error)).with_source(error))
    }
}

impl<T> ResultExt<T> for Option<T> {
    type Cause = ();

    fn with_code<M: Into<String>>(
        self,
        code: Code,
        message: impl FnOnce(&()) -> M,
    ) -> Result<T, Error> {
        self.ok_or_else(|| Error::new(code, message(&())))
    }
}

mod sealed {
    pub trait Sealed {}

    impl<T, E> Sealed for Result<T, E> {}

    impl<T> Sealed for Option<T> {}
}
