//! Sign-ins that a relying party accepts, and those that it refuses.

use crate::attested::{client_data, signed};
use crate::authenticator::{auth_data_head, flag, sign_in};
use crate::bytes::{Hex, sha256};
use crate::ceremonies::Ceremonies;
use crate::keys::{self, EcKey};
use crate::model::{Assertion, ExpectedAssertion, Refusal};
use crate::world::{ORIGIN, RP_ID, World};

pub(crate) fn accepted(ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    ceremonies.sign_ins()
}

/// Each is the usual sign-in with one thing wrong.
pub(crate) fn refused(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    let usual = sign_in(&ceremonies.usual_sign_in());
    let key = &ceremonies.usual.key;
    let challenge = usual.relying_party.challenge.0.clone();
    let refused = |name: &str, about: &str, check, change: &dyn Fn(&mut Assertion)| {
        let mut assertion = Assertion {
            name: name.to_owned(),
            about: about.to_owned(),
            expected: ExpectedAssertion::Refused(Refusal::WebAuthn { check }),
            authenticator: None,
            ..usual.clone()
        };
        change(&mut assertion);
        assertion.client_data_hash = sha256(assertion.client_data_json.as_bytes()).into();
        assertion.signed =
            signed(&assertion.authenticator_data.0, &assertion.client_data_json).into();
        assertion
    };
    // Signed by the credential's key as it is.
    let with_data = |name, about, check, data: String| {
        refused(name, about, check, &|it| {
            it.client_data_json = data.clone();
            it.signature = key.sign(&signed(&it.authenticator_data.0, &data)).into();
        })
    };
    let with_auth_data = |name, about, check, data: Vec<u8>| {
        refused(name, about, check, &|it| {
            it.authenticator_data = (&data).into();
            it.signature = key.sign(&signed(&data, &it.client_data_json)).into();
        })
    };
    let with_signature = |name, about, signature: Vec<u8>| {
        refused(name, about, "signature", &|it| {
            it.signature = (&signature).into();
        })
    };
    let head = |flags| auth_data_head(RP_ID, flags);
    let hash = sha256(usual.client_data_json.as_bytes());
    let probe = Assertion {
        expected: ExpectedAssertion::Refused(Refusal::WebAuthn {
            check: "user_present",
        }),
        ..ceremonies.silent_probe()
    };
    vec![
        probe,
        with_data(
            "client_data_of_a_registration",
            "Client data of type webauthn.create.",
            "type",
            client_data("webauthn.create", &challenge, ORIGIN),
        ),
        with_data(
            "other_challenge",
            "A sign-in for another challenge: replayed, or relayed.",
            "challenge",
            client_data("webauthn.get", &[7; 32], ORIGIN),
        ),
        with_data(
            "other_origin",
            "The person signed in at another origin.",
            "origin",
            client_data("webauthn.get", &challenge, "https://example.com"),
        ),
        with_auth_data(
            "other_rp_id",
            "The authenticator data is for another RP ID.",
            "rp_id",
            auth_data_head("example.com", flag::UP | flag::UV | flag::BE),
        ),
        with_auth_data(
            "user_not_present",
            "UP is not set.",
            "user_present",
            head(flag::UV | flag::BE),
        ),
        with_auth_data(
            "user_not_verified",
            "UV is not set: no PIN.",
            "user_verified",
            head(flag::UP | flag::BE),
        ),
        with_auth_data(
            "no_longer_backup_eligible",
            "BE was set at registration and is not now.",
            "backup_flags",
            head(flag::UP | flag::UV),
        ),
        with_auth_data(
            "backed_up_but_not_eligible",
            "BS without BE.",
            "backup_flags",
            head(flag::UP | flag::UV | flag::BS),
        ),
        with_auth_data(
            "auth_data_cut_off",
            "It ends inside the signature counter.",
            "authenticator_data",
            head(flag::UP | flag::UV | flag::BE)[..36].to_vec(),
        ),
        with_signature(
            "signed_by_another_credential",
            "The key of another credential of the same person.",
            ceremonies.second_account.key.sign(&usual.signed.0),
        ),
        with_signature(
            "signed_by_the_card",
            "An RS256 signature by the card itself in place of the credential's.",
            keys::rs256(&world.card.key, &usual.signed.0),
        ),
        with_signature(
            "hash_of_the_client_data_alone_signed",
            "The authenticator data is not signed.",
            key.sign(&hash),
        ),
        with_signature("signature_empty", "No signature.", Vec::new()),
        with_signature(
            "signature_of_zeros",
            "r = s = 0.",
            vec![0x30, 6, 2, 1, 0, 2, 1, 0],
        ),
        with_signature(
            "signature_with_trailing_byte",
            "One byte after the Ecdsa-Sig-Value.",
            [&usual.signature.0[..], &[0]].concat(),
        ),
        with_signature(
            "signature_of_the_registration",
            "The signature of the packed self attestation, made with the same key.",
            EcKey::sign(key, &ceremonies.usual.attested.signed()),
        ),
        refused(
            "credential_of_another_account",
            "The credential named is the other account's, whose key did not sign.",
            "signature",
            &|it| {
                it.registration = ceremonies.second_account.name.to_owned();
                it.credential_id = ceremonies.second_account.binding.id().into();
                it.public_key_cose = ceremonies.second_account.public_key_cose().into();
                it.user_handle = Some(Hex(ceremonies.second_account.attested.user_handle.clone()));
                it.relying_party.user_handle =
                    Hex(ceremonies.second_account.attested.user_handle.clone());
            },
        ),
    ]
}
