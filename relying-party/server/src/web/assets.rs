//! The files pages need, in the program itself. Their addresses carry a hash, so that browsers may keep them.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::ceremony::sha256;

struct Asset {
    name: &'static str,
    kind: &'static str,
    body: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "site.css",
        kind: "text/css; charset=utf-8",
        body: include_str!("../../static/site.css"),
    },
    Asset {
        name: "ceremony.js",
        kind: "text/javascript; charset=utf-8",
        body: include_str!("../../static/ceremony.js"),
    },
    Asset {
        name: "icon.svg",
        kind: "image/svg+xml",
        body: include_str!("../../static/icon.svg"),
    },
];

/// A hash over all of them: the program changes them together.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: Vec<u8> = ASSETS.iter().flat_map(|asset| asset.body.bytes()).collect();
    let mut text = hex::encode(sha256(&all));
    text.truncate(16);
    text
});

/// The folder that assets are under today.
pub(super) fn folder() -> String {
    format!("/static/{}", *VERSION)
}

pub(super) async fn asset(Path((version, name)): Path<(String, String)>) -> Response {
    match ASSETS.iter().find(|asset| asset.name == name) {
        Some(asset) if version == *VERSION => (
            [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.body,
        )
            .into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
