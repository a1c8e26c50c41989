//! The pinUvAuthToken: what a platform may do for a while after the person was verified (CTAP 2.3 §6.5.2.1).
//!
//! There is one at a time, for the protocol through which it was given out. The standard's *user verified* flag is true as long as
//! the token has the permissions `mc` or `ga`, which are cleared with it. The usage timer rolls: each use begins 30 seconds
//! anew, up to ten minutes.

use std::time::Duration;

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use super::Protocol;
use crate::credential::random;
use crate::failure::Failure;
use crate::permissions::Permissions;

/// Initial usage time limit and user present time limit, over USB.
const UNUSED: Duration = Duration::from_secs(30);

/// Maximum usage time period.
const LONGEST: Duration = Duration::from_secs(600);

/// A token in use. Zeroised on drop.
pub(crate) struct Token {
    value: Zeroizing<[u8; 32]>,
    protocol: Protocol,
    permissions: Permissions,
    /// The permissions RP ID; where it is `None` and an RP ID is needed, the first use decides.
    rp_id: Option<String>,
    /// *User present*: how long.
    present_until: Option<Duration>,
    begun: Duration,
    until: Duration,
}

impl Token {
    /// `resetPinUvAuthToken` and `beginUsingPinUvAuthToken`. Draws 32 bytes.
    pub(crate) fn begin(
        protocol: Protocol,
        permissions: Permissions,
        rp_id: Option<String>,
        present: bool,
        now: Duration,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Token, Failure> {
        Ok(Token {
            value: random::<32>(rng)?,
            protocol,
            permissions,
            rp_id,
            present_until: present.then_some(now + UNUSED),
            begun: now,
            until: now + UNUSED,
        })
    }

    /// The token as it is sent, encrypted.
    pub(crate) fn value(&self) -> &[u8; 32] {
        &self.value
    }

    /// When it ends, unless it is used before.
    pub(crate) fn until(&self) -> Duration {
        self.until
    }

    /// `verify` with the token as the key.
    pub(crate) fn verifies(&self, protocol: Protocol, message: &[&[u8]], signature: &[u8]) -> bool {
        self.protocol == protocol && protocol.verifies(&self.value, message, signature)
    }

    /// Whether it has all of these permissions.
    pub(crate) fn permits(&self, permissions: Permissions) -> bool {
        self.permissions.contain(permissions)
    }

    /// The permissions RP ID.
    pub(crate) fn rp_id(&self) -> Option<&str> {
        self.rp_id.as_deref()
    }

    /// Binds it to an RP ID, or tells whether it is bound to this one.
    pub(crate) fn is_for(&mut self, rp_id: &str) -> bool {
        self.rp_id.get_or_insert_with(|| rp_id.to_owned()) == rp_id
    }

    /// Notes a use.
    pub(crate) fn used(&mut self, now: Duration) {
        self.until = (now + UNUSED).min(self.begun + LONGEST);
    }

    /// *User present*, once: `getUserPresentFlagValue` and `clearUserPresentFlag`.
    pub(crate) fn take_presence(&mut self, now: Duration) -> bool {
        self.present_until.take().is_some_and(|until| now < until)
    }

    /// `clearPinUvAuthTokenPermissionsExceptLbw`, with both flags: what is left of the token, if anything.
    pub(crate) fn without_card(mut self) -> Option<Token> {
        self.present_until = None;
        self.permissions = self.permissions.and(Permissions::LARGE_BLOB_WRITE);
        self.permits(Permissions::LARGE_BLOB_WRITE).then_some(self)
    }
}
