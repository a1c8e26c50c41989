//! Verifies `eid-x509` attestations: that a WebAuthn registration was signed by the eID card of a person whose
//! certificate chains to a pinned national certification authority.
//!
//! The format is specified in `docs/attestation-format.md`. This crate is what a relying party embeds; it needs no
//! particular server, database or clock. It judges the attestation only: type, challenge, origin, RP ID and the
//! credential's algorithm remain the WebAuthn library's business, on the *same bytes*
//! ([`Verdict::none_rewrap`] makes them acceptable to one that knows nothing of this format). Accept a registration
//! only if both pass.
//!
//! | you have | you call | you get |
//! |---|---|---|
//! | a registration's attestation object and client data hash | [`verify`] | [`Verdict`] or the one reason, [`Refused`] |
//! | the same, and want to know why | [`explain_registration`] | [`Report`]: the outcome of every [`Rule`] |
//! | a certificate file | [`explain_certificate`] | the same, for the certificate alone |
//!
//! Who is trusted is data: a [`Profile`] names one issuer, its pinned anchors and what its certificates look like.

#![forbid(unsafe_code)]

mod attestation_object;
mod authenticator_data;
mod cbor;
mod certificate;
mod faults;
mod holder;
mod profile;
mod refused;
mod report;
mod revocation;
mod rules;
mod statement;
mod time;
mod verdict;
mod verify;

pub use der::asn1::ObjectIdentifier;
pub use faults::{AuthenticatorDataFault, CborFault, EncodingFault, KeyKind, StatementFault};
pub use holder::{DistributionPoints, Holder, KeyHash, SerialNumber};
pub use profile::{Anchor, AnchorError, Class, Profile, ProfileError, Profiles};
pub use refused::Refused;
pub use report::{AnchorSummary, Outcome, ProfileSummary, Report, RuleOutcome};
pub use revocation::{
    Revocation, RevocationOutcome, RevocationQuery, RevocationReason, RevocationStatus,
};
pub use rules::Rule;
pub use time::UnixTime;
pub use verdict::Verdict;
pub use verify::{explain_certificate, explain_registration, verify};

/// The attestation statement format identifier, as in `fmt`.
pub const FORMAT: &str = "eid-x509";
