//! The release table: what the relying party asks, what the person is offered, what leaves.

use authenticator_core::{CertificateOffer, Disclosed, Disclosure, Failure};
use eid_card::Certificate;
use sha2::{Digest, Sha256};

use crate::requests::Register;
use crate::world::{Attestation, Key, Reply, World, verifies};

const RP_ID: &str = "example.jp";

fn register(world: &mut World, request: &Register, reply: Reply) -> Attestation {
    world.replies([reply]);
    let response = world.succeed(&request.bytes());
    Attestation::read(&response, &request.client_data_hash)
}

fn request() -> Register {
    Register::new(RP_ID, "taro")
}

const OFF: Option<CertificateOffer> = Some(CertificateOffer {
    switch: false,
    asked: false,
    can_remember: false,
});
const ON: Option<CertificateOffer> = Some(CertificateOffer {
    switch: true,
    asked: false,
    can_remember: false,
});
const ASKED_OFF: Option<CertificateOffer> = Some(CertificateOffer {
    switch: false,
    asked: true,
    can_remember: true,
});
const ASKED_ON: Option<CertificateOffer> = Some(CertificateOffer {
    switch: true,
    asked: true,
    can_remember: false,
});

#[test]
fn every_row_of_the_release_table() {
    let none = || request().formats(&["none"]);
    let nothing = request;
    let model = || request().formats(&["packed"]);
    let unknown = || request().formats(&["tpm", "fido-u2f"]);
    let direct = || request().formats(&["packed", "eid-x509"]);
    let named = || request().formats(&["eid-x509", "packed"]);
    let enterprise = || request().enterprise(2);
    let vendor = || request().enterprise(1).formats(&["packed", "eid-x509"]);
    let contradiction = || request().enterprise(2).formats(&["none"]);

    // Columns: name, request, offer for a new site, offer for a remembered one, format if declined,
    // format if switched on, epAtt then.
    type Row = (
        &'static str,
        fn() -> Register,
        Option<CertificateOffer>,
        Option<CertificateOffer>,
        &'static str,
        &'static str,
        Option<bool>,
    );
    let rows: [Row; 9] = [
        ("none", none, None, None, "none", "none", None),
        (
            "no preference (HID)",
            nothing,
            None,
            None,
            "packed",
            "packed",
            None,
        ),
        ("packed alone", model, None, None, "packed", "packed", None),
        (
            "only unknown formats",
            unknown,
            None,
            None,
            "packed",
            "packed",
            None,
        ),
        ("direct", direct, OFF, ON, "packed", "eid-x509", None),
        (
            "direct naming eid-x509",
            named,
            ASKED_OFF,
            ASKED_ON,
            "packed",
            "eid-x509",
            None,
        ),
        (
            "enterprise",
            enterprise,
            ASKED_OFF,
            ASKED_ON,
            "packed",
            "eid-x509",
            Some(true),
        ),
        (
            "vendor-facilitated",
            vendor,
            ASKED_OFF,
            ASKED_ON,
            "packed",
            "eid-x509",
            Some(true),
        ),
        (
            "enterprise and none",
            contradiction,
            None,
            None,
            "none",
            "none",
            None,
        ),
    ];
    for (name, request, new, remembered, declined, agreed, enterprise) in rows {
        for (offer, site_remembered) in [(new, false), (remembered, true)] {
            for (reply, format) in [(Reply::pin("1234"), declined), (Reply::disclose(), agreed)] {
                let mut world = World::new();
                if site_remembered {
                    world.storage.sites.insert(RP_ID.into());
                }
                let made = register(&mut world, &request(), reply);
                let what = format!("{name}, remembered {site_remembered}, {format}");
                assert_eq!(world.person.shown[0].certificate(), offer, "{what}");
                assert_eq!(made.format, format, "{what}");
                assert_statement(&world, &made);
                let granted = enterprise.filter(|_| format == "eid-x509");
                assert_eq!(made.enterprise, granted, "{what}");
                let keys: &[i64] = if granted.is_some() {
                    &[1, 2, 3, 4]
                } else {
                    &[1, 2, 3]
                };
                assert_eq!(made.keys, keys, "{what}");
                assert_eq!(
                    world.storage.disclosures.len(),
                    usize::from(format == "eid-x509"),
                    "{what}"
                );
                assert_eq!(
                    world.storage.sites.contains(RP_ID),
                    site_remembered,
                    "{what}"
                );
            }
        }
    }
}

/// The rows hold for both kinds: the statement's key is the card's either way, its certificate leaves by its own switch.
#[test]
fn every_row_of_the_release_table_for_card_credentials() {
    let direct = &["packed", "eid-x509"];
    let rows = [
        (request().formats(&["none"]), "none", "none"),
        (request(), "packed", "packed"),
        (request().formats(&["packed"]), "packed", "packed"),
        (request().formats(&["tpm"]), "packed", "packed"),
        (request().formats(direct), "packed", "eid-x509"),
        (request().formats(&["eid-x509"]), "packed", "eid-x509"),
        (request().enterprise(2), "packed", "eid-x509"),
        (request().enterprise(2).formats(&["none"]), "none", "none"),
    ];
    for (request, declined, agreed) in rows {
        let request = request.algorithms(&[-257]);
        for (reply, format) in [
            (Reply::card_credential(), declined),
            (Reply::disclose_with_card_credential(), agreed),
        ] {
            let mut world = World::new();
            let made = register(&mut world, &request, reply);
            assert_eq!(made.format, format);
            assert_statement(&world, &made);
            let what = if format == "eid-x509" {
                Disclosed::Certificate
            } else {
                Disclosed::CardKey
            };
            assert_eq!(world.storage.disclosures[0].what, what);
            assert_eq!(world.storage.disclosures.len(), 1);
        }
    }
}

