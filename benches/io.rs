//! Saving and loading a model of 100 MB, against writing and reading the same bytes with `std::fs`.
//!
//! `cargo bench --bench io` prints the medians and their ratios. Both sides make the file durable: a ratio to a write that is
//! only in the memory of the operating system would say how slow the disk is.
//!
//! On two cores that others used, too, 4 runs (ms, `std::fs` in brackets): save 92 to 112 (84 to 98), load 44 to 53 (50 to 73),
//! `save_safetensors` 72 to 104 (64 to 100), `load_safetensors` 17 to 25 (53 to 57). Reading takes more than copying because
//! each page of new memory is first cleared by the operating system.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use typegrad::io;
use typegrad::prelude::*;

const SIDE: usize = 1280;
const ROUNDS: usize = 11;

/// 16 layers of 1280 x 1280: 105 MB.
type Net = [Linear<SIDE, SIDE>; 16];

/// The medians of both, run in turn, so that what else the machine does slows both down.
fn report(what: &str, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    let time = |run: &mut dyn FnMut()| {
        let begin = Instant::now();
        run();
        begin.elapsed()
    };
    let (mut a, mut b): (Vec<_>, Vec<_>) = (0..ROUNDS).map(|_| (time(&mut ours), time(&mut theirs))).unzip();
    a.sort();
    b.sort();
    let (a, b) = (millis(a[ROUNDS / 2]), millis(b[ROUNDS / 2]));
    println!("{what:<20} {a:>7.1} ms {b:>7.1} ms   {:.2}", a / b);
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
    let read = || drop(std::hint::black_box(fs::read(&plain).unwrap()));
    report("save", || io::save(&path, &net).unwrap(), || write(&plain, &bytes));
    report("load", || io::load(&path, &mut net).unwrap(), read);
    report("save_safetensors", || io::save_safetensors(&path, &net).unwrap(), || write(&plain, &bytes));
    report("load_safetensors", || io::load_safetensors(&path, &mut net).unwrap(), read);
    fs::remove_dir_all(&folder).unwrap();
}
