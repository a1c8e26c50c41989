//! Requests one after the other: what one changes, the next finds.

use std::collections::BTreeSet;
use std::time::Duration;

use authenticator::crypto::PinUvAuthToken;
use authenticator_core::cbor::{Map, Value, encode};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

use crate::firefox;
use crate::item::Item;
use crate::list::Disagreement;
use crate::platform::{self, CHANNEL, PIN};
use crate::requests::{Register, SignIn, descriptor};
use crate::shape;
use crate::side::{Side, credential_id};
use crate::templates::{ACFG, CM, GA, LBW, MC, PARAM, RP_ID};

const SEQUENCES: u64 = 400;
const LENGTH: usize = 24;

/// The users of the site; the first has a credential from the start.
const USERS: [&str; 3] = ["taro", "hanako", "jiro"];
/// Another site.
const OTHER_RP_ID: &str = "other.example";

/// One step, with what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Token(u8),
    TokenOfOther(u8),
    Register { user: usize, discoverable: bool },
    RegisterElsewhere,
    RegisterExcluding(usize),
    RegisterProtected(i64),
    SignIn,
    SignInElsewhere,
    SignInWith(usize),
    Probe(usize),
    ProbeAll,
    NextAssertion,
    NextAssertionOnOtherChannel,
    Metadata,
    RpsBegin,
    RpsNext,
    CredentialsBegin,
    CredentialsNext,
    Delete(usize),
    Update(usize),
    BlobsGet,
    BlobsSet,
    BlobsSetPart,
    BlobsSetRest,
    EnterpriseOn,
    Selection,
    GetInfo,
    Wait(u64),
    PowerUp,
    Reset,
    WithoutToken,
}

/// A side in the middle of a sequence.
struct Running {
    side: Side,
    /// All that were registered, the first from the start.
    credentials: Vec<Vec<u8>>,
    token: Option<PinUvAuthToken>,
}

/// Runs every sequence, until the two answer with different statuses.
pub fn run() -> BTreeSet<Disagreement> {
    let mut found = BTreeSet::new();
    let mut succeeded = 0;
    for seed in 0..SEQUENCES {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut both = [Side::opensk(), Side::ours()].map(Running::new);
        for step in sequence(&mut rng) {
            let [opensk, ours] = both.each_mut().map(|running| running.take(step));
            let end = opensk[..4.min(opensk.len())] != ours[..4.min(ours.len())]
                || (step == Step::Reset && ours == "0x00");
            succeeded += usize::from(ours.starts_with("0x00"));
            if opensk != ours {
                found.insert(Disagreement {
                    case: format!("{step:?}"),
                    ours,
                    opensk,
                });
            }
            // What comes after different answers would say nothing; after a reset OpenSK has no PIN, and the card keeps its own.
            if end {
                break;
            }
        }
    }
    assert!(succeeded > 2000, "only {succeeded} requests succeeded");
    found
}

/// Steps of which most have the token that they need, and some what naturally follows.
fn sequence(rng: &mut ChaCha20Rng) -> Vec<Step> {
    let mut steps = Vec::new();
    while steps.len() < LENGTH {
        let step = draw(rng);
        if let Some(permissions) = step.needs()
            && !rng.next_u32().is_multiple_of(4)
        {
            steps.push(Step::Token(permissions));
        }
        steps.push(step);
        let next = match step {
            Step::SignIn => Step::NextAssertion,
            Step::RpsBegin => Step::RpsNext,
            Step::CredentialsBegin => Step::CredentialsNext,
            Step::BlobsSetPart => Step::BlobsSetRest,
            Step::PowerUp => Step::Reset,
            _ => continue,
        };
        while !rng.next_u32().is_multiple_of(3) {
            if step == Step::BlobsSetPart {
                steps.push(Step::Token(LBW));
            }
            steps.push(next);
        }
    }
    steps
}

impl Step {
    /// The permissions without which it is refused.
    fn needs(self) -> Option<u8> {
        Some(match self {
            Step::Register { .. } | Step::RegisterExcluding(_) | Step::RegisterProtected(_) => MC,
            Step::SignIn | Step::SignInWith(_) => GA,
            Step::Metadata
            | Step::RpsBegin
            | Step::CredentialsBegin
            | Step::Delete(_)
            | Step::Update(_) => CM,
            Step::BlobsSet | Step::BlobsSetPart => LBW,
            Step::EnterpriseOn => ACFG,
            _ => return None,
        })
    }
}

