//! Requests in a row, in one session: what a token allows, for how long, and what the card is held for.

use std::time::Duration;

use authenticator_core::cbor::{self, Map, Value};
use authenticator_core::{Outcome, Session};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::World;
use super::card::{Call, PIN};
use super::platform::{CM, GA, LBW, MC, Platform, Token, client_pin};

/// The most steps that are looked at.
const MOST_STEPS: usize = 24;

const RP_IDS: [&str; 2] = ["example.jp", "example.com"];
const HASH: [u8; 32] = [7; 32];
const UP: u8 = 1 << 0;
const UV: u8 = 1 << 2;

/// Runs steps of three bytes: what, how, and what the person answers.
pub fn handle_sequence(input: &[u8]) {
    let mut sequence = Sequence {
        world: World::sound(),
        rng: ChaCha20Rng::seed_from_u64(7),
        elapsed: Duration::ZERO,
        pin: PIN,
        platform: None,
        token: None,
        can_continue: false,
    };
    let (steps, _) = input.as_chunks::<3>();
    for [what, how, reply] in steps.iter().take(MOST_STEPS) {
        sequence.step(*what, *how, *reply);
    }
}

/// A token that a platform has, and what the standard lets it do.
struct Given {
    token: Token,
    permissions: i64,
    rp_id: &'static str,
    begun: Duration,
    used: Duration,
    /// The card was let go: nothing may be done with it any more.
    is_void: bool,
}

struct Sequence {
    world: World,
    rng: ChaCha20Rng,
    elapsed: Duration,
    /// The card's PIN.
    pin: &'static str,
    platform: Option<Platform>,
    token: Option<Given>,
    /// An assertion came before, on the first channel.
    can_continue: bool,
}

impl Sequence {
    fn step(&mut self, what: u8, how: u8, reply: u8) {
        self.world.person.begin(reply);
        self.world.card.calls.clear();
        let bit = |number: u8| how >> number & 1 == 1;
        let rp_id = RP_IDS[usize::from(bit(0))];
        match what % 11 {
            0 => self.wait(how),
            1 => {
                let protocol = if bit(0) { 2 } else { 1 };
                let asked = Map::new().with(1, protocol).with(2, 2);
                let response = self.succeed(&client_pin(asked));
                let key = response.get(1).unwrap().clone();
                self.platform = Some(Platform::with_key(protocol, &key));
            }
            2 => self.token_by_pin(how),
            3 => self.token_by_prompt(how),
            4 => self.change_pin(bit(0)),
            5 => self.register(rp_id, bit(1), bit(2), bit(3)),
            6 => self.sign_in(rp_id, bit(1), bit(2)),
            7 => {
                let channel = if bit(0) { 2 } else { 1 };
                let could = self.can_continue && !bit(0);
                let outcome = self.send_on(channel, &[0x08], None);
                assert!(outcome.failure.is_some() || could, "nothing to continue");
                assert!(self.world.card.calls.is_empty());
            }
            8 => {
                let subcommand = |number: i64| client_pin(Map::new().with(2, number));
                let request = match how % 5 {
                    0 => vec![0x04],
                    1 => vec![0x07],
                    2 => vec![0x0B],
                    3 => subcommand(1),
                    _ => subcommand(7),
                };
                self.send(&request, None);
            }
            9 => {
                self.world.card.verified = false;
                self.world.session = Session::power_up(self.elapsed);
                if bit(0) {
                    self.world.session.card_presented(self.elapsed);
                }
                self.can_continue = false;
            }
            _ => {
                self.send(&[how, 0xA0], None);
            }
        }
        if let Some(given) = &mut self.token {
            given.is_void |= !self.world.card.verified;
        }
        self.check_power();
    }

    fn wait(&mut self, seconds: u8) {
        self.elapsed += Duration::from_secs(seconds.into());
        self.world.authenticator().tick(self.elapsed);
    }

