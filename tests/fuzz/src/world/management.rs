//! What a platform does with a token besides ceremonies: credentials are managed, large blobs written, settings changed, by
//! parameters that are anything at all under an authentication that is right.

use std::time::Duration;

use authenticator_core::cbor as strict;
use authenticator_core::{CredentialKind, CredentialRecord, Outcome, Session};
use ciborium::Value;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use super::World;
use super::card::{Call, PIN};
use super::platform::{ACFG, CM, LBW, Platform, Token, client_pin};
use super::storage::MemoryStorage;

/// The most steps that are looked at.
const MOST_STEPS: usize = 24;

/// The longest response that CTAPHID carries (CTAP 2.3 §11.2.4), and the longest array of large blobs.
const LONGEST_RESPONSE: usize = 7_609;
const LONGEST_BLOBS: usize = 4_096;

const CREDENTIAL_MANAGEMENT: u8 = 0x0A;
const LARGE_BLOBS: u8 = 0x0C;
const CONFIG: u8 = 0x0D;

/// Runs a CBOR array of steps: `[what, how, parameters]`.
///
/// | what | does |
/// |---|---|
/// | 0 | a token by the PIN; bits 0 to 2 of `how`: its permissions, bit 3: for one site, bit 4: protocol two |
/// | 1, 2, 3 | CredentialManagement, LargeBlobs, Config, authenticated with the token; bit 0: wrongly, bit 1: not at all, bit 2: on another channel |
/// | 4 | `how` seconds pass |
/// | 5 | the card fails at the call number `how` |
/// | 6 | power-up |
///
/// Words in the parameters stand for what an input cannot know: [`Management::meant`].
pub fn handle_management(input: &[u8]) {
    let Ok(Value::Array(steps)) = ciborium::from_reader::<Value, _>(input) else {
        return;
    };
    let mut management = Management {
        world: World::sound(),
        rng: ChaCha20Rng::seed_from_u64(7),
        elapsed: Duration::ZERO,
        token: None,
        lists_on: None,
    };
    for (at, record) in management.world.storage.records.iter_mut().enumerate() {
        record.discoverable = at % 4 != 3;
        record.large_blob_key = at % 4 == 2 && record.kind() == CredentialKind::Pairwise;
    }
    for step in steps.iter().take(MOST_STEPS) {
        management.step(step);
    }
}

/// A token, and what the standard lets it do.
struct Given {
    token: Token,
    permissions: i64,
    rp_id: Option<String>,
    begun: Duration,
    used: Duration,
}

struct Management {
    world: World,
    rng: ChaCha20Rng,
    elapsed: Duration,
    token: Option<Given>,
    /// The channel on which an enumeration was begun just before.
    lists_on: Option<u32>,
}

impl Management {
    fn step(&mut self, step: &Value) {
        let Some([what, how, parameters]) = step.as_array().map(Vec::as_slice) else {
            return;
        };
        let number = |value: &Value| value.as_integer().and_then(|it| u8::try_from(it).ok());
        let (Some(what), Some(how)) = (number(what), number(how)) else {
            return;
        };
        self.world.person.begin(0);
        self.world.card.calls.clear();
        match what {
            0 => self.begin_token(how),
            1 => self.manage(CREDENTIAL_MANAGEMENT, how, parameters),
            2 => self.manage(LARGE_BLOBS, how, parameters),
            3 => self.manage(CONFIG, how, parameters),
            4 => self.wait(how),
            5 => self.world.card.fail_at(how),
            6 => {
                self.world.card.verified = false;
                self.world.session = Session::power_up(self.elapsed);
                self.token = None;
                self.lists_on = None;
            }
            _ => {}
        }
        self.check_power();
    }

    fn wait(&mut self, seconds: u8) {
        self.elapsed += Duration::from_secs(seconds.into());
        self.world.authenticator().tick(self.elapsed);
    }

