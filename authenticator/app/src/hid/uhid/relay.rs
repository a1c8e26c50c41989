//! The relay: one device while a service is connected, and its reports. It understands nothing of what it carries.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, MetadataExt, lchown};
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::net::sockopt::{socket_peercred, socket_type};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrUnix, SocketFlags, SocketType, accept_with,
    bind, getsockname, listen, recv, send, socket_with,
};
use rustix::process::geteuid;

use super::event::{Asked, LONGEST, create, destroy, input, understand};
use super::{MOST_REPORTS, privileges};
use crate::hid::ctaphid::REPORT_LENGTH;

/// The kernel's way in.
const UHID: &str = "/dev/uhid";

/// Where the sockets of the users are, each named after its user's number.
pub(crate) const SOCKETS: &str = "/run/jpki-authenticator";

/// The socket of a user.
pub(crate) fn socket_of(user: u32) -> PathBuf {
    Path::new(SOCKETS).join(format!("{user}.socket"))
}

/// Why there is no relay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RelayError {
    /// `/dev/uhid` cannot be opened.
    #[error("{UHID}: {0}")]
    Uhid(io::Error),
    /// Standard input is not a connection that systemd accepted on a user's socket.
    #[error("standard input is no connection to a user's socket")]
    NoConnection,
    /// Somebody else than the socket's user connected.
    #[error("another user than the socket's is connected")]
    OtherUser,
    /// A descriptor was inherited that does not belong here; what it leads to.
    #[error("{0} is open and does not belong here")]
    Descriptor(PathBuf),
    /// What must be given up could not be.
    #[error("privileges could not be given up: {0}")]
    Privileges(io::Error),
    /// The socket cannot be made.
    #[error("{0}: {1}")]
    Socket(PathBuf, io::Error),
    /// The system fails otherwise.
    #[error("{0}")]
    Failed(#[from] io::Error),
}

impl From<Errno> for RelayError {
    fn from(error: Errno) -> Self {
        RelayError::Failed(error.into())
    }
}

/// Serves the one connection that systemd accepted and made standard input. The socket's name says whose it is.
///
/// # Errors
/// [`RelayError`].
pub(crate) fn serve_standard_input() -> Result<(), RelayError> {
    let connection = rustix::stdio::stdin();
    let user = user_of(&connection).ok_or(RelayError::NoConnection)?;
    refuse_more_descriptors()?;
    if peer(&connection)? != user {
        return Err(RelayError::OtherUser);
    }
    let uhid = open()?;
    privileges::give_up_all().map_err(RelayError::Privileges)?;
    carry(&uhid, &connection, user)
}

/// Makes a socket for a user and serves one connection after the other: where there is no systemd.
///
/// # Errors
/// [`RelayError`].
pub(crate) fn serve_at(path: &Path, user: u32) -> Result<(), RelayError> {
    refuse_more_descriptors()?;
    let listener = listen_at(path, user).map_err(|error| RelayError::Socket(path.into(), error))?;
    let uhid = open()?;
    privileges::give_up_all().map_err(RelayError::Privileges)?;
    loop {
        let connection = match accept_with(&listener, SocketFlags::CLOEXEC) {
            Ok(connection) => connection,
            Err(Errno::INTR | Errno::CONNABORTED) => continue,
            Err(error) => return Err(error.into()),
        };
        if peer(&connection)? == user {
            // A service that broke the rules, or died, is no reason to refuse the next.
            if let Err(error) = carry(&uhid, &connection, user) {
                crate::log::line(&error);
            }
        }
    }
}

fn refuse_more_descriptors() -> Result<(), RelayError> {
    match privileges::inherited_descriptor()? {
        Some(leads_to) => Err(RelayError::Descriptor(leads_to)),
        None => Ok(()),
    }
}

/// Whose socket a connection came in on.
fn user_of(connection: &impl AsFd) -> Option<u32> {
    if socket_type(connection).ok()? != SocketType::SEQPACKET {
        return None;
    }
    let address = SocketAddrUnix::try_from(getsockname(connection).ok()?).ok()?;
    let path = Path::new(std::str::from_utf8(address.path_bytes()?).ok()?);
    let user = path.file_stem()?.to_str()?.parse().ok()?;
    (path == socket_of(user)).then_some(user)
}

fn peer(connection: &impl AsFd) -> io::Result<u32> {
    Ok(socket_peercred(connection)?.uid.as_raw())
}

fn open() -> Result<OwnedFd, RelayError> {
    let flags = OFlags::RDWR | OFlags::CLOEXEC | OFlags::NONBLOCK;
    rustix::fs::open(UHID, flags, Mode::empty()).map_err(|error| RelayError::Uhid(error.into()))
}

