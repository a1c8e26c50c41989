//! A ceremony from the extension's request to its result: client duties, then the authenticator, then the response.

pub(crate) mod card;
mod letting_go;
mod turn;

use std::cell::RefCell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use authenticator_core::{self as core, Authenticator, Moment, Prf, Refusal, Session, Transport};
use rand_core::OsRng;

use crate::backup::{Advice, advise, may_advise};
use crate::client::client_data::{CeremonyType, ClientData};
use crate::client::options::{self, CreationOptions, Malformed, Milliseconds, RequestOptions};
use crate::client::origin::{Origin, RpId};
use crate::client::response::{AuthenticationResponse, RegistrationResponse};
use crate::client::{prf, request, response};
use crate::failure::Failure;
use crate::log;
use crate::native_messaging::incoming::Request;
use crate::native_messaging::port::{Broken, Port};
use crate::prompt::conversation::{Agreed, Conversation, Ended};
use crate::prompt::person::PromptedPerson;
use crate::prompt::pin_place::PinPlace;
use crate::store::{PrivateDir, Store};
use card::{PresentedCard, SeenCard};
use turn::Turns;

/// The standard's recommended range and default where the user is verified (WebAuthn L3 §15.1): people with disabilities need the time.
const SHORTEST: Duration = Duration::from_millis(300_000);
const LONGEST: Duration = Duration::from_millis(600_000);

/// A successful ceremony's response.
#[derive(Debug)]
pub(crate) enum Response {
    /// To `create`.
    Registration(RegistrationResponse),
    /// To `get`.
    Authentication(AuthenticationResponse),
}

