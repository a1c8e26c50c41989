//! Certificates in files: DER, or PEM with one certificate.

use base64::{Engine as _, engine::general_purpose::STANDARD};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Why a PEM file has no certificate to offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PemProblem {
    /// A begin without an end, or something else between them than base64.
    #[error("its PEM text is damaged")]
    Damaged,
    /// More than one certificate, and no telling which is meant.
    #[error("it has more than one certificate")]
    Several,
    /// PEM of something else.
    #[error("it is PEM, but has no certificate")]
    NoCertificate,
    /// A private key, which nobody should hand around.
    #[error("it has a private key and no certificate")]
    PrivateKey,
    /// Neither PEM nor the beginning of DER.
    #[error("it is neither PEM nor DER")]
    Neither,
}

/// The DER of a file's one certificate. What begins like DER is taken as DER, which whoever parses it will judge.
///
/// # Errors
/// The PEM text is damaged, or has several certificates or none; or it is something else altogether.
pub fn to_der(bytes: Vec<u8>) -> Result<Vec<u8>, PemProblem> {
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return as_der(bytes);
    };
    let Some((_, rest)) = text.split_once(BEGIN) else {
        return match text.split_once("-----BEGIN ") {
            None => as_der(bytes),
            Some((_, rest))
                if rest
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .contains("PRIVATE KEY") =>
            {
                Err(PemProblem::PrivateKey)
            }
            Some(_) => Err(PemProblem::NoCertificate),
        };
    };
    let (body, rest) = rest.split_once(END).ok_or(PemProblem::Damaged)?;
    if rest.contains(BEGIN) {
        return Err(PemProblem::Several);
    }
    let body: String = body
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace())
        .collect();
    STANDARD.decode(body).map_err(|_| PemProblem::Damaged)
}

/// A certificate is a SEQUENCE (X.690 §8.9.1).
fn as_der(bytes: Vec<u8>) -> Result<Vec<u8>, PemProblem> {
    match bytes.first() {
        Some(0x30) => Ok(bytes),
        _ => Err(PemProblem::Neither),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem(body: &str) -> Vec<u8> {
        format!("subject=…\n{BEGIN}\n{body}\n{END}\n").into_bytes()
    }

    #[test]
    fn pem_and_der_give_the_same_bytes() {
        assert_eq!(to_der(pem("MAM=")).unwrap(), [0x30, 3]);
        assert_eq!(to_der(vec![0x30, 3, 0xff]).unwrap(), [0x30, 3, 0xff]);
    }

    #[test]
    fn a_damaged_or_ambiguous_file_is_refused() {
        assert_eq!(to_der(pem("M*A")), Err(PemProblem::Damaged));
        assert_eq!(to_der(BEGIN.as_bytes().to_vec()), Err(PemProblem::Damaged));
        let two = [pem("MAM="), pem("MAM=")].concat();
        assert_eq!(to_der(two), Err(PemProblem::Several));
    }

    /// A key was judged as a certificate, and refused as one that is not strictly encoded.
    #[test]
    fn pem_of_something_else_is_not_taken_for_der() {
        for (label, problem) in [
            ("PRIVATE KEY", PemProblem::PrivateKey),
            ("RSA PRIVATE KEY", PemProblem::PrivateKey),
            ("ENCRYPTED PRIVATE KEY", PemProblem::PrivateKey),
            ("PUBLIC KEY", PemProblem::NoCertificate),
            ("CERTIFICATE REQUEST", PemProblem::NoCertificate),
        ] {
            let text = format!("-----BEGIN {label}-----\nMAM=\n-----END {label}-----\n");
            assert_eq!(to_der(text.into_bytes()), Err(problem));
        }
    }

    #[test]
    fn what_is_no_certificate_at_all_is_not_taken_for_der() {
        for bytes in [&b""[..], b"origin = 1", &[0xff, 0xd8, 0xff]] {
            assert_eq!(to_der(bytes.to_vec()), Err(PemProblem::Neither));
        }
    }
}
