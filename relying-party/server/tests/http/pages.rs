//! Pages: languages, headers, limits, health.

use serde_json::json;

use crate::{
    ceremonies::register,
    world::{OPEN, World},
};

const PAGES: [&str; 6] = [
    "/",
    "/register",
    "/sign-in",
    "/account",
    "/link",
    "/add-computer",
];

#[test]
fn every_page_is_in_the_readers_language() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    let mut visitor = world.browser();
    for (language, tag, words) in [
        ("en-GB,en;q=0.9", "en", "Skip to the content"),
        ("ja,en;q=0.5", "ja", "本文へ移動"),
        ("de", "en", "Skip to the content"),
    ] {
        browser.language = language;
        visitor.language = language;
        for path in PAGES.iter().chain(&["/nowhere"]) {
            for browser in [&mut browser, &mut visitor] {
                let answer = browser.get(path);
                if answer.status == 303 {
                    continue;
                }
                assert!(answer.body.contains(&format!("<html lang=\"{tag}\">")));
                assert!(answer.body.contains(words), "{path} in {language}");
                assert_eq!(answer.header("content-language"), Some(tag));
            }
        }
    }
}

#[test]
fn a_language_chosen_on_the_page_is_remembered() {
    let world = World::new();
    let mut browser = world.browser();
    browser.get("/sign-in?lang=ja").ok();
    assert!(browser.get("/").ok().body.contains("<html lang=\"ja\">"));
    let answer = browser.start_registration("");
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("アカウント名")
    );
    browser.get("/?lang=en").ok();
    assert!(browser.get("/").ok().body.contains("<html lang=\"en\">"));
}

#[test]
fn pages_have_no_inline_script_or_style_and_forbid_them() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    let mut visitor = world.browser();
    for path in PAGES.iter().chain(&["/nowhere"]) {
        for browser in [&mut browser, &mut visitor] {
            let answer = browser.get(path);
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
            assert!(policy.contains("frame-ancestors 'none'"));
            assert!(!policy.contains("unsafe"));
            for inline in [
                "<style",
                " style=",
                " onclick=",
                " onsubmit=",
                "javascript:",
            ] {
                assert!(!answer.body.contains(inline), "{inline} in {path}");
            }
            for script in answer.body.split("<script").skip(1) {
                assert!(script.starts_with(" type=\"module\" src=\"/static/"));
            }
        }
    }
}

#[test]
fn every_answer_has_the_protecting_headers_and_only_assets_are_kept() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.get("/sign-in").ok();
    let asset = page
        .body
        .split('"')
        .find(|part| part.ends_with("site.css"))
        .unwrap()
        .to_owned();
    for path in ["/", "/api/account", "/nowhere", "/healthz", &asset] {
        let answer = browser.get(path);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {path}");
        }
        let kept = answer.header("cache-control").unwrap();
        assert_eq!(kept.contains("immutable"), path == asset, "{path}");
        assert_eq!(kept == "no-store", path != asset, "{path}");
    }
    let folder = asset.rsplit_once('/').unwrap().0;
    for name in ["ceremony.js", "icon.svg"] {
        browser.get(&format!("{folder}/{name}")).ok();
    }
    assert_eq!(browser.get("/static/0000000000000000/site.css").status, 404);
    assert_eq!(
        browser.get(&format!("{folder}/..%2fconfig.toml")).status,
        404
    );
}

#[test]
fn practice_is_marked_on_every_page_and_only_practice() {
    let practice = World::new();
    let production = World::with_files("[attestation]\naccept-unchecked = true\n", &[]);
    for path in ["/", "/register", "/sign-in", "/nowhere"] {
        assert!(practice.browser().get(path).body.contains("practice-band"));
        assert!(
            !production
                .browser()
                .get(path)
                .body
                .contains("practice-band")
        );
    }
}

#[test]
fn pages_lead_where_the_person_stands() {
    let world = World::new();
    let mut browser = world.browser();
    let account = browser.get("/account");
    assert_eq!(
        (account.status, account.header("location")),
        (303, Some("/sign-in"))
    );
    register(&mut browser, "taro", "p01");
    let sign_in = browser.get("/sign-in");
    assert_eq!(
        (sign_in.status, sign_in.header("location")),
        (303, Some("/account"))
    );
    assert!(
        browser
            .get("/register")
            .ok()
            .body
            .contains("Add a credential")
    );
}

#[test]
fn the_register_page_says_whether_the_certificate_is_needed() {
    let required = World::new().browser().get("/register").ok().body;
    assert!(required.contains("switch on “Show my certificate”"));
    let optional = World::with(OPEN).browser().get("/register").ok().body;
    assert!(optional.contains("lets you show"));
}

#[test]
fn requests_have_a_largest_size() {
    let world = World::new();
    let mut browser = world.browser();
    let answer = browser.post(
        "/api/registration/start",
        &json!({ "account_name": "x".repeat(70_000) }),
    );
    assert_eq!(answer.status, 413);
    assert_eq!(answer.refusal(), "too-large");
}

