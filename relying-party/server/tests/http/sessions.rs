//! Sessions: rotated, bounded, and nothing of them to steal from the database.

use serde_json::json;

use crate::{
    authenticator::{Ceremony, get},
    browser::Browser,
    ceremonies::{register, sign_in},
    world::{REQUIRED, World},
};

fn token(browser: &Browser) -> String {
    browser.cookies["session"].clone()
}

fn signed_in(browser: &mut Browser) -> bool {
    browser.get("/api/account").status == 200
}

#[test]
fn a_session_planted_before_sign_in_is_worth_nothing_afterwards() {
    let world = World::new();
    let mut attacker = world.browser();
    attacker.start_sign_in(None).ok();
    let planted = token(&attacker);

    let mut victim = world.browser();
    victim.cookies.clone_from(&attacker.cookies);
    register(&mut victim, "taro", "p01");
    assert_ne!(token(&victim), planted);
    assert!(signed_in(&mut victim));
    assert!(!signed_in(&mut attacker));
}

#[test]
fn each_sign_in_has_a_token_of_its_own_and_ends_the_one_before() {
    let world = World::new();
    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    let mut before = browser.clone();
    sign_in(&mut browser, &passkey);
    assert_ne!(token(&browser), token(&before));
    assert!(signed_in(&mut browser));
    assert!(!signed_in(&mut before));
}

#[test]
fn signing_out_ends_the_session_everywhere() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    let mut copy = browser.clone();
    let answer = browser.request("POST", "/sign-out", &[], b"");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    assert!(browser.cookies.is_empty());
    assert!(!signed_in(&mut copy));
}

#[test]
fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    let world = World::with(&format!(
        "[session]\nidle-minutes = 10\nlifetime-hours = 1\n{REQUIRED}"
    ));
    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    world.pass(9 * 60);
    assert!(signed_in(&mut browser));
    world.pass(9 * 60);
    assert!(signed_in(&mut browser), "use keeps it awake");
    world.pass(10 * 60);
    assert!(!signed_in(&mut browser), "idle");

    sign_in(&mut browser, &passkey);
    for _ in 0..6 {
        assert!(signed_in(&mut browser));
        world.pass(9 * 60);
    }
    assert!(signed_in(&mut browser), "54 minutes old");
    world.pass(6 * 60);
    assert!(!signed_in(&mut browser), "an hour old");
}

#[test]
fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let world = World::new();
    let answer = world.browser().start_sign_in(None);
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["session=", "; Path=/", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    assert!(!cookie.contains("Domain"));
}

#[test]
fn over_tls_the_cookie_is_pinned_to_the_host() {
    let world = World::with(&format!(
        "origin = \"https://id.example.jp\"\nrp-id = \"example.jp\"\n{REQUIRED}"
    ));
    let mut browser = world.browser();
    browser.origin = Some("https://id.example.jp".to_owned());
    let answer = browser.start_sign_in(None);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(cookie.contains("; Secure"));
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn tokens_are_not_in_the_database() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    let token = token(&browser);
    let raw = base64_decode(&token);
    assert_eq!(raw.len(), 32);
    let bytes = world.database_bytes();
    for secret in [token.as_bytes(), &raw] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

fn base64_decode(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .unwrap()
}

#[test]
fn strange_cookies_are_no_session_and_no_trouble() {
    let world = World::new();
    for value in ["", "x", "AAAA", &"A".repeat(43), &"A".repeat(5000), "%00"] {
        let mut browser = world.browser();
        browser
            .cookies
            .insert("session".to_owned(), value.to_owned());
        assert_eq!(browser.get("/api/account").refusal(), "not-signed-in");
        browser.get("/").ok();
    }
}

#[test]
fn a_sign_in_is_finished_only_by_the_browser_that_started_it() {
    let world = World::new();
    let passkey = register(&mut world.browser(), "taro", "p01");
    let mut attacker = world.browser();
    let options = attacker.start_sign_in(None).ok().json();
    let assertion = get(&options, &passkey, &Ceremony::default());
    // Login CSRF: the victim's browser cannot be signed in to an account with an assertion made elsewhere.
    let mut victim = world.browser();
    assert_eq!(
        victim.finish_sign_in(&assertion).refusal(),
        "challenge-unknown"
    );
    assert_eq!(victim.post("/api/sign-out", &json!({})).status, 204);
}
