//! Bytes from anywhere: never a panic, never a verdict.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::sync::OnceLock;

use eid_attestation::{
    Profile, Profiles, Refused, explain_certificate, explain_registration, verify,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use support::*;

const TEST_CARD: &[u8] = include_bytes!("fixtures/jpki-test-authentication.cer");

fn good() -> &'static Registration {
    static GOOD: OnceLock<Registration> = OnceLock::new();
    GOOD.get_or_init(|| Registration::by(person("p01")))
}

fn profiles() -> &'static Profiles {
    static PROFILES: OnceLock<Profiles> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let mut profiles = only(lab());
        for name in ["jpki", "jpki-test"] {
            profiles.insert(Profile::builtin(name).unwrap()).unwrap();
        }
        profiles
    })
}

/// Verifies, explains, and makes sure that both say the same.
fn refusal(object: &[u8]) -> Option<Refused> {
    let hash = hash(CLIENT_DATA);
    let report = explain_registration(object, &hash, profiles(), None, now());
    let refused = verify(object, &hash, profiles(), None, now()).err();
    assert_eq!(report.refused(), refused.as_ref());
    if let Some(refused) = &refused {
        // Every refusal can be said, and tells its rule.
        assert!(!refused.to_string().is_empty());
        assert!(!refused.code().is_empty());
        assert!(!matches!(refused, Refused::NotJudged { .. }), "{refused:?}");
    }
    refused
}

/// One way to damage bytes.
#[derive(Clone, Debug)]
enum Damage {
    Change(Index, u8),
    Remove(Index, Index),
    Insert(Index, Vec<u8>),
    Duplicate(Index, Index),
    Cut(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => (any::<Index>(), 1..=255u8).prop_map(|(at, by)| Damage::Change(at, by)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::Remove(a, b)),
        1 => (any::<Index>(), vec(any::<u8>(), 1..8)).prop_map(|(at, it)| Damage::Insert(at, it)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::Duplicate(a, b)),
        1 => any::<Index>().prop_map(Damage::Cut),
    ]
}

fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let span = |a: &Index, b: &Index| {
            let (a, b) = (a.index(bytes.len()), b.index(bytes.len()));
            a.min(b)..(a.max(b) + 1).min(a.min(b) + 64)
        };
        match damage {
            Damage::Change(at, by) => {
                let at = at.index(bytes.len());
                bytes[at] ^= by;
            }
            Damage::Remove(a, b) => {
                let span = span(a, b);
                bytes.drain(span);
            }
            Damage::Insert(at, inserted) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, inserted.iter().copied());
            }
            Damage::Duplicate(a, b) => {
                let span = span(a, b);
                let copy = bytes[span.clone()].to_vec();
                bytes.splice(span.end..span.end, copy);
            }
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn arbitrary_bytes_are_refused(bytes in vec(any::<u8>(), 0..2048)) {
        prop_assert!(refusal(&bytes).is_some());
        let profile = Profile::builtin("jpki-test").unwrap();
        prop_assert!(explain_certificate(&bytes, &profile, now()).refused().is_some());
    }

    #[test]
    fn damaged_objects_are_refused(damages in vec(damage(), 1..5)) {
        let object = good().object();
        let altered = damaged(&object, &damages);
        prop_assume!(altered != object);
        prop_assert!(refusal(&altered).is_some());
    }

    /// The CBOR around them is faultless, so that the damage reaches the certificate's reader.
    #[test]
    fn damaged_certificates_are_refused(damages in vec(damage(), 1..5)) {
        let mut registration = good().clone();
        let certificate = damaged(&registration.x5c[0], &damages);
        prop_assume!(certificate != registration.x5c[0]);
        registration.x5c[0] = certificate;
        prop_assert!(refusal(&registration.object()).is_some());
    }

    #[test]
    fn damaged_authenticator_data_is_refused(damages in vec(damage(), 1..5)) {
        let mut registration = good().clone();
        let auth_data = damaged(&registration.auth_data, &damages);
        prop_assume!(auth_data != registration.auth_data);
        registration.auth_data = auth_data;
        prop_assert!(refusal(&registration.object()).is_some());
    }

    #[test]
    fn a_damaged_certificate_of_a_real_card_is_refused(damages in vec(damage(), 1..5)) {
        let altered = damaged(TEST_CARD, &damages);
        prop_assume!(altered != TEST_CARD);
        let profile = Profile::builtin("jpki-test").unwrap();
        let at = eid_attestation::UnixTime::from_secs(1_780_272_000);
        prop_assert!(explain_certificate(&altered, &profile, at).refused().is_some());
    }

    /// Signed by the CA after the damage: whatever is still read as a certificate is judged by the rules alone.
    #[test]
    fn a_damaged_certificate_that_the_ca_signs_does_not_panic(damages in vec(damage(), 1..4)) {
        let certificate = resigned(ca(3), &good().x5c[0], |fields| {
            let inside = fields.concat();
            *fields = vec![damaged(&inside, &damages)];
        });
        let key = &person("p01").key;
        let _ = refusal(&Registration::signed(&certificate, key).object());
    }

    /// Signed by the holder after the damage: whatever is accepted is complete authenticator data.
    #[test]
    fn damaged_authenticator_data_that_the_card_signs_does_not_panic(damages in vec(damage(), 1..4)) {
        let holder = person("p01");
        let auth_data = damaged(&auth_data(), &damages);
        let registration = Registration::signed_over(auth_data, &holder.certificate, &holder.key);
        let _ = refusal(&registration.object());
    }

    #[test]
    fn arbitrary_profiles_do_not_panic(text in ".{0,200}", damages in vec(damage(), 1..6)) {
        let read = |_: &str| Err(std::io::ErrorKind::NotFound.into());
        prop_assert!(Profile::from_toml(&text, &read).is_err());
        let lab = damaged(include_bytes!("../profiles/lab.toml"), &damages);
        let _ = Profile::from_toml(&String::from_utf8_lossy(&lab), &read);
    }

    #[test]
    fn arbitrary_anchors_are_refused(damages in vec(damage(), 1..5)) {
        let anchor = damaged(ca(3).certificate(), &damages);
        prop_assume!(anchor != ca(3).certificate());
        let mut profile = Profile::builtin("lab").unwrap();
        prop_assert!(profile.add_anchor("x", &anchor).is_err());
    }
}
