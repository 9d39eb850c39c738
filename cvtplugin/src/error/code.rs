use std::fmt;

macro_rules! codes {
    ($($name:ident = $number:literal, $meaning:literal;)*) => {
        /// The kind of an error, as gRPC numbers them.
        ///
        /// ```
        /// use cvtplugin::Code;
        ///
        /// assert_eq!(Code::from_number(5), Some(Code::NotFound));
        /// assert_eq!(Code::NotFound.number(), 5);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $name = $number,)*
        }

        impl Code {
            /// The code of this number, if gRPC knows one. 0 is success, hence no error's code.
            pub const fn from_number(number: i32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

codes! {
    Cancelled = 1, "The call was cancelled.";
    Unknown = 2, "An error of no known kind.";
    InvalidArgument = 3, "The request or a config value makes no sense.";
    DeadlineExceeded = 4, "The call ran out of time.";
    NotFound = 5, "What was asked for does not exist.";
    AlreadyExists = 6, "What was to be made exists already.";
    PermissionDenied = 7, "The caller may not do this.";
    ResourceExhausted = 8, "A limit was reached: a quota, a size, a rate.";
    FailedPrecondition = 9, "The plugin is not in a state to do this.";
    Aborted = 10, "The operation was given up.";
    OutOfRange = 11, "Something past its valid range was asked for.";
    Unimplemented = 12, "The plugin opts out of this call: a no-op for CVT, never a failure.";
    Internal = 13, "The plugin is at fault.";
    Unavailable = 14, "The backend cannot be reached; a later try may work.";
    DataLoss = 15, "Data was lost for good.";
    Unauthenticated = 16, "The backend does not accept the credentials.";
}

impl Code {
    /// The number that gRPC gives this code.
    pub const fn number(self) -> i32 {
        self as i32
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
