//! Whole ceremonies: the real program, the real pcscd, a practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use host::bench::{
    Attestation, Bench, assert_signed_in, assert_vouched_for, bytes, client_data, forgot_the_pin,
    person,
};
use host::{Host, ORIGIN, creation_options, request_options, with};
use p256::pkcs8::DecodePublicKey;
use serde_json::{Value, json};

#[test]
fn someone_registers_with_the_certificate_and_signs_in() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(prompt["prompt"], 1);
    assert_eq!(
        prompt["site"],
        json!({"rpId": "example.jp", "origin": ORIGIN, "name": "Example", "relatedOrigin": false})
    );
    assert_eq!(
        prompt["account"],
        json!({"name": "taro", "displayName": "太郎"})
    );
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 3, "entry": "browser", "lastTry": false})
    );
    let not_after = prompt["card"]["notAfter"].clone();
    assert_eq!(
        prompt["certificate"],
        json!({"switch": false, "asked": true, "canRemember": true, "notAfter": not_after})
    );
    assert_eq!(prompt["card"]["expired"], false);
    assert!(
        prompt["card"]["reader"]
            .as_str()
            .unwrap()
            .contains("Virtual PCD")
    );
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p01").pin,
        json!({"disclose": true}),
    );
    assert_eq!(
        host.next(),
        json!({"type": "progress", "step": "card-working"})
    );
    let registered = host.result();
    assert!(host.end().status.success());

    assert_vouched_for(&registered, "p01");
    assert_eq!(registered["type"], "public-key");
    assert_eq!(registered["authenticatorAttachment"], "platform");
    assert_eq!(
        registered["clientExtensionResults"],
        json!({"credProps": {"rk": true}})
    );
    assert_eq!(
        registered["response"]["transports"],
        json!(["internal", "usb"])
    );
    assert_eq!(registered["response"]["publicKeyAlgorithm"], -7);
    assert_eq!(
        client_data(&registered),
        json!({"type": "webauthn.create", "challenge": creation_options()["challenge"], "origin": ORIGIN, "crossOrigin": false})
    );
    let attestation = Attestation::of(&registered);
    assert_eq!(
        attestation.authenticator_data,
        bytes(&registered, "authenticatorData")
    );
    // The attested key is the response's, whatever encoding either has.
    let key = p256::PublicKey::from_public_key_der(&bytes(&registered, "publicKey")).unwrap();
    let point = key.to_sec1_bytes();
    for coordinate in [&point[1..33], &point[33..65]] {
        assert!(
            attestation
                .authenticator_data
                .windows(32)
                .any(|window| window == coordinate)
        );
    }

    // Named by the site, and discovered.
    let allowed =
        json!([{"type": "public-key", "id": registered["id"], "transports": ["internal", "usb"]}]);
    let signed_in = bench.sign_in("p01", with(request_options(), "allowCredentials", allowed));
    assert_signed_in(&registered, &signed_in);
    let signed_in = bench.sign_in("p01", request_options());
    assert_signed_in(&registered, &signed_in);
    assert_eq!(
        signed_in["response"]["userHandle"],
        creation_options()["user"]["id"]
    );
    assert_eq!(signed_in["authenticatorAttachment"], "platform");
    assert_eq!(signed_in["clientExtensionResults"], json!({}));
    assert_eq!(
        client_data(&signed_in),
        json!({"type": "webauthn.get", "challenge": request_options()["challenge"], "origin": ORIGIN, "crossOrigin": false})
    );
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
}

#[test]
fn the_certificate_stays_unless_the_person_switches_it_on() {
    let mut bench = Bench::with_card_of("p01");
    for (attestation, format) in [
        ("enterprise", "packed"),
        ("direct", "packed"),
        ("indirect", "none"),
        ("none", "none"),
    ] {
        let options = with(creation_options(), "attestation", json!(attestation));
        let registered = bench.register("p01", options, false);
        let made = Attestation::of(&registered);
        assert_eq!(made.format, format, "{attestation}");
        assert_eq!(made.member("x5c"), None, "{attestation}");
    }
}

#[test]
fn a_site_that_did_not_ask_for_the_certificate_never_gets_it() {
    let mut bench = Bench::with_card_of("p01");
    for attestation in ["none", "indirect"] {
        let options = with(creation_options(), "attestation", json!(attestation));
        let mut host = bench.computer.create(ORIGIN, options);
        let prompt = host.prompt("register");
        assert_eq!(prompt.get("certificate"), None);
        // Even if the extension said yes to what was not offered.
        let agreed = json!({"disclose": true, "remember": true});
        bench.type_pin(&mut host, &prompt, &person("p01").pin, agreed);
        assert_eq!(Attestation::of(&host.result()).format, "none");
    }
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["certificate"]["switch"], false,
        "nothing was remembered"
    );
    host.answer(&prompt, "cancel", json!({}));
    host.error();
}

