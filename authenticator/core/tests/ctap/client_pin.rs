//! authenticatorClientPIN: tries, key agreement, tokens, the change of the PIN.

use authenticator_core::cbor::Map;
use authenticator_core::{CardError, PinPad, PinPrompt, Refusal};

use crate::requests::{Register, request};
use crate::world::platform::{ACFG, BE, CM, GA, LBW, MC, Platform};
use crate::world::{Call, Reply, Shown, World};

fn verifications(world: &World) -> usize {
    world.card.calls.iter().filter_map(Call::pin).count()
}

fn subcommand(number: i64) -> Vec<u8> {
    request(6, Map::new().with(2, number))
}

#[test]
fn a_pin_typed_at_the_platform_gives_a_token_and_the_card_stays_held() {
    for protocol in [1, 2] {
        let mut world = World::new();
        let platform = Platform::agree(&mut world, protocol);
        world.platform_pins.push("1234".into());
        let asked = platform.with_pin("1234", MC, Some("example.jp"));
        let token = platform.token(&world.succeed_over_usb(&asked));
        assert_ne!(token.value, [0; 32]);
        assert!(world.card.verified && world.person.shown.is_empty());
        assert_eq!(
            world.card.calls,
            [Call::Certificate, Call::Tries, Call::Verify("1234".into())]
        );

        world.wait(29);
        assert!(world.card.verified);
        world.wait(1);
        assert!(!world.card.verified, "after 30 seconds");
        assert_eq!(world.card.calls.last(), Some(&Call::Release));
        assert_eq!(world.session.wakes_at(), None);
    }
}

#[test]
fn pin_retries_are_the_cards_and_cost_nothing() {
    let mut world = World::new();
    for tries in [3, 2, 1, 0] {
        world.card.tries = tries;
        let response = world.succeed_over_usb(&subcommand(1));
        assert_eq!(response, Map::new().with(3, i64::from(tries)).into());
        assert_eq!(verifications(&world), 0);
    }
}

#[test]
fn the_retries_of_a_card_that_is_held_are_all_there_are() {
    let mut world = World::new();
    world.card.tries = 2;
    world.token(MC, Some("example.jp"));
    let response = world.succeed_over_usb(&subcommand(1));
    assert_eq!(response, Map::new().with(3, 3).into());
    assert!(world.card.verified && world.card.calls.is_empty());
}

#[test]
fn uv_retries_are_told_where_our_prompt_asks() {
    let mut world = World::new();
    world.card.tries = 1;
    let response = world.succeed_over_usb(&subcommand(7));
    assert_eq!(response, Map::new().with(5, 1).into());
    world.person.has_no_pin_prompt = true;
    assert_eq!(world.fail_over_usb(&subcommand(7)), 0x3E);
}

/// A PIN whose hash fits no four digits never reaches the card, and yet three of them block.
#[test]
fn what_cannot_be_the_pin_costs_no_try_and_three_in_a_row_block() {
    let mut world = World::new();
    for status in [0x31, 0x31, 0x34] {
        let platform = Platform::agree(&mut world, 2);
        let asked = platform.with_pin("no PIN", MC, Some("example.jp"));
        assert_eq!(world.fail_over_usb(&asked), status);
        assert_eq!((verifications(&world), world.card.tries), (0, 3));
    }
    // Now the right one is not looked at either, until power-up.
    let platform = Platform::agree(&mut world, 2);
    let asked = platform.with_pin("1234", MC, Some("example.jp"));
    assert_eq!(world.fail_over_usb(&asked), 0x34);
    assert!(world.card.calls.is_empty());
    let response = world.succeed_over_usb(&subcommand(1));
    assert_eq!(response, Map::new().with(3, 3).with(4, true).into());

    world.session = authenticator_core::Session::power_up(world.elapsed);
    world.token(MC, Some("example.jp"));
}

