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
    world::{ca, person},
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
    // By what a person quotes the operator finds the line, and there what clients were told.
    let code = "certificate-already-registered";
    for message in ["request", "refused"] {
        let told = lines.iter().filter(|line| line["message"] == message);
        let told: Vec<&Value> = told.filter(|line| line["problem"] == code).collect();
        assert_eq!(told.len(), 1, "{message}");
        assert_eq!(told[0]["shown_code"], format!("JPKI-{code}"));
    }
    let lost = lines.iter().find(|line| line["status"] == 404).unwrap();
    assert_eq!(lost["shown_code"], "JPKI-not-found");
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
    for without in [&["serve"][..], &["people", "show", "nobody"]] {
        let refused = run(without);
        assert_eq!(refused.status.code(), Some(2));
        let error = text(&refused.stderr);
        assert!(
            error.contains(
                "\nwhat to do: Give the configuration with --config FILE, or set every needed setting in the environment."
            ),
            "{error}"
        );
    }
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
