//! Keys that follow from a seed and a label, so that the same hierarchy comes back every time.

use super::PkiError;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use rsa::{
    RsaPrivateKey,
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    io::Write as _,
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

const BITS: usize = 2048;

/// Where keys come from.
#[derive(Debug, Clone)]
pub(super) struct KeySource {
    pub(super) seed: u64,
    /// A folder that remembers keys: making one takes about half a second.
    pub(super) cache: Option<PathBuf>,
}

impl KeySource {
    /// Random bytes that belong to `label` under this seed.
    pub(super) fn rng(&self, label: &str) -> ChaCha20Rng {
        let mut hash = Sha256::new();
        hash.update(b"jpki-lab 1\0");
        hash.update(self.seed.to_be_bytes());
        hash.update(label);
        ChaCha20Rng::from_seed(hash.finalize().into())
    }

    /// The RSA-2048 key that belongs to `label` under this seed.
    pub(super) fn key(&self, label: &str) -> Result<RsaPrivateKey, PkiError> {
        let path = self.cache.as_ref().map(|folder| {
            folder.join(format!(
                "{:016x}-{}.pem",
                self.seed,
                label.replace('/', "-")
            ))
        });
        if let Some(path) = &path
            && let Ok(pem) = std::fs::read_to_string(path)
            && let Ok(key) = RsaPrivateKey::from_pkcs8_pem(&pem)
        {
            return Ok(key);
        }
        let key = RsaPrivateKey::new(&mut self.rng(&format!("key {label}")), BITS)
            .map_err(PkiError::KeyGeneration)?;
        if let Some(path) = &path {
            remember(path, &key)?;
        }
        Ok(key)
    }

    /// The keys of several labels, made on all processors at once.
    pub(super) fn keys(
        &self,
        labels: Vec<String>,
    ) -> Result<HashMap<String, RsaPrivateKey>, PkiError> {
        let next = AtomicUsize::new(0);
        let made = Mutex::new(HashMap::new());
        let workers = thread::available_parallelism()
            .map_or(1, NonZero::get)
            .min(labels.len());
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some(label) = labels.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let key = self.key(label);
                        made.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .insert(label.clone(), key);
                    }
                });
            }
        });
        made.into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_iter()
            .map(|(label, key)| key.map(|key| (label, key)))
            .collect()
    }
}

/// Written aside and renamed, so that processes that fill the folder together never see half a key.
fn remember(path: &Path, key: &RsaPrivateKey) -> Result<(), PkiError> {
    let pem = to_pem(key)?;
    let write = || {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(pem.as_bytes())?;
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    };
    write().map_err(|source| PkiError::Write {
        path: path.to_owned(),
        source,
    })
}

/// PKCS#8, PEM.
pub(super) fn to_pem(key: &RsaPrivateKey) -> Result<String, PkiError> {
    Ok(key
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(PkiError::KeyEncoding)?
        .to_string())
}
