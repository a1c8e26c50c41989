//! Sign-ins that a relying party accepts, and those that it refuses.

use rsa::Pkcs1v15Sign;

use crate::attested::{client_data, signed};
use crate::authenticator::{auth_data_head, flag, sign_in};
use crate::bytes::{Hex, sha256};
use crate::ceremonies::Ceremonies;
use crate::credential::CredentialKey;
use crate::keys;
use crate::model::{Assertion, ExpectedAssertion, Refusal};
use crate::world::{ORIGIN, RP_ID, World};

pub(crate) fn accepted(ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    ceremonies.sign_ins()
}

/// Each is one of two sign-ins, with a credential of either kind, with one thing wrong.
pub(crate) fn refused(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    [
        probes(ceremonies),
        pairwise(world, ceremonies),
        card(world, ceremonies),
    ]
    .concat()
}

fn probes(ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    let refused = |probe| Assertion {
        expected: ExpectedAssertion::Refused(Refusal::WebAuthn {
            check: "user_present",
        }),
        ..probe
    };
    ceremonies
        .silent_probes()
        .into_iter()
        .map(refused)
        .collect()
}

/// A good sign-in, and the key that made its signature.
struct Good<'a> {
    assertion: Assertion,
    key: &'a CredentialKey<'a>,
}

impl Good<'_> {
    /// With something else.
    fn refused(
        &self,
        name: &str,
        about: &str,
        check: &'static str,
        change: impl FnOnce(&mut Assertion),
    ) -> Assertion {
        let mut assertion = Assertion {
            name: name.to_owned(),
            about: about.to_owned(),
            expected: ExpectedAssertion::Refused(Refusal::WebAuthn { check }),
            authenticator: None,
            ..self.assertion.clone()
        };
        change(&mut assertion);
        assertion.client_data_hash = sha256(assertion.client_data_json.as_bytes()).into();
        assertion.signed =
            signed(&assertion.authenticator_data.0, &assertion.client_data_json).into();
        assertion
    }

    /// With other client data, signed by the credential's key as it is.
    fn with_data(&self, name: &str, about: &str, check: &'static str, data: String) -> Assertion {
        self.refused(name, about, check, |it| {
            it.signature = self
                .key
                .sign(&signed(&it.authenticator_data.0, &data))
                .into();
            it.client_data_json = data;
        })
    }

    /// With other authenticator data, signed by the credential's key as it is.
    fn with_auth_data(
        &self,
        name: &str,
        about: &str,
        check: &'static str,
        data: Vec<u8>,
    ) -> Assertion {
        self.refused(name, about, check, |it| {
            it.signature = self.key.sign(&signed(&data, &it.client_data_json)).into();
            it.authenticator_data = data.into();
        })
    }

    fn with_signature(&self, name: &str, about: &str, signature: Vec<u8>) -> Assertion {
        self.refused(name, about, "signature", |it| {
            it.signature = signature.into()
        })
    }

    /// What the signature is over.
    fn signed(&self) -> &[u8] {
        &self.assertion.signed.0
    }

    fn client_data_hash(&self) -> &[u8] {
        &self.assertion.client_data_hash.0
    }

    fn challenge(&self) -> &[u8] {
        &self.assertion.relying_party.challenge.0
    }
}

fn pairwise(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    let usual = Good {
        assertion: sign_in(&ceremonies.usual_sign_in()),
        key: &ceremonies.usual.key,
    };
    let key = usual.key;
    let head = |flags| auth_data_head(RP_ID, flags);
    vec![
        usual.with_data(
            "client_data_of_a_registration",
            "Client data of type webauthn.create.",
            "type",
            client_data("webauthn.create", usual.challenge(), ORIGIN),
        ),
        usual.with_data(
            "other_challenge",
            "A sign-in for another challenge: replayed, or relayed.",
            "challenge",
            client_data("webauthn.get", &[7; 32], ORIGIN),
        ),
        usual.with_data(
            "other_origin",
            "The person signed in at another origin.",
            "origin",
            client_data("webauthn.get", usual.challenge(), "https://example.com"),
        ),
        usual.with_auth_data(
            "other_rp_id",
            "The authenticator data is for another RP ID.",
            "rp_id",
            auth_data_head("example.com", flag::UP | flag::UV | flag::BE),
        ),
        usual.with_auth_data(
            "user_not_present",
            "UP is not set.",
            "user_present",
            head(flag::UV | flag::BE),
        ),
        usual.with_auth_data(
            "user_not_verified",
            "UV is not set: no PIN.",
            "user_verified",
            head(flag::UP | flag::BE),
        ),
        usual.with_auth_data(
            "no_longer_backup_eligible",
            "BE was set at registration and is not now.",
            "backup_flags",
            head(flag::UP | flag::UV),
        ),
        usual.with_auth_data(
            "backed_up_but_not_eligible",
            "BS without BE.",
            "backup_flags",
            head(flag::UP | flag::UV | flag::BS),
        ),
        usual.with_auth_data(
            "auth_data_cut_off",
            "It ends inside the signature counter.",
            "authenticator_data",
            head(flag::UP | flag::UV | flag::BE)[..36].to_vec(),
        ),
        usual.with_signature(
            "signed_by_another_credential",
            "The key of another credential of the same person.",
            ceremonies.second_account.key.sign(usual.signed()),
        ),
        usual.with_signature(
            "signed_by_the_card",
            "An RS256 signature by the card itself in place of the credential's.",
            keys::rs256(&world.card.key, usual.signed()),
        ),
        usual.with_signature(
            "hash_of_the_client_data_alone_signed",
            "The authenticator data is not signed.",
            key.sign(usual.client_data_hash()),
        ),
        usual.with_signature("signature_empty", "No signature.", Vec::new()),
        usual.with_signature(
            "signature_of_zeros",
            "r = s = 0.",
            vec![0x30, 6, 2, 1, 0, 2, 1, 0],
        ),
        usual.with_signature(
            "signature_with_trailing_byte",
            "One byte after the Ecdsa-Sig-Value.",
            [&usual.assertion.signature.0[..], &[0]].concat(),
        ),
        usual.with_signature(
            "signature_of_the_registration",
            "The signature of the packed self attestation, made with the same key.",
            key.sign(&ceremonies.usual.attested.signed()),
        ),
        usual.refused(
            "credential_of_another_account",
            "The credential named is the other account's, whose key did not sign.",
            "signature",
            |it| {
                it.registration = ceremonies.second_account.name.to_owned();
                it.credential_id = ceremonies.second_account.binding.id().into();
                it.public_key_cose = ceremonies.second_account.key.cose().into();
                it.user_handle = Some(Hex(ceremonies.second_account.attested.user_handle.clone()));
                it.relying_party.user_handle =
                    Hex(ceremonies.second_account.attested.user_handle.clone());
            },
        ),
    ]
}

