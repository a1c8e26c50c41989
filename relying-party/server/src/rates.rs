//! How often a client may begin something, and how often a sign-in may begin under one account name.
//!
//! Counted in the database, so that replicas count together, under keyed hashes: neither addresses nor names are kept.

use std::net::IpAddr;

use crate::{ceremony::Refusal, service::Service};

/// The window, in seconds.
const WINDOW: i64 = 60;

/// Who is counted.
pub(crate) enum Counted<'a> {
    /// A client, by its address; none where the proxy did not say, which counts as one client.
    Client(Option<IpAddr>),
    /// An account name, as it is compared, whether there is such an account or not.
    Account(&'a str),
}

impl Service {
    /// Counts one more beginning.
    pub(crate) async fn count(&self, counted: Counted<'_>) -> Result<(), Refusal> {
        let limits = self.config.limits;
        let (bucket, most) = match counted {
            Counted::Client(address) => (
                self.keys
                    .rate("client", &address.map(network).unwrap_or_default()),
                limits.client_starts,
            ),
            Counted::Account(name_key) => (
                self.keys.rate("account", name_key.as_bytes()),
                limits.account_starts,
            ),
        };
        let count = self.store.count(&bucket, self.clock.now(), WINDOW).await?;
        if count > i64::from(most) {
            return Err(Refusal::TooMany);
        }
        Ok(())
    }
}

/// What one client has of addresses: an IPv4 address, or an IPv6 network of 64 bits.
fn network(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_an_ipv4_address_or_an_ipv6_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:0:0:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