    fn begin_token(&mut self, how: u8) {
        let bit = |number: u8| how >> number & 1 == 1;
        let protocol = if bit(4) { 2 } else { 1 };
        let agreement = strict::Map::new().with(1, protocol).with(2, 2);
        let outcome = self.send(1, &client_pin(agreement));
        let key = body(&outcome).and_then(|map| map.as_map().unwrap().get(1).cloned());
        let platform = Platform::with_key(protocol, &key.unwrap());

        let permissions = [(0, CM), (1, LBW), (2, ACFG)].into_iter();
        let permissions = permissions.filter(|(number, _)| bit(*number));
        let permissions = permissions.map(|(_, permission)| permission).sum();
        let first = self.world.storage.records.first();
        let rp_id = first.filter(|_| bit(3)).map(|it| it.rp_id.clone());
        self.world.card.calls.clear();
        let request = platform.with_pin(PIN, permissions, rp_id.as_deref());
        let outcome = self.send(1, &request);
        let typed = Call::Verify(*PIN.as_bytes().first_chunk().unwrap());
        let mut sent = self.world.card.calls.iter();
        let sent = sent.by_ref().filter(|call| matches!(call, Call::Verify(_)));
        let sent: Vec<&Call> = sent.collect();
        assert!(sent.len() <= 1 && sent.iter().all(|call| **call == typed));
        self.lists_on = None;
        if let Some(response) = body(&outcome) {
            self.token = Some(Given {
                token: platform.token(&response),
                permissions,
                rp_id,
                begun: self.elapsed,
                used: self.elapsed,
            });
        }
    }

    /// One authenticated request, and what may have come of it.
    fn manage(&mut self, command: u8, how: u8, parameters: &Value) {
        let bit = |number: u8| how >> number & 1 == 1;
        let parameters = self.meant(parameters);
        let authenticated = message(command, &parameters);
        let param = self.token.as_ref().map(|given| {
            let mut param = given.token.authenticate(&authenticated);
            if bit(0) {
                param[0] ^= 1;
            }
            (given.token.protocol, param)
        });
        let param = param.filter(|_| !bit(1));
        let is_right = param.is_some() && !bit(0);
        let request = request(command, parameters.clone(), param);
        let channel = if bit(2) { 2 } else { 1 };

        let before = self.world.storage.clone();
        let tries = self.world.card.tries_left();
        let held = self.world.card.verified;
        let lists_on = self.lists_on.take();
        let used = self.token.as_ref().map(|given| given.used);
        let outcome = self.send(channel, &request);
        if let Some(given) = self.token.as_mut().filter(|_| is_right) {
            // Whatever comes of it: a token that authenticates a command is used by it.
            given.used = self.elapsed;
        }

        let mut calls = self.world.card.calls.iter();
        assert!(!calls.any(|call| matches!(call, Call::Verify(_) | Call::ChangePin(_))));
        assert_eq!(self.world.card.tries_left(), tries);
        assert!(!self.world.person.asked, "a question without a ceremony");
        let after = &self.world.storage;
        let subcommand = member(&parameters, 1).and_then(Value::as_integer);
        let subcommand = subcommand.and_then(|it| u8::try_from(it).ok());
        if outcome.failure.is_some() {
            assert!(*after == before, "a refused command changed something");
            // One channel cannot end the enumeration of another by asking for its next.
            let continues = command == CREDENTIAL_MANAGEMENT && matches!(subcommand, Some(3 | 5));
            self.lists_on = lists_on.filter(|began| continues && *began != channel);
            return;
        }

        match (command, subcommand) {
            (CREDENTIAL_MANAGEMENT, Some(3 | 5)) => {
                assert_eq!(lists_on, Some(channel), "nothing to go on with");
                assert!(*after == before);
                self.lists_on = lists_on;
            }
            (LARGE_BLOBS, _) if member(&parameters, 1).is_some() => assert!(*after == before),
            _ => {
                let permission = match command {
                    CREDENTIAL_MANAGEMENT => CM,
                    LARGE_BLOBS => LBW,
                    _ => ACFG,
                };
                assert!(is_right, "done without the token");
                assert!(held || command == LARGE_BLOBS, "the card had been let go");
                let given = self.token.as_ref().unwrap();
                assert!(given.permissions & permission != 0);
                assert!(self.elapsed < used.unwrap() + Duration::from_secs(30));
                assert!(self.elapsed < given.begun + Duration::from_secs(600));
                check_change(command, subcommand, given.rp_id.as_deref(), &before, after);
                if command == CREDENTIAL_MANAGEMENT && matches!(subcommand, Some(2 | 4)) {
                    self.lists_on = Some(channel);
                }
            }
        }
    }

