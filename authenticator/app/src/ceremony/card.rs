//! The core's card: the one card in the readers, from the moment it is shown until it is let go.

use std::cell::RefCell;
use std::mem;
use std::time::{Duration, Instant};

use authenticator_core::{Card, CardError, PadError, Refusal, VerifyError};
use eid_card::{
    CardKeyHash, Certificate, FoundCard, Insertion, LastTry, NoOneCard, NotVerified, Pin,
    ShownCard, Tries, VerifiedCard,
};
use zeroize::Zeroizing;

use super::letting_go::LettingGo;
use super::turn::{Turn, Turns};
use crate::log;

/// Where the one card comes from, and who is told what becomes of it.
pub(crate) trait CardSource {
    /// The one card in the readers.
    ///
    /// # Errors
    /// Why there is none to use.
    fn only_card(&mut self) -> Result<FoundCard, CardError>;

    /// When a card whose certificate is known is compared with it: at once, so that the person is asked for a card that cannot be
    /// used now; or not before anything else is asked of it.
    const COMPARED_AT_ONCE: bool = true;

    /// The certificate of this card, if it was read before in this stay.
    fn known_certificate(&self, insertion: &Insertion) -> Option<Certificate> {
        let _ = insertion;
        None
    }

    /// From now on this card, with this certificate, is the one shown.
    fn show(&mut self, insertion: Insertion, certificate: &Certificate);

    /// The card that is shown accepted a PIN.
    fn pin_was_right(&mut self) {}

    /// The card was let go of.
    fn let_go(&mut self);
}

/// The card of one ceremony.
pub(crate) struct PresentedCard<'a, S> {
    source: &'a RefCell<S>,
    state: State,
    /// The card that was released. Dropping it unpowers it, and then the turn ends.
    letting_go: LettingGo,
    seen: Option<SeenCard>,
    turns: Option<Turns>,
    /// From before the card is shown until it has been let go.
    turn: Option<Turn>,
}

/// What is remembered of the card when it has been let go.
#[derive(Clone, Copy)]
pub(crate) struct SeenCard {
    /// The hash of its public key.
    pub(crate) key_hash: CardKeyHash,
    /// The end of its certificate's validity, in seconds since 1970.
    pub(crate) not_after: u64,
}

/// How far the ceremony has come with the card.
enum State {
    /// No card yet, or no more.
    Absent,
    /// Its certificate is known from before. Before anything is asked of it, it is compared with the card's.
    Known(FoundCard, Certificate),
    /// Its certificate was read and its connection is kept. The tries may have been asked for with it.
    Shown(ShownCard, Option<Asked>),
    /// It accepted the PIN, and is held by this program alone.
    Verified(VerifiedCard),
}

/// What the card answered about its tries while its certificate was read, for the prompt that follows at once.
struct Asked {
    at: Instant,
    tries: Result<Tries, eid_card::CardError>,
}

/// How long to wait for the PIN pad before asking again whether it is still wanted.
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// Why another program, and the next request, may find the card busy for a while.
const PAD_GOES_ON: &str =
    "the request has ended, but the reader's PIN pad still waits: its key that cancels ends that";

/// After this long the card is asked again.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Asked {
    fn now(tries: Result<Tries, eid_card::CardError>) -> Asked {
        let at = Instant::now();
        Asked { at, tries }
    }

    /// The answer, unless somebody else may have used the card since.
    fn if_just_now(self) -> Option<Result<Tries, eid_card::CardError>> {
        (self.at.elapsed() < AT_ONCE).then_some(self.tries)
    }
}

impl<'a, S: CardSource> PresentedCard<'a, S> {
    /// No card yet.
    pub(crate) fn new(source: &'a RefCell<S>) -> Self {
        Self {
            source,
            state: State::Absent,
            letting_go: LettingGo::default(),
            seen: None,
            turns: None,
            turn: None,
        }
    }

    /// The same, which takes turns with those of other programs.
    pub(crate) fn taking(self, turns: Turns) -> Self {
        Self {
            turns: Some(turns),
            ..self
        }
    }

    /// Waits until a card that was released has no power: before anybody hears of the end.
    pub(crate) fn wait_until_unpowered(&mut self) {
        self.letting_go.finish();
    }

    /// The card that the ceremony was about.
    pub(crate) fn seen(&self) -> Option<SeenCard> {
        self.seen
    }

