//! authenticatorMakeCredential with a pinUvAuthToken, over CTAPHID.

use authenticator_core::cbor::Map;
use authenticator_core::{CredProtect, PinPrompt, Refusal, Settings};

use crate::requests::Register;
use crate::world::platform::{CM, GA, LBW, MC, Platform, Token};
use crate::world::{Attestation, Call, Reply, Shown, World};

/// A yes without a PIN, with every switch off.
fn yes() -> Reply {
    Reply::Consent {
        disclose: false,
        card_credential: false,
        remember: false,
    }
}

#[track_caller]
fn registered(world: &mut World, request: &Register) -> Attestation {
    let response = world.succeed_over_usb(&request.bytes());
    Attestation::read(&response, &request.client_data_hash)
}

#[test]
fn the_prompt_asks_for_consent_and_no_pin() {
    for protocol in [1, 2] {
        let mut world = World::new();
        let platform = Platform::agree(&mut world, protocol);
        world.platform_pins.push("1234".into());
        let response = world.succeed_over_usb(&platform.pin_token("1234"));
        let token = platform.token(&response);
        world.replies([yes()]);
        let request = Register::new("example.jp", "taro").with_token(&token);
        let made = registered(&mut world, &request);
        assert_eq!(made.flags, 0b0100_1101, "AT, BE, UV, UP");
        assert_eq!(made.format, "packed");
        let [Shown::Register { rp_id, pin, .. }] = &world.person.shown[..] else {
            panic!("{:?}", world.person.shown);
        };
        assert_eq!((rp_id.as_str(), *pin), ("example.jp", None::<PinPrompt>));
        assert_eq!(
            world.card.calls,
            [Call::Sign512, Call::Release],
            "neither the certificate nor the PIN again"
        );
    }
}

#[test]
fn a_token_registers_once() {
    let mut world = World::new();
    let token = world.token(MC | GA, Some("example.jp"));
    world.replies([yes()]);
    let request = Register::new("example.jp", "taro").with_token(&token);
    registered(&mut world, &request);
    assert!(!world.card.verified);
    assert_eq!(world.session.wakes_at(), None);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
    assert!(world.card.calls.is_empty());
}

#[test]
fn who_typed_the_pin_into_our_prompt_is_present_once() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    world.replies([Reply::pin("1234")]);
    let asked = platform.with_uv(MC, Some("example.jp"));
    let token = platform.token(&world.succeed_over_usb(&asked));
    let request = Register::new("example.jp", "taro").with_token(&token);
    assert_eq!(registered(&mut world, &request).flags & 0b101, 0b101);
    assert!(world.person.shown.is_empty());
}

#[test]
fn a_card_that_was_just_presented_is_presence_once() {
    let mut world = World::new();
    world.session.card_presented(world.elapsed);
    world.wait(29);
    for asked in [false, true] {
        let token = world.token(MC, Some("example.jp"));
        world.replies(asked.then(yes));
        let request = Register::new("example.jp", "taro").with_token(&token);
        registered(&mut world, &request);
        assert_eq!(world.person.shown.len(), usize::from(asked));
    }
}

#[test]
fn a_card_that_was_presented_too_long_ago_is_no_presence() {
    let mut world = World::new();
    world.session.card_presented(world.elapsed);
    world.wait(30);
    let token = world.token(MC, Some("example.jp"));
    world.replies([yes()]);
    registered(
        &mut world,
        &Register::new("example.jp", "taro").with_token(&token),
    );
}

#[test]
fn nothing_is_disclosed_without_being_asked_for_in_a_prompt() {
    let mut world = World::new();
    world.storage.settings = Settings {
        enterprise_attestation: true,
        ..Settings::default()
    };
    world.session.card_presented(world.elapsed);
    for (disclose, format, granted) in [(false, "packed", None), (true, "eid-x509", Some(true))] {
        let token = world.token(MC, Some("example.jp"));
        world.replies([Reply::Consent {
            disclose,
            card_credential: false,
            remember: false,
        }]);
        let request = Register::new("example.jp", "taro").enterprise(1);
        let made = registered(&mut world, &request.with_token(&token));
        assert_eq!((made.format.as_str(), made.enterprise), (format, granted));
        assert!(world.person.shown[0].certificate().unwrap().asked);
    }
}

