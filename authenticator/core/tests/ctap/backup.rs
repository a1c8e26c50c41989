//! Backups: what one computer and card sealed, opened, written down, read back and sealed on another.

use std::sync::LazyLock;

use authenticator_core::cbor::{self, Map, Value};
use authenticator_core::{
    AccountName, Backup, BackupError, CredProtect, CredentialRecord, Failure, Holder,
    OpenCredential, PinEntry, PresentCard, Progress, Refusal, Secrets,
};
use eid_card::Pin;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use zeroize::Zeroizing;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::requests::{Register, SignIn};
use crate::world::{Assertion, Call, Key, Reply, SoftCard, World};

/// Whoever holds the card, with nothing to say.
struct AtTheTerminal;

impl Holder for AtTheTerminal {
    fn insert_card(&mut self, problem: authenticator_core::CardError) -> Result<(), Refusal> {
        panic!("{problem}")
    }

    fn progress(&mut self, _: Progress) -> Result<(), Refusal> {
        Ok(())
    }
}

fn secrets(world: &World) -> Secrets {
    Secrets::new(
        Zeroizing::new(world.storage.device),
        Zeroizing::new(world.storage.salt),
    )
}

/// Opens everything that is stored, under the card that is there.
fn open(world: &mut World) -> Result<Vec<OpenCredential>, Failure> {
    let secrets = secrets(world);
    let mut holder = AtTheTerminal;
    world.card.calls.clear();
    world.person.typed.push("1234".to_owned());
    let opened = PresentCard::find(&mut world.card, &mut holder)?
        .verify(&mut holder, |_, _| entry())?
        .open(&mut holder, &secrets, &world.storage.records);
    world.check_pins_and_power();
    opened
}

/// Opens the names of everything that is stored.
fn names(world: &mut World) -> Vec<AccountName> {
    let secrets = secrets(world);
    let mut holder = AtTheTerminal;
    world.card.calls.clear();
    world.person.typed.push("1234".to_owned());
    let mut card = PresentCard::find(&mut world.card, &mut holder)
        .unwrap()
        .verify(&mut holder, |_, _| entry())
        .unwrap();
    card.open_names(&mut holder, &secrets, &world.storage.records)
        .unwrap()
}

/// Seals credentials under the card and the secrets of this world, and stores them.
fn seal(world: &mut World, credentials: &[OpenCredential]) {
    let secrets = secrets(world);
    let mut holder = AtTheTerminal;
    world.card.calls.clear();
    world.person.typed.push("1234".to_owned());
    let sealed = PresentCard::find(&mut world.card, &mut holder)
        .unwrap()
        .verify(&mut holder, |_, _| entry())
        .unwrap()
        .seal(
            &mut holder,
            &secrets,
            credentials,
            &mut ChaCha20Rng::seed_from_u64(7),
        )
        .unwrap();
    world.check_pins_and_power();
    world.storage.records = sealed;
}

fn entry() -> Result<PinEntry, Refusal> {
    Ok(PinEntry::typed(Pin::parse("1234").unwrap(), None))
}

/// Another computer: other secrets, an empty store.
fn elsewhere(person: &str) -> World {
    let mut world = World::with_card_of(person);
    world.storage.device = [0xE2; 32];
    world.storage.salt = [0x6B; 32];
    world
}

fn backup(world: &mut World) -> Backup {
    let card = world.storage.records[0].card;
    Backup {
        made_at: world.now,
        card,
        credentials: open(world).unwrap(),
    }
}

/// The private key of the one credential that is stored.
pub fn private_key(world: &mut World) -> Vec<u8> {
    let bytes = backup(world).to_bytes().unwrap();
    bytes[bytes.len() - 32..].to_vec()
}

