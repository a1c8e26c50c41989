//! Whatever bytes come, the authenticator answers and the card ends unpowered.

use authenticator_core::Transport;
use authenticator_core::cbor::{self, Map, Value};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::requests::{Register, SignIn, request};
use crate::world::platform::{ACFG, CM, LBW};
use crate::world::{Reply, USB, World};

/// A world whose person answers whatever is asked: `World` fails a test on an unexpected question, so
/// the script holds one refusal for each question that a request can reach.
fn answer(request: &[u8], transport: Transport) -> Vec<u8> {
    let mut world = World::new();
    world.replies([Reply::Refuse(authenticator_core::Refusal::Cancelled)]);
    world.send_over(transport, request).response
}

fn well_formed(response: &[u8]) -> bool {
    match response {
        [0, body @ ..] => cbor::decode(body).is_ok(),
        [_] => true,
        _ => false,
    }
}

fn valid_requests() -> [Vec<u8>; 6] {
    let mut register = Register::discoverable("example.jp", "taro")
        .excluding(&[1; 49])
        .formats(&["packed", "eid-x509"])
        .enterprise(2);
    register.more = Map::new().with(6, Map::new().with("credProtect", 2));
    let sign_in = SignIn::new("example.jp").allowing(&[1; 49]);
    [
        register.bytes(),
        sign_in.bytes(),
        SignIn::new("example.jp").silent().bytes(),
        Register::new("example.jp", "taro")
            .algorithms(&[-257])
            .excluding(&[2; 49])
            .bytes(),
        SignIn::new("example.jp").allowing(&[2; 49]).bytes(),
        SignIn::new("example.jp")
            .allowing(&[2; 49])
            .silent()
            .bytes(),
    ]
}

fn any_transport() -> impl Strategy<Value = Transport> {
    prop_oneof![Just(Transport::Internal), Just(USB)]
}

/// Any CBOR of a parameter's kinds.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0u64..70).prop_map(Value::Unsigned),
        any::<u64>().prop_map(Value::Unsigned),
        any::<u8>().prop_map(|n| Value::Negative(n.into())),
        proptest::collection::vec(any::<u8>(), 0..70).prop_map(Value::Bytes),
        "[a-z.]{0,12}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            any_map(inner).prop_map(Value::Map),
        ]
    })
}

fn any_map(values: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Map> {
    let keys = prop_oneof![
        (0u64..13).prop_map(Value::Unsigned),
        prop_oneof![Just("id"), Just("type"), Just("name"), Just("displayName")]
            .prop_map(Value::from),
    ];
    let entries = proptest::collection::vec((keys, values), 0..4);
    entries.prop_map(|entries| {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Authorised requests to manage something, one after the other, whatever they ask.
    #[test]
    fn any_authorised_parameters_are_answered(
        requests in proptest::collection::vec((0usize..3, 0i64..9, proptest::option::of(any_map(any_value()))), 1..6),
    ) {
        let mut world = World::new();
        world.register(&Register::discoverable("example.jp", "taro"));
        let token = world.token(CM | LBW | ACFG, None);
        for (command, subcommand, parameters) in requests {
            let encoded = parameters.as_ref().map(|map| cbor::encode(&map.clone().into()));
            let encoded = encoded.unwrap_or_default();
            let mut map = Map::new().with(1, subcommand);
            if let Some(parameters) = parameters {
                map.insert(2, parameters);
            }
            let (command, message) = match command {
                0 => (0x0A, [&[subcommand as u8][..], &encoded].concat()),
                1 => (0x0D, [&[0xFF; 32][..], &[0x0D, subcommand as u8], &encoded].concat()),
                _ => {
                    // A fragment, at an offset that may be right, and of a length that may be so.
                    let offset = subcommand / 4 * 10;
                    let fragment = encoded.get(..10).unwrap_or(&encoded);
                    map = Map::new().with(2, fragment).with(3, offset);
                    if subcommand % 4 < 2 {
                        map.insert(4, 10 + 7 * subcommand);
                    }
                    let offset = (offset as u32).to_le_bytes();
                    let hash = Sha256::digest(fragment);
                    (0x0C, [&[0xFF; 32][..], &[0x0C, 0x00], &offset, &hash].concat())
                }
            };
            let (param, protocol) = if command == 0x0C { (5, 6) } else { (4, 3) };
            let map = map
                .with(param, token.authenticate(&message))
                .with(protocol, token.protocol);
            let before = world.storage.large_blobs.clone();
            let response = world.send_over(USB, &request(command, map)).response;
            prop_assert!(response == [0] || well_formed(&response));
            // What has no hash at its end is never kept.
            if world.storage.large_blobs != before {
                let array = world.storage.large_blobs.values().next().unwrap();
                let (content, hash) = array.split_at(array.len() - 16);
                prop_assert_eq!(&Sha256::digest(content)[..16], hash);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_answered(
        request in proptest::collection::vec(any::<u8>(), 0..200),
        transport in any_transport(),
    ) {
        prop_assert!(well_formed(&answer(&request, transport)));
    }

    #[test]
    fn any_parameters_are_answered(
        command in 0u8..0x10,
        parameters in proptest::collection::vec(any::<u8>(), 0..200),
        transport in any_transport(),
    ) {
        let request: Vec<u8> = [command].into_iter().chain(parameters).collect();
        prop_assert!(well_formed(&answer(&request, transport)));
    }

    #[test]
    fn valid_requests_with_a_few_bytes_changed_are_answered(
        which in 0usize..6,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        transport in any_transport(),
    ) {
        let mut request = valid_requests()[which].clone();
        for (position, byte) in changes {
            let position = position.index(request.len());
            request[position] = byte;
        }
        if let Some(cut) = cut {
            request.truncate(cut.index(request.len()));
        }
        prop_assert!(well_formed(&answer(&request, transport)));
    }
}
