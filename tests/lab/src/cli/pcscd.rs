//! `jpki-lab pcscd`.

use anyhow::Context as _;
use clap::Args;
use jpki_lab::pcscd::PrivatePcscd;
use serde::Serialize;
use std::{fs, path::PathBuf};

/// Run a private pcscd with virtual readers, beside the system's and unseen by it.
///
/// Needs pcscd and vsmartcard's virtual reader (`tools/set-up demo` fetches both), and either root
/// or user namespaces. One JSON line on standard output says when it is ready:
///
/// {"pcscd_csock":"/…/pcscd.comm","ports":[40001,40002]}
///
/// PC/SC programs use it with PCSCLITE_CSOCK_NAME set to pcscd_csock; `jpki-lab card` puts cards
/// into its slots, one per port. It runs until standard input is closed or it is terminated, and
/// leaves nothing behind.
#[derive(Args)]
pub(super) struct Arguments {
    /// How many slots; 0 for a computer without readers
    #[arg(long, value_name = "N", default_value_t = 1)]
    slots: usize,
    /// Write the JSON line to this file as well, when ready
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// The first slot's port; the others follow [default: ports that are free]
    #[arg(long, value_name = "P")]
    base_port: Option<u16>,
}

#[derive(Serialize)]
struct Ready {
    pcscd_csock: PathBuf,
    ports: Vec<u16>,
}

impl Arguments {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let daemon = match self.base_port {
            Some(port) => PrivatePcscd::start_at(self.slots, port)?,
            None => PrivatePcscd::start(self.slots)?,
        };
        let ready = Ready {
            pcscd_csock: daemon.socket(),
            ports: daemon
                .slots()
                .iter()
                .map(std::net::SocketAddr::port)
                .collect(),
        };
        if let Some(path) = &self.ready_file {
            write_at_once(path, &serde_json::to_vec(&ready)?)
                .with_context(|| format!("writing {}", path.display()))?;
        }
        super::print_line(&ready)?;
        super::wait_for_end_of_input()?;
        if let Some(path) = &self.ready_file {
            // Whoever removed it first meant the same.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }
}

/// Who waits for the file to appear finds all of it.
fn write_at_once(path: &PathBuf, content: &[u8]) -> std::io::Result<()> {
    let mut aside = path.clone().into_os_string();
    aside.push(".part");
    fs::write(&aside, [content, b"\n"].concat())?;
    fs::rename(&aside, path)
}
