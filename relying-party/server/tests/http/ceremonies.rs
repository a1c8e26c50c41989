//! What the service is for: registering with a card and signing in.

use serde_json::{Value, json};

use crate::{
    authenticator::{Attest, Ceremony, Made, Passkey, create, get},
    browser::Browser,
    world::{OPEN, World, person},
};

/// Registers `person`'s card under `account_name`.
pub(crate) fn register(browser: &mut Browser, account_name: &str, card: &str) -> Passkey {
    let options = browser.start_registration(account_name).ok().json();
    let made = create(&options, &Attest::Eid(person(card)), &Ceremony::default());
    browser.finish_registration(&made.json()).ok();
    made.passkey
}

pub(crate) fn sign_in(browser: &mut Browser, passkey: &Passkey) {
    let options = browser.start_sign_in(None).ok().json();
    let assertion = get(&options, passkey, &Ceremony::default());
    browser.finish_sign_in(&assertion).ok();
}

/// Starts a registration and makes the credential, for a test to alter.
pub(crate) fn made(browser: &mut Browser, account_name: &str, attest: &Attest<'_>) -> Made {
    let options = browser.start_registration(account_name).ok().json();
    create(&options, attest, &Ceremony::default())
}

#[test]
fn a_person_registers_signs_out_and_signs_in_again() {
    let world = World::new();
    let mut browser = world.browser();
    let passkey = register(&mut browser, "Taro", "p01");

    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["account_name"], "Taro");
    let credential = &account["credentials"][0];
    assert_eq!(credential["kind"], "eid-card");
    assert_eq!(credential["current"], true);
    assert_eq!(credential["last_used_at"], Value::Null);
    let by = &credential["vouched_by"];
    assert_eq!(by["profile"], "lab");
    assert_eq!(by["class"], "practice");
    assert_eq!(by["generation"], "generation-3");
    assert_eq!(by["revocation"], "not-checked");

    browser.post("/api/sign-out", &json!({})).ok();
    assert_eq!(browser.get("/api/account").refusal(), "not-signed-in");

    world.pass(3600);
    sign_in(&mut browser, &passkey);
    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["account_name"], "Taro");
    let used = account["credentials"][0]["last_used_at"].as_i64().unwrap();
    assert_eq!(used - account["created_at"].as_i64().unwrap(), 3600);
}

#[test]
fn the_account_page_says_who_vouched_and_that_revocation_was_not_checked() {
    let world = World::new();
    let mut browser = world.browser();
    register(&mut browser, "Taro", "p02");
    let page = browser.get("/account").ok().body;
    for words in [
        "Practice card (JPKI-LAB)",
        "generation-2",
        "A practice certificate. It proves nothing about anybody.",
        "Not checked.",
        "id=\"account-name-shown\">Taro<",
    ] {
        assert!(page.contains(words), "{words} is missing");
    }
    browser.language = "ja";
    let page = browser.get("/account").ok().body;
    for words in ["練習用カード", "だれの身元も証明しません", "未確認。"] {
        assert!(page.contains(words), "{words} is missing");
    }
}

#[test]
fn the_options_ask_for_what_the_service_needs() {
    let world = World::new();
    let mut browser = world.browser();
    let options = browser.start_registration("taro").ok().json();
    let options = &options["publicKey"];
    assert_eq!(options["attestation"], "enterprise");
    assert_eq!(options["attestationFormats"], json!(["eid-x509"]));
    assert_eq!(
        options["authenticatorSelection"],
        json!({ "residentKey": "preferred", "requireResidentKey": false, "userVerification": "required" })
    );
    let algorithms: Vec<_> = options["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(algorithms, [-7, -257]);
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], "taro");
    assert_eq!(options["timeout"], 300_000);

    let options = browser.start_sign_in(None).ok().json();
    assert_eq!(options["publicKey"]["userVerification"], "required");
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(options.get("mediation"), None);
}

#[test]
fn a_ceremony_survives_a_restart_between_start_and_finish() {
    let mut world = World::new();
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    world.restart();
    let mut after = world.browser();
    after.cookies = browser.cookies;
    after.finish_registration(&made.json()).ok();

    let options = after.start_sign_in(None).ok().json();
    world.restart();
    let mut later = world.browser();
    later.cookies = after.cookies;
    let assertion = get(&options, &made.passkey, &Ceremony::default());
    later.finish_sign_in(&assertion).ok();
    let account = later.get("/api/account").ok().json();
    assert_eq!(account["account_name"], "taro");
}

#[test]
fn a_ceremony_started_at_one_replica_is_finished_at_another() {
    let world = World::new();
    let replica = world.replica();
    let mut here = world.browser();
    let made = made(&mut here, "taro", &Attest::Eid(person("p01")));
    let mut there = replica.browser();
    there.cookies.clone_from(&here.cookies);
    there.finish_registration(&made.json()).ok();
    here.cookies.clone_from(&there.cookies);
    assert_eq!(here.get("/api/account").ok().json()["account_name"], "taro");
}

#[test]
fn every_valid_generation_of_the_ca_vouches_under_its_own_name() {
    let world = World::new();
    for (card, generation) in [("p01", "generation-3"), ("p02", "generation-2")] {
        let mut browser = world.browser();
        register(&mut browser, card, card);
        let account = browser.get("/api/account").ok().json();
        assert_eq!(
            account["credentials"][0]["vouched_by"]["generation"],
            generation
        );
    }
}

#[test]
fn where_no_attestation_is_required_any_passkey_registers_and_nobody_vouches() {
    let world = World::with(OPEN);
    for (name, attest) in [("none", Attest::None), ("packed", Attest::PackedSelf)] {
        let mut browser = world.browser();
        let made = made(&mut browser, name, &attest);
        browser.finish_registration(&made.json()).ok();
        let account = browser.get("/api/account").ok().json();
        assert_eq!(account["credentials"][0]["kind"], "passkey");
        assert_eq!(account["credentials"][0]["vouched_by"], Value::Null);
        let page = browser.get("/account").ok().body;
        assert!(page.contains("not who you are"));
        browser.post("/api/sign-out", &json!({})).ok();
        sign_in(&mut browser, &made.passkey);
    }
    // With the card it is vouched for here too, and a forged certificate is not quietly taken for an ordinary passkey.
    let mut browser = world.browser();
    register(&mut browser, "card", "p01");
    let mut forged = made(&mut world.browser(), "forged", &Attest::Eid(person("p02")));
    forged.sig[0] ^= 1;
    let mut browser = world.browser();
    let mut again = made_for(&mut browser, "forged");
    again.sig[0] ^= 1;
    assert_eq!(
        browser.finish_registration(&again.json()).refusal(),
        "statement-signature"
    );
}

fn made_for(browser: &mut Browser, name: &str) -> Made {
    made(browser, name, &Attest::Eid(person("p02")))
}

#[test]
fn an_expired_certificate_is_said_to_be_and_sign_in_goes_on() {
    let world = World::new();
    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    world.pass(6 * 365 * 86_400);
    sign_in(&mut browser, &passkey);
    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["credentials"][0]["vouched_by"]["expired"], true);
    assert!(
        browser
            .get("/account")
            .ok()
            .body
            .contains("expired. With a key of this service’s own this card still signs you in")
    );
}
