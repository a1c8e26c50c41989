//! What WebAuthn asks of a client: origin, RP ID, client data, and the way from options to CTAP and back.

pub(crate) mod client_data;
pub(crate) mod large_blob;
pub(crate) mod options;
pub(crate) mod origin;
pub(crate) mod prf;
pub(crate) mod request;
pub(crate) mod response;