#[test]
fn a_credential_moved_to_another_computer_or_card_signs_in_as_before() {
    for card in ["p01", "p02"] {
        let mut here = World::new();
        let registered = here.register(&Register::discoverable("example.jp", "taro"));
        let bytes = backup(&mut here).to_bytes().unwrap();
        let mut there = elsewhere(card);
        seal(&mut there, &Backup::parse(&bytes).unwrap().credentials);
        for request in [
            SignIn::new("example.jp"),
            SignIn::new("example.jp").allowing(&registered.id),
        ] {
            there.replies([Reply::pin("1234")]);
            let response = there.succeed(&request.bytes());
            let assertion = Assertion::read(&response, &request.client_data_hash);
            assert_eq!(assertion.id, registered.id);
            assert!(assertion.verifies(&registered.key));
            assert_eq!(assertion.flags, 0b0001_1101, "BS, BE, UV, UP");
            let user = assertion.user.unwrap();
            assert_eq!(
                user.get("id").unwrap().as_bytes(),
                Some(&b"handle of taro"[..])
            );
        }
        // The names came along.
        let accounts = names(&mut there);
        assert_eq!(accounts[0].display_name.as_deref(), Some("taro さん"));
    }
}

/// Its ID was made with another computer's secret; here, what the store holds for this RP ID is what is ours.
#[test]
fn a_credential_from_elsewhere_is_known_to_its_own_site_only() {
    let mut here = World::new();
    let made = here.register(&Register::new("example.jp", "taro"));
    let moved = backup(&mut here).credentials;
    let mut there = elsewhere("p01");
    let probe = |rp_id: &str, id: &[u8]| SignIn::new(rp_id).allowing(id).silent().bytes();
    let unknown = Failure::NoCredential(Ok(()));
    assert_eq!(there.fail(&probe("example.jp", &made.id)), unknown);
    seal(&mut there, &moved);
    there.succeed(&probe("example.jp", &made.id));
    assert_eq!(there.fail(&probe("example.com", &made.id)), unknown);
    for bit in 0..made.id.len() * 8 {
        let mut altered = made.id.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            there.fail(&probe("example.jp", &altered)),
            unknown,
            "bit {bit}"
        );
    }
    // And it is what keeps the person from registering twice.
    there.replies([Reply::Acknowledge]);
    let again = Register::new("example.jp", "taro").excluding(&made.id);
    assert_eq!(there.fail(&again.bytes()), Failure::Excluded(Ok(())));
}

#[test]
fn opening_costs_one_signature_for_each_key_and_one_for_all_names() {
    let mut world = World::new();
    for user in ["taro", "hanako"] {
        world.register(&Register::discoverable("example.jp", user));
    }
    world.register(&Register::new("example.com", "taro"));
    assert_eq!(open(&mut world).unwrap().len(), 3);
    let signed = |world: &World| {
        let signed = world
            .card
            .calls
            .iter()
            .filter(|call| **call == Call::Sign512);
        signed.count()
    };
    assert_eq!(signed(&world), 4);
    names(&mut world);
    assert_eq!(signed(&world), 1);
}

#[test]
fn what_another_card_sealed_or_somebody_altered_is_not_opened() {
    let mut world = World::new();
    world.register(&Register::new("example.jp", "taro"));
    let genuine = world.storage.records.clone();
    world.card = SoftCard::of("p02");
    assert_eq!(open(&mut world).unwrap_err(), Failure::SealBroken);
    world.card = SoftCard::of("p01");
    let mut altered = |alter: &dyn Fn(&mut CredentialRecord)| {
        world.storage.records = genuine.clone();
        alter(&mut world.storage.records[0]);
        assert_eq!(open(&mut world).unwrap_err(), Failure::SealBroken);
    };
    altered(&|record| record.rp_id = "example.com".to_owned());
    altered(&|record| record.user_handle.push(0));
}

