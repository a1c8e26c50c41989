//! Writes the seeds, a folder for each target, into the folder that is given.
#![forbid(unsafe_code)]

use std::path::Path;

fn main() -> std::io::Result<()> {
    let to = std::env::args().nth(1).expect("usage: seeds FOLDER");
    for (target, inputs) in jpki_fuzz_seeds::all() {
        let folder = Path::new(&to).join(target);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        assert!(!inputs.is_empty(), "no seeds for {target}");
        for (number, input) in inputs.iter().enumerate() {
            std::fs::write(folder.join(format!("{number:04}")), input)?;
        }
    }
    Ok(())
}
