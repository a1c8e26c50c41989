//! The program itself: its command line, its log, how it starts and stops.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::{
    authenticator::{Attest, Ceremony, base64url, create, get},
    browser::Browser,
    ceremonies::sign_in,
    world::{ca, person, pki},
};

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jpki-relying-party"));
    for setting in jpki_relying_party::config::settings() {
        command.env_remove(setting.variable);
    }
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a configuration for the practice hierarchy.
pub(crate) fn folder(more: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.cer"), ca(3).certificate()).unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(
        &config,
        format!(
            "listen = \"127.0.0.1:0\"\norigin = \"http://localhost:8080\"\nrp-id = \"localhost\"\nrp-name = \"Practice\"\n\
             database = \"rp.sqlite3\"\nkey-file = \"rp.key\"\n{more}[attestation]\nprofiles = [\"lab\"]\n\
             [[attestation.anchors]]\nprofile = \"lab\"\nfile = \"ca.cer\"\n"
        ),
    )
    .unwrap();
    (folder, config)
}

pub(crate) struct Served {
    child: Child,
    log: BufReader<ChildStdout>,
    first_lines: String,
    address: std::net::SocketAddr,
    pub(crate) browser: Browser,
}

pub(crate) fn serve(config: &Path) -> Served {
    let mut child = program()
        .args(["serve", "--config"])
        .arg(config)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut first_lines = String::new();
    let address = loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "{first_lines}");
        first_lines += &line;
        let line: Value = serde_json::from_str(&line).unwrap();
        if line["message"] == "listening" {
            break line["address"].as_str().unwrap().parse().unwrap();
        }
    };
    Served {
        child,
        log,
        first_lines,
        address,
        browser: Browser::new(address, "http://localhost:8080"),
    }
}

impl Served {
    pub(crate) fn new_browser(&self) -> Browser {
        Browser::new(self.address, "http://localhost:8080")
    }

    /// Asks it to stop as service managers do, and returns the whole log.
    pub(crate) fn stop(mut self) -> String {
        let process = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &process])
                .status()
                .unwrap()
                .success()
        );
        let mut log = self.first_lines;
        self.log.read_to_string(&mut log).unwrap();
        assert!(self.child.wait().unwrap().success());
        log
    }
}

