//! A registration from end to end: what a good one yields, and what becomes of altered ones.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::{
    CborFault, Class, EncodingFault, Outcome, Profiles, Refused, RevocationOutcome, Rule,
    StatementFault, verify,
};
use support::*;

#[test]
fn a_card_of_the_practice_hierarchy_is_vouched_for() {
    let holder = person("p01");
    let registration = Registration::by(holder);
    let verdict = registration.verify().unwrap();

    assert_eq!(verdict.profile.name, "lab");
    assert_eq!(verdict.profile.class, Class::Practice);
    assert_eq!(verdict.profile.country, "JP");
    assert_eq!(verdict.anchor.label, "generation 3");
    assert_eq!(verdict.revocation, RevocationOutcome::NotChecked);
    assert_eq!(verdict.holder.not_after, time(holder.not_after));
    assert_eq!(verdict.holder.not_before, time(holder.not_before));
    assert_eq!(verdict.auth_data, registration.auth_data);
    let serial = &members(&members(&holder.certificate)[0])[1];
    assert_eq!(verdict.holder.serial.as_bytes(), contents(serial));
    let points = verdict.holder.distribution_points.unwrap();
    let needle = b"Mihon-shi CRLDP";
    assert!(
        points
            .as_der()
            .windows(needle.len())
            .any(|window| window == needle)
    );
}

#[test]
fn every_generation_vouches_for_its_own_while_it_is_valid() {
    for (id, label) in [("p02", "generation 2"), ("p05", "generation 3")] {
        let verdict = Registration::by(person(id)).verify().unwrap();
        assert_eq!(verdict.anchor.label, label, "{id}");
    }
    let then = time(person("p03").not_before + 1);
    let verdict = Registration::by(person("p03")).verify_at(then).unwrap();
    assert_eq!(verdict.anchor.label, "generation 1");
}

#[test]
fn a_person_has_one_key_hash_and_an_issuer_another() {
    let one = Registration::by(person("p01")).verify().unwrap().holder;
    let again = Registration::by(person("p01")).verify().unwrap().holder;
    let other = Registration::by(person("p05")).verify().unwrap().holder;
    assert_eq!(one, again);
    assert_ne!(one.key_hash, other.key_hash);
    assert_ne!(one.serial, other.serial);
    assert_eq!(one.issuer_key_hash, other.issuer_key_hash);
}

#[test]
fn every_rule_passed_in_the_documented_order() {
    let verdict = Registration::by(person("p01")).verify().unwrap();
    let names: Vec<_> = verdict
        .outcomes
        .iter()
        .map(|each| each.rule.name())
        .collect();
    assert_eq!(
        names,
        [
            "attestation-object",
            "statement",
            "authenticator-data",
            "certificate-encoding",
            "certificate-version",
            "signature-algorithms",
            "anchor",
            "anchor-validity",
            "certificate-validity",
            "issuer-signature",
            "key-usage",
            "basic-constraints",
            "extended-key-usage",
            "certificate-policy",
            "extensions",
            "public-key",
            "serial-number",
            "statement-algorithm",
            "statement-signature",
            "revocation",
        ]
    );
    for each in verdict.outcomes {
        let expected = match each.rule {
            Rule::Revocation => Outcome::NotChecked,
            _ => Outcome::Passed,
        };
        assert_eq!(each.outcome, expected, "{}", each.rule);
    }
}

#[test]
fn debug_output_names_nobody() {
    let verdict = Registration::by(person("p01")).verify().unwrap();
    let text = format!("{verdict:?}");
    let decimal = |bytes: &[u8]| {
        let list: Vec<_> = bytes.iter().map(u8::to_string).collect();
        list.join(", ")
    };
    assert!(
        !text.contains(&decimal(verdict.holder.serial.as_bytes())),
        "{text}"
    );
    assert!(
        !text.contains(&decimal(verdict.holder.key_hash.as_bytes())),
        "{text}"
    );
    assert!(!text.contains("auth_data"), "{text}");
    assert!(text.contains("SerialNumber(sealed)"), "{text}");
    assert!(text.contains("NotChecked"), "{text}");
}

#[test]
fn the_rewrap_is_the_same_authenticator_data_without_statement() {
    let registration = Registration::by(person("p01"));
    let verdict = registration.verify().unwrap();
    let expected = cbor(&map([
        ("fmt", "none".into()),
        ("attStmt", map([])),
        ("authData", registration.auth_data.clone().into()),
    ]));
    assert_eq!(verdict.none_rewrap(), expected);
}

#[test]
fn without_profiles_nobody_vouches() {
    let refused = Registration::by(person("p01")).verify_under(&Profiles::new(), now());
    assert_eq!(refused, Err(Refused::UnknownIssuer));
}

// Altered statements.

