//! Requests that change something come from our own pages only.
//!
//! Browsers say where a request comes from in `Origin` (on every POST) and `Sec-Fetch-Site`; pages cannot forge either. A request
//! with another origin, or with neither header, is refused. The session cookie's `SameSite=Lax` is a second fence, and JSON
//! endpoints take only `application/json`, which no form can send.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{language::Language, problem::Problem};
use crate::service::Service;

pub(super) async fn refuse(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let origin = service.config.origin.origin().ascii_serialization();
    if safe || is_ours(request.headers(), &origin) {
        return next.run(request).await;
    }
    let language = request
        .extensions()
        .get::<Language>()
        .copied()
        .unwrap_or_default();
    Problem::CrossSite.in_language(language).into_response()
}

fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(sent), None) => sent.as_bytes() == origin.as_bytes(),
        (None, None) => headers
            .get("sec-fetch-site")
            .is_some_and(|site| site.as_bytes() == b"same-origin"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(list: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(*name, value.parse().unwrap());
        }
        is_ours(&headers, "https://id.example.jp")
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        assert!(judged(&[("origin", "https://id.example.jp")]));
        assert!(judged(&[("sec-fetch-site", "same-origin")]));
        for strange in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://id.example.jp")],
            &[("origin", "https://id.example.jp:444")],
            &[("origin", "https://id.example.jp.evil.example")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "none")],
            &[
                ("origin", "https://evil.example"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[
                ("origin", "https://id.example.jp"),
                ("origin", "https://evil.example"),
            ],
        ] {
            assert!(!judged(strange), "{strange:?}");
        }
    }
}
