//! A log file that cannot be opened: where the host drops the log, only the message of a call that
//! fails can say so.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{Code, Error};

/// Why there is no log file, until somebody has been told. Cheap to clone.
#[derive(Clone)]
pub(super) struct LogFileError(Arc<Mutex<Option<String>>>);

impl LogFileError {
    pub(super) fn new(why: Option<String>) -> Self {
        Self(Arc::new(Mutex::new(why)))
    }

    /// The error of a call, which says it too if it is the first that fails. Whoever opts out does
    /// not fail, and has no message that anybody reads.
    pub(super) fn add_to(&self, error: Error) -> Error {
        if error.code() == Code::Unimplemented {
            return error;
        }
        let why = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match why {
            Some(why) => Error::new(error.code(), format!("{}; {why}", error.message())),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_failing_call_says_it() {
        let file = LogFileError::new(Some("no log file".to_owned()));
        let message = |error| file.add_to(error).message().to_owned();
        assert_eq!(message(Error::unimplemented("not here")), "not here");
        assert_eq!(message(Error::not_found("what?")), "what?; no log file");
        assert_eq!(message(Error::not_found("what?")), "what?");
    }
}