/// `fmt: "none"` where an eID attestation is required would be a bypass.
#[test]
fn other_formats_are_refused_by_name() {
    for fmt in ["none", "packed", "eid-x508", "EID-X509"] {
        let registration = Registration {
            fmt: fmt.to_owned(),
            ..Registration::by(person("p01"))
        };
        let refused = registration.verify().unwrap_err();
        assert_eq!(
            refused,
            Refused::OtherFormat {
                format: fmt.to_owned()
            }
        );
        assert_eq!(refused.code(), "other-format");
    }
    let none = cbor(&map([
        ("fmt", "none".into()),
        ("attStmt", map([])),
        ("authData", auth_data().into()),
    ]));
    let refused = verify(&none, &hash(CLIENT_DATA), &only(lab()), None, now()).unwrap_err();
    assert_eq!(refused.rule(), Rule::Statement);
}

#[test]
fn a_format_that_is_no_identifier_does_not_reach_messages() {
    for fmt in ["", "none\nforged log line", &"x".repeat(33), "日本", "a\"b"] {
        let registration = Registration {
            fmt: fmt.to_owned(),
            ..Registration::by(person("p01"))
        };
        assert_eq!(
            registration.verify(),
            Err(Refused::Statement(StatementFault::FormatIdentifier))
        );
    }
}

#[test]
fn exactly_one_certificate_is_sent() {
    let good = Registration::by(person("p01"));
    let leaf = good.x5c[0].clone();
    let anchor = ca(3).certificate().to_vec();
    let cases = [vec![], vec![leaf.clone(), anchor], vec![leaf.clone(), leaf]];
    for x5c in cases {
        let count = x5c.len();
        let registration = Registration {
            x5c,
            ..good.clone()
        };
        assert_eq!(
            registration.verify(),
            Err(Refused::Statement(StatementFault::CertificateCount {
                count
            }))
        );
    }
}

#[test]
fn the_statement_has_exactly_its_members() {
    let good = Registration::by(person("p01"));
    let (alg, sig) = (
        ciborium::Value::from(-257),
        ciborium::Value::from(good.sig.clone()),
    );
    let x5c = ciborium::Value::Array(vec![good.x5c[0].clone().into()]);
    let refused = |statement| {
        let object = cbor(&map([
            ("fmt", "eid-x509".into()),
            ("attStmt", statement),
            ("authData", good.auth_data.clone().into()),
        ]));
        verify(&object, &hash(CLIENT_DATA), &only(lab()), None, now()).unwrap_err()
    };
    let members = |fault| Refused::Statement(StatementFault::Members(fault));
    let wrong_members = members(CborFault::WrongMembers { map: "attStmt" });

    let missing = map([("alg", alg.clone()), ("sig", sig.clone())]);
    assert_eq!(refused(missing), wrong_members);
    let one_more = map([
        ("alg", alg.clone()),
        ("sig", sig.clone()),
        ("x5c", x5c.clone()),
        ("zzz", 0.into()),
    ]);
    assert_eq!(refused(one_more), wrong_members);
    let other = map([
        ("alg", alg.clone()),
        ("sig", sig.clone()),
        ("x5d", x5c.clone()),
    ]);
    assert_eq!(refused(other), wrong_members);
    let text = map([
        ("alg", "RS256".into()),
        ("sig", sig.clone()),
        ("x5c", x5c.clone()),
    ]);
    assert_eq!(
        refused(text),
        members(CborFault::WrongType { member: "alg" })
    );
    let bare = map([
        ("alg", alg.clone()),
        ("sig", sig),
        ("x5c", good.x5c[0].clone().into()),
    ]);
    assert_eq!(
        refused(bare),
        members(CborFault::WrongType { member: "x5c" })
    );
    let text = map([("alg", alg), ("sig", "00".into()), ("x5c", x5c)]);
    assert_eq!(
        refused(text),
        members(CborFault::WrongType { member: "sig" })
    );
    assert_eq!(
        refused(ciborium::Value::Null),
        members(CborFault::WrongType { member: "attStmt" })
    );
}

