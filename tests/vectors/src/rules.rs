//! The rules of `docs/attestation-format.md`, in order, with the codes of their refusals.

use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Rule {
    /// The step of the verification procedure.
    step: u8,
    rule: &'static str,
    codes: &'static [&'static str],
}

const fn rule(step: u8, rule: &'static str, codes: &'static [&'static str]) -> Rule {
    Rule { step, rule, codes }
}

pub(crate) const RULES: [Rule; 20] = [
    rule(1, "attestation-object", &["attestation-object"]),
    rule(2, "statement", &["other-format", "statement"]),
    rule(3, "authenticator-data", &["authenticator-data"]),
    rule(4, "certificate-encoding", &["certificate-encoding"]),
    rule(4, "certificate-version", &["certificate-version"]),
    rule(4, "signature-algorithms", &["signature-algorithms-differ"]),
    rule(
        5,
        "anchor",
        &[
            "unknown-issuer",
            "authority-key-identifier-missing",
            "unknown-issuer-key",
        ],
    ),
    rule(
        6,
        "anchor-validity",
        &["anchor-not-yet-valid", "anchor-expired"],
    ),
    rule(
        7,
        "certificate-validity",
        &["certificate-not-yet-valid", "certificate-expired"],
    ),
    rule(
        8,
        "issuer-signature",
        &["signature-algorithm-not-admitted", "issuer-signature"],
    ),
    rule(
        9,
        "key-usage",
        &[
            "key-usage-missing",
            "key-usage-without-digital-signature",
            "key-usage-not-admitted",
        ],
    ),
    rule(10, "basic-constraints", &["certification-authority"]),
    rule(11, "extended-key-usage", &["extended-key-usage"]),
    rule(
        12,
        "certificate-policy",
        &["policy-missing", "other-policy", "policy-not-critical"],
    ),
    rule(
        13,
        "extensions",
        &["extension-twice", "unknown-critical-extension"],
    ),
    rule(14, "public-key", &["public-key-not-admitted"]),
    rule(
        15,
        "serial-number",
        &["serial-not-positive", "serial-too-long"],
    ),
    rule(
        16,
        "statement-algorithm",
        &[
            "statement-algorithm-not-admitted",
            "statement-algorithm-mismatch",
        ],
    ),
    rule(17, "statement-signature", &["statement-signature"]),
    rule(
        18,
        "revocation",
        &["revoked", "revocation-unknown", "revocation-stale"],
    ),
];
