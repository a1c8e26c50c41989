//! The key of the credential that is registered (COSE_Key, RFC 9052 §7), and whose it is.

use crate::cbor::Reader;
use crate::faults::{CborFault, CredentialKeyFault, KeyKind};

/// Whose key the registered credential has. It decides what every later sign-in with it proves.
///
/// Compared are the numbers of the two keys, modulus and exponent or the point, each in its one encoding. A key that
/// differs in one bit is another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CredentialKey {
    /// The certificate's: a *card* credential. Its private half is in the card, so each sign-in is a fresh signature by the
    /// key that the issuer certified.
    ///
    /// The public key is the same at every service and recognises the person, like the certificate's serial number: keep it
    /// as carefully. Legacy clients have the card sign any digest, sign-ins with such a credential included
    /// (`docs/attestation-format.md`, *Security considerations*).
    Certificate,
    /// Some other key: a *pairwise* credential, as a rule. The card signed that it was registered, and no more is known:
    /// sign-ins prove that other key, not the card.
    Other,
}

/// A credential's public key, read strictly.
#[derive(Clone, Copy)]
pub(crate) enum CoseKey<'a> {
    /// RFC 8230 §4.
    Rsa {
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
    /// RFC 9053 §7.1.1. Whether the point is on the curve is the WebAuthn library's business.
    Ec {
        curve: KeyKind,
        x: &'a [u8],
        y: &'a [u8],
    },
    /// A key for an algorithm that no certificate has here.
    Other,
}

/// COSE_Key members and values.
const KTY: i64 = 1;
const ALG: i64 = 3;
const KTY_EC2: i64 = 2;
const KTY_RSA: i64 = 3;
const ES256: i64 = -7;
const ES384: i64 = -35;
const RS256: i64 = -257;

const KEY: &str = "credentialPublicKey";
const WRONG_MEMBERS: CredentialKeyFault =
    CredentialKeyFault::Encoding(CborFault::WrongMembers { map: KEY });

/// 65537: the exponent of every card's key, and of every key that is still made.
const EXPONENT: &[u8] = &[1, 0, 1];
/// Bits of an RSA modulus.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

impl<'a> CoseKey<'a> {
    /// From CBOR that is known to be canonical, so that the order of members is known too.
    pub(crate) fn parse(key: &'a [u8]) -> Result<Self, CredentialKeyFault> {
        let (kty, alg) = type_and_algorithm(key)?;
        match (kty, alg) {
            (KTY_RSA, RS256) => rsa(key),
            // RS512 above all: authenticators derive keys from such signatures of a card.
            (KTY_RSA, _) => Err(CredentialKeyFault::RsaAlgorithm { alg }),
            (KTY_EC2, ES256) => ec(key, 1, 32, KeyKind::P256),
            (KTY_EC2, ES384) => ec(key, 2, 48, KeyKind::P384),
            (_, RS256 | ES256 | ES384) => Err(CredentialKeyFault::KeyType { alg }),
            _ => Ok(Self::Other),
        }
    }
}

/// WebAuthn L3 §6.5.1.1: the key says its type and its algorithm.
fn type_and_algorithm(key: &[u8]) -> Result<(i64, i64), CredentialKeyFault> {
    let mut reader = Reader::new(key);
    let pairs = reader.map(KEY)?;
    let (mut kty, mut alg) = (None, None);
    for _ in 0..pairs {
        match reader.integer(KEY)? {
            KTY => kty = Some(reader.integer("kty")?),
            ALG => alg = Some(reader.integer("alg")?),
            _ => {
                reader.item()?;
            }
        }
    }
    kty.zip(alg).ok_or(WRONG_MEMBERS)
}

/// `{1: 3, 3: -257, -1: n, -2: e}`.
fn rsa(key: &[u8]) -> Result<CoseKey<'_>, CredentialKeyFault> {
    let mut reader = own_members(key, 4)?;
    let modulus = number(&mut reader, -1, "n")?;
    let exponent = number(&mut reader, -2, "e")?;
    let bits = modulus.len() * 8
        - modulus
            .first()
            .map_or(0, |first| first.leading_zeros() as usize);
    if !MODULUS_BITS.contains(&bits) {
        return Err(CredentialKeyFault::RsaSize { bits });
    }
    if exponent != EXPONENT {
        return Err(CredentialKeyFault::RsaExponent);
    }
    Ok(CoseKey::Rsa { modulus, exponent })
}

/// `{1: 2, 3: alg, -1: crv, -2: x, -3: y}`.
fn ec(
    key: &[u8],
    crv: i64,
    length: usize,
    curve: KeyKind,
) -> Result<CoseKey<'_>, CredentialKeyFault> {
    let mut reader = own_members(key, 5)?;
    member(&mut reader, -1)?;
    if reader.integer("crv")? != crv {
        return Err(CredentialKeyFault::Curve);
    }
    let mut coordinate = |label, name| {
        member(&mut reader, label)?;
        let bytes = reader.bytes(name)?;
        if bytes.len() == length {
            Ok(bytes)
        } else {
            Err(CredentialKeyFault::CoordinateLength {
                bytes: bytes.len(),
                length,
            })
        }
    };
    let x = coordinate(-2, "x")?;
    let y = coordinate(-3, "y")?;
    Ok(CoseKey::Ec { curve, x, y })
}

/// What follows `kty` and `alg` in a key of exactly so many members.
fn own_members(key: &[u8], pairs: usize) -> Result<Reader<'_>, CredentialKeyFault> {
    let mut reader = Reader::new(key);
    if reader.map(KEY)? != pairs {
        return Err(WRONG_MEMBERS);
    }
    for label in [KTY, ALG] {
        member(&mut reader, label)?;
        reader.integer(KEY)?;
    }
    Ok(reader)
}

fn member(reader: &mut Reader<'_>, label: i64) -> Result<(), CredentialKeyFault> {
    if reader.integer(KEY)? == label {
        Ok(())
    } else {
        Err(WRONG_MEMBERS)
    }
}

/// RFC 8230 §4: big endian, without leading zero bytes.
fn number<'a>(
    reader: &mut Reader<'a>,
    label: i64,
    name: &'static str,
) -> Result<&'a [u8], CredentialKeyFault> {
    member(reader, label)?;
    let bytes = reader.bytes(name)?;
    if bytes.first() == Some(&0) {
        return Err(CredentialKeyFault::LeadingZero { member: name });
    }
    Ok(bytes)
}