/// A ceremony that succeeded.
#[derive(Debug)]
pub(crate) struct Finished {
    /// For the page.
    pub(crate) response: Response,
    /// Offer the person a backup.
    pub(crate) backup: Option<Advice>,
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfinished {
    /// The ceremony failed; the extension is told.
    Failed(Failure),
    /// The connection broke.
    Broken(Broken),
}

impl From<Failure> for Unfinished {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What a ceremony is for.
#[derive(Clone, Copy)]
enum Purpose {
    /// Making a credential, perhaps for a private window.
    Register { private: bool },
    /// Using one.
    SignIn,
}

/// Makes a credential. The store is opened into `store`, and closed by the caller once the result is on its way.
///
/// # Errors
/// [`Unfinished`].
pub(crate) fn create(
    port: &mut Port,
    request: Request,
    store: &mut Option<Store>,
) -> Result<Finished, Unfinished> {
    let origin = caller(&request)?;
    let options: CreationOptions = options::parse(request.options)?;
    let rp_id = options.rp.id.as_ref().map(options::Name::as_str);
    let rp_id = RpId::for_origin(&origin, rp_id, request.related_origin)?;
    let client_data = ClientData::new(CeremonyType::Create, options.challenge.as_slice(), &origin);
    let command = request::make_credential(&options, &rp_id, client_data.hash())?;
    let mut prf = prf::at_registration(options.extensions.prf.as_ref())?;
    if let Some(inputs) = &options.extensions.large_blob {
        inputs.at_registration()?;
    }
    let name = Some(options.rp.name.as_str()).filter(|name| !name.is_empty());
    let conversation = Conversation::new(port, &origin, &rp_id, name, deadline(options.timeout));
    let purpose = Purpose::Register {
        private: request.private,
    };
    let (made, agreed, backup) =
        authenticate(conversation, &command, prf.as_mut(), purpose, store)?;
    let response = response::registration(&made, &options, &client_data, agreed, prf.as_ref())?;
    Ok(Finished {
        response: Response::Registration(response),
        backup,
    })
}

/// Uses a credential. For `store` see [`create`].
///
/// # Errors
/// [`Unfinished`].
pub(crate) fn get(
    port: &mut Port,
    request: Request,
    store: &mut Option<Store>,
) -> Result<Finished, Unfinished> {
    let origin = caller(&request)?;
    let options: RequestOptions = options::parse(request.options)?;
    let rp_id = options.rp_id.as_ref().map(options::Name::as_str);
    let rp_id = RpId::for_origin(&origin, rp_id, request.related_origin)?;
    let client_data = ClientData::new(CeremonyType::Get, options.challenge.as_slice(), &origin);
    let command = request::get_assertion(&options, &rp_id, client_data.hash())?;
    let allowed = options.allow_credentials.as_slice();
    let mut prf = prf::at_sign_in(options.extensions.prf.as_ref(), allowed)?;
    if let Some(inputs) = &options.extensions.large_blob {
        inputs.at_sign_in(allowed)?;
    }
    let conversation = Conversation::new(port, &origin, &rp_id, None, deadline(options.timeout));
    let (asserted, _, backup) =
        authenticate(conversation, &command, prf.as_mut(), Purpose::SignIn, store)?;
    let response = response::authentication(&asserted, &options, &client_data, prf.as_ref())?;
    Ok(Finished {
        response: Response::Authentication(response),
        backup,
    })
}

/// The caller's origin, if it may call at all.
fn caller(request: &Request) -> Result<Origin, Failure> {
    if !request.same_origin_with_ancestors {
        return Err(Failure::CrossOrigin);
    }
    Origin::parse(&request.origin)
}

/// Whether to offer a backup after a ceremony at `now`. What is done is done: a store that cannot be asked offers none.
fn advice(store: &mut Store, card: SeenCard, registered: bool, now: u64) -> Option<Advice> {
    if !may_advise(registered, card.not_after, now) {
        return None;
    }
    match store.count(&card.key_hash) {
        Ok(count) => advise(count, registered, card.not_after, now),
        Err(error) => {
            log::store(&error);
            None
        }
    }
}

/// Has the authenticator answer a command. Returns the response's CBOR, what the person let go to the site, and
/// whether to offer a backup.
fn authenticate(
    conversation: Conversation<'_>,
    command: &[u8],
    mut prf: Option<&mut Prf>,
    purpose: Purpose,
    store: &mut Option<Store>,
) -> Result<(Vec<u8>, Agreed, Option<Advice>), Unfinished> {
    let place = PinPlace::look();
    let opened = Store::open_default().map_err(|error| {
        log::store(&error);
        Failure::Storage
    })?;
    let store = store.insert(opened);
    let now = now()?;
    let conversation = RefCell::new(conversation);
    let mut person = PromptedPerson::new(&conversation, place);
    let (outcome, seen) = loop {
        let mut card = PresentedCard::new(&conversation);
        if let Ok(folder) = PrivateDir::default_path() {
            card = card.taking(Turns::of(folder));
        }
        // One ceremony, one request: nothing lasts longer.
        let elapsed = Duration::ZERO;
        let mut session = Session::power_up(elapsed);
        let mut moment = Moment {
            now,
            elapsed,
            rng: &mut OsRng,
        };
        let mut authenticator = Authenticator::new(&mut card, &mut person, store, &mut session);
        if let Some(prf) = prf.as_deref_mut() {
            authenticator = authenticator.with_prf(prf);
        }
        if let Purpose::Register { private: true } = purpose {
            authenticator = authenticator.in_private_window();
        }
        let outcome = authenticator.handle(command, Transport::Internal, &mut moment);
        // The person took the choice of the card back, before any PIN was right: nothing has come of the request.
        let again = conversation.borrow_mut().wants_another_card();
        if outcome.failure.is_none() || !again {
            break (outcome, card.seen());
        }
        person.begin_anew();
    };
    drop(person);
    let conversation = conversation.into_inner();
    match (outcome.failure, conversation.ended()) {
        (None, _) => match outcome.response.split_first() {
            Some((0, cbor)) => {
                let registers = matches!(purpose, Purpose::Register { .. });
                let backup = seen.and_then(|card| advice(store, card, registers, now));
                Ok((cbor.to_vec(), conversation.agreed(), backup))
            }
            _ => Err(Failure::Internal.into()),
        },
        (Some(_), Some(Ended::Broken(broken))) => Err(Unfinished::Broken(broken)),
        // To the core the card is gone, whatever took it away.
        (Some(core::Failure::Refused(Refusal::CardRemoved)), Some(Ended::PcscStopped)) => {
            Err(Failure::PcscNotRunning.into())
        }
        (Some(core::Failure::Refused(Refusal::CardRemoved)), Some(Ended::ReaderGone)) => {
            Err(Failure::NoReader.into())
        }
        (Some(failure), _) => {
            log::line(&failure);
            let failure = Failure::from_code(failure.code()).unwrap_or(Failure::Internal);
            Err(failure.into())
        }
    }
}

/// Seconds since 1970.
fn now() -> Result<u64, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Ok(since.map_err(|_| Failure::Internal)?.as_secs())
}

/// When a ceremony ends that the site gives so much time.
fn deadline(requested: Option<Milliseconds>) -> Instant {
    Instant::now() + time_allowed(requested)
}

fn time_allowed(requested: Option<Milliseconds>) -> Duration {
    requested
        .map_or(SHORTEST, |Milliseconds(count)| {
            Duration::from_millis(count.into())
        })
        .clamp(SHORTEST, LONGEST)
}

impl From<Malformed> for Unfinished {
    fn from(_: Malformed) -> Self {
        Self::Failed(Failure::BadRequest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_timeout_is_kept_within_the_standards_range() {
        let seconds = |requested: Option<u32>| time_allowed(requested.map(Milliseconds)).as_secs();
        assert_eq!(seconds(None), 300);
        assert_eq!(seconds(Some(0)), 300);
        assert_eq!(seconds(Some(60_000)), 300);
        assert_eq!(seconds(Some(420_000)), 420);
        assert_eq!(seconds(Some(u32::MAX)), 600);
    }

    /// Each way in which the core ends is a code of the protocol.
    #[test]
    fn every_end_of_the_core_has_its_code() {
        use authenticator_core::{CardError, Failure as Core, StorageError};

        let refusals = [
            Refusal::Cancelled,
            Refusal::Withdrawn,
            Refusal::TimedOut,
            Refusal::OtherAuthenticator,
            Refusal::CardRemoved,
        ];
        let cards = [
            CardError::PcscNotRunning,
            CardError::NoReader,
            CardError::NoCard,
            CardError::Mute,
            CardError::SeveralCards,
            CardError::Busy,
            CardError::Removed,
            CardError::Changed,
            CardError::Unsupported,
            CardError::Failed,
        ];
        let others = [
            Core::UnknownCommand,
            Core::NotCanonicalCbor,
            Core::UnsupportedAlgorithm,
            Core::Excluded(Ok(())),
            Core::NoCredential(Ok(())),
            Core::PinLocked,
            Core::CertificateExpired,
            Core::WrongSignature,
            Core::Storage(StorageError),
            Core::SealBroken,
            Core::NoRandomness,
            Core::Internal("a test"),
        ];
        for card in cards {
            assert_eq!(
                Failure::from_code(Core::Card(card).code()),
                Some(card.into())
            );
        }
        for end in others.into_iter().chain(refusals.map(Core::Refused)) {
            assert!(Failure::from_code(end.code()).is_some(), "{end}");
        }
    }
}