#[test]
fn the_last_try_is_not_for_a_platform() {
    let mut world = World::new();
    for (tries, status) in [(3, 0x31), (2, 0x31), (1, 0x34), (1, 0x34)] {
        assert_eq!(world.card.tries, tries);
        let platform = Platform::agree(&mut world, 2);
        world.platform_pins = vec!["0000".into()];
        let asked = platform.with_pin("0000", MC, Some("example.jp"));
        assert_eq!(world.fail_over_usb(&asked), status);
    }
    assert_eq!(world.card.tries, 1);
    // Nor is the right PIN sent as the last try.
    world.session = authenticator_core::Session::power_up(world.elapsed);
    let platform = Platform::agree(&mut world, 2);
    let asked = platform.with_pin("1234", MC, Some("example.jp"));
    assert_eq!(world.fail_over_usb(&asked), 0x34);
    assert_eq!(verifications(&world), 0);
}

/// Another program spent tries between the reading of the counter and the VERIFY.
#[test]
fn a_try_that_became_the_last_is_not_spent() {
    let mut world = World::new();
    world.card.spent_by_others = 2;
    let platform = Platform::agree(&mut world, 2);
    let asked = platform.with_pin("1234", MC, Some("example.jp"));
    assert_eq!(world.fail_over_usb(&asked), 0x34);
    assert_eq!((verifications(&world), world.card.tries), (0, 1));
}

#[test]
fn a_locked_card_says_so() {
    let mut world = World::new();
    world.card.tries = 0;
    let platform = Platform::agree(&mut world, 1);
    for pin in ["1234", "no PIN"] {
        let asked = platform.with_pin(pin, MC, Some("example.jp"));
        assert_eq!(world.fail_over_usb(&asked), 0x32);
    }
    let asked = platform.with_uv(MC, Some("example.jp"));
    assert_eq!(world.fail_over_usb(&asked), 0x3C);
    assert_eq!(verifications(&world), 0);
}

#[test]
fn after_a_wrong_pin_the_key_is_another_one() {
    let mut world = World::new();
    for protocol in [1, 2] {
        let platform = Platform::agree(&mut world, protocol);
        let again = Platform::agree(&mut world, protocol);
        assert_eq!(platform.encrypt(&[1; 16]), again.encrypt(&[1; 16]));
        let asked = platform.with_pin("no PIN", MC, Some("example.jp"));
        assert_eq!(world.fail_over_usb(&asked), 0x31);
        let new = Platform::agree(&mut world, protocol);
        assert_ne!(platform.encrypt(&[1; 16]), new.encrypt(&[1; 16]));
        world.platform_pins.push("1234".into());
        world.succeed_over_usb(&new.pin_token("1234"));
    }
}

#[test]
fn a_right_pin_ends_the_row_of_wrong_ones() {
    let mut world = World::new();
    for _ in 0..3 {
        for _ in 0..2 {
            let platform = Platform::agree(&mut world, 2);
            let asked = platform.pin_token("no PIN");
            assert_eq!(world.fail_over_usb(&asked), 0x31);
        }
        world.token(MC, Some("example.jp"));
    }
}

#[test]
fn our_own_prompt_asks_until_the_pin_is_right() {
    let mut world = World::new();
    world.card.tries = 2;
    let platform = Platform::agree(&mut world, 2);
    world.replies([Reply::pin("0000"), Reply::last_try("1234")]);
    let response = world.succeed_over_usb(&platform.with_uv(GA, Some("example.jp")));
    platform.token(&response);
    assert!(world.card.verified);
    let prompts: Vec<(Option<&str>, PinPrompt)> = world
        .person
        .shown
        .iter()
        .map(|shown| match shown {
            Shown::Verify { rp_id, pin, .. } => (rp_id.as_deref(), *pin),
            other => panic!("{other:?}"),
        })
        .collect();
    let prompt = |tries_left, previous_wrong| PinPrompt {
        tries_left,
        previous_wrong,
        last_try: tries_left == 1,
        pad: PinPad::Absent,
    };
    let site = Some("example.jp");
    assert_eq!(prompts, [(site, prompt(2, false)), (site, prompt(1, true))]);
}

#[test]
fn a_prompt_that_is_closed_gives_no_token() {
    let mut world = World::new();
    for (refusal, status) in [
        (Refusal::Cancelled, 0x27),
        (Refusal::TimedOut, 0x27),
        (Refusal::Withdrawn, 0x2D),
    ] {
        let platform = Platform::agree(&mut world, 2);
        world.replies([Reply::Refuse(refusal)]);
        let asked = platform.with_uv(MC, Some("example.jp"));
        assert_eq!(world.fail_over_usb(&asked), status);
        assert!(!world.card.verified);
    }
}

