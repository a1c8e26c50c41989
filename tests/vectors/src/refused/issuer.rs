//! Rules signature-algorithms, anchor, anchor-validity, certificate-validity and issuer-signature.

use jpki_lab::pki::{
    AuthorityKey, Ca, CaTemplate, LeafTemplate, Marked, Name, SignatureAlgorithm, instant,
};

use crate::accepted::ruritanian;
use crate::ceremonies::Ceremonies;
use crate::der::{self, field};
use crate::keys::{self, EcKey};
use crate::model::Registration;
use crate::world::{World, leaf};

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    [
        algorithms(world, ceremonies),
        anchors(world, ceremonies),
        validities(world, ceremonies),
        signatures(world, ceremonies),
    ]
    .concat()
}

fn algorithms(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let refused = |name, about, certificate| {
        ceremonies
            .usual
            .attested
            .with_certificate(certificate)
            .vector(name, about)
            .refused("signature-algorithms", "signature-algorithms-differ")
    };
    vec![
        refused(
            "inner_algorithm_differs",
            "The signed part names SHA-512, the unsigned part SHA-256, with which it is signed.",
            world.issue(|leaf| leaf.inner_algorithm = Some(SignatureAlgorithm::Sha512Rsa)),
        ),
        refused(
            "outer_algorithm_differs",
            "The unsigned part names SHA-512, the signed part SHA-256, with which it is signed.",
            world.issue(|leaf| leaf.outer_algorithm = Some(SignatureAlgorithm::Sha512Rsa)),
        ),
        refused(
            "inner_parameters_differ",
            "The same algorithm inside and outside, but its NULL parameters are missing inside.",
            world.issue_fields(|fields| {
                let oid = der::members(&fields[field::ALGORITHM])[0].clone();
                fields[field::ALGORITHM] = der::sequence(&[oid]);
            }),
        ),
    ]
}

fn anchors(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let key = &world.card.key;
    let refused = |name, about, certificate: Vec<u8>, code| {
        usual
            .with_certificate(certificate)
            .vector(name, about)
            .refused("anchor", code)
    };
    let stranger = {
        let template = CaTemplate {
            name: Name::japan().organization("SOMEONE-ELSE"),
            ..world.generation_3.template().clone()
        };
        Ca::self_signed(template, world.rsa_key("forger")).unwrap()
    };
    let forger = Ca::self_signed_like(&world.generation_3, world.rsa_key("forger")).unwrap();
    let issued_by = |ca: &Ca| ca.issue(&leaf(), key).unwrap();
    let organization = |organization: &str| {
        let name = Name::japan()
            .organization(organization)
            .unit("JPKI for user authentication")
            .unit("Japan Agency for Local Authority Information Systems");
        world.issue(|leaf| leaf.issuer = Some(name))
    };
    let signing_certificate = {
        let template = LeafTemplate {
            not_before: leaf().not_before,
            not_after: leaf().not_after,
            ..LeafTemplate::signature()
        };
        world.signature_ca.issue(&template, key).unwrap()
    };
    let p256 = EcKey::p256("Ruritania card");
    vec![
        refused(
            "unknown_issuer",
            "A self-made CA of another name.",
            issued_by(&stranger),
            "unknown-issuer",
        ),
        refused(
            "issuer_in_lower_case",
            "Signed by generation 3, but the issuer is written O=jpki-lab: names are compared byte for byte.",
            organization("jpki-lab"),
            "unknown-issuer",
        ),
        refused(
            "issuer_with_trailing_space",
            "Signed by generation 3, but the issuer is written with a space at its end.",
            organization("JPKI-LAB "),
            "unknown-issuer",
        ),
        refused(
            "issuer_in_another_string_type",
            "Signed by generation 3, but O is a PrintableString where the CA's own name has a UTF8String.",
            world.issue_fields(|fields| {
                let mut name = der::members(&fields[field::ISSUER]);
                let attribute = der::members(der::contents(&name[1]).to_vec().as_slice());
                let value = der::element(0x13, &[der::contents(&attribute[1])]);
                let attribute = der::sequence(&[attribute[0].clone(), value]);
                name[1] = der::element(0x31, &[&attribute]);
                fields[field::ISSUER] = der::sequence(&name);
            }),
            "unknown-issuer",
        ),
        refused(
            "issuer_of_production",
            "Signed by generation 3, but the issuer is written as the production CA is.",
            organization("JPKI"),
            "unknown-issuer",
        ),
        usual
            .vector(
                "practice_card_under_the_production_profile",
                "A practice certificate where only the profile jpki is in use.",
            )
            .under(&["jpki"])
            .refused("anchor", "unknown-issuer"),
        ruritanian(&p256, &p256.public_key(), world)
            .vector(
                "ruritanian_card_under_the_lab_profile",
                "A faultless registration from a country that is not trusted here.",
            )
            .refused("anchor", "unknown-issuer"),
        refused(
            "signing_certificate",
            "The signing certificate (署名用), which names the person: another issuer.",
            signing_certificate,
            "unknown-issuer",
        ),
        refused(
            "same_named_ca_with_another_key",
            "A CA of the same name with another key: a forger, or a generation that is not pinned yet.",
            issued_by(&forger),
            "unknown-issuer-key",
        ),
        refused(
            "certificate_issued_by_a_card",
            "Somebody signed a certificate with the key of their own card, in the name of the CA.",
            issued_by(
                &Ca::self_signed_like(&world.generation_3, world.other_card.key.clone()).unwrap(),
            ),
            "unknown-issuer-key",
        ),
        refused(
            "authority_key_identifier_missing",
            "Signed by generation 3, but the certificate does not say which key signed it.",
            world.issue(|leaf| leaf.authority_key_identifier = None),
            "authority-key-identifier-missing",
        ),
        refused(
            "anchor_itself_as_leaf",
            "The CA's own certificate is not a person's.",
            world.generation_3.certificate().to_vec(),
            "authority-key-identifier-missing",
        ),
    ]
}

