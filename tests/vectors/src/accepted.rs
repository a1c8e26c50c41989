//! Registrations that a relying party accepts.

use jpki_lab::pki::{
    AUTHENTICATION_POLICY, AuthorityKey, BasicConstraints, CLIENT_AUTH, Extension, LeafTemplate,
    Marked, Policy, SIGNATURE_POLICY, SubjectPublicKey, end_of_day_in_japan, instant,
};

use crate::attested::Attested;
use crate::authenticator::{auth_data, flag};
use crate::bytes::random;
use crate::cbor;
use crate::ceremonies::Ceremonies;
use crate::credential::Kind;
use crate::keys::{self, EcKey};
use crate::model::{Registration, Revocation};
use crate::refused::card::with_key;
use crate::world::{Anchor, Ruritania, World, at, leaf};

/// The size caps of `docs/attestation-format.md`.
pub(crate) const LARGEST_OBJECT: usize = 16_384;
pub(crate) const LARGEST_CERTIFICATE: usize = 4_096;

pub(crate) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let anchors = world.anchors();
    let [generation_1, generation_2, generation_3, ruritania] = anchors.as_slice() else {
        unreachable!("four anchors")
    };
    let mut all = Vec::new();
    for made in ceremonies.all() {
        let anchor = match made.name {
            "pairwise_generation_2" | "card_generation_2" => generation_2,
            _ => generation_3,
        };
        if made.fmt == "eid-x509" {
            all.push(made.with_authenticator(made.vector().accepted(anchor)));
        }
    }
    all.extend(certificates(world, ceremonies, generation_1, generation_3));
    all.extend(authenticator_data(world, ceremonies, generation_3));
    all.extend(almost_card_credentials(world, ceremonies, generation_3));
    all.extend(other_country(world, ruritania));
    all.push(
        ceremonies
            .usual
            .attested
            .vector(
                "revocation_good",
                "A revocation source says that the certificate is good.",
            )
            .answered(Revocation::Good {
                as_of: at() - 3600,
                until: at() + 3600,
            })
            .accepted(generation_3),
    );
    all.push(
        ceremonies
            .usual
            .attested
            .vector(
                "beside_another_country",
                "Two profiles are in use: each certificate is judged by its own.",
            )
            .under(&["ruritania", "lab"])
            .accepted(generation_3),
    );
    all
}

