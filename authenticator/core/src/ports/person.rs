//! The person at the computer, and what a ceremony asks them.

use eid_card::{Certificate, LastTry, Pin};

use super::CardError;
use crate::permissions::Permissions;

/// Renewal, and a backup before it, is suggested from this long before the certificate ends.
const SOON: u64 = 90 * 24 * 60 * 60;

/// The person as the one who holds the card: asked to present it, and told what it does. That is all that a use of
/// the card outside of a ceremony needs, a backup for one.
pub trait Holder {
    /// No usable card: ask for one, and return when something changed at the readers. The core
    /// then looks again, and asks again if needed.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. After [`Refusal::TimedOut`] the ceremony ends with `problem`.
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal>;

    /// Says what happens next, without waiting for an answer. Called before every command that
    /// keeps the card busy and before the result is committed.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] that came meanwhile (the page went away, the person cancelled); nothing more
    /// is asked of the card and nothing is stored.
    fn progress(&mut self, step: Progress) -> Result<(), Refusal>;
}

/// The prompt of a ceremony. Each method shows one thing and blocks until the person, or the client on their
/// behalf, has answered.
///
/// Nothing that the core passes is secret except account names, which are shown only after the PIN.
pub trait Person: Holder {
    /// Whether there is a prompt in which a PIN can be typed. Over CTAPHID this is what *built-in user verification* means
    /// (`uv`); without it, the PIN comes from the platform, and [`RegisterQuestion::pin`] and [`SignInQuestion::pin`] are
    /// always `None`.
    fn asks_for_pin(&self) -> bool;

    /// May a credential be made for this account, and with which PIN?
    ///
    /// Asked again after a wrong PIN, with [`PinPrompt::previous_wrong`] set.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal>;

    /// May a credential be used, and with which PIN? The answer has a PIN if [`SignInQuestion::pin`] asks for one.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal>;

    /// Which PIN, for a platform that will use it with a token afterwards? Only where [`Person::asks_for_pin`].
    ///
    /// Whoever types it is taken to be present for what the token is used for first.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal>;

    /// A yes, without a PIN.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn confirm(&mut self, question: &Confirmation<'_>) -> Result<(), Refusal>;

    /// Which of these accounts? Two or more, the newest first; the answer is an index into them. Asked only after the
    /// PIN: what tells accounts apart is for the card's holder.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn choose_account(&mut self, site: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal>;

    /// A credential of this card is registered with the site already; the person acknowledges it.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn already_registered(&mut self, site: &Site<'_>) -> Result<(), Refusal>;

    /// No credential fits the site's request; the person acknowledges it.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn no_credential(&mut self, site: &Site<'_>) -> Result<(), Refusal>;
}

/// The relying party that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site<'a> {
    /// The RP ID.
    pub rp_id: &'a str,
    /// The name that the relying party gives itself (`rp.name`), at registration only. Not verified.
    pub name: Option<&'a str>,
}

/// An account, as the relying party named it at registration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountName {
    /// `user.name`.
    pub name: Option<String>,
    /// `user.displayName`.
    pub display_name: Option<String>,
}

/// An account of the card's holder, as it is shown to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the relying party called it.
    pub name: AccountName,
    /// When its credential was made, in seconds since 1970-01-01T00:00:00Z. Two accounts may have one name.
    pub created_at: u64,
}

/// Everything the prompt of a registration shows.
#[derive(Debug, PartialEq, Eq)]
pub struct RegisterQuestion<'a> {
    /// Who asks.
    pub site: Site<'a>,
    /// For which account.
    pub account: &'a AccountName,
    /// What to say about the PIN; `None` if the card has verified it already, so that only consent and presence are asked.
    pub pin: Option<PinPrompt>,
    /// What to say about the card.
    pub card: CardView,
    /// The certificate's switch; `None` when disclosure is not offered.
    pub certificate: Option<CertificateOffer>,
    /// The card credential's switch; `None` when the site does not prefer that kind.
    pub card_credential: Option<CardCredentialOffer>,
}

/// Everything the prompt of a sign-in shows.
#[derive(Debug, PartialEq, Eq)]
pub struct SignInQuestion<'a> {
    /// Who asks.
    pub site: Site<'a>,
    /// What to say about the PIN; `None` if the card has verified it already, so that only presence is asked.
    pub pin: Option<PinPrompt>,
    /// What to say about the card.
    pub card: CardView,
    /// A card credential is used, whose key is the card's own. False while that depends on the choice of an account.
    pub card_credential: bool,
}

/// Everything the prompt shows of a platform that wants a token.
#[derive(Debug, PartialEq, Eq)]
pub struct VerifyQuestion<'a> {
    /// Who asks, if the platform says so. It must for registrations and sign-ins.
    pub site: Option<Site<'a>>,
    /// What the token will be good for.
    pub permissions: Permissions,
    /// What to say about the PIN.
    pub pin: PinPrompt,
    /// What to say about the card.
    pub card: CardView,
}

/// What needs a yes and no PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation<'a> {
    /// This authenticator is the one to use; for this site, as far as the platform tells (authenticatorSelection, and what
    /// platforms send to be told of a touch).
    Select(Option<Site<'a>>),
    /// Erase all credentials of the card that are stored on this computer (authenticatorReset).
    Reset,
    /// Change the card's PIN to one that was typed elsewhere (changePIN).
    ChangePin {
        /// Tries left now of the old one, at least 2.
        tries_left: u8,
    },
}

