//! A card that is held by this program alone, on its way from shown to verified.

use std::ffi::CStr;
use std::thread;
use std::time::Duration;

use pcsc::Context;

use crate::certificate::Certificate;
use crate::error::{CardError, VerifyError};
use crate::insertion::Insertion;
use crate::jpki::{Applet, PinFailure};
use crate::link::{Link, within};
use crate::pin_pad::PinPad;
use crate::session::{NotVerified, ShownCard, VerifiedCard};

/// How long to wait for another program to let go of the card before calling it busy.
const LETTING_GO: Duration = Duration::from_secs(2);

/// How long getting hold of the card may take altogether, powering it up included.
const GETTING_HOLD: Duration = Duration::from_secs(6);

/// The card that was shown, held alone. Dropping it unpowers the card.
pub(crate) struct HeldCard {
    insertion: Insertion,
    certificate: Certificate,
    pad: Option<PinPad>,
    connection: Alone,
}

/// An exclusive connection.
struct Alone {
    link: Link,
    /// Whether it took the place of the shared one without any delay.
    at_once: bool,
}

impl HeldCard {
    /// Takes hold of the card that was shown: it has not left its reader, and no other program has it.
    ///
    /// # Errors
    ///
    /// [`NotVerified`].
    pub(crate) fn hold(shown: ShownCard) -> Result<HeldCard, NotVerified> {
        let ShownCard {
            insertion,
            certificate,
            link,
            pad,
        } = shown;
        let Some(shared) = link else {
            // Another program kept a transaction for longer than reading the counter may take.
            return Err(NotVerified {
                error: insertion.check().err().unwrap_or(CardError::Busy).into(),
                card: None,
            });
        };
        match hold(&insertion, shared) {
            Ok(connection) => Ok(HeldCard {
                insertion,
                certificate,
                pad,
                connection,
            }),
            Err((error, link)) => {
                let card = link.map(|link| ShownCard {
                    insertion,
                    certificate,
                    link: Some(link),
                    pad,
                });
                let error = error.into();
                Err(NotVerified { error, card })
            }
        }
    }

    /// The reader that it is in.
    pub(crate) fn reader(&self) -> &CStr {
        &self.insertion.reader
    }

    /// The card.
    ///
    /// # Errors
    ///
    /// [`PinFailure`] if it is not connected any more.
    pub(crate) fn card(&self) -> Result<&pcsc::Card, PinFailure> {
        Ok(self.connection.link.card()?)
    }

    /// SELECTs the application, on the card that was shown.
    ///
    /// # Errors
    ///
    /// [`PinFailure`].
    pub(crate) fn select(&self) -> Result<Applet<&pcsc::Card>, PinFailure> {
        let mut applet = Applet::select(self.card()?)?;
        // With a pause between the two connections, reader and counter alone prove less: a reader that
        // was plugged in again counts from the start. So the certificate is compared too.
        if !self.connection.at_once && !applet.has_certificate(&self.certificate)? {
            return Err(CardError::Changed.into());
        }
        Ok(applet)
    }

    /// What comes of it: a verified card, or one that was given up.
    pub(crate) fn conclude(
        self,
        outcome: Result<(), PinFailure>,
    ) -> Result<VerifiedCard, NotVerified> {
        match outcome {
            Ok(()) => Ok(VerifiedCard {
                insertion: self.insertion,
                certificate: self.certificate,
                link: self.connection.link,
            }),
            Err(failure) => Err(self.give_up(failure)),
        }
    }

    /// Unpowers the card; if it is still there, it can be shown again.
    pub(crate) fn give_up(self, failure: PinFailure) -> NotVerified {
        let HeldCard {
            insertion,
            certificate,
            pad,
            connection,
        } = self;
        let error: VerifyError = match failure {
            PinFailure::Verdict(error) => error,
            PinFailure::Other(failure) => insertion.explain(failure).into(),
        };
        let link = connection
            .link
            .unpower_and_share()
            .ok()
            .filter(|link| insertion.check_on(link).is_ok());
        let card = link.map(|link| ShownCard {
            insertion,
            certificate,
            link: Some(link),
            pad,
        });
        NotVerified { error, card }
    }
}

/// Exchanges the shared connection for an exclusive one.
///
/// `SCardReconnect` would do that in one step, but pcsc-lite's waits without limit for other
/// programs to leave (measured). So: the shared connection still stands; end it; connect alone;
/// the counter still is what it was. On failure the shared connection is taken up again.
fn hold(insertion: &Insertion, shared: Link) -> Result<Alone, (CardError, Option<Link>)> {
    let insertion = insertion.clone();
    let outcome = within(GETTING_HOLD, move || {
        let explain = |error: pcsc::Error| (insertion.explain(error.into()), None);
        shared.check().map_err(explain)?;
        insertion.check_on(&shared).map_err(|error| (error, None))?;
        let context = shared.into_context();
        let (link, at_once) = match connect_alone(&context, &insertion) {
            Ok(connected) => connected,
            Err(pcsc::Error::SharingViolation) => {
                let link = Link::shared(&insertion.reader)
                    .ok()
                    .filter(|link| insertion.check_on(link).is_ok());
                return Err((CardError::Busy, link));
            }
            Err(error) => return Err(explain(error)),
        };
        insertion.check_on(&link).map_err(|error| (error, None))?;
        Ok(Alone { link, at_once })
    });
    outcome.unwrap_or(Err((CardError::Busy, None)))
}

/// Connects exclusively, waiting a little for programs that only look at the card.
fn connect_alone(context: &Context, insertion: &Insertion) -> Result<(Link, bool), pcsc::Error> {
    const STEP: Duration = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        match Link::exclusive(context, &insertion.reader) {
            Ok(link) => return Ok((link, waited.is_zero())),
            Err(pcsc::Error::SharingViolation) if waited < LETTING_GO => {
                thread::sleep(STEP);
                waited += STEP;
            }
            Err(error) => return Err(error),
        }
    }
}
