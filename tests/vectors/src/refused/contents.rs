//! Rules key-usage to serial-number: certificates that the right issuer made for another purpose.

use jpki_lab::pki::{
    AUTHENTICATION_POLICY, BasicConstraints, Extension, LeafTemplate, Marked, ObjectIdentifier,
    Policy, SIGNATURE_POLICY, SubjectPublicKey, key_usage,
};
use rsa::BigUint;
use rsa::traits::PublicKeyParts;

use crate::accepted::ruritanian;
use crate::bytes::random;
use crate::ceremonies::Ceremonies;
use crate::der::{self, oid};
use crate::keys::EcKey;
use crate::model::Registration;
use crate::world::{World, leaf};

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    [
        usages(world, ceremonies),
        policies(world, ceremonies),
        extensions(world, ceremonies),
        public_keys(world, ceremonies),
        serials(world, ceremonies),
    ]
    .concat()
}

fn identifier(dotted: &str) -> ObjectIdentifier {
    dotted.parse().unwrap()
}

/// A registration with a certificate from a changed template.
fn with(
    world: &World,
    ceremonies: &Ceremonies<'_>,
    name: &str,
    about: &str,
    change: impl FnOnce(&mut LeafTemplate),
) -> crate::attested::Draft {
    ceremonies
        .usual
        .attested
        .with_certificate(world.issue(change))
        .vector(name, about)
}

fn usages(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    use key_usage::{
        CRL_SIGN, DIGITAL_SIGNATURE, KEY_CERT_SIGN, KEY_ENCIPHERMENT, NON_REPUDIATION,
    };
    const KEY_AGREEMENT: u8 = 4;
    let usage = |name, about, bits: &[u8], code| {
        let bits = bits.to_vec();
        with(world, ceremonies, name, about, |leaf| {
            leaf.key_usage = Some(Marked::critical(bits));
        })
        .refused("key-usage", code)
    };
    let purposes = |name, about, purposes: &[&str]| {
        let purposes = purposes.iter().map(|dotted| identifier(dotted)).collect();
        with(world, ceremonies, name, about, |leaf| {
            leaf.extended_key_usage = Some(Marked::plain(purposes));
        })
        .refused("extended-key-usage", "extended-key-usage")
    };
    let constraints = |name, about, path_len| {
        with(world, ceremonies, name, about, |leaf| {
            leaf.basic_constraints =
                Some(Marked::critical(BasicConstraints { ca: true, path_len }));
        })
        .refused("basic-constraints", "certification-authority")
    };
    let without = "key-usage-without-digital-signature";
    let not_admitted = "key-usage-not-admitted";
    vec![
        with(
            world,
            ceremonies,
            "key_usage_missing",
            "Without keyUsage the certificate is good for anything.",
            |leaf| leaf.key_usage = None,
        )
        .refused("key-usage", "key-usage-missing"),
        usage(
            "key_usage_of_encryption",
            "keyEncipherment alone.",
            &[KEY_ENCIPHERMENT],
            without,
        ),
        usage(
            "key_usage_of_a_ca",
            "keyCertSign and cRLSign alone.",
            &[KEY_CERT_SIGN, CRL_SIGN],
            without,
        ),
        usage(
            "key_usage_with_cert_sign",
            "digitalSignature and keyCertSign.",
            &[DIGITAL_SIGNATURE, KEY_CERT_SIGN],
            not_admitted,
        ),
        usage(
            "key_usage_with_crl_sign",
            "digitalSignature and cRLSign.",
            &[DIGITAL_SIGNATURE, CRL_SIGN],
            not_admitted,
        ),
        usage(
            "key_usage_with_non_repudiation",
            "digitalSignature and nonRepudiation: the mark of the signing certificate (署名用).",
            &[DIGITAL_SIGNATURE, NON_REPUDIATION],
            not_admitted,
        ),
        usage(
            "key_usage_with_key_agreement",
            "A bit that the profile does not name is refused, not passed over.",
            &[DIGITAL_SIGNATURE, KEY_AGREEMENT],
            not_admitted,
        ),
        with(
            world,
            ceremonies,
            "key_usage_before_policy",
            "Neither keyUsage nor policy: keyUsage is checked first.",
            |leaf| {
                leaf.key_usage = None;
                leaf.certificate_policies = None;
            },
        )
        .refused("key-usage", "key-usage-missing"),
        constraints(
            "basic_constraints_of_a_ca",
            "basicConstraints say CA, keyUsage does not.",
            None,
        ),
        constraints(
            "basic_constraints_of_a_ca_of_nobody",
            "A CA with path length 0 is a CA.",
            Some(0),
        ),
        purposes(
            "extended_key_usage_of_a_server",
            "serverAuth alone.",
            &["1.3.6.1.5.5.7.3.1"],
        ),
        purposes(
            "extended_key_usage_of_any_purpose",
            "anyExtendedKeyUsage does not stand for clientAuth.",
            &["2.5.29.37.0"],
        ),
    ]
}