#[test]
fn without_a_prompt_only_remembered_sites_learn_who_it_is() {
    let mut world = World::new();
    world.person.has_no_pin_prompt = true;
    world.storage.sites.insert("remembered.example".into());
    for (rp_id, formats, algorithms, format, flags) in [
        ("example.jp", &["eid-x509"][..], &[-7][..], "packed", 0x4D),
        ("remembered.example", &["eid-x509"], &[-7], "eid-x509", 0x4D),
        ("remembered.example", &["packed"], &[-257], "packed", 0x45),
        ("example.jp", &["packed"], &[-257, -7], "packed", 0x4D),
    ] {
        world.session.card_presented(world.elapsed);
        let token = world.token(MC, Some(rp_id));
        let request = Register::new(rp_id, "taro").formats(formats);
        let request = request.algorithms(algorithms).with_token(&token);
        let made = registered(&mut world, &request);
        assert_eq!(
            (made.format.as_str(), made.flags),
            (format, flags),
            "{rp_id}"
        );
        assert!(world.person.shown.is_empty());
    }
    assert_eq!(world.storage.disclosures.len(), 2);

    let token = world.token(MC, Some("example.jp"));
    let request = Register::new("example.jp", "taro").algorithms(&[-257]);
    let status = world.fail_over_usb(&request.with_token(&token).bytes());
    assert_eq!(status, 0x26);
}

#[test]
fn without_a_prompt_a_token_is_required() {
    let mut world = World::new();
    world.person.has_no_pin_prompt = true;
    let request = Register::new("example.jp", "taro");
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x36);
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
}

#[test]
fn a_token_that_does_not_fit_is_refused_and_costs_nothing() {
    let mut world = World::new();
    let good = world.token(MC, Some("example.jp"));
    let other_value = Token {
        value: vec![7; 32],
        ..good.clone()
    };
    let other_protocol = Token {
        protocol: 1,
        ..good.clone()
    };
    let request = || Register::new("example.jp", "taro");
    let mut other_hash = request().with_token(&good);
    other_hash.client_data_hash = [9; 32];
    let mut short = request().with_token(&good);
    short
        .more
        .insert(8, &good.authenticate(&short.client_data_hash)[..16]);
    for refused in [
        request().with_token(&other_value),
        request().with_token(&other_protocol),
        other_hash,
        short,
        Register::new("example.com", "taro").with_token(&good),
    ] {
        assert_eq!(world.fail_over_usb(&refused.bytes()), 0x33);
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
    // The token is still good.
    world.replies([yes()]);
    registered(&mut world, &request().with_token(&good));
}

#[test]
fn a_token_needs_the_permission() {
    for (permissions, rp_id) in [(GA, Some("example.jp")), (CM | LBW, None)] {
        let mut world = World::new();
        let token = world.token(permissions, rp_id);
        let request = Register::new("example.jp", "taro").with_token(&token);
        assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
        assert!(world.card.calls.is_empty() && world.card.verified);
    }
}

#[test]
fn a_token_without_an_rp_id_is_bound_to_the_first() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    world.platform_pins.push("1234".into());
    let response = world.succeed_over_usb(&platform.pin_token("1234"));
    let token = platform.token(&response);
    world.card.failing = None;
    // A silent request binds it without using it up.
    let probe = crate::requests::SignIn::new("example.com").allowing(b"foreign");
    let probe = probe.silent().with_token(&token);
    assert_eq!(world.fail_over_usb(&probe.bytes()), 0x2E);
    let request = Register::new("example.jp", "taro").with_token(&token);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
    world.replies([yes()]);
    registered(
        &mut world,
        &Register::new("example.com", "taro").with_token(&token),
    );
}

