//! The crate `ctaphid` as another host, over the same datagrams.

use super::*;

/// Another host's library, over the same datagrams.
pub(crate) struct Datagrams(UdpSocket);

impl Datagrams {
    /// To this key.
    pub(crate) fn to(key: &SecurityKey) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(key.address).unwrap();
        Self(socket)
    }
}

#[derive(Debug)]
pub(crate) struct Info;

impl ctaphid::HidDeviceInfo for Info {
    fn vendor_id(&self) -> u16 {
        0
    }

    fn product_id(&self) -> u16 {
        0
    }

    fn path(&self) -> Cow<'_, str> {
        "datagrams".into()
    }
}

impl ctaphid::HidDevice for Datagrams {
    type Info = Info;

    fn send(&self, data: &[u8]) -> Result<(), RequestError> {
        let sent = self.0.send(&data[1..]);
        sent.map(drop)
            .map_err(|error| RequestError::PacketSendingFailed(error.into()))
    }

    fn receive<'a>(
        &self,
        buffer: &'a mut [u8],
        _: Option<Duration>,
    ) -> Result<&'a [u8], ResponseError> {
        self.0.set_read_timeout(Some(HANGING)).unwrap();
        match self.0.recv(buffer) {
            Ok(length) => Ok(&buffer[..length]),
            Err(error) => Err(ResponseError::PacketReceivingFailed(error.into())),
        }
    }
}
