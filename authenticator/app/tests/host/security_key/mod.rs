//! The program as a security key: `hid --udp`, and a client that speaks CTAPHID with it packet by packet.

pub(crate) mod client;
pub(crate) mod datagrams;
pub(crate) mod relay;

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use ciborium::Value;
use ctaphid::error::{RequestError, ResponseError};
use hmac::{Hmac, Mac};
use jpki_lab::pinentry::ScriptedPinentry;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketAddrUnix, SocketType, accept, bind, listen, recv,
    send, socket,
};
use sha2::{Digest, Sha256};

use super::Computer;
use client::Client;
use relay::Relay;

/// Long enough that only a program that hangs reaches it.
const HANGING: Duration = Duration::from_secs(60);

pub(crate) const PING: u8 = 0x01;
pub(crate) const INIT: u8 = 0x06;
pub(crate) const CBOR: u8 = 0x10;
pub(crate) const CANCEL: u8 = 0x11;
pub(crate) const KEEPALIVE: u8 = 0x3B;
pub(crate) const ERROR: u8 = 0x3F;

/// The running program.
pub(crate) struct SecurityKey {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Option<JoinHandle<String>>,
    _script: Option<tempfile::NamedTempFile>,
}

impl Computer {
    /// The program as a security key over UDP, whose prompts this script answers; without one, nobody does.
    pub(crate) fn security_key(&self, script: Option<&str>) -> SecurityKey {
        let script = script.map(|script| {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), script).unwrap();
            file
        });
        let prompt = script.as_ref().map_or("none".to_owned(), |file| {
            format!("script:{}", file.path().display())
        });
        let mut program = self.program();
        program.args(["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt]);
        SecurityKey::start(program, script)
    }

    /// The program as a security key over UDP, which asks in windows of this pinentry.
    pub(crate) fn security_key_with_windows(&self, pinentry: &ScriptedPinentry) -> SecurityKey {
        let mut program = self.program();
        program
            .args(["hid", "--udp", "127.0.0.1:0"])
            .env("JPKI_PINENTRY", pinentry.program())
            .env("DISPLAY", ":of-the-pinentry");
        SecurityKey::start(program, None)
    }
}

impl SecurityKey {
    fn start(mut program: Command, script: Option<tempfile::NamedTempFile>) -> Self {
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = log_of(&mut child);
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        SecurityKey {
            address: line.trim().parse().unwrap(),
            child,
            log: Some(log),
            _script: script,
        }
    }
}

impl Computer {
    /// The program as a security key, and what takes the place of relay and kernel.
    pub(crate) fn security_key_behind_a_relay(&self) -> (SecurityKey, Relay) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.socket");
        let socket = socket(AddressFamily::UNIX, SocketType::SEQPACKET, None).unwrap();
        bind(&socket, &SocketAddrUnix::new(&path).unwrap()).unwrap();
        listen(&socket, 4).unwrap();
        let mut child = self
            .program()
            .arg("hid")
            .arg("--relay")
            .arg(&path)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = log_of(&mut child);
        let key = SecurityKey {
            address: "127.0.0.1:0".parse().unwrap(),
            child,
            log: Some(log),
            _script: None,
        };
        let relay = Relay {
            socket,
            _folder: folder,
        };
        (key, relay)
    }
}

/// All that the program says, when it has ended.
fn log_of(child: &mut Child) -> JoinHandle<String> {
    let mut stderr = child.stderr.take().unwrap();
    thread::spawn(move || {
        let mut log = String::new();
        stderr.read_to_string(&mut log).unwrap();
        log
    })
}

impl SecurityKey {
    /// A client with a channel, as soon as the device is there.
    pub(crate) fn connect(&self) -> Client {
        let begun = Instant::now();
        loop {
            if let Some(client) = self.try_connect(Duration::from_millis(500)) {
                return client;
            }
            assert!(begun.elapsed() < HANGING, "no device");
        }
    }

    /// A client with a channel, if the device answers in this time.
    pub(crate) fn try_connect(&self, time: Duration) -> Option<Client> {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(self.address).unwrap();
        let mut client = Client {
            socket,
            channel: 0xFFFF_FFFF,
        };
        let (command, payload) = {
            client.send(INIT, b"a client");
            client.receive_within(time)?
        };
        assert_eq!((command, &payload[..8]), (INIT, &b"a client"[..]));
        client.channel = u32::from_be_bytes(payload[8..12].try_into().unwrap());
        Some(client)
    }

    /// The process's ID.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and returns what it logged.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let status = self.child.wait().unwrap();
        (status, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for SecurityKey {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking()
            && let Some(log) = self.log.take()
        {
            eprintln!("the security key said:\n{}", log.join().unwrap());
        }
    }
}
