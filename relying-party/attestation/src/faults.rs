//! What exactly is wrong with an encoding: the details of a refusal.

use std::fmt;

use der::asn1::ObjectIdentifier;

/// What is wrong with CBOR that must be canonical (CTAP 2.1 §8, "message encoding").
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborFault {
    /// Larger than a verifier reads.
    #[error("{bytes} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The size allowed.
        limit: usize,
    },
    /// The input ends inside an item.
    #[error("it ends too early")]
    EndsEarly,
    /// Bytes follow the end.
    #[error("{bytes} bytes follow its end")]
    TrailingBytes {
        /// How many.
        bytes: usize,
    },
    /// An indefinite length.
    #[error("an indefinite length")]
    IndefiniteLength,
    /// A length or integer is not in its shortest form.
    #[error("a length or number not in its shortest form")]
    NotShortest,
    /// Keys of a map are not sorted, or one occurs twice.
    #[error("a map's keys not sorted, or one twice")]
    KeyOrder,
    /// A text string is not UTF-8.
    #[error("a text string that is not UTF-8")]
    NotUtf8,
    /// A tag, floating-point number or simple value, none of which belong here.
    #[error("a tag, floating-point number or unknown simple value")]
    UnexpectedItem,
    /// An item has another type than the specification says.
    #[error("\"{member}\" does not have the type it should")]
    WrongType {
        /// Where.
        member: &'static str,
    },
    /// A map does not have exactly the members it should.
    #[error("\"{map}\" does not have exactly the members it should")]
    WrongMembers {
        /// Which map.
        map: &'static str,
    },
    /// Maps and arrays are nested more deeply than CTAP allows.
    #[error("nested more deeply than four levels")]
    TooDeep,
}

/// What is wrong with an attestation statement of our format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementFault {
    /// The format identifier is not printable ASCII of at most 32 characters (RFC 8809 §2.1).
    #[error("a format identifier that is not one")]
    FormatIdentifier,
    /// The members of `attStmt`.
    #[error("{0}")]
    Members(CborFault),
    /// `x5c` has not exactly one certificate.
    #[error("x5c has {count} certificates; it must have exactly one")]
    CertificateCount {
        /// How many.
        count: usize,
    },
}

/// What is wrong with authenticator data (WebAuthn L3 §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticatorDataFault {
    /// It ends before its flags say it should.
    #[error("it ends too early")]
    EndsEarly,
    /// Bytes follow its end.
    #[error("{bytes} bytes follow its end")]
    TrailingBytes {
        /// How many.
        bytes: usize,
    },
    /// The AT flag is not set.
    #[error("no attested credential data")]
    NoCredential,
    /// The UP flag is not set.
    #[error("the user was not present")]
    UserNotPresent,
    /// The UV flag is not set.
    #[error("the user was not verified")]
    UserNotVerified,
    /// BS without BE.
    #[error("the credential is said to be backed up but not eligible for it")]
    BackedUpButNotEligible,
    /// The credential ID is empty or longer than 1023 bytes.
    #[error("a credential ID of {bytes} bytes")]
    CredentialIdLength {
        /// Its length.
        bytes: usize,
    },
    /// The credential public key is not one that may be registered.
    #[error("the credential public key: {0}")]
    CredentialKey(CredentialKeyFault),
    /// The extension outputs are not a canonical CBOR map.
    #[error("the extension outputs: {0}")]
    Extensions(CborFault),
}

/// What is wrong with a credential public key (WebAuthn L3 §6.5.1.1, RFC 9053 §7.1.1, RFC 8230 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialKeyFault {
    /// It is not a canonical COSE key with the members of its type.
    #[error("{0}")]
    Encoding(#[from] CborFault),
    /// It is not of the type that its algorithm has.
    #[error("its type is not that of its algorithm {alg}")]
    KeyType {
        /// The COSE algorithm identifier.
        alg: i64,
    },
    /// An RSA key for another algorithm than RS256.
    #[error("it is an RSA key, and its algorithm is {alg}; only -257 (RS256) is allowed")]
    RsaAlgorithm {
        /// The COSE algorithm identifier.
        alg: i64,
    },
    /// A number of an RSA key begins with a zero byte.
    #[error("\"{member}\" begins with a zero byte")]
    LeadingZero {
        /// `n` or `e`.
        member: &'static str,
    },
    /// The RSA modulus is too short or too long.
    #[error("an RSA modulus of {bits} bits; 2048 to 8192 are allowed")]
    RsaSize {
        /// Its bits.
        bits: usize,
    },
    /// The RSA exponent is another.
    #[error("an RSA exponent other than 65537")]
    RsaExponent,
    /// The curve is not that of the algorithm.
    #[error("its curve is not that of its algorithm")]
    Curve,
    /// A coordinate is not as long as the curve's.
    #[error("a coordinate of {bytes} bytes; the curve has {length}")]
    CoordinateLength {
        /// Its length.
        bytes: usize,
        /// The curve's.
        length: usize,
    },
}

/// What is wrong with a certificate's encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodingFault {
    /// Larger than a verifier reads.
    #[error("{bytes} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The size allowed.
        limit: usize,
    },
    /// The input ends inside a value.
    #[error("it ends too early")]
    EndsEarly,
    /// Bytes follow the end.
    #[error("{bytes} bytes follow its end")]
    TrailingBytes {
        /// How many.
        bytes: usize,
    },
    /// An indefinite length, or a length not in its shortest form.
    #[error("a length that is indefinite or not in its shortest form")]
    Length,
    /// A tag number above 30, or a constructed string.
    #[error("a tag that certificates do not have")]
    Tag,
    /// A value whose contents are not the one DER form of that type.
    #[error("{0} not in the form that DER requires")]
    Value(&'static str),
    /// The members of a SET OF are not in order.
    #[error("a SET OF not in order")]
    SetOrder,
    /// Values are nested more deeply than certificates are.
    #[error("nested more deeply than certificates are")]
    TooDeep,
    /// It does not have the structure of a certificate (RFC 5280 §4.1).
    #[error("it does not have the structure of a certificate")]
    Structure,
    /// It could be written otherwise than it is, e.g. a default value is written out (X.690 §11.5) or a date before 2050 is
    /// not a UTCTime (RFC 5280 §4.1.2.5).
    #[error("it has another encoding than the one DER allows")]
    NotCanonical,
    /// An extension that a rule reads does not have its structure.
    #[error(
        "the extension {extension} does not have its structure, or another encoding than the one DER allows"
    )]
    Extension {
        /// Its object identifier.
        extension: ObjectIdentifier,
    },
}

/// What kind of key a certificate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// RSA.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
        /// The public exponent, or none if it has more than 32 bits.
        exponent: Option<u32>,
    },
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// A key of another algorithm or in another form.
    Other,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa {
                bits,
                exponent: Some(e),
            } => write!(f, "RSA with {bits} bits and e = {e}"),
            Self::Rsa {
                bits,
                exponent: None,
            } => write!(f, "RSA with {bits} bits and e above 32 bits"),
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::Other => f.write_str("of an unknown kind"),
        }
    }
}
