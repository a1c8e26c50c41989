//! The caller's origin, and whether it may use an RP ID (WebAuthn L3 §5.1.3 steps 6–8, §5.1.4 steps 6–8).

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use passkey_client::{Origin as WebOrigin, RpIdVerifier};
use url::{Host, Url};

use crate::failure::Failure;

/// No origin is longer: a host has at most 253 characters.
const MAX_ORIGIN: usize = 300;
/// The longest domain (RFC 1035 §2.3.4).
const MAX_RP_ID: usize = 253;

/// A serialised origin that may call WebAuthn: `https`, or `http` on localhost; the host is a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    serialised: String,
    host: String,
}

impl Origin {
    /// Reads a serialised origin (HTML §7.1.1), which must be exactly as a browser writes it.
    ///
    /// # Errors
    /// [`Failure::Origin`] if it is anything else, has another scheme, or its host is an IP address.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if text.len() > MAX_ORIGIN {
            return Err(Failure::Origin);
        }
        let url = Url::parse(text).map_err(|_| Failure::Origin)?;
        // Only an origin survives the round trip: no path, query, user, default port, upper case or Unicode.
        if url.origin().ascii_serialization() != text {
            return Err(Failure::Origin);
        }
        let Some(Host::Domain(host)) = url.host() else {
            return Err(Failure::Origin);
        };
        match url.scheme() {
            "https" => {}
            "http" if is_localhost(host) => {}
            _ => return Err(Failure::Origin),
        }
        Ok(Self {
            serialised: text.to_owned(),
            host: host.to_owned(),
        })
    }

    /// The origin as the browser wrote it.
    pub(crate) fn as_str(&self) -> &str {
        &self.serialised
    }

    /// The effective domain.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

fn is_localhost(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// An RP ID that the caller's origin may use: lower case, a domain, not a public suffix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RpId {
    id: String,
    related: bool,
}

impl RpId {
    /// Checks the requested RP ID against the origin, with the public suffix list; absent, it is the origin's host.
    ///
    /// `related`: the browser has established that the origin is a *related* one (WebAuthn L3 §5.11), so
    /// the RP ID need not be a suffix of its host.
    ///
    /// # Errors
    /// [`Failure::RpId`] if the origin may not use it.
    pub(crate) fn for_origin(
        origin: &Origin,
        requested: Option<&str>,
        related: bool,
    ) -> Result<Self, Failure> {
        let id = requested.unwrap_or(origin.host()).to_ascii_lowercase();
        if !is_domain(&id) {
            return Err(Failure::RpId);
        }
        if own_suffix(origin.host(), &id) {
            return Ok(Self { id, related: false });
        }
        // A related origin is the browser's word; a public suffix is refused even so.
        if related && !is_localhost(&id) && verifier().is_valid_rp_id(&id) {
            return Ok(Self { id, related: true });
        }
        Err(Failure::RpId)
    }

    /// The RP ID.
    pub(crate) fn as_str(&self) -> &str {
        &self.id
    }

    /// Whether the origin is only *related* to the RP ID: the prompt then names both.
    pub(crate) fn is_related_origin(&self) -> bool {
        self.related
    }
}

/// "Is a registrable domain suffix of or is equal to" (HTML §7.1.2).
fn own_suffix(host: &str, rp_id: &str) -> bool {
    // `localhost` is no registrable domain: it serves itself only, not its subdomains.
    if rp_id == "localhost" {
        return host == "localhost";
    }
    // The scheme was checked with the origin; the verifier knows of no `http` but plain localhost.
    let Ok(url) = Url::parse(&format!("https://{host}")) else {
        return false;
    };
    let origin = WebOrigin::from(&url);
    let verifier = verifier();
    let check = pin!(verifier.assert_domain(&origin, Some(rp_id)));
    // Nothing is fetched, so the check is ready at once.
    match check.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome.is_ok(),
        Poll::Pending => false,
    }
}

fn verifier() -> RpIdVerifier<public_suffix::PublicSuffixList, ()> {
    RpIdVerifier::new(public_suffix::DEFAULT_PROVIDER, None)
}

