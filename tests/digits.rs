//! The example `digits` as a program. Its parts have tests of their own, in examples/digits.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The program, which cargo brings up to date once; `cargo test` has built it already.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--example", "digits"]);
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo runs").success());
        let test = std::env::current_exe().expect("the path of this test");
        let profile = test.parent().and_then(|deps| deps.parent()).expect("the folder of the profile");
        profile.join("examples").join(format!("digits{}", std::env::consts::EXE_SUFFIX))
    })
}

fn digits(args: &[&str]) -> Output {
    Command::new(program()).args(args).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The accuracy of the last line.
fn accuracy(out: &str) -> f64 {
    let line = out.lines().last().expect("a line");
    let number = line.strip_prefix("test accuracy ").expect(line);
    assert_eq!(number.len(), "0.xxx".len(), "{line}");
    number.parse().expect(line)
}

#[test]
fn the_last_line_is_the_accuracy_and_a_seed_gives_the_same_digits_again() {
    let run = digits(&["--epochs", "1", "--seed", "3"]);
    let out = text(&run.stdout);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let lines: Vec<&str> = out.lines().collect();
    let [loss, _] = lines[..] else { panic!("{out}") };
    assert!(loss.strip_prefix("epoch  1  loss ").is_some_and(|loss| loss.parse::<f32>().is_ok()), "{out}");
    // Ten digits: an untrained network reads a tenth of them.
    assert!((0.3..1.0).contains(&accuracy(&out)), "{out}");

    assert_eq!(text(&digits(&["--epochs", "1", "--seed", "3"]).stdout), out);
    assert_ne!(text(&digits(&["--epochs", "1", "--seed", "4"]).stdout), out);
}

/// PyTorch's network of this form reaches 0.903, its worst of five seeds 0.897.
#[test]
fn it_reads_as_well_as_the_network_of_pytorch() {
    let of_seeds = ["0", "1", "2", "3", "4"].map(|seed| accuracy(&text(&digits(&["--seed", seed]).stdout)));
    let mean = of_seeds.iter().sum::<f64>() / 5.0;
    assert!(mean >= 0.89, "{of_seeds:?}");
}

#[test]
fn a_wrong_option_is_a_usage_message_and_exit_code_2() {
    for (args, problem) in
        [(&["--epoch", "3"][..], "error: invalid option '--epoch'"), (&["--lr", "-1"], "error: --lr takes")]
    {
        let run = digits(args);
        assert_eq!(run.status.code(), Some(2));
        assert!(run.stdout.is_empty());
        let message = text(&run.stderr);
        assert!(message.contains(problem) && message.contains("\n\nUsage: digits [--epochs N]"), "{message}");
    }
    let help = digits(&["--help"]);
    assert!(help.status.success() && text(&help.stdout).contains("\n\nUsage: digits"));
}
