//! authenticatorGetAssertion with card credentials: the card's own key signs.

use std::cell::RefCell;

use authenticator_core::cbor::Map;
use authenticator_core::{Failure, Refusal};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestRunner};

use crate::requests::{Register, SignIn};
use crate::world::{Assertion, Attestation, Call, Reply, Shown, SoftCard, World};

fn register(world: &mut World, request: Register) -> Attestation {
    let request = request.algorithms(&[-257, -7]);
    world.replies([Reply::card_credential()]);
    let response = world.succeed(&request.bytes());
    Attestation::read(&response, &request.client_data_hash)
}

fn registered() -> (World, Attestation) {
    let mut world = World::new();
    let made = register(&mut world, Register::new("example.jp", "taro"));
    (world, made)
}

fn sign_in(world: &mut World, request: &SignIn) -> Assertion {
    world.replies([Reply::pin("1234")]);
    Assertion::read(&world.succeed(&request.bytes()), &request.client_data_hash)
}

fn named(made: &Attestation) -> SignIn {
    SignIn::new("example.jp").allowing(&made.id)
}

const ONE_SIGNATURE: [Call; 5] = [
    Call::Certificate,
    Call::Tries,
    Call::Verify(String::new()),
    Call::Sign256,
    Call::Release,
];

/// The calls of the card, without the PIN.
fn calls(world: &World) -> Vec<Call> {
    let calls = world.card.calls.iter();
    calls
        .map(|call| match call {
            Call::Verify(_) => Call::Verify(String::new()),
            call => call.clone(),
        })
        .collect()
}

#[test]
fn the_card_signs_and_is_let_go() {
    let (mut world, made) = registered();
    world.now += 1000;
    let assertion = sign_in(&mut world, &named(&made));
    assert_eq!(
        (assertion.keys.as_slice(), &assertion.id),
        (&[1, 2, 3][..], &made.id)
    );
    assert_eq!(assertion.flags, 0b0000_0101, "UV, UP: neither BE nor BS");
    assert_eq!(&assertion.auth_data[33..], [0; 4], "the counter");
    assert!(assertion.verifies(&made.key));
    assert_eq!(calls(&world), ONE_SIGNATURE);
    assert_eq!(world.storage.records[0].last_used_at, Some(world.now));
    assert!(world.person.shown[0].uses_card_credential());
    assert_eq!(
        world.storage.disclosures.len(),
        1,
        "a sign-in discloses nothing new"
    );
}

#[test]
fn a_computer_that_never_saw_the_credential_signs_in_with_it() {
    let mut here = World::new();
    let made = register(&mut here, Register::discoverable("example.jp", "taro"));
    let mut there = World::elsewhere();
    let request = SignIn::new("example.jp")
        .allowing(b"foreign")
        .allowing(&[2; 49])
        .allowing(&made.id);
    let assertion = sign_in(&mut there, &request);
    assert!(assertion.verifies(&made.key));
    assert_eq!(assertion.id, made.id);
    assert_eq!(
        assertion.user, None,
        "whose account it is, only the site knows"
    );
    assert_eq!(assertion.keys, [1, 2, 3]);
    assert_eq!(calls(&there), ONE_SIGNATURE);
    assert!(there.person.shown[0].uses_card_credential());
    let storage = &there.storage;
    assert!(storage.records.is_empty() && storage.disclosures.is_empty());

    // Without a list only what is stored here is found.
    let failure = there
        .replies([Reply::Acknowledge])
        .fail(&SignIn::new("example.jp").bytes());
    assert_eq!(failure, Failure::NoCredential(Ok(())));
    assert!(there.card.calls.is_empty());
}

#[test]
fn each_account_of_several_signs_in_on_both_computers() {
    let mut here = World::new();
    let taro = register(&mut here, Register::new("example.jp", "taro"));
    let hanako = register(&mut here, Register::new("example.jp", "hanako"));
    let mut there = World::elsewhere();
    for world in [&mut here, &mut there] {
        for made in [&taro, &hanako] {
            let assertion = sign_in(world, &named(made));
            assert_eq!(assertion.id, made.id);
            assert!(assertion.verifies(&made.key));
        }
    }
}

