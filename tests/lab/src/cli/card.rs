//! `jpki-lab card`.

use super::inserted::{Inserted, Wallet};
use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jpki_lab::{
    card::{Fault, Log, Token},
    vpcd::{Attachment, Pace},
};
use serde::Serialize;
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

/// How long to try before saying that nobody answers.
const CONNECTED_WITHIN: Duration = Duration::from_secs(2);

/// Put a person's card into a virtual reader.
///
/// The card attaches to vsmartcard's virtual reader in pcscd (`tools/set-up demo` fetches it) and answers
/// as a real My Number card does. It keeps its PIN counters in a file, so that a wrong PIN is
/// remembered over restarts, and comes back by itself when pcscd restarts. One JSON line on
/// standard output says when it is ready; it runs until it is terminated.
#[derive(Args)]
#[cfg_attr(unix, command(after_long_help = super::control::HELP))]
pub(super) struct Arguments {
    /// Folder of the hierarchy, made by `jpki-lab pki`
    #[arg(long, value_name = "DIR")]
    pki: PathBuf,
    /// Whose card; `foreign` is a card of another kind, without the JPKI application
    #[arg(long, value_name = "P")]
    person: String,
    /// Address of the virtual reader's slot
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:35963")]
    vpcd: SocketAddr,
    /// File for the PIN counters [default: DIR/people/P/state.json]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Append what the card is asked to this file, one JSON object a line, PINs masked
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Unix socket to control the card with while it runs
    #[cfg(unix)]
    #[arg(long, value_name = "SOCKET")]
    control: Option<PathBuf>,
    /// Milliseconds that each command takes; a contactless card takes about 15
    #[arg(long, value_name = "N", default_value_t = 0)]
    apdu_ms: u64,
    /// Milliseconds that a signature takes in addition; a contactless card takes about 400
    #[arg(long, value_name = "N", default_value_t = 0)]
    sign_ms: u64,
    /// Start outside the reader
    #[arg(long)]
    removed: bool,
    /// Something that goes wrong, such as `before:3` or `answer:6F00:1`; see the control commands
    #[arg(long = "fault", value_name = "SPEC")]
    faults: Vec<Fault>,
    /// What answers: the plastic card, or a phone, which shows no certificate before the PIN
    #[arg(long, value_enum, default_value_t = TokenKind::Card)]
    token: TokenKind,
    /// End when standard input is closed
    #[arg(long)]
    until_eof: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum TokenKind {
    Card,
    Android,
    Iphone,
}

/// The line that says that the card is ready.
#[derive(Serialize)]
struct Ready<'a> {
    person: &'a str,
    vpcd: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<&'a PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<&'a PathBuf>,
}

impl Arguments {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let wallet = Wallet {
            pki: self.pki,
            state: self.state,
            first: self.person.clone(),
            token: match self.token {
                TokenKind::Card => Token::Card,
                TokenKind::Android => Token::Android,
                TokenKind::Iphone => Token::IPhone,
            },
        };
        let mut card = wallet.card(&self.person)?;
        if self.removed {
            card.remove();
        }
        if let Some(path) = &self.log {
            let log = Log::to_file(path)
                .with_context(|| format!("opening the log {}", path.display()))?;
            card.set_log(log);
        }
        for fault in self.faults {
            card.add_fault(fault);
        }
        let pace = Pace {
            command: Duration::from_millis(self.apdu_ms),
            signature: Duration::from_millis(self.sign_ms),
        };
        let inserted = Arc::new(Inserted {
            attachment: Attachment::new(card, self.vpcd, pace),
            wallet,
            person: Mutex::new(self.person.clone()),
            log: self.log.clone(),
        });

        #[cfg(unix)]
        let (control, socket) = {
            let open = |path: &PathBuf| super::control::Socket::open(path, Arc::clone(&inserted));
            (
                self.control.as_ref(),
                self.control.as_ref().map(open).transpose()?,
            )
        };
        #[cfg(not(unix))]
        let (control, socket) = (None, None::<()>);

        super::print_line(&Ready {
            person: &self.person,
            vpcd: self.vpcd,
            control,
            log: self.log.as_ref(),
        })?;
        if !self.removed
            && let Err(error) = inserted.attachment.wait_until_connected(CONNECTED_WITHIN)
        {
            eprintln!(
                "jpki-lab: no virtual reader answers at {} yet ({error}); trying on. \
                 `jpki-lab pcscd` starts one.",
                self.vpcd
            );
        }
        if self.until_eof {
            super::wait_for_end_of_input()?;
        } else {
            loop {
                std::thread::park();
            }
        }
        drop(socket);
        Ok(())
    }
}
