//! authenticatorMakeCredential where the relying party prefers RS256: the card's own key.

use authenticator_core::{
    CardCredentialOffer, CredentialKey, CredentialKind, Disclosed, Disclosure, Failure,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::requests::Register;
use crate::world::{Attestation, Call, Key, Reply, Shown, SoftCard, World, verifies};

/// RS256 before ES256.
fn prefers(user: &str) -> Register {
    Register::new("example.jp", user).algorithms(&[-257, -7])
}

/// RS256 and nothing else.
fn requires(user: &str) -> Register {
    Register::new("example.jp", user).algorithms(&[-257])
}

fn discoverable(mut request: Register) -> Register {
    request.options = Register::discoverable("example.jp", "taro").options;
    request
}

fn register(world: &mut World, request: &Register, reply: Reply) -> Attestation {
    world.replies([reply]);
    let response = world.succeed(&request.bytes());
    Attestation::read(&response, &request.client_data_hash)
}

fn offer(switch: bool, required: bool, can_remember: bool) -> Option<CardCredentialOffer> {
    Some(CardCredentialOffer {
        switch,
        required,
        can_remember,
    })
}

#[test]
fn where_the_person_agrees_the_key_is_the_cards_own() {
    for (request, required) in [(prefers("taro"), false), (requires("taro"), true)] {
        let mut world = World::new();
        let made = register(&mut world, &request, Reply::card_credential());

        assert_eq!(made.key, Key::Card(world.card.public_key()));
        assert_eq!(made.flags, 0b0100_0101, "AT, UV, UP: neither BE nor BS");
        assert_eq!((made.sign_count, made.keys.as_slice()), (0, &[1, 2, 3][..]));
        assert_eq!((made.id.len(), made.id[0]), (49, 2));
        assert_eq!(
            (made.format.as_str(), made.statement.len(), made.algorithm()),
            ("packed", 2, -257)
        );
        assert!(verifies(&made.key, &made.signed(), made.signature()));

        let record = &world.storage.records[0];
        assert_eq!(record.id.as_bytes().as_slice(), made.id);
        assert!(record.key == CredentialKey::InCard);
        assert_eq!(record.kind(), CredentialKind::Card);
        assert_eq!(record.card, world.card.key_hash());
        assert!(record.sealed_names.is_none() && !record.backed_up);
        assert_eq!(
            world.person.shown[0].card_credential(),
            offer(false, required, true),
            "off, until the person has switched it on"
        );
        assert_eq!(
            world.card.calls,
            [
                Call::Certificate,
                Call::Tries,
                Call::Verify("1234".into()),
                Call::Sign256,
                Call::Release
            ]
        );
    }
}

#[test]
fn the_cards_key_counts_as_disclosed_before_it_leaves() {
    let mut world = World::new();
    register(&mut world, &prefers("taro"), Reply::card_credential());
    assert_eq!(
        world.storage.disclosures,
        [Disclosure {
            what: Disclosed::CardKey,
            rp_id: "example.jp".into(),
            credential: world.storage.records[0].id,
            card: world.card.key_hash(),
            at: world.now,
        }]
    );

    world.storage.full = true;
    let outcome = world
        .replies([Reply::card_credential()])
        .send(&prefers("hanako").bytes());
    assert_eq!(outcome.failure.unwrap().code(), "storage");
    assert_eq!(outcome.response, [0x27]);
}

#[test]
fn declined_it_is_a_pairwise_credential() {
    let mut world = World::new();
    let made = register(&mut world, &prefers("taro"), Reply::pin("1234"));
    assert!(matches!(made.key, Key::Pairwise(_)));
    assert_eq!((made.id[0], made.algorithm()), (1, -7));
    assert!(world.storage.disclosures.is_empty());
}

#[test]
fn declined_where_nothing_else_is_accepted_no_pin_is_sent() {
    let mut world = World::new();
    let failure = world
        .replies([Reply::pin("1234")])
        .fail(&requires("taro").bytes());
    assert_eq!(
        (failure.status(), failure.code()),
        (0x26, "unsupported-algorithm")
    );
    assert_eq!(
        world.card.calls,
        [Call::Certificate, Call::Tries, Call::Release]
    );
    assert!(world.storage.records.is_empty() && world.storage.disclosures.is_empty());
}

/// What leaves is the card's key only if RS256 comes first, and the switch for it was on; or the certificate that holds it.
#[test]
fn the_cards_key_leaves_by_agreement_only() {
    for algorithms in [&[-7][..], &[-7, -257], &[-257, -7], &[-8, -257, -7, -257]] {
        for card_credential in [false, true] {
            for disclose in [false, true] {
                let mut world = World::new();
                let request = prefers("taro").algorithms(algorithms).enterprise(2);
                let reply = Reply::Pin {
                    pin: "1234",
                    disclose,
                    card_credential,
                    remember: false,
                    last_try: false,
                };
                let outcome = world.replies([reply]).send(&request.bytes());
                assert_eq!(outcome.failure, None);
                let agreed = card_credential && algorithms[0] != -7;
                let modulus =
                    rsa::traits::PublicKeyParts::n(&world.card.public_key()).to_bytes_be();
                let left = outcome
                    .response
                    .windows(modulus.len())
                    .any(|part| part == modulus);
                let what = format!("{algorithms:?}, {card_credential}, {disclose}");
                assert_eq!(left, agreed || disclose, "{what}");
                let recorded: Vec<Disclosed> = world
                    .storage
                    .disclosures
                    .iter()
                    .map(|entry| entry.what)
                    .collect();
                let expected = match (disclose, agreed) {
                    (true, _) => vec![Disclosed::Certificate],
                    (false, true) => vec![Disclosed::CardKey],
                    (false, false) => vec![],
                };
                assert_eq!(recorded, expected, "{what}");
                let offered = world.person.shown[0].card_credential().is_some();
                assert_eq!(offered, algorithms[0] != -7, "{what}");
            }
        }
    }
}

#[test]
fn several_accounts_at_one_site_share_the_key_and_have_ids_of_their_own() {
    let mut world = World::new();
    let taro = register(&mut world, &prefers("taro"), Reply::card_credential());
    let hanako = register(&mut world, &prefers("hanako"), Reply::card_credential());
    assert_eq!(taro.key, hanako.key);
    let shared = taro.id[1..]
        .windows(8)
        .any(|part| hanako.id.windows(8).any(|other| other == part));
    assert!(!shared);
    assert_eq!(world.storage.records.len(), 2);
}

#[test]
fn the_same_user_with_rk_overwrites_across_kinds() {
    let mut world = World::new();
    let kinds = |world: &World| -> Vec<CredentialKind> {
        let records = world.storage.records.iter();
        records.map(|record| record.kind()).collect()
    };
    let request = discoverable(prefers("taro"));
    register(&mut world, &request, Reply::pin("1234"));
    register(&mut world, &request, Reply::card_credential());
    assert_eq!(kinds(&world), [CredentialKind::Card]);
    register(&mut world, &request, Reply::card_credential());
    assert_eq!(kinds(&world), [CredentialKind::Card]);
    register(&mut world, &request, Reply::pin("1234"));
    assert_eq!(kinds(&world), [CredentialKind::Pairwise]);
}

/// One for names that an account chooser will show, one for the statement. The key costs none.
#[test]
fn signatures_are_made_only_for_what_is_needed() {
    for (what, request, reply, calls) in [
        (
            "no attestation",
            prefers("a").formats(&["none"]),
            Reply::card_credential(),
            &[][..],
        ),
        (
            "discoverable",
            discoverable(prefers("a")),
            Reply::card_credential(),
            &[Call::Sign512, Call::Sign256],
        ),
        (
            "discoverable, disclosed",
            discoverable(prefers("a")).enterprise(2),
            Reply::disclose_with_card_credential(),
            &[Call::Sign512, Call::Sign256],
        ),
    ] {
        let mut world = World::new();
        register(&mut world, &request, reply);
        let signed: Vec<Call> = world
            .card
            .calls
            .iter()
            .filter(|call| matches!(call, Call::Sign256 | Call::Sign512))
            .cloned()
            .collect();
        assert_eq!(signed, calls, "{what}");
    }
}

#[test]
fn a_card_credential_is_excluded_on_a_computer_that_never_saw_it() {
    let mut here = World::new();
    let made = register(&mut here, &prefers("taro"), Reply::card_credential());
    let mut there = World::elsewhere();
    let again = prefers("taro").excluding(b"foreign").excluding(&made.id);
    let failure = there.replies([Reply::Acknowledge]).fail(&again.bytes());
    assert_eq!(failure, Failure::Excluded(Ok(())));
    assert_eq!(there.person.shown, [Shown::AlreadyRegistered]);
    assert_eq!(there.card.calls, [Call::Certificate, Call::Release]);

    // Neither at another site, nor for another card, nor with one bit changed.
    let elsewhere = Register::new("example.com", "taro").excluding(&made.id);
    there.register(&elsewhere);
    let mut altered = made.id.clone();
    altered[17] ^= 1;
    there.register(&prefers("taro").excluding(&altered));
    there.card = SoftCard::of("p02");
    there.register(&again);
}

#[test]
fn an_expired_certificate_makes_no_card_credential() {
    let mut world = World::with_card_of("p04");
    let made = register(&mut world, &prefers("taro"), Reply::card_credential());
    assert!(matches!(made.key, Key::Pairwise(_)));
    assert_eq!(world.person.shown[0].card_credential(), None);

    let failure = world.fail(&requires("taro").bytes());
    assert_eq!(failure, Failure::CertificateExpired);
    assert!(world.person.shown.is_empty(), "no PIN is asked for in vain");
}

#[test]
fn a_remembered_site_finds_both_switches_on() {
    let remembering = Reply::Pin {
        pin: "1234",
        disclose: false,
        card_credential: true,
        remember: true,
        last_try: false,
    };
    let mut world = World::new();
    register(&mut world, &prefers("taro"), remembering.clone());
    assert!(world.storage.sites.contains("example.jp"));

    register(
        &mut world,
        &prefers("hanako").enterprise(2),
        Reply::pin("1234"),
    );
    let shown = &world.person.shown[0];
    assert_eq!(shown.card_credential(), offer(true, false, false));
    assert!(shown.certificate().unwrap().switch);

    // Not offered, it is not remembered.
    let mut world = World::new();
    let pairwise = Register::new("example.jp", "taro");
    register(&mut world, &pairwise, remembering);
    assert!(world.storage.sites.is_empty());
}

#[test]
fn after_a_wrong_pin_both_switches_stand_where_the_person_left_them() {
    let wrong = |pin, disclose, card_credential| Reply::Pin {
        pin,
        disclose,
        card_credential,
        remember: false,
        last_try: false,
    };
    let mut world = World::new();
    world.replies([
        wrong("0000", false, true),
        wrong("0001", true, false),
        Reply::Pin {
            pin: "1234",
            disclose: false,
            card_credential: true,
            remember: false,
            last_try: true,
        },
    ]);
    let request = prefers("taro").enterprise(2);
    let response = world.succeed(&request.bytes());
    let switches: Vec<(bool, bool)> = world
        .person
        .shown
        .iter()
        .map(|shown| {
            let certificate = shown.certificate().unwrap();
            (certificate.switch, shown.card_credential().unwrap().switch)
        })
        .collect();
    assert_eq!(switches, [(false, false), (false, true), (true, false)]);
    let made = Attestation::read(&response, &request.client_data_hash);
    assert_eq!((made.format.as_str(), made.algorithm()), ("packed", -257));
}

/// A switch that is off ends it even with the right PIN typed before: a wrong one cost its try, and no more is sent.
#[test]
fn declining_after_a_wrong_pin_sends_no_other() {
    let mut world = World::new();
    let wrong = Reply::Pin {
        pin: "0000",
        disclose: false,
        card_credential: true,
        remember: false,
        last_try: false,
    };
    let failure = world
        .replies([wrong, Reply::pin("1234")])
        .fail(&requires("taro").bytes());
    assert_eq!(failure, Failure::UnsupportedAlgorithm);
    assert_eq!(world.card.tries, 2);
}

#[test]
fn a_faulty_signature_of_the_card_never_leaves() {
    let mut world = World::new();
    world.card.faulty = Some(Call::Sign256);
    let failure = world
        .replies([Reply::card_credential()])
        .fail(&prefers("taro").bytes());
    assert_eq!(failure, Failure::WrongSignature);
    assert!(world.storage.records.is_empty());
}

/// 32 bytes for the ID and 24 for the names: nothing else is drawn, so these make the same ID again.
#[test]
fn equal_randomness_gives_equal_bytes() {
    let respond = || {
        let mut world = World::new();
        world.replies([Reply::card_credential()]);
        world.send(&discoverable(prefers("taro")).bytes()).response
    };
    assert_eq!(respond(), respond());

    let mut world = World::new();
    let made = register(&mut world, &prefers("taro"), Reply::card_credential());
    let mut nonce = [0; 32];
    ChaCha20Rng::seed_from_u64(1).fill_bytes(&mut nonce);
    assert_eq!(made.id[1..33], nonce);
}
