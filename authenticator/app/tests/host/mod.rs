//! Runs the real program as a browser does: framed JSON over its standard streams.
#![allow(dead_code)] // Each test program uses its part.

pub(crate) mod bench;
pub(crate) mod security_key;
pub(crate) mod windows;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jpki_lab::pinentry::ScriptedPinentry;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

/// The pinned ID as the extension's package has it.
pub(crate) const EXTENSION: &str = "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/";
/// The site of most tests.
pub(crate) const ORIGIN: &str = "https://example.jp";
/// Long enough that only a program that hangs reaches it.
const HANGING: Duration = Duration::from_secs(60);

/// Does something with a database that is there.
pub(crate) fn with_database<T>(path: &Path, does: impl FnOnce(&Connection) -> T) -> T {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let done = does(&connection);
    connection.close().unwrap();
    done
}

/// A user's computer: a home folder and a PC/SC service, or none.
#[derive(Clone)]
pub(crate) struct Computer {
    home: Arc<tempfile::TempDir>,
    pcscd_socket: PathBuf,
    language: &'static str,
    /// A program that runs ours, with its arguments.
    under: Vec<OsString>,
    /// The pinentry of its desktop, if it has one.
    pinentry: Option<PathBuf>,
}

impl Computer {
    /// A computer whose PC/SC service does not run.
    pub(crate) fn without_pcscd() -> Self {
        let home = Arc::new(tempfile::tempdir().unwrap());
        let pcscd_socket = home.path().join("no-pcscd.comm");
        Self {
            home,
            pcscd_socket,
            language: "en",
            under: Vec::new(),
            pinentry: None,
        }
    }

    /// A computer with this PC/SC service.
    pub(crate) fn with_pcscd(socket: &Path) -> Self {
        Self {
            home: Arc::new(tempfile::tempdir().unwrap()),
            pcscd_socket: socket.to_owned(),
            language: "en",
            under: Vec::new(),
            pinentry: None,
        }
    }

    /// Another computer with the same data and this PC/SC service, whose person reads this language.
    pub(crate) fn copied(&self, socket: &Path, language: &'static str) -> Self {
        let copy = Self {
            language,
            ..Self::with_pcscd(socket)
        };
        if !self.data().exists() {
            return copy;
        }
        std::fs::create_dir_all(copy.data()).unwrap();
        for file in std::fs::read_dir(self.data()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.data().join(file.file_name())).unwrap();
        }
        copy
    }

    /// Has another program run ours from now on; none: it runs by itself again.
    pub(crate) fn run_under(&mut self, under: Vec<OsString>) {
        self.under = under;
    }

    /// From now on there is a desktop with this pinentry.
    pub(crate) fn has_desktop(&mut self, pinentry: &ScriptedPinentry) {
        self.pinentry = Some(pinentry.program());
    }

    /// The folder of the program's data.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data/jpki-authenticator")
    }

    /// The IDs of the credentials in the store, as the database has them.
    pub(crate) fn stored(&self) -> std::collections::BTreeSet<String> {
        use base64::Engine;

        with_database(&self.data().join("credentials.sqlite"), |connection| {
            let sound: String = connection
                .query_row("PRAGMA integrity_check", (), |row| row.get(0))
                .unwrap();
            assert_eq!(sound, "ok");
            let mut query = connection.prepare("SELECT id FROM credentials").unwrap();
            let ids = query.query_map((), |row| row.get::<_, Vec<u8>>(0)).unwrap();
            ids.map(|id| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id.unwrap()))
                .collect()
        })
    }

    /// The program, with this computer's environment and no other.
    pub(crate) fn program(&self) -> Command {
        let ours = env!("CARGO_BIN_EXE_jpki-authenticator");
        let mut command = match self.under.split_first() {
            None => Command::new(ours),
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(ours);
                command
            }
        };
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("PCSCLITE_CSOCK_NAME", &self.pcscd_socket)
            .env("RUST_LOG", "trace");
        if let Some(pinentry) = &self.pinentry {
            command
                .env("JPKI_PINENTRY", pinentry)
                .env("DISPLAY", ":of-the-pinentry");
        }
        command
    }

    /// The program as the browser starts it.
    pub(crate) fn start_as(&self, caller: &str) -> Host {
        let mut child = self
            .program()
            .arg(caller)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = read_frame(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let log = thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        Host {
            stdin: child.stdin.take(),
            child,
            messages,
            log: Some(log),
            told: String::new(),
        }
    }

    /// The program, started by the project's extension and greeted.
    pub(crate) fn greeted(&self) -> Host {
        let mut host = self.start_as(EXTENSION);
        host.send(json!({"type": "hello", "protocol": 1, "extension": "0.1.0", "language": self.language}));
        let hello = host.next();
        assert_eq!(
            (&hello["type"], &hello["protocol"]),
            (&json!("hello"), &json!(1))
        );
        // Tests run the very program whose place it tells.
        assert_eq!(
            hello["path"],
            json!(env!("CARGO_BIN_EXE_jpki-authenticator"))
        );
        host
    }

    /// A registration that has begun.
    pub(crate) fn create(&self, origin: &str, options: Value) -> Host {
        self.request("create", origin, options, false)
    }

    /// A registration that has begun in a private window.
    pub(crate) fn create_in_private(&self, origin: &str, options: Value) -> Host {
        self.request("create", origin, options, true)
    }

    /// A sign-in that has begun.
    pub(crate) fn get(&self, origin: &str, options: Value) -> Host {
        self.request("get", origin, options, false)
    }

    fn request(&self, kind: &str, origin: &str, options: Value, private: bool) -> Host {
        let mut host = self.greeted();
        host.send(json!({
            "type": kind, "origin": origin, "sameOriginWithAncestors": true, "originSource": "browser",
            "private": private, "options": options,
        }));
        host
    }
}