    fn verified(&mut self) -> Result<&mut VerifiedCard, CardError> {
        match &mut self.state {
            State::Verified(card) => Ok(card),
            State::Absent | State::Known(..) | State::Shown(..) => Err(CardError::Failed),
        }
    }

    /// The card that is shown; from then on it is not.
    fn take_shown(&mut self) -> Result<ShownCard, CardError> {
        self.open_known()?;
        match mem::replace(&mut self.state, State::Absent) {
            State::Shown(card, _) => Ok(card),
            State::Absent => Err(CardError::Removed),
            State::Known(..) | State::Verified(_) => Err(CardError::Failed),
        }
    }

    /// What has become of the card.
    fn conclude(
        &mut self,
        outcome: Result<VerifiedCard, NotVerified>,
    ) -> Result<(), eid_card::VerifyError> {
        match outcome {
            Ok(card) => {
                self.state = State::Verified(card);
                self.source.borrow_mut().pin_was_right();
                Ok(())
            }
            Err(NotVerified { error, card }) => {
                self.state = card.map_or(State::Absent, |card| State::Shown(card, None));
                Err(error)
            }
        }
    }

    /// Connects to a card whose certificate is known: it must be the same card.
    fn open_known(&mut self) -> Result<(), CardError> {
        if let State::Known(found, certificate) = &self.state {
            let (card, tries) = found.open_known(certificate).map_err(using)?;
            self.state = State::Shown(card, Some(Asked::now(tries)));
        }
        Ok(())
    }
}

impl<S: CardSource> Card for PresentedCard<'_, S> {
    fn certificate(&mut self) -> Result<Certificate, CardError> {
        self.release();
        self.wait_until_unpowered();
        let mut source = self.source.borrow_mut();
        let found = source.only_card()?;
        let turn = self.turns.as_ref().map(Turns::take).transpose()?;
        let insertion = found.insertion().clone();
        let (certificate, state) = match source.known_certificate(&insertion) {
            Some(certificate) if S::COMPARED_AT_ONCE => {
                let (card, tries) = found.open_known(&certificate).map_err(presenting)?;
                (certificate, State::Shown(card, Some(Asked::now(tries))))
            }
            Some(certificate) => (certificate.clone(), State::Known(found, certificate)),
            None => {
                let (card, asked) = open(&found).map_err(presenting)?;
                let certificate = card.certificate().clone();
                (certificate, State::Shown(card, Some(asked)))
            }
        };
        source.show(insertion, &certificate);
        self.seen = Some(SeenCard {
            key_hash: certificate.key_hash(),
            not_after: certificate.not_after(),
        });
        self.state = state;
        self.turn = turn;
        Ok(certificate)
    }

    fn tries(&mut self) -> Result<Tries, CardError> {
        self.open_known()?;
        match &mut self.state {
            State::Shown(card, asked) => asked
                .take()
                .and_then(Asked::if_just_now)
                .unwrap_or_else(|| card.tries())
                .map_err(using),
            State::Absent => Err(CardError::Removed),
            State::Known(..) | State::Verified(_) => Err(CardError::Failed),
        }
    }

    fn verify(&mut self, pin: &Pin, last: Option<LastTry>) -> Result<(), VerifyError> {
        let outcome = self.take_shown()?.verify(pin, last);
        self.conclude(outcome).map_err(verify_error)
    }

    fn has_pin_pad(&mut self) -> bool {
        matches!(&self.state, State::Shown(card, _) if card.has_pin_pad())
    }

    fn verify_on_pad(
        &mut self,
        last: Option<LastTry>,
        wanted: &mut dyn FnMut() -> Result<(), Refusal>,
    ) -> Result<(), PadError> {
        let card = self.take_shown().map_err(VerifyError::from)?;
        let mut entry = match card.verify_on_pad(last) {
            Ok(entry) => entry,
            Err(not_verified) => return self.conclude(Err(not_verified)).map_err(pad_error),
        };
        loop {
            match entry.wait(ASK_AGAIN) {
                Ok(outcome) => return self.conclude(outcome).map_err(pad_error),
                Err(waiting) => entry = waiting,
            }
            if let Err(refusal) = wanted() {
                log::line(&PAD_GOES_ON);
                return Err(refusal.into());
            }
        }
    }

    fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Vec<u8>, CardError> {
        let signature = self.verified()?.sign_sha256(digest).map_err(using)?;
        Ok(signature.to_vec())
    }

    fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let signature = self.verified()?.sign_sha512(digest).map_err(using)?;
        Ok(Zeroizing::new(signature.as_bytes().to_vec()))
    }

    fn change_pin(&mut self, new: &Pin) -> Result<(), CardError> {
        self.verified()?.change_pin(new).map_err(using)
    }

    fn release(&mut self) {
        // Dropping a verified card unpowers it; a panic drops it just so. The store can be written meanwhile.
        let turn = self.turn.take();
        if let State::Verified(card) = mem::replace(&mut self.state, State::Absent) {
            self.letting_go.begin((card, turn));
        }
        if let Ok(mut source) = self.source.try_borrow_mut() {
            source.let_go();
        }
    }
}