/// What the prompt says about the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinPrompt {
    /// Tries left now, at least 1.
    pub tries_left: u8,
    /// The PIN given before was wrong.
    pub previous_wrong: bool,
    /// This is the last try: without [`PinEntry::last_try`] the PIN is not sent to the card.
    pub last_try: bool,
    /// Whether the PIN can be entered on the reader's PIN pad.
    pub pad: PinPad,
}

/// The reader's PIN pad (PC/SC part 10), as a prompt for the PIN has to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinPad {
    /// The reader has none.
    Absent,
    /// It can be used.
    Ready,
    /// It can be used; what was entered on it before did not have four digits, and cost no try.
    WrongLength,
    /// It does not take this kind of PIN, as was found out: the PIN must be typed.
    Unusable,
}

impl PinPad {
    /// Whether [`PinSource::OnPad`] may be answered.
    pub fn is_usable(self) -> bool {
        matches!(self, PinPad::Ready | PinPad::WrongLength)
    }
}

/// What the prompt says about the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardView {
    /// End of the certificate's validity, in seconds since 1970-01-01T00:00:00Z.
    pub not_after: u64,
    /// How that compares with the present time.
    pub expiry: Expiry,
}

impl CardView {
    /// What there is to say about a card with this certificate at the time `now`, in seconds since 1970.
    pub fn of(certificate: &Certificate, now: u64) -> CardView {
        let not_after = certificate.not_after();
        let expiry = if certificate.expired_at(now) {
            Expiry::Expired
        } else if now.saturating_add(SOON) >= not_after {
            Expiry::Soon
        } else {
            Expiry::Far
        };
        CardView { not_after, expiry }
    }
}

/// How far the end of a certificate's validity is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// More than 90 days.
    Far,
    /// At most 90 days: renew the certificate, and make a backup first.
    Soon,
    /// It has passed: pairwise credentials still work, card credentials and disclosure do not.
    Expired,
}

/// The switch by which the person discloses their certificate to the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateOffer {
    /// Its initial position: on only for a remembered site, or as the person left it in this
    /// ceremony.
    pub switch: bool,
    /// The site asks who the person is, and does not merely accept knowing it.
    pub asked: bool,
    /// Offer to remember the site, so that the switch starts on next time.
    pub can_remember: bool,
}

/// The switch by which the person lets the credential's key be the card's own: one public key everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardCredentialOffer {
    /// Its initial position: on only for a remembered site, or as the person left it in this
    /// ceremony.
    pub switch: bool,
    /// The site accepts nothing else: with the switch off nothing can be registered.
    pub required: bool,
    /// Offer to remember the site, so that the switch starts on next time.
    pub can_remember: bool,
}

/// The PIN, as the answer to a prompt of our own.
#[derive(Debug)]
pub struct PinEntry {
    /// The PIN, or where it comes from.
    pub pin: PinSource,
    /// Set when the person explicitly agreed to risk the last try.
    pub last_try: Option<LastTry>,
}

/// Where the PIN comes from. The prompt alone decides that.
#[derive(Debug)]
pub enum PinSource {
    /// The person typed it into the prompt.
    Typed(Pin),
    /// The person enters it on the reader's PIN pad, while [`Progress::PinOnPad`] is told. Only where [`PinPad::is_usable`].
    OnPad,
}

impl PinEntry {
    /// A PIN that was typed into the prompt.
    pub fn typed(pin: Pin, last_try: Option<LastTry>) -> PinEntry {
        let pin = PinSource::Typed(pin);
        PinEntry { pin, last_try }
    }

    /// A PIN that will be entered on the reader's PIN pad.
    pub fn on_pad(last_try: Option<LastTry>) -> PinEntry {
        let pin = PinSource::OnPad;
        PinEntry { pin, last_try }
    }
}

/// The answer to [`Person::register`].
#[derive(Debug)]
pub struct RegisterAnswer {
    /// The PIN, if [`RegisterQuestion::pin`] asks for one.
    pub entry: Option<PinEntry>,
    /// The certificate's switch was on. Counts only if it was offered.
    pub disclose: bool,
    /// The card credential's switch was on. Counts only if it was offered.
    pub card_credential: bool,
    /// Remember the site. Counts only if it was offered with a switch that was on.
    pub remember_site: bool,
}

/// Why a question was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The person, the page or the browser cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The platform took its request back (CTAPHID_CANCEL).
    #[error("the platform took its request back")]
    Withdrawn,
    /// Nobody answered in time.
    #[error("nobody answered in time")]
    TimedOut,
    /// The person wants to use another authenticator.
    #[error("the person wants another authenticator")]
    OtherAuthenticator,
    /// The prompt was closed because the card it spoke of was removed.
    #[error("the card was removed")]
    CardRemoved,
}

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// The reader's PIN pad waits for the PIN; told again and again until another step begins.
    PinOnPad,
    /// The card verifies the PIN or signs; it must stay where it is.
    CardWorking,
    /// The result is stored; from here on nothing can be cancelled.
    Committing,
}
