//! The environment's proxies, read as Go reads them, so that a plugin and CVT agree.
//!
//! Unlike Go, `ALL_PROXY` stands for the other two where they are unset.

use std::env;
use std::net::IpAddr;

use ipnet::IpNet;
use reqwest::Proxy;
use url::{Host, Url};

/// Where each request goes, by the environment of now.
pub(crate) fn from_environment() -> Proxy {
    let all = || proxy(&["ALL_PROXY", "all_proxy"]);
    let http = proxy(&["HTTP_PROXY", "http_proxy"]).or_else(all);
    let https = proxy(&["HTTPS_PROXY", "https_proxy"]).or_else(all);
    let exceptions = Exceptions::parse(&variable(&["NO_PROXY", "no_proxy"]).unwrap_or_default());
    Proxy::custom(move |url| {
        let proxy = match url.scheme() {
            "https" => &https,
            _ => &http,
        };
        proxy.clone().filter(|_| !exceptions.contain(url))
    })
}

/// The first that is set and not empty.
fn variable(names: &[&str]) -> Option<String> {
    let mut values = names.iter().filter_map(|name| env::var(name).ok());
    values.find(|value| !value.is_empty())
}

fn proxy(names: &[&str]) -> Option<Url> {
    let value = variable(names)?;
    let url = parse_proxy(&value);
    if url.is_none() {
        tracing::warn!("ignoring {}: expected the URL of a proxy", names[0]);
    }
    url
}

/// The scheme may be left out.
fn parse_proxy(text: &str) -> Option<Url> {
    let parsed = text.parse::<Url>().ok();
    let parsed = parsed.filter(Url::has_host);
    parsed.or_else(|| format!("http://{text}").parse().ok())
}

/// `NO_PROXY`: what is reached without a proxy.
#[derive(Debug, Default)]
struct Exceptions {
    all: bool,
    entries: Vec<Exception>,
}

#[derive(Debug)]
enum Exception {
    Network(IpNet),
    Address(IpAddr, Option<u16>),
    /// Begins with a dot. `itself` is whether it means the domain as well as what is below it.
    Domain {
        suffix: String,
        itself: bool,
        port: Option<u16>,
    },
}

impl Exceptions {
    fn parse(text: &str) -> Self {
        let texts = text.split(',').map(|entry| entry.trim().to_lowercase());
        let texts: Vec<_> = texts.filter(|entry| !entry.is_empty()).collect();
        Self {
            all: texts.iter().any(|entry| entry == "*"),
            entries: texts.iter().filter_map(|it| Exception::parse(it)).collect(),
        }
    }

    fn contain(&self, url: &Url) -> bool {
        let host = match url.host() {
            Some(Host::Domain(domain)) => domain.to_lowercase(),
            Some(Host::Ipv4(ip)) => return self.contain_address(ip.into(), url),
            Some(Host::Ipv6(ip)) => return self.contain_address(ip.into(), url),
            None => return false,
        };
        let port = url.port_or_known_default();
        let mut entries = self.entries.iter();
        host == "localhost" || self.all || entries.any(|it| it.is_domain(&host, port))
    }

    fn contain_address(&self, ip: IpAddr, url: &Url) -> bool {
        let ip = ip.to_canonical();
        let port = url.port_or_known_default();
        let mut entries = self.entries.iter();
        ip.is_loopback() || self.all || entries.any(|it| it.is_address(ip, port))
    }
}

