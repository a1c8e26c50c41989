//! What outlives one request: from power-up to power-up.
//!
//! Power-up is the card's insertion, the start of the service, or the making of the device. A platform
//! authenticator has a session per ceremony; over CTAPHID one lives as long as the device.

use std::time::Duration;

use eid_card::{CardKeyHash, Certificate};
use rand_core::CryptoRngCore;

use crate::failure::Failure;
use crate::parameters::PinUvAuthParam;
use crate::permissions::Permissions;
use crate::pin_uv_auth::{KeyAgreement, Protocol, Token};
use crate::unfinished::Unfinished;

/// A card presented within so long is as good as a touch, once.
const PRESENCE: Duration = Duration::from_secs(30);

/// authenticatorReset is allowed for so long (CTAP 2.3 §6.6).
const RESET: Duration = Duration::from_secs(10);

/// So many wrong PINs in a row from platforms, and none is taken until power-up (CTAP 2.3 §6.5.5.6).
const WRONG_IN_A_ROW: u8 = 3;

/// The state that lasts from power-up to power-up. Dropping it does not let go of the card: the [`Card`](crate::Card)
/// that it was used with is to be dropped, or released, with it.
///
/// Times are those of [`Moment::elapsed`](crate::Moment::elapsed).
pub struct Session {
    powered_up: Duration,
    /// The last time that is known: it does not run backwards.
    now: Duration,
    /// When the card was presented, until that was used as presence.
    presented: Option<Duration>,
    /// Keys of protocols one and two, made when first asked for.
    key_agreements: [Option<KeyAgreement>; 2],
    /// Wrong PINs in a row from platforms.
    wrong_pins: u8,
    token: Option<Token>,
    /// The certificate of the card that is held verified between requests. There is none without a token.
    kept: Option<Certificate>,
    /// The card whose PIN was verified for the token, held or not.
    token_card: Option<CardKeyHash>,
    /// What only the next request can go on with.
    unfinished: Option<Unfinished>,
}

impl Session {
    /// Powers up at a time.
    pub fn power_up(elapsed: Duration) -> Session {
        Session {
            powered_up: elapsed,
            now: elapsed,
            presented: None,
            key_agreements: [None, None],
            wrong_pins: 0,
            token: None,
            kept: None,
            token_card: None,
            unfinished: None,
        }
    }

    /// The person put the card into the reader at this time: for 30 seconds this is their presence, once. Not for a card that
    /// lay there before anybody looked.
    pub fn card_presented(&mut self, elapsed: Duration) {
        self.presented = Some(elapsed);
    }

    /// When [`Authenticator::tick`](crate::Authenticator::tick) has something to do, if no request comes before.
    pub fn wakes_at(&self) -> Option<Duration> {
        let token = self.token.as_ref().map(Token::until);
        let unfinished = self.unfinished.as_ref().and_then(Unfinished::until);
        [token, unfinished].into_iter().flatten().min()
    }

    /// Notes the time and forgets what has lasted too long; whether a card is to be let go of.
    pub(crate) fn expire(&mut self, elapsed: Duration) -> bool {
        self.now = self.now.max(elapsed);
        let now = self.now;
        self.unfinished
            .take_if(|unfinished| unfinished.until().is_some_and(|until| until <= now));
        match self.token.take_if(|token| token.until() <= now) {
            Some(_) => self.kept.take().is_some(),
            None => false,
        }
    }

    /// The time of this request.
    pub(crate) fn now(&self) -> Duration {
        self.now
    }

    /// Whether authenticatorReset is still allowed.
    pub(crate) fn is_fresh(&self) -> bool {
        self.now.saturating_sub(self.powered_up) <= RESET
    }

    /// Whether the person is known to be present: by the prompt in which the token's PIN was typed, or because they presented the
    /// card lately. It is used up.
    pub(crate) fn take_presence(&mut self) -> bool {
        let now = self.now;
        let by_token = self
            .token
            .as_mut()
            .is_some_and(|token| token.take_presence(now));
        by_token || self.take_presented()
    }

    /// Whether the person presented the card lately and that was not used yet. It is used up.
    pub(crate) fn take_presented(&mut self) -> bool {
        let since = self.presented.take();
        since.is_some_and(|since| self.now.saturating_sub(since) < PRESENCE)
    }

    /// What the next request may go on with.
    pub(crate) fn set_unfinished(&mut self, unfinished: Unfinished) {
        self.unfinished = Some(unfinished);
    }

    /// What the request before has begun.
    pub(crate) fn take_unfinished(&mut self) -> Option<Unfinished> {
        self.unfinished.take()
    }

