//! The real program, run as a browser runs it: framed JSON over its standard streams.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use crate::desk::{Desk, Running};
use crate::process;

const EXTENSION: &str = "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/";

/// Whose program it is, a request of a page, and what the person answers to the one prompt.
#[derive(Clone)]
pub(crate) struct Request {
    /// The home folder, with the program's store in it.
    pub(crate) home: PathBuf,
    /// `create` or `get`.
    pub(crate) kind: &'static str,
    /// The page's host, and the RP ID.
    pub(crate) site: &'static str,
    /// The value of `publicKey`.
    pub(crate) options: Value,
    /// Whether the certificate and the card's own key are switched on, where they are offered.
    pub(crate) disclose: bool,
}

/// A ceremony from the program's start to its end.
pub(crate) struct Ceremony {
    /// What the page gets.
    pub(crate) response: Value,
    /// From the program's start to its greeting.
    pub(crate) starting: Duration,
    /// From the page's request to the prompt.
    pub(crate) prompting: Duration,
    /// From the person's answer to the result.
    pub(crate) finishing: Duration,
    /// Time in the card until the prompt.
    pub(crate) card_before: Duration,
    /// Time in the card after the prompt.
    pub(crate) card_after: Duration,
    /// Commands that reached the card until the prompt.
    pub(crate) commands_before: usize,
    /// The most memory that was resident; only if it was watched.
    pub(crate) peak: Option<f64>,
}

impl Ceremony {
    /// All of the program's time that is not the card's. The person answers in no time.
    pub(crate) fn outside_the_card(&self) -> Duration {
        (self.starting + self.prompting + self.finishing)
            .saturating_sub(self.card_before + self.card_after)
    }
}

/// Performs a ceremony. Watching the memory takes time, so then the times are of no use.
pub(crate) fn perform(
    desk: &Desk,
    program: &Path,
    request: &Request,
    watch_memory: bool,
) -> anyhow::Result<Ceremony> {
    let in_card = desk.time_in_card();
    let commands = desk.commands_so_far();

    let begun = Instant::now();
    let mut host = Host::start(desk, program, &request.home)?;
    let watch = watch_memory.then(|| process::Watch::of(host.running.0.id()));
    host.send(&json!({"type": "hello", "protocol": 1, "extension": "0.1.0"}))?;
    host.expect("hello")?;
    let starting = begun.elapsed();

    let begun = Instant::now();
    host.send(&json!({
        "type": request.kind, "origin": format!("https://{}", request.site),
        "sameOriginWithAncestors": true, "originSource": "browser", "options": request.options,
    }))?;
    let prompt = host.expect("prompt")?;
    let prompting = begun.elapsed();
    let card_before = desk.time_in_card().saturating_sub(in_card);
    let commands_before = desk.commands_so_far() - commands;

    let begun = Instant::now();
    host.send(&json!({
        "type": "answer", "prompt": prompt.get("prompt"), "answer": "approve",
        "pin": desk.pin(), "disclose": request.disclose, "cardCredential": request.disclose,
    }))?;
    host.expect("progress")?;
    let result = host.expect("result")?;
    let finishing = begun.elapsed();
    let card_after = desk.time_in_card().saturating_sub(in_card + card_before);
    host.end()?;
    Ok(Ceremony {
        response: result.get("response").cloned().context("no response")?,
        starting,
        prompting,
        finishing,
        card_before,
        card_after,
        commands_before,
        peak: watch.map(process::Watch::peak).transpose()?,
    })
}

struct Host {
    running: Running,
    stdin: ChildStdin,
    stdout: ChildStdout,
}

impl Host {
    fn start(desk: &Desk, program: &Path, home: &Path) -> anyhow::Result<Self> {
        let mut child = desk
            .command(program)
            .arg(EXTENSION)
            .env("HOME", home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let stdin = child.stdin.take().context("no standard input")?;
        let stdout = child.stdout.take().context("no standard output")?;
        Ok(Self {
            running: Running(child),
            stdin,
            stdout,
        })
    }

    fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let message = message.to_string();
        let length = u32::try_from(message.len())?.to_ne_bytes();
        self.stdin
            .write_all(&[&length, message.as_bytes()].concat())?;
        Ok(())
    }

    /// The next message, which must be of this type.
    fn expect(&mut self, kind: &str) -> anyhow::Result<Value> {
        let mut length = [0; 4];
        self.stdout
            .read_exact(&mut length)
            .context("the program ended")?;
        let mut message = vec![0; usize::try_from(u32::from_ne_bytes(length))?];
        self.stdout.read_exact(&mut message)?;
        let message: Value = serde_json::from_slice(&message)?;
        if message.get("type") != Some(&json!(kind)) {
            bail!("not a {kind}: {message}");
        }
        Ok(message)
    }

    fn end(mut self) -> anyhow::Result<()> {
        let status = self.running.0.wait()?;
        ensure!(status.success(), "the program ended with {status}");
        Ok(())
    }
}
