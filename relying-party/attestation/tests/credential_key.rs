//! The credential's key: read strictly, and the certificate's own only if it is that to the last bit.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use ciborium::Value;
use eid_attestation::{
    AuthenticatorDataFault, CborFault, CredentialKey, CredentialKeyFault, Refused,
    explain_certificate, explain_registration,
};
use rsa::traits::PublicKeyParts;
use support::*;

const FLAGS: u8 = flag::UP | flag::UV | flag::AT;
const E: &[u8] = &[1, 0, 1];

fn encoded(members: &[(i64, Value)]) -> Vec<u8> {
    let pair = |(label, value): &(i64, Value)| (Value::from(*label), value.clone());
    cbor(&Value::Map(members.iter().map(pair).collect()))
}

fn rsa_key(n: &[u8], e: &[u8]) -> Vec<u8> {
    encoded(&[
        (1, 3.into()),
        (3, (-257).into()),
        (-1, Value::Bytes(n.to_vec())),
        (-2, Value::Bytes(e.to_vec())),
    ])
}

fn ec_key(alg: i64, crv: i64, x: &[u8], y: &[u8]) -> Vec<u8> {
    encoded(&[
        (1, 2.into()),
        (3, alg.into()),
        (-1, crv.into()),
        (-2, Value::Bytes(x.to_vec())),
        (-3, Value::Bytes(y.to_vec())),
    ])
}

/// p01's modulus.
fn modulus() -> Vec<u8> {
    person("p01").key.n().to_bytes_be()
}

/// A registration of a credential with this key, attested by p01.
fn with(key: &[u8]) -> Registration {
    let holder = person("p01");
    let data = auth_data_with(FLAGS, &[7; 49], key);
    Registration::signed_over(data, &holder.certificate, &holder.key)
}

fn whose(key: &[u8]) -> CredentialKey {
    with(key).verify().unwrap().credential_key
}

