//! Ways in for the fuzz targets (`tests/fuzz`). Compiled by `cargo fuzz` alone; no part of the API.

use authenticator_core::{Backup, Prf};

use crate::backup::decrypt_within;
use crate::client::client_data::{CeremonyType, ClientData};
use crate::client::options::{self, CreationOptions, RequestOptions};
use crate::client::origin::{Origin, RpId};
use crate::client::{prf, request, response};
use crate::native_messaging::framing;
use crate::native_messaging::incoming::{Answer, Choice, Incoming, Request};
use crate::prompt::conversation::Agreed;

/// The messages of a stream, up to its end (true) or to what is no message (false).
pub fn read_messages(mut stream: &[u8]) -> (Vec<Vec<u8>>, bool) {
    let mut messages = Vec::new();
    loop {
        match framing::read_message(&mut stream) {
            Ok(Some(message)) => messages.push(message.to_vec()),
            Ok(None) => return (messages, true),
            Err(_) => return (messages, false),
        }
    }
}

/// The frame around a message; `None` if it is too long for one.
pub fn write_message(message: &[u8]) -> Option<Vec<u8>> {
    let mut frame = Vec::new();
    framing::write_message(&mut frame, message).ok()?;
    Some(frame)
}

/// A message that was understood.
pub enum Understood {
    /// `hello`, `watch`, `records` or `cancel`.
    Plain,
    /// `forget`, with the RP ID.
    Forget(String),
    /// `answer`, with the PIN, if one was typed.
    Answer(Option<String>),
    /// `create` or `get`, and what a client makes of it; `None` if the page is told of an error.
    Ceremony(Option<Prepared>),
}

/// Understands one message, and does what comes before the first prompt. `None` if it is none of the protocol's.
pub fn understand(message: &[u8]) -> Option<Understood> {
    Some(match Incoming::parse(message).ok()? {
        Incoming::Hello(_) | Incoming::Watch | Incoming::Records | Incoming::Cancel => {
            Understood::Plain
        }
        Incoming::Forget(forget) => Understood::Forget(forget.rp_id),
        Incoming::Answer(Answer { choice, .. }) => Understood::Answer(match choice {
            Choice::Approve(approval) => approval.pin.map(|pin| pin.as_str().to_owned()),
            Choice::Choose(_) | Choice::AnotherCard | Choice::Cancel | Choice::Other => None,
        }),
        Incoming::Create(request) => Understood::Ceremony(create(request)),
        Incoming::Get(request) => Understood::Ceremony(get(request)),
    })
}

/// A ceremony before the authenticator is asked.
pub struct Prepared {
    /// The caller's origin.
    pub origin: String,
    /// Its host.
    pub host: String,
    /// The RP ID.
    pub rp_id: String,
    /// The browser said that the origin is only related to the RP ID.
    pub related: bool,
    /// The CTAP2 request.
    pub command: Vec<u8>,
    client_data: ClientData,
    options: Options,
    prf: Option<Prf>,
}

enum Options {
    Creation(CreationOptions),
    Request(RequestOptions),
}

impl Prepared {
    /// `clientDataJSON`.
    pub fn client_data_json(&self) -> &[u8] {
        self.client_data.json()
    }

    /// The challenge.
    pub fn challenge(&self) -> &[u8] {
        match &self.options {
            Options::Creation(options) => options.challenge.as_slice(),
            Options::Request(options) => options.challenge.as_slice(),
        }
    }

    /// The JSON that the page receives, from the CBOR of the authenticator's response. `certificate`, `card_key`: what
    /// the person let go.
    pub fn respond(&self, cbor: &[u8], certificate: bool, card_key: bool) -> Option<Vec<u8>> {
        let agreed = Agreed {
            certificate,
            card_key,
        };
        match &self.options {
            Options::Creation(options) => {
                let made = response::registration(
                    cbor,
                    options,
                    &self.client_data,
                    agreed,
                    self.prf.as_ref(),
                );
                serde_json::to_vec(&made.ok()?).ok()
            }
            Options::Request(options) => {
                let made =
                    response::authentication(cbor, options, &self.client_data, self.prf.as_ref());
                serde_json::to_vec(&made.ok()?).ok()
            }
        }
    }
}

