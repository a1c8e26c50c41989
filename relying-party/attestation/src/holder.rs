//! What the certificate says about its holder. All of it recognises the person everywhere, so none of it shows in
//! `Debug`, and none of it has `Display`.

use std::fmt;

use crate::time::UnixTime;

/// SHA-256 over a DER SubjectPublicKeyInfo.
///
/// A holder's key hash identifies the person at every service; `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// A key hash from its 32 bytes, for revocation sources and stored records.
    #[must_use]
    pub const fn new(sha256_of_spki: [u8; 32]) -> Self {
        Self(sha256_of_spki)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A certificate's serial number: the INTEGER's contents, big endian, without a leading zero byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SerialNumber(Vec<u8>);

impl SerialNumber {
    /// A serial number from its big-endian bytes; leading zero bytes are dropped.
    #[must_use]
    pub fn new(big_endian: &[u8]) -> Self {
        let significant = big_endian.iter().position(|byte| *byte != 0);
        Self(
            significant
                .and_then(|start| big_endian.get(start..))
                .unwrap_or_default()
                .to_vec(),
        )
    }

    /// The big-endian bytes, without leading zeros.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Where the issuer says it publishes the certificate's revocation: the DER value of the cRLDistributionPoints
/// extension, as received. In JPKI it names the issuing municipality.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DistributionPoints(Vec<u8>);

impl DistributionPoints {
    /// From the DER of a `CRLDistributionPoints` (RFC 5280 §4.2.1.13), for stored records.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Self {
        Self(der.to_vec())
    }

    /// The DER of the `CRLDistributionPoints`.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0
    }
}

/// The holder's certificate, as far as a relying party needs it to find the person again and to ask for revocation.
///
/// Name-free by intent: neither subject nor certificate is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// SHA-256 over the certificate's SubjectPublicKeyInfo.
    pub key_hash: KeyHash,
    /// SHA-256 over the issuer's SubjectPublicKeyInfo. With the serial number it names the certificate.
    pub issuer_key_hash: KeyHash,
    /// The serial number.
    pub serial: SerialNumber,
    /// The cRLDistributionPoints extension, if the certificate has one.
    pub distribution_points: Option<DistributionPoints>,
    /// First moment of the certificate's validity.
    pub not_before: UnixTime,
    /// Last moment of the certificate's validity.
    pub not_after: UnixTime,
}

macro_rules! sealed_debug {
    ($($type:ident),+) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($type), "(sealed)"))
            }
        }
    )+};
}

sealed_debug!(KeyHash, SerialNumber, DistributionPoints);
