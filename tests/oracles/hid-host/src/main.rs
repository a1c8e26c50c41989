//! What the crate `ctap-hid-fido2` offers, done with the one security key of this computer. The PIN comes on standard input. Each flow
//! that went as it should is told; the first that did not ends the program.

use std::io;

use anyhow::{Context, Result, bail, ensure};
use ctap_hid_fido2::fidokey::credential_management::credential_management_params::CredentialProtectionPolicy;
use ctap_hid_fido2::fidokey::get_assertion::get_assertion_params::{
    Assertion, Extension as AssertionExtension,
};
use ctap_hid_fido2::fidokey::get_info::InfoOption;
use ctap_hid_fido2::fidokey::make_credential::make_credential_params::{
    Attestation, Extension as RegistrationExtension,
};
use ctap_hid_fido2::fidokey::{GetAssertionArgsBuilder, MakeCredentialArgsBuilder};
use ctap_hid_fido2::public_key_credential_user_entity::PublicKeyCredentialUserEntity;
use ctap_hid_fido2::{FidoKeyHid, FidoKeyHidFactory, LibCfg, verifier};

const RP_ID: &str = "host.example";

fn main() -> Result<()> {
    let pin = io::read_to_string(io::stdin())?;
    let pin = pin.trim_end();
    let mut cfg = LibCfg::init();
    cfg.enable_keep_alive_msg = false;
    cfg.use_pre_credential_management = false;
    for protocol in [1, 2] {
        let key = FidoKeyHidFactory::create(&cfg)?.with_pin_protocol_version(protocol);
        tell(
            &format!("registers and signs in with protocol {protocol}"),
            register_and_sign_in(&key, pin),
        )?;
    }
    // Opened after the others are closed: each open device hears every answer, and the library takes the first for its own.
    let key = FidoKeyHidFactory::create(&cfg)?.with_pin_protocol_version(2);
    tell("reads what the key can do", info(&key))?;
    tell("reads the tries left", tries(&key))?;
    tell("is selected", key.selection())?;
    tell("keeps a discoverable credential", discoverable(&key, pin))?;
    tell("gives secrets for salts", hmac_secret(&key, pin))?;
    tell("keeps a blob with a credential", cred_blob(&key, pin))?;
    tell("lists, renames, removes", manage(&key, pin))?;
    tell("is refused for large blobs", large_blobs(&key, pin))?;
    tell("refuses what would weaken it", refusals(&key, pin))
}

fn tell(name: &str, outcome: Result<()>) -> Result<()> {
    outcome.with_context(|| name.to_owned())?;
    println!("ok: {name}");
    Ok(())
}

fn info(key: &FidoKeyHid) -> Result<()> {
    let info = key.get_info()?;
    println!("{info}");
    for version in ["FIDO_2_0", "FIDO_2_1"] {
        ensure!(
            info.versions.iter().any(|each| each == version),
            "{version}"
        );
    }
    ensure!(info.pin_uv_auth_protocols == [2, 1]);
    for (option, expected) in [
        (InfoOption::Rk, Some(true)),
        (InfoOption::Up, Some(true)),
        (InfoOption::AlwaysUv, Some(true)),
        (InfoOption::ClientPin, Some(true)),
        (InfoOption::PinUvAuthToken, Some(true)),
        (InfoOption::CredMgmt, Some(true)),
        (InfoOption::LargeBlobs, Some(true)),
    ] {
        let found = key.enable_info_option(&option)?;
        ensure!(found == expected, "{option:?}: {found:?}");
    }
    Ok(())
}

fn tries(key: &FidoKeyHid) -> Result<()> {
    let tries = key.get_pin_retries()?;
    ensure!(tries == 3, "{tries} tries");
    Ok(())
}

