//! From a card that was found to a card that signs. Each step is a type, so that none can be left out.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::certificate::Certificate;
use crate::error::{CardError, VerifyError};
use crate::held::HeldCard;
use crate::insertion::Insertion;
use crate::jpki::{Applet, Failure};
use crate::link::{Link, within};
use crate::pad_entry::PadEntry;
use crate::pin::{LastTry, Pin, Tries};
use crate::pin_pad::PinPad;
use crate::signature::Signature;
use crate::token::TokenKind;

/// How long reading may take, other programs' transactions included. A contactless card needs
/// less than a second for its certificate.
const READING: Duration = Duration::from_secs(6);

/// A card with the JPKI application, in some reader.
///
/// It may have a connection of its own already ([`crate::Readers::keep_connections`]); a clone has none. Equal are cards of one
/// insertion.
pub struct FoundCard {
    insertion: Insertion,
    link: Mutex<Option<Link>>,
}

impl FoundCard {
    pub(crate) fn new(insertion: Insertion, link: Option<Link>) -> FoundCard {
        FoundCard {
            insertion,
            link: Mutex::new(link),
        }
    }

    /// The same card, with the connection that this one had.
    pub fn hand_over(&self) -> FoundCard {
        FoundCard::new(self.insertion.clone(), self.take_link())
    }

    fn take_link(&self) -> Option<Link> {
        let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        link.take()
    }

    /// The reader's name, for people.
    pub fn reader_name(&self) -> String {
        self.insertion.reader_name()
    }

    /// Which stay of the card in the reader this is: another value means that it was presented anew.
    pub fn insertion(&self) -> &Insertion {
        &self.insertion
    }

    /// Reads the certificate and keeps the connection, so that this very card can be shown and asked.
    ///
    /// # Errors
    ///
    /// [`CardError`]; among them [`CardError::CertificateNeedsPin`] for phones.
    pub fn open(&self) -> Result<ShownCard, CardError> {
        let read = self.read(|applet| applet.read_certificate())?;
        Ok(self.shown(read.answer, read.link, read.pad))
    }

    /// As [`FoundCard::open`], and asks in the same go how many tries are left, for a prompt that is shown at once.
    ///
    /// # Errors
    ///
    /// As [`FoundCard::open`]; the answer about the tries has errors of its own, those of [`ShownCard::tries`].
    pub fn open_with_tries(&self) -> Result<(ShownCard, Result<Tries, CardError>), CardError> {
        let read = self.read(|applet| Ok((applet.read_certificate()?, applet.tries())))?;
        let (certificate, tries) = read.answer;
        let tries = tries.map_err(|failure| self.insertion.explain(failure));
        Ok((self.shown(certificate, read.link, read.pad), tries))
    }

    /// As [`FoundCard::open_with_tries`], for a card whose certificate was read before: it is compared, by two blocks, and not
    /// read as a whole.
    ///
    /// # Errors
    ///
    /// As [`FoundCard::open_with_tries`], and [`CardError::Changed`] for a card with another certificate.
    pub fn open_known(
        &self,
        certificate: &Certificate,
    ) -> Result<(ShownCard, Result<Tries, CardError>), CardError> {
        let known = certificate.clone();
        let read = self.read(move |applet| {
            if !applet.has_certificate(&known)? {
                return Err(CardError::Changed.into());
            }
            Ok(applet.tries())
        })?;
        let tries = read
            .answer
            .map_err(|failure| self.insertion.explain(failure));
        Ok((self.shown(certificate.clone(), read.link, read.pad), tries))
    }

    fn shown(&self, certificate: Certificate, link: Link, pad: Option<PinPad>) -> ShownCard {
        ShownCard {
            insertion: self.insertion.clone(),
            certificate,
            link: Some(link),
            pad,
        }
    }

    /// Reads what can be said about the card without a PIN.
    ///
    /// # Errors
    ///
    /// [`CardError`] when the card cannot be reached at all; what it refuses to tell is in the
    /// description's own results.
    pub fn describe(&self) -> Result<Description, CardError> {
        let read = self.read(|applet| {
            let kind = answered(applet.read_kind())?.unwrap_or(TokenKind::Unknown);
            let tries = answered(applet.tries())?;
            Ok((kind, tries, answered(applet.read_certificate())?))
        })?;
        let (kind, tries, certificate) = read.answer;
        Ok(Description {
            kind,
            tries,
            certificate,
            pin_pad: read.pad.is_some(),
        })
    }

    fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Applet<&pcsc::Card>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<Read<T>, CardError> {
        let insertion = self.insertion.clone();
        let kept = self.take_link();
        let outcome = within(READING, move || {
            let mut link = kept
                .map_or_else(|| Link::shared(&insertion.reader), Ok)
                .map_err(|error| insertion.explain(error.into()))?;
            insertion.check_on(&link)?;
            let read = link.undisturbed(|card| {
                let answer = job(&mut Applet::select(card)?)?;
                Ok((answer, PinPad::of(card)))
            });
            read.map(|(answer, pad)| Read { answer, link, pad })
                .map_err(|failure| insertion.explain(failure))
        });
        outcome.unwrap_or(Err(CardError::Busy))
    }
}

/// What a card answered, and how it was reached.
struct Read<T> {
    answer: T,
    link: Link,
    pad: Option<PinPad>,
}

impl Clone for FoundCard {
    fn clone(&self) -> FoundCard {
        FoundCard::new(self.insertion.clone(), None)
    }
}

impl PartialEq for FoundCard {
    fn eq(&self, other: &FoundCard) -> bool {
        self.insertion == other.insertion
    }
}

impl Eq for FoundCard {}

impl fmt::Debug for FoundCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundCard")
            .field("insertion", &self.insertion)
            .finish_non_exhaustive()
    }
}

/// Sets aside what the card itself refused; faults of the link, or what may be one, go on as errors.
fn answered<T>(result: Result<T, Failure>) -> Result<Result<T, CardError>, Failure> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Failure::Card(error)) if !matches!(error, CardError::Garbled(_)) => Ok(Err(error)),
        Err(failure) => Err(failure),
    }
}

/// What a card says about itself without a PIN.
#[derive(Debug)]
pub struct Description {
    /// Card or phone.
    pub kind: TokenKind,
    /// Tries left of the authentication PIN.
    pub tries: Result<Tries, CardError>,
    /// The authentication certificate; a phone gives it only after the PIN.
    pub certificate: Result<Certificate, CardError>,
    /// Whether the reader that it is in has a PIN pad.
    pub pin_pad: bool,
}

/// The card that the person is shown: its certificate was read, and the connection is kept.
///
/// Other programs may use the card meanwhile. Nothing has been asked of the PIN yet.
pub struct ShownCard {
    pub(crate) insertion: Insertion,
    pub(crate) certificate: Certificate,
    /// Absent while another program keeps it waiting.
    pub(crate) link: Option<Link>,
    pub(crate) pad: Option<PinPad>,
}

impl ShownCard {
    /// The reader's name, for people.
    pub fn reader_name(&self) -> String {
        self.insertion.reader_name()
    }

    /// Which stay of the card in the reader this is.
    pub fn insertion(&self) -> &Insertion {
        &self.insertion
    }

    /// The card's authentication certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Asks the card how many tries are left; costs none.
    ///
    /// # Errors
    ///
    /// [`CardError`]; [`CardError::TriesUnknown`] means that no PIN will be sent to this card.
    pub fn tries(&mut self) -> Result<Tries, CardError> {
        let mut link = self.link.take().ok_or(CardError::Busy)?;
        if let Err(error) = self.insertion.check_on(&link) {
            self.link = Some(link);
            return Err(error);
        }
        let outcome = within(READING, move || {
            let tries = link.undisturbed(|card| Applet::select(card)?.tries());
            (tries, link)
        });
        let (tries, link) = outcome.ok_or(CardError::Busy)?;
        self.link = Some(link);
        tries.map_err(|failure| self.insertion.explain(failure))
    }

    /// Whether the reader has a PIN pad (PC/SC part 10), for [`ShownCard::verify_on_pad`].
    pub fn has_pin_pad(&self) -> bool {
        self.pad.is_some()
    }