    /// A command comes: what another one would have gone on with is forgotten.
    pub(crate) fn begin(&mut self, command: u8) {
        self.unfinished
            .take_if(|unfinished| unfinished.command() != command);
    }

    /// The key-agreement key of a protocol. Draws 32 bytes where there is none.
    pub(crate) fn key_agreement(
        &mut self,
        protocol: Protocol,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<&KeyAgreement, Failure> {
        let key = self.key_agreement_of(protocol);
        let made = match key.take() {
            Some(made) => made,
            None => KeyAgreement::generate(rng)?,
        };
        Ok(key.insert(made))
    }

    fn key_agreement_of(&mut self, protocol: Protocol) -> &mut Option<KeyAgreement> {
        let [one, two] = &mut self.key_agreements;
        match protocol {
            Protocol::One => one,
            Protocol::Two => two,
        }
    }

    /// Whether no PIN from a platform is taken until power-up.
    pub(crate) fn pin_auth_blocked(&self) -> bool {
        self.wrong_pins >= WRONG_IN_A_ROW
    }

    /// Counts a wrong PIN that came through a protocol; its key is not used again.
    pub(crate) fn count_wrong_pin(&mut self, protocol: Protocol) {
        self.wrong_pins = self.wrong_pins.saturating_add(1);
        *self.key_agreement_of(protocol) = None;
    }

    /// A right PIN.
    pub(crate) fn forget_wrong_pins(&mut self) {
        self.wrong_pins = 0;
    }

    /// Takes a token into use. The card is to be kept for it ([`VerifiedCard::keep`](crate::VerifiedCard)).
    pub(crate) fn begin_token(&mut self, token: Token) {
        self.token = Some(token);
    }

    /// Whether a request is authenticated by the token in use, and that may do what is asked. This counts as a use of it.
    ///
    /// Without an RP ID the token must not be bound to one.
    ///
    /// # Errors
    ///
    /// [`Failure::PinAuthInvalid`].
    pub(crate) fn authorise(
        &mut self,
        auth: &PinUvAuthParam,
        message: &[&[u8]],
        permission: Permissions,
        rp_id: Option<&str>,
    ) -> Result<(), Failure> {
        let now = self.now;
        let token = self.token.as_mut().filter(|token| {
            token.verifies(auth.protocol, message, &auth.param) && token.permits(permission)
        });
        let token = token.ok_or(Failure::PinAuthInvalid)?;
        let is_for = match rp_id {
            Some(rp_id) => token.is_for(rp_id),
            None => token.rp_id().is_none(),
        };
        if !is_for {
            return Err(Failure::PinAuthInvalid);
        }
        token.used(now);
        Ok(())
    }

    /// The same for what is no ceremony of a relying party. Which RP ID the token is bound to, if any, is for the caller to
    /// look at; it is not bound to one by this.
    ///
    /// # Errors
    ///
    /// [`Failure::PinAuthInvalid`].
    pub(crate) fn authorise_management(
        &mut self,
        auth: &PinUvAuthParam,
        message: &[&[u8]],
        permission: Permissions,
    ) -> Result<Option<String>, Failure> {
        let now = self.now;
        let token = self.token.as_mut().filter(|token| {
            token.verifies(auth.protocol, message, &auth.param) && token.permits(permission)
        });
        let token = token.ok_or(Failure::PinAuthInvalid)?;
        token.used(now);
        Ok(token.rp_id().map(str::to_owned))
    }

    /// The card whose PIN was verified for the token.
    pub(crate) fn token_card(&self) -> Option<CardKeyHash> {
        self.token.as_ref().and(self.token_card)
    }

    /// The certificate of the card that is held for the token.
    pub(crate) fn kept(&self) -> Option<&Certificate> {
        self.kept.as_ref()
    }

    /// Takes back the card that was held, or gives it up. Unless it is kept again, the token is void when the request ends.
    pub(crate) fn take_kept(&mut self) -> Option<Certificate> {
        self.kept.take()
    }

    /// A card is held for the token.
    pub(crate) fn keep(&mut self, card: Certificate) {
        self.token_card = Some(card.key_hash());
        self.kept = Some(card);
    }

    /// `stopUsingPinUvAuthToken`.
    pub(crate) fn end_token(&mut self) {
        self.token = None;
        self.kept = None;
    }

    /// At the end of a request: a token whose card was let go is void, but for its permission to write large blobs, which needs no
    /// card (`clearPinUvAuthTokenPermissionsExceptLbw`).
    pub(crate) fn settle(&mut self) {
        if self.kept.is_none() {
            self.token = self.token.take().and_then(Token::without_card);
        }
    }
}