fn policies(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let policies = |name, about, policies: Option<Marked<ObjectIdentifier>>, code| {
        with(world, ceremonies, name, about, |leaf| {
            leaf.certificate_policies = policies.map(|policy| Marked {
                critical: policy.critical,
                value: vec![Policy {
                    oid: policy.value,
                    cps: None,
                }],
            });
        })
        .refused("certificate-policy", code)
    };
    let critical = |oid| Some(Marked::critical(oid));
    vec![
        policies(
            "policy_missing",
            "No certificatePolicies.",
            None,
            "policy-missing",
        ),
        policies(
            "policy_of_signing_certificates",
            "The policy of the signing certificate (署名用).",
            critical(SIGNATURE_POLICY),
            "other-policy",
        ),
        policies(
            "any_policy",
            "anyPolicy does not stand for the profile's policy.",
            critical(identifier("2.5.29.32.0")),
            "other-policy",
        ),
        policies(
            "policy_of_production",
            "The policy of production certificates under the practice CA.",
            critical(identifier("1.2.392.200149.8.5.1.3.30")),
            "other-policy",
        ),
        policies(
            "policy_not_critical",
            "This issuer always marks its policy as critical; a profile can say so.",
            Some(Marked::plain(AUTHENTICATION_POLICY)),
            "policy-not-critical",
        ),
    ]
}

fn extensions(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let critical = |name, about, dotted: &str, value: &[u8]| {
        let extension = Extension {
            oid: identifier(dotted),
            critical: true,
            value: value.to_vec(),
        };
        with(world, ceremonies, name, about, |leaf| {
            leaf.extra.push(extension);
        })
        .refused("extensions", "unknown-critical-extension")
    };
    let twice = |name, about, index: usize, change: fn(&mut Vec<u8>)| {
        let certificate = world.issue_fields(|fields| {
            let mut extensions = der::extensions(fields);
            let mut again = extensions[index].clone();
            change(&mut again);
            extensions.push(again);
            der::set_extensions(fields, &extensions);
        });
        ceremonies
            .usual
            .attested
            .with_certificate(certificate)
            .vector(name, about)
            .refused("extensions", "extension-twice")
    };
    vec![
        critical(
            "unknown_critical_extension",
            "An extension that nobody knows, marked critical.",
            "1.3.6.1.4.1.32473.1",
            &[0x30, 0x00],
        ),
        critical(
            "name_constraints_critical",
            "An extension of RFC 5280 that has no place in an end-entity certificate, marked critical.",
            "2.5.29.30",
            &[0x30, 0x00],
        ),
        twice(
            "key_usage_twice",
            "keyUsage twice, both the same.",
            0,
            |_| (),
        ),
        twice(
            "subject_key_identifier_twice",
            "subjectKeyIdentifier twice, with two values.",
            7,
            |extension| *extension.last_mut().unwrap() ^= 1,
        ),
    ]
}

fn public_keys(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let modulus = |label: &str, bits: usize| {
        let mut bytes = random::<512>(label, "modulus")[..bits / 8].to_vec();
        bytes[0] |= 0x80;
        *bytes.last_mut().unwrap() |= 1;
        BigUint::from_bytes_be(&bytes)
    };
    let own = world.card.key.n();
    let e = BigUint::from(65_537u32);
    let key = |name, about, key: SubjectPublicKey| {
        let certificate = world.generation_3.issue(&leaf(), key).unwrap();
        ceremonies
            .usual
            .attested
            .with_certificate(certificate)
            .vector(name, about)
            .refused("public-key", "public-key-not-admitted")
    };
    let p256 = EcKey::p256("Ruritania card");
    let foreign = |name, about, key: SubjectPublicKey| {
        ruritanian(&p256, &key, world)
            .vector(name, about)
            .under(&["ruritania"])
            .refused("public-key", "public-key-not-admitted")
    };
    let point = p256.point();
    let compressed = [&[0x02 | (point[64] & 1)], &point[1..33]].concat();
    vec![
        key(
            "rsa_1024",
            "A key of 1024 bits.",
            SubjectPublicKey::rsa(&modulus("rsa_1024", 1024), &e),
        ),
        key(
            "rsa_4096",
            "A key of 4096 bits: strong, but not what this issuer certifies.",
            SubjectPublicKey::rsa(&modulus("rsa_4096", 4096), &e),
        ),
        key(
            "rsa_exponent_3",
            "e = 3.",
            SubjectPublicKey::rsa(own, &BigUint::from(3u8)),
        ),
        key(
            "rsa_exponent_1",
            "e = 1: every message is its own signature.",
            SubjectPublicKey::rsa(own, &BigUint::from(1u8)),
        ),
        key(
            "p256_key_under_a_profile_of_rsa",
            "An elliptic curve key under a profile that admits RSA-2048 only.",
            p256.public_key(),
        ),
        foreign(
            "compressed_point",
            "A P-256 key as compressed point.",
            SubjectPublicKey::new(der::ec_algorithm(oid::P256), compressed),
        ),
        foreign(
            "other_curve",
            "The same point under the name of another curve (secp256k1).",
            SubjectPublicKey::new(der::ec_algorithm(oid::SECP256K1), point),
        ),
    ]
}

fn serials(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let serial = |name, about, serial: &[u8], code| {
        let serial = serial.to_vec();
        with(world, ceremonies, name, about, |leaf| leaf.serial = serial)
            .refused("serial-number", code)
    };
    vec![
        serial(
            "serial_zero",
            "Serial number 0.",
            &[0],
            "serial-not-positive",
        ),
        serial(
            "serial_negative",
            "A serial number whose first bit is set, without the zero byte that would make it positive.",
            &[0x9a, 0x01],
            "serial-not-positive",
        ),
        serial(
            "serial_of_21_bytes",
            "RFC 5280 §4.1.2.2 allows 20.",
            &[0x7f; 21],
            "serial-too-long",
        ),
    ]
}
