//! The PIN and its three tries; the card's way out of every ceremony.

use std::panic::{AssertUnwindSafe, catch_unwind};

use authenticator_core::{CardError, Failure, PinPad, PinPrompt, Refusal};

use crate::requests::{Register, SignIn};
use crate::world::{Call, Reply, Shown, World};

fn prompt(tries_left: u8, previous_wrong: bool) -> Option<PinPrompt> {
    Some(PinPrompt {
        tries_left,
        previous_wrong,
        last_try: tries_left == 1,
        pad: PinPad::Absent,
    })
}

fn prompts(world: &World) -> Vec<Option<PinPrompt>> {
    world.person.shown.iter().map(Shown::pin).collect()
}

fn verifications(world: &World) -> usize {
    world.card.calls.iter().filter_map(Call::pin).count()
}

/// A world with a credential, and the two requests that ask for a PIN.
fn both(test: impl Fn(World, &[u8])) {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));
    test(world, &SignIn::new("example.jp").allowing(&made.id).bytes());
    test(World::new(), &Register::new("example.jp", "taro").bytes());
}

#[test]
fn a_wrong_pin_is_asked_for_again_with_the_tries_left() {
    both(|mut world, request| {
        world
            .replies([Reply::pin("0000"), Reply::pin("1234")])
            .succeed(request);
        assert_eq!(prompts(&world), [prompt(3, false), prompt(2, true)]);
        assert_eq!(world.card.tries, 3);
    });
}

#[test]
fn the_last_try_is_not_spent_without_permission() {
    both(|mut world, request| {
        world.replies([
            Reply::pin("0000"),
            Reply::pin("1111"),
            Reply::pin("1234"),
            Reply::Refuse(Refusal::Cancelled),
        ]);
        let failure = world.fail(request);
        assert_eq!(failure.code(), "cancelled");
        let shown = [
            prompt(3, false),
            prompt(2, true),
            prompt(1, true),
            prompt(1, true),
        ];
        assert_eq!(prompts(&world), shown);
        assert_eq!(verifications(&world), 2, "the third PIN was not sent");
        assert_eq!(world.card.tries, 1);
    });
}

#[test]
fn the_last_try_is_spent_with_permission() {
    both(|mut world, request| {
        world.card.tries = 1;
        world.replies([Reply::last_try("1234")]).succeed(request);
        assert_eq!(world.card.tries, 3);
    });
}

#[test]
fn a_wrong_last_try_locks_and_ends_the_ceremony() {
    both(|mut world, request| {
        world.card.tries = 1;
        let failure = world.replies([Reply::last_try("0000")]).fail(request);
        assert_eq!(failure, Failure::PinLocked);
        assert_eq!((failure.status(), failure.code()), (0x27, "pin-locked"));
    });
}

#[test]
fn a_locked_card_is_asked_for_no_pin() {
    both(|mut world, request| {
        world.card.tries = 0;
        assert_eq!(world.fail(request), Failure::PinLocked);
        assert!(world.person.shown.is_empty());
        assert_eq!(verifications(&world), 0);
    });
}

/// Another program spent two tries while the person was typing: what they agreed to when three
/// were left is no permission for the last one.
#[test]
fn a_permission_that_was_not_asked_for_does_not_count() {
    both(|mut world, request| {
        world.card.spent_by_others = 2;
        world.replies([Reply::last_try("1234"), Reply::Refuse(Refusal::Cancelled)]);
        assert_eq!(world.fail(request).code(), "cancelled");
        assert_eq!(prompts(&world), [prompt(3, false), prompt(1, false)]);
        assert_eq!(verifications(&world), 0);
    });
}

#[test]
fn a_card_that_others_locked_meanwhile_is_locked() {
    both(|mut world, request| {
        world.card.spent_by_others = 3;
        assert_eq!(
            world.replies([Reply::pin("1234")]).fail(request),
            Failure::PinLocked
        );
        assert_eq!(verifications(&world), 0);
    });
}

#[test]
fn refusing_costs_no_try_and_stores_nothing() {
    both(|mut world, request| {
        let stored = world.storage.records.clone();
        for (refusal, code) in [
            (Refusal::Cancelled, "cancelled"),
            (Refusal::TimedOut, "timed-out"),
            (Refusal::OtherAuthenticator, "other-authenticator"),
            (Refusal::CardRemoved, "card-removed"),
        ] {
            let failure = world.replies([Reply::Refuse(refusal)]).fail(request);
            assert_eq!((failure.status(), failure.code()), (0x27, code));
            assert_eq!(verifications(&world), 0);
        }
        assert_eq!(world.card.tries, 3);
        assert_eq!(world.storage.records, stored);
    });
}

/// The page goes away while the person types, while the card works, or just before the end.
#[test]
fn cancelling_stops_at_the_next_step() {
    both(|mut world, request| {
        let stored = world.storage.records.clone();
        for (step, verified, signed) in [(0, 0, 0), (1, 1, 0), (2, 1, 1)] {
            world.person.cancel_at_progress = Some(step);
            let failure = world.replies([Reply::pin("1234")]).fail(request);
            assert_eq!((failure.status(), failure.code()), (0x27, "cancelled"));
            assert_eq!(
                (verifications(&world), world.card.signatures()),
                (verified, signed)
            );
        }
        assert_eq!(world.storage.records, stored);
    });
}