/// The credential's key is the card's, and the signatures are RS256.
fn card(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Assertion> {
    let good = Good {
        assertion: sign_in(&ceremonies.card_sign_in()),
        key: &ceremonies.card.key,
    };
    let key = &world.card.key;
    let signature = &good.assertion.signature.0;
    let head = |flags| auth_data_head(RP_ID, flags);
    let digest = sha256(good.signed());
    let padded = [&[0], &signature[..]].concat();
    vec![
        good.with_data(
            "card_assertion_for_another_challenge",
            "A sign-in for another challenge: replayed, or relayed.",
            "challenge",
            client_data("webauthn.get", &[7; 32], ORIGIN),
        ),
        good.with_auth_data(
            "card_assertion_without_user_verification",
            "UV is not set: no PIN. The card would not have signed.",
            "user_verified",
            head(flag::UP),
        ),
        good.with_auth_data(
            "card_assertion_backup_eligible",
            "BE is set, and was not at registration: the card's key cannot be copied.",
            "backup_flags",
            head(flag::UP | flag::UV | flag::BE),
        ),
        good.with_signature(
            "card_assertion_by_another_card",
            "Another card signed.",
            keys::rs256(&world.other_card.key, good.signed()),
        ),
        good.with_signature(
            "card_assertion_by_a_pairwise_credential",
            "An ES256 signature by the person's pairwise credential at the same site.",
            ceremonies.usual.key.sign(good.signed()),
        ),
        good.with_signature(
            "card_assertion_signed_with_sha512",
            "RS512 by the right card. Such signatures are secrets of the authenticator.",
            keys::rs512(key, good.signed()),
        ),
        good.with_signature(
            "card_assertion_signed_without_digest_info",
            "PKCS#1 v1.5 over the bare digest, which the card also offers.",
            key.sign(Pkcs1v15Sign::new_unprefixed(), &digest).unwrap(),
        ),
        good.with_signature(
            "card_assertion_over_client_data_hash_alone",
            "The card signed the hash of the client data without the authenticator data, as a login of another kind might.",
            keys::rs256(key, good.client_data_hash()),
        ),
        good.with_signature(
            "card_assertion_of_the_registration",
            "The signature of the attestation statement, made with the same key.",
            ceremonies.card.attested.sig.clone(),
        ),
        good.with_signature(
            "card_assertion_signature_cut_off",
            "One byte shorter than the modulus.",
            signature[..255].to_vec(),
        ),
        good.with_signature(
            "card_assertion_signature_with_leading_zero",
            "One byte longer than the modulus, of the same value.",
            padded,
        ),
        good.with_signature("card_assertion_signature_empty", "No signature.", Vec::new()),
        good.with_signature(
            "card_assertion_signature_of_zeros",
            "The number zero, whose power is zero.",
            vec![0; 256],
        ),
        good.refused(
            "card_assertion_for_another_persons_account",
            "The account named belongs to another card, which did not sign.",
            "signature",
            |it| {
                let other = &ceremonies.card_generation_2;
                it.registration = other.name.to_owned();
                it.credential_id = other.binding.id().into();
                it.public_key_cose = other.key.cose().into();
                it.user_handle = Some(Hex(other.attested.user_handle.clone()));
                it.relying_party.user_handle = Hex(other.attested.user_handle.clone());
            },
        ),
    ]
}
