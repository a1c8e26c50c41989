//! The folder that only its user can read, and the files in it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Read, write and enter: the user alone.
const FOLDER: u32 = 0o700;
/// Read and write: the user alone.
const FILE: u32 = 0o600;

/// A folder of the user's own, mode 0700.
#[derive(Clone, Debug)]
pub(crate) struct PrivateDir(PathBuf);

impl PrivateDir {
    /// Where the program keeps its data: `$XDG_DATA_HOME/jpki-authenticator`, or `~/.local/share/jpki-authenticator`.
    ///
    /// # Errors
    /// [`StoreError::NoHome`] if neither variable names a folder.
    pub(crate) fn default_path() -> Result<PathBuf, StoreError> {
        // A relative XDG_DATA_HOME is to be ignored (XDG Base Directory Specification).
        let data_home = std::env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        let data_home = match data_home {
            Some(path) => path,
            None => std::env::home_dir()
                .filter(|home| home.is_absolute())
                .ok_or(StoreError::NoHome)?
                .join(".local/share"),
        };
        Ok(data_home.join("jpki-authenticator"))
    }

    /// Opens the folder, and makes it if there is none. Wider permissions are taken away.
    ///
    /// # Errors
    /// [`StoreError::NotPrivate`] if it is not a folder, or belongs to somebody else.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(parent) = path.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(FOLDER)
                .create(parent)
                .map_err(|error| StoreError::io(parent, error))?;
        }
        match DirBuilder::new().mode(FOLDER).create(path) {
            Ok(()) => sync_folder(path.parent().unwrap_or(path))?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StoreError::io(path, error)),
        }
        // Not through a symbolic link, whose target somebody else might own.
        let found = fs::symlink_metadata(path).map_err(|error| StoreError::io(path, error))?;
        if !found.is_dir() {
            return Err(StoreError::NotPrivate(path.to_owned()));
        }
        make_private(path, &found, FOLDER)?;
        Ok(Self(path.to_owned()))
    }

    /// The path of a file in the folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Takes the folder's lock, which keeps other processes out of first-time work until it is dropped.
    pub(super) fn lock(&self) -> Result<File, StoreError> {
        let path = self.file("lock");
        let lock = self.open_file("lock")?;
        lock.lock().map_err(|error| StoreError::io(&path, error))?;
        Ok(lock)
    }

    /// Opens a file for reading and writing, and makes it if there is none. Wider permissions are taken away.
    pub(super) fn open_file(&self, name: &str) -> Result<File, StoreError> {
        let path = self.file(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => make_private(&path, &found, FILE)?,
            Ok(_) => return Err(StoreError::NotPrivate(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::io(&path, error)),
        }
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE)
            .open(&path)
            .map_err(|error| StoreError::io(&path, error))
    }

    /// Makes the names of new files durable.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        sync_folder(&self.0)
    }

    /// Reads a file of the folder; `None` if there is none. Wider permissions are taken away.
    pub(super) fn read(
        &self,
        name: &str,
    ) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.file(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => make_private(&path, &found, FILE)?,
            Ok(_) => return Err(StoreError::NotPrivate(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(&path, error)),
        }
        fs::read(&path)
            .map(|content| Some(content.into()))
            .map_err(|error| StoreError::io(&path, error))
    }

    /// Makes a file that is there whole or not at all, and durable when this returns. The caller holds the lock.
    pub(super) fn create_durably(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        use io::Write;

        let path = self.file(name);
        let unfinished = self.file(&format!("{name}.new"));
        let write = || {
            match fs::remove_file(&unfinished) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(FILE)
                .open(&unfinished)?;
            file.write_all(content)?;
            file.sync_all()?;
            // A link, unlike a rename, never replaces what is there.
            fs::hard_link(&unfinished, &path)?;
            fs::remove_file(&unfinished)
        };
        write().map_err(|error| StoreError::io(&path, error))?;
        sync_folder(&self.0)
    }
}

/// Checks the owner and takes wider permissions away.
fn make_private(path: &Path, found: &fs::Metadata, mode: u32) -> Result<(), StoreError> {
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(StoreError::NotPrivate(path.to_owned()));
    }
    if found.mode() & 0o777 & !mode != 0 {
        fs::set_permissions(path, Permissions::from_mode(mode))
            .map_err(|error| StoreError::io(path, error))?;
    }
    Ok(())
}

/// Makes a folder's entries durable.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::io(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn the_folder_is_made_private_with_its_parents() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/jpki-authenticator");
        PrivateDir::open(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
        PrivateDir::open(&path).unwrap();
    }

    #[test]
    fn permissions_that_others_were_given_are_taken_away() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("folder");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        let folder = PrivateDir::open(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
        fs::write(folder.file("secret"), b"x").unwrap();
        fs::set_permissions(folder.file("secret"), Permissions::from_mode(0o644)).unwrap();
        assert_eq!(folder.read("secret").unwrap().unwrap().as_slice(), b"x");
        assert_eq!(mode(&folder.file("secret")), 0o600);
        folder.open_file("new").unwrap();
        assert_eq!(mode(&folder.file("new")), 0o600);
    }

    #[test]
    fn links_and_other_things_are_refused() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("target");
        fs::create_dir(&target).unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(matches!(
            PrivateDir::open(&link),
            Err(StoreError::NotPrivate(_))
        ));
        let folder = PrivateDir::open(&target).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.file("linked")).unwrap();
        assert!(matches!(
            folder.read("linked"),
            Err(StoreError::NotPrivate(_))
        ));
        assert!(matches!(
            folder.open_file("linked"),
            Err(StoreError::NotPrivate(_))
        ));
    }

    #[test]
    fn a_file_is_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateDir::open(home.path()).unwrap();
        folder.create_durably("secret", b"first").unwrap();
        assert!(folder.create_durably("secret", b"second").is_err());
        assert_eq!(folder.read("secret").unwrap().unwrap().as_slice(), b"first");
        assert_eq!(mode(&folder.file("secret")), 0o600);
    }
}