#[test]
fn a_backup_is_read_back_as_it_was_written() {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro"));
    world.register(&Register::new("example.com", "hanako"));
    let mut written = backup(&mut world);
    written.credentials[0].label = Some("仕事".to_owned());
    let bytes = written.to_bytes().unwrap();
    let read = Backup::parse(&bytes).unwrap();
    assert_eq!((read.made_at, read.card), (world.now, written.card));
    for (read, written) in read.credentials.iter().zip(&written.credentials) {
        assert_eq!(read.id, written.id);
        assert_eq!(read.rp_id, written.rp_id);
        assert_eq!(read.user_handle, written.user_handle);
        assert_eq!(read.discoverable, written.discoverable);
        assert_eq!(read.account, written.account);
        assert_eq!(read.label, written.label);
        assert_eq!(read.created_at, written.created_at);
    }
    assert_eq!(*read.to_bytes().unwrap(), *bytes);
    assert!(!format!("{read:?}").contains("taro"));
}

#[test]
fn a_backup_that_is_anything_else_is_refused() {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro"));
    let bytes = backup(&mut world).to_bytes().unwrap().to_vec();
    let refused = |bytes: &[u8]| Backup::parse(bytes).unwrap_err();
    assert_eq!(refused(b""), BackupError::NotABackup);
    assert_eq!(refused(b"something else"), BackupError::NotABackup);
    let version = |version: u8| {
        let mut other = bytes.clone();
        other[26] = version;
        refused(&other)
    };
    assert_eq!(version(b'3'), BackupError::Newer);
    assert_eq!(version(b'2'), BackupError::Malformed, "nothing needs it");
    assert_eq!(
        refused(&vec![0; Backup::MAX_LENGTH + 1]),
        BackupError::TooLarge
    );
    assert_eq!(
        refused(&[&bytes[..], &[0]].concat()),
        BackupError::Malformed
    );
    for length in 28..bytes.len() {
        assert_eq!(
            refused(&bytes[..length]),
            BackupError::Malformed,
            "{length}"
        );
    }
    // The private key of zero is none.
    let mut zero = bytes.clone();
    let keys = zero.len() - 32;
    zero[keys..].fill(0);
    assert_eq!(refused(&zero), BackupError::Malformed);
    // What would write over the terminal that shows it.
    let mut hostile = backup(&mut world);
    for rp_id in ["example.jp\u{1b}[2J", "example .jp", "例え.jp", ""] {
        hostile.credentials[0].rp_id = rp_id.to_owned();
        let bytes = hostile.to_bytes().unwrap();
        assert_eq!(refused(&bytes), BackupError::Malformed, "{rp_id:?}");
    }
    // The same credential twice.
    let mut twice = backup(&mut world);
    twice.credentials.extend(backup(&mut world).credentials);
    assert_eq!(refused(&twice.to_bytes().unwrap()), BackupError::Malformed);
}

/// Written down byte by byte from the format of version 1, which programs had before there were extensions.
const OF_VERSION_1: &str = concat!(
    "6a706b692d61757468656e74696361746f72206261636b757020310a000000eda3011a6b49d2000258205555555555555555",
    "5555555555555555555555555555555555555555555555550382a80158310111111111111111111111111111111111111111",
    "1111111111111111111111111122222222222222222222222222222222026a6578616d706c652e6a70034e68616e646c6520",
    "6f66207461726f04f5051a6ab13b8006647461726f076b7461726f20e38195e382930866e4bb95e4ba8ba501583101333333",
    "333333333333333333333333333333333333333333333333333333333344444444444444444444444444444444026b657861",
    "6d706c652e636f6d03410704f4051a6ab13b8166666666666666666666666666666666666666666666666666666666666666",
    "667777777777777777777777777777777777777777777777777777777777777777",
);

