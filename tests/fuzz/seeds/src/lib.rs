//! What the fuzz targets start from: inputs made from the test vectors, so that they stay in step with the formats.
#![forbid(unsafe_code)]

pub mod age;
mod card;
mod ctap;
mod hid;
mod management;
mod messages;
mod stored;
pub mod vectors;
mod verifier;

/// A target's name and its inputs.
pub type Seeds = (&'static str, Vec<Vec<u8>>);

/// Inputs for every target that is given any.
pub fn all() -> Vec<Seeds> {
    vec![
        ("ctap_commands", ctap::commands()),
        ("make_credential", ctap::make_credential()),
        ("get_assertion", ctap::get_assertion()),
        ("ctap_sequences", ctap::sequences()),
        ("ctap_management", management::sequences()),
        ("credential_ids", stored::credential_ids()),
        ("sealed_blobs", stored::sealed_blobs()),
        ("backup_files", stored::backup_files()),
        ("backup_envelopes", age::seeds()),
        ("card_answers", card::answers()),
        ("pin_pads", card::pads()),
        ("card_certificates", card::certificates()),
        ("ctaphid", hid::reports()),
        ("native_stream", messages::streams()),
        ("native_messages", messages::messages()),
        ("rp_ids", messages::rp_ids()),
        ("client_data", messages::client_data()),
        ("attestation_objects", verifier::attestation_objects()),
        ("certificates", verifier::certificates()),
        ("cbor", verifier::cbor()),
    ]
}
