//! What a credential's key is, chosen by the relying party's order of algorithms.

use eid_card::Certificate;

use crate::failure::Failure;
use crate::ports::CardCredentialOffer;

/// COSE algorithm identifier of ECDSA with SHA-256 on P-256 (RFC 9053 §2.1, WebAuthn §5.8.5).
pub(crate) const ES256: i64 = -7;

/// COSE algorithm identifier of RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8812 §2, WebAuthn §5.8.5).
pub(crate) const RS256: i64 = -257;

/// What a credential's key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A fresh P-256 key per registration (ES256), sealed under the card.
    Pairwise,
    /// The card's own authentication key (RS256): the same public key everywhere.
    Card,
}

impl CredentialKind {
    /// Every kind that exists.
    pub const ALL: [CredentialKind; 2] = [CredentialKind::Pairwise, CredentialKind::Card];

    /// Its name in storage.
    pub fn name(self) -> &'static str {
        match self {
            CredentialKind::Pairwise => "pairwise",
            CredentialKind::Card => "card",
        }
    }

    /// The kind with this name in storage.
    pub fn from_name(name: &str) -> Option<CredentialKind> {
        CredentialKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The COSE algorithm identifier of its key.
    pub fn algorithm(self) -> i64 {
        match self {
            CredentialKind::Pairwise => ES256,
            CredentialKind::Card => RS256,
        }
    }
}

/// Which kinds the relying party accepts, by its order of algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedKind {
    /// ES256 comes before RS256, or RS256 is absent.
    Pairwise,
    /// RS256 comes before ES256.
    CardBeforePairwise,
    /// RS256 alone.
    CardOnly,
}

impl WantedKind {
    /// Reads the wish from `pubKeyCredParams`; `None` if no algorithm is supported.
    pub(crate) fn from_algorithms(algorithms: &[i64]) -> Option<WantedKind> {
        let first = |wanted| algorithms.iter().position(|algorithm| *algorithm == wanted);
        match (first(ES256), first(RS256)) {
            (None, None) => None,
            (None, Some(_)) => Some(WantedKind::CardOnly),
            (Some(pairwise), Some(card)) if card < pairwise => Some(WantedKind::CardBeforePairwise),
            (Some(_), _) => Some(WantedKind::Pairwise),
        }
    }

    /// What the prompt offers.
    ///
    /// A certificate that has expired is not offered; where nothing else is accepted, the registration
    /// fails.
    pub(crate) fn offer(
        self,
        remembered: bool,
        certificate: &Certificate,
        now: u64,
    ) -> Result<Option<CardCredentialOffer>, Failure> {
        let required = match self {
            WantedKind::Pairwise => return Ok(None),
            WantedKind::CardBeforePairwise => false,
            WantedKind::CardOnly => true,
        };
        if certificate.expired_at(now) {
            return if required {
                Err(Failure::CertificateExpired)
            } else {
                Ok(None)
            };
        }
        Ok(Some(CardCredentialOffer {
            switch: remembered,
            required,
            can_remember: !remembered,
        }))
    }

    /// The kind that is made, given what was offered and whether the switch was on.
    ///
    /// # Errors
    ///
    /// [`Failure::UnsupportedAlgorithm`] if the person declined the only kind that the site accepts.
    pub(crate) fn decide(
        offer: Option<&CardCredentialOffer>,
        switched_on: bool,
    ) -> Result<CredentialKind, Failure> {
        match offer {
            Some(_) if switched_on => Ok(CredentialKind::Card),
            Some(offer) if offer.required => Err(Failure::UnsupportedAlgorithm),
            _ => Ok(CredentialKind::Pairwise),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relying_partys_order_decides() {
        for (algorithms, wanted) in [
            (&[][..], None),
            (&[-8, -37], None),
            (&[-7], Some(WantedKind::Pairwise)),
            (&[-7, -257], Some(WantedKind::Pairwise)),
            (&[-8, -7, -257, -7], Some(WantedKind::Pairwise)),
            (&[-8, -257, -37, -7], Some(WantedKind::CardBeforePairwise)),
            (&[-257, -257, -7], Some(WantedKind::CardBeforePairwise)),
            (&[-257], Some(WantedKind::CardOnly)),
            (&[-37, -257, -8], Some(WantedKind::CardOnly)),
        ] {
            assert_eq!(
                WantedKind::from_algorithms(algorithms),
                wanted,
                "{algorithms:?}"
            );
        }
    }

    #[test]
    fn names_are_read_back() {
        for kind in CredentialKind::ALL {
            assert_eq!(CredentialKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(CredentialKind::from_name("card "), None);
    }
}
