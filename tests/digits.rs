//! The example `digits` as a program. Its parts have tests of their own, in examples/digits.

use std::process::{Command, Output};

fn digits(args: &[&str]) -> Output {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--example", "digits"]);
    // The build that `cargo test` has made already.
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    cargo.arg("--").args(args).output().expect("cargo runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn the_last_line_is_the_accuracy_and_a_seed_gives_the_same_digits_again() {
    let run = digits(&["--epochs", "1", "--seed", "3"]);
    let out = text(&run.stdout);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let lines: Vec<&str> = out.lines().collect();
    let [loss, accuracy] = lines[..] else { panic!("{out}") };
    assert!(loss.strip_prefix("epoch  1  loss ").is_some_and(|loss| loss.parse::<f32>().is_ok()), "{out}");
    let accuracy = accuracy.strip_prefix("test accuracy ").expect(&out);
    assert_eq!(accuracy.len(), "0.xxx".len());
    // Ten digits: an untrained network reads a tenth of them.
    assert!((0.3..1.0).contains(&accuracy.parse().expect(&out)), "{out}");

    assert_eq!(text(&digits(&["--epochs", "1", "--seed", "3"]).stdout), out);
    assert_ne!(text(&digits(&["--epochs", "1", "--seed", "4"]).stdout), out);
}

#[test]
fn a_wrong_option_is_a_usage_message_and_exit_code_2() {
    for (args, problem) in
        [(&["--epoch", "3"][..], "error: invalid option '--epoch'"), (&["--lr", "-1"], "error: ")]
    {
        let run = digits(args);
        assert_eq!(run.status.code(), Some(2));
        assert!(run.stdout.is_empty());
        let message = text(&run.stderr);
        assert!(
            message.contains(problem) && message.contains("\n\nUsage: digits [--epochs N]"),
            "{message}"
        );
    }
    let help = digits(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("\n\nUsage: digits"));
}
