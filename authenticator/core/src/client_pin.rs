//! authenticatorClientPIN (CTAP 2.3 §6.5.5).
//!
//! The PIN is the card's. There always is one, so none can be set here; and a wrong one costs one of three tries.
//! So what a platform sends reaches the card only if it may be right (`pin_hash.rs`), once, and never as the last try.

mod pin_hash;
mod request;

use eid_card::Tries;

use crate::authenticator::{Authenticator, Moment};
use crate::cbor::{self, Map};
use crate::ceremony::{PresentCard, VerifiedCard};
use crate::failure::Failure;
use crate::parameters::{decode, optional, required, unsigned};
use crate::permissions::Permissions;
use crate::pin_uv_auth::{Protocol, SharedSecret, Token};
use crate::ports::{Card, Confirmation, Person, Site, VerifyQuestion};
use crate::session::Session;
use request::{Encrypted, TokenRequest, new_pin};

// Subcommands (CTAP 2.3 §6.5.5).
const GET_PIN_RETRIES: u64 = 0x01;
const GET_KEY_AGREEMENT: u64 = 0x02;
const SET_PIN: u64 = 0x03;
const CHANGE_PIN: u64 = 0x04;
const GET_PIN_TOKEN: u64 = 0x05;
const GET_TOKEN_USING_UV: u64 = 0x06;
const GET_UV_RETRIES: u64 = 0x07;
const GET_TOKEN_USING_PIN: u64 = 0x09;

/// The permissions that a token of this authenticator may have.
const SUPPORTED: Permissions = Permissions::MAKE_CREDENTIAL
    .or(Permissions::GET_ASSERTION)
    .or(Permissions::CREDENTIAL_MANAGEMENT)
    .or(Permissions::LARGE_BLOB_WRITE)
    .or(Permissions::CONFIGURATION);

/// Tries after a right PIN (`docs/decisions/0025-pin-uv-auth-token.md`).
const ALL_TRIES: i64 = 3;

impl Authenticator<'_> {
    /// Tells tries, agrees on keys, gives out tokens, changes the PIN.
    pub(crate) fn client_pin(
        &mut self,
        parameters: &[u8],
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let map = decode(parameters)?;
        // Not every subcommand looks at it.
        optional(&map, 0x01, "pinUvAuthProtocol", unsigned)?;
        let response = match required(&map, 0x02, "subCommand", unsigned)? {
            GET_PIN_RETRIES => self.get_pin_retries()?,
            GET_KEY_AGREEMENT => self.get_key_agreement(&map, moment)?,
            SET_PIN => return Err(set_pin(&map)),
            CHANGE_PIN => {
                self.change_pin(&map, moment)?;
                return Ok(Vec::new());
            }
            GET_PIN_TOKEN => self.get_pin_token(TokenRequest::of_pin_token(&map)?, moment)?,
            GET_TOKEN_USING_UV => self.get_token_using_uv(&map, moment)?,
            GET_UV_RETRIES => self.get_uv_retries()?,
            GET_TOKEN_USING_PIN => {
                self.get_pin_token(TokenRequest::with_permissions(&map)?, moment)?
            }
            _ => return Err(Failure::InvalidSubcommand),
        };
        Ok(cbor::encode(&response.into()))
    }

    /// §6.5.5.2: the card's own counter. `powerCycleState` only where it says something.
    fn get_pin_retries(&mut self) -> Result<Map, Failure> {
        let mut response = Map::new().with(0x03, self.tries_left()?);
        if self.session.pin_auth_blocked() {
            response.insert(0x04, true);
        }
        Ok(response)
    }

    /// §6.5.5.3: the same counter, where our own prompt asks.
    fn get_uv_retries(&mut self) -> Result<Map, Failure> {
        if !self.person.asks_for_pin() {
            return Err(Failure::InvalidSubcommand);
        }
        Ok(Map::new().with(0x05, self.tries_left()?))
    }

    fn tries_left(&mut self) -> Result<i64, Failure> {
        // A card that is held verified cannot be asked without its forgetting the PIN, and has all tries.
        if self.session.kept().is_some() {
            return Ok(ALL_TRIES);
        }
        match PresentCard::find(self.card, self.person)?.tries()? {
            Tries::Left(left) => Ok(left.into()),
            Tries::Locked => Ok(0),
        }
    }

    /// §6.5.5.4.
    fn get_key_agreement(&mut self, map: &Map, moment: &mut Moment<'_>) -> Result<Map, Failure> {
        let protocol = Protocol::from_parameter(map, 0x01)?;
        let key = self.session.key_agreement(protocol, moment.rng)?;
        Ok(Map::new().with(0x01, key.public_key()?))
    }

    /// §6.5.5.6, with two differences: what the new PIN must be is looked at before the old one costs a try, and the person
    /// confirms in our own prompt, for a citizen who is told of nothing and finds another PIN on their card is locked out.
    fn change_pin(&mut self, map: &Map, moment: &mut Moment<'_>) -> Result<(), Failure> {
        let request = Encrypted::change(map)?;
        if self.session.pin_auth_blocked() {
            return Err(Failure::PinAuthBlocked);
        }
        let shared = self.shared_secret(&request, moment)?;
        if !shared.verifies(&[&request.new_pin, &request.pin_hash], &request.param) {
            return Err(Failure::PinAuthInvalid);
        }
        let new = new_pin(&shared, &request.new_pin)?;
        let mut card = verify_typed(
            self.card,
            self.person,
            self.session,
            &request,
            &shared,
            true,
        )?;
        card.change_pin(self.person, &new)
    }

    /// §6.5.5.7.1 and §6.5.5.7.2.
    fn get_pin_token(
        &mut self,
        request: TokenRequest,
        moment: &mut Moment<'_>,
    ) -> Result<Map, Failure> {
        if self.session.pin_auth_blocked() {
            return Err(Failure::PinAuthBlocked);
        }
        let shared = self.shared_secret(&request.encrypted, moment)?;
        let card = verify_typed(
            self.card,
            self.person,
            self.session,
            &request.encrypted,
            &shared,
            false,
        )?;
        begin_using(self.session, card, &request, false, &shared, moment)
    }

    /// §6.5.5.7.3: the person types the PIN into our own prompt, as often as it takes.
    fn get_token_using_uv(&mut self, map: &Map, moment: &mut Moment<'_>) -> Result<Map, Failure> {
        if !self.person.asks_for_pin() {
            return Err(Failure::InvalidSubcommand);
        }
        let request = TokenRequest::using_uv(map)?;
        let shared = self.shared_secret(&request.encrypted, moment)?;
        self.session.end_token();
        let card = PresentCard::find(self.card, self.person)?;
        let view = card.view(moment.now);
        let card = card
            .verify(self.person, |person, pin| {
                person.verify(&VerifyQuestion {
                    site: request
                        .rp_id
                        .as_deref()
                        .map(|rp_id| Site { rp_id, name: None }),
                    permissions: request.permissions,
                    pin,
                    card: view,
                })
            })
            .map_err(|failure| match failure {
                Failure::PinLocked => Failure::UvBlocked,
                failure => failure,
            })?;
        begin_using(self.session, card, &request, true, &shared, moment)
    }

    /// `decapsulate`.
    fn shared_secret(
        &mut self,
        request: &Encrypted,
        moment: &mut Moment<'_>,
    ) -> Result<SharedSecret, Failure> {
        let ours = self.session.key_agreement(request.protocol, moment.rng)?;
        ours.shared_secret(request.protocol, &request.platform_key)
    }
}

