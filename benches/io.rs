//! Saving and loading a model of 100 MB, against writing and reading the same bytes with `std::fs`.
//!
//! `cargo bench --bench io` prints the medians and their ratios. Both sides make the file durable: a ratio to a write that is
//! only in the memory of the operating system would say how slow the disk is.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use typegrad::io;
use typegrad::prelude::*;

const SIDE: usize = 1280;
const ROUNDS: usize = 7;

/// 16 layers of 1280 x 1280: 105 MB.
type Net = [Linear<SIDE, SIDE>; 16];

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            run();
            begin.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}

fn report(what: &str, ours: Duration, theirs: Duration) {
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("{what:<20} {:>7.1} ms {:>7.1} ms   {ratio:.2}", millis(ours), millis(theirs));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn write(path: &Path, bytes: &[u8]) {
    let mut file = File::create(path).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
}

fn main() {
    // The folder of the build, and not `/tmp`, which may be memory.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-io");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("net");
    let plain = folder.join("plain");
    let mut net = Net::new(&mut Rng::seed(0));
    println!("{:<20} {:>10} {:>10}   ratio", "", "typegrad", "std::fs");

    io::save(&path, &net).unwrap();
    let bytes = fs::read(&path).unwrap();
    let theirs = median(|| write(&plain, &bytes));
    report("save", median(|| io::save(&path, &net).unwrap()), theirs);
    let theirs = median(|| drop(std::hint::black_box(fs::read(&plain).unwrap())));
    report("load", median(|| io::load(&path, &mut net).unwrap()), theirs);

    let theirs = median(|| write(&plain, &bytes));
    report("save_safetensors", median(|| io::save_safetensors(&path, &net).unwrap()), theirs);
    let theirs = median(|| drop(std::hint::black_box(fs::read(&plain).unwrap())));
    report("load_safetensors", median(|| io::load_safetensors(&path, &mut net).unwrap()), theirs);
    fs::remove_dir_all(&folder).unwrap();
}