#[test]
fn whoever_sends_too_slowly_is_hung_up_on_and_makes_room_for_others() {
    let world = World::with_files("limits = { request-seconds = 1, connections = 1 }\n", &[]);
    let mut browser = world.browser();
    for half in [
        "GET / HTTP/1.1\r\nhost: loc",
        "POST /api/authentication/start HTTP/1.1\r\nhost: localhost\r\norigin: http://localhost:8080\r\n\
         connection: close\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    ] {
        assert!(!browser.raw(half.as_bytes()).contains(" 200 "));
        browser.get("/healthz").ok();
    }
}

#[test]
fn addresses_and_methods_that_are_not_there_are_told_so() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.get("/api/nowhere").refusal(), "not-found");
    assert_eq!(
        browser.post("/api/account", &json!({})).refusal(),
        "method-not-allowed"
    );
    assert_eq!(browser.get("/nowhere").status, 404);
}

#[test]
fn unknown_members_are_refused() {
    let world = World::new();
    let answer = world.browser().post(
        "/api/registration/start",
        &json!({ "account_name": "taro", "admin": true }),
    );
    assert_eq!(answer.refusal(), "malformed");
}

#[test]
fn health_is_the_databases_health() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.get("/healthz").ok().body, "ok\n");
    world.statement("ALTER TABLE installation RENAME TO gone");
    assert_eq!(browser.get("/healthz").status, 503);
    // And what needs the database says that it is our side, in the reader's language.
    world.statement("ALTER TABLE challenges RENAME TO gone_too");
    browser.language = "ja";
    assert_eq!(
        browser.start_sign_in(None).refusal_and_shown_code(),
        ("internal".to_owned(), "JPKI-service-internal".to_owned())
    );
}

/// Whoever has only the page in another language can search for the code, and quote it.
#[test]
fn a_page_that_cannot_be_shown_says_why_with_a_code() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    world.statement("ALTER TABLE credentials RENAME TO gone");
    for (language, words, label) in [
        ("en", "Something went wrong on our side.", "Error code:"),
        ("ja", "サービス側で問題が起きました。", "エラーコード:"),
    ] {
        browser.language = language;
        let trouble = browser.get("/account");
        assert_eq!(trouble.status, 500);
        assert!(trouble.body.contains(words), "{}", trouble.body);
        let code = format!("{label} <code translate=\"no\">JPKI-service-internal</code>");
        assert!(trouble.body.contains(&code), "{}", trouble.body);
    }
}

#[test]
fn a_page_that_is_not_there_says_so_with_a_code() {
    let page = World::new().browser().get("/nowhere");
    assert_eq!(page.status, 404);
    assert!(page.body.contains(">JPKI-not-found</code>"));
}

/// The script has no words of its own: whatever it may have to say comes with the page.
#[test]
fn what_the_script_may_have_to_say_comes_with_the_page_and_what_is_said_without_one_too() {
    let world = World::new();
    let script = include_str!("../../static/ceremony.js");
    for (path, language) in [("/register", "en"), ("/sign-in", "ja"), ("/link", "ja")] {
        let mut browser = world.browser();
        browser.language = language;
        let page = browser.get(path).ok().body;
        let (_, without) = page.split_once("<noscript>").unwrap();
        let (without, _) = without.split_once("</noscript>").unwrap();
        assert!(without.contains(">JPKI-no-script</code>"), "{without}");
        let said = script.split("Told.here(").skip(1);
        let said = said.filter_map(|call| call.split_once(')'));
        let codes: Vec<&str> = said
            .flat_map(|(argument, _)| argument.split('"').skip(1).step_by(2))
            .filter(|word| *word != "authentication")
            .collect();
        assert!(codes.len() > 7, "{codes:?}");
        for code in codes {
            assert!(page.contains(&format!(" data-{code}=\"")), "{code}");
            assert!(page.contains(&format!(" data-{code}-do=\"")), "{code}");
            assert!(page.contains(&format!(" data-{code}-code=\"JPKI-{code}\"")));
        }
    }
}

/// It was open, and every registration then failed.
#[test]
fn registration_closes_when_every_ca_is_out_of_its_dates() {
    let world = World::new();
    world.browser().start_registration("taro").ok();
    world.pass(20 * 365 * 86_400);
    let mut browser = world.browser();
    assert_eq!(
        browser.start_registration("taro").refusal(),
        "no-current-issuer"
    );
    for path in ["/register", "/link"] {
        let page = browser.get(path).ok().body;
        assert!(page.contains("data-code=\"no-current-issuer\""), "{path}");
        assert!(page.contains(">JPKI-no-current-issuer</code>"), "{path}");
        assert!(!page.contains("<form id=\"ceremony\""), "{path}");
    }
}

#[test]
fn the_operators_help_page_is_linked_from_every_page_and_from_where_people_are_stuck() {
    let without = World::new();
    let with = World::with_files("help-url = \"https://example.jp/help?a=1&b=2\"\n", &[]);
    for path in ["/", "/register", "/sign-in", "/link", "/nowhere"] {
        let page = with.browser().get(path).body;
        assert!(page.contains("<a href=\"https://example.jp/help?a=1&#38;b=2\""));
        assert!(!without.browser().get(path).body.contains("example.jp/help"));
    }
    assert!(
        with.browser()
            .get("/sign-in")
            .body
            .contains("data-help-url=")
    );
}
