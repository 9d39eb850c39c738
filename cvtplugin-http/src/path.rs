//! URLs: what the operator configured, with what the call is about appended.

use cvtplugin::{BoxError, Error, Result};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// What is encoded in a segment of a path: all but what Go's `url.PathEscape` leaves alone.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Appends segments to the path of `base`, whatever characters are in them. A query stays.
///
/// Each segment is encoded as Go's `url.PathEscape` does, so `a/b` stays one segment, and a slash
/// at the end of the base makes no difference.
///
/// ```
/// use cvtplugin_http::{Url, join_path};
///
/// let base = "https://registry.example.com/api/".parse::<Url>()?;
/// let url = join_path(&base, ["schemas", "foo/bar"])?;
/// assert_eq!(url.as_str(), "https://registry.example.com/api/schemas/foo%2Fbar");
/// # Ok::<(), cvtplugin::BoxError>(())
/// ```
///
/// # Errors
///
/// Returns [`Code::InvalidArgument`](cvtplugin::Code::InvalidArgument) for the segments `.` and
/// `..`, which no URL can carry.
pub fn join_path<'a>(base: &Url, segments: impl IntoIterator<Item = &'a str>) -> Result<Url> {
    let mut path = base.path().trim_end_matches('/').to_owned();
    for segment in segments {
        if matches!(segment, "." | "..") {
            return Err(Error::invalid_argument(format!(
                "invalid id {segment:?}: no URL can carry it"
            )));
        }
        path.push('/');
        path.extend(utf8_percent_encode(segment, ENCODED));
    }
    let mut url = base.clone();
    url.set_path(&path);
    Ok(url)
}

/// Parses a URL of the scheme `http` or `https`, for `#[config(parse_with = http_url)]`.
///
/// [`Url`] alone would take `localhost:8080`, with the scheme `localhost`.
///
/// # Errors
///
/// Returns what is wrong with `text` if it is not such a URL.
pub fn http_url(text: &str) -> Result<Url, BoxError> {
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err("expected a URL that begins with http:// or https://".into()),
        Err(error) => {
            Err(format!("expected a URL that begins with http:// or https:// ({error})").into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, segment: &str) -> String {
        let base = base.parse().expect("a URL");
        join_path(&base, ["x", segment]).expect("a URL").into()
    }

    #[test]
    fn segments_are_encoded_as_go_does() {
        // The right column is what Go's url.PathEscape returns.
        for (segment, encoded) in [
            ("foo/bar", "foo%2Fbar"),
            ("a b", "a%20b"),
            ("a;b,c", "a%3Bb%2Cc"),
            ("it's", "it%27s"),
            ("a\tb\nc\rd", "a%09b%0Ac%0Dd"),
            ("!(*)", "%21%28%2A%29"),
            ("$&+=:@-_.~", "$&+=:@-_.~"),
            ("100%", "100%25"),
            ("%2e%2e", "%252e%252e"),
            ("a\\b", "a%5Cb"),
            ("a?b#c", "a%3Fb%23c"),
            ("[x]{y}|^`\"<>", "%5Bx%5D%7By%7D%7C%5E%60%22%3C%3E"),
            ("über", "%C3%BCber"),
            ("...", "..."),
            ("\0", "%00"),
        ] {
            assert_eq!(joined("http://h", segment), format!("http://h/x/{encoded}"));
        }
    }

    #[test]
    fn base_may_end_in_slashes_and_have_a_query() {
        for (base, expected) in [
            ("http://h", "http://h/x/y"),
            ("http://h/", "http://h/x/y"),
            ("http://h/api//", "http://h/api/x/y"),
            ("http://h/a%20b?k=v", "http://h/a%20b/x/y?k=v"),
        ] {
            assert_eq!(joined(base, "y"), expected);
        }
    }

    #[test]
    fn dot_segments_are_refused() {
        let base = "http://h".parse().expect("a URL");
        for segment in [".", ".."] {
            let error = join_path(&base, [segment]).expect_err("no URL carries it");
            assert_eq!(error.code(), cvtplugin::Code::InvalidArgument);
        }
    }

    #[test]
    fn only_http_urls_are_urls() {
        assert!(http_url("https://h/p").is_ok());
        assert!(http_url("HTTP://h").is_ok());
        for text in ["h/p", "localhost:80", "ftp://h", "http://", "http://h:port"] {
            let error = http_url(text).expect_err("no HTTP URL").to_string();
            assert!(error.starts_with("expected a URL that begins with http"));
        }
    }
}
