//! The card as a security key: each command over CTAPHID, keepalives, and what the service costs while nothing happens.
//!
//! A round asks for everything once. Questions to the person are answered at once by a script of as many lines as a round has
//! questions, again and again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, ensure};
use jpki_lab::vpcd::Pace;

use crate::bare::Bare;
use crate::ctaphid::{self, Answer, CBOR, Echo, Host, INIT, PING};
use crate::desk::{Asked, Desk, Running};
use crate::platform::{
    self, CONFIGURATION, CREDENTIAL_MANAGEMENT, ES256, GET_ASSERTION, Platform, RS256,
};
use crate::process;
use crate::report::{Aim, Report};
use crate::sample::{Rounds, median};

const SITE: &str = "example.jp";
const CARD_SITE: &str = "card.example";
/// Somebody has two accounts there.
const TWO_ACCOUNTS: &str = "two.example";

/// What the person answers while the credentials are made, and in each round, by the order of the requests.
const BEFORE: &[&str] = &["pin {}", "pin {} card-credential", "pin {}", "pin {}"];
const ROUND: &[&str] = &[
    "approve", // selection
    "pin {}",
    "pin {}",
    "pin {}",
    "pin {}",
    "pin {} card-credential",
    "approve", // the sign-in with a token
];
const REGISTRATIONS: &[&str] = &["pin {}"];

/// How many credentials a site names in its list.
const LIST: usize = 64;

/// What a contactless card takes.
const CONTACTLESS: Pace = Pace {
    command: Duration::from_millis(15),
    signature: Duration::from_millis(400),
};
/// What the standard says of keepalives (CTAP 2.3 §11.2.9.1.7), in milliseconds.
const KEEPALIVE_EVERY: f64 = 100.0;
const PROCESSING: u8 = 1;

const NO_CREDENTIALS: u8 = 0x2E;

/// The aim of what asks the card, in milliseconds beside its own.
const CEREMONY: Option<f64> = Some(5.0);

/// Measures, and adds what was found to the report.
pub(crate) fn measure(report: &mut Report, rounds: Rounds, program: &Path) -> anyhow::Result<()> {
    let mut desk = Desk::new()?;
    let pcscd = desk.pcscd_id()?;
    let desk = desk;
    let credentials = Credentials::make(&desk, program)?;
    let key = SecurityKey::start(&desk, program, ROUND)?;
    let mut bench = Bench {
        host: key.connect()?,
        echo: Echo::start(&desk)?,
        bare: Bare::start(&desk)?,
        desk: &desk,
        credentials,
        figures: Vec::new(),
    };
    let warming_up = 2;
    for round in 0..warming_up + rounds.ceremonies {
        if round == warming_up {
            bench.figures.clear();
        }
        bench.round()?;
    }
    for figure in &bench.figures {
        figure.add_to(report);
    }
    add_idle(report, &desk, &key, pcscd, rounds.idle)?;
    drop((bench, key));
    add_keepalives(report, &desk, program, rounds)
}

/// The running service.
struct SecurityKey {
    running: Running,
    address: std::net::SocketAddr,
    _script: tempfile::TempDir,
}

impl SecurityKey {
    /// With these answers, again and again.
    fn start(desk: &Desk, program: &Path, answers: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let script: PathBuf = folder.path().join("script");
        let lines = answers.iter().map(|line| line.replace("{}", desk.pin()));
        let lines: Vec<String> = lines.chain(["repeat".to_owned()]).collect();
        fs::write(&script, lines.join("\n"))?;
        let prompt = format!("script:{}", script.display());
        let mut child = desk
            .command(program)
            .args(["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        Ok(Self {
            address: ctaphid::address_from(&mut child)?,
            running: Running(child),
            _script: folder,
        })
    }

    /// A host with a channel, once the card was read.
    fn connect(&self) -> anyhow::Result<Host> {
        Host::connect(self.address)
    }

