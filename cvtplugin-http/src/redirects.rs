//! Redirects: which are followed.
//!
//! Reqwest drops credentials when a redirect leaves their origin. It also turns a POST into a GET
//! at 301, 302 and 303, as browsers do: an API would respond with success, and nothing would have
//! been posted. The policy does not get to see the method, hence the task-local.

use reqwest::Method;
use reqwest::redirect::{Action, Attempt, Policy};

tokio::task_local! {
    /// The method of the request that this task sends.
    pub(crate) static METHOD: Method;
}

pub(crate) fn policy() -> Policy {
    Policy::custom(follow)
}

/// Follows unless the request would become another one. The response is then the redirect itself.
fn follow(attempt: Attempt<'_>) -> Action {
    let is_same_request = matches!(attempt.status().as_u16(), 307 | 308)
        || METHOD.try_with(Method::is_safe).unwrap_or(false);
    if is_same_request {
        Policy::default().redirect(attempt)
    } else {
        attempt.stop()
    }
}