#[test]
fn without_a_prompt_there_is_no_built_in_verification() {
    let mut world = World::new();
    world.person.has_no_pin_prompt = true;
    let platform = Platform::agree(&mut world, 2);
    let asked = platform.with_uv(MC, Some("example.jp"));
    assert_eq!(world.fail_over_usb(&asked), 0x3E);
}

#[test]
fn permissions_are_checked_before_the_card_is_asked() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    for (permissions, rp_id, status) in [
        (0, Some("example.jp"), 0x02),
        (0x100, Some("example.jp"), 0x02),
        (MC, None, 0x14),
        (GA | CM, None, 0x14),
        (BE, None, 0x40),
        (MC | BE, Some("example.jp"), 0x40),
        (0x40, None, 0x40),
        (MC, Some(""), 0x02),
    ] {
        for asked in [
            platform.with_pin("1234", permissions, rp_id),
            platform.with_uv(permissions, rp_id),
        ] {
            assert_eq!(world.fail_over_usb(&asked), status, "{permissions:#x}");
            assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
        }
    }
    for permissions in [CM, LBW, ACFG, CM | LBW | ACFG] {
        world.token(permissions, None);
    }
}

#[test]
fn what_is_missing_or_of_the_wrong_type_is_said() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    let whole = |number| {
        platform
            .parameters(number)
            .with(4, [0; 32].as_slice())
            .with(5, platform.encrypt(&[0; 64]))
            .with(6, platform.pin_hash("1234"))
            .with(9, MC)
            .with(10, "example.jp")
    };
    let of = |number, keys: &[i64]| {
        let whole = whole(number);
        keys.iter().fold(Map::new().with(2, number), |map, key| {
            map.with(*key, whole.get(*key).unwrap().clone())
        })
    };
    for (number, keys) in [
        (2, &[1][..]),
        (3, &[1, 3, 4, 5]),
        (4, &[1, 3, 4, 5, 6]),
        (5, &[1, 3, 6]),
        (6, &[1, 3, 9]),
        (9, &[1, 3, 6, 9]),
    ] {
        for left_out in keys {
            let kept: Vec<i64> = keys.iter().copied().filter(|key| key != left_out).collect();
            let asked = request(6, of(number, &kept));
            assert_eq!(world.fail_over_usb(&asked), 0x14, "{number} {left_out}");
            let asked = request(6, of(number, keys).with(*left_out, true));
            assert_eq!(world.fail_over_usb(&asked), 0x11, "{number} {left_out}");
        }
        for protocol in [0, 3] {
            let asked = request(6, of(number, keys).with(1, protocol));
            assert_eq!(world.fail_over_usb(&asked), 0x02, "{number} {protocol}");
        }
    }
    // The counters need no protocol, and still none of another type.
    for number in [1, 7] {
        let asked = request(6, Map::new().with(1, true).with(2, number));
        assert_eq!(world.fail_over_usb(&asked), 0x11, "{number}");
    }
    assert_eq!(world.fail_over_usb(&request(6, Map::new())), 0x14);
    for unknown in [0, 8, 10, 255] {
        assert_eq!(world.fail_over_usb(&subcommand(unknown)), 0x3E);
    }
    // getPinToken names neither permissions nor an RP ID.
    for key in [9, 10] {
        let asked = request(6, of(5, &[1, 3, 6]).with(key, MC));
        assert_eq!(world.fail_over_usb(&asked), 0x02);
    }
    assert!(world.card.calls.is_empty());
}

#[test]
fn a_pin_is_set_already() {
    let mut world = World::new();
    for protocol in [1, 2] {
        let platform = Platform::agree(&mut world, protocol);
        let new = platform.encrypt(&[b'1'; 64]);
        let param = platform.authenticate(&new);
        let asked = platform.parameters(3).with(4, param).with(5, new);
        assert_eq!(world.fail_over_usb(&request(6, asked)), 0x33);
    }
    assert!(world.card.calls.is_empty());
}

