//! The card is faithful: OpenSC's own JPKI driver, which knows nothing of us, reads it, verifies a
//! PIN and signs with it through the real pcscd, and OpenSSL verifies what it signed.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{Bench, person, practice, text};
use rsa::{RsaPrivateKey, pkcs8::EncodePublicKey as _};
use std::fs;

const PKCS11: [&str; 2] = ["--module", "opensc-pkcs11.so"];
const MESSAGE: &[u8] = b"what the practice card signs";

fn pkcs11_tool(bench: &Bench, arguments: &[&str]) -> std::process::Output {
    bench.client("pkcs11-tool", &[&PKCS11, arguments].concat())
}

/// Signs `message` with `pkcs11-tool`; the signature.
fn sign(bench: &Bench, arguments: &[&str]) -> Vec<u8> {
    fs::write(bench.path("message"), MESSAGE).unwrap();
    let files = ["--input-file", "message", "--output-file", "signature"];
    let output = pkcs11_tool(bench, &[&["--sign"], arguments, &files].concat());
    assert!(output.status.success(), "{}", text(&output));
    fs::read(bench.path("signature")).unwrap()
}

fn openssl_verifies(bench: &Bench, key: &RsaPrivateKey) {
    let public = key
        .to_public_key()
        .to_public_key_pem(Default::default())
        .unwrap();
    fs::write(bench.path("public.pem"), public).unwrap();
    let arguments = [
        "dgst",
        "-sha256",
        "-verify",
        "public.pem",
        "-signature",
        "signature",
        "message",
    ];
    let said = bench.succeeds("openssl", &arguments);
    assert!(said.contains("Verified OK"), "{said}");
}

/// The DER in the output of `pkcs15-tool --read-certificate`.
fn read_certificate(bench: &Bench, id: &str) -> Vec<u8> {
    bench.succeeds(
        "pkcs15-tool",
        &["--read-certificate", id, "--output", "certificate.pem"],
    );
    bench.succeeds(
        "openssl",
        &[
            "x509",
            "-in",
            "certificate.pem",
            "-outform",
            "DER",
            "-out",
            "certificate.der",
        ],
    );
    fs::read(bench.path("certificate.der")).unwrap()
}

#[test]
fn opensc_lists_certificates_keys_and_pins() {
    let bench = Bench::new(1);
    let _card = bench.insert(bench.card("p01"), 0);
    let dump = bench.succeeds("pkcs15-tool", &["--dump"]);
    for expected in [
        "PKCS#15 Card [JPKI]",
        "PIN [User Authentication PIN]",
        "PIN [Digital Signature PIN]",
        "Private RSA Key [User Authentication Key]",
        "Private RSA Key [Digital Signature Key]",
        "X.509 Certificate [User Authentication Certificate]",
        "X.509 Certificate [Digital Signature Certificate]",
        "X.509 Certificate [User Authentication Certificate CA]",
        "X.509 Certificate [Digital Signature Certificate CA]",
    ] {
        assert!(dump.contains(expected), "{expected} is not in\n{dump}");
    }
    assert_eq!(tries_left(&dump), [3, 5]);

    let objects = text(&pkcs11_tool(&bench, &["--list-objects"]));
    for expected in [
        "Certificate Object; type = X.509 cert",
        "Public Key Object; RSA 2048 bits",
    ] {
        assert!(
            objects.contains(expected),
            "{expected} is not in\n{objects}"
        );
    }
    assert_eq!(bench.pin_tries("p01"), 0);
}

#[test]
fn opensc_reads_the_certificates_byte_for_byte() {
    let bench = Bench::new(1);
    let _card = bench.insert(bench.card("p02"), 0);
    assert_eq!(
        read_certificate(&bench, "01"),
        person("p02").authentication.certificate
    );
    let ca = practice().authentication_ca(2).unwrap();
    assert_eq!(read_certificate(&bench, "03"), ca.certificate());
    assert_eq!(
        read_certificate(&bench, "04"),
        practice().signature_ca.certificate()
    );
    assert_eq!(bench.pin_tries("p02"), 0);
}