/// The registration's statement is a self attestation (WebAuthn §8.2): the credential's own key signed it. `verify_attestation` of the
/// library knows certificates alone, so its check of assertions does this, over the same bytes.
fn verified(attestation: &Attestation, challenge: &[u8]) -> Result<()> {
    ensure!(attestation.fmt == "packed", "{}", attestation.fmt);
    ensure!(attestation.attstmt_x5c.is_empty());
    ensure!(attestation.attstmt_alg == -7);
    ensure!(attestation.flags.user_present_result && attestation.flags.user_verified_result);
    let same = Assertion {
        rpid_hash: attestation.rpid_hash.clone(),
        auth_data: attestation.auth_data.clone(),
        signature: attestation.attstmt_sig.clone(),
        ..Assertion::default()
    };
    ensure!(verifier::verify_assertion(
        RP_ID,
        &attestation.credential_publickey,
        challenge,
        &same
    ));
    Ok(())
}

fn register<'a>(
    key: &FidoKeyHid,
    change: impl FnOnce(MakeCredentialArgsBuilder<'a>) -> MakeCredentialArgsBuilder<'a>,
) -> Result<Attestation> {
    let challenge = verifier::create_challenge();
    let request = change(MakeCredentialArgsBuilder::new(RP_ID, &challenge)).build();
    let attestation = key.make_credential_with_args(&request)?;
    verified(&attestation, &challenge)?;
    Ok(attestation)
}

/// Signs in and checks each answer under the key of `registered`.
fn sign_in<'a>(
    key: &FidoKeyHid,
    registered: &Attestation,
    change: impl FnOnce(GetAssertionArgsBuilder<'a>) -> GetAssertionArgsBuilder<'a>,
) -> Result<Assertion> {
    let challenge = verifier::create_challenge();
    let request = change(GetAssertionArgsBuilder::new(RP_ID, &challenge)).build();
    let mut assertions = key.get_assertion_with_args(&request)?;
    let Some(assertion) = assertions.pop() else {
        bail!("no assertion")
    };
    ensure!(assertions.is_empty(), "more than one assertion");
    ensure!(assertion.flags.user_present_result && assertion.flags.user_verified_result);
    ensure!(verifier::verify_assertion(
        RP_ID,
        &registered.credential_publickey,
        &challenge,
        &assertion
    ));
    Ok(assertion)
}

fn register_and_sign_in(key: &FidoKeyHid, pin: &str) -> Result<()> {
    let registered = register(key, |request| request.pin(pin))?;
    let id = registered.credential_descriptor.id.clone();
    sign_in(key, &registered, |request| {
        request.pin(pin).credential_id(&id)
    })?;
    let challenge = verifier::create_challenge();
    let again = MakeCredentialArgsBuilder::new(RP_ID, &challenge)
        .pin(pin)
        .exclude_authenticator(&id)
        .build();
    let Err(refused) = key.make_credential_with_args(&again) else {
        bail!("an excluded credential was registered again")
    };
    ensure!(refused.to_string().contains("0x19"), "{refused}");
    Ok(())
}

fn taro() -> PublicKeyCredentialUserEntity {
    PublicKeyCredentialUserEntity::new(Some(b"taro's ID"), Some("taro"), Some("電子 太郎"))
}

fn discoverable(key: &FidoKeyHid, pin: &str) -> Result<()> {
    let registered = register(key, |request| {
        request.pin(pin).resident_key().user_entity(&taro())
    })?;
    let assertion = sign_in(key, &registered, |request| request.pin(pin))?;
    ensure!(assertion.credential_id == registered.credential_descriptor.id);
    ensure!(assertion.user.id == b"taro's ID");
    Ok(())
}

fn hmac_secret(key: &FidoKeyHid, pin: &str) -> Result<()> {
    let registered = register(key, |request| {
        request
            .pin(pin)
            .extensions(&[RegistrationExtension::HmacSecret(Some(true))])
    })?;
    let id = registered.credential_descriptor.id.clone();
    let secret = |salt: &str| -> Result<[u8; 32]> {
        let salt = AssertionExtension::create_hmac_secret_from_string(salt);
        let assertion = sign_in(key, &registered, |request| {
            request.pin(pin).credential_id(&id).extensions(&[salt])
        })?;
        match assertion.extensions.first() {
            Some(AssertionExtension::HmacSecret(Some(secret))) => Ok(*secret),
            other => bail!("no secret: {other:?}"),
        }
    };
    let (first, again, other) = (secret("one")?, secret("one")?, secret("two")?);
    ensure!(first == again, "one salt, two secrets");
    ensure!(first != other, "two salts, one secret");
    Ok(())
}

