//! `GET /healthz`: whether this server can do its work.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::service::Service;

pub(super) async fn healthz(State(service): State<Arc<Service>>) -> Response {
    match service.store.check_health(service.clock.now()).await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the database is not healthy");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
                .into_response()
        }
    }
}
