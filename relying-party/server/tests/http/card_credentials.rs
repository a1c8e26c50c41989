//! Card credentials: the card's own key signs at every sign-in. It is one and the same everywhere, and kept accordingly.

use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

use crate::{
    authenticator::{Attest, Ceremony, Made, UP, UV, base64url, create, create_with_card, get},
    browser::Browser,
    ceremonies::register,
    world::{World, person},
};

/// Settings with an order of credentials.
fn world(order: &str) -> World {
    World::with(&format!(
        "[credentials]\norder = \"{order}\"\n[attestation]\nprofiles = [\"lab\"]\n"
    ))
}

fn algorithms(options: &Value) -> Vec<i64> {
    options["publicKey"]["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["alg"].as_i64().unwrap())
        .collect()
}

/// Registers the card's own key.
fn register_card(browser: &mut Browser, name: &str, id: &str) -> Made {
    let options = browser.start_registration(name).ok().json();
    let card = person(id);
    let made = create_with_card(&options, card, &Attest::Eid(card));
    browser.finish_registration(&made.json()).ok();
    made
}

/// As the card answers on a computer where no account is stored: no backup flags, no user handle.
fn elsewhere() -> Ceremony {
    Ceremony {
        flags: UP | UV,
        user_handle: Some(None),
        ..Ceremony::default()
    }
}

#[test]
fn the_operator_decides_the_order_and_may_leave_the_choice() {
    let wish = |world: &World, kind: Option<&str>| {
        let mut body = json!({ "account_name": "taro" });
        if let Some(kind) = kind {
            body["credential"] = kind.into();
        }
        world.browser().post("/api/registration/start", &body)
    };
    for (order, kind, expected) in [
        ("pairwise", None, &[-7, -257][..]),
        ("choice", None, &[-7, -257]),
        ("choice", Some("pairwise"), &[-7, -257]),
        ("choice", Some("card"), &[-257, -7]),
        ("card", None, &[-257, -7]),
        ("card-only", None, &[-257]),
    ] {
        let options = wish(&world(order), kind).ok().json();
        assert_eq!(algorithms(&options), expected, "{order} {kind:?}");
    }
    for (order, kind) in [
        ("pairwise", "card"),
        ("card-only", "pairwise"),
        ("choice", "any"),
    ] {
        assert_eq!(wish(&world(order), Some(kind)).refusal(), "malformed");
    }
}

#[test]
fn the_register_page_offers_what_the_operator_leaves_open() {
    for (order, choice, words) in [
        ("pairwise", false, "Open an account"),
        ("choice", true, "Use the card’s own key"),
        ("card", false, "offers the card’s own key"),
        ("card-only", false, "takes the card’s own key only"),
    ] {
        for path in ["/register", "/link"] {
            let page = world(order).browser().get(path).ok().body;
            assert_eq!(page.contains("id=\"card-key\""), choice, "{order}");
            assert!(path == "/link" || page.contains(words), "{order}");
        }
    }
}

#[test]
fn a_card_credential_signs_in_on_a_computer_that_knows_nothing() {
    let world = world("card");
    let made = register_card(&mut world.browser(), "taro", "p01");
    let mut browser = world.browser();
    let options = browser.start_sign_in(Some("taro")).ok().json();
    let allowed = &options["publicKey"]["allowCredentials"];
    assert_eq!(allowed[0]["id"], base64url(&made.passkey.id));
    browser
        .finish_sign_in(&get(&options, &made.passkey, &elsewhere()))
        .ok();
    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["account_name"], "taro");
}

#[test]
fn the_account_tells_what_each_kind_proves() {
    let world = world("card");
    let mut browser = world.browser();
    register_card(&mut browser, "taro", "p01");
    world.pass(1);
    // The person declined at this one: a pairwise credential, with the same card.
    register(&mut browser, "taro", "p01");
    let account = browser.get("/api/account").ok().json();
    let proven = |index: usize| {
        let credential = &account["credentials"][index];
        assert_eq!(credential["kind"], "eid-card");
        (
            credential["key"].as_str().unwrap().to_owned(),
            credential["proven"]["sign_in"].clone(),
        )
    };
    assert_eq!(
        proven(0),
        (
            "card".to_owned(),
            json!(["certificate-key", "card-signature", "card-pin"])
        )
    );
    assert_eq!(
        proven(1),
        (
            "sealed".to_owned(),
            json!(["sealed-key", "user-verification"])
        )
    );
    for (language, words) in [
        (
            "en",
            [
                "a fresh signature by the card itself",
                "The card itself does not sign",
            ],
        ),
        (
            "ja",
            [
                "カード自体が、暗証番号の照合後に",
                "カード自体は署名しません",
            ],
        ),
    ] {
        browser.language = language;
        let page = browser.get("/account").ok().body;
        for words in words {
            assert!(page.contains(words), "{words}");
        }
    }
}

