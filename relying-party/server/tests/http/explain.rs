//! `certificate` and `inspect`: why something is accepted or refused, and what cannot be judged.

use serde_json::{Value, json};

use crate::{
    authenticator::{Attest, Ceremony, base64url, create},
    program::{folder, run, text},
    world::{person, pki},
};

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

    let settings = folder.path().join("settings.toml");
    std::fs::write(&settings, "origin = 1").unwrap();
    let refused = run(&["certificate", settings.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    let told = text(&refused.stderr);
    assert!(told.contains("neither PEM nor DER"), "{told}");
    assert!(told.contains("what to do: Give a file"), "{told}");

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
