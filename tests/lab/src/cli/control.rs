//! The control socket: one command a line, one answer a line.

use super::inserted::Inserted;
use anyhow::{Context as _, anyhow, bail};
use jpki_lab::{
    card::{Fault, PinId},
    vpcd::Pace,
};
use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

/// How long `wait` waits. pcscd looks for cards every 400 ms.
const NOTICED_WITHIN: Duration = Duration::from_secs(10);

pub(super) const HELP: &str = "\
Commands on the control socket, one a line; each is answered with a line `ok …` or `error …`:
  insert, remove           put the card into the reader, take it out
  wait                     wait until pcscd noticed the card
  lie badly, lie well      while it is out: how it lies when it is put back (badly: pcscd finds it mute)
  status                   the state, as JSON
  person P                 put P's card in its place (`foreign`: a card of another kind)
  slow APDU_MS SIGN_MS     milliseconds for each command, and for a signature in addition
  fault before N           vanish before the N-th command from now (1: the next) is received
  fault during N           … after it was carried out, before it is answered
  fault after N            … after it was answered
  fault answer SW N        answer it with the status word SW and do nothing
  fault corrupt N          answer it with one bit wrong
  fault stall N            answer it only after `go-on`
  go-on                    let a stalled card answer
  faults clear             forget faults that have not happened yet
  tries                    authentication PIN tries left
  set-tries N              set them, as no real card allows
  log                      the path of the log";

/// A socket that takes its file away with it.
pub(super) struct Socket {
    path: PathBuf,
}

impl Socket {
    /// Listens, and answers in the background.
    pub(super) fn open(path: &Path, inserted: Arc<Inserted>) -> anyhow::Result<Self> {
        let listener =
            bind(path).with_context(|| format!("opening the control socket {}", path.display()))?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inserted = Arc::clone(&inserted);
                // A client that goes away in the middle of a line concerns nobody else.
                thread::spawn(move || drop(converse(&inserted, &stream)));
            }
        });
        Ok(Socket {
            path: path.to_owned(),
        })
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Takes the place of a socket that nobody listens on any more, but not of one in use.
fn bind(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if UnixStream::connect(path).is_ok() {
                return Err(error);
            }
            std::fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        outcome => outcome,
    }
}

fn converse(inserted: &Inserted, mut stream: &UnixStream) -> io::Result<()> {
    for line in BufReader::new(stream).lines() {
        let answer = match act(inserted, line?.trim()) {
            Ok(said) if said.is_empty() => "ok".to_owned(),
            Ok(said) => format!("ok {said}"),
            Err(error) => format!("error {error:#}"),
        };
        writeln!(stream, "{answer}")?;
    }
    Ok(())
}

fn act(inserted: &Inserted, line: &str) -> anyhow::Result<String> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    match (verb, rest.trim()) {
        ("insert", "") => {
            inserted.attachment.insert();
            Ok(String::new())
        }
        ("remove", "") => {
            inserted.attachment.remove();
            Ok(String::new())
        }
        ("wait", "") if inserted.attachment.wait_until_noticed(NOTICED_WITHIN) => Ok(String::new()),
        ("wait", "") => bail!("pcscd has not noticed the card within {NOTICED_WITHIN:?}"),
        ("lie", how @ ("badly" | "well")) => {
            let badly = how == "badly";
            inserted.attachment.with_card(|card| card.lie_badly(badly));
            Ok(String::new())
        }
        ("status", "") => Ok(serde_json::to_string(&inserted.status())?),
        ("person", person) if !person.is_empty() => {
            inserted.exchange(person)?;
            Ok(String::new())
        }
        ("slow", times) => {
            let milliseconds = |text: &str| text.parse().map(Duration::from_millis);
            let (command, signature) = times
                .split_once(' ')
                .ok_or_else(|| anyhow!("slow APDU_MS SIGN_MS"))?;
            inserted.set_pace(Pace {
                command: milliseconds(command).context("APDU_MS")?,
                signature: milliseconds(signature.trim()).context("SIGN_MS")?,
            });
            Ok(String::new())
        }
        ("fault", fault) => {
            let fault: Fault = fault.parse()?;
            inserted.attachment.with_card(|card| card.add_fault(fault));
            Ok(String::new())
        }
        ("go-on", "") => {
            inserted.attachment.with_card(|card| card.go_on());
            Ok(String::new())
        }
        ("faults", "clear") => {
            inserted.attachment.with_card(|card| card.clear_faults());
            Ok(String::new())
        }
        ("tries", "") => {
            let tries = inserted
                .attachment
                .with_card(|card| card.tries(PinId::Authentication));
            Ok(tries.to_string())
        }
        ("set-tries", tries) => {
            inserted.set_tries(tries.parse().context("set-tries N")?)?;
            Ok(String::new())
        }
        ("log", "") => {
            let path = inserted
                .log()
                .ok_or_else(|| anyhow!("started without --log"))?;
            Ok(path.display().to_string())
        }
        _ => bail!("unknown command; `jpki-lab card --help` lists them"),
    }
}
