//! The parameters of authenticatorCredentialManagement (CTAP 2.3 §6.8.1).

use crate::authenticator::Transport;
use crate::cbor::{self, Map, Value};
use crate::failure::Failure;
use crate::parameters::{PinUvAuthParam, decode, name, optional, pin_uv_auth, required, unsigned};
use crate::ports::AccountName;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subcommand {
    GetCredsMetadata,
    EnumerateRpsBegin,
    EnumerateRpsGetNextRp,
    EnumerateCredentialsBegin,
    EnumerateCredentialsGetNextCredential,
    DeleteCredential,
    UpdateUserInformation,
}

impl Subcommand {
    fn from_number(number: u64) -> Option<Subcommand> {
        Some(match number {
            0x01 => Subcommand::GetCredsMetadata,
            0x02 => Subcommand::EnumerateRpsBegin,
            0x03 => Subcommand::EnumerateRpsGetNextRp,
            0x04 => Subcommand::EnumerateCredentialsBegin,
            0x05 => Subcommand::EnumerateCredentialsGetNextCredential,
            0x06 => Subcommand::DeleteCredential,
            0x07 => Subcommand::UpdateUserInformation,
            _ => return None,
        })
    }
}

/// A request, whose subcommand's own parameters are read by that subcommand.
pub(super) struct Request {
    pub(super) subcommand: Subcommand,
    parameters: Option<Map>,
    pub(super) pin_uv_auth: Option<PinUvAuthParam>,
    /// What `pinUvAuthParam` is over: subCommand ‖ subCommandParams, as they came.
    pub(super) authenticated: Vec<u8>,
}

/// The `user` to replace the one that is stored.
pub(super) struct User<'r> {
    pub(super) id: &'r [u8],
    pub(super) account: AccountName,
}

impl Request {
    pub(super) fn parse(parameters: &[u8], transport: Transport) -> Result<Request, Failure> {
        let map = decode(parameters)?;
        let number = required(&map, 0x01, "subCommand", unsigned)?;
        let subcommand = Subcommand::from_number(number).ok_or(Failure::InvalidSubcommand)?;
        let parameters = optional(&map, 0x02, "subCommandParams", Value::as_map)?;
        // They were canonical, so encoding them again gives the bytes that came.
        let encoded = parameters.map(|map| cbor::encode(&map.clone().into()));
        let mut authenticated: Vec<u8> = u8::try_from(number).into_iter().collect();
        authenticated.extend(encoded.unwrap_or_default());
        Ok(Request {
            subcommand,
            parameters: parameters.cloned(),
            pin_uv_auth: pin_uv_auth(&map, 0x04, 0x03, transport)?,
            authenticated,
        })
    }

    /// Which relying party.
    pub(super) fn rp_id_hash(&self) -> Result<[u8; 32], Failure> {
        required(self.parameters()?, 0x01, "rpIDHash", Value::as_bytes)?
            .try_into()
            .map_err(|_| Failure::InvalidParameter("rpIDHash"))
    }

    /// Which credential.
    pub(super) fn credential_id(&self) -> Result<&[u8], Failure> {
        let descriptor = required(self.parameters()?, 0x02, "credentialID", Value::as_map)?;
        required(descriptor, "type", "credentialID.type", Value::as_text)?;
        required(descriptor, "id", "credentialID.id", Value::as_bytes)
    }

    /// The names that its account is to have. One that is empty is none.
    pub(super) fn user(&self) -> Result<User<'_>, Failure> {
        let user = required(self.parameters()?, 0x03, "user", Value::as_map)?;
        let named = |key, what| -> Result<Option<String>, Failure> {
            Ok(name(user, key, what)?.filter(|name| !name.is_empty()))
        };
        Ok(User {
            id: required(user, "id", "user.id", Value::as_bytes)?,
            account: AccountName {
                name: named("name", "user.name")?,
                display_name: named("displayName", "user.displayName")?,
            },
        })
    }

    fn parameters(&self) -> Result<&Map, Failure> {
        self.parameters
            .as_ref()
            .ok_or(Failure::Missing("subCommandParams"))
    }
}