#[test]
fn a_token_ends_after_thirty_seconds() {
    let mut world = World::new();
    let token = world.token(MC, Some("example.jp"));
    // Nobody calls tick: the next request finds out by itself.
    world.elapsed += std::time::Duration::from_secs(30);
    let request = Register::new("example.jp", "taro").with_token(&token);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
    assert_eq!(world.card.calls, [Call::Release]);
    assert!(!world.card.verified);
}

#[test]
fn another_token_takes_the_place_of_the_first() {
    let mut world = World::new();
    let first = world.token(MC, Some("example.jp"));
    let second = world.token(MC, Some("example.jp"));
    assert_ne!(first, second);
    let request = Register::new("example.jp", "taro").with_token(&first);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
    world.replies([yes()]);
    registered(
        &mut world,
        &Register::new("example.jp", "taro").with_token(&second),
    );
}

#[test]
fn refusing_ends_the_token_and_stores_nothing() {
    for (refusal, status) in [(Refusal::Cancelled, 0x27), (Refusal::Withdrawn, 0x2D)] {
        let mut world = World::new();
        let token = world.token(MC, Some("example.jp"));
        world.replies([Reply::Refuse(refusal)]);
        let request = Register::new("example.jp", "taro").with_token(&token);
        assert_eq!(world.fail_over_usb(&request.bytes()), status);
        assert!(!world.card.verified && world.storage.records.is_empty());
        assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
    }
}

#[test]
fn an_excluded_credential_is_told_after_presence() {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));
    for refusal in [None, Some(Refusal::Cancelled)] {
        let token = world.token(MC, Some("example.jp"));
        world.replies([refusal.map_or(Reply::Acknowledge, Reply::Refuse)]);
        let request = Register::new("example.jp", "hanako").excluding(&made.id);
        let status = world.fail_over_usb(&request.with_token(&token).bytes());
        assert_eq!(status, 0x19);
        assert_eq!(world.person.shown, [Shown::AlreadyRegistered]);
        assert!(!world.card.verified);
    }
}

/// credProtect level 3: before the PIN nobody learns that the credential exists.
#[test]
fn an_excluded_credential_that_requires_verification_is_told_after_the_pin() {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));
    world.storage.records[0].cred_protect = CredProtect::Required;
    let request = Register::new("example.jp", "hanako").excluding(&made.id);

    world.replies([Reply::pin("1234"), Reply::Acknowledge]);
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x19);
    assert!(matches!(
        world.person.shown[..],
        [Shown::Register { .. }, Shown::AlreadyRegistered]
    ));
    assert_eq!(world.storage.records.len(), 1);

    let token = world.token(MC, Some("example.jp"));
    world.replies([Reply::Acknowledge]);
    let status = world.fail_over_usb(&request.with_token(&token).bytes());
    assert_eq!(status, 0x19);
    assert_eq!(world.person.shown, [Shown::AlreadyRegistered]);
}

#[test]
fn enterprise_attestation_is_to_be_enabled_first() {
    let mut world = World::new();
    let token = world.token(MC, Some("example.jp"));
    let request = Register::new("example.jp", "taro").enterprise(1);
    let status = world.fail_over_usb(&request.with_token(&token).bytes());
    assert_eq!(status, 0x02);
}

#[test]
fn what_remains_of_a_token_writes_large_blobs_only() {
    let mut world = World::new();
    let token = world.token(MC | LBW, Some("example.jp"));
    world.replies([yes()]);
    let request = Register::new("example.jp", "taro").with_token(&token);
    registered(&mut world, &request);
    assert!(!world.card.verified, "no card is held for that");
    assert!(world.session.wakes_at().is_some());
    assert_eq!(world.fail_over_usb(&request.bytes()), 0x33);
}

#[test]
fn a_param_with_an_unknown_protocol_or_none_is_refused() {
    let mut world = World::new();
    for (protocol, status) in [(Some(3), 0x02), (None, 0x14)] {
        let mut request = Register::new("example.jp", "taro");
        request.more = Map::new().with(8, [0; 32].as_slice());
        if let Some(protocol) = protocol {
            request.more.insert(9, protocol);
        }
        assert_eq!(world.fail_over_usb(&request.bytes()), status);
    }
}