#[test]
fn opensc_verifies_the_pin_and_signs_and_openssl_verifies_the_signature() {
    let bench = Bench::new(1);
    let _card = bench.insert(bench.card("p01"), 0);
    let signature = sign(
        &bench,
        &[
            "--login",
            "--pin",
            "1234",
            "--id",
            "01",
            "--mechanism",
            "SHA256-RSA-PKCS",
        ],
    );
    assert_eq!(signature.len(), 256);
    openssl_verifies(&bench, &person("p01").authentication.key);
    assert_eq!(bench.pin_tries("p01"), 1, "one PIN was typed");
}

#[test]
fn opensc_signs_documents_with_the_other_key_and_pin() {
    let bench = Bench::new(1);
    let _card = bench.insert(bench.card("p01"), 0);
    sign(
        &bench,
        &[
            "--token-label",
            "JPKI (Digital Signature PIN)",
            "--login",
            "--pin",
            "LAB001SIGN",
            "--id",
            "02",
            "--mechanism",
            "SHA256-RSA-PKCS",
        ],
    );
    openssl_verifies(&bench, &person("p01").signature.key);
    // OpenSC presents the PIN for the session and again for each signature with such a key.
    assert_eq!(bench.pin_tries("p01"), 2);
}

#[test]
fn a_wrong_pin_counts_for_good_and_a_locked_pin_stays_locked() {
    let bench = Bench::new(1);
    let login = |pin: &str| pkcs11_tool(&bench, &["--login", "--pin", pin, "--list-objects"]);
    {
        let _card = bench.insert(bench.card("p01"), 0);
        let said = text(&login("9999"));
        assert!(said.contains("CKR_PIN_INCORRECT"), "{said}");
        assert_eq!(
            tries_left(&bench.succeeds("pkcs15-tool", &["--dump"])),
            [2, 5]
        );
    }
    bench.wait_until_occupied(&[]);
    // The same card after a restart.
    let _card = bench.insert(bench.card("p01"), 0);
    assert_eq!(
        tries_left(&bench.succeeds("pkcs15-tool", &["--dump"])),
        [2, 5]
    );
    login("9999");
    login("9999");
    let tries = bench.pin_tries("p01");
    assert_eq!(tries, 3);
    login("1234");
    let log = bench.log("p01");
    assert!(!log.contains(r#""name":"VERIFY","sw":"9000""#), "{log}");
    assert!(
        !log.contains("39 39 39 39") && !log.contains("31 32 33 34"),
        "{log}"
    );
}

#[test]
fn openssl_builds_the_chain_to_the_right_generation_only() {
    let bench = Bench::new(1);
    for (name, der) in [
        ("leaf", person("p01").authentication.certificate.as_slice()),
        (
            "ca2",
            practice().authentication_ca(2).unwrap().certificate(),
        ),
        (
            "ca3",
            practice().authentication_ca(3).unwrap().certificate(),
        ),
    ] {
        fs::write(bench.path(&format!("{name}.cer")), der).unwrap();
        let (from, to) = (format!("{name}.cer"), format!("{name}.pem"));
        bench.succeeds(
            "openssl",
            &["x509", "-inform", "DER", "-in", &from, "-out", &to],
        );
    }
    let said = bench.succeeds("openssl", &["verify", "-CAfile", "ca3.pem", "leaf.pem"]);
    assert!(said.contains("leaf.pem: OK"), "{said}");
    let wrong = bench.client("openssl", &["verify", "-CAfile", "ca2.pem", "leaf.pem"]);
    assert!(!wrong.status.success());
}

/// The tries of both PINs in the output of `pkcs15-tool --dump`.
fn tries_left(dump: &str) -> Vec<u8> {
    dump.lines()
        .filter_map(|line| line.trim().strip_prefix("Tries left     : ")?.parse().ok())
        .collect()
}
