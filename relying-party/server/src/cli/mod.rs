//! The command line.

mod log;
mod people;
mod serve;

use std::{
    fmt::Display,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::SystemTime,
};

use clap::{Parser, Subcommand};
use eid_attestation::UnixTime;
use jpki_relying_party::{
    config::{Config, ConfigProblem},
    explain::{self, ExplainProblem, Explained},
    keys,
    service::StartProblem,
};
use people::Deed;

/// People register and sign in with their eID card, through WebAuthn.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Exit status: 0 done or accepted, 1 refused or not found, 2 could not be done."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer requests until stopped.
    Serve {
        /// The configuration; settings may also come from JPKI_RP_* in the environment.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Make the key file, so that it can be backed up before the first start.
    Init {
        /// The configuration; settings may also come from JPKI_RP_* in the environment.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Look after one person's account.
    People {
        #[command(subcommand)]
        people: people::People,
        /// The configuration the server runs with.
        #[arg(long, value_name = "FILE", global = true)]
        config: Option<PathBuf>,
    },
    /// Look after one credential.
    Credentials {
        #[command(subcommand)]
        credentials: people::Credentials,
        /// The configuration the server runs with.
        #[arg(long, value_name = "FILE", global = true)]
        config: Option<PathBuf>,
    },
    /// Look after one certificate that vouches for a person.
    Certificates {
        #[command(subcommand)]
        certificates: people::Certificates,
        /// The configuration the server runs with.
        #[arg(long, value_name = "FILE", global = true)]
        config: Option<PathBuf>,
    },
    /// Tell why a certificate is accepted or refused: the outcome of every rule.
    Certificate {
        /// The certificate, DER or PEM.
        file: PathBuf,
        #[command(flatten)]
        judged: Judged,
    },
    /// Tell why a registration is accepted or refused: the outcome of every rule.
    Inspect {
        /// The JSON that the browser sent (RegistrationResponseJSON).
        file: PathBuf,
        #[command(flatten)]
        judged: Judged,
    },
}

/// By whom and when to judge.
#[derive(clap::Args)]
struct Judged {
    /// The issuer profile to judge by [default: those of the configuration, else jpki].
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The time to judge at, RFC 3339 or a date [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The configuration whose profiles and anchors to judge by.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Exit statuses beside 0: done, or accepted.
const REFUSED: u8 = 1;
const COULD_NOT_BE_DONE: u8 = 2;

/// An error and its remedy.
struct Failure {
    what: String,
    action: &'static str,
    status: u8,
}

impl Failure {
    fn new(what: impl Display, action: &'static str) -> Self {
        Self {
            what: what.to_string(),
            action,
            status: COULD_NOT_BE_DONE,
        }
    }

    /// What was asked for is not there.
    fn absent(what: impl Display, action: &'static str) -> Self {
        Self {
            status: REFUSED,
            ..Self::new(what, action)
        }
    }
}

macro_rules! failures {
    ($($type:ty),+) => {$(
        impl From<$type> for Failure {
            fn from(problem: $type) -> Self {
                Self::new(&problem, problem.action())
            }
        }
    )+};
}

failures!(
    ConfigProblem,
    StartProblem,
    ExplainProblem,
    keys::KeyFileProblem
);

/// 0: done, or accepted. 1: refused, or not found. 2: could not be done.
pub(super) fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve { config } => load(config.as_deref()).and_then(serve::serve),
        Command::Init { config } => load(config.as_deref()).and_then(|config| init(&config)),
        Command::People { people, config } => {
            load(config.as_deref()).and_then(|config| people::run(config, Deed::People(people)))
        }
        Command::Credentials {
            credentials,
            config,
        } => load(config.as_deref())
            .and_then(|config| people::run(config, Deed::Credentials(credentials))),
        Command::Certificates {
            certificates,
            config,
        } => load(config.as_deref())
            .and_then(|config| people::run(config, Deed::Certificates(certificates))),
        Command::Certificate { file, judged } => certificate(&file, &judged),
        Command::Inspect { file, judged } => inspect(&file, &judged),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            let mut stderr = std::io::stderr();
            // Nobody is left to tell if this fails.
            let _ = writeln!(
                stderr,
                "error: {}\nwhat to do: {}",
                failure.what, failure.action
            );
            ExitCode::from(failure.status)
        }
    }
}

fn load(file: Option<&Path>) -> Result<Config, Failure> {
    // A variable that is not Unicode cannot be one of ours with a sensible value.
    let environment = std::env::vars_os().filter_map(|(name, value)| {
        Some((
            name.into_string().ok()?,
            value.to_string_lossy().into_owned(),
        ))
    });
    Ok(Config::load(file, environment)?)
}

fn init(config: &Config) -> Result<ExitCode, Failure> {
    if config.database.exists() && !config.key_file.exists() {
        return Err(StartProblem::KeyFileLost {
            database: config.database.display().to_string(),
            key_file: config.key_file.display().to_string(),
        }
        .into());
    }
    keys::create(&config.key_file)?;
    print(format_args!(
        "made {}\nBack it up now, but never together with the database {}.\n",
        config.key_file.display(),
        config.database.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn certificate(file: &Path, judged: &Judged) -> Result<ExitCode, Failure> {
    let config = judged.config()?;
    let profiles = explain::issuers(config.as_ref(), judged.profile.as_deref())?;
    answer(&explain::certificate(file, &profiles, judged.at()?)?)
}

fn inspect(file: &Path, judged: &Judged) -> Result<ExitCode, Failure> {
    let config = judged.config()?;
    let profiles = explain::issuers(config.as_ref(), judged.profile.as_deref())?;
    answer(&explain::registration(
        file,
        config.as_ref(),
        &profiles,
        judged.at()?,
    )?)
}

fn answer(explained: &Explained) -> Result<ExitCode, Failure> {
    print(format_args!("{explained}"))?;
    Ok(if explained.passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(REFUSED)
    })
}

impl Judged {
    fn config(&self) -> Result<Option<Config>, Failure> {
        self.config
            .as_deref()
            .map(|file| load(Some(file)))
            .transpose()
    }

    fn at(&self) -> Result<UnixTime, Failure> {
        match &self.at {
            Some(text) => Ok(explain::time(text)?),
            None => Ok(UnixTime::from(SystemTime::now())),
        }
    }
}

fn print(text: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout
        .write_fmt(text)
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::new(error, "Check where the output goes."))
}