    fn token_by_pin(&mut self, how: u8) {
        let Some(platform) = self.platform.take() else {
            return;
        };
        let pin = ["1234", "8642", "no PIN", "9753"][usize::from(how & 3)];
        let (permissions, rp_id) = permissions(how);
        let request = platform.with_pin(pin, permissions, Some(rp_id));
        let right = pin == self.pin;
        let outcome = self.send(&request, Some(pin));
        if outcome.failure.is_none() {
            assert!(right, "a token for a wrong PIN");
            self.begin_token(&platform, &outcome, permissions, rp_id);
        }
        self.platform = Some(platform);
    }

    fn token_by_prompt(&mut self, how: u8) {
        let Some(platform) = self.platform.take() else {
            return;
        };
        let (permissions, rp_id) = permissions(how);
        let request = platform.with_uv(permissions, Some(rp_id));
        let outcome = self.send(&request, None);
        if outcome.failure.is_none() {
            assert!(self.verified_by(self.pin));
            self.begin_token(&platform, &outcome, permissions, rp_id);
        }
        self.platform = Some(platform);
    }

    fn begin_token(
        &mut self,
        platform: &Platform,
        outcome: &Outcome,
        permissions: i64,
        rp_id: &'static str,
    ) {
        let response = cbor::decode(&outcome.response[1..]).unwrap();
        self.token = Some(Given {
            token: platform.token(&response),
            permissions,
            rp_id,
            begun: self.elapsed,
            used: self.elapsed,
            is_void: false,
        });
        assert!(self.world.card.verified);
    }

    fn change_pin(&mut self, wrong: bool) {
        let Some(platform) = self.platform.take() else {
            return;
        };
        let old = if wrong { "8642" } else { self.pin };
        let new = if self.pin == PIN { "9753" } else { PIN };
        let request = client_pin(platform.change_pin(old, new));
        let outcome = self.send(&request, Some(old));
        if outcome.failure.is_none() {
            assert!(!wrong && self.world.person.asked);
            self.pin = new;
        }
        self.platform = Some(platform);
    }

    fn register(&mut self, rp_id: &'static str, with_token: bool, rk: bool, other_user: bool) {
        let algorithm = Map::new().with("alg", -7).with("type", "public-key");
        let user: &[u8] = if other_user { b"hanako" } else { b"taro" };
        let mut request = Map::new()
            .with(1, HASH.as_slice())
            .with(2, Map::new().with("id", rp_id))
            .with(3, Map::new().with("id", user))
            .with(4, vec![Value::from(algorithm)])
            .with(7, Map::new().with("rk", rk));
        if let Some(given) = self.token.as_ref().filter(|_| with_token) {
            request.insert(8, given.token.authenticate(&HASH));
            request.insert(9, given.token.protocol);
        }
        let authorised = request.get(8).is_some();
        let outcome = self.send(&command(0x01, request), None);
        if outcome.failure.is_none() {
            let flags = flags_of(&outcome);
            assert_eq!(flags & (UP | UV), UP | UV);
            self.check_authorised(authorised, MC, rp_id);
            assert!(!self.world.card.verified, "the token was used up");
        }
        self.note_use(authorised);
    }

    fn sign_in(&mut self, rp_id: &'static str, with_token: bool, silent: bool) {
        let mut request = Map::new().with(1, rp_id).with(2, HASH.as_slice());
        if silent {
            request.insert(5, Map::new().with("up", false));
        }
        if let Some(given) = self.token.as_ref().filter(|_| with_token) {
            request.insert(6, given.token.authenticate(&HASH));
            request.insert(7, given.token.protocol);
        }
        let authorised = request.get(6).is_some();
        let outcome = self.send(&command(0x02, request), None);
        if silent && !authorised {
            assert!(outcome.failure.is_some(), "nothing is listed unverified");
            return;
        }
        if outcome.failure.is_none() {
            let present = if silent { 0 } else { UP };
            assert_eq!(flags_of(&outcome) & (UP | UV), present | UV);
            self.check_authorised(authorised, GA, rp_id);
            self.can_continue = true;
        }
        self.note_use(authorised);
    }

