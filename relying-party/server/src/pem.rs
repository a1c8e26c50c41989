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
}

/// The DER of a file's one certificate. A file that is not PEM is taken as DER, which whoever parses it will judge.
///
/// # Errors
/// The PEM text is damaged or has several certificates.
pub fn to_der(bytes: Vec<u8>) -> Result<Vec<u8>, PemProblem> {
    let Some((_, rest)) = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.split_once(BEGIN))
    else {
        return Ok(bytes);
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
}
