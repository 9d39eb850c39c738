//! A body: its encoding, and how long it may be.

use std::io::{self, Write};

use bytes::Bytes;
use cvtplugin::{Error, Result};
use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Identity,
    Gzip,
}

impl Encoding {
    pub(crate) fn of(headers: &HeaderMap, host: &str) -> Result<Self> {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let codings = values.flat_map(|value| value.as_bytes().split(|&byte| byte == b','));
        let codings = codings.map(<[u8]>::trim_ascii);
        let is_identity =
            |coding: &&[u8]| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity");
        let codings: Vec<_> = codings.filter(is_identity).collect();
        match codings[..] {
            [] => Ok(Self::Identity),
            [one] if is_gzip(one) => Ok(Self::Gzip),
            _ => {
                let codings = codings.join(&b", "[..]);
                let codings = String::from_utf8_lossy(&codings);
                Err(Error::unavailable(format!(
                    "unexpected content encoding {codings:?} from {host}: expected gzip or none"
                )))
            }
        }
    }
}

/// HTTP has two names for it, in any case.
fn is_gzip(coding: &[u8]) -> bool {
    coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
}

/// A body that is being read.
pub(crate) struct Body<'a> {
    sink: Sink,
    host: &'a str,
}

enum Sink {
    Identity(Bounded),
    // Boxed: its tables are large.
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl<'a> Body<'a> {
    pub(crate) fn new(encoding: Encoding, limit: u64, host: &'a str) -> Self {
        let bounded = Bounded {
            bytes: Vec::new(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            is_full: false,
        };
        let sink = match encoding {
            Encoding::Identity => Sink::Identity(bounded),
            Encoding::Gzip => Sink::Gzip(Box::new(MultiGzDecoder::new(bounded))),
        };
        Self { sink, host }
    }

    /// Fails early if the length that the server declares is over the limit.
    pub(crate) fn expect(&self, declared: Option<u64>) -> Result<()> {
        let limit = self.bounded().limit as u64;
        match declared {
            Some(length) if length > limit => Err(self.too_large()),
            _ => Ok(()),
        }
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<()> {
        let written = match &mut self.sink {
            Sink::Identity(bounded) => bounded.write_all(chunk),
            Sink::Gzip(decoder) => decoder.write_all(chunk),
        };
        written.map_err(|error| self.damaged(&error))
    }

    pub(crate) fn finish(mut self) -> Result<Bytes> {
        if let Sink::Gzip(decoder) = &mut self.sink {
            let ended = decoder.try_finish();
            ended.map_err(|error| self.damaged(&error))?;
        }
        match self.sink {
            Sink::Identity(mut bounded) => Ok(std::mem::take(&mut bounded.bytes).into()),
            Sink::Gzip(mut decoder) => Ok(std::mem::take(&mut decoder.get_mut().bytes).into()),
        }
    }

    fn bounded(&self) -> &Bounded {
        match &self.sink {
            Sink::Identity(bounded) => bounded,
            Sink::Gzip(decoder) => decoder.get_ref(),
        }
    }

    fn damaged(&self, error: &io::Error) -> Error {
        if self.bounded().is_full {
            return self.too_large();
        }
        let host = self.host;
        Error::unavailable(format!("the response of {host} is not valid gzip: {error}"))
    }

    fn too_large(&self) -> Error {
        let (host, limit) = (self.host, size(self.bounded().limit));
        Error::resource_exhausted(format!(
            "the response of {host} is over the limit of {limit}"
        ))
    }
}

/// In MiB where that is exact.
fn size(bytes: usize) -> String {
    const MIB: usize = 1024 * 1024;
    if bytes >= MIB && bytes.is_multiple_of(MIB) {
        format!("{} MiB", bytes / MIB)
    } else {
        format!("{bytes} bytes")
    }
}

/// Bytes up to a limit.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
    /// There would have been more.
    is_full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.limit - self.bytes.len() {
            self.is_full = true;
            return Err(io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use cvtplugin::Code;
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn encoding(values: &[&str]) -> Result<Encoding> {
        let mut map = HeaderMap::new();
        for value in values {
            map.append(CONTENT_ENCODING, value.parse().expect("a value"));
        }
        Encoding::of(&map, "host")
    }

    #[test]
    fn gzip_has_two_names_in_any_case() {
        for values in [
            &["gzip"][..],
            &["GZIP"],
            &["x-gzip"],
            &["X-GZip "],
            &["identity, gzip"],
        ] {
            assert_eq!(encoding(values).expect("known"), Encoding::Gzip);
        }
        for values in [&[][..], &[""], &["identity"], &["Identity"]] {
            assert_eq!(encoding(values).expect("known"), Encoding::Identity);
        }
    }

    #[test]
    fn other_encodings_are_errors() {
        for values in [
            &["br"][..],
            &["deflate"],
            &["gzip, br"],
            &["gzip", "gzip"],
            &["zstd"],
        ] {
            let error = encoding(values).expect_err("not asked for");
            assert_eq!(error.code(), Code::Unavailable);
            assert!(error.message().contains("from host"), "{error}");
        }
    }

    fn compressed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).expect("memory");
        encoder.finish().expect("memory")
    }

    fn read(gzip: &[u8], limit: u64) -> Result<Bytes> {
        let mut body = Body::new(Encoding::Gzip, limit, "host");
        for chunk in gzip.chunks(7) {
            body.push(chunk)?;
        }
        body.finish()
    }

    #[test]
    fn gzip_is_decompressed_up_to_the_limit() {
        let text = vec![b'x'; 100_000];
        let gzip = compressed(&text);
        assert_eq!(read(&gzip, 100_000).expect("whole"), text);
        let error = read(&gzip, 99_999).expect_err("too large");
        assert_eq!(error.code(), Code::ResourceExhausted);
        assert!(error.message().contains("limit of 99999 bytes"), "{error}");
    }

    #[test]
    fn gzip_of_several_members_is_their_sum() {
        let both = [compressed(b"one "), compressed(b"two")].concat();
        assert_eq!(read(&both, 100).expect("whole"), "one two");
    }

    #[test]
    fn gzip_that_is_cut_anywhere_is_an_error() {
        let gzip = compressed(b"a text of some length, with some variety in it");
        for end in 0..gzip.len() {
            let error = read(&gzip[..end], 100).expect_err("cut");
            assert_eq!(error.code(), Code::Unavailable, "{end}");
        }
    }

    #[test]
    fn gzip_that_is_damaged_is_an_error() {
        let mut gzip = compressed(b"a text of some length");
        let crc = gzip.len() - 5;
        gzip[crc] ^= 1;
        assert!(read(&gzip, 100).is_err());
        assert!(read(b"not gzip at all", 100).is_err());
    }
}
