//! What an administrator's policies say about programs that extensions start: `NativeMessagingBlocklist`,
//! `NativeMessagingAllowlist` and `NativeMessagingUserLevelHosts` (Chrome Enterprise policy list; Edge has the same names).

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::native_messaging::extension::HOST_NAME;

/// More than any file of policies has.
const LONGEST: u64 = 1024 * 1024;

/// What keeps the browser from starting the program, and the file that says so.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// No program, or not this one.
    Blocked(PathBuf),
    /// No program that a user installed for themself.
    NotOfUsers(PathBuf),
}

/// The policies of one file. One of a wrong type counts for nothing, as in the browser.
struct Policies(Map<String, Value>);

impl Policies {
    fn blocks(&self) -> bool {
        self.names("NativeMessagingBlocklist", &["*", HOST_NAME])
    }

    fn allows(&self) -> bool {
        self.names("NativeMessagingAllowlist", &[HOST_NAME])
    }

    fn not_of_users(&self) -> bool {
        self.0.get("NativeMessagingUserLevelHosts") == Some(&Value::Bool(false))
    }

    /// Whether a list has one of these in it.
    fn names(&self, policy: &str, wanted: &[&str]) -> bool {
        let list = self.0.get(policy).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .any(|name| name.as_str().is_some_and(|name| wanted.contains(&name)))
    }
}

/// What the policies in a folder put in the way. A file that is not plain JSON says nothing, though browsers of Chromium's engine
/// allow a comma too many; which of two files counts that say different things is not looked into.
pub(super) fn obstacle(folder: &Path) -> Option<Obstacle> {
    let policies: Vec<(PathBuf, Policies)> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let policies = read(&path)?;
            Some((path, policies))
        })
        .collect();
    let file_where = |says: fn(&Policies) -> bool| {
        let found = policies.iter().find(|(_, policies)| says(policies));
        found.map(|(path, _)| path.clone())
    };
    if file_where(Policies::allows).is_none()
        && let Some(file) = file_where(Policies::blocks)
    {
        return Some(Obstacle::Blocked(file));
    }
    file_where(Policies::not_of_users).map(Obstacle::NotOfUsers)
}

fn read(path: &Path) -> Option<Policies> {
    let short = fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= LONGEST);
    if !short {
        return None;
    }
    let policies = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    Some(Policies(policies))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The obstacle, without the folder that it is in.
    fn of(files: &[(&str, Value)]) -> Option<Obstacle> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content.to_string()).unwrap();
        }
        let name = |path: PathBuf| PathBuf::from(path.file_name().unwrap());
        obstacle(folder.path()).map(|obstacle| match obstacle {
            Obstacle::Blocked(path) => Obstacle::Blocked(name(path)),
            Obstacle::NotOfUsers(path) => Obstacle::NotOfUsers(name(path)),
        })
    }

    #[test]
    fn policies_that_block_the_program_are_found() {
        let ours = HOST_NAME;
        let blocked = || Some(Obstacle::Blocked("a.json".into()));
        for list in [json!(["*"]), json!(["org.example.other", ours])] {
            let all =
                json!({"NativeMessagingBlocklist": list, "HomepageLocation": "https://example.jp"});
            assert_eq!(of(&[("a.json", all.clone())]), blocked());
            let admits = json!({"NativeMessagingAllowlist": [ours]});
            assert_eq!(of(&[("a.json", all.clone()), ("b.json", admits)]), None);
            let other = json!({"NativeMessagingAllowlist": ["org.example.other"]});
            assert_eq!(of(&[("a.json", all), ("b.json", other)]), blocked());
        }
        for other in [json!(["org.example.other"]), json!("*"), json!([1])] {
            let other = json!({"NativeMessagingBlocklist": other});
            assert_eq!(of(&[("a.json", other)]), None);
        }
    }

    #[test]
    fn policies_against_what_users_install_are_found() {
        let no = json!({"NativeMessagingUserLevelHosts": false});
        let expected = Some(Obstacle::NotOfUsers("a.json".into()));
        assert_eq!(of(&[("a.json", no)]), expected);
        let yes = json!({"NativeMessagingUserLevelHosts": true});
        assert_eq!(of(&[("a.json", yes)]), None);
    }

    #[test]
    fn what_is_no_policy_says_nothing() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("a.json", json!("*")), ("b.txt", json!([1]))]), None);
        assert_eq!(obstacle(Path::new("/nowhere")), None);
    }
}
