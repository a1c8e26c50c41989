//! Presence without user verification: authenticatorSelection (CTAP 2.3 §6.9), and what platforms send to be told of a touch.

use crate::authenticator::Authenticator;
use crate::failure::Failure;
use crate::ports::{Confirmation, Refusal, Site};

impl Authenticator<'_> {
    /// authenticatorSelection: the person says that this authenticator is the one to use.
    pub(crate) fn selection(&mut self) -> Result<Vec<u8>, Failure> {
        self.wait_for_presence(&Confirmation::Select(None))?;
        Ok(Vec::new())
    }

    /// A request with a `pinUvAuthParam` of no bytes: when the person is present, it is told that there is a PIN
    /// (CTAP 2.3 §6.1.2 step 1, §6.2.2 step 1).
    pub(crate) fn tell_of_touch(&mut self, site: Option<Site<'_>>) -> Failure {
        match self.wait_for_presence(&Confirmation::Select(site)) {
            Ok(()) => Failure::PinInvalid,
            Err(refusal) => refusal.into(),
        }
    }

    /// Waits for the person, unless they presented the card lately.
    pub(crate) fn wait_for_presence(&mut self, wish: &Confirmation<'_>) -> Result<(), Refusal> {
        if self.session.take_presented() {
            return Ok(());
        }
        self.person.confirm(wish)
    }
}
