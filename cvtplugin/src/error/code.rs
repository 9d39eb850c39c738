use std::fmt;

macro_rules! codes {
    ($($name:ident = $number:literal, $meaning:literal;)*) => {
        /// The kind of an error: one of the status codes of gRPC.
        ///
        /// `OK`, which is 0, is not among them, since it is not an error.
        ///
        /// ```
        /// use cvtplugin::Code;
        ///
        /// assert_eq!(Code::try_from(5), Ok(Code::NotFound));
        /// assert_eq!(i32::from(Code::NotFound), 5);
        /// assert_eq!(Code::NotFound.to_string(), "NotFound");
        ///
        /// let error = Code::try_from(0).unwrap_err();
        /// assert_eq!(error.to_string(), "invalid error code 0: expected 1 to 16");
        /// ```
        // gRPC has had these sixteen since it began; authors may match on all of them.
        #[expect(clippy::exhaustive_enums, reason = "the codes of gRPC are complete")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $name = $number,)*
        }

        impl TryFrom<i32> for Code {
            type Error = InvalidCode;

            fn try_from(number: i32) -> Result<Self, InvalidCode> {
                match number {
                    $($number => Ok(Self::$name),)*
                    _ => Err(InvalidCode(number)),
                }
            }
        }
    };
}

codes! {
    Cancelled = 1, "The call was cancelled.";
    Unknown = 2, "An error whose kind is not known.";
    InvalidArgument = 3, "The request or a config value is invalid.";
    DeadlineExceeded = 4, "The call did not finish within its deadline.";
    NotFound = 5, "The requested item does not exist.";
    AlreadyExists = 6, "The item to create already exists.";
    PermissionDenied = 7, "The caller is not allowed to do this.";
    ResourceExhausted = 8, "A limit was exceeded: a quota, a size, a rate.";
    FailedPrecondition = 9, "The plugin is not in the required state.";
    Aborted = 10, "The operation was aborted.";
    OutOfRange = 11, "The request is past the valid range.";
    Unimplemented = 12, "The plugin opts out of this call: a no-op for CVT, never a failure.";
    Internal = 13, "A bug in the plugin.";
    Unavailable = 14, "The backend cannot be reached; a retry may succeed.";
    DataLoss = 15, "Data was lost or corrupted.";
    Unauthenticated = 16, "The backend rejected the credentials.";
}

impl From<Code> for i32 {
    fn from(code: Code) -> Self {
        code as Self
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A number that is not the code of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCode(i32);

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid error code {}: expected 1 to 16", self.0)
    }
}

impl std::error::Error for InvalidCode {}