fn validities(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let old = world.generation_1.issue(&leaf(), &world.card.key).unwrap();
    let early = world.issue(|leaf| leaf.not_before = instant(2020, 1, 1, (0, 0, 0)));
    vec![
        usual
            .with_certificate(old)
            .vector(
                "leaf_of_expired_generation",
                "Valid by its own dates, but the CA of generation 1 that issued it has expired.",
            )
            .refused("anchor-validity", "anchor-expired"),
        usual
            .with_certificate(early)
            .vector(
                "anchor_not_yet_valid",
                "Judged one second before the validity of the CA of generation 3 begins.",
            )
            .at(world.generation_3.template().not_before - 1)
            .refused("anchor-validity", "anchor-not-yet-valid"),
        usual
            .vector(
                "certificate_expired",
                "Judged one second after the certificate's notAfter.",
            )
            .at(leaf().not_after + 1)
            .refused("certificate-validity", "certificate-expired"),
        usual
            .vector(
                "certificate_not_yet_valid",
                "Judged one second before the certificate's notBefore.",
            )
            .at(leaf().not_before - 1)
            .refused("certificate-validity", "certificate-not-yet-valid"),
    ]
}

fn signatures(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let refused = |name, about, certificate: Vec<u8>, code| {
        usual
            .with_certificate(certificate)
            .vector(name, about)
            .refused("issuer-signature", code)
    };
    let generation_3 = &world.generation_3;
    let claims_generation_3 = |ca: &Ca, template: LeafTemplate| {
        let template = LeafTemplate {
            authority_key_identifier: Some(Marked::plain(AuthorityKey::Given {
                key_identifier: generation_3.key_identifier().to_vec(),
                certificate: Some((
                    generation_3.template().name.clone(),
                    generation_3.template().serial.clone(),
                )),
            })),
            ..template
        };
        ca.issue(&template, &world.card.key).unwrap()
    };
    let forger = Ca::self_signed_like(generation_3, world.rsa_key("forger")).unwrap();
    let good = &world.card.certificate;
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 0x01;
    let mut other_serial = good.clone();
    let serial = other_serial
        .windows(5)
        .position(|bytes| bytes == [0x02, 3, 0x22, 0x7b, 0x13])
        .unwrap();
    other_serial[serial + 4] ^= 0x01;
    let signature = "issuer-signature";
    let algorithm = "signature-algorithm-not-admitted";
    vec![
        refused(
            "leaf_signed_by_same_named_old_ca",
            "Names generation 3 by key identifier, but the key of generation 2 signed it, whose CA has the same name.",
            claims_generation_3(&world.generation_2, leaf()),
            signature,
        ),
        refused(
            "forger_claims_the_key_identifier",
            "A CA of the same name with a forger's key, which claims generation 3's key identifier.",
            claims_generation_3(&forger, leaf()),
            signature,
        ),
        refused(
            "issuer_signature_changed",
            "One bit of the issuer's signature was changed.",
            flipped,
            signature,
        ),
        refused(
            "serial_changed_after_signing",
            "One bit of the serial number was changed.",
            other_serial,
            signature,
        ),
        refused(
            "issuer_signature_with_sha1",
            "Signed by generation 3 with SHA-1.",
            world.issue(|leaf| leaf.signature = SignatureAlgorithm::Sha1Rsa),
            algorithm,
        ),
        refused(
            "issuer_signature_with_sha512",
            "Signed by generation 3 with SHA-512, which is strong enough but not what this issuer does.",
            world.issue(|leaf| leaf.signature = SignatureAlgorithm::Sha512Rsa),
            algorithm,
        ),
        refused(
            "algorithm_without_null",
            "sha256WithRSAEncryption without its NULL parameters, inside and outside (RFC 4055 §5 wants them).",
            {
                let mut fields = der::fields(good);
                let oid = der::members(&fields[field::ALGORITHM])[0].clone();
                let algorithm = der::sequence(&[oid]);
                fields[field::ALGORITHM] = algorithm.clone();
                der::certificate(&fields, &algorithm, |tbs| {
                    keys::rs256(generation_3.key(), tbs)
                })
            },
            algorithm,
        ),
        usual
            .with_certificate(claims_generation_3(
                &forger,
                LeafTemplate {
                    key_usage: None,
                    certificate_policies: None,
                    ..leaf()
                },
            ))
            .vector(
                "forged_and_of_no_use",
                "Forged, without keyUsage and without policy: the signature is checked first.",
            )
            .refused("issuer-signature", signature),
        usual
            .with_certificate(claims_generation_3(&forger, leaf()))
            .vector(
                "expired_and_forged",
                "Expired and forged: the validity is checked first.",
            )
            .at(leaf().not_after + 1)
            .refused("certificate-validity", "certificate-expired"),
    ]
}