/// Reads one frame strictly: anything on standard output that is none fails the test.
fn read_frame(stdout: &mut impl Read) -> Option<Value> {
    let mut length = [0; 4];
    match stdout.read(&mut length).unwrap() {
        0 => return None,
        4 => {}
        read => stdout.read_exact(&mut length[read..]).unwrap(),
    }
    let length = usize::try_from(u32::from_ne_bytes(length)).unwrap();
    assert!(length <= 65_536, "a frame of {length} bytes");
    let mut message = vec![0; length];
    stdout.read_exact(&mut message).unwrap();
    Some(serde_json::from_slice(&message).unwrap())
}

/// The program, running.
pub(crate) struct Host {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    log: Option<JoinHandle<String>>,
    told: String,
}

/// How the program ended.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) log: String,
}

impl Host {
    /// Sends a message.
    pub(crate) fn send(&mut self, message: Value) {
        self.send_bytes(message.to_string().as_bytes());
    }

    /// Sends a frame.
    pub(crate) fn send_bytes(&mut self, message: &[u8]) {
        let length = u32::try_from(message.len()).unwrap().to_ne_bytes();
        self.send_raw(&[&length, message].concat());
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.flush().unwrap();
    }

    /// The next message.
    pub(crate) fn next(&mut self) -> Value {
        match self.messages.recv_timeout(HANGING) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("the program says nothing"),
            Err(RecvTimeoutError::Disconnected) => panic!("the program ended: {}", self.end().log),
        }
    }

    /// The next message, if one comes in this time; the program must not end meanwhile.
    pub(crate) fn next_within(&mut self, time: Duration) -> Option<Value> {
        match self.messages.recv_timeout(time) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => panic!("the program ended: {}", self.end().log),
        }
    }

    /// The next message, which must be a prompt of this kind.
    pub(crate) fn prompt(&mut self, kind: &str) -> Value {
        let message = self.next();
        assert_eq!(
            (&message["type"], &message["kind"]),
            (&json!("prompt"), &json!(kind)),
            "{message}"
        );
        message
    }

    /// The next message, which must say that the card is working.
    pub(crate) fn progress(&mut self) {
        assert_eq!(
            self.next(),
            json!({"type": "progress", "step": "card-working"})
        );
    }

    /// The next message, which must say that a window asks for the PIN.
    pub(crate) fn pin_window(&mut self) {
        assert_eq!(
            self.next(),
            json!({"type": "progress", "step": "pin-window"})
        );
    }

    /// Answers a prompt.
    pub(crate) fn answer(&mut self, prompt: &Value, answer: &str, more: Value) {
        let mut message = json!({"type": "answer", "prompt": prompt["prompt"], "answer": answer});
        for (member, value) in more.as_object().unwrap() {
            message[member] = value.clone();
        }
        self.send(message);
    }

    /// The message that ends the ceremony, if the program does not end first.
    pub(crate) fn last_message(&mut self) -> Option<Value> {
        loop {
            match self.messages.recv_timeout(HANGING) {
                Ok(message) if message["type"] == "progress" => {}
                Ok(message) => return Some(message),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => panic!("the program says nothing"),
            }
        }
    }

    /// The message that ends the ceremony; progress before it is passed over, and nothing may follow it.
    pub(crate) fn outcome(&mut self) -> Value {
        loop {
            let message = self.next();
            match message["type"].as_str() {
                Some("progress") => {}
                Some("result" | "records" | "error" | "fatal") => {
                    assert_eq!(
                        self.messages.recv_timeout(HANGING),
                        Err(RecvTimeoutError::Disconnected)
                    );
                    return message;
                }
                _ => panic!("{message}"),
            }
        }
    }

    /// The response of a ceremony that succeeds.
    pub(crate) fn result(&mut self) -> Value {
        let outcome = self.outcome();
        assert_eq!(outcome["type"], "result", "{outcome}");
        outcome["response"].clone()
    }

    /// The code and the exception's name of a ceremony that fails.
    pub(crate) fn error(&mut self) -> (String, String) {
        let outcome = self.outcome();
        assert_eq!(outcome["type"], "error", "{outcome}");
        let text = |member: &str| outcome[member].as_str().unwrap().to_owned();
        self.told(&text("code"));
        (text("code"), text("name"))
    }

    /// Waits for the program to end; whoever looks for the reason finds it on standard error, under its code.
    pub(crate) fn told(&mut self, code: &str) {
        let log = self.end().log;
        // Where the store is looked into without a ceremony, the reason alone is told.
        let found = match code {
            "storage" => log.contains("[JPKI-storage"),
            code => log.contains(&format!("[JPKI-{code}] ")),
        };
        assert!(found, "{code}: {log}");
    }

    /// Closes the port, as the browser does when the page goes.
    pub(crate) fn close(&mut self) {
        self.stdin = None;
    }

    /// Ends the program as a crash of the worst kind would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// The process's ID.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the program to end.
    pub(crate) fn end(&mut self) -> Ended {
        let status = self.child.wait().unwrap();
        if let Some(log) = self.log.take() {
            self.told = log.join().unwrap();
        }
        let log = self.told.clone();
        Ended { status, log }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.close();
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Options of a registration at `example.jp`.
pub(crate) fn creation_options() -> Value {
    json!({
        "rp": {"id": "example.jp", "name": "Example"},
        "user": {"id": "AQIDBA", "name": "taro", "displayName": "太郎"},
        "challenge": "cmVnaXN0cmF0aW9uIGNoYWxsZW5nZQ",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
        "attestation": "enterprise",
        "extensions": {"credProps": true},
    })
}

/// Options of a sign-in at `example.jp`.
pub(crate) fn request_options() -> Value {
    json!({
        "rpId": "example.jp",
        "challenge": "c2lnbi1pbiBjaGFsbGVuZ2U",
        "userVerification": "required",
    })
}

/// The same options with one member changed.
pub(crate) fn with(mut options: Value, member: &str, value: Value) -> Value {
    options[member] = value;
    options
}
