//! Requests from other sites change nothing.

use serde_json::json;

use crate::{ceremonies::register, world::World};

const UNSAFE: [&str; 6] = [
    "/api/registration/start",
    "/api/registration/finish",
    "/api/authentication/start",
    "/api/authentication/finish",
    "/api/sign-out",
    "/sign-out",
];

#[test]
fn every_endpoint_that_changes_something_refuses_other_sites() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    for origin in [
        Some("https://evil.example"),
        Some("null"),
        Some("http://localhost:8081"),
        None,
    ] {
        let mut other = browser.clone();
        other.origin = origin.map(str::to_owned);
        for path in UNSAFE {
            let answer = other.post(path, &json!({}));
            assert_eq!(answer.status, 403, "{path} from {origin:?}");
            assert_eq!(answer.refusal(), "cross-site");
        }
    }
    assert_eq!(browser.get("/api/account").status, 200, "still signed in");
}

#[test]
fn a_browser_that_only_says_same_origin_is_believed() {
    let world = World::new();
    let mut browser = world.browser();
    browser.origin = None;
    let start = |browser: &mut crate::browser::Browser, site| {
        browser
            .request(
                "POST",
                "/api/authentication/start",
                &[
                    ("content-type", "application/json"),
                    ("sec-fetch-site", site),
                ],
                b"{}",
            )
            .status
    };
    assert_eq!(start(&mut browser, "same-origin"), 200);
    assert_eq!(start(&mut browser, "same-site"), 403);
    assert_eq!(start(&mut browser, "cross-site"), 403);
}

#[test]
fn what_a_form_can_send_is_not_taken_for_json() {
    let world = World::new();
    let mut browser = world.browser();
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data",
    ] {
        let answer = browser.request(
            "POST",
            "/api/authentication/start",
            &[("content-type", kind)],
            b"{}",
        );
        assert_eq!(answer.refusal(), "not-json");
    }
}

#[test]
fn reading_changes_nothing() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    for path in UNSAFE {
        assert_eq!(browser.get(path).status, 405, "{path}");
    }
    assert_eq!(browser.get("/api/account").status, 200, "still signed in");
}

#[test]
fn no_other_origin_may_read_answers() {
    let world = World::new();
    let mut browser = world.browser();
    let answer = browser.request(
        "OPTIONS",
        "/api/account",
        &[
            ("origin", "https://evil.example"),
            ("access-control-request-method", "GET"),
        ],
        b"",
    );
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