#[test]
fn the_log_is_json_and_has_nothing_about_anybody() {
    let (_folder, config) = folder("log = \"debug\"\n");
    let mut served = serve(&config);
    let browser = &mut served.browser;
    let options = browser.start_registration("hanako-taro").ok().json();
    let made = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    browser.finish_registration(&made.json()).ok();
    sign_in(browser, &made.passkey);
    let token = browser.cookies["session"].clone();
    browser.post("/api/sign-out", &json!({})).ok();
    browser.get("/hanako-taro?hanako-taro");
    // Refusals too: a taken name, a card of somebody else, a forged signature.
    browser.start_registration("hanako-taro").refusal();
    let options = browser.start_registration("jiro").ok().json();
    let again = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    browser.finish_registration(&again.json()).refusal();
    let options = browser.start_sign_in(Some("hanako-taro")).ok().json();
    let mut forged = get(&options, &made.passkey, &Ceremony::default());
    forged["response"]["signature"] = json!(base64url(b"forged"));
    browser.finish_sign_in(&forged).refusal();

    let log = served.stop();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let messages: Vec<&str> = lines
        .iter()
        .map(|line| line["message"].as_str().unwrap())
        .collect();
    for expected in [
        "listening",
        "request",
        "done",
        "refused",
        "refused because",
        "stopped",
    ] {
        assert!(messages.contains(&expected), "{expected} is missing");
    }
    let certificate = &person("p01").certificate;
    let serial = &certificate[15..15 + usize::from(certificate[14])];
    let serial_number = serial
        .iter()
        .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    for secret in [
        "hanako-taro".to_owned(),
        "jiro".to_owned(),
        token,
        base64url(&made.passkey.id),
        base64url(&made.passkey.user_handle),
        options["publicKey"]["challenge"]
            .as_str()
            .unwrap()
            .to_owned(),
        base64url(&certificate[..48]),
        serial.iter().map(|byte| format!("{byte:02x}")).collect(),
        serial_number.to_string(),
        "Renshu".to_owned(),
    ] {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}

#[test]
fn the_first_start_makes_the_keys_and_the_next_one_uses_them() {
    let (folder, config) = folder("");
    serve(&config).stop();
    let key = std::fs::read(folder.path().join("rp.key")).unwrap();
    serve(&config).stop();
    assert_eq!(std::fs::read(folder.path().join("rp.key")).unwrap(), key);

    // Without the key file the database is not touched, whoever asks.
    std::fs::remove_file(folder.path().join("rp.key")).unwrap();
    for command in ["serve", "init"] {
        let refused = run(&[command, "--config", config.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(2));
        let error = text(&refused.stderr);
        assert!(error.contains("its key file"), "{error}");
        assert!(
            error.contains("what to do: Put the key file back"),
            "{error}"
        );
        assert!(!folder.path().join("rp.key").exists());
    }
}

#[test]
fn another_databases_key_file_is_refused() {
    let (folder, config) = folder("");
    serve(&config).stop();
    let key = folder.path().join("rp.key");
    std::fs::remove_file(&key).unwrap();
    jpki_relying_party::keys::create(&key).unwrap();
    let refused = run(&["serve", "--config", config.to_str().unwrap()]);
    assert!(text(&refused.stderr).contains("made with another key file"));
}

#[test]
fn init_makes_the_key_file_and_never_replaces_it() {
    let (folder, config) = folder("");
    let config = config.to_str().unwrap();
    let made = run(&["init", "--config", config]);
    assert!(made.status.success());
    assert!(text(&made.stdout).contains("Back it up"));
    let key = std::fs::read_to_string(folder.path().join("rp.key")).unwrap();
    assert!(!text(&made.stdout).contains(key.lines().last().unwrap()));
    let again = run(&["init", "--config", config]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("rp.key")).unwrap(),
        key
    );
}

#[test]
fn what_stops_the_start_is_said_with_what_to_do() {
    for (change, what, action) in [
        ("orign = \"x\"\n", "orign", "config.example.toml"),
        (
            "limits = { connections = 0 }\n",
            "limits.connections is 0",
            "positive number",
        ),
    ] {
        let (_folder, config) = folder(change);
        let refused = run(&["serve", "--config", config.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(2));
        let error = text(&refused.stderr);
        assert!(error.contains(what), "{error}");
        let (_, told) = error.split_once("\nwhat to do: ").unwrap();
        assert!(told.contains(action), "{error}");
    }
    let missing = run(&["serve", "--config", "/nowhere/config.toml"]);
    assert!(text(&missing.stderr).contains("/nowhere/config.toml cannot be read"));
}

#[test]
fn issuers_that_would_let_nobody_in_stop_the_start() {
    for (settings, what) in [
        (
            "profiles = [\"lab\"]",
            "profile \"lab\" has no trust anchors",
        ),
        ("profiles = [\"jpky\"]", "\"jpky\", which is neither"),
        (
            "profiles = [\"jpki\"]\n[[attestation.anchors]]\nprofile = \"lab\"\nfile = \"ca.cer\"",
            "does not name",
        ),
        (
            "profiles = [\"jpki\"]\n[[attestation.anchors]]\nprofile = \"jpki\"\nfile = \"ca.cer\"",
            "jpki",
        ),
        (
            "profiles = [\"lab\"]\n[[attestation.anchors]]\nprofile = \"lab\"\nfile = \"missing.cer\"",
            "missing.cer cannot be read",
        ),
    ] {
        let (folder, config) = folder("");
        let text_of = std::fs::read_to_string(&config).unwrap();
        let (head, _) = text_of.split_once("[attestation]").unwrap();
        std::fs::write(&config, format!("{head}[attestation]\n{settings}\n")).unwrap();
        let refused = run(&["serve", "--config", config.to_str().unwrap()]);
        let error = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{error}");
        assert!(error.contains(what), "{error}");
        assert!(!folder.path().join("rp.key").exists(), "nothing was made");
    }
}

const TEST_CARD: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../attestation/tests/fixtures/jpki-test-authentication.cer"
);

#[test]
fn a_jlis_test_card_passes_under_the_test_profile_and_fails_under_production() {
    let test = run(&[
        "certificate",
        TEST_CARD,
        "--profile",
        "jpki-test",
        "--at",
        "2026-06-01",
    ]);
    let told = text(&test.stdout);
    assert!(test.status.success(), "{told}");
    assert!(told.contains("jpki-test (TEST: proves nothing about anybody, JP)"));
    assert!(told.contains("not checked"));
    assert!(told.contains("accepted, but nobody knows whether it was revoked"));

    // Production is what is meant when nothing is said.
    for arguments in [&["--profile", "jpki"][..], &[]] {
        let mut all = vec!["certificate", TEST_CARD, "--at", "2026-06-01"];
        all.extend(arguments);
        let production = run(&all);
        assert_eq!(production.status.code(), Some(1));
        let told = text(&production.stdout);
        assert!(told.contains("FAILED"), "{told}");
        assert!(told.contains("unknown-issuer"), "{told}");
    }

    let late = run(&[
        "certificate",
        TEST_CARD,
        "--profile",
        "jpki-test",
        "--at",
        "2030-02-18T00:00:00+09:00",
    ]);
    assert_eq!(late.status.code(), Some(1));
    assert!(text(&late.stdout).contains("certificate-expired"));
}

#[test]
fn a_certificate_is_judged_by_the_configured_issuers() {
    let (folder, config) = folder("");
    let file = folder.path().join("card.pem");
    let body = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        &person("p01").certificate,
    );
    std::fs::write(
        &file,
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"),
    )
    .unwrap();
    let arguments = [
        "certificate",
        file.to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
    ];
    let told = run(&arguments);
    assert!(told.status.success(), "{}", text(&told.stdout));
    assert!(text(&told.stdout).contains("anchor ca, valid"));
}