fn draw(rng: &mut ChaCha20Rng) -> Step {
    let mut below = |n: u32| (rng.next_u32() % n) as usize;
    let which = below(5);
    match below(56) {
        0..6 => Step::Token([MC, GA, MC | GA][below(3)]),
        6..9 => Step::Token(CM),
        9 => Step::Token([LBW, ACFG, MC | CM, MC | GA | CM | LBW | ACFG][below(4)]),
        10 => Step::TokenOfOther([MC | GA, CM][below(2)]),
        11..16 => Step::Register {
            user: below(3),
            discoverable: below(3) > 0,
        },
        16 => Step::RegisterElsewhere,
        17 => Step::RegisterExcluding(which),
        18 | 19 => Step::RegisterProtected(1 + below(3) as i64),
        20..23 => Step::SignIn,
        23 => Step::SignInElsewhere,
        24..27 => Step::SignInWith(which),
        27..29 => Step::Probe(which),
        29 => Step::ProbeAll,
        30..33 => Step::NextAssertion,
        33 => Step::NextAssertionOnOtherChannel,
        34 => Step::Metadata,
        35 | 36 => Step::RpsBegin,
        37 | 38 => Step::RpsNext,
        39 | 40 => Step::CredentialsBegin,
        41 | 42 => Step::CredentialsNext,
        43 => Step::Delete(which),
        44 => Step::Update(which),
        45 => Step::BlobsGet,
        46 => Step::BlobsSet,
        47 => [Step::BlobsSetPart, Step::BlobsSetRest][below(2)],
        48 => Step::EnterpriseOn,
        49 => Step::Selection,
        50 => Step::GetInfo,
        51 | 52 => Step::Wait([1, 9, 31, 700][below(4)]),
        53 => Step::PowerUp,
        54 => Step::Reset,
        _ => Step::WithoutToken,
    }
}

impl Running {
    fn new(side: Side) -> Running {
        Running {
            credentials: vec![side.credential.clone()],
            side,
            token: None,
        }
    }

    /// Takes a step; what comes of it.
    fn take(&mut self, step: Step) -> String {
        match step {
            Step::Token(permissions) => self.get_token(permissions, RP_ID),
            Step::TokenOfOther(permissions) => self.get_token(permissions, OTHER_RP_ID),
            Step::WithoutToken => {
                self.token = None;
                String::new()
            }
            Step::Wait(seconds) => {
                self.side.party.wait(Duration::from_secs(seconds));
                String::new()
            }
            Step::PowerUp => {
                self.side.party.power_up();
                String::new()
            }
            Step::Register { user, discoverable } => {
                let mut request = Register::new(RP_ID, USERS[user]);
                request.options.insert("rk", discoverable);
                self.register(request)
            }
            Step::RegisterElsewhere => self.register(Register::discoverable(OTHER_RP_ID, USERS[0])),
            Step::RegisterExcluding(which) => {
                let id = self.credential(which);
                self.register(Register::new(RP_ID, USERS[0]).excluding(&id))
            }
            Step::RegisterProtected(level) => {
                let mut request = Register::discoverable(RP_ID, USERS[1]);
                let extensions = Map::new().with("credProtect", level);
                request.more = request.more.with(6, extensions);
                self.register(request)
            }
            Step::SignIn => self.sign_in(SignIn::new(RP_ID)),
            Step::SignInElsewhere => self.sign_in(SignIn::new(OTHER_RP_ID)),
            Step::SignInWith(which) => {
                let id = self.credential(which);
                self.sign_in(SignIn::new(RP_ID).allowing(&id))
            }
            Step::Probe(which) => {
                let id = self.credential(which);
                self.sign_in_without_token(&SignIn::new(RP_ID).allowing(&id).silent())
            }
            Step::ProbeAll => self.sign_in_without_token(&SignIn::new(RP_ID).silent()),
            Step::NextAssertion => self.send(CHANNEL, 0x08, None),
            Step::NextAssertionOnOtherChannel => self.send(CHANNEL + 1, 0x08, None),
            Step::Metadata => self.manage(1, None),
            Step::RpsBegin => self.manage(2, None),
            Step::RpsNext => self.send(CHANNEL, 0x0A, Some(Map::new().with(1, 3))),
            Step::CredentialsBegin => {
                let hash: [u8; 32] = Sha256::digest(RP_ID).into();
                self.manage(4, Some(Map::new().with(1, hash.as_slice())))
            }
            Step::CredentialsNext => self.send(CHANNEL, 0x0A, Some(Map::new().with(1, 5))),
            Step::Delete(which) => {
                let id = self.credential(which);
                self.manage(6, Some(Map::new().with(2, descriptor(&id))))
            }
            Step::Update(which) => {
                let id = self.credential(which);
                let user = Map::new()
                    .with("id", &b"handle of taro"[..])
                    .with("name", "new");
                let parameters = Map::new().with(2, descriptor(&id)).with(3, user);
                self.manage(7, Some(parameters))
            }
            Step::BlobsGet => self.send(CHANNEL, 0x0C, Some(Map::new().with(1, 64).with(3, 0))),
            Step::BlobsSet => self.blobs(&array(), 0, Some(array().len())),
            Step::BlobsSetPart => self.blobs(&array()[..20], 0, Some(array().len())),
            Step::BlobsSetRest => self.blobs(&array()[20..], 20, None),
            Step::EnterpriseOn => self.authenticated(0x0D, Map::new().with(1, 1)),
            Step::Selection => self.send(CHANNEL, 0x0B, None),
            Step::GetInfo => {
                let response = self.side.party.send(CHANNEL, &[0x04]);
                format!("0x{:02X}", response[0])
            }
            Step::Reset => self.send(CHANNEL, 0x07, None),
        }
    }