    /// Who was verified: by the token, which fits; or in the prompt, just now.
    fn check_authorised(&self, by_token: bool, permission: i64, rp_id: &str) {
        if !by_token {
            assert!(self.verified_by(self.pin));
            return;
        }
        let given = self.token.as_ref().unwrap();
        assert!(!given.is_void, "the card had been let go");
        assert!(given.permissions & permission != 0 && given.rp_id == rp_id);
        assert!(self.elapsed < given.used + Duration::from_secs(30));
        assert!(self.elapsed < given.begun + Duration::from_secs(600));
        let asked_pin = self.world.card.calls.iter();
        assert!(
            !asked_pin
                .into_iter()
                .any(|call| matches!(call, Call::Verify(_)))
        );
    }

    /// A use that leaves the card held begins the token's time anew.
    fn note_use(&mut self, by_token: bool) {
        if let Some(given) = &mut self.token
            && by_token
            && self.world.card.verified
        {
            given.used = self.elapsed;
        }
    }

    fn verified_by(&self, pin: &str) -> bool {
        let sent = Call::Verify(*pin.as_bytes().first_chunk().unwrap());
        self.world.card.calls.contains(&sent)
    }

    /// The card is held for a token whose time has not come, or not at all.
    fn check_power(&self) {
        if !self.world.card.verified {
            return;
        }
        let given = self.token.as_ref().expect("held without a token");
        assert!(self.elapsed < given.begun + Duration::from_secs(600));
        assert!(self.world.session.wakes_at().unwrap() > self.elapsed);
    }

    fn succeed(&mut self, request: &[u8]) -> Map {
        let outcome = self.send(request, None);
        assert_eq!(outcome.failure, None);
        let response = cbor::decode(&outcome.response[1..]).unwrap();
        response.as_map().unwrap().clone()
    }

    fn send(&mut self, request: &[u8], typed: Option<&str>) -> Outcome {
        self.can_continue = false;
        self.send_on(1, request, typed)
    }

    /// Sends a request; `typed` is the PIN that the person typed at the platform for it.
    fn send_on(&mut self, channel: u32, request: &[u8], typed: Option<&str>) -> Outcome {
        let tries = self.world.card.tries_left();
        let (world, rng) = (&mut self.world, &mut self.rng);
        let outcome = world.answer(channel, request, self.elapsed, rng);
        let mut typed_here = self.world.person.typed.iter();
        for call in &self.world.card.calls {
            let Call::Verify(pin) = call else { continue };
            match typed {
                Some(typed) => {
                    assert_eq!(pin.as_slice(), typed.as_bytes());
                    assert!(tries > 1, "the last try, for a platform");
                }
                None => assert!(typed_here.any(|typed| typed == pin), "nobody typed it"),
            }
        }
        let sent = self.world.card.calls.iter();
        let sent = sent.filter(|call| matches!(call, Call::Verify(_))).count();
        assert!(typed.is_none() || sent <= 1, "sent twice");
        outcome
    }
}

fn permissions(how: u8) -> (i64, &'static str) {
    let permissions = [MC | GA, MC, GA, CM | LBW][usize::from(how >> 2 & 3)];
    (permissions, RP_IDS[usize::from(how >> 4 & 1)])
}

fn command(number: u8, parameters: Map) -> Vec<u8> {
    [&[number], cbor::encode(&parameters.into()).as_slice()].concat()
}

fn flags_of(outcome: &Outcome) -> u8 {
    let response = cbor::decode(&outcome.response[1..]).unwrap();
    let auth_data = response.as_map().unwrap().get(2).unwrap();
    auth_data.as_bytes().unwrap()[32]
}
