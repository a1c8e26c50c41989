//! `jpki-lab pki`.

use anyhow::Context as _;
use clap::Args;
use jpki_lab::pki::{Options, generate};
use std::{io::Write as _, path::PathBuf};

/// Make a practice hierarchy: CAs in three generations, a signature CA, people with certificates.
///
/// Three generations of the user-authentication CA share one name and have different keys; the
/// first has expired, the other two are valid at once. p01 (generation 3) and p02 (generation 2)
/// are in order; p03's certificate and CA have expired; p04's certificate has expired; from p05 on
/// people are in order again, of generations 3 and 2 in turn.
///
/// Equal seeds and years give equal files. What was made, PINs included, is in DIR/pki.json.
#[derive(Args)]
pub(super) struct Arguments {
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many people
    #[arg(long, value_name = "N", default_value_t = 6)]
    people: usize,
    /// Where keys and names come from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// The year in which the hierarchy is used [default: the present one]
    #[arg(long, value_name = "Y")]
    year: Option<i32>,
    /// Add people whose cards are wrong: expired-anchor, signing-certificate, no-policy, other-policy
    #[arg(long)]
    odd_people: bool,
}

impl Arguments {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let defaults = Options::default();
        let options = Options {
            people: self.people,
            seed: self.seed,
            year: self.year.unwrap_or(defaults.year),
            key_cache: None,
        };
        let mut pki = generate(&options)?;
        if self.odd_people {
            pki.add_odd_people(&options)?;
        }
        pki.write_to(&self.out)
            .with_context(|| format!("writing the hierarchy to {}", self.out.display()))?;
        let mut out = std::io::stdout().lock();
        for person in pki.index().people {
            writeln!(
                out,
                "{}  generation {}  PIN {}  signing PIN {}  valid until {}",
                person.id,
                person.generation,
                person.pin,
                person.sign_pin,
                person.authentication.not_after
            )?;
        }
        Ok(())
    }
}