#[test]
fn a_backup_from_before_extensions_still_restores() {
    let bytes = hex::decode(OF_VERSION_1).unwrap();
    let old = Backup::parse(&bytes).unwrap();
    assert_eq!(old.made_at, 1_800_000_000);
    let [taro, other] = &old.credentials[..] else {
        panic!("{old:?}");
    };
    assert_eq!(taro.rp_id, "example.jp");
    assert_eq!(taro.account.display_name.as_deref(), Some("taro さん"));
    assert_eq!(taro.label.as_deref(), Some("仕事"));
    assert_eq!(other.user_handle, [7]);
    for credential in &old.credentials {
        assert_eq!(credential.cred_protect, CredProtect::Optional);
        assert!(!credential.large_blob_key);
    }
    let mut world = World::new();
    seal(&mut world, &old.credentials);
    let request = SignIn::new("example.jp");
    world.replies([Reply::pin("1234")]);
    let assertion = Assertion::read(&world.succeed(&request.bytes()), &request.client_data_hash);
    let key = p256::ecdsa::SigningKey::from_slice(&[0x66; 32]).unwrap();
    assert!(assertion.verifies(&Key::Pairwise(*key.verifying_key())));
}

#[test]
fn protection_and_large_blob_key_come_along_in_a_backup() {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro"));
    let old = backup(&mut world).to_bytes().unwrap();
    assert!(old.starts_with(b"jpki-authenticator backup 1\n"));
    world.storage.records[0].cred_protect = CredProtect::Required;
    world.storage.records[0].large_blob_key = true;
    let bytes = backup(&mut world).to_bytes().unwrap();
    assert!(bytes.starts_with(b"jpki-authenticator backup 2\n"));
    let read = Backup::parse(&bytes).unwrap();
    assert_eq!(*read.to_bytes().unwrap(), *bytes);
    let mut there = elsewhere("p01");
    seal(&mut there, &read.credentials);
    assert_eq!(there.storage.records[0].cred_protect, CredProtect::Required);
    assert!(there.storage.records[0].large_blob_key);
}

/// A store that took the ID of a card credential for that of a pairwise one could not be read any more.
#[test]
fn a_backup_with_a_member_too_many_or_the_id_of_a_card_credential_is_refused() {
    let mut world = World::new();
    world.register(&Register::new("example.jp", "taro"));
    let bytes = backup(&mut world).to_bytes().unwrap().to_vec();
    let (name, rest) = bytes.split_at(28);
    let (encoded, key) = rest[4..].split_at(rest.len() - 4 - 32);
    let whole = cbor::decode(encoded).unwrap().as_map().unwrap().clone();
    let credential = whole.get(3).unwrap().as_array().unwrap()[0].clone();
    let credential = credential.as_map().unwrap();
    let read = |whole: Map| {
        let encoded = cbor::encode(&whole.into());
        let length = u32::try_from(encoded.len()).unwrap().to_be_bytes();
        Backup::parse(&[name, &length, &encoded, key].concat()).map(|_| ())
    };
    let with = |member: i64, value: Value| {
        let credential = credential.clone().with(member, value);
        read(whole.clone().with(3, vec![Value::from(credential)]))
    };
    assert_eq!(read(whole.clone()), Ok(()));
    assert_eq!(with(8, Value::from("a name")), Ok(()));
    let malformed = Err(BackupError::Malformed);
    assert_eq!(read(whole.clone().with(4, 0)), malformed);
    // What only version 2 has, here in version 1; and what no version has.
    for (member, value) in [
        (9, Value::from(2)),
        (10, Value::from(true)),
        (11, Value::from(&[7][..])),
        (12, Value::from(0)),
    ] {
        assert_eq!(with(member, value), malformed, "{member}");
    }
    let mut id = credential.get(1).unwrap().as_bytes().unwrap().to_vec();
    id[0] = 2;
    assert_eq!(with(1, Value::from(id)), malformed);
}

proptest! {
    #[test]
    fn any_backup_with_a_few_bytes_changed_is_read_or_refused(changes in vec((any::<Index>(), any::<u8>()), 0..4)) {
        static GENUINE: LazyLock<Vec<u8>> = LazyLock::new(|| {
            let mut world = World::new();
            world.register(&Register::discoverable("example.jp", "taro"));
            backup(&mut world).to_bytes().unwrap().to_vec()
        });
        let mut bytes = GENUINE.clone();
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(read) = Backup::parse(&bytes) {
            prop_assert_eq!(read.to_bytes().unwrap().to_vec(), bytes);
        }
    }
}
