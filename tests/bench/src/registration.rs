//! Registration verification: statement, chain and policy, beside two bare RSA-2048 verifications of the same bytes.

use anyhow::{Context as _, anyhow};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use der::{Decode as _, Encode as _};
use eid_attestation::{Profile, Profiles, UnixTime, verify};
use jpki_lab::pki::{Pki, instant, shared};
use rsa::pkcs1::EncodeRsaPublicKey as _;
use serde_json::json;
use x509_cert::Certificate;

use crate::passkey::{Attest, Passkey};
use crate::report::{Aim, Report};
use crate::sample::{Rounds, computation, in_turn};

/// Measures, and adds what was found to the report.
pub(crate) fn measure(report: &mut Report, rounds: Rounds) -> anyhow::Result<()> {
    let pki = shared()?;
    let person = pki.person("p01").context("the practice person p01")?;
    let card = &person.authentication;
    let issuer = pki
        .authentication_ca(person.generation)
        .context("the practice person's CA")?;

    let options = json!({"challenge": "AAAA", "user": {"id": "AQID"}});
    let (_, made) = Passkey::create(&options, Attest::Card(card))?;
    let object = made.attestation_object()?;
    let hash: [u8; 32] = digest(&SHA256, &made.client_data).as_ref().try_into()?;
    let profiles = profiles(pki)?;
    let at = UnixTime::from_secs(instant(pki.year, 6, 1, (3, 0, 0)).try_into()?);
    let whole = computation(|| {
        verify(&object, &hash, &profiles, None, at).map_err(|refused| anyhow!("{refused}"))
    });

    // The same signatures, cut out beforehand, under keys in the form in which they are used.
    let certificate = Certificate::from_der(&card.certificate)?;
    let tbs = certificate.tbs_certificate().to_der()?;
    let issued = certificate.signature().raw_bytes();
    let issuer_key = issuer.key().to_public_key().to_pkcs1_der()?;
    let holder_key = card.key.to_public_key().to_pkcs1_der()?;
    let signed = [made.auth_data.as_slice(), &hash].concat();
    let bare = computation(|| {
        rsa_verify(issuer_key.as_bytes(), &tbs, issued)?;
        rsa_verify(holder_key.as_bytes(), &signed, &made.signature)
    });

    let [whole, bare] = in_turn(rounds.computations, [whole, bare])?;
    report.add_with_aim(
        "registration verification, beside two bare RSA-2048 verifications",
        "µs",
        whole,
        bare,
        Aim::Ratio(1.5),
    );
    Ok(())
}

fn rsa_verify(key: &[u8], message: &[u8], signature: &[u8]) -> anyhow::Result<()> {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(message, signature)
        .map_err(|_| anyhow!("a signature of the practice hierarchy does not verify"))
}

/// The practice profile with all generations, as a relying party would have it.
fn profiles(pki: &Pki) -> anyhow::Result<Profiles> {
    let mut profile = Profile::builtin("lab")?;
    for (generation, ca) in (1..).zip(&pki.authentication_cas) {
        profile.add_anchor(&format!("generation {generation}"), ca.certificate())?;
    }
    let mut profiles = Profiles::new();
    profiles.insert(profile)?;
    Ok(profiles)
}
