//! authenticatorLargeBlobs (CTAP 2.3 §6.10), asked as a platform does.

use authenticator_core::Transport;
use authenticator_core::cbor::Map;
use sha2::{Digest, Sha256};

use crate::requests::{Register, request};
use crate::world::platform::{CM, LBW, MC, Token};
use crate::world::{Call, Reply, SoftCard, USB, World};

/// `maxFragmentLength` over CTAPHID.
const FRAGMENT: usize = 7609 - 64;

fn with_hash(content: &[u8]) -> Vec<u8> {
    [content, &Sha256::digest(content)[..16]].concat()
}

fn get(offset: usize, count: usize) -> Vec<u8> {
    request(
        0x0C,
        Map::new().with(1, count as i64).with(3, offset as i64),
    )
}

fn set(token: &Token, fragment: &[u8], offset: usize, length: Option<usize>) -> Vec<u8> {
    let message = [
        &[0xFF; 32][..],
        &[0x0C, 0x00],
        &(offset as u32).to_le_bytes(),
        &Sha256::digest(fragment),
    ]
    .concat();
    let mut map = Map::new()
        .with(2, fragment)
        .with(3, offset as i64)
        .with(5, token.authenticate(&message))
        .with(6, token.protocol);
    if let Some(length) = length {
        map.insert(4, length as i64);
    }
    request(0x0C, map)
}

#[track_caller]
fn read(world: &mut World, offset: usize, count: usize) -> Vec<u8> {
    let response = world.succeed_over_usb(&get(offset, count));
    let map = response.as_map().unwrap();
    assert_eq!(map.len(), 1);
    map.get(1).unwrap().as_bytes().unwrap().to_vec()
}

/// Writes in fragments of so many bytes.
#[track_caller]
fn write(world: &mut World, token: &Token, array: &[u8], fragment: usize) {
    let mut offset = 0;
    for part in array.chunks(fragment) {
        let length = (offset == 0).then_some(array.len());
        world.succeed_with_nothing(&set(token, part, offset, length));
        offset += part.len();
    }
}

#[test]
fn at_first_there_is_an_empty_array() {
    let mut world = World::new();
    let initial = [
        0x80, 0x76, 0xBE, 0x8B, 0x52, 0x8D, 0x00, 0x75, 0xF7, 0xAA, 0xE9, 0x8D, 0x6F, 0xA5, 0x7A,
        0x6D, 0x3C,
    ];
    assert_eq!(read(&mut world, 0, FRAGMENT), initial, "CTAP 2.3 §6.10");
    assert_eq!(world.card.calls, [Call::Certificate, Call::Release]);
    assert!(world.person.shown.is_empty());
}

#[test]
fn what_was_written_in_fragments_is_read_in_fragments() {
    let mut world = World::new();
    let largest = with_hash(&[0xB7; 4096 - 16]);
    for (array, fragment) in [
        (largest.clone(), 4096),
        (largest, 1000),
        (with_hash(&[0x80]), 1),
        (with_hash(&[7; 200]), 216),
    ] {
        let token = world.token(LBW, None);
        write(&mut world, &token, &array, fragment);
        assert_eq!(read(&mut world, 0, FRAGMENT), array);
        assert_eq!(read(&mut world, 5, 7), array[5..12]);
        assert_eq!(
            read(&mut world, array.len() - 1, 9),
            array[array.len() - 1..]
        );
        assert!(read(&mut world, array.len(), 9).is_empty());
        assert_eq!(world.fail_over_usb(&get(array.len() + 1, 9)), 0x02);
    }
    assert!(world.person.shown.is_empty());
}

#[test]
fn each_card_has_its_own() {
    let mut world = World::new();
    let token = world.token(LBW, None);
    let array = with_hash(&[7; 20]);
    write(&mut world, &token, &array, 36);
    world.wait(600);
    world.card = SoftCard::of("p02");
    assert_eq!(read(&mut world, 0, FRAGMENT), with_hash(&[0x80]));
    world.card = SoftCard::of("p01");
    assert_eq!(read(&mut world, 0, FRAGMENT), array);
}

#[test]
fn an_array_is_replaced_whole_or_not_at_all() {
    let mut world = World::new();
    let token = world.token(LBW, None);
    let before = with_hash(&[1; 40]);
    write(&mut world, &token, &before, 56);
    let array = with_hash(&[2; 40]);

    // Half of it, and then something else.
    world.succeed_with_nothing(&set(&token, &array[..20], 0, Some(56)));
    world.succeed_over_usb(&[4]);
    assert_eq!(
        world.fail_over_usb(&set(&token, &array[20..], 20, None)),
        0x04
    );
    // The wrong hash.
    let mut altered = array.clone();
    altered[3] ^= 1;
    assert_eq!(
        world.fail_over_usb(&set(&token, &altered, 0, Some(56))),
        0x3D
    );
    // A full disk.
    world.storage.full = true;
    assert_eq!(world.fail_over_usb(&set(&token, &array, 0, Some(56))), 0x27);
    world.storage.full = false;
    assert_eq!(read(&mut world, 0, FRAGMENT), before);
    // Beginning again takes the place of what was begun.
    world.succeed_with_nothing(&set(&token, &array[..20], 0, Some(56)));
    write(&mut world, &token, &array, 28);
    assert_eq!(read(&mut world, 0, FRAGMENT), array);
}

