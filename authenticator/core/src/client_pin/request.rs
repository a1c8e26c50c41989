//! The parameters of authenticatorClientPIN (CTAP 2.3 §6.5.5), per subcommand.

use eid_card::Pin;

use super::SUPPORTED;
use crate::cbor::{Map, Value};
use crate::failure::Failure;
use crate::parameters::{optional, required, rp_id, unsigned};
use crate::permissions::Permissions;
use crate::pin_uv_auth::{Protocol, SharedSecret};

/// What a platform sends encrypted, and the key by which it can be read. What a subcommand has not is empty.
pub(super) struct Encrypted {
    pub(super) protocol: Protocol,
    pub(super) platform_key: Map,
    pub(super) pin_hash: Vec<u8>,
    pub(super) new_pin: Vec<u8>,
    pub(super) param: Vec<u8>,
}

impl Encrypted {
    /// Of setPIN, only to tell what is wrong with it.
    pub(super) fn set(map: &Map) -> Result<(), Failure> {
        key_agreement(map)?;
        bytes(map, 0x05, "newPinEnc")?;
        bytes(map, 0x04, "pinUvAuthParam")?;
        Protocol::from_parameter(map, 0x01)?;
        Ok(())
    }

    /// Of changePIN.
    pub(super) fn change(map: &Map) -> Result<Encrypted, Failure> {
        Ok(Encrypted {
            platform_key: key_agreement(map)?,
            param: bytes(map, 0x04, "pinUvAuthParam")?,
            new_pin: bytes(map, 0x05, "newPinEnc")?,
            pin_hash: bytes(map, 0x06, "pinHashEnc")?,
            protocol: Protocol::from_parameter(map, 0x01)?,
        })
    }

    fn of_pin(map: &Map) -> Result<Encrypted, Failure> {
        Ok(Encrypted {
            platform_key: key_agreement(map)?,
            pin_hash: bytes(map, 0x06, "pinHashEnc")?,
            protocol: Protocol::from_parameter(map, 0x01)?,
            new_pin: Vec::new(),
            param: Vec::new(),
        })
    }
}

/// A wish for a token.
pub(super) struct TokenRequest {
    pub(super) encrypted: Encrypted,
    pub(super) permissions: Permissions,
    pub(super) rp_id: Option<String>,
}

impl TokenRequest {
    /// getPinToken: for registering and signing in, at the RP ID of its first use.
    pub(super) fn of_pin_token(map: &Map) -> Result<TokenRequest, Failure> {
        let encrypted = Encrypted::of_pin(map)?;
        if map.get(0x09).is_some() || map.get(0x0A).is_some() {
            return Err(Failure::InvalidParameter("permissions"));
        }
        Ok(TokenRequest {
            encrypted,
            permissions: Permissions::MAKE_CREDENTIAL.or(Permissions::GET_ASSERTION),
            rp_id: None,
        })
    }

    /// getPinUvAuthTokenUsingPinWithPermissions.
    pub(super) fn with_permissions(map: &Map) -> Result<TokenRequest, Failure> {
        TokenRequest::read(map, Encrypted::of_pin(map)?)
    }

    /// getPinUvAuthTokenUsingUvWithPermissions.
    pub(super) fn using_uv(map: &Map) -> Result<TokenRequest, Failure> {
        let encrypted = Encrypted {
            platform_key: key_agreement(map)?,
            protocol: Protocol::from_parameter(map, 0x01)?,
            pin_hash: Vec::new(),
            new_pin: Vec::new(),
            param: Vec::new(),
        };
        TokenRequest::read(map, encrypted)
    }

    fn read(map: &Map, encrypted: Encrypted) -> Result<TokenRequest, Failure> {
        const FOR_ONE_SITE: Permissions =
            Permissions::MAKE_CREDENTIAL.or(Permissions::GET_ASSERTION);
        let bits = required(map, 0x09, "permissions", unsigned)?;
        let permissions = Permissions::from_bits(bits);
        let rp_id = optional(map, 0x0A, "rpId", Value::as_text)?
            .map(rp_id)
            .transpose()?;
        if permissions.are_none() {
            return Err(Failure::InvalidParameter("permissions"));
        }
        if !SUPPORTED.contain(permissions) {
            return Err(Failure::UnauthorizedPermission);
        }
        if rp_id.is_none() && !permissions.and(FOR_ONE_SITE).are_none() {
            return Err(Failure::Missing("rpId"));
        }
        Ok(TokenRequest {
            encrypted,
            permissions,
            rp_id,
        })
    }
}

/// The PIN that is to be the new one: 64 bytes, padded with zeros (§6.5.5.6).
///
/// # Errors
///
/// [`Failure::PinPolicyViolation`] unless it is four digits.
pub(super) fn new_pin(shared: &SharedSecret, encrypted: &[u8]) -> Result<Pin, Failure> {
    const BAD: Failure = Failure::InvalidParameter("newPinEnc");
    let padded = shared.decrypt(encrypted).ok_or(BAD)?;
    let padded: &[u8; 64] = padded.as_slice().try_into().map_err(|_| BAD)?;
    let end = padded
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    let digits = padded.get(..end).unwrap_or_default();
    let digits = str::from_utf8(digits).map_err(|_| Failure::PinPolicyViolation)?;
    Pin::parse(digits).map_err(|_| Failure::PinPolicyViolation)
}

fn key_agreement(map: &Map) -> Result<Map, Failure> {
    required(map, 0x03, "keyAgreement", Value::as_map).cloned()
}

fn bytes(map: &Map, key: i64, name: &'static str) -> Result<Vec<u8>, Failure> {
    required(map, key, name, Value::as_bytes).map(<[u8]>::to_vec)
}
