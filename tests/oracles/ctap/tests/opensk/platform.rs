//! The platform's side of the PIN protocols: Firefox's.

use authenticator::Pin;
use authenticator::crypto::{PinUvAuthProtocol, PinUvAuthToken, SharedSecret};
use authenticator::ctap2::commands::client_pin::{
    ClientPINSubCommand, GetKeyAgreement, GetPinUvAuthTokenUsingPinWithPermissions,
    PinUvAuthTokenPermission, SetNewPin,
};
use serde_cbor::to_vec;

use crate::parties::Party;

pub const PIN: &str = "1234";
pub const CHANNEL: u32 = 1;

/// Sends a subcommand of authenticatorClientPIN: its answer, or the status.
pub fn client_pin<C: ClientPINSubCommand>(
    party: &mut dyn Party,
    command: &C,
) -> Result<C::Output, u8> {
    let mut request = vec![0x06];
    request.extend(to_vec(&command.as_client_pin().unwrap()).unwrap());
    match party.send(CHANNEL, &request).as_slice() {
        [0, body @ ..] => Ok(command.parse_response_payload(body).unwrap()),
        [status] => Err(*status),
        other => panic!("not an answer: {other:02x?}"),
    }
}

pub fn shared_secret(party: &mut dyn Party, protocol: u64) -> SharedSecret {
    let protocol = PinUvAuthProtocol::from_id(protocol).unwrap();
    let answer = client_pin(party, &GetKeyAgreement::new(protocol.clone())).unwrap();
    protocol
        .encapsulate(&answer.key_agreement.unwrap())
        .unwrap()
}

pub fn set_pin(party: &mut dyn Party, pin: &str) {
    let secret = shared_secret(party, 2);
    client_pin(party, &SetNewPin::new(&secret, &Pin::new(pin))).unwrap();
}

/// A token with these permissions, or the status.
pub fn token(
    party: &mut dyn Party,
    protocol: u64,
    pin: &str,
    permissions: u8,
    rp_id: Option<&str>,
) -> Result<PinUvAuthToken, u8> {
    let secret = shared_secret(party, protocol);
    let permissions = PinUvAuthTokenPermission::from_bits(permissions).unwrap();
    let pin = Pin::new(pin);
    let rp_id = rp_id.map(str::to_owned);
    let command = GetPinUvAuthTokenUsingPinWithPermissions::new(&secret, &pin, permissions, rp_id);
    let answer = client_pin(party, &command)?;
    let encrypted = answer.pin_token.unwrap();
    Ok(secret.decrypt_pin_token(permissions, &encrypted).unwrap())
}

/// pinUvAuthParam for a message.
pub fn param(token: &PinUvAuthToken, message: &[u8]) -> Vec<u8> {
    let param = token.clone().derive(message).unwrap();
    serde_cbor::from_slice::<serde_bytes::ByteBuf>(&to_vec(&param).unwrap())
        .unwrap()
        .into_vec()
}
