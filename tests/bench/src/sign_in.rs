//! Sign-in verification: what the relying party does with one assertion, database and all; beside `webauthn-rs` alone
//! and beside one bare ES256 verification.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, anyhow};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use jpki_relying_party::ceremony::Asked;
use jpki_relying_party::clock::Clock;
use jpki_relying_party::config::Config;
use jpki_relying_party::service::Service;
use jpki_relying_party::store::{Session, Store};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use webauthn_rs::prelude::{DiscoverableKey, PublicKeyCredential, Url, Uuid};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::passkey::{Attest, ORIGIN, Passkey, RP_ID};
use crate::report::Report;
use crate::sample::{Rounds, Side, computation, in_turn};

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// Measures, and adds what was found to the report.
pub(crate) fn measure(report: &mut Report, rounds: Rounds) -> anyhow::Result<()> {
    let on_disk = RelyingParty::in_folder(TempDir::new()?)?;
    let in_memory = RelyingParty::in_folder(TempDir::new_in(MEMORY)?)?;
    let library = Library::new()?;
    let assertion = library.passkey.get(&library.options)?;
    let point = library.passkey.point();
    let bare = computation(|| {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &point)
            .verify(&assertion.signed, &assertion.signature)
            .map_err(|_| anyhow!("the assertion does not verify"))
    });
    let sides = [bare, library.side()?, in_memory.side(), on_disk.side()];
    let [bare, library, in_memory, on_disk] = in_turn(rounds.requests, sides)?;

    let mut add = |name, value, baseline| report.add(name, "µs", value, baseline);
    add(
        "sign-in verification, beside one bare ES256 verification",
        on_disk,
        bare,
    );
    add(
        "sign-in verification, beside webauthn-rs alone",
        on_disk,
        library,
    );
    add(
        "sign-in verification with the database in memory, beside one bare ES256 verification",
        in_memory,
        bare,
    );
    add(
        "sign-in verification with the database in memory, beside webauthn-rs alone",
        in_memory,
        library,
    );
    add(
        "webauthn-rs alone, beside one bare ES256 verification",
        library,
        bare,
    );
    Ok(())
}

/// The relying party without its HTTP, with one person registered.
struct RelyingParty {
    runtime: Runtime,
    service: Arc<Service>,
    session: Session,
    passkey: Passkey,
    // Last: the folder goes when nobody writes into it any more.
    _folder: TempDir,
}

impl RelyingParty {
    fn in_folder(folder: TempDir) -> anyhow::Result<Self> {
        let runtime = Runtime::new()?;
        let config = config(folder.path())?;
        let database = config.database.clone();
        let (service, session, passkey) = runtime.block_on(async {
            let service = Service::open(config, Clock::system()).await?;
            let session = Session {
                token_hash: [7; 32],
                person: None,
                credential: None,
                seen_at: Clock::system().now(),
            };
            let store = Store::open(&database).await?;
            store
                .create_session(&session.token_hash, None, session.seen_at, i64::MAX)
                .await?;
            store.close().await;
            let asked = Asked {
                account_name: Some("taro".to_owned()),
                ..Asked::default()
            };
            let options = service
                .start_registration(&session, &asked)
                .await
                .map_err(refused)?;
            let (passkey, made) = Passkey::create(public_key(&options)?, Attest::None)?;
            service
                .finish_registration(&session, made.json()?)
                .await
                .map_err(refused)?;
            anyhow::Ok((service, session, passkey))
        })?;
        Ok(Self {
            runtime,
            service,
            session,
            passkey,
            _folder: folder,
        })
    }

    /// Starting the sign-in and the authenticator's part do not count.
    fn side(&self) -> Side<'_> {
        Box::new(|| {
            self.runtime.block_on(async {
                let started = self
                    .service
                    .start_authentication(&self.session, None)
                    .await
                    .map_err(refused)?;
                let assertion = self.passkey.get(public_key(&started)?)?;
                let begun = Instant::now();
                self.service
                    .finish_authentication(&self.session, assertion.json)
                    .await
                    .map_err(refused)?;
                Ok(begun.elapsed())
            })
        })
    }
}

fn config(folder: &Path) -> anyhow::Result<Config> {
    let file = folder.join("config.toml");
    let text = format!(
        "origin = \"{ORIGIN}\"\nrp-id = \"{RP_ID}\"\nrp-name = \"Practice Office\"\n\
         database = \"rp.sqlite3\"\nkey-file = \"rp.key\"\n[attestation]\nrequire = false\n"
    );
    std::fs::write(&file, text)?;
    Config::load(Some(&file), []).map_err(|problem| anyhow!("{problem}"))
}

fn refused(refusal: jpki_relying_party::ceremony::Refusal) -> anyhow::Error {
    anyhow!("refused: {}", refusal)
}

fn public_key(options: &Value) -> anyhow::Result<&Value> {
    options.get("publicKey").context("no publicKey")
}

/// `webauthn-rs` by itself, with one credential registered and a sign-in begun.
struct Library {
    webauthn: Webauthn,
    passkey: Passkey,
    registered: webauthn_rs::prelude::Passkey,
    options: Value,
    begun: webauthn_rs::prelude::DiscoverableAuthentication,
}

impl Library {
    fn new() -> anyhow::Result<Self> {
        let webauthn = WebauthnBuilder::new(RP_ID, &Url::parse(ORIGIN)?)?.build()?;
        let (options, state) =
            webauthn.start_passkey_registration(Uuid::nil(), "taro", "Taro", None)?;
        let (passkey, made) = Passkey::create(public_key(&json!(options))?, Attest::None)?;
        let response = serde_json::from_value(made.json()?)?;
        let registered = webauthn.finish_passkey_registration(&response, &state)?;
        let (options, begun) = webauthn.start_discoverable_authentication()?;
        Ok(Self {
            webauthn,
            passkey,
            registered,
            options: public_key(&json!(options))?.clone(),
            begun,
        })
    }

    /// The library remembers nothing, so one assertion serves again and again.
    fn side(&self) -> anyhow::Result<Side<'_>> {
        let response: PublicKeyCredential =
            serde_json::from_value(self.passkey.get(&self.options)?.json)?;
        Ok(computation(move || {
            let result = self.webauthn.finish_discoverable_authentication_v2(
                &response,
                self.begun.clone(),
                DiscoverableKey::from(&self.registered),
            )?;
            Ok(result.user_verified())
        }))
    }
}
