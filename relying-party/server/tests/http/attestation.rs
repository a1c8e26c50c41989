//! Registrations that must be refused, each wrong in one way.

use jpki_lab::pki::{
    AuthorityKey, CaTemplate, Credential, LeafTemplate, Marked, Name, ObjectIdentifier, Policy,
    SIGNATURE_POLICY,
};

use crate::{
    authenticator::{Attest, BE, Ceremony, Made, UP, create, create_with_id},
    ceremonies::{made, register},
    world::{World, by_ca, ca, issued, now, person, pki, template},
};

/// The refusal of a registration with this certificate.
fn refused(card: &Credential) -> String {
    refused_made(&Attest::Eid(card), |_| {})
}

fn refused_made(attest: &Attest<'_>, alter: impl FnOnce(&mut Made)) -> String {
    let world = World::new();
    let mut browser = world.browser();
    let mut made = made(&mut browser, "taro", attest);
    alter(&mut made);
    let code = browser.finish_registration(&made.json()).refusal();
    nothing_was_stored(&world);
    code
}

fn refused_ceremony(ceremony: &Ceremony) -> String {
    let world = World::new();
    let mut browser = world.browser();
    let options = browser.start_registration("taro").ok().json();
    let made = create(&options, &Attest::Eid(person("p01")), ceremony);
    let code = browser.finish_registration(&made.json()).refusal();
    nothing_was_stored(&world);
    code
}

/// The account name is free and the card unused afterwards.
fn nothing_was_stored(world: &World) {
    register(&mut world.browser(), "taro", "p01");
}

#[test]
fn none_and_self_attestation_where_an_eid_attestation_is_required() {
    assert_eq!(refused_made(&Attest::None, |_| {}), "attestation-required");
    assert_eq!(
        refused_made(&Attest::PackedSelf, |_| {}),
        "attestation-required"
    );
}

#[test]
fn the_citizens_certificate_in_another_format() {
    let eid = Attest::Eid(person("p01"));
    assert_eq!(
        refused_made(&eid, |made| made.fmt = "packed"),
        "attestation-required"
    );
    assert_eq!(
        refused_made(&eid, |made| made.fmt = "none"),
        "attestation-required"
    );
}

#[test]
fn an_altered_statement() {
    let eid = Attest::Eid(person("p01"));
    assert_eq!(
        refused_made(&eid, |made| made.sig[7] ^= 1),
        "statement-signature"
    );
    assert_eq!(
        refused_made(&eid, |made| made.alg = -7),
        "statement-algorithm-not-admitted"
    );
    assert_eq!(
        refused_made(&eid, |made| made.x5c =
            vec![person("p02").certificate.clone()]),
        "statement-signature"
    );
    assert_eq!(
        refused_made(&eid, |made| made.x5c.push(ca(3).certificate().to_vec())),
        "statement"
    );
}

#[test]
fn authenticator_data_that_the_card_did_not_sign() {
    // The last byte is the credential's public key: an attacker's key under the victim's statement.
    let altered = refused_made(&Attest::Eid(person("p01")), |made| {
        *made.auth_data.last_mut().unwrap() ^= 1;
    });
    assert_eq!(altered, "statement-signature");
}

#[test]
fn an_unknown_root() {
    let (_, card) = by_ca(CaTemplate {
        name: Name::japan().organization("Somebody else"),
        ..ca(3).template().clone()
    });
    assert_eq!(refused(&card), "unknown-issuer");
}

#[test]
fn a_ca_with_the_right_name_and_the_wrong_key() {
    let (_, card) = by_ca(ca(3).template().clone());
    assert_eq!(refused(&card), "unknown-issuer-key");
}

#[test]
fn a_certificate_of_a_wrong_ca_that_claims_the_right_key() {
    let (other, _) = by_ca(ca(3).template().clone());
    let template = LeafTemplate {
        authority_key_identifier: Some(Marked::plain(AuthorityKey::Given {
            key_identifier: ca(3).key_identifier().to_vec(),
            certificate: None,
        })),
        ..template()
    };
    let person = person("p01");
    let card = Credential {
        certificate: other.issue(&template, &person.key).unwrap(),
        ..person.clone()
    };
    assert_eq!(refused(&card), "issuer-signature");
}

#[test]
fn an_expired_certificate_and_an_expired_anchor() {
    assert_eq!(refused(person("p04")), "certificate-expired");
    assert_eq!(refused(person("p03")), "anchor-expired");
    let future = issued(&LeafTemplate {
        not_before: now() + 3600,
        ..template()
    });
    assert_eq!(refused(&future), "certificate-not-yet-valid");
}

