//! Firefox's reading of answers.

use authenticator::MakeCredentialsResult;
use authenticator::ctap2::commands::client_pin::ClientPinResponse;
use authenticator::ctap2::commands::credential_management::CredentialManagementResponse;
use authenticator::ctap2::commands::get_assertion::GetAssertionResponse;
use authenticator::ctap2::commands::get_info::AuthenticatorInfo;
use serde_cbor::from_slice;

/// Fails if Firefox cannot read what an authenticator answered.
pub fn reads(request: &[u8], response: &[u8]) {
    let body = match response {
        [0, body @ ..] if !body.is_empty() => body,
        _ => return,
    };
    let read = match request[0] {
        0x01 => from_slice::<MakeCredentialsResult>(body).map(drop),
        0x02 | 0x08 => from_slice::<GetAssertionResponse>(body).map(drop),
        0x04 => from_slice::<AuthenticatorInfo>(body).map(drop),
        0x06 => from_slice::<ClientPinResponse>(body).map(drop),
        0x0A => from_slice::<CredentialManagementResponse>(body).map(drop),
        // Firefox has no large blobs.
        0x0C => return,
        command => panic!("command {command:#04x} has no answer"),
    };
    if let Err(error) = read {
        panic!("Firefox cannot read the answer to {request:02x?}: {error}\n{response:02x?}");
    }
}
