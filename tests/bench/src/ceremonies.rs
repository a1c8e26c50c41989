//! The authenticator: commands to the card, time outside the card, and memory, for each kind of ceremony.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::bare::Bare;
use crate::desk::{Asked, Desk};
use crate::host::{Ceremony, Request, perform};
use crate::opensc;
use crate::report::{Aim, Report};
use crate::sample::{Rounds, median};

/// OpenSC leaves the card powered, and pcscd takes seconds to notice: fewer rounds.
const OPENSC_EVERY: usize = 6;

/// The safe minimum before the first signature: SELECT, counter, VERIFY.
const BEFORE_SIGNING: f64 = 3.0;

const SITE: &str = "example.jp";
/// Sites of their own for the credentials that sign-ins use: a registration replaces the one before.
const SIGN_IN_SITE: &str = "sign-in.example";
const CARD_SIGN_IN_SITE: &str = "card-sign-in.example";

/// The order of algorithms of a site that takes either kind of credential, and of one that prefers the card's own key.
const PAIRWISE: &[i32] = &[-7, -257];
const CARD: &[i32] = &[-257, -7];

/// Measures, and adds what was found to the report.
pub(crate) fn measure(report: &mut Report, rounds: Rounds, program: &Path) -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let mut bare = Bare::start(&desk)?;
    let mut kinds = kinds(&desk, program, desk.home())?;
    let mut in_memory = self::kinds(&desk, program, desk.home_in_memory())?;
    let mut opensc = Vec::new();
    let warming_up = 2;
    for round in 0..warming_up + rounds.ceremonies {
        for kind in kinds.iter_mut().chain(&mut in_memory) {
            let measured = kind.measure(&desk, program, &mut bare)?;
            if round >= warming_up {
                kind.rounds.push(measured);
            }
        }
        if round % OPENSC_EVERY == 0 {
            opensc.push(opensc::sign(&desk)?);
            desk.settle()?;
        }
    }
    add_commands(report, &kinds, &opensc)?;
    add_times(report, &kinds, &in_memory, &opensc);
    add_memory(report, &desk, program, &kinds, &opensc)
}

/// Every kind of ceremony, with the store in `home`.
fn kinds(desk: &Desk, program: &Path, home: &Path) -> anyhow::Result<Vec<Kind>> {
    let register = |site, algorithms| register(desk, program, home, site, algorithms);
    let pairwise = register(SIGN_IN_SITE, PAIRWISE)?;
    let card = register(CARD_SIGN_IN_SITE, CARD)?;
    let registration = |attestation, algorithms| registration(home, SITE, attestation, algorithms);
    Ok(vec![
        Kind::new(
            "registration with the certificate",
            3,
            registration("enterprise", PAIRWISE),
        ),
        Kind::new("registration", 2, registration("none", PAIRWISE)),
        Kind::new("sign-in", 1, sign_in(home, SIGN_IN_SITE, &pairwise)),
        Kind::new(
            "card credential, registration with the certificate",
            2,
            registration("enterprise", CARD),
        ),
        Kind::new(
            "card credential, registration",
            1,
            registration("none", CARD),
        ),
        Kind::new(
            "card credential, sign-in",
            1,
            sign_in(home, CARD_SIGN_IN_SITE, &card),
        ),
    ])
}

/// A kind of ceremony, and what was found.
struct Kind {
    name: &'static str,
    /// How many signatures of the card it needs: to seal, for the names' key, for the statement.
    signatures: u8,
    request: Request,
    rounds: Vec<Round>,
}

struct Round {
    ceremony: Ceremony,
    asked: Asked,
    bare: Duration,
}

impl Kind {
    fn new(name: &'static str, signatures: u8, request: Request) -> Self {
        Self {
            name,
            signatures,
            request,
            rounds: Vec::new(),
        }
    }

    fn measure(&self, desk: &Desk, program: &Path, bare: &mut Bare) -> anyhow::Result<Round> {
        let (ceremony, asked) = desk.during(|| perform(desk, program, &self.request, false))?;
        desk.settle()?;
        let bare = bare.send(desk, &asked.commands, &[])?;
        desk.settle()?;
        Ok(Round {
            ceremony,
            asked,
            bare,
        })
    }

    /// The median of a time, in milliseconds.
    fn time(&self, of: impl Fn(&Round) -> Duration) -> f64 {
        median(
            self.rounds
                .iter()
                .map(|round| milliseconds(of(round)))
                .collect(),
        )
    }

    /// The median of a count.
    fn count(&self, of: impl Fn(&Round) -> usize) -> anyhow::Result<f64> {
        let counts = self.rounds.iter().map(|round| count(of(round)));
        Ok(median(counts.collect::<anyhow::Result<_>>()?))
    }
}