fn listen_at(path: &Path, user: u32) -> io::Result<OwnedFd> {
    let listener = socket_with(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?;
    // Where others can change names, root's socket and what it gives away may become another file.
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = fs::metadata(folder.unwrap_or(Path::new(".")))?;
    if folder.uid() != geteuid().as_raw() || folder.mode() & 0o022 != 0 {
        return Err(io::Error::other("others can write to its folder"));
    }
    match fs::symlink_metadata(path) {
        Ok(there) if there.file_type().is_socket() => fs::remove_file(path)?,
        // Something else than an earlier socket stays, and `bind` says so.
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // Nobody else can reach it in between: files are made for their owner alone here.
    bind(&listener, &SocketAddrUnix::new(path)?)?;
    lchown(path, Some(user), None)?;
    listen(&listener, 1)?;
    Ok(listener)
}

/// Makes the device, carries reports until the connection ends, and takes it away.
fn carry(uhid: &OwnedFd, connection: &impl AsFd, user: u32) -> Result<(), RelayError> {
    // What an earlier device left behind.
    while read_event(uhid, &mut [0; LONGEST])?.is_some() {}
    write_event(uhid, &create(user))?;
    let carried = carry_reports(uhid, connection);
    write_event(uhid, &destroy())?;
    carried
}

fn carry_reports(uhid: &OwnedFd, connection: &impl AsFd) -> Result<(), RelayError> {
    let mut event = [0; LONGEST];
    let mut reports = Vec::with_capacity(MOST_REPORTS * REPORT_LENGTH);
    let mut message = [0; MOST_REPORTS * REPORT_LENGTH + 1];
    loop {
        let mut ready = [
            PollFd::new(uhid, PollFlags::IN),
            PollFd::new(connection, PollFlags::IN),
        ];
        match poll(&mut ready, None) {
            Ok(_) => {}
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let [_, from_service] = ready.map(|each| !each.revents().is_empty());
        // First all that the host has said, since the kernel keeps little of it; but no more than fits into a message, whatever
        // the events are: a program that opens and closes the device without end must not keep the service from being heard.
        for _ in 0..MOST_REPORTS {
            let Some(length) = read_event(uhid, &mut event)? else {
                break;
            };
            match understand(event.get(..length).unwrap_or_default()) {
                Asked::Report(report) => reports.extend(report),
                Asked::Reply(reply) => write_event(uhid, &reply)?,
                Asked::Nothing => {}
            }
        }
        if !reports.is_empty() {
            match send(
                connection,
                &reports,
                SendFlags::NOSIGNAL | SendFlags::DONTWAIT,
            ) {
                // A host that says more than anybody can listen to is not listened to.
                Ok(_) | Err(Errno::AGAIN) => {}
                Err(Errno::PIPE | Errno::CONNRESET) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            reports.clear();
        }
        if from_service {
            let length = match recv(connection, &mut message, RecvFlags::DONTWAIT) {
                Ok((0, _)) | Err(Errno::CONNRESET) => return Ok(()),
                Ok((length, _)) => length,
                Err(Errno::AGAIN | Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            let (whole, rest) = message.get(..length).unwrap_or_default().as_chunks();
            if !rest.is_empty() {
                return Err(io::Error::from(io::ErrorKind::InvalidData).into());
            }
            for report in whole {
                write_event(uhid, &input(report))?;
            }
        }
    }
}

/// The length of the next event, if there is one.
fn read_event(uhid: &OwnedFd, event: &mut [u8]) -> Result<Option<usize>, RelayError> {
    match rustix::io::read(uhid, event) {
        Ok(length) => Ok(Some(length)),
        Err(Errno::AGAIN | Errno::INTR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn write_event(uhid: &OwnedFd, event: &[u8]) -> Result<(), RelayError> {
    rustix::io::write(uhid, event)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::thread;

    use rustix::net::socketpair;

    use super::*;

    /// Two ends that keep messages apart, as the kernel's device and the relay's socket do.
    fn pair(flags: SocketFlags) -> (OwnedFd, OwnedFd) {
        let kind = SocketType::SEQPACKET;
        socketpair(
            AddressFamily::UNIX,
            kind,
            flags | SocketFlags::CLOEXEC,
            None,
        )
        .unwrap()
    }

    fn next(end: &OwnedFd) -> Vec<u8> {
        let mut message = vec![0; 8_192];
        let (length, _) = recv(end, &mut message[..], RecvFlags::empty()).unwrap();
        message.truncate(length);
        message
    }

    /// An output event as the kernel makes it.
    fn output(byte: u8) -> Vec<u8> {
        let mut event = Vec::from(6_u32.to_ne_bytes());
        event.push(0);
        event.extend([byte; 64]);
        event.resize(4 + 4_096, 0);
        event.extend(65_u16.to_ne_bytes());
        event.push(1);
        event
    }

    #[test]
    fn the_device_lives_as_long_as_the_connection_and_carries_reports_alone() {
        let (uhid, kernel) = pair(SocketFlags::NONBLOCK);
        rustix::io::ioctl_fionbio(&kernel, false).unwrap();
        let (connection, service) = pair(SocketFlags::empty());
        // Left behind by an earlier device: it reaches nobody.
        send(&kernel, &output(0xEE), SendFlags::empty()).unwrap();
        let relay = thread::spawn(move || carry(&uhid, &connection, 1000).is_ok());
        assert_eq!(next(&kernel), create(1000));
        // From the host, in order, a get-report among them.
        let get_report = [&9_u32.to_ne_bytes()[..], &[1, 2, 3, 4, 0, 0]].concat();
        for event in [&output(1), &get_report, &vec![2, 0, 0, 0], &output(2)] {
            send(&kernel, event, SendFlags::empty()).unwrap();
        }
        assert_eq!(next(&kernel)[..8], [10, 0, 0, 0, 1, 2, 3, 4]);
        let mut reports = next(&service);
        while reports.len() < 128 {
            reports.extend(next(&service));
        }
        assert_eq!(reports, [[1; 64], [2; 64]].concat());
        // From the service, two at once.
        let both = [[3; 64], [4; 64]].concat();
        send(&service, &both, SendFlags::empty()).unwrap();
        assert_eq!(next(&kernel), input(&[3; 64]));
        assert_eq!(next(&kernel), input(&[4; 64]));
        drop(service);
        assert_eq!(next(&kernel), destroy());
        assert!(relay.join().unwrap());
    }

    #[test]
    fn a_service_that_sends_something_else_loses_its_device() {
        for wrong in [&[0; 1][..], &[0; 63], &[0; 65], &[0; 4_000]] {
            let (uhid, kernel) = pair(SocketFlags::NONBLOCK);
            rustix::io::ioctl_fionbio(&kernel, false).unwrap();
            let (connection, service) = pair(SocketFlags::empty());
            let relay = thread::spawn(move || carry(&uhid, &connection, 1000).is_ok());
            assert_eq!(next(&kernel), create(1000));
            send(&service, wrong, SendFlags::empty()).unwrap();
            let mut last = next(&kernel);
            while last != destroy() {
                last = next(&kernel);
            }
            assert!(!relay.join().unwrap(), "{} bytes", wrong.len());
        }
    }

    #[test]
    fn a_host_that_is_not_listened_to_stops_nothing() {
        let (uhid, kernel) = pair(SocketFlags::NONBLOCK);
        rustix::io::ioctl_fionbio(&kernel, false).unwrap();
        let (connection, service) = pair(SocketFlags::empty());
        let relay = thread::spawn(move || carry(&uhid, &connection, 1000).is_ok());
        assert_eq!(next(&kernel), create(1000));
        // More than any buffer in between has room for.
        for _ in 0..3_000 {
            send(&kernel, &output(1), SendFlags::empty()).unwrap();
        }
        send(&service, &[5; 64], SendFlags::empty()).unwrap();
        assert_eq!(next(&kernel), input(&[5; 64]));
        drop(service);
        assert_eq!(next(&kernel), destroy());
        assert!(relay.join().unwrap());
    }

    #[test]
    fn nothing_but_an_earlier_socket_is_replaced_and_not_where_others_can_write() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.socket");
        let user = geteuid().as_raw();
        fs::write(&path, "somebody's").unwrap();
        let refused = listen_at(&path, user).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AddrInUse);
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's");
        fs::remove_file(&path).unwrap();
        for mode in [0o777, 0o1777, 0o775] {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert!(listen_at(&path, user).is_err(), "{mode:o}");
            assert!(!path.exists());
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        listen_at(&path, user).unwrap();
    }

    #[test]
    fn a_socket_is_its_users_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.socket");
        let user = geteuid().as_raw();
        crate::hardening::protect_memory();
        for _ in 0..2 {
            // The second time in place of the first.
            let listener = listen_at(&path, user).unwrap();
            let found = fs::metadata(&path).unwrap();
            assert!(found.file_type().is_socket());
            assert_eq!((found.uid(), found.mode() & 0o077), (user, 0));
            drop(listener);
        }
    }
}