/// Reads a card's certificate, and its tries in the same conversation with it.
fn open(found: &FoundCard) -> Result<(ShownCard, Asked), eid_card::CardError> {
    let (card, tries) = found.open_with_tries()?;
    Ok((card, Asked::now(tries)))
}

/// What it means to the ceremony that there is no one card.
pub(crate) fn no_one_card(reason: NoOneCard) -> CardError {
    match reason {
        NoOneCard::NoReader => CardError::NoReader,
        NoOneCard::SeveralCards => CardError::SeveralCards,
        NoOneCard::Busy => CardError::Busy,
        NoOneCard::Mute => CardError::Mute,
        NoOneCard::NoCard | NoOneCard::OtherCard => CardError::NoCard,
    }
}

/// What an error means while a card is being presented, and may still be laid down better.
pub(crate) fn presenting(error: eid_card::CardError) -> CardError {
    match error {
        eid_card::CardError::Mute => CardError::Mute,
        eid_card::CardError::NoApplication => CardError::NoCard,
        error => using(error),
    }
}

/// Why a PIN that was typed was not verified.
fn verify_error(error: eid_card::VerifyError) -> VerifyError {
    match error {
        eid_card::VerifyError::WrongPin { left } => VerifyError::WrongPin { left },
        eid_card::VerifyError::Locked => VerifyError::Locked,
        eid_card::VerifyError::LastTryNeedsPermission => VerifyError::LastTryNeedsPermission,
        eid_card::VerifyError::Card(error) => using(error).into(),
        _ => CardError::Failed.into(),
    }
}

/// Why a PIN that was to be entered on the reader's PIN pad was not verified.
fn pad_error(error: eid_card::VerifyError) -> PadError {
    match error {
        eid_card::VerifyError::PadTimedOut => Refusal::TimedOut.into(),
        eid_card::VerifyError::PadCancelled => Refusal::Cancelled.into(),
        eid_card::VerifyError::PadWrongLength => PadError::WrongLength,
        eid_card::VerifyError::PadRefused => {
            log::line(&error);
            PadError::Unusable
        }
        error => verify_error(error).into(),
    }
}

/// What an error means to the ceremony; the details go to the log.
fn using(error: eid_card::CardError) -> CardError {
    use eid_card::CardError as Error;

    log::line(&error);
    match error {
        Error::Removed => CardError::Removed,
        Error::ReaderGone => CardError::NoReader,
        Error::Changed => CardError::Changed,
        Error::Busy => CardError::Busy,
        Error::PcscStopped | Error::NotAllowed => CardError::PcscNotRunning,
        // Warnings, execution errors and "no precise diagnosis" (ISO/IEC 7816-4 §5.6): another try may go better.
        Error::Refused {
            status: 0x6200..=0x66FF | 0x6F00..=0x6FFF,
            ..
        } => CardError::Failed,
        Error::NoApplication
        | Error::NoCertificate
        | Error::CertificateNeedsPin
        | Error::Certificate(_)
        | Error::TriesUnknown
        | Error::Refused { .. } => CardError::Unsupported,
        _ => CardError::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tries_are_asked_for_again_after_a_second() {
        let asked = |ago: Duration| Asked {
            at: Instant::now().checked_sub(ago).unwrap(),
            tries: Ok(Tries::Left(3)),
        };
        assert_eq!(
            asked(Duration::ZERO).if_just_now(),
            Some(Ok(Tries::Left(3)))
        );
        assert_eq!(asked(AT_ONCE).if_just_now(), None);
        assert_eq!(AT_ONCE, Duration::from_secs(1));
    }

    #[test]
    fn an_error_about_the_tries_is_told_like_a_number() {
        let asked = Asked {
            at: Instant::now(),
            tries: Err(eid_card::CardError::TriesUnknown),
        };
        assert_eq!(
            asked.if_just_now(),
            Some(Err(eid_card::CardError::TriesUnknown))
        );
    }
}