    fn id(&self) -> u32 {
        self.running.0.id()
    }
}

/// The IDs of what sign-ins use.
struct Credentials {
    pairwise: Vec<u8>,
    card: Vec<u8>,
}

impl Credentials {
    fn make(desk: &Desk, program: &Path) -> anyhow::Result<Self> {
        let key = SecurityKey::start(desk, program, BEFORE)?;
        let host = key.connect()?;
        let make = |site, user, algorithm| {
            let answer = host.ask(CBOR, &platform::make_credential(site, user, algorithm)?)?;
            platform::credential_id(&answer.message)
        };
        let credentials = Self {
            pairwise: make(SITE, "signs in", ES256)?,
            card: make(CARD_SITE, "signs in", RS256)?,
        };
        make(TWO_ACCOUNTS, "one", ES256)?;
        make(TWO_ACCOUNTS, "another", ES256)?;
        desk.settle()?;
        Ok(credentials)
    }
}

/// Everything at hand.
struct Bench<'a> {
    desk: &'a Desk,
    host: Host,
    echo: Echo,
    bare: Bare,
    credentials: Credentials,
    figures: Vec<Figure>,
}

/// A request, and what was found.
struct Figure {
    name: &'static str,
    beside: &'static str,
    aim: Option<f64>,
    /// Outside the card, and of what it is compared with.
    times: Vec<(Duration, Duration)>,
}

impl Figure {
    fn add_to(&self, report: &mut Report) {
        let of = |which: fn(&(Duration, Duration)) -> Duration| {
            median(self.times.iter().map(which).map(milliseconds).collect())
        };
        let (value, baseline) = (of(|times| times.0), of(|times| times.1));
        let name = format!("over CTAPHID, {}, beside {}", self.name, self.beside);
        match self.aim {
            Some(most) => report.add_with_aim(&name, "ms", value, baseline, Aim::Value(most)),
            None => report.add(&name, "ms", value, baseline),
        }
    }
}