impl Exception {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(network) = text.parse() {
            return Some(Self::Network(network));
        }
        let (host, port) = split_port(text);
        if let Ok(ip) = host.parse() {
            return Some(Self::Address(ip, port));
        }
        let domain = host.strip_prefix('*').filter(|it| it.starts_with('.'));
        let domain = domain.unwrap_or(host);
        let bare = domain.strip_prefix('.');
        let name = bare.unwrap_or(domain);
        if name.is_empty() {
            return None;
        }
        // As the hosts of URLs are, in ASCII.
        let name = Host::parse(name).map_or_else(|_| name.to_owned(), |host| host.to_string());
        Some(Self::Domain {
            suffix: format!(".{name}"),
            itself: bare.is_none(),
            port,
        })
    }

    fn is_domain(&self, host: &str, port: Option<u16>) -> bool {
        match self {
            Self::Domain {
                suffix,
                itself,
                port: only,
            } => {
                let is_host = host.ends_with(suffix) || *itself && host == &suffix[1..];
                is_host && (only.is_none() || *only == port)
            }
            _ => false,
        }
    }

    fn is_address(&self, ip: IpAddr, port: Option<u16>) -> bool {
        match self {
            Self::Network(network) => network.contains(&ip),
            Self::Address(address, only) => *address == ip && (only.is_none() || *only == port),
            Self::Domain { .. } => false,
        }
    }
}

/// `host:port`, `[ipv6]:port`, or a host without a port.
fn split_port(text: &str) -> (&str, Option<u16>) {
    let with_port = text.rsplit_once(':').and_then(|(host, port)| {
        let bracketed = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let host = bracketed.or((!host.contains(':')).then_some(host))?;
        Some((host, Some(port.parse().ok()?)))
    });
    with_port.unwrap_or((text, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_exempt(no_proxy: &str, url: &str) -> bool {
        Exceptions::parse(no_proxy).contain(&url.parse().expect("a URL"))
    }

    #[test]
    fn no_proxy_is_read_as_go_reads_it() {
        for (no_proxy, url) in [
            ("*", "http://example.com"),
            ("other.org, *", "http://192.0.2.1"),
            ("example.com", "http://example.com"),
            ("example.com", "http://a.b.example.com"),
            ("EXAMPLE.com", "http://Example.COM"),
            (".example.com", "http://a.example.com"),
            ("*.example.com", "http://a.example.com"),
            ("example.com:80", "http://example.com"),
            ("example.com:443", "https://example.com"),
            ("example.com:8080", "http://example.com:8080"),
            ("*.example.com:8080", "http://a.example.com:8080"),
            (" x.org , example.com ", "http://example.com"),
            ("192.0.2.1", "http://192.0.2.1"),
            ("192.0.2.1:8080", "http://192.0.2.1:8080"),
            ("192.0.2.0/24", "http://192.0.2.77:99"),
            ("2001:db8::1", "http://[2001:db8::1]"),
            ("[2001:db8::1]:80", "http://[2001:db8::1]"),
            ("2001:db8::/32", "http://[2001:db8::7]"),
            ("bücher.example", "http://bücher.example"),
        ] {
            assert!(is_exempt(no_proxy, url), "{no_proxy} {url}");
        }
        for (no_proxy, url) in [
            ("", "http://example.com"),
            ("ample.com", "http://example.com"),
            (".example.com", "http://example.com"),
            ("*.example.com", "http://example.com"),
            ("*example.com", "http://a.example.com"),
            ("example.com:8080", "http://example.com"),
            ("example.com:80", "https://example.com"),
            ("192.0.2.1:8080", "http://192.0.2.1"),
            ("192.0.2.0/24", "http://192.0.3.1"),
            ("192.0.2.1", "http://192.0.2.10"),
            (",,", "http://example.com"),
        ] {
            assert!(!is_exempt(no_proxy, url), "{no_proxy} {url}");
        }
    }

    #[test]
    fn loopback_needs_no_proxy() {
        for url in [
            "http://localhost",
            "http://LOCALHOST:80",
            "http://127.3.2.1",
            "http://[::1]",
        ] {
            assert!(is_exempt("", url), "{url}");
        }
        assert!(!is_exempt("", "http://localhost.example.com"));
    }

    #[test]
    fn proxy_may_lack_a_scheme() {
        for text in ["http://proxy:3128", "proxy:3128"] {
            let url = parse_proxy(text).expect("a proxy");
            assert_eq!(url.as_str(), "http://proxy:3128/");
        }
        let url = parse_proxy("http://me:pw@proxy").expect("a proxy");
        assert_eq!(url.password(), Some("pw"));
    }
}
