//! Attestation statements.

use eid_card::SignatureAlgorithm;

use crate::cbor::{Map, Value};
use crate::credential::CredentialKind;

/// Attestation by the holder's certificate (`docs/attestation-format.md`).
pub(crate) const EID_X509: &str = "eid-x509";

/// Packed attestation (WebAuthn L3 §8.2); here always self attestation.
pub(crate) const PACKED: &str = "packed";

/// An attestation statement with its format.
pub(crate) struct Statement {
    pub(crate) format: &'static str,
    pub(crate) statement: Map,
}

impl Statement {
    /// None attestation (WebAuthn L3 §8.7).
    pub(crate) fn none() -> Statement {
        Statement {
            format: "none",
            statement: Map::new(),
        }
    }

    /// Self attestation: `signature` is by the credential's own key.
    pub(crate) fn packed_self(kind: CredentialKind, signature: Vec<u8>) -> Statement {
        Statement {
            format: PACKED,
            statement: Map::new()
                .with("alg", kind.algorithm())
                .with("sig", signature),
        }
    }

    /// Attestation by the card: `signature` is by the key in the certificate.
    pub(crate) fn eid_x509(
        algorithm: SignatureAlgorithm,
        signature: Vec<u8>,
        certificate: &[u8],
    ) -> Statement {
        Statement {
            format: EID_X509,
            statement: Map::new()
                .with("alg", algorithm.cose_id())
                .with("sig", signature)
                .with("x5c", vec![Value::from(certificate)]),
        }
    }
}