fn cred_blob(key: &FidoKeyHid, pin: &str) -> Result<()> {
    let blob = b"thirty-two bytes at the longest.".to_vec();
    let registered = register(key, |request| {
        request
            .pin(pin)
            .resident_key()
            .user_entity(&taro())
            .extensions(&[
                RegistrationExtension::CredBlob((Some(blob.clone()), None)),
                RegistrationExtension::CredProtect(Some(
                    CredentialProtectionPolicy::UserVerificationRequired,
                )),
            ])
    })?;
    for extension in &registered.extensions {
        match extension {
            RegistrationExtension::CredBlob((_, kept)) => ensure!(*kept == Some(true)),
            RegistrationExtension::CredProtect(policy) => ensure!(matches!(
                policy,
                Some(CredentialProtectionPolicy::UserVerificationRequired)
            )),
            other => bail!("not asked for: {other:?}"),
        }
    }
    ensure!(registered.extensions.len() == 2);
    let id = registered.credential_descriptor.id.clone();
    let assertion = sign_in(key, &registered, |request| {
        request
            .pin(pin)
            .credential_id(&id)
            .extensions(&[AssertionExtension::CredBlob((Some(true), None))])
    })?;
    match assertion.extensions.first() {
        Some(AssertionExtension::CredBlob((_, Some(found)))) if *found == blob => Ok(()),
        other => bail!("another blob: {other:?}"),
    }
}

fn manage(key: &FidoKeyHid, pin: &str) -> Result<()> {
    let counts = key.credential_management_get_creds_metadata(Some(pin))?;
    ensure!(
        counts.existing_resident_credentials_count >= 1,
        "{counts:?}"
    );
    let sites = key.credential_management_enumerate_rps(Some(pin))?;
    let Some(site) = sites
        .iter()
        .find(|site| site.public_key_credential_rp_entity.id == RP_ID)
    else {
        bail!("{RP_ID} is not listed: {sites:?}")
    };
    let list = || key.credential_management_enumerate_credentials(Some(pin), &site.rpid_hash);
    let Some(credential) = list()?
        .into_iter()
        .find(|each| each.public_key_credential_user_entity.id == b"taro's ID")
    else {
        bail!("taro is not listed")
    };
    let renamed = PublicKeyCredentialUserEntity::new(
        Some(b"taro's ID"),
        Some("taro2"),
        Some("電子 太郎(二)"),
    );
    let id = &credential.public_key_credential_descriptor;
    key.credential_management_update_user_information(Some(pin), id.clone(), renamed.clone())?;
    let found = list()?
        .into_iter()
        .find(|each| each.public_key_credential_descriptor.id == id.id);
    let found = found.context("the renamed one is gone")?;
    ensure!(
        found.public_key_credential_user_entity == renamed,
        "{:?}",
        found.public_key_credential_user_entity
    );
    key.credential_management_delete_credential(Some(pin), id.clone())?;
    let counts_now = key.credential_management_get_creds_metadata(Some(pin))?;
    ensure!(
        counts_now.existing_resident_credentials_count + 1
            == counts.existing_resident_credentials_count,
        "{counts_now:?}"
    );
    Ok(())
}

/// The library writes the map's keys in the order 3, 1 and 3, 2, 4, 5, 6. Messages are canonical (CTAP 2.3 §8), and what is not is refused
/// with 0x12. docs/decisions/0063 says who is right.
fn large_blobs(key: &FidoKeyHid, pin: &str) -> Result<()> {
    for answer in [
        key.get_large_blob(),
        key.write_large_blob(Some(pin), vec![0x80]),
    ] {
        let Err(refused) = answer else {
            bail!("a map whose keys are not in order was taken")
        };
        ensure!(refused.to_string().contains("0x12"), "{refused}");
    }
    Ok(())
}

fn refusals(key: &FidoKeyHid, pin: &str) -> Result<()> {
    ensure!(key.set_new_pin("4321").is_err(), "a second PIN was set");
    ensure!(
        key.toggle_always_uv(Some(pin)).is_err(),
        "user verification could be switched off"
    );
    ensure!(key.get_pin_retries()? == 3, "a try was spent");
    Ok(())
}
