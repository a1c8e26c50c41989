//! `certval`: RFC 5280 path validation with policies, key usage and extended key usage.

use certval::{
    CertificationPath, CertificationPathResults, CertificationPathSettings, PDVCertificate,
    PDVTrustAnchorChoice, PkiEnvironment, TimeOfInterest,
};
use x509_cert::ext::pkix::KeyUsages;

use crate::Answer;
use crate::question::Question;

const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// Whether there is an anchor under which the path is valid.
pub fn ask(question: &Question) -> Answer {
    let mut environment = PkiEnvironment::default();
    environment.populate_5280_pki_environment();
    let mut settings = CertificationPathSettings::default();
    settings.set_time_of_interest(TimeOfInterest::from_unix_secs(question.at).unwrap());
    settings.set_initial_explicit_policy_indicator(true);
    settings.set_initial_policy_set(question.policies.clone());
    settings.set_target_key_usage(KeyUsages::DigitalSignature.into());
    settings.set_extended_key_usage(vec![CLIENT_AUTH.to_owned()]);
    settings.set_require_ta_store(false);

    let target = PDVCertificate::try_from(question.certificate.as_slice())
        .map_err(|error| format!("{error:?}"))?;
    let mut refusals = Vec::new();
    for anchor in &question.anchors {
        let anchor = PDVTrustAnchorChoice::try_from(anchor.as_slice()).unwrap();
        let path = CertificationPath::new(anchor, Vec::new(), target.clone());
        let mut results = CertificationPathResults::default();
        match environment.validate_path(&environment, &settings, &path, &mut results) {
            Ok(()) => return Ok(()),
            Err(error) => refusals.push(format!("{error:?}")),
        }
    }
    Err(refusals.join(", "))
}
