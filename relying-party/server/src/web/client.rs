//! Which client a request is from, and how often that one may begin something.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap},
    middleware::Next,
    response::Response,
};

use super::{language::Language, problem};
use crate::{ceremony::Refusal, config::ClientAddress, rates::Counted, service::Service};

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Counts a request that begins something, and refuses it when its client has begun too much.
pub(super) async fn limit(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    match count(&service, request.headers(), request.extensions()).await {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            let language = request
                .extensions()
                .get::<Language>()
                .copied()
                .unwrap_or_default();
            problem::refused(&refusal, "start", language)
        }
    }
}

/// Counts one more beginning by a request's client.
pub(super) async fn count(
    service: &Service,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> Result<(), Refusal> {
    let address = match service.config.limits.client_address {
        ClientAddress::Unknown => return Ok(()),
        ClientAddress::Peer => extensions.get::<Peer>().map(|peer| peer.0),
        ClientAddress::XForwardedFor => forwarded(headers),
    };
    if address.is_none() {
        tracing::warn!("no address of the client: such requests count as one client's");
    }
    service.count(Counted::Client(address)).await
}

/// The last address: the one our own proxy added. Those before it are the client's word.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?.trim();
    // Some proxies write the client's port, too.
    let with_port = || Some(last.parse::<SocketAddr>().ok()?.ip());
    last.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_claims_does_not_count() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers), None);
        headers.append("x-forwarded-for", "192.0.2.9".parse().unwrap());
        headers.append("x-forwarded-for", "192.0.2.8, 192.0.2.1".parse().unwrap());
        assert_eq!(forwarded(&headers), Some("192.0.2.1".parse().unwrap()));
        headers.append("x-forwarded-for", "unknown".parse().unwrap());
        assert_eq!(forwarded(&headers), None);
    }

    /// All clients of such a proxy would be one, and be limited together.
    #[test]
    fn an_address_may_come_with_its_port() {
        for (sent, address) in [
            ("192.0.2.8:1, 192.0.2.1:50000", "192.0.2.1"),
            ("[2001:db8::1]:50000", "2001:db8::1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("x-forwarded-for", sent.parse().unwrap());
            assert_eq!(forwarded(&headers), Some(address.parse().unwrap()));
        }
    }
}