#[test]
fn an_object_in_another_encoding_is_refused() {
    let good = Registration::by(person("p01"));
    let refused =
        |object: &[u8]| match verify(object, &hash(CLIENT_DATA), &only(lab()), None, now())
            .unwrap_err()
        {
            Refused::AttestationObject(fault) => fault,
            other => panic!("{other:?}"),
        };
    let object = good.object();

    let trailing = [&object[..], &[0]].concat();
    assert_eq!(refused(&trailing), CborFault::TrailingBytes { bytes: 1 });
    assert_eq!(refused(&object[..object.len() - 1]), CborFault::EndsEarly);
    assert_eq!(refused(&[]), CborFault::EndsEarly);

    let mut indefinite = object.clone();
    indefinite[0] = 0xbf;
    indefinite.push(0xff);
    assert_eq!(refused(&indefinite), CborFault::IndefiniteLength);

    let long_head = [&[0xb8, 3], &object[1..]].concat();
    assert_eq!(refused(&long_head), CborFault::NotShortest);

    let members = |order: [usize; 3]| {
        let pairs = [
            ("fmt", "eid-x509".into()),
            ("attStmt", good.statement()),
            ("authData", good.auth_data.clone().into()),
        ];
        cbor(&map(order.map(|index| pairs[index].clone())))
    };
    assert_eq!(members([0, 1, 2]), object);
    assert_eq!(refused(&members([2, 1, 0])), CborFault::KeyOrder);
    assert_eq!(refused(&members([0, 0, 2])), CborFault::KeyOrder);

    let wrong_members = CborFault::WrongMembers {
        map: "attestation object",
    };
    let two = cbor(&map([
        ("fmt", "eid-x509".into()),
        ("authData", good.auth_data.clone().into()),
    ]));
    assert_eq!(refused(&two), wrong_members);
    let four = cbor(&map([
        ("ep", true.into()),
        ("fmt", "eid-x509".into()),
        ("attStmt", good.statement()),
        ("authData", good.auth_data.clone().into()),
    ]));
    assert_eq!(refused(&four), wrong_members);

    // CTAP's integer keys are for the authenticator's answer; the attestation object has names.
    let mut ctap = vec![0xa3, 1];
    ctap.extend(cbor(&"eid-x509".into()));
    ctap.push(2);
    ctap.extend(cbor(&good.auth_data.clone().into()));
    ctap.push(3);
    ctap.extend(cbor(&good.statement()));
    assert!(matches!(refused(&ctap), CborFault::WrongType { .. }));

    let largest = vec![0; 16_384];
    assert_eq!(
        refused(&largest),
        CborFault::TrailingBytes { bytes: 16_383 }
    );
    let large = vec![0; 16_385];
    assert_eq!(
        refused(&large),
        CborFault::TooLarge {
            bytes: 16_385,
            limit: 16_384
        }
    );
}

/// The card signed authenticator data and client data hash: whoever changes a byte of either, of the signature or of the
/// certificate is refused, whatever the byte.
#[test]
fn no_byte_can_be_changed() {
    let good = Registration::by(person("p01"));
    let object = good.object();
    let client_data_hash = hash(CLIENT_DATA);
    let profiles = only(lab());
    assert!(verify(&object, &client_data_hash, &profiles, None, now()).is_ok());

    for place in 0..object.len() {
        let mut altered = object.clone();
        altered[place] ^= 0x01;
        let refused = verify(&altered, &client_data_hash, &profiles, None, now());
        assert!(refused.is_err(), "byte {place}");
    }
    for place in 0..client_data_hash.len() {
        let mut altered = client_data_hash;
        altered[place] ^= 0x80;
        let refused = verify(&object, &altered, &profiles, None, now());
        assert_eq!(refused, Err(Refused::StatementSignature), "byte {place}");
    }
}

#[test]
fn each_altered_region_is_refused_by_its_rule() {
    let good = Registration::by(person("p01"));
    let alter = |change: fn(&mut Registration)| {
        let mut altered = good.clone();
        change(&mut altered);
        altered.verify().unwrap_err()
    };
    let flip = |bytes: &mut Vec<u8>, place: usize| bytes[place] ^= 0x01;
    // Another RP ID, another credential ID, another credential key, another client data.
    for place in [0, 60, 100] {
        let mut altered = good.clone();
        flip(&mut altered.auth_data, place);
        assert_eq!(
            altered.verify(),
            Err(Refused::StatementSignature),
            "{place}"
        );
    }
    assert_eq!(
        alter(|it| it.client_data.push(b' ')),
        Refused::StatementSignature
    );
    assert_eq!(alter(|it| it.sig[0] ^= 1), Refused::StatementSignature);
    assert_eq!(
        alter(|it| it.sig.truncate(255)),
        Refused::StatementSignature
    );
    assert_eq!(alter(|it| it.sig.push(0)), Refused::StatementSignature);
    assert_eq!(alter(|it| it.sig.insert(0, 0)), Refused::StatementSignature);
    assert_eq!(alter(|it| it.sig.clear()), Refused::StatementSignature);
    assert_eq!(
        alter(|it| *it.x5c[0].last_mut().unwrap() ^= 1),
        Refused::IssuerSignature
    );
    assert_eq!(
        alter(|it| it.x5c[0].push(0)),
        Refused::Encoding(EncodingFault::TrailingBytes { bytes: 1 })
    );
}

/// A certificate proves nothing about whoever merely has a copy of it.
#[test]
fn a_certificate_with_another_persons_signature_is_refused() {
    let registration = Registration::signed(&person("p01").certificate, &person("p05").key);
    assert_eq!(registration.verify(), Err(Refused::StatementSignature));
}

#[test]
fn alg_must_be_admitted_and_fit_the_key() {
    // ES256, RS384, RS512, PS256, EdDSA, RS1, and numbers that mean nothing.
    for alg in [-7, -258, -259, -37, -8, -65535, 0, 1, i64::MIN, i64::MAX] {
        let registration = Registration {
            alg,
            ..Registration::by(person("p01"))
        };
        let profile = "lab".to_owned();
        assert_eq!(
            registration.verify(),
            Err(Refused::StatementAlgorithmNotAdmitted { alg, profile })
        );
    }
}