    /// The same parameters with what the words in them stand for: `@id 3`, `@user 3` and `@rp 3` are the ID, the user and the
    /// hashed RP ID of the fourth credential; `@blobs 40` are large blobs of so many bytes with their hash, `@blobs 40 9 30` those
    /// of them from the ninth to the thirtieth.
    fn meant(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) => self.word(text).map_or_else(|| value.clone(), Value::Bytes),
            Value::Array(items) => Value::Array(items.iter().map(|it| self.meant(it)).collect()),
            Value::Map(members) => {
                let members = members.iter();
                let meant = |(key, it): &(Value, Value)| (key.clone(), self.meant(it));
                Value::Map(members.map(meant).collect())
            }
            other => other.clone(),
        }
    }

    fn word(&self, text: &str) -> Option<Vec<u8>> {
        let mut words = text.strip_prefix('@')?.split(' ');
        let word = words.next()?;
        let numbers: Vec<usize> = words.map_while(|it| it.parse().ok()).collect();
        let first = *numbers.first()?;
        if word == "blobs" {
            let mut blobs = vec![0xAB; first.min(LONGEST_BLOBS)];
            let hash = Sha256::digest(&blobs);
            blobs.extend_from_slice(&hash[..16]);
            let from = numbers.get(1).copied().unwrap_or_default();
            let to = numbers.get(2).copied().unwrap_or(blobs.len());
            return blobs.get(from..to.min(blobs.len())).map(<[u8]>::to_vec);
        }
        let records = &self.world.storage.records;
        let record = records.get(first % records.len().max(1))?;
        match word {
            "id" => Some(record.id.as_bytes().to_vec()),
            "user" => Some(record.user_handle.clone()),
            "rp" => Some(Sha256::digest(&record.rp_id).to_vec()),
            _ => None,
        }
    }

    /// The card is held for a token whose time has not come, or not at all.
    fn check_power(&self) {
        if self.world.card.verified {
            let given = self.token.as_ref().expect("held without a token");
            assert!(self.elapsed < given.begun + Duration::from_secs(600));
            assert!(self.world.session.wakes_at().unwrap() > self.elapsed);
        }
    }

    /// Sends a request; whatever comes back is well-formed.
    fn send(&mut self, channel: u32, request: &[u8]) -> Outcome {
        let (world, rng) = (&mut self.world, &mut self.rng);
        let outcome = world.answer(channel, request, self.elapsed, rng);
        assert!(outcome.response.len() <= LONGEST_RESPONSE);
        match (outcome.failure, outcome.response.as_slice()) {
            (Some(failure), [status]) => assert_eq!(*status, failure.status()),
            (None, [0]) => {}
            (None, [0, body @ ..]) => {
                let value = strict::decode(body).expect("canonical CBOR");
                assert_eq!(strict::encode(&value), body);
            }
            (_, response) => panic!("{response:02x?}"),
        }
        outcome
    }
}

