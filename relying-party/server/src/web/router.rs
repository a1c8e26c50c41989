//! Routes, and the layers around them.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse as _,
    routing::{get, post},
};
use tower_http::timeout::TimeoutLayer;

use super::{
    api, assets, client, cross_site, headers, health, language, language::Language, observe, pages,
    problem::Problem,
};
use crate::service::Service;

/// The whole service as a router.
pub fn router(service: Arc<Service>) -> Router {
    let limits = service.config.limits;
    let body_limit = usize::try_from(limits.body_bytes).unwrap_or(usize::MAX);
    let request_time = Duration::from_secs(limits.request_seconds.into());
    let limited = || from_fn_with_state(Arc::clone(&service), client::limit);
    let api = Router::new()
        .route(
            "/registration/start",
            post(api::start_registration).layer(limited()),
        )
        .route("/registration/finish", post(api::finish_registration))
        .route(
            "/authentication/start",
            post(api::start_authentication).layer(limited()),
        )
        .route("/authentication/finish", post(api::finish_authentication))
        .route("/account", get(api::show_account))
        .route("/link-codes", post(api::make_link_code).layer(limited()))
        .route("/sign-out", post(api::sign_out))
        .fallback(|Extension(language): Extension<Language>| async move {
            Problem::NotFound.in_language(language).into_response()
        })
        .method_not_allowed_fallback(|Extension(language): Extension<Language>| async move {
            Problem::MethodNotAllowed
                .in_language(language)
                .into_response()
        });
    Router::new()
        .route("/", get(pages::home))
        .route("/register", get(pages::register))
        .route("/sign-in", get(pages::sign_in))
        .route("/account", get(pages::account))
        .route(
            "/add-computer",
            get(pages::add_computer).post(pages::make_link_code),
        )
        .route("/link", get(pages::link))
        .route("/sign-out", post(pages::sign_out))
        .route("/static/{version}/{name}", get(assets::asset))
        .route("/healthz", get(health::healthz))
        .fallback(pages::not_found)
        .nest("/api", api)
        // The last layer added is the first a request meets.
        .layer(from_fn_with_state(Arc::clone(&service), cross_site::refuse))
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            request_time,
        ))
        .layer(from_fn(language::choose))
        .layer(from_fn_with_state(Arc::clone(&service), headers::add))
        .layer(from_fn(observe::log))
        .with_state(service)
}
