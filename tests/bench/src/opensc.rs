//! OpenSC at the same reader: one signature by its PKCS#11 module, as any program would ask for it.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::desk::{Asked, Desk, Running};
use crate::process;

/// A signature with OpenSC.
pub(crate) struct Signature {
    /// From the program's start to its end, without the time in the card.
    pub(crate) outside_the_card: Duration,
    /// What was asked of the card.
    pub(crate) asked: Asked,
    /// The most memory that was resident.
    pub(crate) peak: f64,
}

/// Signs with the card's authentication key.
pub(crate) fn sign(desk: &Desk) -> anyhow::Result<Signature> {
    let output = desk.home().join("signature");
    fs::write(desk.home().join("message"), "what OpenSC signs")?;
    let ((elapsed, peak), asked) = desk.during(|| {
        let begun = Instant::now();
        let child = desk
            .command(Path::new("pkcs11-tool"))
            .args(["--module", "opensc-pkcs11.so", "--sign", "--id", "01"])
            .args(["--mechanism", "SHA256-RSA-PKCS"])
            .args(["--login", "--pin", "env:PRACTICE_PIN"])
            .env("PRACTICE_PIN", desk.pin())
            .args(["--input-file", "message", "--output-file", "signature"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting pkcs11-tool (Debian: opensc)")?;
        let mut child = Running(child);
        let watch = process::Watch::of(child.0.id());
        let status = child.0.wait()?;
        let elapsed = begun.elapsed();
        ensure!(status.success(), "pkcs11-tool ended with {status}");
        Ok((elapsed, watch.peak()?))
    })?;
    let signature = fs::read(&output).context("pkcs11-tool wrote no signature")?;
    ensure!(signature.len() == 256, "pkcs11-tool signed nothing");
    fs::remove_file(output)?;
    Ok(Signature {
        outside_the_card: elapsed.saturating_sub(asked.in_card),
        asked,
        peak,
    })
}
