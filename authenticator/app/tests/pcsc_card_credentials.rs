//! Credentials whose key is the card's own (RS256): the real program, the real pcscd, a practice card, two computers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use std::collections::BTreeSet;
use std::mem;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use host::bench::{
    Attestation, Bench, assert_signed_in, assert_vouched_for, bytes, forgot_the_pin, person,
    pins_in, type_unspent,
};
use host::{Computer, ORIGIN, creation_options, request_options, with};
use jpki_lab::card::Entry;
use rsa::RsaPublicKey;
use rsa::pkcs8::EncodePublicKey;
use serde_json::{Value, json};

/// The options of a site that accepts these algorithms, most preferred first, and asks for no attestation.
fn options(algorithms: &[i32]) -> Value {
    let parameters: Vec<Value> = algorithms
        .iter()
        .map(|alg| json!({"type": "public-key", "alg": alg}))
        .collect();
    let options = with(creation_options(), "attestation", json!("none"));
    with(options, "pubKeyCredParams", json!(parameters))
}

fn naming(registered: &Value) -> Value {
    let allowed = json!([{"type": "public-key", "id": registered["id"]}]);
    with(request_options(), "allowCredentials", allowed)
}

/// Registers with the card's own key.
fn register(bench: &mut Bench, options: Value, more: Value) -> Value {
    let mut host = bench.computer.create(ORIGIN, options);
    let prompt = host.prompt("register");
    let mut answer = json!({"cardCredential": true});
    for (member, value) in more.as_object().unwrap() {
        answer[member] = value.clone();
    }
    bench.type_pin(&mut host, &prompt, &person("p01").pin, answer);
    host.result()
}

/// Another computer with the same reader and card: its data folder is empty.
fn second_computer(bench: &mut Bench) -> Computer {
    let second = Computer::with_pcscd(&bench.pcscd.socket());
    mem::replace(&mut bench.computer, second)
}

fn history(bench: &Bench) -> String {
    let mut program = bench.computer.program();
    let output = program.arg("history").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// How often the card was asked this since `from`.
fn asked(log: &[Entry], from: usize, name: &str) -> usize {
    let named = |entry: &&Entry| entry.name.as_deref() == Some(name);
    log[from..].iter().filter(named).count()
}

#[test]
fn someone_registers_with_the_cards_own_key_and_signs_in_on_two_computers() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, options(&[-257, -7]));
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["cardCredential"],
        json!({"switch": false, "required": false, "canRemember": true})
    );
    assert_eq!(prompt.get("certificate"), None);
    let answer = json!({"cardCredential": true});
    bench.type_pin(&mut host, &prompt, &person("p01").pin, answer);
    host.progress();
    let registered = host.result();

    // The key is the certificate's, byte for byte as its issuer encoded it.
    assert_eq!(registered["response"]["publicKeyAlgorithm"], -257);
    let key = RsaPublicKey::from(&person("p01").authentication.key);
    let spki = key.to_public_key_der().unwrap();
    assert_eq!(bytes(&registered, "publicKey"), spki.as_bytes());
    let certificate = &person("p01").authentication.certificate;
    let found = |part: &[u8]| certificate.windows(part.len()).any(|bytes| bytes == part);
    assert!(found(spki.as_bytes()));
    let made = Attestation::of(&registered);
    assert_eq!(made.format, "none");
    assert_eq!(made.authenticator_data[32], 0x45, "neither BE nor BS");

    // Named and discovered where it was made.
    let signed_in = bench.sign_in("p01", naming(&registered));
    assert_signed_in(&registered, &signed_in);
    let signed_in = bench.sign_in("p01", request_options());
    assert_signed_in(&registered, &signed_in);
    let user = &creation_options()["user"]["id"];
    assert_eq!(signed_in["response"]["userHandle"], *user);
    let disclosures = history(&bench);
    assert_eq!(disclosures.matches("example.jp").count(), 1);
    assert!(disclosures.contains("card's key"), "{disclosures}");

    // Named, on a computer that has never seen it: one PIN, one signature, and nothing is kept.
    second_computer(&mut bench);
    let before = bench.log(0).len();
    let mut host = bench.computer.get(ORIGIN, naming(&registered));
    let prompt = host.prompt("sign-in");
    assert_eq!(prompt["cardCredential"], true);
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    let signed_in = host.result();
    assert_signed_in(&registered, &signed_in);
    assert_eq!(signed_in["response"].get("userHandle"), None);
    let log = bench.log(0);
    let counts = ["VERIFY", "SIGN"].map(|name| asked(&log, before, name));
    assert_eq!(counts, [1, 1]);
    assert!(!history(&bench).contains("example.jp"));
    let mut host = bench.computer.get(ORIGIN, request_options());
    host.prompt("no-credential");
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
}