/// Certificates that differ from the usual one in something that is allowed.
fn certificates(
    world: &World,
    ceremonies: &Ceremonies<'_>,
    generation_1: &Anchor,
    generation_3: &Anchor,
) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let with = |name, about, change: fn(&mut LeafTemplate)| {
        usual
            .with_certificate(world.issue(change))
            .vector(name, about)
    };
    let old = {
        let template = LeafTemplate {
            serial: vec![0x2a, 0x10, 0x03],
            not_before: instant(2020, 6, 19, (1, 35, 42)),
            not_after: end_of_day_in_japan(2025, 2, 28),
            ..leaf()
        };
        world
            .generation_1
            .issue(&template, &world.card.key)
            .unwrap()
    };
    vec![
        usual
            .with_certificate(old)
            .vector(
                "generation_1_in_its_time",
                "Judged in 2024, when the CA of generation 1 and its certificate were still valid.",
            )
            .at(instant(2024, 6, 1, (3, 0, 0)))
            .accepted(generation_1),
        usual
            .vector(
                "first_second_of_validity",
                "The certificate's notBefore itself is inside its validity.",
            )
            .at(leaf().not_before)
            .accepted(generation_3),
        usual
            .vector(
                "last_second_of_validity",
                "The certificate's notAfter itself is inside its validity.",
            )
            .at(leaf().not_after)
            .accepted(generation_3),
        with(
            "validity_beyond_2049",
            "Dates from 2050 are GeneralizedTime (RFC 5280 §4.1.2.5).",
            |leaf| leaf.not_after = end_of_day_in_japan(2060, 1, 1),
        )
        .accepted(generation_3),
        with(
            "serial_of_20_bytes",
            "The longest serial number.",
            |leaf| leaf.serial = vec![0x7f; 20],
        )
        .accepted(generation_3),
        with(
            "serial_with_sign_byte",
            "A serial number whose first bit is set has a zero byte before it, which is not part of its value.",
            |leaf| leaf.serial = vec![0x00, 0x9a, 0x01],
        )
        .accepted(generation_3),
        with(
            "basic_constraints_end_entity",
            "basicConstraints is there, critical, and says that the holder is no CA.",
            |leaf| {
                leaf.basic_constraints = Some(Marked::critical(BasicConstraints {
                    ca: false,
                    path_len: None,
                }));
            },
        )
        .accepted(generation_3),
        with(
            "extended_key_usage_absent",
            "Without extKeyUsage every purpose is allowed.",
            |leaf| leaf.extended_key_usage = None,
        )
        .accepted(generation_3),
        with(
            "extended_key_usage_of_two_purposes",
            "clientAuth beside another purpose.",
            |leaf| {
                let server_auth = "1.3.6.1.5.5.7.3.1".parse().unwrap();
                leaf.extended_key_usage = Some(Marked::plain(vec![server_auth, CLIENT_AUTH]));
            },
        )
        .accepted(generation_3),
        with(
            "two_policies",
            "The profile's policy beside another one.",
            |leaf| {
                let policy = |oid| Policy { oid, cps: None };
                leaf.certificate_policies = Some(Marked::critical(vec![
                    policy(SIGNATURE_POLICY),
                    policy(AUTHENTICATION_POLICY),
                ]));
            },
        )
        .accepted(generation_3),
        with(
            "authority_key_identifier_without_issuer",
            "The key identifier alone, without the issuing certificate's issuer and serial number.",
            |leaf| {
                leaf.authority_key_identifier = Some(Marked::plain(AuthorityKey::IssuerKeyOnly));
            },
        )
        .accepted(generation_3),
        with(
            "unknown_extension_not_critical",
            "An extension that nobody knows and that is not critical is passed over.",
            |leaf| {
                leaf.extra.push(Extension {
                    oid: "1.3.6.1.4.1.32473.1".parse().unwrap(),
                    critical: false,
                    value: vec![0x30, 0x00],
                });
            },
        )
        .accepted(generation_3),
        usual
            .with_certificate(certificate_of(world, LARGEST_CERTIFICATE))
            .vector(
                "largest_certificate",
                "A certificate of exactly 4096 bytes.",
            )
            .accepted(generation_3),
    ]
}

/// A certificate of exactly so many bytes, filled with an extension that is not critical.
pub(crate) fn certificate_of(world: &World, bytes: usize) -> Vec<u8> {
    let filled = |filling: usize| {
        world.issue(|leaf| {
            leaf.extra.push(Extension {
                oid: "1.3.6.1.4.1.32473.1".parse().unwrap(),
                critical: false,
                value: vec![0; filling],
            });
        })
    };
    let rest = filled(1000).len() - 1000;
    filled(bytes - rest)
}

/// Authenticator data that differs from the usual one in something that is allowed.
fn authenticator_data(
    world: &World,
    ceremonies: &Ceremonies<'_>,
    generation_3: &Anchor,
) -> Vec<Registration> {
    use flag::{AT, BE, BS, ED, UP, UV};
    let cose = ceremonies.usual.key.cose();
    let id = ceremonies.usual.binding.id();
    let signed = |flags, after: &[u8]| {
        signed_by_card(world, ceremonies, auth_data(flags, &[0; 16], &id, after))
    };
    let outputs = |filling: usize| {
        let outputs = cbor::named([("example", cbor::bytes(vec![0; filling]))]);
        let key_and_outputs = [cose.clone(), cbor::encode(&outputs)].concat();
        signed(UP | UV | AT | ED, &key_and_outputs)
    };
    let rest = outputs(1000).object().len() - 1000;
    vec![
        signed(UP | UV | AT, &cose)
            .vector(
                "not_backup_eligible",
                "Another make of authenticator: its credential cannot be backed up (BE = 0), and its AAGUID is zero.",
            )
            .accepted(generation_3),
        signed(UP | UV | AT | BE | BS, &cose)
            .vector(
                "backed_up",
                "A credential that is backed up already (BE = BS = 1).",
            )
            .accepted(generation_3),
        outputs(3)
            .vector(
                "extension_outputs",
                "Authenticator data with extension outputs (ED) after the credential's key.",
            )
            .accepted(generation_3),
        outputs(LARGEST_OBJECT - rest)
            .vector(
                "largest_attestation_object",
                "An attestation object of exactly 16384 bytes.",
            )
            .accepted(generation_3),
    ]
}

