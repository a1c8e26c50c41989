//! authenticatorGetAssertion: parameters that are refused, and the CTAP code for each.

use authenticator_core::cbor::{Map, Value};

use crate::requests::{SignIn, request};
use crate::world::World;

#[test]
fn options_that_have_no_meaning_here_are_refused() {
    for (options, status) in [
        (Map::new().with("rk", true), 0x2B),
        (Map::new().with("rk", false), 0x2B),
        (Map::new().with("up", false).with("uv", true), 0x2C),
        (Map::new().with("uv", 1), 0x11),
    ] {
        let mut request = SignIn::new("example.jp");
        request.options = options;
        assert_eq!(World::new().fail(&request.bytes()).status(), status);
    }
}

#[test]
fn malformed_parameters_have_their_errors() {
    let map = SignIn::new("example.jp").map();
    for (parameters, status) in [
        (Value::from(Map::new().with(1, "example.jp")), 0x14),
        (Map::new().with(2, vec![0u8; 32]).into(), 0x14),
        (map.clone().with(1, vec![0u8]).into(), 0x11),
        (map.clone().with(2, "text").into(), 0x11),
        (map.clone().with(3, "text").into(), 0x11),
        (map.clone().with(4, true).into(), 0x11),
        (map.clone().with(5, true).into(), 0x11),
        (
            map.clone().with(3, vec![Value::from(Map::new())]).into(),
            0x14,
        ),
        (map.clone().with(1, "").into(), 0x02),
        (map.clone().with(2, vec![0u8; 20]).into(), 0x02),
        (map.clone().with(6, vec![0u8; 16]).with(7, 2).into(), 0x02),
        (map.clone().with(6, vec![0u8; 16]).into(), 0x14),
        (Value::from(vec![Value::from(1)]), 0x11),
    ] {
        let mut world = World::new();
        assert_eq!(world.fail(&request(2, parameters)).status(), status);
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}