impl Bench<'_> {
    /// Asks for everything once. What asks the person comes in the order of [`ROUND`].
    fn round(&mut self) -> anyhow::Result<()> {
        self.ask("CTAPHID_INIT", None, INIT, b"resynced", None)?;
        self.ask("CTAPHID_PING of 57 bytes", None, PING, &[7; 57], None)?;
        self.ask("CTAPHID_PING of 7609 bytes", None, PING, &[7; 7609], None)?;
        self.request("GetInfo", Some(1.0), &[0x04])?;
        let retries = platform::client_pin(1)?;
        self.request("ClientPIN getPINRetries", None, &retries)?;
        self.probes()?;
        self.request("Selection", Some(5.0), &[0x0B])?;

        let pairwise = [self.credentials.pairwise.clone()];
        let assertion = platform::get_assertion(SITE, &pairwise, ("uv", true))?;
        // The card was only read. Until pcscd takes its power nothing happens, and from that all are slow.
        let name = "GetAssertion, pairwise, after most of a second of nothing";
        self.ceremony(name, None, &assertion)?;
        self.ceremony("GetAssertion, pairwise", CEREMONY, &assertion)?;
        let card = [self.credentials.card.clone()];
        let assertion = platform::get_assertion(CARD_SITE, &card, ("uv", true))?;
        self.ceremony("GetAssertion, card credential", CEREMONY, &assertion)?;
        let credential = platform::make_credential(SITE, "registers", ES256)?;
        self.ceremony("MakeCredential, pairwise", CEREMONY, &credential)?;
        let credential = platform::make_credential(CARD_SITE, "registers", RS256)?;
        self.ceremony("MakeCredential, card credential", CEREMONY, &credential)?;

        self.request("LargeBlobs get", None, &platform::large_blobs()?)?;
        self.with_tokens()
    }

    /// Silent probes of a long list: none of it is ours, or the last.
    fn probes(&mut self) -> anyhow::Result<()> {
        let mut list: Vec<Vec<u8>> = Vec::new();
        for _ in 0..LIST {
            // As long as ours are, and as random as another authenticator's.
            let mut id = vec![0; self.credentials.pairwise.len()];
            getrandom::fill(&mut id).map_err(|error| anyhow!("no randomness: {error}"))?;
            list.push(id);
        }
        let probe = platform::get_assertion(SITE, &list, ("up", false))?;
        self.ask(
            "silent probe of 64 credentials, none ours",
            Some(1.0),
            CBOR,
            &probe,
            Some(NO_CREDENTIALS),
        )?;
        if let Some(last) = list.last_mut() {
            last.clone_from(&self.credentials.pairwise);
        }
        let probe = platform::get_assertion(SITE, &list, ("up", false))?;
        self.request(
            "silent probe of 64 credentials, the last ours",
            Some(1.0),
            &probe,
        )?;
        Ok(())
    }

    /// What a platform does that asks for the PIN itself. The last token ends with the card let go.
    fn with_tokens(&mut self) -> anyhow::Result<()> {
        let agreement = platform::client_pin(2)?;
        let answer = self.request("ClientPIN getKeyAgreement", None, &agreement)?;
        let platform = Platform::agree(&answer.message)?;

        self.desk.settle()?;
        let begin = platform.ask_for_token(self.desk.pin(), CREDENTIAL_MANAGEMENT, None)?;
        let (answer, asked) = self.asked(CBOR, &begin)?;
        let verifying = (answer.after.saturating_sub(asked.in_card), asked);
        let token = platform.token(&answer.message)?;
        let metadata = platform::credentials_metadata(&token)?;
        self.request("CredentialManagement getCredsMetadata", None, &metadata)?;

        let another = platform.ask_for_token(self.desk.pin(), CONFIGURATION, None)?;
        let token = platform.token(&self.host.ask(CBOR, &another)?.message)?;
        let config = platform::enable_enterprise_attestation(&token)?;
        self.request("Config enableEnterpriseAttestation", None, &config)?;

        let another = platform.ask_for_token(self.desk.pin(), GET_ASSERTION, Some(TWO_ACCOUNTS))?;
        let token = platform.token(&self.host.ask(CBOR, &another)?.message)?;
        let discover = platform::discover(TWO_ACCOUNTS, &token)?;
        self.request(
            "GetAssertion with a token, two accounts",
            Some(5.0),
            &discover,
        )?;
        self.request("GetNextAssertion", Some(5.0), &[0x08])?;

        // Now that the card can be had again.
        let (value, asked) = verifying;
        self.beside_bare(
            "ClientPIN getPinUvAuthTokenUsingPinWithPermissions",
            CEREMONY,
            value,
            &asked,
        )
    }

    /// A request that is answered with success, beside the echo.
    fn request(
        &mut self,
        name: &'static str,
        aim: Option<f64>,
        request: &[u8],
    ) -> anyhow::Result<Answer> {
        self.ask(name, aim, CBOR, request, Some(0))
    }

    /// A message that is answered with this status, if it has any, beside the echo.
    fn ask(
        &mut self,
        name: &'static str,
        aim: Option<f64>,
        command: u8,
        message: &[u8],
        status: Option<u8>,
    ) -> anyhow::Result<Answer> {
        let (answer, asked) = self.asked(command, message)?;
        let said = answer.message.first().copied();
        ensure!(status.is_none() || said == status, "{name}: {said:02x?}");
        let value = answer.after.saturating_sub(asked.in_card);
        let echo = self.echo.answers(command, message)?;
        self.note(name, "an echo of the same packets", aim, (value, echo));
        Ok(answer)
    }

    /// A ceremony that asks the person and the card, beside the same commands over bare PC/SC.
    fn ceremony(
        &mut self,
        name: &'static str,
        aim: Option<f64>,
        request: &[u8],
    ) -> anyhow::Result<()> {
        self.desk.settle()?;
        let (answer, asked) = self.asked(CBOR, request)?;
        let said = answer.message.first().copied();
        ensure!(said == Some(0), "{name}: {said:02x?}");
        let value = answer.after.saturating_sub(asked.in_card);
        self.beside_bare(name, aim, value, &asked)
    }

    fn beside_bare(
        &mut self,
        name: &'static str,
        aim: Option<f64>,
        value: Duration,
        asked: &Asked,
    ) -> anyhow::Result<()> {
        self.desk.settle()?;
        let bare = self
            .bare
            .send(self.desk, &asked.commands, &asked.power_ups)?;
        self.desk.settle()?;
        let beside = "the same commands over bare PC/SC";
        self.note(name, beside, aim, (value, bare));
        Ok(())
    }

    fn asked(&self, command: u8, message: &[u8]) -> anyhow::Result<(Answer, Asked)> {
        self.desk.during(|| self.host.ask(command, message))
    }

    fn note(
        &mut self,
        name: &'static str,
        beside: &'static str,
        aim: Option<f64>,
        times: (Duration, Duration),
    ) {
        let known = self.figures.iter_mut().find(|figure| figure.name == name);
        match known {
            Some(figure) => figure.times.push(times),
            None => self.figures.push(Figure {
                name,
                beside,
                aim,
                times: vec![times],
            }),
        }
    }
}