    /// Has the card verify the PIN, holding it alone from before the PIN is sent until it is unpowered.
    ///
    /// In this order: the card is the one shown and has not left its reader; no other program has
    /// it; the counter is read; the last try needs `last`; the PIN is sent, once.
    ///
    /// # Errors
    ///
    /// [`NotVerified`], with the card unpowered and, where it is still there, ready to be shown again.
    pub fn verify(self, pin: &Pin, last: Option<LastTry>) -> Result<VerifiedCard, NotVerified> {
        let held = HeldCard::hold(self)?;
        let outcome = held
            .select()
            .and_then(|mut applet| applet.verify(pin, last));
        held.conclude(outcome)
    }

    /// As [`ShownCard::verify`], with a PIN that is entered on the reader's PIN pad and never reaches this process.
    ///
    /// When this returns the pad waits for the PIN; what comes of it is told by the [`PadEntry`]. The reader sends what is
    /// entered, once.
    ///
    /// # Errors
    ///
    /// [`NotVerified`], with the pad not having been asked.
    pub fn verify_on_pad(self, last: Option<LastTry>) -> Result<PadEntry, NotVerified> {
        let Some(pad) = self.pad else {
            return Err(NotVerified {
                error: VerifyError::PadRefused,
                card: Some(self),
            });
        };
        let held = HeldCard::hold(self)?;
        match held.select().and_then(|mut applet| applet.permit(last)) {
            Ok(()) => PadEntry::begin(held, pad),
            Err(failure) => Err(held.give_up(failure)),
        }
    }
}

/// Says where it is, and nothing about whose it is.
impl fmt::Debug for ShownCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownCard")
            .field("insertion", &self.insertion)
            .finish_non_exhaustive()
    }
}

/// The PIN was not verified.
#[derive(Debug)]
pub struct NotVerified {
    /// Why.
    pub error: VerifyError,
    /// The card shown, for another prompt; absent when it is no longer there or cannot be reached.
    pub card: Option<ShownCard>,
}

/// A card that has verified the PIN and is held by this program alone.
///
/// Dropping it unpowers the card, by which the card forgets the PIN. Drop it as soon as the
/// ceremony is over, whatever its outcome.
pub struct VerifiedCard {
    pub(crate) insertion: Insertion,
    pub(crate) certificate: Certificate,
    pub(crate) link: Link,
}

impl VerifiedCard {
    /// The card's authentication certificate, the one that was shown.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Signs a SHA-256 digest (RS256), and verifies the signature under the certificate's key.
    ///
    /// # Errors
    ///
    /// [`CardError`]; [`CardError::SignatureMismatch`] for a signature that does not verify, which is
    /// thrown away: a faulty one gives away the key, and would seal for ever.
    pub fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Signature, CardError> {
        let signature = self.ask(|applet| applet.sign_sha256(digest))?;
        let matches = self
            .certificate
            .verifies_sha256(digest, signature.as_bytes());
        if matches {
            Ok(signature)
        } else {
            Err(CardError::SignatureMismatch)
        }
    }

    /// Signs a SHA-512 digest with PKCS#1 v1.5, and verifies the signature under the certificate's key.
    ///
    /// # Errors
    ///
    /// As [`VerifiedCard::sign_sha256`]. A card that refuses this form is reported, never served
    /// with another.
    pub fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Signature, CardError> {
        let signature = self.ask(|applet| applet.sign_sha512(digest))?;
        let matches = self
            .certificate
            .verifies_sha512(digest, signature.as_bytes());
        if matches {
            Ok(signature)
        } else {
            Err(CardError::SignatureMismatch)
        }
    }

    /// Has the card replace the PIN that it verified. Costs no try.
    ///
    /// # Errors
    ///
    /// [`CardError`]; unless the card refused, it is unknown which of the two PINs it has now.
    pub fn change_pin(&mut self, new: &Pin) -> Result<(), CardError> {
        self.ask(|applet| applet.change_pin(new))
    }

    fn ask<T>(
        &mut self,
        job: impl FnOnce(&mut Applet<&pcsc::Card>) -> Result<T, Failure>,
    ) -> Result<T, CardError> {
        let answered = match self.link.card() {
            Ok(card) => job(&mut Applet::already_selected(card)),
            Err(error) => Err(error.into()),
        };
        answered.map_err(|failure| self.insertion.explain(failure))
    }
}

/// Says where it is, and nothing about whose it is.
impl fmt::Debug for VerifiedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedCard")
            .field("insertion", &self.insertion)
            .finish_non_exhaustive()
    }
}