/// A valid domain string in its ASCII form, lower case; no IP address, no trailing dot.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
    };
    text.len() <= MAX_RP_ID
        && text.split('.').all(label)
        && matches!(Host::parse(text), Ok(Host::Domain(parsed)) if parsed == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rp_id(origin: &str, requested: Option<&str>) -> Result<String, Failure> {
        RpId::for_origin(&Origin::parse(origin)?, requested, false).map(|rp_id| rp_id.id)
    }

    #[test]
    fn https_and_localhost_are_origins() {
        for origin in [
            "https://example.jp",
            "https://example.jp:8443",
            "https://xn--wgv71a119e.jp",
            "http://localhost",
            "http://localhost:8080",
            "http://app.localhost:8080",
        ] {
            assert_eq!(
                Origin::parse(origin).map(|o| o.serialised),
                Ok(origin.to_owned())
            );
        }
    }

    #[test]
    fn anything_else_is_not_an_origin() {
        for origin in [
            "",
            "null",
            "example.jp",
            "http://example.jp",
            "http://localhost.example.jp",
            "http://notlocalhost",
            "https://example.jp/",
            "https://example.jp/path",
            "https://example.jp?query",
            "https://example.jp#fragment",
            "https://example.jp:443",
            "https://user@example.jp",
            "https://Example.jp",
            "https://日本語.jp",
            "https://192.0.2.1",
            "https://[2001:db8::1]",
            "http://127.0.0.1:8080",
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg",
            "file://",
            "data:text/html,",
            "blob:https://example.jp/0",
            " https://example.jp",
            "https://example.jp\n",
        ] {
            assert_eq!(Origin::parse(origin), Err(Failure::Origin), "{origin}");
        }
        assert_eq!(
            Origin::parse(&format!("https://{}.jp", "a.".repeat(200))),
            Err(Failure::Origin)
        );
    }

    #[test]
    fn a_host_may_use_itself_and_its_registrable_suffixes() {
        assert_eq!(
            rp_id("https://example.jp", None).as_deref(),
            Ok("example.jp")
        );
        assert_eq!(
            rp_id("https://login.example.jp", None).as_deref(),
            Ok("login.example.jp")
        );
        assert_eq!(
            rp_id("https://login.example.jp", Some("example.jp")).as_deref(),
            Ok("example.jp")
        );
        assert_eq!(
            rp_id("https://login.example.jp", Some("EXAMPLE.jp")).as_deref(),
            Ok("example.jp")
        );
        assert_eq!(
            rp_id("https://a.city.kobe.jp", Some("city.kobe.jp")).as_deref(),
            Ok("city.kobe.jp")
        );
        assert_eq!(
            rp_id("http://localhost:8080", None).as_deref(),
            Ok("localhost")
        );
        assert_eq!(
            rp_id("http://localhost:8080", Some("localhost")).as_deref(),
            Ok("localhost")
        );
        assert_eq!(
            rp_id("http://app.localhost", Some("app.localhost")).as_deref(),
            Ok("app.localhost")
        );
    }

    #[test]
    fn a_host_may_not_use_others_or_public_suffixes() {
        for (origin, requested) in [
            ("https://example.jp", "example.com"),
            ("https://example.jp", "login.example.jp"),
            ("https://evil-example.jp", "example.jp"),
            ("https://example.jp", "jp"),
            ("https://example.co.jp", "co.jp"),
            ("https://someone.github.io", "github.io"),
            ("https://example.jp", ""),
            ("https://example.jp", "."),
            ("https://example.jp", "example.jp."),
            ("https://example.jp", ".example.jp"),
            ("https://example.jp", "https://example.jp"),
            ("https://example.jp", "example.jp:443"),
            ("https://xn--wgv71a119e.jp", "日本語.jp"),
            ("http://app.localhost", "localhost"),
            ("http://localhost", "app.localhost"),
            ("https://example.jp", "localhost"),
            ("https://a.192.0.2.1.example", "1"),
        ] {
            assert_eq!(
                rp_id(origin, Some(requested)),
                Err(Failure::RpId),
                "{origin} {requested}"
            );
        }
        assert_eq!(
            rp_id("https://co.jp", None),
            Err(Failure::RpId),
            "a public suffix has no RP ID"
        );
    }

    #[test]
    fn a_related_origin_is_the_browsers_word_but_a_public_suffix_is_not() {
        let origin = Origin::parse("https://example.com").unwrap();
        let related = RpId::for_origin(&origin, Some("example.jp"), true).unwrap();
        assert_eq!(
            (related.as_str(), related.is_related_origin()),
            ("example.jp", true)
        );
        for requested in ["co.jp", "localhost", "jp", ""] {
            assert_eq!(
                RpId::for_origin(&origin, Some(requested), true),
                Err(Failure::RpId)
            );
        }
        let own = RpId::for_origin(&origin, Some("example.com"), true).unwrap();
        assert!(
            !own.is_related_origin(),
            "the browser's flag cannot mark an own RP ID as related"
        );
    }

    proptest::proptest! {
        /// Whatever is asked for: what is granted without the browser's word is the host or ends it, at a dot.
        #[test]
        fn nothing_outside_the_host_is_granted(host in "[a-zA-Z0-9.-]{0,40}", requested in ".{0,40}") {
            if let Ok(origin) = Origin::parse(&format!("https://{host}"))
                && let Ok(rp_id) = RpId::for_origin(&origin, Some(&requested), false)
            {
                let suffix = format!(".{}", rp_id.as_str());
                assert!(origin.host() == rp_id.as_str() || origin.host().ends_with(&suffix));
                assert!(rp_id.as_str().contains('.'));
            }
        }

        #[test]
        fn any_text_is_parsed_or_refused(text in ".{0,400}") {
            if let Ok(origin) = Origin::parse(&text) {
                assert_eq!(origin.as_str(), text);
                let _ = RpId::for_origin(&origin, None, false);
            }
        }
    }
}
