//! The PIN entered on the reader's PIN pad: the same rules as for a PIN that is typed, and nothing of it passes through here.

use authenticator_core::{Failure, PinPad, PinPrompt, Progress, Refusal};

use crate::requests::{Register, SignIn};
use crate::world::{Call, Press, Reply, Shown, World};

/// What the prompt shows: tries left, whether the PIN before was wrong, and the pad.
fn shown(world: &World) -> Vec<(u8, bool, PinPad)> {
    let prompts = world.person.shown.iter().filter_map(Shown::pin);
    prompts
        .map(|prompt: PinPrompt| (prompt.tries_left, prompt.previous_wrong, prompt.pad))
        .collect()
}

fn verifications(world: &World) -> usize {
    world.card.calls.iter().filter_map(Call::pin).count()
}

/// A world whose reader has a PIN pad on which this is pressed.
fn pressing<const N: usize>(presses: [Press; N]) -> World {
    let mut world = World::new();
    world.platform_pins = presses
        .iter()
        .filter_map(|press| match press {
            Press::Digits(pin) => Some((*pin).to_owned()),
            _ => None,
        })
        .collect();
    world.card.pad = Some(presses.into());
    world
}

fn registration() -> Vec<u8> {
    Register::new("example.jp", "taro").bytes()
}

const ON_PAD: Reply = Reply::OnPad { last_try: false };
const LAST_TRY: Reply = Reply::OnPad { last_try: true };

#[test]
fn a_registration_and_a_sign_in_take_the_pin_from_the_pad() {
    let mut world = pressing([Press::Digits("1234")]);
    world.replies([ON_PAD]).succeed(&registration());
    assert_eq!(shown(&world), [(3, false, PinPad::Ready)]);
    assert!(world.person.typed.is_empty());
    assert_eq!(verifications(&world), 1);

    let mut world = pressing([Press::Digits("1234")]);
    let made = world.register(&Register::new("example.jp", "taro"));
    let sign_in = SignIn::new("example.jp").allowing(&made.id).bytes();
    world.replies([ON_PAD]).succeed(&sign_in);
    assert_eq!(shown(&world).last(), Some(&(3, false, PinPad::Ready)));
    assert_eq!(world.person.typed, ["1234"], "when registering");
    assert_eq!(verifications(&world), 1);
}

/// The prompt is told all the while, and then that the pad waits no longer.
#[test]
fn the_prompt_knows_when_the_pad_waits() {
    let mut world = pressing([Press::Digits("1234")]);
    world.replies([ON_PAD]).succeed(&registration());
    let waits = Progress::PinOnPad;
    assert_eq!(
        world.person.progress[..4],
        [waits, waits, waits, Progress::CardWorking]
    );
    assert!(!world.person.progress[4..].contains(&waits));
}

#[test]
fn a_reader_without_a_pad_has_the_pin_typed() {
    let mut world = World::new();
    world.replies([Reply::pin("1234")]).succeed(&registration());
    assert_eq!(shown(&world), [(3, false, PinPad::Absent)]);
    // A prompt that means a pad nevertheless gets nothing from the card.
    let failure = world.replies([ON_PAD]).fail(&registration());
    assert!(matches!(failure, Failure::Internal(_)), "{failure:?}");
    assert_eq!(verifications(&world), 0);
}

#[test]
fn a_pin_can_be_typed_although_there_is_a_pad() {
    let mut world = pressing([]);
    world.replies([Reply::pin("1234")]).succeed(&registration());
    assert_eq!(shown(&world), [(3, false, PinPad::Ready)]);
}

#[test]
fn a_wrong_pin_is_asked_for_again_with_the_tries_left() {
    let mut world = pressing([Press::Digits("0000"), Press::Digits("1234")]);
    world.replies([ON_PAD, ON_PAD]).succeed(&registration());
    let ready = PinPad::Ready;
    assert_eq!(shown(&world), [(3, false, ready), (2, true, ready)]);
    assert_eq!(verifications(&world), 2);
}

