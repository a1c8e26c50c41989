//! Card credentials, right and almost right. The card signed all of their authenticator data as it is.

use rsa::traits::{PrivateKeyParts, PublicKeyParts};

use crate::attested::{Attested, Draft};
use crate::authenticator::{auth_data, flag};
use crate::cbor::{self, bytes, numbered, rsa_key};
use crate::ceremonies::Ceremonies;
use crate::credential::Kind;
use crate::keys::{self, EcKey};
use crate::model::{Registration, WithoutEid};
use crate::world::World;

/// 65537.
const E: [u8; 3] = [1, 0, 1];

/// The registration of a card credential with another key in its authenticator data.
pub(crate) fn with_key(
    world: &World,
    ceremonies: &Ceremonies<'_>,
    kind: Kind,
    key: &[u8],
) -> Attested {
    let id = ceremonies.card.binding.id();
    let flags = flag::UP | flag::UV | flag::AT;
    ceremonies.card.attested.but(|it| {
        it.auth_data = auth_data(flags, &[0; 16], &id, key);
        it.kind = kind;
        it.sig = keys::rs256(&world.card.key, &it.signed());
    })
}

/// Rule authenticator-data: COSE keys of cards, and of the other kind, that are none.
pub(super) fn keys(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let n = world.card.key.n().to_bytes_be();
    let refused = |name: &str, about: &str, key: &[u8], fault: &str| {
        let fault = format!("the credential public key: {fault}");
        let kind = match name.starts_with("credential_key") {
            true => Kind::Pairwise,
            false => Kind::Card,
        };
        with_key(world, ceremonies, kind, key)
            .vector(name, about)
            .refused_for("authenticator-data", "authenticator-data", &fault)
    };
    let of_card = |members: &[(i64, ciborium::Value)]| {
        let head = [(1, 3.into()), (3, (-257).into())];
        cbor::encode(&numbered([&head[..], members].concat()))
    };
    let modulus = || (-1, bytes(&n));
    let exponent = || (-2, bytes(E));
    let ec = |alg: i64, crv: i64, x: ciborium::Value, y: ciborium::Value| {
        cbor::encode(&numbered([
            (1, 2.into()),
            (3, alg.into()),
            (-1, crv.into()),
            (-2, x),
            (-3, y),
        ]))
    };
    let p256 = EcKey::p256("card.rs").point();
    let p384 = EcKey::p384("card.rs").point();
    let members = "\"credentialPublicKey\" does not have exactly the members it should";
    let only_rs256 =
        |alg| format!("it is an RSA key, and its algorithm is {alg}; only -257 (RS256) is allowed");
    vec![
        refused(
            "cose_rsa_key_with_leading_zero",
            "The card's modulus with a zero byte before it, as DER has it and COSE has not (RFC 8230 §4).",
            &rsa_key(-257, &[&[0], &n[..]].concat(), &E),
            "\"n\" begins with a zero byte",
        ),
        refused(
            "cose_rsa_key_exponent_with_leading_zero",
            "The exponent as a number of 32 bits.",
            &rsa_key(-257, &n, &[0, 1, 0, 1]),
            "\"e\" begins with a zero byte",
        ),
        refused(
            "card_key_exponent_3",
            "The card's modulus with the exponent 3, under which signatures can be forged more easily.",
            &rsa_key(-257, &n, &[3]),
            "an RSA exponent other than 65537",
        ),
        refused(
            "card_key_exponent_1",
            "With the exponent 1 every message has a signature that anybody can write down.",
            &rsa_key(-257, &n, &[1]),
            "an RSA exponent other than 65537",
        ),
        refused(
            "card_key_of_2040_bits",
            "The last byte of the card's modulus is missing.",
            &rsa_key(-257, &n[..255], &E),
            "an RSA modulus of 2040 bits; 2048 to 8192 are allowed",
        ),
        refused(
            "card_key_of_8200_bits",
            "A modulus that takes long to compute with.",
            &rsa_key(-257, &[0xff; 1025], &E),
            "an RSA modulus of 8200 bits; 2048 to 8192 are allowed",
        ),
        refused(
            "card_key_with_rs512",
            "The card's key for RS512. The authenticator derives keys from such signatures, so no relying party may ask for one.",
            &rsa_key(-259, &n, &E),
            &only_rs256(-259),
        ),
        refused(
            "card_key_with_rs1",
            "The card's key for RSASSA-PKCS1-v1_5 with SHA-1.",
            &rsa_key(-65535, &n, &E),
            &only_rs256(-65535),
        ),
        refused(
            "card_key_with_es256",
            "The card's key, which is RSA, for ES256.",
            &rsa_key(-7, &n, &E),
            &only_rs256(-7),
        ),
        refused(
            "card_key_of_type_ec2",
            "RS256 with the type of keys on elliptic curves.",
            &cbor::encode(&numbered([
                (1, 2.into()),
                (3, (-257).into()),
                modulus(),
                exponent(),
            ])),
            "its type is not that of its algorithm -257",
        ),
        refused(
            "card_key_without_exponent",
            "The modulus alone.",
            &of_card(&[modulus()]),
            members,
        ),
        refused(
            "card_key_with_private_exponent",
            "A private key (RFC 8230 §4), as if a card gave one away.",
            &of_card(&[
                modulus(),
                exponent(),
                (-3, bytes(world.other_card.key.d().to_bytes_be())),
            ]),
            members,
        ),
        refused(
            "card_key_with_key_id",
            "A member kid, which a credential's key does not have (WebAuthn L3 §6.5.1.1).",
            &cbor::encode(&numbered([
                (1, 3.into()),
                (2, bytes([1])),
                (3, (-257).into()),
                modulus(),
                exponent(),
            ])),
            members,
        ),
        refused(
            "card_key_exponent_as_number",
            "The exponent as a CBOR number.",
            &of_card(&[modulus(), (-2, 65537.into())]),
            "\"e\" does not have the type it should",
        ),
        refused(
            "card_key_not_canonical",
            "The exponent before the modulus.",
            &of_card(&[exponent(), modulus()]),
            "a map's keys not sorted, or one twice",
        ),
        refused(
            "credential_key_compressed",
            "The sign of y in place of y (RFC 9053 §7.1.1), which WebAuthn does not allow.",
            &ec(-7, 1, bytes(&p256[1..33]), true.into()),
            "\"y\" does not have the type it should",
        ),
        refused(
            "credential_key_of_another_curve",
            "ES256 with a key on P-384.",
            &ec(-7, 2, bytes(&p384[1..49]), bytes(&p384[49..])),
            "its curve is not that of its algorithm",
        ),
        refused(
            "credential_key_with_short_coordinate",
            "x without its first byte.",
            &ec(-7, 1, bytes(&p256[2..33]), bytes(&p256[33..])),
            "a coordinate of 31 bytes; the curve has 32",
        ),
    ]
}

