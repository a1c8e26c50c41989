//! Accounts: nobody takes over somebody else's, and a certificate has one person.

use serde_json::json;

use crate::{
    authenticator::{Attest, Ceremony, create},
    ceremonies::{made, register, sign_in},
    world::{World, person},
};

#[test]
fn a_taken_name_is_refused_however_it_is_written() {
    let world = World::new();
    register(&mut world.browser(), "Taro", "p01");
    for name in ["Taro", "taro", " TARO ", "Ｔａｒｏ"] {
        assert_eq!(
            world.browser().start_registration(name).refusal(),
            "account-name-taken"
        );
    }
    // In Japanese too, with what to do.
    let mut browser = world.browser();
    browser.language = "ja-JP";
    let answer = browser.start_registration("taro").json();
    assert!(
        answer["error"]["action"]
            .as_str()
            .unwrap()
            .contains("サインイン")
    );
}

#[test]
fn of_two_people_who_want_one_name_the_first_to_finish_has_it() {
    let world = World::new();
    let (mut first, mut second) = (world.browser(), world.browser());
    let taro = made(&mut first, "taro", &Attest::Eid(person("p01")));
    let jiro = made(&mut second, "Taro", &Attest::Eid(person("p02")));
    second.finish_registration(&jiro.json()).ok();
    assert_eq!(
        first.finish_registration(&taro.json()).refusal(),
        "account-name-taken"
    );
    // The card of the one who came too late is free.
    register(&mut first, "saburo", "p01");
    let account = second.get("/api/account").ok().json();
    assert_eq!(account["credentials"].as_array().unwrap().len(), 1);
}

#[test]
fn names_that_cannot_be_are_refused() {
    let world = World::new();
    for (name, code) in [
        ("", "account-name-empty"),
        ("  ", "account-name-empty"),
        ("a\u{202e}b", "account-name-characters"),
        (&"x".repeat(65), "account-name-too-long"),
    ] {
        assert_eq!(world.browser().start_registration(name).refusal(), code);
    }
    let nothing = world.browser().post("/api/registration/start", &json!({}));
    assert_eq!(nothing.refusal(), "account-name-empty");
}

#[test]
fn a_name_is_text_wherever_it_is_shown() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "<script>alert(1)</script>&\"'", "p01");
    for path in ["/", "/register", "/account"] {
        let page = browser.get(path).ok().body;
        assert!(!page.contains("<script>alert"), "{path}");
        assert!(page.contains("&#60;script&#62;alert(1)"), "{path}");
    }
}

#[test]
fn a_card_that_is_registered_cannot_open_a_second_account() {
    let world = World::new();
    let passkey = register(&mut world.browser(), "taro", "p01");
    let mut browser = world.browser();
    let made = made(&mut browser, "jiro", &Attest::Eid(person("p01")));
    let answer = browser.finish_registration(&made.json());
    assert_eq!(answer.status, 409);
    assert_eq!(answer.refusal(), "certificate-already-registered");
    assert!(
        answer.json()["error"]["action"]
            .as_str()
            .unwrap()
            .contains("“Add another computer”")
    );
    assert_eq!(browser.get("/api/account").refusal(), "not-signed-in");
    // The name is still free, and the first account is what it was.
    register(&mut world.browser(), "jiro", "p02");
    let mut browser = world.browser();
    sign_in(&mut browser, &passkey);
    assert_eq!(
        browser.get("/api/account").ok().json()["account_name"],
        "taro"
    );
}

#[test]
fn whoever_is_signed_in_adds_credentials_to_their_own_account() {
    let world = World::new();
    let mut browser = world.browser();
    let first = register(&mut browser, "taro", "p01");

    let options = browser.start_registration("taro").ok().json();
    let excluded = options["publicKey"]["excludeCredentials"]
        .as_array()
        .unwrap();
    assert_eq!(excluded.len(), 1);
    assert_eq!(excluded[0]["transports"], json!(["internal", "usb"]));
    let second = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    assert_eq!(second.passkey.user_handle, first.user_handle);
    browser.finish_registration(&second.json()).ok();

    // Without a name, the account is the one that is signed in.
    let options = browser
        .post("/api/registration/start", &json!({}))
        .ok()
        .json();
    assert_eq!(options["publicKey"]["user"]["name"], "taro");

    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["credentials"].as_array().unwrap().len(), 2);
    for passkey in [first, second.passkey] {
        let mut browser = world.browser();
        sign_in(&mut browser, &passkey);
        assert_eq!(
            browser.get("/api/account").ok().json()["account_name"],
            "taro"
        );
    }
}

#[test]
fn a_card_of_somebody_elses_account_is_not_added_to_mine() {
    let world = World::new();
    register(&mut world.browser(), "jiro", "p02");
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    let made = made(&mut browser, "taro", &Attest::Eid(person("p02")));
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "certificate-already-registered"
    );
}

#[test]
fn a_new_account_is_opened_only_after_signing_out() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    assert_eq!(
        browser.start_registration("jiro").refusal(),
        "signed-in-as-other"
    );
}

#[test]
fn a_registration_begun_while_signed_in_is_void_after_signing_out() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "taro", "p01");
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    let mut thief = browser.clone();
    browser.post("/api/sign-out", &json!({})).ok();
    assert_eq!(
        thief.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );
}

#[test]
fn the_database_tells_nobody_which_card_is_whose() {
    let world = World::new();
    register(&mut world.browser(), "taro", "p01");
    let certificate = &person("p01").certificate;
    let bytes = world.database_bytes();
    // The serial number, the whole certificate or any long part of it, the distribution point's municipality.
    let tbs = &certificate[12..60];
    assert!(!contains(&bytes, tbs));
    assert!(!contains(&bytes, b"Renshu"));
    let serial = &certificate[15..15 + usize::from(certificate[14])];
    assert!(serial.len() >= 3);
    assert!(!contains(&bytes, serial));
    assert!(!contains(&bytes, hex(serial).as_bytes()));
    assert!(contains(&bytes, b"taro"), "the right file was searched");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
