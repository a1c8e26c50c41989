//! `rustls-webpki`, for client authentication. It knows no policies.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::Answer;
use crate::question::Question;

pub fn ask(question: &Question) -> Answer {
    let certificates: Vec<CertificateDer<'_>> = question
        .anchors
        .iter()
        .map(|anchor| anchor.as_slice().into())
        .collect();
    let anchors: Vec<_> = certificates
        .iter()
        .map(|anchor| anchor_from_trusted_cert(anchor).unwrap())
        .collect();
    let certificate = question.certificate.as_slice().into();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(question.at));
    let refuse = |error: webpki::Error| format!("{error:?}");
    EndEntityCert::try_from(&certificate)
        .map_err(refuse)?
        .verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &anchors,
            &[],
            at,
            KeyUsage::client_auth(),
            None,
            None,
        )
        .map(drop)
        .map_err(refuse)
}
