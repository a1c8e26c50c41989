//! authenticatorMakeCredential: parameters that are refused, and the CTAP code for each.

use authenticator_core::Failure;
use authenticator_core::cbor::{Map, Value};

use crate::requests::{Register, parameter, request};
use crate::world::{Reply, World};

#[test]
fn no_common_algorithm_is_said_before_anything_else() {
    for parameters in [
        vec![],
        vec![parameter("public-key", -258)],
        vec![parameter("another-type", -7)],
        vec![
            parameter("public-key", i64::MIN),
            parameter("public-key", i64::MAX),
        ],
    ] {
        let mut world = World::new();
        let mut request = Register::new("example.jp", "taro");
        request.parameters = parameters;
        let failure = world.fail(&request.bytes());
        assert_eq!(failure, Failure::UnsupportedAlgorithm);
        assert_eq!(
            (failure.status(), failure.code()),
            (0x26, "unsupported-algorithm")
        );
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}

/// The whole list is validated, also after the one that is chosen.
#[test]
fn a_malformed_list_of_algorithms_is_refused_whole() {
    for (entry, status) in [
        (
            Map::new().with("alg", "ES256").with("type", "public-key"),
            0x11,
        ),
        (Map::new().with("alg", -7).with("type", 1), 0x11),
        (Map::new().with("alg", -7), 0x14),
        (Map::new().with("type", "public-key"), 0x14),
    ] {
        let mut request = Register::new("example.jp", "taro");
        request.parameters.push(entry.into());
        assert_eq!(World::new().fail(&request.bytes()).status(), status);
    }
    let mut request = Register::new("example.jp", "taro");
    request.parameters.push(Value::from(-7));
    assert_eq!(World::new().fail(&request.bytes()).status(), 0x11);
}

#[test]
fn presence_cannot_be_declined() {
    let mut request = Register::new("example.jp", "taro");
    request.options = Map::new().with("up", false);
    assert_eq!(World::new().fail(&request.bytes()).status(), 0x2C);
}

#[test]
fn pin_uv_auth_is_not_offered_and_not_taken() {
    for (more, status) in [
        (Map::new().with(8, vec![0u8; 16]).with(9, 1), 0x02),
        (Map::new().with(8, vec![0u8; 32]).with(9, 2), 0x02),
        (Map::new().with(8, Vec::<u8>::new()).with(9, 1), 0x02),
        (Map::new().with(8, vec![0u8; 16]), 0x14),
        (Map::new().with(8, "text").with(9, 1), 0x11),
        (Map::new().with(8, vec![0u8; 16]).with(9, -1), 0x11),
    ] {
        let mut world = World::new();
        let mut request = Register::new("example.jp", "taro");
        request.more = more;
        assert_eq!(world.fail(&request.bytes()).status(), status);
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}

#[test]
fn each_missing_parameter_is_0x14() {
    let whole = Register::new("example.jp", "taro");
    for key in 1..=4 {
        let map = without(&whole.map(), key.into());
        assert_eq!(
            World::new().fail(&request(1, map)).status(),
            0x14,
            "parameter {key}"
        );
    }
    let rp = without(&whole.rp, "id".into());
    assert_eq!(
        World::new()
            .fail(&request(1, whole.map().with(2, rp)))
            .status(),
        0x14
    );
    let user = without(&whole.user, "id".into());
    assert_eq!(
        World::new()
            .fail(&request(1, whole.map().with(3, user)))
            .status(),
        0x14
    );
    for entry in [
        Map::new().with("type", "public-key"),
        Map::new().with("id", vec![0u8]),
    ] {
        let list = vec![Value::from(entry)];
        assert_eq!(
            World::new()
                .fail(&request(1, whole.map().with(5, list)))
                .status(),
            0x14
        );
    }
}

fn without(map: &Map, removed: Value) -> Map {
    map.iter()
        .filter(|(key, _)| **key != removed)
        .fold(Map::new(), |map, (key, value)| {
            map.with(key.clone(), value.clone())
        })
}

#[test]
fn each_wrong_type_is_0x11() {
    let whole = Register::new("example.jp", "taro");
    let wrong = |key: i64, value: Value| request(1, whole.map().with(key, value));
    let mut requests: Vec<Vec<u8>> = (1..=11)
        .map(|key| wrong(key, Value::Other(vec![0xF6])))
        .collect();
    for (member, value) in [("id", Value::from(1)), ("name", Value::from(1))] {
        requests.push(wrong(2, whole.rp.clone().with(member, value).into()));
    }
    for (member, value) in [
        ("id", Value::from("text")),
        ("name", Value::from(vec![0u8])),
        ("displayName", Value::from(true)),
    ] {
        requests.push(wrong(3, whole.user.clone().with(member, value).into()));
    }
    for option in ["rk", "up", "uv"] {
        requests.push(wrong(7, Map::new().with(option, 1).into()));
    }
    let entry = || Map::new().with("id", vec![0u8]).with("type", "public-key");
    for entry in [
        entry().with("id", "text").into(),
        entry().with("type", 1).into(),
        entry().with("transports", "usb").into(),
        entry().with("transports", vec![Value::from(1)]).into(),
        Value::from("text"),
    ] {
        requests.push(wrong(5, vec![entry].into()));
    }
    requests.push(wrong(11, vec![Value::from(1)].into()));
    requests.push(wrong(10, (-1).into()));
    requests.push(request(1, Value::from(vec![0u8])));
    for request in requests {
        let mut world = World::new();
        let failure = world.fail(&request);
        assert_eq!(
            (failure.status(), failure.code()),
            (0x11, "bad-request"),
            "{failure}"
        );
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}

#[test]
fn impossible_values_are_0x02() {
    let whole = Register::new("example.jp", "taro");
    let user_id = |length| whole.user.clone().with("id", vec![0u8; length]);
    for map in [
        whole.map().with(1, vec![0u8; 31]),
        whole.map().with(1, vec![0u8; 33]),
        whole.map().with(2, Map::new().with("id", "")),
        whole.map().with(2, Map::new().with("id", "a".repeat(254))),
        whole.map().with(3, user_id(0)),
        whole.map().with(3, user_id(65)),
    ] {
        assert_eq!(World::new().fail(&request(1, map)).status(), 0x02);
    }
    for map in [
        whole.map().with(3, user_id(64)),
        whole.map().with(3, user_id(1)),
        whole.map().with(2, Map::new().with("id", "a".repeat(253))),
        whole.map().with(2, Map::new().with("id", "a")),
    ] {
        World::new()
            .replies([Reply::pin("1234")])
            .succeed(&request(1, map));
    }
}

/// CTAP 2.3 §6.1.2 step 9 has an error of its own for this parameter.
#[test]
fn an_unknown_kind_of_enterprise_attestation_is_0x2c() {
    for kind in [0, 3, i64::MAX] {
        let mut world = World::new();
        let request = Register::new("example.jp", "taro").enterprise(kind);
        assert_eq!(world.fail(&request.bytes()).status(), 0x2C);
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}

#[test]
fn what_is_not_canonical_is_0x12() {
    let whole = Register::new("example.jp", "taro").bytes();
    let mut trailing = whole.clone();
    trailing.push(0);
    let mut indefinite = whole.clone();
    indefinite[1] = 0xBF;
    indefinite.push(0xFF);
    let mut two_byte_head = vec![whole[0], 0xB8, whole[1] & 0x1F];
    two_byte_head.extend(&whole[2..]);
    for request in [
        vec![1],
        trailing,
        indefinite,
        two_byte_head,
        whole[..whole.len() - 1].to_vec(),
    ] {
        let failure = World::new().fail(&request);
        assert_eq!((failure.status(), failure.code()), (0x12, "bad-request"));
    }
}