/// What the service costs while a card lies there and nobody asks anything, and the most memory that it ever had.
fn add_idle(
    report: &mut Report,
    desk: &Desk,
    key: &SecurityKey,
    pcscd: u32,
    time: Duration,
) -> anyhow::Result<()> {
    desk.settle()?;
    let spent = || anyhow::Ok((process::computed(key.id())?, process::computed(pcscd)?));
    let (before, begun) = (spent()?, Instant::now());
    sleep(time);
    let (after, hours) = (spent()?, begun.elapsed().as_secs_f64() / 3600.0);
    let an_hour = |after: Duration, before| after.saturating_sub(before).as_secs_f64() / hours;
    report.add_with_aim(
        "security key: processor time for an hour of nothing, beside pcscd's",
        "s",
        an_hour(after.0, before.0),
        an_hour(after.1, before.1),
        Aim::Value(1.0),
    );
    report.add_with_aim(
        "security key: resident memory at most, beside pcscd's",
        "MB",
        process::peak(key.id())?,
        process::peak(pcscd)?,
        Aim::Value(15.0),
    );
    Ok(())
}

/// Keepalives while a contactless card works.
fn add_keepalives(
    report: &mut Report,
    desk: &Desk,
    program: &Path,
    rounds: Rounds,
) -> anyhow::Result<()> {
    let key = SecurityKey::start(desk, program, REGISTRATIONS)?;
    let host = key.connect()?;
    desk.set_pace(CONTACTLESS);
    let request = platform::make_credential(SITE, "waits for a card", ES256)?;
    let mut gaps = Vec::new();
    for _ in 0..rounds.ceremonies.div_ceil(6) {
        let answer = host.ask(CBOR, &request)?;
        ensure!(answer.message.first() == Some(&0), "no registration");
        // A change of what it says is told at once: not counted.
        let while_working = answer.keepalives.windows(2).filter_map(|pair| match pair {
            [(before, PROCESSING), (after, PROCESSING)] => Some(*after - *before),
            _ => None,
        });
        gaps.extend(while_working.map(milliseconds));
    }
    desk.set_pace(Pace::default());
    let worst = gaps.iter().copied().fold(0.0, f64::max);
    let name = "keepalives while a contactless card works";
    report.add(
        &format!("{name}: time between two, beside the standard's"),
        "ms",
        median(gaps),
        KEEPALIVE_EVERY,
    );
    report.add(
        &format!("{name}: the longest time between two, beside the standard's"),
        "ms",
        worst,
        KEEPALIVE_EVERY,
    );
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