fn create(request: Request) -> Option<Prepared> {
    let options: CreationOptions = options::parse(request.options.clone()).ok()?;
    let rp_id = options.rp.id.as_ref().map(options::Name::as_str);
    let (origin, rp_id) = caller(&request, rp_id)?;
    let challenge = options.challenge.as_slice();
    let client_data = ClientData::new(CeremonyType::Create, challenge, &origin);
    let command = request::make_credential(&options, &rp_id, client_data.hash()).ok()?;
    let prf = prf::at_registration(options.extensions.prf.as_ref()).ok()?;
    Some(Prepared {
        command,
        prf,
        ..prepared(&origin, &rp_id, client_data, Options::Creation(options))
    })
}

fn get(request: Request) -> Option<Prepared> {
    let options: RequestOptions = options::parse(request.options.clone()).ok()?;
    let rp_id = options.rp_id.as_ref().map(options::Name::as_str);
    let (origin, rp_id) = caller(&request, rp_id)?;
    let challenge = options.challenge.as_slice();
    let client_data = ClientData::new(CeremonyType::Get, challenge, &origin);
    let command = request::get_assertion(&options, &rp_id, client_data.hash()).ok()?;
    let allowed = options.allow_credentials.as_slice();
    let prf = prf::at_sign_in(options.extensions.prf.as_ref(), allowed).ok()?;
    Some(Prepared {
        command,
        prf,
        ..prepared(&origin, &rp_id, client_data, Options::Request(options))
    })
}

fn caller(request: &Request, rp_id: Option<&str>) -> Option<(Origin, RpId)> {
    let origin = Origin::parse(&request.origin).ok()?;
    let rp_id = RpId::for_origin(&origin, rp_id, request.related_origin).ok()?;
    request
        .same_origin_with_ancestors
        .then_some((origin, rp_id))
}

fn prepared(origin: &Origin, rp_id: &RpId, client_data: ClientData, options: Options) -> Prepared {
    Prepared {
        origin: origin.as_str().to_owned(),
        host: origin.host().to_owned(),
        rp_id: rp_id.as_str().to_owned(),
        related: rp_id.is_related_origin(),
        command: Vec::new(),
        client_data,
        options,
        prf: None,
    }
}

/// The host of an origin, and the RP ID that is granted to it.
pub fn rp_id(origin: &str, requested: Option<&str>, related: bool) -> Option<(String, String)> {
    let origin = Origin::parse(origin).ok()?;
    let rp_id = RpId::for_origin(&origin, requested, related).ok()?;
    Some((origin.host().to_owned(), rp_id.as_str().to_owned()))
}

/// What a backup file holds, opened with its passphrase and at most so much work (log₂ N of scrypt).
pub fn open_backup(file: &[u8], passphrase: &str, most_work: u8) -> Option<Backup> {
    decrypt_within(file, passphrase, most_work).ok()
}

/// Reports to a CTAPHID device, at times between them; `answer` makes the authenticator's answers. Returns what went to the host,
/// in reports.
///
/// What must hold is asserted: one request at a time, each within the longest message, and ready for the next one at the end.
pub fn ctaphid(
    reports: &[([u8; 64], u64)],
    mut answer: impl FnMut(&[u8]) -> Option<Vec<u8>>,
) -> Vec<[u8; 64]> {
    use crate::hid::ctaphid::{Action, Ctaphid, LONGEST};
    use std::time::Duration;

    let mut device = Ctaphid::new();
    let mut now = Duration::ZERO;
    let mut sent = Vec::new();
    let mut pending = None;
    for (report, milliseconds) in reports {
        for action in device.receive(report, now) {
            match action {
                Action::Send(message) => sent.extend(message.reports()),
                Action::Begin(request) => {
                    assert!(pending.is_none() && (1..=LONGEST).contains(&request.message.len()));
                    pending = Some(request.id);
                    if let Some(answer) = answer(&request.message) {
                        let message = device.answer(request.id, answer);
                        sent.extend(message.iter().flat_map(|message| message.reports()));
                        pending = None;
                    }
                }
                Action::Cancel(id) => assert!(pending == Some(id)),
                Action::Abandon(id) => assert!(pending.take() == Some(id)),
            }
        }
        now += Duration::from_millis(*milliseconds);
        let message = device.tick(now);
        sent.extend(message.iter().flat_map(|message| message.reports()));
    }
    if let Some(id) = pending {
        assert!(device.answer(id, vec![0]).is_some());
    }
    device.tick(now + Duration::from_secs(1));
    assert!(device.wakes_at().is_none());
    sent
}