#[test]
fn a_registration_is_explained_rule_by_rule() {
    let (folder, config) = folder("");
    let options = json!({ "publicKey": { "challenge": base64url(&[1; 32]), "user": { "id": base64url(&[2; 16]) } } });
    let mut made = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    let file = folder.path().join("registration.json");
    let inspect = |json: &Value| {
        std::fs::write(&file, json.to_string()).unwrap();
        run(&[
            "inspect",
            file.to_str().unwrap(),
            "--config",
            config.to_str().unwrap(),
        ])
    };
    let good = inspect(&made.json());
    let told = text(&good.stdout);
    assert!(good.status.success(), "{told}");
    for line in [
        "statement-signature",
        "origin",
        "http://localhost:8080",
        "challenge",
    ] {
        assert!(told.contains(line), "{line} is missing");
    }

    made.sig[0] ^= 1;
    let altered = inspect(&made.json());
    assert_eq!(altered.status.code(), Some(1));
    assert!(text(&altered.stdout).contains("refused: the attestation statement's signature"));

    let elsewhere = Ceremony {
        origin: "https://evil.example".to_owned(),
        ..Ceremony::default()
    };
    let other = inspect(&create(&options, &Attest::Eid(person("p01")), &elsewhere).json());
    assert_eq!(other.status.code(), Some(1));
    let told = text(&other.stdout);
    assert!(told.contains("refused: the client data's origin"), "{told}");

    let nothing = inspect(&json!({}));
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("what to do: Give the JSON"));
}

/// Each was answered as if the certificate had failed.
#[test]
fn what_cannot_be_judged_is_no_refusal() {
    let (folder, _config) = folder("");
    let key = folder.path().join("card.key");
    std::fs::write(
        &key,
        "-----BEGIN PRIVATE KEY-----\nMAM=\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    let refused = run(&["certificate", key.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused.stderr);
    assert!(told.contains("a private key and no certificate"), "{told}");
    assert!(told.contains("what to do: Give the certificate"), "{told}");

    let refused = run(&["certificate", TEST_CARD, "--profile", "lab"]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused.stderr);
    assert!(told.contains("\"lab\" has no trust anchors"), "{told}");
    assert!(told.contains("what to do: Give --config"), "{told}");
}

#[test]
fn the_signing_certificate_is_told_from_others_that_are_refused() {
    let (folder, config) = folder("");
    let file = folder.path().join("card.cer");
    let judge = |certificate: &[u8]| {
        std::fs::write(&file, certificate).unwrap();
        let config = config.to_str().unwrap();
        run(&["certificate", file.to_str().unwrap(), "--config", config])
    };
    let signing = judge(&pki().person("p01").unwrap().signature.certificate);
    assert_eq!(signing.status.code(), Some(1));
    assert!(text(&signing.stdout).contains("hint: this is the card's signing certificate"));
    let expired = judge(&person("p04").certificate);
    assert_eq!(expired.status.code(), Some(1));
    assert!(!text(&expired.stdout).contains("hint"));
}

#[test]
fn a_time_that_is_none_is_said_to_be() {
    let refused = run(&["certificate", TEST_CARD, "--at", "yesterday"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("\"yesterday\" is not a time"));
}

/// `/dev/zero` was read until memory ran out.
#[test]
fn a_file_without_end_is_refused_and_not_read_to_the_end() {
    for command in ["certificate", "inspect"] {
        let refused = run(&[command, "/dev/zero"]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        let said = text(&refused.stderr);
        assert!(said.contains("/dev/zero"), "{said}");
        assert!(said.contains("longer than 65536 bytes"), "{said}");
    }
}
