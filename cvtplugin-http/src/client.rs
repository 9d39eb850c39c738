//! The client, and how it is made.

use cvtplugin::{Result, ResultExt as _};
use reqwest::{Client, Method};
use url::Url;

use crate::errors::Place;
use crate::{Request, proxy, redirects, tls};

/// How many headers a response may have. The default of hyper, 100, is less than Go takes.
const MAX_HEADERS: usize = 2048;

/// Makes HTTP requests and keeps connections. Cheap to clone; make one per plugin.
#[derive(Clone, Debug)]
pub struct HttpClient {
    client: Client,
    place: Place,
}

impl HttpClient {
    /// Configures a client that introduces itself as `user_agent`, such as
    /// `concat!("cvt-plugin-rest/", env!("CARGO_PKG_VERSION"))`.
    pub fn builder(user_agent: impl Into<String>) -> HttpClientBuilder {
        HttpClientBuilder {
            user_agent: user_agent.into(),
            place: Place::Host,
        }
    }

    /// Starts a GET request. It is [retried](crate::Retry::OnFailure) after any failure.
    pub fn get(&self, url: Url) -> Request {
        self.request(Method::GET, url)
    }

    /// Starts a POST request. It is [retried](crate::Retry::OnRejection) only where the server
    /// has certainly not processed it.
    pub fn post(&self, url: Url) -> Request {
        self.request(Method::POST, url)
    }

    /// Starts a request with any method.
    pub fn request(&self, method: Method, url: Url) -> Request {
        Request::new(&self.client, self.place, method, url)
    }
}

/// Configures an [`HttpClient`].
#[derive(Clone, Debug)]
#[must_use = "there is no client until `build` is called"]
pub struct HttpClientBuilder {
    user_agent: String,
    place: Place,
}

impl HttpClientBuilder {
    /// Names the path of a URL in errors, beside the host. Off by default, since paths may be
    /// secret, as those of webhooks are.
    pub fn paths_in_errors(mut self, show: bool) -> Self {
        self.place = if show { Place::Path } else { Place::Host };
        self
    }

    /// Makes the client, with the system's certificates and the environment's proxies of now.
    ///
    /// # Errors
    ///
    /// Returns [`Code::Internal`](cvtplugin::Code::Internal) if the user agent is not a valid
    /// header, or TLS cannot be set up.
    pub fn build(self) -> Result<HttpClient> {
        let client = Client::builder()
            .user_agent(self.user_agent)
            .tls_backend_preconfigured(tls::config())
            .proxy(proxy::from_environment())
            .redirect(redirects::policy())
            .referer(false)
            .http1_max_headers(MAX_HEADERS)
            .retry(reqwest::retry::never())
            .build();
        Ok(HttpClient {
            client: client.internal("cannot set up the HTTP client")?,
            place: self.place,
        })
    }
}
