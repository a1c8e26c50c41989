//! English or Japanese: as chosen on the page, else as the browser prefers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::texts::{self, Texts};

/// A language people can read this service in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Language {
    /// English, also where nothing is known.
    #[default]
    English,
    /// Japanese.
    Japanese,
}

const COOKIE: &str = "language";
const YEAR: u32 = 31_536_000;

impl Language {
    /// BCP 47.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    pub(super) const fn texts(self) -> &'static Texts {
        match self {
            Self::English => &texts::EN,
            Self::Japanese => &texts::JA,
        }
    }

    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ja") {
            Some(Self::Japanese)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The best of an `Accept-Language` header (RFC 9110 §12.5.4).
    fn preferred(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for item in header.split(',').take(32) {
            let mut parts = item.split(';');
            let Some(language) = parts.next().and_then(Self::from_tag) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            // The first of equals wins.
            if weight > best.map_or(0.0, |(_, other)| other) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }

    fn of(headers: &HeaderMap) -> Self {
        super::session::cookie(headers, COOKIE)
            .and_then(Self::from_tag)
            .or_else(|| Self::preferred(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?))
            .unwrap_or_default()
    }
}

/// Decides the language of a request; `?lang=` in a page's address changes it and is remembered.
pub(super) async fn choose(mut request: Request, next: Next) -> Response {
    let chosen = request
        .uri()
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Language::from_tag);
    let language = chosen.unwrap_or_else(|| Language::of(request.headers()));
    request.extensions_mut().insert(language);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(
        header::VARY,
        HeaderValue::from_static("accept-language, cookie"),
    );
    if let Some(language) = chosen {
        let cookie = format!(
            "{COOKIE}={}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly",
            language.tag()
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_readable_wish_counts() {
        for (header, expected) in [
            ("ja", Some(Language::Japanese)),
            ("ja-JP,ja;q=0.9,en;q=0.8", Some(Language::Japanese)),
            ("en-GB, ja;q=0.9", Some(Language::English)),
            ("de, fr;q=0.9, ja;q=0.2", Some(Language::Japanese)),
            ("en;q=0.1, ja;q=0.5", Some(Language::Japanese)),
            ("ja;q=0", None),
            ("jam, english", None),
            ("*", None),
            ("", None),
            (";;q=,,", None),
        ] {
            assert_eq!(Language::preferred(header), expected, "{header}");
        }
    }
}
