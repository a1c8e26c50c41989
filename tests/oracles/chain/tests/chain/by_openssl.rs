//! OpenSSL's command line, at its strictest.

use std::fs::write;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Answer;
use crate::question::Question;

pub fn ask(question: &Question) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    let anchors = folder.path().join("anchors.pem");
    let certificate = folder.path().join("certificate.pem");
    let all: String = question.anchors.iter().map(|anchor| pem(anchor)).collect();
    write(&anchors, all).unwrap();
    write(&certificate, pem(&question.certificate)).unwrap();

    let mut command = Command::new("openssl");
    command.arg("verify");
    command.args(["-x509_strict", "-auth_level", "2"]);
    command.args(["-no-CApath", "-no-CAstore", "-CAfile"]);
    command.arg(&anchors);
    command.args(["-attime", &question.at.to_string()]);
    command.args(["-purpose", "sslclient", "-policy_check", "-explicit_policy"]);
    for policy in &question.policies {
        command.args(["-policy", policy]);
    }
    let output = command.arg(&certificate).output().unwrap();
    if output.status.success() {
        Ok(())
    } else {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(error
            .lines()
            .find(|line| line.contains("error"))
            .unwrap_or(&error)
            .to_owned())
    }
}

fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    )
}
