//! hmac-secret and hmac-secret-mc (CTAP 2.3 §12.7, §12.8), asked as a platform does.

use authenticator_core::cbor::{Map, Value};
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::backup::private_key;
use crate::requests::{Register, SignIn};
use crate::world::platform::{GA, Platform};
use crate::world::{Assertion, Attestation, Reply, World};

const SALT_1: [u8; 32] = [0x51; 32];
const SALT_2: [u8; 32] = [0x52; 32];

fn input(platform: &Platform, salts: &[u8]) -> Map {
    let encrypted = platform.encrypt(salts);
    Map::new()
        .with(1, platform.public_key.clone())
        .with(3, platform.authenticate(&encrypted))
        .with(2, encrypted)
        .with(4, platform.protocol)
}

fn yes() -> Reply {
    Reply::Consent {
        disclose: false,
        card_credential: false,
        remember: false,
    }
}

/// Signs in with our own prompt.
fn sign_in(world: &mut World, request: &SignIn) -> Assertion {
    world.replies([Reply::pin("1234")]);
    let response = world.succeed_over_usb(&request.bytes());
    Assertion::read(&response, &request.client_data_hash)
}

fn register(world: &mut World, request: &Register) -> Attestation {
    world.replies([Reply::pin("1234")]);
    let response = world.succeed_over_usb(&request.bytes());
    Attestation::read(&response, &request.client_data_hash)
}

fn output(platform: &Platform, extensions: &Option<Map>, name: &str) -> Vec<u8> {
    let outputs = extensions.as_ref().unwrap();
    platform.decrypt(outputs.get(name).unwrap().as_bytes().unwrap())
}

#[test]
fn the_same_salts_give_the_same_secrets_and_others_others() {
    let mut world = World::new();
    let made = register(
        &mut world,
        &Register::discoverable("example.jp", "taro").extension("hmac-secret", true),
    );
    let extensions = made.extensions.as_ref().unwrap();
    assert_eq!(extensions.len(), 1);
    assert_eq!(extensions.get("hmac-secret").unwrap().as_bool(), Some(true));
    let mut secrets = Vec::new();
    for protocol in [1, 2] {
        let platform = Platform::agree(&mut world, protocol);
        for salts in [&SALT_1[..], &[SALT_1, SALT_2].concat()] {
            let request =
                SignIn::new("example.jp").extension("hmac-secret", input(&platform, salts));
            let assertion = sign_in(&mut world, &request);
            assert!(assertion.verifies(&made.key), "the output is signed");
            let output = output(&platform, &assertion.extensions, "hmac-secret");
            assert_eq!(output.len(), salts.len());
            secrets.push(output);
        }
    }
    assert_eq!(secrets[0], secrets[2]);
    assert_eq!(secrets[1], secrets[3]);
    assert_eq!(secrets[1][..32], secrets[0]);
    assert_ne!(secrets[1][32..], secrets[0]);
}

/// Sites encrypt with it: what a credential gives today, it gives for ever. Computed from the formulas alone.
#[test]
fn the_secret_follows_from_the_private_key_as_documented() {
    let mut world = World::new();
    world.register(&Register::new("example.jp", "taro"));
    let scalar = private_key(&mut world);
    let mut cred_random = [0; 32];
    hkdf::Hkdf::<Sha256>::new(None, &scalar)
        .expand(b"JPKI for WebAuthn hmac-secret v1\0", &mut cred_random)
        .unwrap();
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&cred_random).unwrap();
    mac.update(&SALT_1);
    let expected = mac.finalize().into_bytes();

    let id = *world.storage.records[0].id.as_bytes();
    let platform = Platform::agree(&mut world, 2);
    let request = SignIn::new("example.jp")
        .allowing(&id)
        .extension("hmac-secret", input(&platform, &SALT_1));
    let assertion = sign_in(&mut world, &request);
    let output = output(&platform, &assertion.extensions, "hmac-secret");
    assert_eq!(output, expected.as_slice());
}

#[test]
fn at_registration_it_gives_what_it_gives_later() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    let salts = [SALT_1, SALT_2].concat();
    let made = register(
        &mut world,
        &Register::discoverable("example.jp", "taro")
            .extension("hmac-secret", true)
            .extension("hmac-secret-mc", input(&platform, &salts)),
    );
    assert_eq!(made.extensions.as_ref().unwrap().len(), 2);
    let at_registration = output(&platform, &made.extensions, "hmac-secret-mc");
    let request = SignIn::new("example.jp").extension("hmac-secret", input(&platform, &salts));
    let assertion = sign_in(&mut world, &request);
    let later = output(&platform, &assertion.extensions, "hmac-secret");
    assert_eq!(at_registration, later);
}

