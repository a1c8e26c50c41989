//! What a credential's key is, chosen by the relying party's order of algorithms.

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

    /// The kind for the first algorithm in the relying party's order that one has.
    pub(crate) fn choose(algorithms: impl IntoIterator<Item = i64>) -> Option<CredentialKind> {
        algorithms.into_iter().find_map(|algorithm| {
            [CredentialKind::Pairwise]
                .into_iter()
                .find(|kind| kind.algorithm() == algorithm)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relying_partys_order_decides() {
        assert_eq!(
            CredentialKind::choose([-8, -257, -7]),
            Some(CredentialKind::Pairwise)
        );
        assert_eq!(CredentialKind::choose([-257]), None);
        assert_eq!(CredentialKind::choose([]), None);
    }

    #[test]
    fn names_are_read_back() {
        for kind in CredentialKind::ALL {
            assert_eq!(CredentialKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(CredentialKind::from_name("card "), None);
    }
}
