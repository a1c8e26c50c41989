//! How reports reach the host: over UDP, or through the relay that makes a device of the kernel's.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketAddrUnix, SocketFlags, SocketType,
    connect, recv, send, shutdown, socket_with,
};

use super::attention::PowerUp;
use super::ctaphid::{Message, REPORT_LENGTH, Report};
use super::service::Event;
use super::uhid::MOST_REPORTS;

/// Whom an answer goes to. Only over UDP is there more than one.
pub(crate) type Peer = Option<SocketAddr>;

/// The kernel keeps 64 reports for a program that reads a device, and drops what comes then. A device on a real bus sends at most
/// one in a millisecond; so do we, once half of that has gone at once.
const AT_ONCE: usize = 32;
const PACE: Duration = Duration::from_millis(1);

/// How long the relay may take to take in a report.
const RELAY: Duration = Duration::from_secs(2);

/// One way to the host.
pub(crate) enum Wire {
    /// Datagrams of one report each, to and from programs on this computer.
    Udp {
        socket: Arc<UdpSocket>,
        /// The power-up whose device is plugged in, or 0.
        plugged: Arc<AtomicU64>,
    },
    /// A device of the kernel's, which exists as long as the connection to the relay.
    Relay {
        path: PathBuf,
        connection: Option<Arc<OwnedFd>>,
        events: SyncSender<Event>,
    },
}

impl Wire {
    /// Over UDP at this address, which must be of this computer alone. Tells the address: the port may have been 0.
    ///
    /// # Errors
    /// If the address cannot be had.
    pub(crate) fn udp(
        address: SocketAddr,
        events: SyncSender<Event>,
    ) -> io::Result<(Wire, SocketAddr)> {
        if !address.ip().is_loopback() {
            return Err(io::ErrorKind::AddrNotAvailable.into());
        }
        let socket = Arc::new(UdpSocket::bind(address)?);
        let address = socket.local_addr()?;
        let plugged = Arc::new(AtomicU64::new(0));
        let (from, now) = (Arc::clone(&socket), Arc::clone(&plugged));
        thread::Builder::new()
            .name("reports".into())
            .spawn(move || hear_datagrams(&from, &now, &events))?;
        Ok((Wire::Udp { socket, plugged }, address))
    }

    /// Through the relay that listens at this path.
    pub(crate) fn relay(path: &Path, events: SyncSender<Event>) -> Wire {
        Wire::Relay {
            path: path.to_owned(),
            connection: None,
            events,
        }
    }

    /// Makes the device.
    ///
    /// # Errors
    /// If the relay is not there.
    pub(crate) fn plug_in(&mut self, power_up: PowerUp) -> io::Result<()> {
        match self {
            Wire::Udp { plugged, .. } => {
                plugged.store(power_up.0, Ordering::SeqCst);
                Ok(())
            }
            Wire::Relay {
                path,
                connection,
                events,
            } => {
                let socket = socket_with(
                    AddressFamily::UNIX,
                    SocketType::SEQPACKET,
                    SocketFlags::CLOEXEC,
                    None,
                )?;
                set_socket_timeout(&socket, Timeout::Send, Some(RELAY))?;
                connect(&socket, &SocketAddrUnix::new(&*path)?)?;
                let socket = Arc::new(socket);
                let (from, events) = (Arc::clone(&socket), events.clone());
                thread::Builder::new()
                    .name("reports".into())
                    .spawn(move || hear_relay(&from, power_up, &events))?;
                *connection = Some(socket);
                Ok(())
            }
        }
    }

    /// Takes the device away.
    pub(crate) fn unplug(&mut self) {
        match self {
            Wire::Udp { plugged, .. } => plugged.store(0, Ordering::SeqCst),
            Wire::Relay { connection, .. } => {
                if let Some(socket) = connection.take() {
                    // The thread that reads ends with it. It fails only if the other side was faster.
                    let _ = shutdown(&socket, Shutdown::Both);
                }
            }
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// If the device is gone.
    pub(crate) fn send(&self, message: &Message, peer: Peer) -> io::Result<()> {
        for (at, report) in message.reports().enumerate() {
            if at >= AT_ONCE {
                thread::sleep(PACE);
            }
            match self {
                Wire::Udp { socket, .. } => {
                    if let Some(peer) = peer {
                        // Whoever does not listen any more misses it.
                        let _ = socket.send_to(&report, peer);
                    }
                }
                Wire::Relay {
                    connection: Some(socket),
                    ..
                } => {
                    send(socket, &report, SendFlags::NOSIGNAL)?;
                }
                Wire::Relay {
                    connection: None, ..
                } => return Err(io::ErrorKind::NotConnected.into()),
            }
        }
        Ok(())
    }
}

fn hear_datagrams(socket: &UdpSocket, plugged: &AtomicU64, events: &SyncSender<Event>) {
    // One byte more than a report, so that longer ones are told from reports.
    let mut datagram = [0; REPORT_LENGTH + 1];
    loop {
        let Ok((length, from)) = socket.recv_from(&mut datagram) else {
            // The answer to an earlier report found nobody. Should it be something that stays, this does not spin.
            thread::sleep(PACE);
            continue;
        };
        let power_up = PowerUp(plugged.load(Ordering::SeqCst));
        let report = datagram
            .get(..length)
            .and_then(|it| Report::try_from(it).ok());
        if let Some(report) = report
            && power_up != PowerUp::default()
            && events
                .send(Event::Report(power_up, report, Some(from)))
                .is_err()
        {
            return;
        }
    }
}

fn hear_relay(socket: &OwnedFd, power_up: PowerUp, events: &SyncSender<Event>) {
    let mut reports = [0; REPORT_LENGTH * MOST_REPORTS];
    loop {
        let length = match recv(socket, &mut reports, RecvFlags::empty()) {
            Ok((0, _)) => break,
            Ok((length, _)) => length,
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => break,
        };
        for report in reports.get(..length).unwrap_or_default().as_chunks().0 {
            if events.send(Event::Report(power_up, *report, None)).is_err() {
                return;
            }
        }
    }
    let _ = events.send(Event::Unplugged(power_up));
}
