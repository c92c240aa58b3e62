//! A process that is killed while it saves leaves a whole checkpoint, the old one or the new one.

use super::{Folder, dict};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;
use typegrad::io::Checkpoint;
use typegrad::nn::{Generator, ModuleExt, StateData};
use typegrad::prelude::Rng;

const FOLDER: &str = "TYPEGRAD_TEST_SAVES_INTO";
/// The output of the child when it starts.
const SAVING: &str = "saving from now on";
const KILLS: usize = 100;
/// The number of kills that must hit a write.
const WRITES: usize = 10;

/// Checkpoint number `i`: all of its parts say so.
fn numbered(i: u64) -> Checkpoint {
    let model = dict(&[("weight", &[20_000], StateData::F32(vec![i as f32; 20_000].into()))]);
    let optimizer = dict(&[("lr", &[], StateData::F64(vec![i as f64].into()))]);
    Checkpoint {
        model,
        optimizer,
        generators: Generator::seed(i).generator_state(),
        rng: Some(Rng::seed(i)),
        epoch: i,
        position: Some(i.into()),
        extra: vec![i as u8; 1000],
        ..Checkpoint::default()
    }
}

/// Not a test, but the process that is killed: it saves until then.
#[test]
fn child_that_saves() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let path = std::path::Path::new(&folder).join("checkpoint");
    let begin = Checkpoint::load(&path).unwrap().epoch;
    println!("{SAVING}");
    for i in begin + 1.. {
        numbered(i).save(&path).unwrap();
    }
}

#[test]
fn there_is_always_one_whole_checkpoint() {
    let folder = Folder::new("killed");
    let path = folder.0.join("checkpoint");
    numbered(0).save(&path).unwrap();
    let mut rng = Rng::seed(1);
    let (mut last, mut kills) = (0, 0);
    // The temporary file of each child that was killed while it wrote.
    let interrupted = || std::fs::read_dir(&folder.0).unwrap().count() - 1;
    while kills < KILLS || ((interrupted() < WRITES || last == 0) && kills < 10 * KILLS) {
        kills += 1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::child_that_saves", "--nocapture"])
            .env(FOLDER, &folder.0)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lines.find(|line| line.as_ref().is_ok_and(|line| line.contains(SAVING))).expect("it saves").unwrap();
        std::thread::sleep(Duration::from_micros(rng.below(8000 * (1 + kills / 20)) as u64));
        // SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
        let found = Checkpoint::load(&path).unwrap();
        assert!(found.epoch >= last, "from {last} back to {}", found.epoch);
        assert!(found == numbered(found.epoch), "checkpoint {} is not whole", found.epoch);
        last = found.epoch;
    }
    assert!(last > 0, "no child came to saving");
    assert!(interrupted() >= WRITES, "{} of {kills} children were killed while they wrote", interrupted());
}
