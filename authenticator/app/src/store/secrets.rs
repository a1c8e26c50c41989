//! The device secret and the installation's salt: one file, made once, never logged, never replaced.
//!
//! ```text
//! "jpki-authenticator secrets 1\n" ‖ device secret (32) ‖ salt (32) ‖ SHA-256 of all that, first 8 bytes
//! ```
//! Without this file no pairwise credential can be opened; a damaged or missing one is therefore reported, and
//! never quietly made anew while there are credentials.

use authenticator_core::Secrets;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{PrivateDir, StoreError};

/// The file's name in the private folder.
pub(super) const FILE: &str = "secrets";
const HEAD: &[u8] = b"jpki-authenticator secrets 1\n";
const CHECK: usize = 8;

/// Reads the secrets, or makes them if there are none and `fresh` allows it.
pub(super) fn open_or_create(
    folder: &PrivateDir,
    fresh: impl FnOnce() -> Result<bool, StoreError>,
) -> Result<Secrets, StoreError> {
    if let Some(content) = folder.read(FILE)? {
        return decode(folder, &content);
    }
    // Of several processes the first makes them; the others read what it made.
    let _lock = folder.lock()?;
    if let Some(content) = folder.read(FILE)? {
        return decode(folder, &content);
    }
    if !fresh()? {
        return Err(StoreError::SecretsMissing(folder.file(FILE)));
    }
    let mut device = Zeroizing::new([0; 32]);
    let mut salt = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *device).map_err(|_| StoreError::NoRandomness)?;
    getrandom::fill(&mut *salt).map_err(|_| StoreError::NoRandomness)?;
    folder.create_durably(FILE, &encode(&device, &salt))?;
    Ok(Secrets::new(device, salt))
}

fn encode(device: &[u8; 32], salt: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    let mut content = Zeroizing::new(Vec::with_capacity(HEAD.len() + 64 + CHECK));
    content.extend_from_slice(HEAD);
    content.extend_from_slice(device);
    content.extend_from_slice(salt);
    let check = Sha256::digest(&*content);
    content.extend(check.iter().take(CHECK));
    content
}

fn decode(folder: &PrivateDir, content: &[u8]) -> Result<Secrets, StoreError> {
    let damaged = || StoreError::SecretsDamaged(folder.file(FILE));
    let body = content.strip_prefix(HEAD).ok_or_else(damaged)?;
    let (device, rest) = body.split_first_chunk::<32>().ok_or_else(damaged)?;
    let (salt, _) = rest.split_first_chunk::<32>().ok_or_else(damaged)?;
    let (device, salt) = (Zeroizing::new(*device), Zeroizing::new(*salt));
    if *encode(&device, &salt) != content {
        return Err(damaged());
    }
    Ok(Secrets::new(device, salt))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder() -> (tempfile::TempDir, PrivateDir) {
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateDir::open(home.path()).unwrap();
        (home, folder)
    }

    fn content(folder: &PrivateDir) -> Vec<u8> {
        fs::read(folder.file(FILE)).unwrap()
    }

    #[test]
    fn made_once_and_the_same_ever_after() {
        let (_home, folder) = folder();
        open_or_create(&folder, || Ok(true)).unwrap();
        let first = content(&folder);
        open_or_create(&folder, || panic!("asked although they exist")).unwrap();
        assert_eq!(content(&folder), first);
        assert_ne!(first[HEAD.len()..][..32], first[HEAD.len() + 32..][..32]);
        let (_home, other) = self::folder();
        open_or_create(&other, || Ok(true)).unwrap();
        assert_ne!(content(&other), first);
    }

    #[test]
    fn many_at_once_agree() {
        let (_home, folder) = folder();
        let made: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let each = || {
                scope.spawn(|| {
                    open_or_create(&folder, || Ok(true)).unwrap();
                    content(&folder)
                })
            };
            let threads: Vec<_> = (0..8).map(|_| each()).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(made.iter().all(|content| *content == made[0]));
    }

    #[test]
    fn a_missing_file_is_not_replaced_while_there_are_credentials() {
        let (_home, folder) = folder();
        assert!(matches!(
            open_or_create(&folder, || Ok(false)),
            Err(StoreError::SecretsMissing(_))
        ));
        assert!(!folder.file(FILE).exists());
    }

    #[test]
    fn a_damaged_file_is_reported_and_left_alone() {
        let (_home, folder) = folder();
        open_or_create(&folder, || Ok(true)).unwrap();
        let whole = content(&folder);
        for position in [0, HEAD.len(), HEAD.len() + 40, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[position] ^= 1;
            fs::write(folder.file(FILE), &damaged).unwrap();
            assert!(matches!(
                open_or_create(&folder, || Ok(true)),
                Err(StoreError::SecretsDamaged(_))
            ));
            assert_eq!(content(&folder), damaged);
        }
        for length in [0, HEAD.len(), whole.len() - 1] {
            fs::write(folder.file(FILE), &whole[..length]).unwrap();
            assert!(matches!(
                open_or_create(&folder, || Ok(true)),
                Err(StoreError::SecretsDamaged(_))
            ));
        }
    }
}