#[test]
fn a_private_window_remembers_no_site_and_uses_no_memory_but_is_in_the_history() {
    let mut bench = Bench::with_card_of("p01");
    let disclosures = |bench: &Bench| {
        let output = bench.computer.program().arg("history").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.matches("example.jp").count()
    };
    let switches = |prompt: &Value| {
        let certificate = &prompt["certificate"];
        (
            certificate["switch"].as_bool().unwrap(),
            certificate["canRemember"].as_bool().unwrap(),
        )
    };
    let agreed = json!({"disclose": true, "remember": true});
    let pin = &person("p01").pin;

    let mut host = bench.computer.create_in_private(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(switches(&prompt), (false, false));
    // What was switched on stays so after a wrong PIN.
    bench.type_pin(&mut host, &prompt, "9999", agreed.clone());
    host.progress();
    let again = host.prompt("register");
    assert_eq!(switches(&again), (true, false));
    bench.type_pin(&mut host, &again, pin, agreed.clone());
    assert_vouched_for(&host.result(), "p01");
    assert_eq!(disclosures(&bench), 1);

    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(switches(&prompt), (false, true), "nothing was remembered");
    bench.type_pin(&mut host, &prompt, pin, agreed);
    host.result();

    let mut host = bench.computer.create_in_private(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(switches(&prompt), (false, false));
    host.answer(&prompt, "cancel", json!({}));
    host.error();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(switches(&host.prompt("register")), (true, false));
    assert_eq!(disclosures(&bench), 2);
}

#[test]
fn direct_offers_the_certificate_without_asking_for_it() {
    let bench = Bench::with_card_of("p01");
    let options = with(creation_options(), "attestation", json!("direct"));
    let mut host = bench.computer.create(ORIGIN, options.clone());
    let prompt = host.prompt("register");
    assert_eq!(
        (
            &prompt["certificate"]["switch"],
            &prompt["certificate"]["asked"]
        ),
        (&json!(false), &json!(false))
    );
    // One at a time has the card.
    drop(host);
    let mut host = bench.computer.create(
        ORIGIN,
        with(options, "attestationFormats", json!(["eid-x509"])),
    );
    let prompt = host.prompt("register");
    assert_eq!(
        (
            &prompt["certificate"]["switch"],
            &prompt["certificate"]["asked"]
        ),
        (&json!(false), &json!(true))
    );
}

#[test]
fn a_remembered_site_finds_the_switch_on_and_every_disclosure_is_in_the_history() {
    let mut bench = Bench::with_card_of("p01");
    let history = |bench: &Bench| {
        let output = bench.computer.program().arg("history").output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!history(&bench).contains("example.jp"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p01").pin,
        json!({"disclose": true, "remember": true}),
    );
    assert_vouched_for(&host.result(), "p01");
    assert_eq!(history(&bench).matches("example.jp").count(), 1);

    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(prompt["certificate"]["switch"], true);
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p01").pin,
        json!({"disclose": false}),
    );
    assert_eq!(Attestation::of(&host.result()).format, "packed");
    assert_eq!(
        history(&bench).matches("example.jp").count(),
        1,
        "nothing was disclosed this time"
    );
}

#[test]
fn someone_who_is_registered_is_told_so_without_a_pin() {
    let mut bench = Bench::with_card_of("p01");
    let registered = bench.register("p01", creation_options(), false);
    let excluded = json!([{"type": "public-key", "id": registered["id"]}]);
    let mut host = bench.computer.create(
        ORIGIN,
        with(creation_options(), "excludeCredentials", excluded),
    );
    let prompt = host.prompt("already-registered");
    host.answer(&prompt, "approve", json!({}));
    assert_eq!(
        host.error(),
        ("excluded".to_owned(), "InvalidStateError".to_owned())
    );
}

#[test]
fn a_card_without_a_credential_for_the_site_is_told_so_without_a_pin() {
    let mut bench = Bench::with_card_of("p01");
    bench.register("p01", creation_options(), false);
    let foreign = json!([{"type": "public-key", "id": "AAAA"}]);
    let mut host = bench
        .computer
        .get(ORIGIN, with(request_options(), "allowCredentials", foreign));
    let prompt = host.prompt("no-credential");
    host.answer(&prompt, "approve", json!({}));
    assert_eq!(
        host.error(),
        ("no-credential".to_owned(), "NotAllowedError".to_owned())
    );
    // The credential of one site is none of another's.
    let mut host = bench.computer.get(
        "https://example.com",
        with(request_options(), "rpId", json!("example.com")),
    );
    host.prompt("no-credential");
}

#[test]
fn with_several_accounts_the_person_chooses_one_after_the_pin() {
    let mut bench = Bench::with_card_of("p01");
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    let taro = bench.register("p01", creation_options(), false);
    let hanako = bench.register("p01", with(creation_options(), "user", hanako), false);
    for (name, registered) in [("taro", &taro), ("hanako", &hanako)] {
        let mut host = bench.computer.get(ORIGIN, request_options());
        let prompt = host.prompt("sign-in");
        assert_eq!(
            prompt.get("account"),
            None,
            "names are sealed under the card"
        );
        bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
        host.progress();
        let prompt = host.prompt("choose-account");
        let accounts = prompt["accounts"].as_array().unwrap();
        assert_eq!(accounts.len(), 2);
        let index = accounts
            .iter()
            .position(|account| account["name"] == name)
            .unwrap();
        host.answer(&prompt, "choose", json!({"index": index}));
        assert_signed_in(registered, &host.result());
    }
    for answer in [json!({"index": 2}), json!({"index": 1_000_000})] {
        let mut host = bench.computer.get(ORIGIN, request_options());
        let prompt = host.prompt("sign-in");
        bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
        host.progress();
        let prompt = host.prompt("choose-account");
        host.answer(&prompt, "choose", answer);
        assert_eq!(
            host.outcome(),
            json!({"type": "fatal", "code": "bad-message"})
        );
    }
    bench.wait_until_unpowered(0);
}

#[test]
fn registering_an_account_again_replaces_its_credential() {
    let mut bench = Bench::with_card_of("p01");
    let first = bench.register("p01", creation_options(), false);
    let second = bench.register("p01", creation_options(), false);
    assert_ne!(first["id"], second["id"]);
    let signed_in = bench.sign_in("p01", request_options());
    assert_signed_in(&second, &signed_in);
}

#[test]
fn two_sites_cannot_recognise_each_others_credentials() {
    let mut bench = Bench::with_card_of("p01");
    let here = bench.register("p01", creation_options(), false);
    let options = with(creation_options(), "rp", json!({"name": "Other"}));
    let mut host = bench.computer.create("https://other.example", options);
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    let there = host.result();
    assert_ne!(here["id"], there["id"]);
    assert_ne!(
        here["response"]["publicKey"],
        there["response"]["publicKey"]
    );
}

#[test]
fn an_expired_certificate_still_signs_in_but_vouches_for_nobody() {
    let mut bench = Bench::with_card_of("p04");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let expired = (
        "certificate-expired".to_owned(),
        "NotAllowedError".to_owned(),
    );
    assert_eq!(host.error(), expired, "the site wants to know who it is");
    let options = with(creation_options(), "attestation", json!("none"));
    let mut host = bench.computer.create(ORIGIN, options);
    let prompt = host.prompt("register");
    assert_eq!(prompt["card"]["expired"], true);
    bench.type_pin(&mut host, &prompt, &person("p04").pin, json!({}));
    let registered = host.result();
    let mut host = bench.computer.get(ORIGIN, request_options());
    let prompt = host.prompt("sign-in");
    assert_eq!(prompt["card"]["expired"], true);
    bench.type_pin(&mut host, &prompt, &person("p04").pin, json!({}));
    assert_signed_in(&registered, &host.result());
}

#[test]
fn a_backup_is_offered_at_the_first_registration_and_when_the_certificate_ends() {
    let result = |bench: &mut Bench, host: &mut Host, kind: &str, id: &str| {
        let prompt = host.prompt(kind);
        bench.type_pin(host, &prompt, &person(id).pin, json!({}));
        host.progress();
        host.outcome()
    };
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    let plain = with(creation_options(), "attestation", json!("none"));
    let another = with(plain.clone(), "user", hanako);
    for (id, offers) in [
        ("p01", [json!("first"), json!(null), json!(null)]),
        (
            "p04",
            [json!("expiring"), json!("expiring"), json!("expiring")],
        ),
    ] {
        let mut bench = Bench::with_card_of(id);
        let mut offered = Vec::new();
        for options in [&plain, &another] {
            let mut host = bench.computer.create(ORIGIN, options.clone());
            let outcome = result(&mut bench, &mut host, "register", id);
            let named = json!([{"type": "public-key", "id": outcome["response"]["id"]}]);
            offered.push(outcome["backup"].clone());
            if offered.len() == 2 {
                let options = with(request_options(), "allowCredentials", named);
                let mut host = bench.computer.get(ORIGIN, options);
                offered.push(result(&mut bench, &mut host, "sign-in", id)["backup"].clone());
            }
        }
        assert_eq!(offered, offers, "{id}");
    }
}
