//! Saving and loading a model of 100 MB, against writing and reading the same bytes with `std::fs`.
//!
//! `cargo bench --bench io` prints medians in ms, and the median of the ratios of each pair. Each run is the first of a new
//! process, because that is when a model is loaded: a second run finds the memory of the first one, which the operating
//! system need not clear, and of two sides the one with the smaller pieces wins. The two sides take turns, so that what
//! else the machine does slows both down. Both sides flush their files to the disk, and files that are read are in the
//! memory of the operating system: it is the programs that are compared, not the disk.
//!
//! On two cores that others used, too, two runs: save 1.02 and 1.09, load 1.25 and 1.16, `save_safetensors` 1.15 and 1.05,
//! `load_safetensors` 1.06 and 1.12. Of the 46 ms of `std::fs::read` 4 are for the bytes and the rest for pages of new
//! memory, which both sides need; the checksum takes 3. Where ten others work at the same time the ratios say nothing.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use typegrad::io;
use typegrad::prelude::*;

const SIDE: usize = 1280;
const ROUNDS: usize = 15;
/// The task of a process.
const RUN: &str = "TYPEGRAD_BENCH_IO";

/// 16 layers of 1280 x 1280: 105 MB.
type Net = [Linear<SIDE, SIDE>; 16];

/// The folder of the build, and not `/tmp`, which may be memory.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-io").join(name)
}

/// Milliseconds.
fn time(run: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    run();
    begin.elapsed().as_secs_f64() * 1e3
}

fn write(path: &Path, bytes: &[u8]) {
    let mut file = File::create(path).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
}

/// One run, in a process of its own.
fn run(what: &str) -> f64 {
    let net = || Net::new(&mut Rng::seed(0));
    match what {
        "save" => {
            let net = net();
            time(|| io::save(file("saved"), &net).unwrap())
        }
        "load" => {
            let mut net = net();
            time(|| io::load(file("native"), &mut net).unwrap())
        }
        "save_safetensors" => {
            let net = net();
            time(|| io::save_safetensors(file("saved"), &net).unwrap())
        }
        "load_safetensors" => {
            let mut net = net();
            time(|| io::load_safetensors(file("safetensors"), &mut net).unwrap())
        }
        "write" => {
            let bytes = fs::read(file("native")).unwrap();
            time(|| write(&file("plain"), &bytes))
        }
        "read" => {
            let mut bytes = Vec::new();
            let time = time(|| bytes = fs::read(file("native")).unwrap());
            assert!(bytes.len() > 100_000_000);
            time
        }
        other => panic!("no run `{other}`"),
    }
}

fn in_a_new_process(what: &str) -> f64 {
    let output = Command::new(std::env::current_exe().unwrap()).env(RUN, what).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn main() {
    if let Ok(what) = std::env::var(RUN) {
        return println!("{}", run(&what));
    }
    fs::create_dir_all(file("")).unwrap();
    let net = Net::new(&mut Rng::seed(0));
    io::save(file("native"), &net).unwrap();
    io::save_safetensors(file("safetensors"), &net).unwrap();
    println!("{:<20} {:>10} {:>10}   ratio", "", "typegrad", "std::fs");
    for (ours, theirs) in
        [("save", "write"), ("load", "read"), ("save_safetensors", "write"), ("load_safetensors", "read")]
    {
        let pairs: Vec<_> = (0..ROUNDS).map(|_| (in_a_new_process(ours), in_a_new_process(theirs))).collect();
        let ratio = median(pairs.iter().map(|(a, b)| a / b).collect());
        let (a, b): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        println!("{ours:<20} {:>7.1} ms {:>7.1} ms   {ratio:.2}", median(a), median(b));
    }
    fs::remove_dir_all(file("")).unwrap();
}