#[test]
fn every_account_of_a_list_has_its_own() {
    let mut world = World::new();
    for user in ["taro", "hanako"] {
        world.register(&Register::discoverable("example.jp", user));
    }
    let platform = Platform::agree(&mut world, 2);
    let token = world.token(GA, Some("example.jp"));
    let request = SignIn::new("example.jp").extension("hmac-secret", input(&platform, &SALT_1));
    world.replies([yes()]);
    let first = world.succeed_over_usb(&request.with_token(&token).bytes());
    let second = world.succeed_over_usb(&[8]);
    let [first, second] = [first, second].map(|response| {
        let auth_data = response.as_map().unwrap().get(2).unwrap();
        let auth_data = auth_data.as_bytes().unwrap();
        let outputs = authenticator_core::cbor::decode(&auth_data[37..]).unwrap();
        output(
            &platform,
            &Some(outputs.as_map().unwrap().clone()),
            "hmac-secret",
        )
    });
    assert_eq!(first.len(), 32);
    assert_ne!(first, second);
}

#[test]
fn salts_that_are_not_the_platforms_are_refused_before_anybody_is_asked() {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro"));
    let platform = Platform::agree(&mut world, 2);
    let genuine = input(&platform, &SALT_1);
    let mut altered = genuine.get(2).unwrap().as_bytes().unwrap().to_vec();
    altered[20] ^= 1;
    let without = |member: i64| {
        let mut map = Map::new();
        for (key, value) in genuine
            .iter()
            .filter(|(key, _)| **key != Value::from(member))
        {
            map.insert(key.clone(), value.clone());
        }
        map
    };
    for (input, status) in [
        (genuine.clone().with(2, altered), 0x33),
        (genuine.clone().with(3, &[7; 32][..]), 0x33),
        (genuine.clone().with(3, &[][..]), 0x33),
        (genuine.clone().with(4, 1), 0x33),
        (genuine.clone().with(4, 3), 0x02),
        (input(&platform, &[]), 0x02),
        (input(&platform, &[7; 16]), 0x02),
        (input(&platform, &[7; 48]), 0x02),
        (input(&platform, &[7; 96]), 0x02),
        (genuine.clone().with(1, Map::new()), 0x02),
        (without(1), 0x14),
        (without(2), 0x14),
        (without(3), 0x14),
        // Without a protocol it is the first.
        (without(4), 0x33),
        (genuine.clone().with(2, "salt"), 0x11),
    ] {
        let request = SignIn::new("example.jp").extension("hmac-secret", input.clone());
        assert_eq!(world.fail_over_usb(&request.bytes()), status, "{input:?}");
        let register = Register::new("example.jp", "hanako")
            .extension("hmac-secret", true)
            .extension("hmac-secret-mc", input);
        assert_eq!(world.fail_over_usb(&register.bytes()), status);
    }
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    // Without hmac-secret itself.
    for register in [
        Register::new("example.jp", "hanako"),
        Register::new("example.jp", "hanako").extension("hmac-secret", false),
    ] {
        let register = register.extension("hmac-secret-mc", genuine.clone());
        assert_eq!(world.fail_over_usb(&register.bytes()), 0x14);
    }
}

#[test]
fn a_silent_probe_gives_no_secret() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    let platform = Platform::agree(&mut world, 2);
    let probe = SignIn::new("example.jp")
        .allowing(&made.id)
        .extension("hmac-secret", input(&platform, &SALT_1))
        .silent();
    assert_eq!(world.fail_over_usb(&probe.bytes()), 0x2B);
}

#[test]
fn a_card_credential_has_none() {
    let mut world = World::new();
    let platform = Platform::agree(&mut world, 2);
    let request = Register::discoverable("example.jp", "taro")
        .algorithms(&[-257])
        .extension("hmac-secret", true)
        .extension("hmac-secret-mc", input(&platform, &SALT_1));
    world.replies([Reply::card_credential()]);
    let response = world.succeed_over_usb(&request.bytes());
    let made = Attestation::read(&response, &request.client_data_hash);
    let extensions = made.extensions.unwrap();
    assert_eq!(extensions.len(), 1);
    assert_eq!(
        extensions.get("hmac-secret").unwrap().as_bool(),
        Some(false)
    );
    let request = SignIn::new("example.jp").extension("hmac-secret", input(&platform, &SALT_1));
    assert_eq!(sign_in(&mut world, &request).extensions, None);
}

/// A platform authenticator agrees on no secret, so there is none that salts could be encrypted with.
#[test]
fn a_platform_authenticator_gives_none() {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro"));
    let platform = Platform::agree(&mut world, 2);
    let request = SignIn::new("example.jp").extension("hmac-secret", input(&platform, &SALT_1));
    // Its session is another one: one for each ceremony.
    let mut client = World::new();
    client.storage.records = world.storage.records;
    assert_eq!(client.send(&request.bytes()).response, [0x33]);
}