#[test]
fn the_pin_is_changed_when_the_person_says_so() {
    for protocol in [1, 2] {
        let mut world = World::new();
        let platform = Platform::agree(&mut world, protocol);
        world.platform_pins.push("1234".into());
        world.replies([Reply::Acknowledge]);
        let asked = request(6, platform.change_pin("1234", "5678"));
        let outcome = world.send_over(crate::world::USB, &asked);
        assert_eq!(outcome.response, [0], "no parameters");
        assert_eq!(world.person.shown, [Shown::ChangePin(3)]);
        assert_eq!(world.card.pin, "5678");
        assert!(!world.card.verified);
    }
}

#[test]
fn the_pin_stays_when_the_person_declines() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    world.replies([Reply::Refuse(Refusal::Cancelled)]);
    let asked = request(6, platform.change_pin("1234", "5678"));
    assert_eq!(world.fail_over_usb(&asked), 0x27);
    assert_eq!((verifications(&world), world.card.tries), (0, 3));
    assert_eq!(world.card.pin, "1234");
}

#[test]
fn a_new_pin_that_no_card_can_have_costs_no_try() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    for new in ["", "123", "12345", "abcd", "１２", "12 4"] {
        let asked = request(6, platform.change_pin("1234", new));
        assert_eq!(world.fail_over_usb(&asked), 0x37, "{new}");
    }
    for length in [48, 80] {
        let (new, hash) = (
            platform.encrypt(&vec![b'1'; length]),
            platform.pin_hash("1234"),
        );
        let param = platform.authenticate(&[new.as_slice(), &hash].concat());
        let asked = platform.parameters(4).with(4, param);
        let asked = request(6, asked.with(5, new).with(6, hash));
        assert_eq!(world.fail_over_usb(&asked), 0x02, "{length}");
    }
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
}

#[test]
fn a_change_that_is_not_authenticated_is_refused() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    let good = platform.change_pin("1234", "5678");
    for (key, other) in [
        (4, vec![0; 32]),
        (
            5,
            platform
                .change_pin("1234", "5679")
                .get(5)
                .unwrap()
                .as_bytes()
                .unwrap()
                .to_vec(),
        ),
        (6, platform.pin_hash("0000")),
    ] {
        let asked = request(6, good.clone().with(key, other));
        assert_eq!(world.fail_over_usb(&asked), 0x33);
    }
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
}

#[test]
fn a_wrong_old_pin_changes_nothing() {
    let mut world = World::new();
    for (old, tries) in [("no PIN", 3), ("0000", 2)] {
        let platform = Platform::agree(&mut world, 2);
        if tries == 2 {
            world.platform_pins.push(old.into());
            world.replies([Reply::Acknowledge]);
        }
        let asked = request(6, platform.change_pin(old, "5678"));
        assert_eq!(world.fail_over_usb(&asked), 0x31);
        assert_eq!(world.card.tries, tries);
    }
    assert_eq!(world.card.pin, "1234");
}

#[test]
fn a_card_that_fails_gives_no_token_and_is_let_go() {
    let mut world = World::new();
    for call in [Call::Tries, Call::Verify("1234".into())] {
        world.card.failing = Some((call, CardError::Removed));
        world.platform_pins = vec!["1234".into()];
        let platform = Platform::agree(&mut world, 2);
        let asked = platform.with_pin("1234", MC, Some("example.jp"));
        assert_eq!(world.fail_over_usb(&asked), 0x27);
        assert!(!world.card.verified);
        assert_eq!(world.session.wakes_at(), None);
    }
}

#[test]
fn a_platform_authenticator_has_no_such_command() {
    let mut world = World::new();
    for number in 0..10 {
        assert_eq!(world.fail(&subcommand(number)).status(), 0x01);
    }
}

/// A ceremony in our own prompt takes the card; the token that it was held for is void.
#[test]
fn another_ceremony_ends_the_token() {
    let mut world = World::new();
    let token = world.token(MC, Some("example.jp"));
    world.replies([Reply::pin("1234")]);
    world.succeed_over_usb(&Register::new("example.com", "taro").bytes());
    assert!(!world.card.verified);
    assert_eq!(world.session.wakes_at(), None);
    let asked = Register::new("example.jp", "taro").with_token(&token);
    assert_eq!(world.fail_over_usb(&asked.bytes()), 0x33);
}
