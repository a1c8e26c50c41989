//! Rates: per client and per account name, the same at every replica, and nothing of either kept.

use serde_json::json;

use crate::{
    browser::{Browser, Response},
    ceremonies::register,
    world::{REQUIRED, World},
};

fn world(limits: &str) -> World {
    World::with(&format!("[limits]\n{limits}\n{REQUIRED}"))
}

fn from(browser: &mut Browser, path: &str, address: &str) -> Response {
    let headers = [
        ("content-type", "application/json"),
        ("x-forwarded-for", address),
    ];
    browser.request("POST", path, &headers, b"{}")
}

#[test]
fn sign_in_under_one_name_begins_so_often_and_no_more_whether_there_is_an_account() {
    let world = world("account-starts = 3");
    let replica = world.replica();
    register(&mut world.browser(), "taro", "p01");
    for name in ["taro", "nobody"] {
        for browser in [&mut world.browser(), &mut replica.browser()] {
            browser.start_sign_in(Some(name)).ok();
        }
        world.browser().start_sign_in(Some(name)).ok();
        let refused = replica.browser().start_sign_in(Some(name));
        assert_eq!(
            (refused.status, refused.refusal()),
            (429, "too-many".to_owned())
        );
        assert_eq!(refused.header("retry-after"), Some("60"));
    }
    // Under another name, and without one, it goes on.
    world.browser().start_sign_in(Some("hanako")).ok();
    world.browser().start_sign_in(None).ok();
    world.pass(60);
    world.browser().start_sign_in(Some("taro")).ok();
}

#[test]
fn a_client_begins_so_often_and_no_more_and_others_are_not_in_its_way() {
    let world = world("client-address = \"x-forwarded-for\"\nclient-starts = 2");
    let start = "/api/registration/start";
    for _ in 0..2 {
        // Refused for want of a name, and counted: a wrong link code counts just so.
        assert_eq!(
            from(&mut world.browser(), start, "192.0.2.1").refusal(),
            "account-name-empty"
        );
    }
    for path in [start, "/api/authentication/start", "/api/link-codes"] {
        let mut browser = world.browser();
        assert_eq!(from(&mut browser, path, "192.0.2.1").status, 429);
        // What the client itself says of its address does not count.
        assert_eq!(
            from(&mut browser, path, "198.51.100.7, 192.0.2.1").status,
            429
        );
    }
    from(
        &mut world.browser(),
        "/api/authentication/start",
        "192.0.2.2",
    )
    .ok();
    world.pass(60);
    from(
        &mut world.browser(),
        "/api/authentication/start",
        "192.0.2.1",
    )
    .ok();
}

/// The form and the endpoint make the same codes.
#[test]
fn codes_made_with_the_pages_form_count_too() {
    let world = world("client-address = \"peer\"\nclient-starts = 2");
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    browser.request("POST", "/add-computer", &[], b"").ok();
    let refused = browser.request("POST", "/add-computer", &[], b"");
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("Wait a minute"), "{}", refused.body);
    assert!(refused.body.contains(">JPKI-too-many</code>"));
}

#[test]
fn the_other_end_of_the_connection_is_the_client_where_there_is_no_proxy() {
    let world = world("client-address = \"peer\"\nclient-starts = 2");
    for _ in 0..2 {
        world.browser().start_sign_in(None).ok();
    }
    assert_eq!(world.browser().start_sign_in(None).refusal(), "too-many");
    // Finishing what was begun, and reading, is not counted.
    world.browser().get("/sign-in").ok();
}

#[test]
fn where_nobody_says_who_the_client_is_nobody_is_counted() {
    let world = world("client-starts = 1");
    for _ in 0..3 {
        world.browser().start_sign_in(None).ok();
    }
}

#[test]
fn neither_names_nor_addresses_are_kept_and_counts_are_swept_away() {
    let world = world("client-address = \"x-forwarded-for\"");
    let body = json!({ "account_name": "hanako-taro" }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("x-forwarded-for", "192.0.2.77"),
    ];
    world
        .browser()
        .request(
            "POST",
            "/api/authentication/start",
            &headers,
            body.as_bytes(),
        )
        .ok();
    let bytes = world.database_bytes();
    for secret in [&b"hanako-taro"[..], b"192.0.2.77", &[192, 0, 2, 77]] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
    world.pass(60);
    assert_eq!(world.sweep(), 2);
}