/// The statement is well-formed for its format and its signature verifies.
fn assert_statement(world: &World, made: &Attestation) {
    match made.format.as_str() {
        "none" => assert!(made.statement.is_empty()),
        "packed" => {
            let algorithm = match made.key {
                Key::Pairwise(_) => -7,
                Key::Card(_) => -257,
            };
            assert_eq!((made.statement.len(), made.algorithm()), (2, algorithm));
            assert!(verifies(&made.key, &made.signed(), made.signature()));
        }
        "eid-x509" => {
            assert_eq!((made.statement.len(), made.algorithm()), (3, -257));
            let [leaf] = made.statement.get("x5c").unwrap().as_array().unwrap() else {
                panic!("x5c has exactly one element");
            };
            let leaf = leaf.as_bytes().unwrap();
            assert_eq!(leaf, world.card.certificate_der());
            let certificate = Certificate::from_der(leaf).unwrap();
            let digest: [u8; 32] = Sha256::digest(made.signed()).into();
            assert!(certificate.verifies_sha256(&digest, made.signature()));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_certificate_leaves_in_one_format_only() {
    for request in [
        request().formats(&["none"]),
        request(),
        request().formats(&["packed", "eid-x509"]),
        request().enterprise(2),
    ] {
        let mut world = World::new();
        let outcome = world.replies([Reply::pin("1234")]).send(&request.bytes());
        let certificate = world.card.certificate_der();
        let part = &certificate[certificate.len() / 2..][..16];
        assert!(!outcome.response.windows(16).any(|bytes| bytes == part));
    }
}

#[test]
fn a_disclosure_is_recorded_and_the_site_remembered_if_wanted() {
    let mut world = World::new();
    let made = register(
        &mut world,
        &request().enterprise(2),
        Reply::disclose_and_remember(),
    );
    assert_eq!(
        world.storage.disclosures,
        [Disclosure {
            what: Disclosed::Certificate,
            rp_id: RP_ID.into(),
            credential: world.storage.records[0].id,
            card: world.card.key_hash(),
            at: world.now,
        }]
    );
    assert_eq!(made.format, "eid-x509");
    assert!(world.storage.sites.contains(RP_ID));

    register(&mut world, &request().enterprise(2), Reply::pin("1234"));
    assert_eq!(
        world.person.shown[0].certificate(),
        ASKED_ON,
        "the switch starts on"
    );
    assert!(
        world.storage.sites.contains(RP_ID),
        "declining once forgets nothing"
    );
}

#[test]
fn a_site_is_remembered_only_where_that_was_offered() {
    let remember_without_disclosing = Reply::Pin {
        pin: "1234",
        disclose: false,
        card_credential: false,
        remember: true,
        last_try: false,
    };
    for (request, reply) in [
        (request().enterprise(2), remember_without_disclosing),
        (
            request().formats(&["packed", "eid-x509"]),
            Reply::disclose_and_remember(),
        ),
        (request(), Reply::disclose_and_remember()),
        (request().formats(&["none"]), Reply::disclose_and_remember()),
    ] {
        let mut world = World::new();
        register(&mut world, &request, reply);
        assert!(world.storage.sites.is_empty());
    }
}

#[test]
fn after_a_wrong_pin_the_switch_stands_where_the_person_left_it() {
    let mut world = World::new();
    world.replies([
        Reply::Pin {
            pin: "0000",
            disclose: true,
            card_credential: false,
            remember: false,
            last_try: false,
        },
        Reply::pin("0001"),
        Reply::last_try("1234"),
    ]);
    let response = world.succeed(&request().enterprise(2).bytes());
    let switches: Vec<bool> = world
        .person
        .shown
        .iter()
        .map(|shown| shown.certificate().unwrap().switch)
        .collect();
    assert_eq!(switches, [false, true, false]);
    let made = Attestation::read(&response, &request().client_data_hash);
    assert_eq!(made.format, "packed", "the last answer counts");
    assert!(world.storage.disclosures.is_empty());
}

#[test]
fn an_expired_certificate_is_not_offered_and_fails_where_it_is_asked_for() {
    for (request, format) in [
        (request().formats(&["none"]), "none"),
        (request(), "packed"),
        (request().formats(&["packed", "eid-x509"]), "packed"),
    ] {
        let mut world = World::with_card_of("p04");
        let made = register(&mut world, &request, Reply::disclose());
        assert_eq!(made.format, format);
        assert_eq!(world.person.shown[0].certificate(), None);
        let expiry = world.person.shown[0].card().unwrap().expiry;
        assert_eq!(expiry, authenticator_core::Expiry::Expired);
    }
    for request in [request().enterprise(2), request().formats(&["eid-x509"])] {
        let mut world = World::with_card_of("p04");
        let failure = world.fail(&request.bytes());
        assert_eq!(failure, Failure::CertificateExpired);
        assert_eq!(
            (failure.status(), failure.code()),
            (0x27, "certificate-expired")
        );
        assert!(world.person.shown.is_empty(), "no PIN is asked for in vain");
    }
}

#[test]
fn nothing_leaves_that_was_not_recorded() {
    let mut world = World::new();
    world.storage.full = true;
    let outcome = world
        .replies([Reply::disclose()])
        .send(&request().enterprise(2).bytes());
    let failure = outcome.failure.unwrap();
    assert_eq!((failure.status(), failure.code()), (0x27, "storage"));
    assert_eq!(outcome.response, [0x27]);
}