/// A command that was done changed what it is for, and nothing else.
fn check_change(
    command: u8,
    subcommand: Option<u8>,
    rp_id: Option<&str>,
    before: &MemoryStorage,
    after: &MemoryStorage,
) {
    let mut expected = before.clone();
    match (command, subcommand) {
        (CREDENTIAL_MANAGEMENT, Some(6)) => {
            let gone = |record: &&CredentialRecord| !after.records.contains(record);
            let gone: Vec<&CredentialRecord> = before.records.iter().filter(gone).collect();
            let [gone] = gone.as_slice() else {
                panic!("{} credentials are gone", gone.len());
            };
            assert!(gone.discoverable && rp_id.is_none_or(|rp_id| rp_id == gone.rp_id));
            expected.records.retain(|record| record.id != gone.id);
        }
        (CREDENTIAL_MANAGEMENT, Some(7)) => {
            let changed = before.records.iter().zip(&after.records);
            let changed = changed.filter(|(before, after)| before != after);
            let changed: Vec<_> = changed.map(|(_, after)| after).collect();
            assert!(changed.len() <= 1);
            for record in changed {
                assert!(record.discoverable && rp_id.is_none_or(|rp_id| rp_id == record.rp_id));
                let known = expected.records.iter_mut().find(|it| it.id == record.id);
                known.unwrap().sealed_names.clone_from(&record.sealed_names);
            }
        }
        (LARGE_BLOBS, _) => {
            for blobs in after.large_blobs.values() {
                let (content, hash) = blobs.split_last_chunk::<16>().unwrap();
                assert_eq!(Sha256::digest(content)[..16], *hash);
                assert!(blobs.len() <= LONGEST_BLOBS);
            }
            expected.large_blobs.clone_from(&after.large_blobs);
        }
        (CONFIG, _) => {
            assert!(
                after.settings.enterprise_attestation >= before.settings.enterprise_attestation
            );
            assert!(after.settings.min_pin_length_rp_ids.len() <= 16);
            expected.settings.clone_from(&after.settings);
        }
        _ => {}
    }
    assert!(*after == expected, "more was changed than was asked for");
}

/// What `pinUvAuthParam` is over, read off the parameters as they will be written (§6.8.1, §6.10, §6.11).
fn message(command: u8, parameters: &Value) -> Vec<u8> {
    let subcommand = member(parameters, 1).and_then(Value::as_integer);
    let subcommand = subcommand.and_then(|it| u8::try_from(it).ok());
    let subcommand_parameters = member(parameters, 2).map(written).unwrap_or_default();
    match command {
        CREDENTIAL_MANAGEMENT => [subcommand.as_slice(), &subcommand_parameters].concat(),
        CONFIG => [
            &[0xFF; 32][..],
            &[CONFIG],
            subcommand.as_slice(),
            &subcommand_parameters,
        ]
        .concat(),
        _ => {
            let offset = member(parameters, 3).and_then(Value::as_integer);
            let offset = offset
                .and_then(|it| u32::try_from(it).ok())
                .unwrap_or_default();
            let set = member(parameters, 2).and_then(Value::as_bytes);
            let hash = Sha256::digest(set.map(Vec::as_slice).unwrap_or_default());
            let begin = [LARGE_BLOBS, 0];
            [&[0xFF; 32][..], &begin, &offset.to_le_bytes(), &hash].concat()
        }
    }
}

/// The request: protocol and param are put where the command has them, unless the input says something there.
fn request(command: u8, parameters: Value, param: Option<(i64, Vec<u8>)>) -> Vec<u8> {
    let (protocol_key, param_key) = match command {
        LARGE_BLOBS => (6, 5),
        _ => (3, 4),
    };
    let mut parameters = parameters;
    if let (Value::Map(members), Some((protocol, param))) = (&mut parameters, param) {
        for (key, value) in [(protocol_key, protocol.into()), (param_key, param.into())] {
            let key = Value::from(key);
            let after = members
                .iter()
                .position(|(other, _)| written(other) >= written(&key));
            let at = after.unwrap_or(members.len());
            if members.get(at).is_none_or(|(other, _)| *other != key) {
                members.insert(at, (key, value));
            }
        }
    }
    [&[command], written(&parameters).as_slice()].concat()
}

fn written(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn member(map: &Value, key: i64) -> Option<&Value> {
    let mut members = map.as_map()?.iter();
    let found = members.find(|(name, _)| *name == Value::from(key));
    found.map(|(_, value)| value)
}

/// What came with a success.
fn body(outcome: &Outcome) -> Option<strict::Value> {
    let body = outcome.response.get(1..).filter(|body| !body.is_empty());
    body.map(|body| strict::decode(body).unwrap())
}
