//! The test vectors (`tests/vectors`), made again byte for byte from request, randomness and card key: what the card is asked
//! to sign, what is stored, and what is answered.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test's helpers may fail the test, and are pub for the test's other modules"
)]

mod files;
mod ports;

use std::collections::VecDeque;
use std::time::Duration;

use authenticator_core::{Authenticator, CredentialRecord, Moment, Session, Transport};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};

use files::{
    Asserting, Credential, Hex, Installation, Opened, Registering, Sealed, Stored, Vector,
    made_by_us, read,
};
use ports::{Randomness, VectorCard, VectorStorage};

#[test]
fn every_registration_is_made_again() {
    let vectors = made_by_us::<Registering>(["registrations/accepted", "registrations/refused"]);
    assert_eq!(vectors.len(), 15);
    for Vector {
        name,
        kind,
        format,
        signed,
        authenticator: vector,
    } in vectors
    {
        let mut card = VectorCard::new(&vector.card);
        let mut person = vector.person;
        let mut storage = VectorStorage {
            installation: vector.installation.clone(),
            records: Vec::new(),
            disclosures: Vec::new(),
        };
        let mut rng = Randomness::of(&vector.randomness);
        let mut session = Session::power_up(Duration::ZERO);
        let mut authenticator =
            Authenticator::new(&mut card, &mut person, &mut storage, &mut session);
        let outcome = authenticator.handle(
            &vector.request.0,
            Transport::Internal,
            &mut Moment {
                now: vector.now,
                elapsed: Duration::ZERO,
                rng: &mut rng,
            },
        );
        assert_eq!(outcome.failure, None, "{name}");
        assert_eq!(Hex(outcome.response), vector.response, "{name}");
        assert!(rng.0.is_empty(), "{name}: randomness was left over");
        assert!(
            storage.records == [vector.stored.record()],
            "{name}: another record was stored"
        );
        assert_eq!(vector.stored.id, vector.credential.id, "{name}");

        let asked: Vec<&Opened> = vector.sealed.iter().map(|sealed| &sealed.opened).collect();
        check_signed(&name, &card, &asked);
        let disclosed: Vec<&str> = storage
            .disclosures
            .iter()
            .map(|disclosure| disclosure.what.name())
            .collect();
        let expected: Vec<&str> = vector.disclosed.as_deref().into_iter().collect();
        assert_eq!(disclosed, expected, "{name}");
        let by_card = match format.as_deref() {
            Some("eid-x509") => true,
            Some("packed") => kind == "card",
            _ => false,
        };
        let by_card = by_card.then(|| digest(&signed));
        assert_eq!(
            card.signed_sha256,
            by_card.as_slice(),
            "{name}: RS256 by the card"
        );
        for sealed in &vector.sealed {
            check_sealed(&name, &vector.installation, sealed);
        }
        check_id(&name, &vector.credential);
        let private_key = vector.sealed.iter().find(|one| one.opened.what == "key");
        assert_eq!(
            private_key.map(|sealed| &sealed.plaintext),
            vector.credential.private_key.as_ref(),
            "{name}"
        );
    }
}

#[test]
fn every_assertion_is_made_again() {
    let vectors = made_by_us::<Asserting>(["assertions/accepted", "assertions/refused"]);
    assert_eq!(vectors.len(), 17);
    for Vector {
        name,
        kind,
        signed,
        authenticator: vector,
        ..
    } in vectors
    {
        let mut card = VectorCard::new(&vector.card);
        let is_silent = vector.person.is_none();
        let mut person = vector.person.unwrap_or_default();
        let records = vector.stored.iter().map(|registration| {
            let file = format!("registrations/accepted/{registration}.json");
            let file: serde_json::Value = read(&files::vectors().join(file));
            let stored = file["authenticator"]["stored"].clone();
            let stored: Stored = serde_json::from_value(stored).unwrap();
            CredentialRecord {
                backed_up: vector.backed_up,
                ..stored.record()
            }
        });
        let mut storage = VectorStorage {
            installation: vector.installation.clone(),
            records: records.collect(),
            disclosures: Vec::new(),
        };
        let mut rng = Randomness(VecDeque::new());
        let mut session = Session::power_up(Duration::ZERO);
        let mut authenticator =
            Authenticator::new(&mut card, &mut person, &mut storage, &mut session);
        let outcome = authenticator.handle(
            &vector.request.0,
            Transport::Internal,
            &mut Moment {
                now: vector.now,
                elapsed: Duration::ZERO,
                rng: &mut rng,
            },
        );
        assert_eq!(outcome.failure, None, "{name}");
        assert_eq!(Hex(outcome.response), vector.response, "{name}");
        assert_eq!(person.choose_account, None, "{name}: nobody was asked");
        check_signed(&name, &card, &vector.opened.iter().collect::<Vec<_>>());
        let by_card = (kind == "card" && !is_silent).then(|| digest(&signed));
        assert_eq!(
            card.signed_sha256,
            by_card.as_slice(),
            "{name}: RS256 by the card"
        );
    }
}

fn digest(signed: &Hex) -> Hex {
    Hex(Sha256::digest(&signed.0).to_vec())
}

/// What the file shows of the way to the credential's ID is that way.
fn check_id(name: &str, credential: &Credential) {
    let tag = match &credential.id_key {
        Some(key) => {
            let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key.0).unwrap();
            mac.update(&credential.id_input.0);
            mac.finalize().into_bytes().to_vec()
        }
        None => Sha256::digest(&credential.id_input.0).to_vec(),
    };
    assert_eq!(credential.id.0[33..], tag[..16], "{name}: tag of the ID");
    let has_nonce = |part: &[u8]| part == &credential.id.0[1..33];
    assert!(credential.id_input.0.windows(32).any(has_nonce), "{name}");
}

/// The card was asked to sign exactly these messages, in this order, and signed as the file says.
fn check_signed(name: &str, card: &VectorCard, expected: &[&Opened]) {
    let expected: Vec<(Hex, Hex)> = expected
        .iter()
        .map(|opened| {
            let digest = Sha512::digest(&opened.message.0).to_vec();
            assert_eq!(Hex(digest), opened.message_sha512, "{name}");
            (opened.message_sha512.clone(), opened.card_signature.clone())
        })
        .collect();
    assert_eq!(card.signed_sha512, expected, "{name}");
}

/// What the file shows of the way from the signature to the sealed bytes is that way.
fn check_sealed(name: &str, installation: &Installation, sealed: &Sealed) {
    let opened = &sealed.opened;
    let what = &opened.what;
    let mut kek = [0; 32];
    Hkdf::<Sha256>::new(
        Some(&installation.device_secret.0),
        &opened.card_signature.0,
    )
    .expand(opened.label(), &mut kek)
    .unwrap();
    assert_eq!(Hex(kek.to_vec()), opened.kek, "{name}: KEK of the {what}");
    let (head, ciphertext) = sealed.sealed.0.split_at(25);
    assert_eq!(head[0], 1, "{name}: version of the sealed {what}");
    assert_eq!(head[1..], sealed.nonce.0, "{name}: nonce of the {what}");
    let payload = Payload {
        msg: ciphertext,
        aad: &sealed.associated_data.0,
    };
    let plaintext = XChaCha20Poly1305::new(&kek.into())
        .decrypt(sealed.nonce.0.as_slice().into(), payload)
        .unwrap();
    assert_eq!(Hex(plaintext), sealed.plaintext, "{name}: the {what}");
}