#[test]
fn a_fragment_follows_the_one_before_on_its_channel() {
    let mut world = World::new();
    let token = world.token(LBW, None);
    let array = with_hash(&[2; 40]);
    let first = set(&token, &array[..20], 0, Some(56));
    for (second, status) in [
        (set(&token, &array[20..], 19, None), 0x04),
        (set(&token, &array[20..], 21, None), 0x04),
        (set(&token, &array[20..], 20, Some(56)), 0x02),
        (set(&token, &[7; 37], 20, None), 0x02),
    ] {
        world.succeed_with_nothing(&first);
        assert_eq!(world.fail_over_usb(&second), status);
    }
    world.succeed_with_nothing(&first);
    let other = Transport::Usb { channel: 9 };
    let second = set(&token, &array[20..], 20, None);
    assert_eq!(world.send_over(other, &second).response, [0x04]);
    assert!(world.storage.large_blobs.is_empty());
    world.succeed_with_nothing(&second);
}

#[test]
fn lengths_are_bounded() {
    let mut world = World::new();
    let token = world.token(LBW, None);
    for (length, status) in [
        (None, 0x02),
        (Some(0), 0x02),
        (Some(16), 0x02),
        (Some(4097), 0x18),
        (Some(usize::MAX >> 1), 0x18),
    ] {
        let bytes = set(&token, &[7; 10], 0, length);
        assert_eq!(world.fail_over_usb(&bytes), status, "{length:?}");
    }
    let fragment = vec![7; FRAGMENT + 1];
    let status = world.send_over(USB, &set(&token, &fragment, 0, Some(4096)));
    assert!(matches!(status.response[..], [0x03 | 0x39]));
    assert_eq!(world.fail_over_usb(&get(0, FRAGMENT + 1)), 0x03);
}

#[test]
fn parameters_that_do_not_belong_together_are_refused() {
    let mut world = World::new();
    let get = Map::new().with(1, 9).with(3, 0);
    for map in [
        Map::new(),
        Map::new().with(1, 9),
        Map::new().with(3, 0),
        get.clone().with(2, &[7][..]),
        get.clone().with(4, 17),
        get.clone().with(5, &[7; 32][..]),
        get.clone().with(6, 2),
    ] {
        assert_eq!(
            world.fail_over_usb(&request(0x0C, map.clone())),
            0x02,
            "{map:?}"
        );
    }
    for map in [
        get.clone().with(1, "9"),
        get.clone().with(3, "0"),
        Map::new().with(2, 7).with(3, 0),
    ] {
        assert_eq!(world.fail_over_usb(&request(0x0C, map)), 0x11);
    }
}

#[test]
fn writing_needs_a_token_that_may() {
    let mut world = World::new();
    let bare = Map::new().with(2, &[7; 17][..]).with(3, 0).with(4, 17);
    assert_eq!(world.fail_over_usb(&request(0x0C, bare.clone())), 0x36);
    let half = bare.with(5, &[7; 32][..]);
    assert_eq!(world.fail_over_usb(&request(0x0C, half)), 0x14);
    let array = with_hash(&[0x80]);
    let none = Token {
        protocol: 2,
        value: vec![7; 32],
    };
    assert_eq!(world.fail_over_usb(&set(&none, &array, 0, Some(17))), 0x33);
    let other = world.token(CM | MC, Some("example.jp"));
    assert_eq!(world.fail_over_usb(&set(&other, &array, 0, Some(17))), 0x33);
    let token = world.token(LBW, None);
    let mut altered = set(&token, &array, 0, Some(17));
    altered[8] ^= 1;
    assert_ne!(world.send_over(USB, &altered).response, [0]);
    assert!(world.storage.large_blobs.is_empty());
}

/// As browsers do it: one token to register and to write.
#[test]
fn a_token_that_registered_may_still_write_for_its_card() {
    let mut world = World::new();
    let token = world.token(MC | LBW, Some("example.jp"));
    let register = Register::discoverable("example.jp", "taro").extension("largeBlobKey", true);
    world.replies([Reply::Consent {
        disclose: false,
        card_credential: false,
        remember: false,
    }]);
    world.succeed_over_usb(&register.with_token(&token).bytes());
    assert!(!world.card.verified, "the card was let go of");
    let array = with_hash(&[7; 20]);
    write(&mut world, &token, &array, 18);
    let card = *world.card.key_hash().as_bytes();
    assert_eq!(world.storage.large_blobs.get(&card), Some(&array));
}