/// Clients are told the rule, people the kind: what to do is the same for all of a kind.
#[test]
fn people_are_told_the_kind_of_what_is_wrong_with_an_attestation() {
    let future = issued(&LeafTemplate {
        not_before: now() + 3600,
        ..template()
    });
    let signing = issued(&LeafTemplate {
        not_before: template().not_before,
        not_after: template().not_after,
        ..LeafTemplate::signature()
    });
    let (_, same_name) = by_ca(ca(3).template().clone());
    let as_it_is: fn(&mut Made) = |_| {};
    for (card, alter, code, shown_code) in [
        (
            person("p04"),
            as_it_is,
            "certificate-expired",
            "JPKI-certificate-out-of-dates",
        ),
        (
            &future,
            as_it_is,
            "certificate-not-yet-valid",
            "JPKI-certificate-out-of-dates",
        ),
        (
            person("p03"),
            as_it_is,
            "anchor-expired",
            "JPKI-issuer-out-of-dates",
        ),
        (
            &same_name,
            as_it_is,
            "unknown-issuer-key",
            "JPKI-unknown-issuer",
        ),
        (
            &signing,
            as_it_is,
            "key-usage-not-admitted",
            "JPKI-wrong-certificate",
        ),
        (
            person("p01"),
            |made| made.sig[7] ^= 1,
            "statement-signature",
            "JPKI-attestation-altered",
        ),
        (
            person("p01"),
            |made| made.x5c.push(ca(3).certificate().to_vec()),
            "statement",
            "JPKI-attestation-malformed",
        ),
    ] {
        let world = World::new();
        let mut browser = world.browser();
        let mut made = made(&mut browser, "taro", &Attest::Eid(card));
        alter(&mut made);
        let answer = browser.finish_registration(&made.json());
        let told = answer.refusal_and_shown_code();
        assert_eq!(told, (code.to_owned(), shown_code.to_owned()));
    }
}

#[test]
fn the_signing_certificate() {
    let signing = &pki().person("p01").unwrap().signature;
    assert_eq!(refused(signing), "unknown-issuer");
    // And one that the right CA would have made.
    let card = issued(&LeafTemplate {
        not_before: template().not_before,
        not_after: template().not_after,
        ..LeafTemplate::signature()
    });
    assert_eq!(refused(&card), "key-usage-not-admitted");
}

#[test]
fn another_policy_and_none() {
    let with = |policies| {
        refused(&issued(&LeafTemplate {
            certificate_policies: policies,
            ..template()
        }))
    };
    let policy = |oid: ObjectIdentifier| Some(Marked::critical(vec![Policy { oid, cps: None }]));
    assert_eq!(with(policy(SIGNATURE_POLICY)), "other-policy");
    assert_eq!(
        with(policy(ObjectIdentifier::new_unwrap(
            "1.2.392.200149.8.5.1.3.30"
        ))),
        "other-policy"
    );
    assert_eq!(with(None), "policy-missing");
}

#[test]
fn another_origin() {
    for origin in [
        "https://localhost:8080",
        "http://localhost:8081",
        "http://evil.example",
        "http://localhost.evil.example:8080",
    ] {
        let code = refused_ceremony(&Ceremony {
            origin: origin.to_owned(),
            ..Ceremony::default()
        });
        assert_eq!(code, "other-origin", "{origin}");
    }
}

#[test]
fn a_page_in_a_frame_of_another_origin() {
    let code = refused_ceremony(&Ceremony {
        cross_origin: true,
        ..Ceremony::default()
    });
    assert_eq!(code, "other-origin");
}

#[test]
fn another_rp_id() {
    let code = refused_ceremony(&Ceremony {
        rp_id: "evil.example".to_owned(),
        ..Ceremony::default()
    });
    assert_eq!(code, "other-rp-id");
}

#[test]
fn an_assertion_in_place_of_a_registration() {
    let code = refused_ceremony(&Ceremony {
        kind: Some("webauthn.get"),
        ..Ceremony::default()
    });
    assert_eq!(code, "registration-refused");
}

#[test]
fn no_user_verification() {
    let code = refused_ceremony(&Ceremony {
        flags: UP | BE,
        ..Ceremony::default()
    });
    assert_eq!(code, "authenticator-data");
}

