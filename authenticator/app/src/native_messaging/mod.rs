//! The protocol with the browser extension (`docs/native-messaging.md`).

pub(crate) mod extension;
pub(crate) mod framing;
pub(crate) mod host;
pub(crate) mod incoming;
pub(crate) mod outgoing;
pub(crate) mod port;
