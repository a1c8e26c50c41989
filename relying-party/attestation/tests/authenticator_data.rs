//! Authenticator data, signed by the card as it is: what the card signed must still be unambiguous.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::{AuthenticatorDataFault, CborFault, CredentialKeyFault, Refused};
use support::*;

fn refused_auth_data(auth_data: Vec<u8>) -> AuthenticatorDataFault {
    let holder = person("p01");
    let registration = Registration::signed_over(auth_data, &holder.certificate, &holder.key);
    match registration.verify().unwrap_err() {
        Refused::AuthenticatorData(fault) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn flags_must_tell_of_a_verified_user_and_a_credential() {
    use flag::{AT, BE, BS, UP, UV};
    let with = |flags| refused_auth_data(auth_data_with(flags, &[7; 32], &cose_key()));
    assert_eq!(with(UV | AT), AuthenticatorDataFault::UserNotPresent);
    assert_eq!(with(UP | AT), AuthenticatorDataFault::UserNotVerified);
    assert_eq!(with(UP | UV), AuthenticatorDataFault::NoCredential);
    assert_eq!(
        with(UP | UV | AT | BS),
        AuthenticatorDataFault::BackedUpButNotEligible
    );
    let holder = person("p01");
    for flags in [UP | UV | AT, UP | UV | AT | BE, UP | UV | AT | BE | BS] {
        let data = auth_data_with(flags, &[7; 32], &cose_key());
        let registration = Registration::signed_over(data, &holder.certificate, &holder.key);
        assert!(registration.verify().is_ok(), "{flags:#x}");
    }
}

#[test]
fn authenticator_data_is_complete_and_nothing_is_left_over() {
    let good = auth_data();
    for length in 0..good.len() {
        let fault = refused_auth_data(good[..length].to_vec());
        assert!(
            matches!(
                fault,
                AuthenticatorDataFault::EndsEarly
                    | AuthenticatorDataFault::CredentialKey(CredentialKeyFault::Encoding(
                        CborFault::EndsEarly
                    ))
            ),
            "{length}: {fault:?}"
        );
    }
    assert_eq!(
        refused_auth_data([&good[..], &[0xa0]].concat()),
        AuthenticatorDataFault::TrailingBytes { bytes: 1 }
    );
}

#[test]
fn extension_outputs_are_there_exactly_when_their_flag_says_so() {
    use flag::{AT, ED, UP, UV};
    let with =
        |flags, after: &[u8]| auth_data_with(flags, &[7; 32], &[&cose_key(), after].concat());
    let outputs = cbor(&map([("credProtect", 2.into())]));
    assert_eq!(
        refused_auth_data(with(UP | UV | AT, &outputs)),
        AuthenticatorDataFault::TrailingBytes {
            bytes: outputs.len()
        }
    );
    assert_eq!(
        refused_auth_data(with(UP | UV | AT | ED, &[])),
        AuthenticatorDataFault::Extensions(CborFault::EndsEarly)
    );
    assert_eq!(
        refused_auth_data(with(UP | UV | AT | ED, &[0x80])),
        AuthenticatorDataFault::Extensions(CborFault::WrongType {
            member: "extensions"
        })
    );
    assert_eq!(
        refused_auth_data(with(UP | UV | AT | ED, &[0xbf, 0xff])),
        AuthenticatorDataFault::Extensions(CborFault::IndefiniteLength)
    );
    let holder = person("p01");
    let data = with(UP | UV | AT | ED, &outputs);
    let registration = Registration::signed_over(data, &holder.certificate, &holder.key);
    assert!(registration.verify().is_ok());
}

#[test]
fn the_credential_id_has_a_sensible_length() {
    let flags = flag::UP | flag::UV | flag::AT;
    for bytes in [0, 1024] {
        assert_eq!(
            refused_auth_data(auth_data_with(flags, &vec![7; bytes], &cose_key())),
            AuthenticatorDataFault::CredentialIdLength { bytes }
        );
    }
    let holder = person("p01");
    for bytes in [1, 1023] {
        let data = auth_data_with(flags, &vec![7; bytes], &cose_key());
        let registration = Registration::signed_over(data, &holder.certificate, &holder.key);
        assert!(registration.verify().is_ok(), "{bytes}");
    }
}

#[test]
fn the_credential_key_is_canonical_and_has_its_type_and_algorithm() {
    let flags = flag::UP | flag::UV | flag::AT;
    let with = |key: &[u8]| match refused_auth_data(auth_data_with(flags, &[7; 32], key)) {
        AuthenticatorDataFault::CredentialKey(CredentialKeyFault::Encoding(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let wrong_members = CborFault::WrongMembers {
        map: "credentialPublicKey",
    };
    assert_eq!(with(b"\xa1\x01\x02"), wrong_members);
    assert_eq!(with(b"\xa1\x03\x26"), wrong_members);
    assert_eq!(with(b"\xa2\x03\x26\x01\x02"), CborFault::KeyOrder);
    assert_eq!(with(b"\xa2\x01\x18\x02\x03\x26"), CborFault::NotShortest);
    assert_eq!(
        with(b"\xa2\x01\x61\x32\x03\x26"),
        CborFault::WrongType { member: "kty" }
    );
    assert_eq!(
        with(b"\x82\x01\x02"),
        CborFault::WrongType {
            member: "credentialPublicKey"
        }
    );
}
