//! A desk at which the security key asks in windows.

use jpki_lab::pinentry::ScriptedPinentry;

use super::bench::Bench;
use super::security_key::SecurityKey;
use super::security_key::client::Client;

/// A computer with readers and cards, the program as a security key, the pinentry that it asks in, and a client of the key.
pub(crate) struct Desk {
    pub(crate) bench: Bench,
    pub(crate) pinentry: ScriptedPinentry,
    pub(crate) key: SecurityKey,
    pub(crate) client: Client,
}

impl Desk {
    pub(crate) fn of(bench: Bench) -> Desk {
        let pinentry = ScriptedPinentry::new().unwrap();
        let key = bench.computer.security_key_with_windows(&pinentry);
        let client = key.connect();
        Desk {
            bench,
            pinentry,
            key,
            client,
        }
    }
}