#[test]
fn several_accounts_at_one_site_are_told_apart_on_two_computers() {
    let mut bench = Bench::with_card_of("p01");
    let taro = register(&mut bench, options(&[-257]), json!({}));
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    let hanako = with(options(&[-257]), "user", hanako);
    let hanako = register(&mut bench, hanako, json!({}));
    assert_ne!(taro["id"], hanako["id"]);
    let key = |registered: &Value| registered["response"]["publicKey"].clone();
    assert_eq!(key(&taro), key(&hanako), "the card has one key");
    second_computer(&mut bench);
    for registered in [&hanako, &taro] {
        let signed_in = bench.sign_in("p01", naming(registered));
        assert_signed_in(registered, &signed_in);
    }
}

#[test]
fn a_site_that_accepts_nothing_else_gets_nothing_and_no_pin_when_the_person_declines() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, options(&[-257]));
    let prompt = host.prompt("register");
    assert_eq!(prompt["cardCredential"]["required"], true);
    type_unspent(&mut host, &prompt, &person("p01").pin, json!({}));
    assert_eq!(
        host.error(),
        (
            "unsupported-algorithm".to_owned(),
            "NotSupportedError".to_owned()
        )
    );
    assert_eq!(pins_in(&bench.log(0)), 0);
    assert!(!history(&bench).contains("example.jp"));

    // Where ES256 is accepted too, it is a pairwise credential.
    let registered = bench.register("p01", options(&[-257, -7]), false);
    assert_eq!(registered["response"]["publicKeyAlgorithm"], -7);
    assert!(!history(&bench).contains("example.jp"));
}

#[test]
fn where_es256_comes_first_the_cards_own_key_is_neither_offered_nor_given() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, options(&[-7, -257]));
    let prompt = host.prompt("register");
    assert_eq!(prompt.get("cardCredential"), None);
    // Even if the extension said yes to what was not offered.
    let agreed = json!({"cardCredential": true, "remember": true});
    bench.type_pin(&mut host, &prompt, &person("p01").pin, agreed);
    assert_eq!(host.result()["response"]["publicKeyAlgorithm"], -7);
    assert!(!history(&bench).contains("example.jp"));
    let mut host = bench.computer.create(ORIGIN, options(&[-257]));
    let prompt = host.prompt("register");
    assert_eq!(prompt["cardCredential"]["switch"], false);
}

#[test]
fn both_switches_are_remembered_together_and_the_history_says_what_left() {
    let mut bench = Bench::with_card_of("p01");
    let enterprise = with(options(&[-257, -7]), "attestation", json!("enterprise"));
    let agreed = json!({"disclose": true, "remember": true});
    let registered = register(&mut bench, enterprise.clone(), agreed);
    assert_eq!(registered["response"]["publicKeyAlgorithm"], -257);
    assert_vouched_for(&registered, "p01");
    assert_signed_in(&registered, &bench.sign_in("p01", naming(&registered)));
    let first = history(&bench);
    assert!(first.contains("certificate") && !first.contains("card's key"));

    let mut host = bench.computer.create(ORIGIN, enterprise);
    let prompt = host.prompt("register");
    assert_eq!(prompt["certificate"]["switch"], true);
    assert_eq!(
        prompt["cardCredential"],
        json!({"switch": true, "required": false, "canRemember": false})
    );
    let answer = json!({"disclose": false, "cardCredential": true});
    bench.type_pin(&mut host, &prompt, &person("p01").pin, answer);
    let registered = host.result();
    let made = Attestation::of(&registered);
    assert_eq!((made.format.as_str(), made.statement.len()), ("packed", 2));
    let second = history(&bench);
    assert_eq!(second.matches("example.jp").count(), 2);
    assert!(second.contains("card's key"), "{second}");
}

