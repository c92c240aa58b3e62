//! A disk that is full leaves the old checkpoint. A limit on the size of files simulates it: the operating system then
//! writes a part and refuses the rest, and no privilege is needed.

use super::{Folder, dict};
use std::process::Command;
use typegrad::io::Checkpoint;
use typegrad::nn::StateData;

const FOLDER: &str = "TYPEGRAD_TEST_FULL_DISK";

fn checkpoint(epoch: u64, len: usize) -> Checkpoint {
    let model = dict(&[("weight", &[len], StateData::F32(vec![epoch as f32; len].into()))]);
    Checkpoint { model, epoch, ..Checkpoint::default() }
}

/// Not a test, but the process that has no room: the new checkpoint is of 4 MB.
#[test]
fn child_that_has_no_room() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let path = std::path::Path::new(&folder).join("checkpoint");
    let error = checkpoint(2, 1 << 20).save(&path).unwrap_err();
    println!("error: {error}");
}

#[test]
fn a_disk_without_room_leaves_the_old_checkpoint_and_no_other_file() {
    let folder = Folder::new("full-disk");
    let path = folder.0.join("checkpoint");
    let old = checkpoint(1, 1000);
    old.save(&path).unwrap();
    // Blocks of 512 or 1024 bytes: no more than 1 MB. Without the signal the write gives an error.
    let child = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 1000; exec \"$0\" --exact full_disk::child_that_has_no_room --nocapture",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, &folder.0)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{text}{}", String::from_utf8_lossy(&child.stderr));
    let error = text.lines().find_map(|line| line.split_once("error: ")).expect("it has no room").1;
    assert!(error.starts_with(&format!("{}: File too large", path.display())), "{error}");
    assert_eq!(Checkpoint::load(&path).unwrap(), old);
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "no temporary file is left");
}
