//! The migrations are compiled in: a new file must rebuild the program.

fn main() {
    #![allow(clippy::print_stdout)]
    println!("cargo::rerun-if-changed=migrations");
}
