//! A relying party of a test's own: its folder, its port, its time.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jpki_lab::pki::{Ca, CaTemplate, Credential, LeafTemplate, Pki, end_of_day_in_japan, instant};
use jpki_relying_party::{clock::Clock, config::Config, service::Service, web};
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};

use crate::browser::Browser;

pub(crate) fn pki() -> &'static Pki {
    jpki_lab::pki::shared().unwrap()
}

pub(crate) fn person(id: &str) -> &'static Credential {
    &pki().person(id).unwrap().authentication
}

pub(crate) fn ca(generation: usize) -> &'static Ca {
    pki().authentication_ca(generation).unwrap()
}

/// The first of June of the year the practice hierarchy is made for.
pub(crate) fn now() -> i64 {
    instant(pki().year, 6, 1, (3, 0, 0))
}

/// A faithful certificate to be, valid around [`now`].
pub(crate) fn template() -> LeafTemplate {
    LeafTemplate {
        not_before: instant(pki().year - 1, 6, 1, (3, 0, 0)),
        not_after: end_of_day_in_japan(pki().year + 1, 6, 1),
        ..LeafTemplate::authentication()
    }
}

/// A certificate that generation 3 makes from `template` for p01's key.
pub(crate) fn issued(template: &LeafTemplate) -> Credential {
    let person = person("p01");
    Credential {
        certificate: ca(3).issue(template, &person.key).unwrap(),
        ..person.clone()
    }
}

/// A CA that is none of ours, with a valid certificate for p01's key.
pub(crate) fn by_ca(template_of_ca: CaTemplate) -> (Ca, Credential) {
    let key = jpki_lab::pki::shared_key("another CA").unwrap();
    let other = Ca::self_signed(template_of_ca, key).unwrap();
    let person = person("p01");
    let certificate = other.issue(&template(), &person.key).unwrap();
    let credential = Credential {
        certificate,
        ..person.clone()
    };
    (other, credential)
}

pub(crate) struct World {
    folder: Arc<tempfile::TempDir>,
    settings: String,
    clock: Arc<AtomicI64>,
    running: Option<Running>,
}

struct Running {
    runtime: Runtime,
    service: Arc<Service>,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<()>,
    address: SocketAddr,
}

/// What most tests want: an eID attestation of the practice hierarchy is required.
pub(crate) const REQUIRED: &str = "[attestation]\nprofiles = [\"lab\"]\n";
/// Any passkey may register.
pub(crate) const OPEN: &str = "[attestation]\nrequire = false\nprofiles = [\"lab\"]\n";

pub(crate) const ORIGIN: &str = "http://localhost:8080";

impl World {
    pub(crate) fn new() -> Self {
        Self::with(REQUIRED)
    }

    /// `settings` is the configuration from `[attestation]` on; the three anchors are added.
    pub(crate) fn with(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut anchors = String::new();
        for (generation, ca) in (1..).zip(&pki().authentication_cas) {
            let file = format!("generation-{generation}.cer");
            std::fs::write(folder.path().join(&file), ca.certificate()).unwrap();
            anchors += &format!("[[attestation.anchors]]\nprofile = \"lab\"\nfile = \"{file}\"\n");
        }
        let mut world = Self {
            folder: Arc::new(folder),
            settings: format!("{settings}{anchors}"),
            clock: Arc::new(AtomicI64::new(now())),
            running: None,
        };
        world.start();
        world
    }

    /// With files of the test's own, written before the start.
    pub(crate) fn with_files(settings: &str, files: &[(&str, &[u8])]) -> Self {
        let mut world = Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            settings: settings.to_owned(),
            clock: Arc::new(AtomicI64::new(now())),
            running: None,
        };
        for (name, contents) in files {
            let path = world.folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, contents).unwrap();
        }
        world.start();
        world
    }

    fn start(&mut self) {
        let origin = if self.settings.contains("origin =") {
            String::new()
        } else {
            format!("origin = \"{ORIGIN}\"\nrp-id = \"localhost\"\n")
        };
        let text = format!(
            "{origin}rp-name = \"Practice Office\"\ndatabase = \"rp.sqlite3\"\nkey-file = \"rp.key\"\n{}",
            self.settings
        );
        let file = self.folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let config = Config::load(Some(&file), []).unwrap();
        let limits = config.limits;
        let clock = Arc::clone(&self.clock);
        let runtime = Runtime::new().unwrap();
        let (service, listener) = runtime.block_on(async {
            let clock = Clock::from_fn(move || clock.load(Ordering::SeqCst));
            let service = Service::open(config, clock).await.unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            (service, listener)
        });
        let address = listener.local_addr().unwrap();
        let router = web::router(Arc::clone(&service));
        let (stop, stopped) = oneshot::channel();
        let served = runtime.spawn(async move {
            web::serve(listener, router, limits, async {
                let _ = stopped.await;
            })
            .await
            .unwrap();
        });
        self.running = Some(Running {
            runtime,
            service,
            stop,
            served,
            address,
        });
    }

    fn stop(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        let _ = running.stop.send(());
        running.runtime.block_on(async {
            running.served.await.unwrap();
            running.service.close().await;
        });
    }

    /// Stops the server and starts another one on the same folder.
    pub(crate) fn restart(&mut self) {
        self.stop();
        self.start();
    }

    /// A second server on the same folder, as a replica behind the same name.
    pub(crate) fn replica(&self) -> Self {
        let mut replica = Self {
            folder: Arc::clone(&self.folder),
            settings: self.settings.clone(),
            clock: Arc::clone(&self.clock),
            running: None,
        };
        replica.start();
        replica
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.running.as_ref().unwrap().address, ORIGIN)
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path().join("rp.sqlite3")
    }

    /// Runs a statement in the database, beside the server.
    pub(crate) fn statement(&self, sql: &'static str) {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.database());
            let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
            sqlx::query(sql).execute(&pool).await.unwrap();
            pool.close().await;
        });
    }

    pub(crate) fn sweep(&self) -> u64 {
        let running = self.running.as_ref().unwrap();
        running.runtime.block_on(running.service.sweep()).unwrap()
    }

    /// Every byte of the database files.
    pub(crate) fn database_bytes(&self) -> Vec<u8> {
        ["rp.sqlite3", "rp.sqlite3-wal"]
            .iter()
            .filter_map(|name| std::fs::read(self.path().join(name)).ok())
            .flatten()
            .collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop();
    }
}
