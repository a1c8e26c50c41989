//! `people`, `credentials`, `certificates`: what an operator does to one account, while the server runs or not.

use std::process::ExitCode;

use clap::Subcommand;
use jpki_relying_party::{
    clock::Clock,
    config::Config,
    people::LinkCodeProblem,
    service::{Service, StartProblem},
    store::{Person, StoreError},
};
use uuid::Uuid;

use super::{Failure, print};

#[derive(Subcommand)]
pub(super) enum People {
    /// Show an account: its certificates and credentials, with the IDs to name them by.
    Show {
        /// The account name; width, case and composition do not matter.
        name: String,
    },
    /// Print a one-time code that adds a computer, and the card on it, to an account. Check first who is asking.
    LinkCode {
        /// The account name.
        name: String,
        /// How long the code is good.
        #[arg(long, value_name = "MINUTES", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1440))]
        minutes: u32,
    },
    /// Remove an account with everything in it, for good.
    Remove {
        /// The account name.
        name: String,
    },
}

#[derive(Subcommand)]
pub(super) enum Credentials {
    /// Remove a credential and end the sessions signed in with it.
    Remove {
        /// Its ID, from `people show`.
        #[arg(value_parser = id)]
        id: Uuid,
    },
}

#[derive(Subcommand)]
pub(super) enum Certificates {
    /// Unlink a certificate from its account, and remove the credentials it vouched for: the card may register anew.
    Unlink {
        /// Its ID, from `people show`.
        #[arg(value_parser = id)]
        id: Uuid,
    },
}

/// The parser's own words are about hyphens and groups; the operator wants to know where IDs come from.
fn id(text: &str) -> Result<Uuid, &'static str> {
    Uuid::parse_str(text).map_err(|_| "not an ID: `people show NAME` lists them")
}

/// What is done to which part of an account.
pub(super) enum Deed {
    People(People),
    Credentials(Credentials),
    Certificates(Certificates),
}

pub(super) fn run(config: Config, deed: Deed) -> Result<ExitCode, Failure> {
    if !config.database.exists() {
        return Err(StartProblem::NoDatabase(config.database.display().to_string()).into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(error, "Check the limits on threads and memory."))?;
    runtime.block_on(async {
        let service = Service::open(config, Clock::system()).await?;
        let told = done(&service, deed).await;
        service.close().await;
        print(format_args!("{}", told?))?;
        Ok(ExitCode::SUCCESS)
    })
}

async fn done(service: &Service, deed: Deed) -> Result<String, Failure> {
    match deed {
        Deed::People(People::Show { name }) => {
            let person = named(service, &name).await?;
            Ok(service.account_view(person).await?.to_string())
        }
        Deed::People(People::LinkCode { name, minutes }) => {
            let person = named(service, &name).await?;
            let code = service.operators_link_code(&person, minutes).await?;
            Ok(format!(
                "{}\nGood for {minutes} minutes and one use, for the account \"{}\". It is entered on the page /link, \
                 “I have a code”.\n",
                code.shown(),
                person.account_name
            ))
        }
        Deed::People(People::Remove { name }) => {
            let person = named(service, &name).await?;
            service.remove_person(&person).await?;
            Ok(format!("removed the account \"{}\"\n", person.account_name))
        }
        Deed::Credentials(Credentials::Remove { id }) => {
            if !service.remove_credential(id).await? {
                return Err(absent("credential", id));
            }
            Ok(format!("removed the credential {id}\n"))
        }
        Deed::Certificates(Certificates::Unlink { id }) => {
            let removed = service
                .unlink_certificate(id)
                .await?
                .ok_or_else(|| absent("certificate", id))?;
            Ok(format!(
                "unlinked the certificate {id}; credentials removed with it: {removed}\n"
            ))
        }
    }
}

async fn named(service: &Service, name: &str) -> Result<Person, Failure> {
    service.person_named(name).await?.ok_or_else(|| {
        Failure::absent(
            format_args!("there is no account \"{}\"", name.escape_debug()),
            "Ask for the name as the account page shows it.",
        )
    })
}

fn absent(part: &str, id: Uuid) -> Failure {
    Failure::absent(
        format_args!("there is no {part} {id}"),
        "Take the ID from `people show NAME`.",
    )
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        StartProblem::from(error).into()
    }
}

impl From<LinkCodeProblem> for Failure {
    fn from(problem: LinkCodeProblem) -> Self {
        match problem {
            LinkCodeProblem::Store(error) => error.into(),
            LinkCodeProblem::Random => Self::new(problem, "Start it again later."),
        }
    }
}
