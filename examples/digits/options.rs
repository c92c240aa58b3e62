//! The command-line options of the programs that read digits.

use lexopt::{Arg, Parser, ValueExt};
use std::ffi::OsString;
use std::fmt::Display;
use std::process::ExitCode;

/// A program that trains.
pub struct Program {
    pub name: &'static str,
    pub does: &'static str,
    /// The number of epochs, by default.
    pub epochs: usize,
}

#[derive(Debug, PartialEq)]
pub struct Options {
    pub epochs: usize,
    pub seed: u64,
    pub lr: f64,
}

#[derive(Debug, PartialEq)]
enum Request {
    Train(Options),
    Help,
}

impl Program {
    /// Runs the program with its options, and prints an error.
    pub fn main<E: Display>(&self, run: impl FnOnce(&Options) -> Result<(), E>) -> ExitCode {
        let options = match self.parse(std::env::args_os()) {
            Ok(Request::Train(options)) => options,
            Ok(Request::Help) => {
                print!("{}", self.usage());
                return ExitCode::SUCCESS;
            }
            Err(error) => {
                eprint!("error: {error}\n\n{}", self.usage());
                return ExitCode::from(2);
            }
        };
        match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn usage(&self) -> String {
        let Program { name, does, epochs } = self;
        format!(
            "\
{does}

Usage: {name} [--epochs N] [--seed N] [--lr X]

Options:
  --epochs N  how often each digit is seen [default: {epochs}]
  --seed N    the seed of all random numbers [default: 0]
  --lr X      the learning rate of Adam [default: 0.001]
  -h, --help  print this
"
        )
    }

    /// Reads the arguments, of which the first is the name of the program.
    fn parse(&self, args: impl IntoIterator<Item = OsString>) -> Result<Request, lexopt::Error> {
        let mut options = Options { epochs: self.epochs, seed: 0, lr: 1e-3 };
        let mut parser = Parser::from_iter(args.into_iter().collect::<Vec<_>>());
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("epochs") => {
                    options.epochs = value(&mut parser, "--epochs", INTEGER, |text| text.parse().ok())?;
                }
                Arg::Long("seed") => {
                    options.seed = value(&mut parser, "--seed", INTEGER, |text| text.parse().ok())?;
                }
                Arg::Long("lr") => {
                    let read = |text: &str| text.parse().ok().filter(|lr| (0.0..=f64::MAX).contains(lr));
                    options.lr = value(&mut parser, "--lr", "a number of at least 0", read)?;
                }
                Arg::Long("help") | Arg::Short('h') => return Ok(Request::Help),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Request::Train(options))
    }
}

const INTEGER: &str = "an integer of at least 0";

/// The value of the option that was read last.
fn value<T>(
    parser: &mut Parser,
    option: &str,
    kind: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, lexopt::Error> {
    let text = parser.value()?.string()?;
    read(&text).ok_or_else(|| format!("{option} takes {kind}, not {text:?}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, String> {
        let args = ["digits"].into_iter().chain(line.split_whitespace());
        let program = Program { name: "digits", does: "Reads digits.", epochs: 30 };
        program.parse(args.map(OsString::from)).map_err(|error| error.to_string())
    }

    #[test]
    fn options_are_read_and_the_others_have_defaults() {
        assert_eq!(parsed(""), Ok(Request::Train(Options { epochs: 30, seed: 0, lr: 1e-3 })));
        let all = Ok(Request::Train(Options { epochs: 2, seed: 7, lr: 0.5 }));
        assert_eq!(parsed("--epochs 2 --seed=7 --lr 5e-1"), all);
        assert_eq!(parsed("--seed 1 --help"), Ok(Request::Help));
    }

    #[test]
    fn wrong_options_are_errors_that_name_them() {
        for (line, text) in [
            ("--epoch 3", "invalid option '--epoch'"),
            ("3", "unexpected argument \"3\""),
            ("--seed", "missing argument for option '--seed'"),
            ("--epochs -1", "--epochs takes an integer of at least 0, not \"-1\""),
            ("--seed 1.5", "--seed takes an integer of at least 0, not \"1.5\""),
            ("--lr x", "--lr takes a number of at least 0, not \"x\""),
            ("--lr -1", "--lr takes a number of at least 0, not \"-1\""),
            ("--lr inf", "--lr takes a number of at least 0, not \"inf\""),
            ("--lr NaN", "--lr takes a number of at least 0, not \"NaN\""),
        ] {
            assert_eq!(parsed(line), Err(text.to_owned()), "{line}");
        }
    }
}
