//! One log line for every request: which route, which status, how long. Nothing about who.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};

use super::problem::Problem;

pub(super) async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    // The route as written here, not the address as sent: an address may have anything in it.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>();
    tracing::info!(
        method = %method,
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        problem = problem.map(|problem| problem.code()),
        shown_code = problem.map(|problem| problem.entry().shown_code()),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}
