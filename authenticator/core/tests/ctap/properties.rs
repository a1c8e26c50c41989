//! Whatever bytes come, the authenticator answers and the card ends unpowered.

use authenticator_core::Transport;
use authenticator_core::cbor;
use proptest::prelude::*;

use crate::requests::{Register, SignIn};
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
    register.more = cbor::Map::new().with(6, cbor::Map::new().with("credProtect", 2));
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
