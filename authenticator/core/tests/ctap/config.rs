//! authenticatorConfig (CTAP 2.3 §6.11), asked as a platform does.

use authenticator_core::cbor::{Map, Value, encode};

use crate::requests::{Register, request};
use crate::world::platform::{ACFG, CM, GA, MC, Platform, Token};
use crate::world::{Reply, World};

fn configure(token: &Token, subcommand: i64, parameters: Option<Map>) -> Vec<u8> {
    let mut message = [&[0xFF; 32][..], &[0x0D, subcommand as u8]].concat();
    let mut map = Map::new().with(1, subcommand);
    if let Some(parameters) = parameters {
        message.extend(encode(&parameters.clone().into()));
        map.insert(2, parameters);
    }
    let map = map
        .with(3, token.protocol)
        .with(4, token.authenticate(&message));
    request(0x0D, map)
}

fn rp_ids(rp_ids: &[&str]) -> Option<Map> {
    let rp_ids: Vec<Value> = rp_ids.iter().map(|id| Value::from(*id)).collect();
    Some(Map::new().with(2, rp_ids))
}

fn option(world: &mut World, name: &str) -> Option<bool> {
    let info = world.succeed_over_usb(&[4]);
    let options = info.as_map().unwrap().get(4).unwrap().as_map().unwrap();
    options.get(name).map(|value| value.as_bool().unwrap())
}

#[test]
fn enterprise_attestation_is_enabled_and_stays_so() {
    let mut world = World::new();
    assert_eq!(option(&mut world, "ep"), Some(false));
    for _ in 0..2 {
        let token = world.token(ACFG, None);
        world.succeed_with_nothing(&configure(&token, 1, None));
        assert_eq!(option(&mut world, "ep"), Some(true));
        assert!(world.storage.settings.enterprise_attestation);
    }
}

#[test]
fn a_token_by_our_own_prompt_configures_as_well() {
    let mut world = World::new();
    assert_eq!(option(&mut world, "uvAcfg"), Some(true));
    let platform = Platform::agree(&mut world, 2);
    world.replies([Reply::pin("1234")]);
    let response = world.succeed_over_usb(&platform.with_uv(ACFG, None));
    let token = platform.token(&response);
    world.succeed_with_nothing(&configure(&token, 1, None));
    assert_eq!(option(&mut world, "ep"), Some(true));
}

#[test]
fn user_verification_cannot_be_switched_off() {
    let mut world = World::new();
    let token = world.token(ACFG, None);
    assert_eq!(world.fail_over_usb(&configure(&token, 2, None)), 0x27);
    assert_eq!(option(&mut world, "alwaysUv"), Some(true));
}

#[test]
fn the_pins_length_is_four_and_nobody_can_change_that() {
    let mut world = World::new();
    let token = world.token(ACFG, None);
    for (length, status) in [(3, 0x37), (5, 0x37), (63, 0x37), (-4, 0x11)] {
        let parameters = Some(Map::new().with(1, length));
        let bytes = configure(&token, 3, parameters);
        assert_eq!(world.fail_over_usb(&bytes), status, "{length}");
    }
    world.succeed_with_nothing(&configure(&token, 3, Some(Map::new().with(1, 4))));
    let force = |force: bool| Some(Map::new().with(3, force));
    assert_eq!(
        world.fail_over_usb(&configure(&token, 3, force(true))),
        0x2B
    );
    world.succeed_with_nothing(&configure(&token, 3, force(false)));
    let info = world.succeed_over_usb(&[4]);
    let info = info.as_map().unwrap();
    assert_eq!(info.get(0x0D).unwrap().as_integer(), Some(4));
    assert!(info.get(0x0C).is_none(), "no forcePINChange");
}

