//! Sessions: a random token in a cookie; the store knows only its hash.
//!
//! A session begins when a ceremony begins, and is replaced by a new one when somebody signs in or out: a token planted before
//! sign-in is worth nothing afterwards.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use webauthn_rs::prelude::Uuid;

use crate::{
    ceremony::{Refusal, sha256},
    config::Config,
    service::Service,
    store::{Session, StoreError, TokenHash},
};

/// A session's token, on its way into a cookie.
pub(super) struct Token(String);

impl Token {
    fn new() -> Result<(Self, TokenHash), Refusal> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| Refusal::Internal("random numbers"))?;
        Ok((Self(URL_SAFE_NO_PAD.encode(bytes)), sha256(&bytes)))
    }

    /// `Set-Cookie`. `__Host-` pins it to this host, path and TLS; localhost has no TLS.
    pub(super) fn cookie(&self, config: &Config) -> Option<HeaderValue> {
        set_cookie(config, &self.0, "")
    }
}

/// `Set-Cookie` that removes the session's cookie.
pub(super) fn removal(config: &Config) -> Option<HeaderValue> {
    set_cookie(config, "", "; Max-Age=0")
}

fn set_cookie(config: &Config, value: &str, rest: &str) -> Option<HeaderValue> {
    let secure = if config.is_https() { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{rest}",
        name(config)
    );
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

const fn name_for(https: bool) -> &'static str {
    if https { "__Host-session" } else { "session" }
}

fn name(config: &Config) -> &'static str {
    name_for(config.is_https())
}

/// The value of a cookie. If the browser sends the name twice, neither counts: one of them was planted.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    match (found.next(), found.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// The request's session, if its token is one.
pub(super) async fn current(
    service: &Service,
    headers: &HeaderMap,
) -> Result<Option<Session>, StoreError> {
    let Some(bytes) = cookie(headers, name(&service.config))
        .and_then(|value| URL_SAFE_NO_PAD.decode(value).ok())
        .filter(|bytes| bytes.len() == 32)
    else {
        return Ok(None);
    };
    let now = service.clock.now();
    service
        .store
        .session(&sha256(&bytes), now, service.idle_since(now))
        .await
}

/// The request's session, or a new one for nobody yet, with the token to set.
pub(super) async fn current_or_new(
    service: &Service,
    headers: &HeaderMap,
) -> Result<(Session, Option<Token>), Refusal> {
    if let Some(session) = current(service, headers).await? {
        return Ok((session, None));
    }
    let (token, token_hash) = create(service, None).await?;
    let session = Session {
        token_hash,
        person: None,
        credential: None,
        seen_at: service.clock.now(),
    };
    Ok((session, Some(token)))
}

/// Replaces `before` by a session that is signed in.
pub(super) async fn sign_in(
    service: &Arc<Service>,
    before: &Session,
    person: Uuid,
    credential: Uuid,
) -> Result<Token, Refusal> {
    service.store.end_session(&before.token_hash).await?;
    let (token, _) = create(service, Some((person, credential))).await?;
    Ok(token)
}

async fn create(
    service: &Service,
    signed_in: Option<(Uuid, Uuid)>,
) -> Result<(Token, TokenHash), Refusal> {
    let (token, hash) = Token::new()?;
    let now = service.clock.now();
    // Before sign-in a session is good for the ceremonies it starts, and no longer.
    let lifetime = match signed_in {
        Some(_) => i64::from(service.config.session.lifetime_hours) * 3600,
        None => i64::from(service.config.limits.challenge_seconds) * 4,
    };
    service
        .store
        .create_session(&hash, signed_in, now, now + lifetime)
        .await?;
    Ok((token, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, cookie.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers = headers(&["language=ja; session=abc", "other=1"]);
        assert_eq!(cookie(&headers, "session"), Some("abc"));
        assert_eq!(cookie(&headers, "sess"), None);
    }

    #[test]
    fn a_cookie_that_comes_twice_does_not_count() {
        assert_eq!(cookie(&headers(&["session=a; session=b"]), "session"), None);
        assert_eq!(
            cookie(&headers(&["session=a", "session=b"]), "session"),
            None
        );
    }
}