/// Rule statement-signature, and what only WebAuthn looks at: who attests what.
pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let card = &ceremonies.card.attested;
    let wrong = |name, about, sig: Vec<u8>| {
        card.but(|it| it.sig = sig)
            .vector(name, about)
            .refused("statement-signature", "statement-signature")
    };
    let packed = |name, about, change: &dyn Fn(&mut Attested)| {
        let refused = WithoutEid::Refused {
            check: "attestation",
        };
        let attested = ceremonies.card_packed.attested.but(|it| change(it));
        let draft: Draft = attested.vector(name, about).in_format("packed");
        draft
            .without_eid(refused)
            .refused("statement", "other-format")
    };
    let pairwise = EcKey::p256("card.rs");
    vec![
        wrong(
            "card_registration_signed_by_another_card",
            "Another card attests somebody's own key and certificate.",
            keys::rs256(&world.other_card.key, &card.signed()),
        ),
        wrong(
            "card_registration_of_the_second_account",
            "The signature with which the same card attested its other credential at the site.",
            ceremonies.card_second_account.attested.sig.clone(),
        ),
        wrong(
            "card_registration_signed_with_sha512",
            "alg says RS256; the signature is RS512.",
            keys::rs512(&world.card.key, &card.signed()),
        ),
        card.but(|it| it.auth_data[60] ^= 1)
            .vector(
                "card_credential_id_changed",
                "One bit of the credential ID was changed after signing.",
            )
            .refused("statement-signature", "statement-signature"),
        packed(
            "packed_self_alg_mismatch_rs256",
            "Self attestation whose alg is not that of the credential's key: ES256 beside an RS256 key (WebAuthn L3 §8.2).",
            &|it| {
                it.alg = -7;
                it.sig = pairwise.sign(&it.signed());
            },
        ),
        packed(
            "packed_self_alg_rs512",
            "Self attestation with RS512, by a card whose credential key is for RS256.",
            &|it| {
                it.alg = -259;
                it.sig = keys::rs512(&world.card.key, &it.signed());
            },
        ),
        packed(
            "packed_self_by_another_card",
            "Self attestation by another card than the one whose key the credential has.",
            &|it| it.sig = keys::rs256(&world.other_card.key, &it.signed()),
        ),
        packed(
            "packed_self_signature_cut_off",
            "One byte shorter than the modulus.",
            &|it| it.sig.truncate(255),
        ),
    ]
}