    fn credential(&self, which: usize) -> Vec<u8> {
        self.credentials[which % self.credentials.len()].clone()
    }

    fn get_token(&mut self, permissions: u8, rp_id: &str) -> String {
        let rp_id = (permissions & (MC | GA) != 0 || rp_id != RP_ID).then_some(rp_id);
        match platform::token(&mut *self.side.party, 2, PIN, permissions, rp_id) {
            Ok(token) => {
                self.token = Some(token);
                "0x00".to_owned()
            }
            Err(status) => format!("0x{status:02X}"),
        }
    }

    fn register(&mut self, mut request: Register) -> String {
        if self.token.is_some() {
            request.more = request.more.with(8, PARAM).with(9, 2);
        }
        // One after the other, so that there is a newest.
        self.side.party.wait(Duration::from_secs(1));
        let request = self.filled(0x01, request.map());
        let response = self.side.party.send(CHANNEL, &request);
        self.credentials.extend(credential_id(&response));
        shape::of(&request, &response)
    }

    fn sign_in(&mut self, mut request: SignIn) -> String {
        if self.token.is_some() {
            request.more = request.more.with(6, PARAM).with(7, 2);
        }
        self.sign_in_without_token(&request)
    }

    fn sign_in_without_token(&mut self, request: &SignIn) -> String {
        let request = self.filled(0x02, request.map());
        let response = self.side.party.send(CHANNEL, &request);
        firefox::reads(&request, &response);
        shape::of(&request, &response)
    }

    fn manage(&mut self, subcommand: i64, parameters: Option<Map>) -> String {
        let mut request = Map::new().with(1, subcommand);
        if let Some(parameters) = parameters {
            request.insert(2, parameters);
        }
        self.authenticated(0x0A, request)
    }

    /// With a pinUvAuthParam where credential management and configuration have it.
    fn authenticated(&mut self, command: u8, mut request: Map) -> String {
        if self.token.is_some() {
            request.insert(3, 2);
            request.insert(4, PARAM);
        }
        let request = self.filled(command, request);
        let response = self.side.party.send(CHANNEL, &request);
        firefox::reads(&request, &response);
        shape::of(&request, &response)
    }

    fn blobs(&mut self, set: &[u8], offset: i64, length: Option<usize>) -> String {
        let mut request = Map::new().with(2, set).with(3, offset);
        if let Some(length) = length {
            request.insert(4, length as i64);
        }
        if self.token.is_some() {
            request.insert(5, PARAM);
            request.insert(6, 2);
        }
        let request = self.filled(0x0C, request);
        let response = self.side.party.send(CHANNEL, &request);
        firefox::reads(&request, &response);
        shape::of(&request, &response)
    }

    fn filled(&self, command: u8, parameters: Map) -> Vec<u8> {
        let parameters = Item::from_map(&parameters);
        self.side.fill(command, &parameters, self.token.as_ref())
    }

    fn send(&mut self, channel: u32, command: u8, parameters: Option<Map>) -> String {
        let mut request = vec![command];
        if let Some(parameters) = parameters {
            request.extend(encode(&parameters.into()));
        }
        let response = self.side.party.send(channel, &request);
        firefox::reads(&request, &response);
        shape::of(&request, &response)
    }
}

/// A large-blob array with one entry, and its hash.
fn array() -> Vec<u8> {
    let entry = Map::new()
        .with(1, vec![1u8; 30])
        .with(2, vec![2u8; 12])
        .with(3, 5);
    let mut array = encode(&Value::from(vec![Value::from(entry)]));
    let hash = Sha256::digest(&array);
    array.extend(&hash[..16]);
    array
}