/// The usual registration over other authenticator data, signed by the card as it is.
pub(crate) fn signed_by_card(
    world: &World,
    ceremonies: &Ceremonies<'_>,
    auth_data: Vec<u8>,
) -> Attested {
    ceremonies.usual.attested.but(|it| {
        it.auth_data = auth_data;
        it.sig = keys::rs256(&world.card.key, &it.signed());
    })
}

/// Keys that are not the certificate's, however near: the attestation stands, and says nothing of them.
fn almost_card_credentials(
    world: &World,
    ceremonies: &Ceremonies<'_>,
    generation_3: &Anchor,
) -> Vec<Registration> {
    let accepted = |name, about, key: &[u8]| {
        with_key(world, ceremonies, Kind::Pairwise, key)
            .vector(name, about)
            .accepted(generation_3)
    };
    let mut almost = cbor::rs256_key(&world.card.key);
    // The modulus's last byte but one: it stays odd.
    let place = almost.len() - 7;
    almost[place] ^= 1;
    vec![
        accepted(
            "card_key_of_another_card",
            "Another card's key, attested by this card: the credential's key is not the certificate's.",
            &cbor::rs256_key(&world.other_card.key),
        ),
        accepted(
            "card_key_with_one_bit_changed",
            "An RSA key that differs from the card's in one bit is another key.",
            &almost,
        ),
    ]
}

/// A registration with an identity card of Ruritania, made by some other authenticator.
pub(crate) fn ruritanian(card: &EcKey, public_key: &SubjectPublicKey, world: &World) -> Attested {
    let name = match card {
        EcKey::P256(_) => "ruritania_es256",
        EcKey::P384(_) => "ruritania_es384",
    };
    let challenge = random(name, "challenge");
    let credential = EcKey::p256(&format!("{name} credential"));
    let flags = flag::UP | flag::UV | flag::AT;
    let id: [u8; 32] = random(name, "credential ID");
    let mut attested = Attested {
        fmt: "eid-x509".to_owned(),
        alg: match card {
            EcKey::P256(_) => -7,
            EcKey::P384(_) => -35,
        },
        sig: Vec::new(),
        x5c: vec![world.ruritania.issue(&Ruritania::leaf(), public_key)],
        auth_data: auth_data(flags, &[0; 16], &id, &cbor::es256_key(&credential.point())),
        kind: Kind::Pairwise,
        client_data_json: crate::attested::client_data(
            "webauthn.create",
            &challenge,
            crate::world::ORIGIN,
        ),
        challenge,
        user_handle: random::<16>(name, "user handle").to_vec(),
    };
    attested.sig = card.sign(&attested.signed());
    attested
}

fn other_country(world: &World, ruritania: &Anchor) -> Vec<Registration> {
    let cards = [
        (
            EcKey::p256("Ruritania card"),
            "ruritania_es256",
            "Another country, the same rules: a P-256 card, ES256, issued with ecdsa-with-SHA384.",
        ),
        (
            EcKey::p384("Ruritania card"),
            "ruritania_es384",
            "Another country, the same rules: a P-384 card, ES384, issued with ecdsa-with-SHA384.",
        ),
    ];
    let mut all: Vec<Registration> = cards
        .iter()
        .map(|(card, name, about)| {
            ruritanian(card, &card.public_key(), world)
                .vector(name, about)
                .under(&["ruritania"])
                .accepted(ruritania)
        })
        .collect();
    let card = &cards[0].0;
    let own_key = ruritanian(card, &card.public_key(), world).but(|it| {
        let flags = flag::UP | flag::UV | flag::AT;
        let id: [u8; 32] = random("ruritania_card_es256", "credential ID");
        it.auth_data = auth_data(flags, &[0; 16], &id, &cbor::es256_key(&card.point()));
        it.kind = Kind::Card;
        it.sig = card.sign(&it.signed());
    });
    all.push(
        own_key
            .vector(
                "ruritania_card_es256",
                "The P-256 card's own key as credential. Its signatures are randomised and cannot seal: such cards have no other kind.",
            )
            .under(&["ruritania"])
            .accepted(ruritania),
    );
    all
}
