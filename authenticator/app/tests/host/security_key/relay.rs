//! What stands where the privileged relay listens.

use super::*;

/// Stands where the privileged relay listens.
pub(crate) struct Relay {
    pub(super) socket: OwnedFd,
    pub(super) _folder: tempfile::TempDir,
}

impl Relay {
    /// The connection of the next device.
    pub(crate) fn next_device(&self) -> RelayedDevice {
        let connection = accept(&self.socket).unwrap();
        set_socket_timeout(&connection, Timeout::Recv, Some(HANGING)).unwrap();
        RelayedDevice(connection)
    }
}

/// A device, as the relay sees it.
pub(crate) struct RelayedDevice(OwnedFd);

impl RelayedDevice {
    /// Hands on an initialization packet of the host's.
    pub(crate) fn send_report(&self, command: u8, channel: u32, payload: &[u8]) {
        let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
        let mut report = [&channel.to_be_bytes(), &[command][..], &length, payload].concat();
        report.resize(64, 0);
        send(&self.0, &report, SendFlags::empty()).unwrap();
    }

    /// The next report to the host.
    pub(crate) fn report(&self) -> [u8; 64] {
        let mut report = [0; 65];
        let (length, _) = recv(&self.0, &mut report[..], RecvFlags::empty()).unwrap();
        report[..length].try_into().unwrap()
    }

    /// Waits until the service hangs up.
    pub(crate) fn wait_until_unplugged(&self) {
        let mut rest = [0; 65];
        let (length, _) = recv(&self.0, &mut rest[..], RecvFlags::empty()).unwrap();
        assert_eq!(length, 0, "nothing was asked");
    }
}
