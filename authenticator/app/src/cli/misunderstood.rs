//! What is wrong with arguments that are not understood.
//!
//! What was typed is not repeated: somebody may have typed a PIN.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::messages::catalogue::{Message, problems::*};
use crate::messages::{Place, program};

/// What to say of the arguments with which `command` was called.
pub(super) fn message(
    error: &Error,
    command: &Command,
    arguments: &[OsString],
) -> Message<'static> {
    let argument = named(error, ContextKind::InvalidArg);
    let other = named(error, ContextKind::PriorArg);
    let entry = match error.kind() {
        ErrorKind::InvalidSubcommand => &NO_SUCH_COMMAND,
        // Here alone what is named is what was typed.
        ErrorKind::UnknownArgument if argument.starts_with('-') => &NO_SUCH_OPTION,
        ErrorKind::UnknownArgument => &TOO_MANY_ARGUMENTS,
        ErrorKind::MissingRequiredArgument => &ARGUMENT_MISSING,
        ErrorKind::InvalidValue if named(error, ContextKind::InvalidValue).is_empty() => {
            &VALUE_MISSING
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooManyValues => {
            &ARGUMENT_VALUE
        }
        ErrorKind::ArgumentConflict if argument == other => &ARGUMENT_TWICE,
        ErrorKind::ArgumentConflict => &ARGUMENTS_CONFLICT,
        _ => &ARGUMENTS_UNCLEAR,
    };
    let similar = match error.kind() {
        ErrorKind::InvalidSubcommand => named(error, ContextKind::SuggestedSubcommand),
        _ => named(error, ContextKind::SuggestedArg),
    };
    let message = Message::of(entry)
        .with("argument", argument)
        .with("other", other)
        .with("command", called(command, arguments));
    if similar.is_empty() {
        message
    } else {
        message.at(Place::Similar).with("similar", similar)
    }
}

/// What the error names there: arguments one after the other, of suggestions the best, which clap puts last.
fn named(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(name)) => name.clone(),
        Some(ContextValue::Strings(names)) if kind == ContextKind::SuggestedSubcommand => {
            names.last().cloned().unwrap_or_default()
        }
        Some(ContextValue::Strings(names)) => names.join(" "),
        _ => String::new(),
    }
}

/// The program and the commands that were understood, as they can be typed into a shell.
fn called(command: &Command, arguments: &[OsString]) -> String {
    let mut called = program().to_owned();
    let mut reached = command;
    for argument in arguments.iter().skip(1) {
        let next = reached.find_subcommand(argument);
        // `help` takes no options.
        let Some(next) = next.filter(|next| next.get_name() != "help") else {
            break;
        };
        called.push(' ');
        called.push_str(next.get_name());
        reached = next;
    }
    called
}