#[test]
fn a_credential_id_that_is_not_the_one_signed() {
    let world = World::new();
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    let mut json = made.json();
    json["rawId"] = "AAAA".into();
    json["id"] = "AAAA".into();
    assert_eq!(browser.finish_registration(&json).refusal(), "malformed");
}

#[test]
fn a_credential_id_that_somebody_has() {
    let world = World::new();
    let passkey = register(&mut world.browser(), "taro", "p01");
    let mut browser = world.browser();
    let options = browser.start_registration("jiro").ok().json();
    let card = Attest::Eid(person("p02"));
    let made = create_with_id(&options, &card, &Ceremony::default(), passkey.id);
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "credential-already-registered"
    );
    // Nothing of it was stored: neither the name nor the certificate.
    register(&mut world.browser(), "jiro", "p02");
}

#[test]
fn what_is_no_registration_at_all() {
    let world = World::new();
    let mut browser = world.browser();
    let options = browser.start_registration("taro").ok().json();
    let whole = create(&options, &Attest::Eid(person("p01")), &Ceremony::default()).json();
    for pointer in ["/response/clientDataJSON", "/response"] {
        let mut part = whole.clone();
        *part.pointer_mut(pointer).unwrap() = serde_json::Value::Null;
        assert_eq!(browser.finish_registration(&part).refusal(), "malformed");
    }
    for body in ["", "{", "[]", "\"text\"", "\u{0}"] {
        let answer = browser.request(
            "POST",
            "/api/registration/finish",
            &[("content-type", "application/json")],
            body.as_bytes(),
        );
        assert_eq!(answer.refusal(), "malformed", "{body}");
    }
    // None of that used up the challenge.
    browser.finish_registration(&whole).ok();
}

/// A production profile of an operator's own, for the hierarchy that calls itself Example.
fn production(accept: bool) -> (World, Credential) {
    let name = Name::japan().organization("Example").unit("Authentication");
    let (other, card) = by_ca(CaTemplate {
        name,
        ..ca(3).template().clone()
    });
    let profile = r#"
format = 1
name = "example"
class = "production"
country = "JP"
[title]
en = "Example"
[[issuer]]
attribute = "C"
string = "PrintableString"
value = "JP"
[[issuer]]
attribute = "O"
string = "UTF8String"
value = "Example"
[[issuer]]
attribute = "OU"
string = "UTF8String"
value = "Authentication"
[[anchors]]
label = "first"
file = "example.cer"
[certificate]
"#;
    let lab = include_str!("../../../attestation/profiles/lab.toml");
    let rules = lab.split_once("[certificate]").unwrap().1;
    let settings = format!(
        "[attestation]\nprofiles = [\"example\", \"lab\"]\nprofile-directory = \"profiles\"\naccept-unchecked = {accept}\n\
         [[attestation.anchors]]\nprofile = \"lab\"\nfile = \"lab.cer\"\n"
    );
    let world = World::with_files(
        &settings,
        &[
            (
                "profiles/example.toml",
                format!("{profile}{rules}").as_bytes(),
            ),
            ("profiles/example.cer", other.certificate()),
            ("lab.cer", ca(3).certificate()),
        ],
    );
    (world, card)
}

#[test]
fn a_production_certificate_that_nobody_can_check_for_revocation() {
    let (world, card) = production(false);
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(&card));
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "revocation-not-checked"
    );
    // A practice card may: nobody takes it for a citizen's.
    register(&mut world.browser(), "jiro", "p01");
}

#[test]
fn an_operator_may_accept_unchecked_certificates_and_the_account_says_so() {
    let (world, card) = production(true);
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(&card));
    browser.finish_registration(&made.json()).ok();
    let account = browser.get("/api/account").ok().json();
    let by = &account["credentials"][0]["vouched_by"];
    assert_eq!(by["class"], "production");
    assert_eq!(by["revocation"], "not-checked");
    let page = browser.get("/account").ok().body;
    assert!(page.contains("Not checked."));
}

#[test]
fn a_practice_card_where_only_production_is_trusted() {
    let world = World::with_files("[attestation]\naccept-unchecked = true\n", &[]);
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "unknown-issuer"
    );
}

#[test]
fn nobody_is_sent_to_their_card_where_nobody_can_register() {
    let world = World::with_files("", &[]);
    let mut browser = world.browser();
    assert_eq!(
        browser.start_registration("taro").refusal(),
        "revocation-not-checked"
    );
    let page = browser.get("/register").ok().body;
    assert!(page.contains("Registration is closed."));
    assert!(!page.contains("id=\"register\""));
}