fn fault(key: &[u8]) -> CredentialKeyFault {
    match with(key).verify().unwrap_err() {
        Refused::AuthenticatorData(AuthenticatorDataFault::CredentialKey(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_cards_own_key_is_recognised() {
    assert_eq!(whose(&rsa_key(&modulus(), E)), CredentialKey::Certificate);
    assert_eq!(whose(&cose_key()), CredentialKey::Other);
}

#[test]
fn a_key_that_is_almost_the_cards_is_another() {
    let n = modulus();
    for place in [0, 1, 128, 254, 255] {
        let mut almost = n.clone();
        almost[place] ^= 0x10;
        assert_eq!(whose(&rsa_key(&almost, E)), CredentialKey::Other, "{place}");
    }
    // One byte more or less, where the rest is the same.
    let longer = [&n[..], &[1]].concat();
    assert_eq!(whose(&rsa_key(&longer, E)), CredentialKey::Other);
    let longer = [&[1], &n[..]].concat();
    assert_eq!(whose(&rsa_key(&longer, E)), CredentialKey::Other);
    let of_another_card = person("p02").key.n().to_bytes_be();
    assert_eq!(whose(&rsa_key(&of_another_card, E)), CredentialKey::Other);
}

#[test]
fn numbers_of_rsa_keys_have_one_encoding_and_a_sensible_size() {
    use CredentialKeyFault::{LeadingZero, RsaExponent, RsaSize};
    let n = modulus();
    let padded = [&[0], &n[..]].concat();
    assert_eq!(fault(&rsa_key(&padded, E)), LeadingZero { member: "n" });
    assert_eq!(
        fault(&rsa_key(&n, &[0, 1, 0, 1])),
        LeadingZero { member: "e" }
    );
    for exponent in [&[3][..], &[1], &[1, 0, 3], &[1, 0, 1, 0], &[]] {
        assert_eq!(
            fault(&rsa_key(&n, exponent)),
            RsaExponent,
            "{exponent:02x?}"
        );
    }
    let sized = |bytes: usize, first: u8| {
        let mut n = vec![0xff; bytes];
        n[0] = first;
        rsa_key(&n, E)
    };
    assert_eq!(fault(&sized(256, 0x7f)), RsaSize { bits: 2047 });
    assert_eq!(fault(&sized(1025, 0x01)), RsaSize { bits: 8193 });
    assert_eq!(fault(&rsa_key(&[], E)), RsaSize { bits: 0 });
    for (bytes, first) in [(256, 0x80), (257, 0x01), (384, 0xff), (1024, 0xff)] {
        assert_eq!(whose(&sized(bytes, first)), CredentialKey::Other, "{bytes}");
    }
}

#[test]
fn a_key_has_exactly_the_members_of_its_type() {
    let wrong = CredentialKeyFault::Encoding(CborFault::WrongMembers {
        map: "credentialPublicKey",
    });
    let n = || Value::Bytes(modulus());
    let e = || Value::Bytes(E.to_vec());
    let head = [(1, 3.into()), (3, (-257).into())];
    let rsa = |members: &[(i64, Value)]| fault(&encoded(&[&head[..], members].concat()));
    assert_eq!(rsa(&[(-1, n())]), wrong);
    assert_eq!(rsa(&[(-1, n()), (-3, e())]), wrong);
    // d: a private key.
    assert_eq!(rsa(&[(-1, n()), (-2, e()), (-3, n())]), wrong);
    let type_of = |member| CredentialKeyFault::Encoding(CborFault::WrongType { member });
    assert_eq!(rsa(&[(-1, n()), (-2, 65537.into())]), type_of("e"));
    assert_eq!(rsa(&[(-1, 65537.into()), (-2, e())]), type_of("n"));
    let with_key_id = encoded(&[
        (1, 3.into()),
        (2, Value::Bytes(vec![1])),
        (3, (-257).into()),
        (-1, n()),
        (-2, e()),
    ]);
    assert_eq!(fault(&with_key_id), wrong);

    let point = || Value::Bytes(vec![0x11; 32]);
    let head = [(1, 2.into()), (3, (-7).into()), (-1, 1.into())];
    let ec = |members: &[(i64, Value)]| fault(&encoded(&[&head[..], members].concat()));
    assert_eq!(ec(&[(-2, point())]), wrong);
    assert_eq!(ec(&[(-2, point()), (-4, point())]), wrong);
    assert_eq!(ec(&[(-2, point()), (-3, point()), (-4, point())]), wrong);
    // RFC 9053 allows the sign of y alone; WebAuthn does not.
    assert_eq!(ec(&[(-2, point()), (-3, true.into())]), type_of("y"));
}

#[test]
fn type_curve_and_algorithm_belong_together() {
    use CredentialKeyFault::{CoordinateLength, Curve, KeyType, RsaAlgorithm};
    // RS512: what the card signs so is a secret of its authenticator. RS384, RS1, PS256.
    for alg in [-259, -258, -65535, -37] {
        let key = encoded(&[
            (1, 3.into()),
            (3, alg.into()),
            (-1, Value::Bytes(modulus())),
            (-2, Value::Bytes(E.to_vec())),
        ]);
        assert_eq!(fault(&key), RsaAlgorithm { alg });
    }
    for (kty, alg) in [(2, -257), (1, -7), (1, -35), (3, -7)] {
        let key = encoded(&[(1, kty.into()), (3, alg.into())]);
        let expected = match kty {
            3 => RsaAlgorithm { alg },
            _ => KeyType { alg },
        };
        assert_eq!(fault(&key), expected, "{kty} {alg}");
    }
    assert_eq!(fault(&ec_key(-7, 2, &[0x11; 48], &[0x22; 48])), Curve);
    assert_eq!(fault(&ec_key(-35, 1, &[0x11; 32], &[0x22; 32])), Curve);
    for (alg, crv, length) in [(-7, 1, 32), (-35, 2, 48)] {
        for (x, y) in [(length - 1, length), (length + 1, length), (length, 0)] {
            let bytes = if x == length { y } else { x };
            assert_eq!(
                fault(&ec_key(alg, crv, &vec![0x11; x], &vec![0x22; y])),
                CoordinateLength { bytes, length }
            );
        }
    }
}

/// Which algorithms a relying party offers is its own affair; those that no certificate has are passed over here.
#[test]
fn keys_of_other_algorithms_are_other_keys() {
    let ed25519 = encoded(&[
        (1, 1.into()),
        (3, (-8).into()),
        (-1, 6.into()),
        (-2, Value::Bytes(vec![0x33; 32])),
    ]);
    let p521 = ec_key(-36, 3, &[1; 66], &[2; 66]);
    for key in [ed25519, p521] {
        assert_eq!(whose(&key), CredentialKey::Other);
    }
}

#[test]
fn a_report_says_it_too_as_far_as_it_can() {
    let registration = with(&rsa_key(&modulus(), E));
    let report =
        |object: &[u8]| explain_registration(object, &hash(CLIENT_DATA), &only(lab()), None, now());
    let found = report(&registration.object()).credential_key;
    assert_eq!(found, Some(CredentialKey::Certificate));
    let other_format = Registration {
        fmt: "packed".to_owned(),
        ..registration
    };
    assert_eq!(report(&other_format.object()).credential_key, None);
    let certificate = &person("p01").certificate;
    let alone = explain_certificate(certificate, &lab(), now());
    assert_eq!(alone.credential_key, None);
}