#[test]
fn the_last_try_is_not_spent_on_the_pad_without_permission() {
    let mut world = pressing([Press::Digits("0000")]);
    world.card.tries = 1;
    let refused = Reply::Refuse(Refusal::Cancelled);
    let failure = world.replies([ON_PAD, refused]).fail(&registration());
    assert_eq!(failure, Failure::Refused(Refusal::Cancelled));
    assert_eq!(verifications(&world), 0);

    let failure = world.replies([LAST_TRY]).fail(&registration());
    assert_eq!(failure, Failure::PinLocked);
    assert_eq!(verifications(&world), 1);
}

/// A permission that nobody asked for does not outlive its answer.
#[test]
fn a_permission_given_too_early_is_none() {
    let mut world = pressing([Press::Digits("0000"), Press::Digits("1234")]);
    world.card.tries = 2;
    world
        .replies([LAST_TRY, ON_PAD, LAST_TRY])
        .succeed(&registration());
    let ready = PinPad::Ready;
    let last = (1, true, ready);
    assert_eq!(shown(&world), [(2, false, ready), last, last]);
}

#[test]
fn somebody_elses_try_in_between_needs_a_new_permission() {
    let mut world = pressing([Press::Digits("1234")]);
    world.card.tries = 2;
    world.card.spent_by_others = 1;
    world.replies([ON_PAD, LAST_TRY]).succeed(&registration());
    let ready = PinPad::Ready;
    assert_eq!(shown(&world), [(2, false, ready), (1, false, ready)]);
    assert_eq!(verifications(&world), 1);
}

#[test]
fn another_number_of_digits_is_asked_for_again_and_costs_nothing() {
    let mut world = pressing([
        Press::OtherDigits,
        Press::Digits("0000"),
        Press::Digits("1234"),
    ]);
    world
        .replies([ON_PAD, ON_PAD, ON_PAD])
        .succeed(&registration());
    assert_eq!(
        shown(&world),
        [
            (3, false, PinPad::Ready),
            (3, false, PinPad::WrongLength),
            (2, true, PinPad::Ready),
        ]
    );
    assert_eq!(verifications(&world), 2);
}

#[test]
fn where_the_pad_takes_no_such_pin_it_is_typed() {
    let mut world = pressing([Press::Refused]);
    world
        .replies([ON_PAD, Reply::pin("0000"), Reply::pin("1234")])
        .succeed(&registration());
    assert_eq!(
        shown(&world),
        [
            (3, false, PinPad::Ready),
            (3, false, PinPad::Unusable),
            (2, true, PinPad::Unusable),
        ]
    );
    let mut world = pressing([Press::Refused]);
    let failure = world.replies([ON_PAD, ON_PAD]).fail(&registration());
    assert!(matches!(failure, Failure::Internal(_)), "{failure:?}");
    assert_eq!(verifications(&world), 0);
}

#[test]
fn the_key_that_cancels_and_the_pads_patience_end_the_request() {
    for (press, refusal) in [
        (Press::Cancel, Refusal::Cancelled),
        (Press::Nothing, Refusal::TimedOut),
    ] {
        let mut world = pressing([press]);
        let failure = world.replies([ON_PAD]).fail(&registration());
        assert_eq!(failure, Failure::Refused(refusal));
        assert_eq!(verifications(&world), 0);
        assert!(world.storage.records.is_empty());
    }
}

/// At each of its questions whether to go on; the last of them is asked when the card has verified the PIN already.
#[test]
fn what_is_not_wanted_any_more_ends_at_once() {
    for at in 0..=3 {
        let mut world = pressing([Press::Digits("1234")]);
        world.person.cancel_at_progress = Some(at);
        let failure = world.replies([ON_PAD]).fail(&registration());
        assert_eq!(failure, Failure::Refused(Refusal::Cancelled));
        assert_eq!(verifications(&world), usize::from(at == 3), "{at}");
        assert_eq!(world.card.signatures(), 0);
        assert!(!world.card.verified);
    }
    let mut world = pressing([Press::NothingYet]);
    world.person.cancel_at_progress = Some(50);
    let failure = world.replies([ON_PAD]).fail(&registration());
    assert_eq!(failure, Failure::Refused(Refusal::Cancelled));
}
