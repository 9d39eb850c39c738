//! Specs that need not be fetched again, by HTTP's own rules: `Cache-Control`, `ETag` and
//! `Last-Modified`. Nothing is kept of a registry that sends none of them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use cvtplugin::prelude::*;
use cvtplugin_http::header::{ETAG, HeaderMap, LAST_MODIFIED};
use cvtplugin_http::{Response, Url};
use http::Uri;
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};

/// How many bytes of specs are kept. The least recently used go first.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How many specs are kept, however small.
const MAX_SPECS: usize = 256;

#[derive(Default)]
pub(crate) struct Cache(Mutex<VecDeque<Entry>>);

/// A spec, and how long it is good for.
#[derive(Clone)]
struct Entry {
    policy: Policy,
    schema: FetchSchemaResponse,
}

/// How long a response is good for.
#[derive(Clone)]
pub(crate) struct Policy {
    uri: Uri,
    policy: CachePolicy,
}

/// What the cache has for a request.
pub(crate) enum Lookup {
    /// What would be fetched.
    Fresh(FetchSchemaResponse),
    /// The registry has to be asked.
    Ask(Box<Question>),
}

/// A request to the registry, made so that it need not send again what is here.
pub(crate) struct Question {
    request: http::Request<()>,
    stale: Option<Entry>,
}

impl Question {
    pub(crate) fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// How long `response` is good for; `None` if it may not be kept.
    pub(crate) fn policy(&self, response: &Response) -> Option<Policy> {
        let options = CacheOptions {
            shared: false,
            // No guesses: a spec without a lifetime is asked about every time.
            cache_heuristic: 0.0,
            ..CacheOptions::default()
        };
        let now = SystemTime::now();
        let policy = CachePolicy::new_options(&self.request, &head_of(response), now, options);
        let headers = response.headers();
        let is_of_use = !policy.is_stale(now)
            || headers.contains_key(ETAG)
            || headers.contains_key(LAST_MODIFIED);
        (policy.is_storable() && is_of_use).then(|| Policy {
            uri: self.request.uri().clone(),
            policy,
        })
    }
}

impl Cache {
    /// What is here for a GET of `url` with these headers.
    pub(crate) fn look_up(&self, url: &Url, headers: HeaderMap) -> Lookup {
        let mut request = http::Request::new(());
        *request.uri_mut() = url.as_str().parse().unwrap_or_default();
        *request.headers_mut() = headers;
        let Some(entry) = self.entry(request.uri()) else {
            let stale = None;
            return Lookup::Ask(Question { request, stale }.into());
        };
        match entry
            .policy
            .policy
            .before_request(&request, SystemTime::now())
        {
            BeforeRequest::Fresh(_) => Lookup::Fresh(entry.schema),
            BeforeRequest::Stale { request, matches } => {
                let request = http::Request::from_parts(request, ());
                let stale = Some(entry).filter(|_| matches);
                Lookup::Ask(Question { request, stale }.into())
            }
        }
    }

    /// What is here, if the registry has responded that it has not changed.
    pub(crate) fn confirm(
        &self,
        asked: &Question,
        response: &Response,
    ) -> Option<FetchSchemaResponse> {
        let stale = asked.stale.as_ref()?;
        if response.status().as_u16() != 304 {
            return None;
        }
        let (policy, request) = (&stale.policy.policy, &asked.request);
        let after = policy.after_response(request, &head_of(response), SystemTime::now());
        if let AfterResponse::NotModified(policy, _) = after {
            let uri = stale.policy.uri.clone();
            self.keep(Some(Policy { uri, policy }), &stale.schema);
        }
        Some(stale.schema.clone())
    }

    /// Keeps a spec for as long as its policy says.
    pub(crate) fn keep(&self, policy: Option<Policy>, schema: &FetchSchemaResponse) {
        let Some(policy) = policy.filter(|_| schema.spec.len() <= MAX_BYTES) else {
            return;
        };
        let mut entries = self.lock();
        entries.retain(|entry| entry.policy.uri != policy.uri);
        let schema = schema.clone();
        entries.push_back(Entry { policy, schema });
        let mut bytes: usize = entries.iter().map(|entry| entry.schema.spec.len()).sum();
        while bytes > MAX_BYTES || entries.len() > MAX_SPECS {
            let oldest = entries.pop_front();
            bytes -= oldest.map_or(0, |entry| entry.schema.spec.len());
        }
    }

    /// The entry of this URL, which is now the one used last.
    fn entry(&self, uri: &Uri) -> Option<Entry> {
        let mut entries = self.lock();
        let index = entries.iter().position(|entry| &entry.policy.uri == uri)?;
        let entry = entries.remove(index)?;
        entries.push_back(entry.clone());
        Some(entry)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn head_of(response: &Response) -> http::Response<()> {
    let mut head = http::Response::new(());
    *head.status_mut() = response.status();
    *head.headers_mut() = response.headers().clone();
    head
}