/// Has the card verify the PIN whose hash the platform sent. Whatever was held is let go of first.
fn verify_typed<'c>(
    card: &'c mut dyn Card,
    person: &mut dyn Person,
    session: &mut Session,
    request: &Encrypted,
    shared: &SharedSecret,
    to_change: bool,
) -> Result<VerifiedCard<'c>, Failure> {
    session.end_token();
    let mut card = PresentCard::find(card, person)?;
    let tries = card.tries()?;
    let tries_left = match tries {
        Tries::Locked => return Err(Failure::PinBlocked),
        // The last try is for our own prompt, where the person agrees to risk it.
        Tries::Left(_) if tries.is_last() => return Err(Failure::PinAuthBlocked),
        Tries::Left(left) => left,
    };
    let hash = shared.decrypt(&request.pin_hash);
    let verified = match hash.and_then(|hash| pin_hash::pin_of(&hash)) {
        None => Err(Failure::PinInvalid),
        Some(pin) => {
            if to_change {
                person.confirm(&Confirmation::ChangePin { tries_left })?;
            }
            card.verify_once(person, &pin)
        }
    };
    match verified {
        Ok(card) => {
            session.forget_wrong_pins();
            Ok(card)
        }
        Err(Failure::PinInvalid) => {
            session.count_wrong_pin(request.protocol);
            Err(if session.pin_auth_blocked() {
                Failure::PinAuthBlocked
            } else {
                Failure::PinInvalid
            })
        }
        Err(failure) => Err(failure),
    }
}

/// §6.5.5.5: a PIN is set always.
fn set_pin(map: &Map) -> Failure {
    match Encrypted::set(map) {
        Ok(()) => Failure::PinAuthInvalid,
        Err(failure) => failure,
    }
}

/// Takes a token into use, holds the card for it, and encrypts it for the platform.
fn begin_using(
    session: &mut Session,
    card: VerifiedCard<'_>,
    request: &TokenRequest,
    present: bool,
    shared: &SharedSecret,
    moment: &mut Moment<'_>,
) -> Result<Map, Failure> {
    let token = Token::begin(
        request.encrypted.protocol,
        request.permissions,
        request.rp_id.clone(),
        present,
        session.now(),
        moment.rng,
    )?;
    let encrypted = shared.encrypt(token.value(), moment.rng)?;
    card.keep(session);
    session.begin_token(token);
    Ok(Map::new().with(0x02, encrypted))
}