#[test]
fn where_it_was_made_it_is_found_without_a_list() {
    let mut world = World::new();
    let made = register(&mut world, Register::discoverable("example.jp", "taro"));
    let assertion = sign_in(&mut world, &SignIn::new("example.jp"));
    assert!(assertion.verifies(&made.key));
    let user = Map::new().with("id", "handle of taro".as_bytes());
    assert_eq!(assertion.user, Some(user));
    assert_eq!(calls(&world), ONE_SIGNATURE, "one account needs no names");
    assert!(world.person.shown[0].uses_card_credential());
}

#[test]
fn accounts_of_both_kinds_stand_in_one_list() {
    let mut world = World::new();
    let pairwise = world.register(&Register::discoverable("example.jp", "taro"));
    world.now += 1;
    let card = register(&mut world, Register::discoverable("example.jp", "hanako"));
    for (chosen, made, signatures) in [
        (0, &card, [Call::Sign512, Call::Sign256]),
        (1, &pairwise, [Call::Sign512, Call::Sign512]),
    ] {
        world.replies([Reply::pin("1234"), Reply::Choose(chosen)]);
        let request = SignIn::new("example.jp");
        let response = world.succeed(&request.bytes());
        let assertion = Assertion::read(&response, &request.client_data_hash);
        assert_eq!(assertion.id, made.id);
        assert!(assertion.verifies(&made.key));
        assert_eq!(calls(&world)[3..5], signatures);
        let [prompt, Shown::ChooseAccount(accounts)] = &world.person.shown[..] else {
            panic!("{:?}", world.person.shown);
        };
        assert!(!prompt.uses_card_credential(), "that depends on the choice");
        let shown: Vec<_> = accounts
            .iter()
            .map(|account| (account.name.name.as_deref(), account.created_at))
            .collect();
        let now = world.now;
        assert_eq!(shown, [(Some("hanako"), now), (Some("taro"), now - 1)]);
    }
}

#[test]
fn the_first_in_the_allow_list_decides_the_kind() {
    let (mut world, card) = registered();
    let pairwise = world.register(&Register::new("example.jp", "hanako"));
    for (first, second, is_card) in [(&card, &pairwise, true), (&pairwise, &card, false)] {
        let assertion = sign_in(&mut world, &named(first).allowing(&second.id));
        assert_eq!(assertion.id, first.id);
        assert!(assertion.verifies(&first.key));
        assert_eq!(world.person.shown[0].uses_card_credential(), is_card);
    }
}

#[test]
fn neither_another_card_nor_another_site_has_it() {
    let (mut world, made) = registered();
    let mut altered = made.id.clone();
    altered[40] ^= 1;
    for request in [
        SignIn::new("example.com").allowing(&made.id),
        SignIn::new("example.jp").allowing(&altered),
    ] {
        let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
        assert_eq!(failure, Failure::NoCredential(Ok(())));
        assert_eq!(world.card.calls, [Call::Certificate, Call::Release]);
    }
    for mut world in [world, World::elsewhere()] {
        world.card = SoftCard::of("p02");
        let request = named(&made);
        let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
        assert_eq!(failure, Failure::NoCredential(Ok(())));
        assert_eq!(world.card.calls, [Call::Certificate, Call::Release]);
    }
}

#[test]
fn with_an_expired_certificate_only_pairwise_credentials_sign_in() {
    let mut world = World::new();
    let card = register(&mut world, Register::discoverable("example.jp", "taro"));
    let pki = jpki_lab::pki::shared().unwrap();
    let end = pki.person("p01").unwrap().authentication.not_after as u64;

    world.now = end;
    assert!(sign_in(&mut world, &named(&card)).verifies(&card.key));

    world.now = end + 1;
    let mut there = World::elsewhere();
    there.now = end + 1;
    for world in [&mut world, &mut there] {
        let failure = world.fail(&named(&card).bytes());
        assert_eq!(failure, Failure::CertificateExpired);
        assert!(world.person.shown.is_empty(), "no PIN is asked for in vain");
        assert_eq!(world.card.calls, [Call::Certificate, Call::Release]);
    }
    let failure = world.fail(&SignIn::new("example.jp").bytes());
    assert_eq!(failure, Failure::CertificateExpired);

    let pairwise = world.register(&Register::discoverable("example.jp", "hanako"));
    for request in [
        named(&card).allowing(&pairwise.id),
        SignIn::new("example.jp"),
    ] {
        let assertion = sign_in(&mut world, &request);
        assert_eq!(assertion.id, pairwise.id);
        assert!(!world.person.shown[0].uses_card_credential());
    }
}

