//! The same faults in certificates of another country, whose policies are not critical: so that verifiers which refuse every
//! critical policy have something to say too.

use jpki_lab::pki::{
    BasicConstraints, Extension, LeafTemplate, Marked, Policy, end_of_day_in_japan, instant,
};

use crate::accepted::ruritanian;
use crate::der;
use crate::keys::EcKey;
use crate::model::Registration;
use crate::world::{Ruritania, World, signed};

pub(super) fn registrations(world: &World) -> Vec<Registration> {
    let card = EcKey::p256("Ruritania card");
    let good = ruritanian(&card, &card.public_key(), world);
    let draft = |name: &str, about: &str, certificate: Vec<u8>| {
        good.with_certificate(certificate)
            .vector(name, about)
            .under(&["ruritania"])
    };
    let with = |name, about, change: fn(&mut LeafTemplate)| {
        let mut template = Ruritania::leaf();
        change(&mut template);
        draft(
            name,
            about,
            world.ruritania.issue(&template, &card.public_key()),
        )
    };
    let faultless = || {
        world
            .ruritania
            .issue(&Ruritania::leaf(), &card.public_key())
    };
    let forged = signed(der::fields(&faultless()), &EcKey::p384("forger"));
    let twice = {
        let mut fields = der::fields(&faultless());
        let mut extensions = der::extensions(&fields);
        extensions.push(extensions[0].clone());
        der::set_extensions(&mut fields, &extensions);
        world.ruritania.sign(fields)
    };
    vec![
        draft(
            "ruritania_trailing_byte",
            "One byte follows the certificate.",
            [&faultless()[..], &[0]].concat(),
        )
        .refused_for(
            "certificate-encoding",
            "certificate-encoding",
            "1 bytes follow its end",
        ),
        with(
            "ruritania_version_2",
            "Version 2, which cannot have extensions.",
            |leaf| leaf.version = Some(1),
        )
        .refused("certificate-version", "certificate-version"),
        with(
            "ruritania_anchor_expired",
            "Judged in 2044: the certificate is still valid by its own dates, its issuer is not.",
            |leaf| leaf.not_after = end_of_day_in_japan(2046, 1, 1),
        )
        .at(instant(2044, 6, 1, (3, 0, 0)))
        .refused("anchor-validity", "anchor-expired"),
        good.vector(
            "ruritania_expired",
            "Judged one second after the certificate's notAfter.",
        )
        .under(&["ruritania"])
        .at(Ruritania::leaf().not_after + 1)
        .refused("certificate-validity", "certificate-expired"),
        draft(
            "ruritania_forged",
            "Signed with a forger's key in the name of the root.",
            forged,
        )
        .refused("issuer-signature", "issuer-signature"),
        with("ruritania_key_usage_missing", "Without keyUsage.", |leaf| {
            leaf.key_usage = None
        })
        .refused("key-usage", "key-usage-missing"),
        with(
            "ruritania_key_usage_of_encryption",
            "keyEncipherment alone.",
            |leaf| {
                let encryption = vec![jpki_lab::pki::key_usage::KEY_ENCIPHERMENT];
                leaf.key_usage = Some(Marked::critical(encryption));
            },
        )
        .refused("key-usage", "key-usage-without-digital-signature"),
        with("ruritania_ca", "basicConstraints say CA.", |leaf| {
            leaf.basic_constraints = Some(Marked::critical(BasicConstraints {
                ca: true,
                path_len: None,
            }));
        })
        .refused("basic-constraints", "certification-authority"),
        with("ruritania_server", "serverAuth alone.", |leaf| {
            let server_auth = "1.3.6.1.5.5.7.3.1".parse().unwrap();
            leaf.extended_key_usage = Some(Marked::plain(vec![server_auth]));
        })
        .refused("extended-key-usage", "extended-key-usage"),
        with(
            "ruritania_other_policy",
            "A policy that is not the profile's.",
            |leaf| {
                leaf.certificate_policies = Some(Marked::plain(vec![Policy {
                    oid: "1.3.6.1.4.1.32473.7.9".parse().unwrap(),
                    cps: None,
                }]));
            },
        )
        .refused("certificate-policy", "other-policy"),
        with(
            "ruritania_unknown_critical_extension",
            "An extension that nobody knows, marked critical.",
            |leaf| {
                leaf.extra.push(Extension {
                    oid: "1.3.6.1.4.1.32473.1".parse().unwrap(),
                    critical: true,
                    value: vec![0x30, 0x00],
                });
            },
        )
        .refused("extensions", "unknown-critical-extension"),
        draft(
            "ruritania_key_usage_twice",
            "keyUsage twice, both the same.",
            twice,
        )
        .refused("extensions", "extension-twice"),
        with("ruritania_serial_zero", "Serial number 0.", |leaf| {
            leaf.serial = vec![0];
        })
        .refused("serial-number", "serial-not-positive"),
    ]
}
