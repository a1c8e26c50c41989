//! `--help` in the person's language (`docs/decisions/0056-help-in-two-languages.md`).

use clap::builder::{Resettable, StyledStr};
use clap::{Arg, Command, CommandFactory};

use super::arguments::Cli;
use crate::messages::Language;

/// A text of the help in English and Japanese. Neither is wrapped: lines end where they should.
macro_rules! both {
    ($english:literal, $japanese:literal) => {
        concat!($english, "\u{241F}", $japanese)
    };
}
pub(super) use both;

/// What stands between the two.
const BETWEEN: char = '\u{241F}';

/// What the help looks like in Japanese: as clap's own, but for the word before the usage.
const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}";

/// What clap itself says, and the same in Japanese.
const OF_CLAP: [(&str, &str); 6] = [
    ("Print help", "ヘルプを表示します"),
    (
        "Print help (see more with '--help')",
        "ヘルプを表示します(詳しくは --help)",
    ),
    (
        "Print help (see a summary with '-h')",
        "ヘルプを表示します(要約は -h)",
    ),
    ("Print version", "バージョンを表示します"),
    (
        "Print this message or the help of the given subcommand(s)",
        "このヘルプか、指定したコマンドのヘルプを表示します",
    ),
    (
        "Print help for the subcommand(s)",
        "ヘルプを表示するコマンド",
    ),
];

/// The command line, whose help is in this language.
pub(super) fn command(language: Language) -> Command {
    let mut command = Cli::command();
    // Now clap's own parts are there too.
    command.build();
    spoken(command, language)
}

fn spoken(command: Command, language: Language) -> Command {
    let about = chosen(command.get_about(), language);
    let long_about = chosen(command.get_long_about(), language);
    let mut command = command.about(about).long_about(long_about);
    if language == Language::Japanese {
        command = command
            .help_template(TEMPLATE)
            .subcommand_help_heading("コマンド");
    }
    command
        .mut_args(|arg| spoken_argument(arg, language))
        .mut_subcommands(|command| spoken(command, language))
}

fn spoken_argument(arg: Arg, language: Language) -> Arg {
    let help = chosen(arg.get_help(), language);
    let long_help = chosen(arg.get_long_help(), language);
    let is_positional = arg.is_positional();
    let arg = arg.help(help).long_help(long_help);
    match (language, is_positional) {
        (Language::English, _) => arg,
        (Language::Japanese, true) => arg.help_heading("引数"),
        (Language::Japanese, false) => arg.help_heading("オプション"),
    }
}

fn chosen(text: Option<&StyledStr>, language: Language) -> Resettable<StyledStr> {
    let Some(text) = text.map(StyledStr::to_string) else {
        return Resettable::Reset;
    };
    let of_clap = OF_CLAP.iter().find(|(english, _)| *english == text);
    let both = text.split_once(BETWEEN).or(of_clap.copied());
    let chosen = match (both, language) {
        (Some((english, _)), Language::English) => english,
        (Some((_, japanese)), Language::Japanese) => japanese,
        (None, _) => &text,
    };
    Resettable::Value(chosen.to_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::terminal::width;

    /// The widest that a line may be, in columns.
    const WIDEST: usize = 100;

    /// A command and those below it, with the words by which each is called.
    fn with_those_below(command: Command, called: &str) -> Vec<(String, Command)> {
        let below: Vec<Command> = command.get_subcommands().cloned().collect();
        let below = below.into_iter().flat_map(|each| {
            with_those_below(each.clone(), &format!("{called} {}", each.get_name()))
        });
        let below: Vec<_> = below.collect();
        [vec![(called.to_owned(), command)], below].concat()
    }

    #[test]
    fn every_command_and_argument_is_explained_in_both_languages() {
        for (language, is_ours) in [
            (
                Language::English,
                (|text| text.is_ascii()) as fn(&str) -> bool,
            ),
            (Language::Japanese, |text| !text.is_ascii()),
        ] {
            let all = with_those_below(command(language), "jpki-authenticator");
            assert!(all.len() > 20, "{}", all.len());
            for (called, command) in all {
                let said = |text: Option<&StyledStr>| text.map(StyledStr::to_string);
                let about = said(command.get_about());
                assert!(about.is_some_and(|text| is_ours(&text)), "{called}");
                let long = said(command.get_long_about());
                assert!(long.is_none_or(|text| is_ours(&text)), "{called}");
                for arg in command.get_arguments() {
                    let help = said(arg.get_help());
                    assert!(help.is_some_and(|text| is_ours(&text)), "{called} {arg}");
                    let long = said(arg.get_long_help());
                    assert!(long.is_none_or(|text| is_ours(&text)), "{called} {arg}");
                }
            }
        }
    }

    #[test]
    fn no_line_of_the_help_is_too_wide() {
        for language in [Language::English, Language::Japanese] {
            for (called, mut command) in with_those_below(command(language), "jpki-authenticator") {
                for help in [command.render_help(), command.render_long_help()] {
                    let help = help.to_string();
                    assert!(!help.contains(BETWEEN), "{called}");
                    for heading in ["Usage:", "Commands:", "Options:", "Arguments:"] {
                        let is_there = help.lines().any(|line| line.starts_with(heading));
                        assert!(
                            !is_there || language == Language::English,
                            "{called}: {help}"
                        );
                    }
                    for line in help.lines() {
                        assert!(width(line) <= WIDEST, "{called}: {line}");
                    }
                }
            }
        }
    }
}