/// What the store forgets, the site still knows, and the card is all that is needed.
#[test]
fn a_credential_that_is_no_longer_stored_still_signs_in_where_it_is_named() {
    let mut world = World::new();
    let first = register(&mut world, Register::discoverable("example.jp", "taro"));
    register(&mut world, Register::discoverable("example.jp", "taro"));
    assert_eq!(world.storage.records.len(), 1, "overwritten");
    let assertion = sign_in(&mut world, &named(&first));
    assert!(assertion.verifies(&first.key));
    assert_eq!(assertion.user, None);
}

#[test]
fn nothing_is_signed_for_who_gave_up() {
    let (mut world, made) = registered();
    world.person.cancel_at_progress = Some(1);
    let failure = world
        .replies([Reply::pin("1234")])
        .fail(&named(&made).bytes());
    assert_eq!(failure, Failure::Refused(Refusal::Cancelled));
    assert_eq!(world.card.signatures(), 0);
}

#[test]
fn a_faulty_signature_never_leaves() {
    let (mut world, made) = registered();
    world.card.faulty = Some(Call::Sign256);
    let failure = world
        .replies([Reply::pin("1234")])
        .fail(&named(&made).bytes());
    assert_eq!(failure, Failure::WrongSignature);
}

#[test]
fn a_full_disk_lets_no_assertion_out() {
    let (mut world, made) = registered();
    world.storage.full = true;
    let outcome = world
        .replies([Reply::pin("1234")])
        .send(&named(&made).bytes());
    assert_eq!(outcome.response, [0x27]);
}

/// Whatever a site lists: the first credential of this card for this site is used, and a PIN is asked for only if
/// there is one. An expired certificate takes the card credentials out.
#[test]
fn of_any_list_the_first_that_can_be_used_is_used() {
    let mut world = World::with_card_of("p02");
    let of_p02 = register(&mut world, Register::new("example.jp", "jiro"));
    let pairwise_of_p02 = world.register(&Register::new("example.jp", "jiro"));
    world.card = SoftCard::of("p01");
    let stored = register(&mut world, Register::new("example.jp", "taro"));
    let pairwise = world.register(&Register::new("example.jp", "hanako"));
    let of_another_site = register(&mut world, Register::new("example.com", "taro"));
    let made_elsewhere = register(&mut World::elsewhere(), Register::new("example.jp", "taro"));
    let usable = [&stored, &pairwise, &made_elsewhere];
    let mut altered = stored.id.clone();
    altered[48] ^= 1;
    let useless = [
        of_p02.id,
        pairwise_of_p02.id,
        of_another_site.id,
        altered,
        b"foreign".to_vec(),
    ];
    let ids: Vec<&Vec<u8>> = usable.iter().map(|made| &made.id).chain(&useless).collect();

    let pki = jpki_lab::pki::shared().unwrap();
    let end = pki.person("p01").unwrap().authentication.not_after as u64;
    let valid = world.now;
    let world = RefCell::new(world);
    let lists = (vec(0..ids.len(), 1..6), any::<bool>());
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(100)
    };
    TestRunner::new(config)
        .run(&lists, |(list, expired)| {
            let mut world = world.borrow_mut();
            world.now = if expired { end + 1 } else { valid };
            let request = list.iter().fold(SignIn::new("example.jp"), |request, at| {
                request.allowing(ids[*at])
            });
            let ours = || list.iter().filter_map(|at| usable.get(*at));
            let is_pairwise = |made: &Attestation| made.id == pairwise.id;
            match ours().find(|made| !expired || is_pairwise(made)) {
                Some(first) => {
                    let assertion = sign_in(&mut world, &request);
                    assert_eq!(assertion.id, first.id);
                    assert!(assertion.verifies(&first.key));
                    let shown = &world.person.shown[0];
                    assert_eq!(shown.uses_card_credential(), !is_pairwise(first));
                }
                None if ours().next().is_some() => {
                    let failure = world.fail(&request.bytes());
                    assert_eq!(failure, Failure::CertificateExpired);
                }
                None => {
                    let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
                    assert_eq!(failure, Failure::NoCredential(Ok(())));
                }
            }
            Ok(())
        })
        .unwrap();
}
