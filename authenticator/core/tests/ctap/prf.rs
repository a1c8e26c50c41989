//! WebAuthn's `prf` for a client in the same program: the secrets of hmac-secret, asked for beside the request.

use std::collections::BTreeMap;

use authenticator_core::cbor::Map;
use authenticator_core::{Prf, PrfSalts};

use crate::requests::{Register, SignIn};
use crate::world::platform::Platform;
use crate::world::{Assertion, Reply, SoftCard, World};

const SALT_1: [u8; 32] = [0x51; 32];
const SALT_2: [u8; 32] = [0x52; 32];

fn salts(first: [u8; 32], second: Option<[u8; 32]>) -> PrfSalts {
    PrfSalts { first, second }
}

/// What the last ceremony gave: whether there are secrets, and which.
fn given(world: &World) -> (bool, Vec<[u8; 32]>) {
    let prf = world.prf.as_ref().unwrap();
    let secrets = prf.results().map_or(Vec::new(), |results| {
        let second = results.second.as_deref();
        [Some(&*results.first), second]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    });
    (prf.is_enabled(), secrets)
}

fn register(world: &mut World, account: &str, asked: Option<PrfSalts>) -> (bool, Vec<[u8; 32]>) {
    world.prf = Some(Prf::new(asked, BTreeMap::new()));
    let made = world.register(&Register::discoverable("example.jp", account));
    assert!(
        made.extensions.is_none(),
        "it is no extension of the authenticator"
    );
    given(world)
}

fn sign_in(world: &mut World, request: &SignIn, prf: Prf) -> (bool, Vec<[u8; 32]>) {
    world.prf = Some(prf);
    world.replies([Reply::pin("1234")]);
    world.succeed(&request.bytes());
    given(world)
}

#[test]
fn prf_gives_the_secrets_of_hmac_secret() {
    let mut world = World::new();
    let both = salts(SALT_1, Some(SALT_2));
    let (enabled, made) = register(&mut world, "taro", Some(both));
    assert!(enabled && made.len() == 2 && made[0] != made[1]);
    let request = SignIn::new("example.jp");
    let signed_in = sign_in(&mut world, &request, Prf::new(Some(both), BTreeMap::new()));
    assert_eq!(signed_in, (true, made.clone()));
    let one = Prf::new(Some(salts(SALT_2, None)), BTreeMap::new());
    assert_eq!(sign_in(&mut world, &request, one), (true, vec![made[1]]));

    // By way of CTAPHID, encrypted for the platform.
    world.prf = None;
    let platform = Platform::agree(&mut world, 2);
    let encrypted = platform.encrypt(&[SALT_1, SALT_2].concat());
    let input = Map::new()
        .with(1, platform.public_key.clone())
        .with(3, platform.authenticate(&encrypted))
        .with(2, encrypted)
        .with(4, platform.protocol);
    let request = request.extension("hmac-secret", input);
    world.replies([Reply::pin("1234")]);
    let response = world.succeed_over_usb(&request.bytes());
    let assertion = Assertion::read(&response, &request.client_data_hash);
    let outputs = assertion.extensions.unwrap();
    let output = platform.decrypt(outputs.get("hmac-secret").unwrap().as_bytes().unwrap());
    assert_eq!(output, made.concat());
}

#[test]
fn without_salts_prf_only_tells_that_there_are_secrets() {
    let mut world = World::new();
    assert_eq!(register(&mut world, "taro", None), (true, Vec::new()));
    let request = SignIn::new("example.jp");
    let nothing = sign_in(&mut world, &request, Prf::default());
    assert_eq!(nothing, (true, Vec::new()));
}

/// Which credential of the list it is, only the card tells.
#[test]
fn the_salts_of_the_credential_that_is_used_come_first() {
    let mut world = World::with_card_of("p02");
    world.register(&Register::new("example.jp", "hanako"));
    let others = *world.storage.records[0].id.as_bytes();
    world.card = SoftCard::of("p01");
    let (_, made) = register(&mut world, "taro", Some(salts(SALT_1, Some(SALT_2))));
    let own = *world.storage.records.last().unwrap().id.as_bytes();
    let by_credential = BTreeMap::from([
        (others.to_vec(), salts([0x53; 32], None)),
        (own.to_vec(), salts(SALT_2, None)),
    ]);
    let list = SignIn::new("example.jp").allowing(&others).allowing(&own);
    let asked = Prf::new(Some(salts(SALT_1, None)), by_credential);
    assert_eq!(sign_in(&mut world, &list, asked), (true, vec![made[1]]));
    // No salts of its own: those for all.
    let only_others = BTreeMap::from([(others.to_vec(), salts([0x53; 32], None))]);
    let asked = Prf::new(Some(salts(SALT_1, None)), only_others.clone());
    assert_eq!(sign_in(&mut world, &list, asked), (true, vec![made[0]]));
    let asked = Prf::new(None, only_others);
    assert_eq!(sign_in(&mut world, &list, asked), (true, Vec::new()));
}

#[test]
fn a_card_credential_gives_no_prf() {
    let mut world = World::new();
    world.prf = Some(Prf::new(Some(salts(SALT_1, None)), BTreeMap::new()));
    world.replies([Reply::Pin {
        pin: "1234",
        disclose: false,
        card_credential: true,
        remember: false,
        last_try: false,
    }]);
    world.succeed(
        &Register::new("example.jp", "taro")
            .algorithms(&[-257])
            .bytes(),
    );
    assert_eq!(given(&world), (false, Vec::new()));
}

#[test]
fn neither_salts_nor_secrets_are_shown() {
    let mut world = World::new();
    register(&mut world, "taro", Some(salts([0x7B; 32], None)));
    let shown = format!("{:?}", world.prf.as_ref().unwrap());
    assert_eq!(
        shown,
        "Prf { salts: Some(PrfSalts(…)), by_credential: {}, enabled: true, results: Some(PrfResults(…)) }"
    );
}