fn add_commands(
    report: &mut Report,
    kinds: &[Kind],
    opensc: &[opensc::Signature],
) -> anyhow::Result<()> {
    let theirs = opensc
        .iter()
        .map(|signature| count(signature.asked.commands.len()));
    let theirs = median(theirs.collect::<anyhow::Result<_>>()?);
    for kind in kinds {
        let all = kind.count(|round| round.asked.commands.len())?;
        let before = kind.count(|round| round.ceremony.commands_before)?;
        let name = kind.name;
        report.add(
            &format!("{name}: commands to the card, beside OpenSC's signature"),
            "APDUs",
            all,
            theirs,
        );
        report.add_with_aim(
            &format!("{name}: commands once the certificate is known, beside OpenSC's signature"),
            "APDUs",
            all - before,
            theirs,
            Aim::Value(BEFORE_SIGNING + f64::from(kind.signatures)),
        );
    }
    Ok(())
}

fn add_times(
    report: &mut Report,
    kinds: &[Kind],
    in_memory: &[Kind],
    opensc: &[opensc::Signature],
) {
    let theirs = opensc
        .iter()
        .map(|signature| milliseconds(signature.outside_the_card));
    let theirs = median(theirs.collect());
    for (kind, in_memory) in kinds.iter().zip(in_memory) {
        let whole = kind.time(|round| round.ceremony.outside_the_card());
        let bare = kind.time(|round| round.bare);
        let name = kind.name;
        report.add_with_aim(
            &format!("{name}: time outside the card, beside the same commands over bare PC/SC"),
            "ms",
            whole,
            bare,
            Aim::Value(5.0),
        );
        report.add_with_aim(
            &format!("{name}: the same without what bare PC/SC takes, beside bare PC/SC"),
            "ms",
            kind.time(|round| {
                let outside = round.ceremony.outside_the_card();
                outside.saturating_sub(round.bare)
            }),
            bare,
            Aim::Value(5.0),
        );
        let mut part = |what: &str, time| {
            report.add(
                &format!("{name}: {what}, beside all time outside the card"),
                "ms",
                time,
                whole,
            );
        };
        part(
            "starting the program",
            kind.time(|round| round.ceremony.starting),
        );
        part(
            "from request to prompt",
            kind.time(|round| {
                round
                    .ceremony
                    .prompting
                    .saturating_sub(round.ceremony.card_before)
            }),
        );
        part(
            "from answer to result",
            kind.time(|round| {
                round
                    .ceremony
                    .finishing
                    .saturating_sub(round.ceremony.card_after)
            }),
        );
        report.add(
            &format!("{name}: time outside the card, beside the same with the store in memory"),
            "ms",
            whole,
            in_memory.time(|round| round.ceremony.outside_the_card()),
        );
        report.add(
            &format!("{name}: time outside the card, beside OpenSC's signature"),
            "ms",
            whole,
            theirs,
        );
    }
}

fn add_memory(
    report: &mut Report,
    desk: &Desk,
    program: &Path,
    kinds: &[Kind],
    opensc: &[opensc::Signature],
) -> anyhow::Result<()> {
    let theirs = median(opensc.iter().map(|signature| signature.peak).collect());
    for kind in kinds {
        let mut peaks = Vec::new();
        for _ in 0..3 {
            let ceremony = perform(desk, program, &kind.request, true)?;
            peaks.push(ceremony.peak.context("memory was not watched")?);
            desk.settle()?;
        }
        report.add_with_aim(
            &format!(
                "{}: resident memory at most, beside OpenSC's signature",
                kind.name
            ),
            "MB",
            median(peaks),
            theirs,
            Aim::Value(15.0),
        );
    }
    Ok(())
}

/// Makes the credential that a sign-in uses.
fn register(
    desk: &Desk,
    program: &Path,
    home: &Path,
    site: &'static str,
    algorithms: &[i32],
) -> anyhow::Result<Value> {
    let request = registration(home, site, "none", algorithms);
    let made = perform(desk, program, &request, false)?;
    desk.settle()?;
    made.response
        .get("id")
        .cloned()
        .context("a credential without an ID")
}

/// Someone registers, and switches on whatever is offered.
fn registration(home: &Path, site: &'static str, attestation: &str, algorithms: &[i32]) -> Request {
    let parameters: Vec<_> = algorithms
        .iter()
        .map(|algorithm| json!({"type": "public-key", "alg": algorithm}))
        .collect();
    Request {
        home: home.to_owned(),
        kind: "create",
        site,
        options: json!({
            "rp": {"id": site, "name": "Example"},
            "user": {"id": "AQIDBA", "name": "taro", "displayName": "太郎"},
            "challenge": "cmVnaXN0cmF0aW9uIGNoYWxsZW5nZQ",
            "pubKeyCredParams": parameters,
            "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
            "attestation": attestation,
        }),
        disclose: true,
    }
}

fn sign_in(home: &Path, site: &'static str, credential: &Value) -> Request {
    Request {
        home: home.to_owned(),
        kind: "get",
        site,
        options: json!({
            "rpId": site,
            "challenge": "c2lnbi1pbiBjaGFsbGVuZ2U",
            "userVerification": "required",
            "allowCredentials": [{"type": "public-key", "id": credential}],
        }),
        disclose: false,
    }
}

fn count(of: usize) -> anyhow::Result<f64> {
    Ok(f64::from(u32::try_from(of)?))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
