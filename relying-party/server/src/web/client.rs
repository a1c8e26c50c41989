//! Which client a request is from, and how often that one may begin something.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};

use super::{language::Language, problem};
use crate::{config::ClientAddress, rates::Counted, service::Service};

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Counts a request that begins something, and refuses it when its client has begun too much.
pub(super) async fn limit(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let address = match service.config.limits.client_address {
        ClientAddress::Unknown => return next.run(request).await,
        ClientAddress::Peer => request.extensions().get::<Peer>().map(|peer| peer.0),
        ClientAddress::XForwardedFor => forwarded(request.headers()),
    };
    match service.count(Counted::Client(address)).await {
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

/// The last address: the one our own proxy added. Those before it are the client's word.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
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
}