#[test]
fn a_card_credential_ends_with_its_certificate_and_a_pairwise_one_does_not() {
    let world = world("card");
    let mut browser = world.browser();
    let card = register_card(&mut browser, "taro", "p01").passkey;
    let pairwise = register(&mut browser, "taro", "p01");
    world.pass(6 * 365 * 86_400);
    let mut browser = world.browser();
    let options = browser.start_sign_in(None).ok().json();
    let ceremony = Ceremony {
        flags: UP | UV,
        ..Ceremony::default()
    };
    let answer = browser.finish_sign_in(&get(&options, &card, &ceremony));
    assert_eq!(
        (answer.status, answer.refusal()),
        (403, "card-expired".to_owned())
    );
    assert_eq!(browser.get("/api/account").status, 401);
    // Only the holder of the key is told: a forged signature fails like any other.
    let options = browser.start_sign_in(None).ok().json();
    let mut forged = get(&options, &card, &ceremony);
    forged["response"]["signature"] = json!(base64url(&[1; 256]));
    assert_eq!(browser.finish_sign_in(&forged).refusal(), "sign-in-failed");
    crate::ceremonies::sign_in(&mut browser, &pairwise);
}

#[test]
fn where_only_the_cards_key_counts_no_other_is_taken() {
    let world = world("card-only");
    let mut browser = world.browser();
    let options = browser.start_registration("taro").ok().json();
    let pairwise = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    assert_eq!(
        browser.finish_registration(&pairwise.json()).refusal(),
        "registration-refused"
    );
    // An RSA key that is another card's than the certificate's.
    let options = browser.start_registration("taro").ok().json();
    let other = create_with_card(&options, person("p02"), &Attest::Eid(person("p01")));
    assert_eq!(
        browser.finish_registration(&other.json()).refusal(),
        "card-key-required"
    );
    // Without an attestation the certificate says nothing.
    let options = browser.start_registration("taro").ok().json();
    let none = create_with_card(&options, person("p01"), &Attest::None);
    assert_eq!(
        browser.finish_registration(&none.json()).refusal(),
        "attestation-required"
    );
    register_card(&mut browser, "taro", "p01");
}

#[test]
fn an_rsa_key_that_is_not_the_certificates_is_not_called_the_cards() {
    let world = world("card");
    let mut browser = world.browser();
    let options = browser.start_registration("taro").ok().json();
    let other = create_with_card(&options, person("p02"), &Attest::Eid(person("p01")));
    browser.finish_registration(&other.json()).ok();
    let account = browser.get("/api/account").ok().json();
    assert_eq!(account["credentials"][0]["key"], "other");
    assert!(
        !browser
            .get("/account")
            .ok()
            .body
            .contains("a fresh signature by the card")
    );
}

#[test]
fn without_an_attestation_nobody_says_whose_card_it_is() {
    let world = World::with(
        "[credentials]\norder = \"card\"\n[attestation]\nrequire = false\nprofiles = [\"lab\"]\n",
    );
    for (name, attest) in [("none", Attest::None), ("packed", Attest::PackedSelf)] {
        let mut browser = world.browser();
        let options = browser.start_registration(name).ok().json();
        let made = create_with_card(&options, person("p01"), &attest);
        browser.finish_registration(&made.json()).ok();
        let account = browser.get("/api/account").ok().json();
        assert_eq!(account["credentials"][0]["kind"], "passkey");
        assert_eq!(account["credentials"][0]["key"], "other");
        let mut browser = world.browser();
        let options = browser.start_sign_in(Some(name)).ok().json();
        browser
            .finish_sign_in(&get(&options, &made.passkey, &elsewhere()))
            .ok();
    }
}

/// The public key is a national identifier, and the credential ID is a hash over it that anybody can compute.
#[test]
fn the_database_has_neither_the_cards_key_nor_its_credential_ids() {
    let world = world("card");
    let made = register_card(&mut world.browser(), "taro", "p01");
    let modulus = person("p01").key.n().to_bytes_be();
    let bytes = world.database_bytes();
    let found = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    for secret in [&modulus[..], &made.passkey.id] {
        assert!(!found(&secret[..16]) && !found(&secret[secret.len() - 16..]));
        assert!(!found(&base64url(secret).as_bytes()[..20]));
        assert!(!found(&hex::encode(secret).as_bytes()[..20]));
    }
    assert!(found(b"taro"), "the right file was searched");
}
