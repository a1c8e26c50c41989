//! authenticatorGetAssertion with a pinUvAuthToken, over CTAPHID.

use authenticator_core::{CredProtect, Refusal};

use crate::requests::{Register, SignIn};
use crate::world::platform::{GA, MC, Platform};
use crate::world::{Assertion, Attestation, Call, Reply, Shown, World};

fn yes() -> Reply {
    Reply::Consent {
        disclose: false,
        card_credential: false,
        remember: false,
    }
}

#[track_caller]
fn signed_in(world: &mut World, request: &SignIn) -> Assertion {
    let response = world.succeed_over_usb(&request.bytes());
    Assertion::read(&response, &request.client_data_hash)
}

fn with_credential() -> (World, Attestation) {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    (world, made)
}

#[test]
fn the_prompt_asks_for_presence_and_no_pin() {
    let (mut world, made) = with_credential();
    for request in [
        SignIn::new("example.jp"),
        SignIn::new("example.jp").allowing(&made.id),
    ] {
        let token = world.token(GA, Some("example.jp"));
        world.replies([yes()]);
        let assertion = signed_in(&mut world, &request.with_token(&token));
        assert!(assertion.verifies(&made.key));
        assert_eq!(assertion.flags, 0b0000_1101, "BE, UV, UP");
        assert_eq!(assertion.keys, [1, 2, 3, 4], "no number for one account");
        assert_eq!(assertion.user.unwrap().len(), 1, "no names for one account");
        assert!(matches!(
            world.person.shown[..],
            [Shown::SignIn { pin: None, .. }]
        ));
        assert_eq!(world.card.calls, [Call::Sign512, Call::Release]);
        assert_eq!(world.session.wakes_at(), None);
        assert!(world.storage.records[0].last_used_at.is_some());
    }
}

#[test]
fn who_typed_the_pin_into_our_prompt_is_present() {
    let (mut world, made) = with_credential();
    let platform = Platform::agree(&mut world, 1);
    world.replies([Reply::pin("1234")]);
    let asked = platform.with_uv(GA | MC, Some("example.jp"));
    let token = platform.token(&world.succeed_over_usb(&asked));
    let request = SignIn::new("example.jp").with_token(&token);
    assert!(signed_in(&mut world, &request).verifies(&made.key));
    assert!(world.person.shown.is_empty());
}

/// By which `ssh` with no-touch-required and verify-required signs, and Chromium looks through a long list.
#[test]
fn a_silent_request_with_a_token_is_verified_without_presence_and_leaves_the_token() {
    let (mut world, made) = with_credential();
    let token = world.token(GA | MC, Some("example.jp"));
    for request in [
        SignIn::new("example.jp")
            .allowing(b"other")
            .allowing(&made.id),
        SignIn::new("example.jp"),
    ] {
        let assertion = signed_in(&mut world, &request.silent().with_token(&token));
        assert!(assertion.verifies(&made.key), "a real signature");
        assert_eq!(assertion.flags, 0b0000_1100, "BE and UV, no UP");
        assert!(world.person.shown.is_empty() && world.card.verified);
    }
    let nothing = SignIn::new("example.jp").allowing(b"other").silent();
    assert_eq!(
        world.fail_over_usb(&nothing.with_token(&token).bytes()),
        0x2E
    );
    assert!(world.card.verified && world.person.shown.is_empty());

    world.replies([yes()]);
    signed_in(&mut world, &SignIn::new("example.jp").with_token(&token));
    assert!(!world.card.verified);
}

#[test]
fn each_use_of_a_token_begins_thirty_seconds_anew_up_to_ten_minutes() {
    let (mut world, _) = with_credential();
    let token = world.token(GA, Some("example.jp"));
    let probe = SignIn::new("example.jp").silent().with_token(&token);
    let mut seconds = 0;
    while seconds < 580 {
        world.wait(29);
        seconds += 29;
        signed_in(&mut world, &probe);
    }
    assert_eq!(seconds, 580);
    world.wait(19);
    assert!(world.card.verified);
    world.wait(1);
    assert!(!world.card.verified, "after ten minutes");
    assert_eq!(world.fail_over_usb(&probe.bytes()), 0x33);
}

#[test]
fn a_silent_request_without_a_token_leaves_the_token_as_it_is() {
    let (mut world, made) = with_credential();
    let elsewhere = {
        let mut other = World::new();
        let request = Register::new("example.jp", "taro").algorithms(&[-257]);
        other.replies([Reply::card_credential()]);
        Attestation::read(&other.succeed(&request.bytes()), &request.client_data_hash)
    };
    let token = world.token(GA, Some("example.jp"));
    for id in [&made.id, &elsewhere.id] {
        let probe = SignIn::new("example.jp").allowing(id).silent();
        assert_eq!(signed_in(&mut world, &probe).flags & 0b101, 0);
        assert!(world.card.calls.is_empty() && world.card.verified);
    }
    world.replies([yes()]);
    signed_in(&mut world, &SignIn::new("example.jp").with_token(&token));
}

#[test]
fn a_credential_that_requires_verification_is_not_probed() {
    let (mut world, made) = with_credential();
    world.storage.records[0].cred_protect = CredProtect::Required;
    let probe = SignIn::new("example.jp").allowing(&made.id).silent();
    assert_eq!(world.fail_over_usb(&probe.bytes()), 0x2E);
    let token = world.token(GA, Some("example.jp"));
    signed_in(&mut world, &probe.with_token(&token));
}

#[test]
fn no_credential_is_told_after_presence() {
    let (mut world, _) = with_credential();
    for refusal in [None, Some(Refusal::Cancelled)] {
        let token = world.token(GA, Some("example.com"));
        world.replies([refusal.map_or(Reply::Acknowledge, Reply::Refuse)]);
        let request = SignIn::new("example.com").with_token(&token);
        assert_eq!(world.fail_over_usb(&request.bytes()), 0x2E);
        assert_eq!(world.person.shown, [Shown::NoCredential]);
        assert!(!world.card.verified);
    }
}

#[test]
fn without_a_prompt_a_token_is_required() {
    let (mut world, made) = with_credential();
    world.person.has_no_pin_prompt = true;
    let request = SignIn::new("example.jp").allowing(&made.id);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x36);
    // But not to be silent.
    signed_in(&mut world, &request.silent());
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
}

#[test]
fn a_token_that_does_not_fit_is_refused() {
    let (mut world, _) = with_credential();
    let token = world.token(MC, Some("example.jp"));
    let request = SignIn::new("example.jp").with_token(&token);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33, "no permission");
    let token = world.token(GA, Some("example.com"));
    let request = SignIn::new("example.jp").with_token(&token);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33, "another site");
    let mut request = SignIn::new("example.com").with_token(&token);
    request.client_data_hash = [8; 32];
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33, "another hash");
}

/// `uv` beside a token does not count (CTAP 2.3 §6.2.2 step 4).
#[test]
fn the_option_uv_does_not_count_beside_a_token() {
    let (mut world, made) = with_credential();
    let token = world.token(GA, Some("example.jp"));
    let mut request = SignIn::new("example.jp").silent().with_token(&token);
    request.options.insert("uv", true);
    assert!(signed_in(&mut world, &request).verifies(&made.key));
}

#[test]
fn a_card_that_fails_ends_the_token() {
    let (mut world, _) = with_credential();
    let token = world.token(GA, Some("example.jp"));
    world.card.failing = Some((Call::Sign512, authenticator_core::CardError::Removed));
    world.replies([yes()]);
    let request = SignIn::new("example.jp").with_token(&token);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x27);
    assert!(!world.card.verified);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
}