#[test]
fn a_card_credential_is_excluded_on_a_second_computer_without_a_pin() {
    let mut bench = Bench::with_card_of("p01");
    let registered = register(&mut bench, options(&[-257]), json!({}));
    second_computer(&mut bench);
    let excluded = json!([{"type": "public-key", "id": registered["id"]}]);
    let excluding = with(options(&[-7]), "excludeCredentials", excluded);
    let mut host = bench.computer.create(ORIGIN, excluding);
    let prompt = host.prompt("already-registered");
    host.answer(&prompt, "approve", json!({}));
    assert_eq!(
        host.error(),
        ("excluded".to_owned(), "InvalidStateError".to_owned())
    );
}

#[test]
fn an_expired_certificate_makes_no_card_credential() {
    let mut bench = Bench::with_card_of("p04");
    let mut host = bench.computer.create(ORIGIN, options(&[-257]));
    assert_eq!(host.error().0, "certificate-expired");
    let mut host = bench.computer.create(ORIGIN, options(&[-257, -7]));
    let prompt = host.prompt("register");
    assert_eq!(prompt.get("cardCredential"), None);
    bench.type_pin(&mut host, &prompt, &person("p04").pin, json!({}));
    assert_eq!(host.result()["response"]["publicKeyAlgorithm"], -7);
}

#[test]
fn the_extension_can_look_up_what_was_disclosed_and_have_a_site_forgotten_without_a_pin() {
    let mut bench = Bench::with_card_of("p01");
    let enterprise = with(options(&[-257, -7]), "attestation", json!("enterprise"));
    let agreed = json!({"disclose": true, "remember": true});
    let before = SystemTime::now();
    register(&mut bench, enterprise.clone(), agreed);
    let asked_before = bench.log(0).len();

    let records = ask(&bench, json!({"type": "records"}));
    let [disclosure] = records["disclosures"].as_array().unwrap().as_slice() else {
        panic!("{records}")
    };
    let at = UNIX_EPOCH + Duration::from_secs(disclosure["at"].as_u64().unwrap());
    assert!(at + Duration::from_secs(1) > before && at <= SystemTime::now());
    let shown = json!({"at": disclosure["at"], "what": "certificate", "rpId": "example.jp"});
    let expected = |sites: &[&str]| json!({"type": "records", "disclosures": [shown], "olderDisclosures": 0, "sites": sites, "olderSites": 0});
    assert_eq!(records, expected(&["example.jp"]));

    let other = json!({"type": "forget", "rpId": "other.example"});
    assert_eq!(ask(&bench, other), expected(&["example.jp"]));
    let forget = json!({"type": "forget", "rpId": "example.jp"});
    assert_eq!(ask(&bench, forget), expected(&[]));
    let log = bench.log(0).split_off(asked_before);
    let names: BTreeSet<_> = log
        .iter()
        .filter_map(|entry| entry.name.as_deref())
        .collect();
    assert!(
        names.iter().all(|name| name.contains("SELECT")),
        "{names:?}"
    );

    let mut host = bench.computer.create(ORIGIN, enterprise);
    let prompt = host.prompt("register");
    assert_eq!(prompt["certificate"]["switch"], false);
    assert_eq!(prompt["cardCredential"]["switch"], false);
    assert_eq!(history(&bench).matches("example.jp").count(), 1);
}

/// Asks for something that needs no card, and returns the one answer.
fn ask(bench: &Bench, message: Value) -> Value {
    let mut host = bench.computer.greeted();
    host.send(message);
    let answer = host.outcome();
    assert!(host.end().status.success());
    answer
}