#[test]
fn the_list_of_those_who_may_know_the_length_is_replaced_unless_it_is_empty() {
    let mut world = World::new();
    let token = world.token(ACFG, None);
    let kept = |world: &World| -> Vec<String> {
        let kept = &world.storage.settings.min_pin_length_rp_ids;
        kept.iter().cloned().collect()
    };
    world.succeed_with_nothing(&configure(
        &token,
        3,
        rp_ids(&["example.jp", "example.com"]),
    ));
    assert_eq!(kept(&world), ["example.com", "example.jp"]);
    for nothing in [rp_ids(&[]), None, Some(Map::new())] {
        world.succeed_with_nothing(&configure(&token, 3, nothing));
        assert_eq!(kept(&world).len(), 2);
    }
    world.succeed_with_nothing(&configure(&token, 3, rp_ids(&["example.org"])));
    assert_eq!(kept(&world), ["example.org"]);

    let info = world.succeed_over_usb(&[4]);
    let most = info.as_map().unwrap().get(0x10).unwrap().as_integer();
    let many: Vec<String> = (0..=most.unwrap()).map(|n| format!("{n}.jp")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        world.fail_over_usb(&configure(&token, 3, rp_ids(&many))),
        0x28
    );
    assert_eq!(
        world.fail_over_usb(&configure(&token, 3, rp_ids(&[""]))),
        0x02
    );
    assert_eq!(kept(&world), ["example.org"]);
    world.succeed_with_nothing(&configure(&token, 3, rp_ids(&many[1..])));

    // What it is for.
    let register = Register::new("3.jp", "taro").extension("minPinLength", true);
    let made = world.register(&register);
    let outputs = made.extensions.unwrap();
    assert_eq!(outputs.get("minPinLength").unwrap().as_integer(), Some(4));
}

#[test]
fn without_the_right_token_nothing_is_set() {
    let mut world = World::new();
    for subcommand in [1, 2, 3] {
        let bare = request(0x0D, Map::new().with(1, subcommand));
        assert_eq!(world.fail_over_usb(&bare), 0x36);
        let half = Map::new().with(1, subcommand).with(4, &[7; 32][..]);
        assert_eq!(world.fail_over_usb(&request(0x0D, half)), 0x14);
        let none = Token {
            protocol: 1,
            value: vec![7; 32],
        };
        let forged = configure(&none, subcommand, None);
        assert_eq!(world.fail_over_usb(&forged), 0x33);
        let other = world.token(CM | GA | MC, Some("example.jp"));
        let other = configure(&other, subcommand, None);
        assert_eq!(world.fail_over_usb(&other), 0x33);
        // For another subcommand, or other parameters.
        let token = world.token(ACFG, None);
        let message = [&[0xFF; 32][..], &[0x0D, 9]].concat();
        let moved = Map::new()
            .with(1, subcommand)
            .with(3, 2)
            .with(4, token.authenticate(&message));
        assert_eq!(world.fail_over_usb(&request(0x0D, moved)), 0x33);
    }
    assert_eq!(world.storage.settings, Default::default());
}

#[test]
fn other_subcommands_are_refused_whoever_asks() {
    let mut world = World::new();
    let token = world.token(ACFG, None);
    // vendorPrototype among them.
    for subcommand in [0, 4, 0xFF, 0x1_0001] {
        let bytes = configure(&token, subcommand, None);
        assert_eq!(world.fail_over_usb(&bytes), 0x02, "{subcommand}");
    }
    assert_eq!(world.fail_over_usb(&request(0x0D, Map::new())), 0x14);
    assert_eq!(
        world.fail_over_usb(&request(0x0D, Map::new().with(1, "1"))),
        0x11
    );
}

#[test]
fn a_full_disk_changes_no_setting() {
    let mut world = World::new();
    let token = world.token(ACFG, None);
    world.storage.full = true;
    assert_eq!(world.fail_over_usb(&configure(&token, 1, None)), 0x27);
    world.storage.full = false;
    assert_eq!(option(&mut world, "ep"), Some(false));
    assert_eq!(world.send(&configure(&token, 1, None)).response, [0x01]);
}