const CARD_ERRORS: [(CardError, &str); 10] = [
    (CardError::PcscNotRunning, "pcsc-not-running"),
    (CardError::NoReader, "no-reader"),
    (CardError::NoCard, "no-card"),
    (CardError::Mute, "card-mute"),
    (CardError::SeveralCards, "several-cards"),
    (CardError::Busy, "card-busy"),
    (CardError::Removed, "card-removed"),
    (CardError::Changed, "card-changed"),
    (CardError::Unsupported, "card-unsupported"),
    (CardError::Failed, "card-failed"),
];

#[test]
fn a_card_that_fails_on_the_way_ends_the_ceremony_with_the_reason() {
    both(|mut world, request| {
        let stored = world.storage.records.clone();
        for (error, code) in CARD_ERRORS {
            for call in [Call::Tries, Call::Verify("1234".into()), Call::Sign512] {
                let asked = call != Call::Tries;
                world.card.failing = Some((call, error));
                world.replies(asked.then(|| Reply::pin("1234")));
                let failure = world.fail(request);
                assert_eq!(failure, Failure::Card(error));
                assert_eq!((failure.status(), failure.code()), (0x27, code));
                assert!(verifications(&world) <= 1, "nothing is tried again");
            }
        }
        assert_eq!(world.storage.records, stored);
    });
}

#[test]
fn a_card_that_cannot_attest_registers_nothing() {
    let mut world = World::new();
    world.card.failing = Some((Call::Sign256, CardError::Removed));
    world.replies([Reply::disclose()]);
    let failure = world.fail(&Register::new("example.jp", "taro").enterprise(2).bytes());
    assert_eq!(failure, Failure::Card(CardError::Removed));
    assert!(world.storage.records.is_empty() && world.storage.disclosures.is_empty());
}

#[test]
fn without_a_card_the_person_is_asked_for_one() {
    both(|mut world, request| {
        let problems = [
            (CardError::PcscNotRunning, CardError::PcscNotRunning),
            (CardError::NoReader, CardError::NoReader),
            (CardError::NoCard, CardError::NoCard),
            (CardError::SeveralCards, CardError::SeveralCards),
            (CardError::Busy, CardError::Busy),
            // Before anybody saw the card, a card that went away is no card.
            (CardError::Removed, CardError::NoCard),
            (CardError::Changed, CardError::NoCard),
        ];
        for (problem, _) in problems {
            world.card.absent.push_back(problem);
            world.replies([Reply::Acknowledge]);
        }
        world.replies([Reply::pin("1234")]).succeed(request);
        for (shown, (_, problem)) in world.person.shown.iter().zip(problems) {
            assert_eq!(*shown, Shown::InsertCard(problem));
        }
        assert_eq!(world.person.shown.len(), 8);
    });
}

#[test]
fn nobody_presents_a_card() {
    both(|mut world, request| {
        for (refusal, code) in [
            // What was missing says more than that time ran out.
            (Refusal::TimedOut, "no-reader"),
            (Refusal::Cancelled, "cancelled"),
            (Refusal::OtherAuthenticator, "other-authenticator"),
        ] {
            world.card.absent.push_back(CardError::NoReader);
            let failure = world.replies([Reply::Refuse(refusal)]).fail(request);
            assert_eq!((failure.status(), failure.code()), (0x27, code));
        }
    });
}

#[test]
fn a_card_that_cannot_be_used_is_said_at_once() {
    both(|mut world, request| {
        for error in [CardError::Unsupported, CardError::Failed] {
            world.card.absent.push_back(error);
            assert_eq!(world.fail(request), Failure::Card(error));
            assert!(world.person.shown.is_empty());
        }
    });
}

#[test]
fn a_faulty_signature_is_never_sealed_with() {
    both(|mut world, request| {
        let stored = world.storage.records.clone();
        world.card.faulty = Some(Call::Sign512);
        let failure = world.replies([Reply::pin("1234")]).fail(request);
        assert_eq!(failure, Failure::WrongSignature);
        assert_eq!((failure.status(), failure.code()), (0x27, "card-failed"));
        assert_eq!(world.storage.records, stored);
    });
}

#[test]
fn a_faulty_signature_is_never_released() {
    let mut world = World::new();
    world.card.faulty = Some(Call::Sign256);
    world.replies([Reply::disclose()]);
    let failure = world.fail(&Register::new("example.jp", "taro").enterprise(2).bytes());
    assert_eq!(failure, Failure::WrongSignature);
    assert!(world.storage.records.is_empty() && world.storage.disclosures.is_empty());
}

#[test]
fn a_panic_releases_the_card_too() {
    for call in [
        Call::Certificate,
        Call::Tries,
        Call::Verify("1234".into()),
        Call::Sign512,
        Call::Sign256,
    ] {
        let mut world = World::new();
        world.card.panic_at = Some(call.clone());
        world.replies([Reply::disclose()]);
        let request = Register::new("example.jp", "taro").enterprise(2).bytes();
        let ended = catch_unwind(AssertUnwindSafe(|| world.send(&request)));
        assert!(ended.is_err(), "{call:?}");
        assert_eq!(world.card.calls.last(), Some(&Call::Release), "{call:?}");
        assert!(!world.card.verified, "{call:?}");
        assert!(world.storage.records.is_empty());
    }
}

/// A prompt that panics is a defect of the app; the card must not stay open for it.
#[test]
fn a_panicking_prompt_releases_the_card() {
    both(|mut world, request| {
        let ended = catch_unwind(AssertUnwindSafe(|| world.send(request)));
        assert!(ended.is_err(), "the script was empty");
        assert_eq!(world.card.calls.last(), Some(&Call::Release));
    });
}
