//! Jobs of several processes: this program starts itself with `mpirun`.
//!
//! `cargo test --release --features mpi --test mpi [-- NAME]`

mod child;
mod hosts;
mod network;

use child::{EPOCHS, Options, STEPS};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;
use typegrad::prelude::Rng;

/// How long a job may take after one of its processes has ended.
const SECONDS: f64 = 10.0;

/// Whether `mpirun` is that of MPICH. It says that a process was killed, but not which, and nothing where one exits.
fn is_mpich() -> bool {
    let version = Command::new("mpirun").arg("--version").output().expect("mpirun starts");
    String::from_utf8_lossy(&version.stdout).contains("HYDRA")
}

/// The output of a job, and how it ended.
struct Outcome {
    success: bool,
    lines: Vec<String>,
    errors: String,
    /// From the moment when a process was killed to the end of the job.
    seconds: f64,
}

impl Outcome {
    fn prints(&self, text: &str) -> bool {
        self.errors.contains(text) || self.lines.iter().any(|line| line.contains(text))
    }

    /// The lines that start with a word, by rank, as their other words.
    fn by_rank(&self, word: &str) -> BTreeMap<usize, Vec<String>> {
        let lines = self.lines.iter().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
        let words = lines.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        words.map(|words| (words[0].parse().expect("a rank"), words[1..].to_vec())).collect()
    }
}

/// Starts this program on so many processes.
fn mpirun(ranks: usize) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["-n", &ranks.to_string()]);
    // Open MPI starts more processes than there are cores, and runs as root, only if told so.
    command.env("OMPI_MCA_rmaps_base_oversubscribe", "1");
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.env("TYPEGRAD_NUM_THREADS", "1");
    command
}

fn start(mut command: Command, words: &[&str]) -> Child {
    command.arg(std::env::current_exe().expect("a path")).arg("child").args(words);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("mpirun starts: it is in the package openmpi-bin")
}

/// Waits for a job. A rank that prints that it hangs is killed.
fn wait(mut job: Child) -> Outcome {
    let mut stderr = job.stderr.take().expect("a pipe");
    let errors = std::thread::spawn(move || {
        let mut bytes = vec![];
        stderr.read_to_end(&mut bytes).expect("the errors of a job");
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let (mut lines, mut pids, mut killed) = (vec![], BTreeMap::new(), None);
    for line in BufReader::new(job.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        let words: Vec<_> = line.split(' ').collect();
        if let ["pid", rank, pid] = words[..] {
            pids.insert(rank.to_owned(), pid.to_owned());
        } else if let ["hang", rank] = words[..] {
            let status = Command::new("kill").args(["-9", &pids[rank]]).status().expect("kill");
            assert!(status.success(), "there is a process {}", pids[rank]);
            killed = Some(Instant::now());
        }
        lines.push(line);
    }
    let success = job.wait().expect("mpirun ends").success();
    let seconds = killed.map_or(0.0, |since| since.elapsed().as_secs_f64());
    Outcome { success, lines, errors: errors.join().expect("no panic"), seconds }
}

fn run(ranks: usize, words: &[&str]) -> Outcome {
    wait(start(mpirun(ranks), words))
}

/// The job came to the end, bit-identical to one process on every rank.
fn assert_same_bits(outcome: &Outcome, ranks: usize) {
    assert!(outcome.success, "{}", outcome.errors);
    let (losses, checksum) = child::on_one_process();
    assert_eq!(losses.len() as u64, STEPS * EPOCHS);
    let losses: Vec<_> = losses.iter().map(u32::to_string).collect();
    let expected = vec![checksum.to_string(), "75".to_owned(), losses.join(",")];
    let ends = outcome.by_rank("end");
    assert_eq!(ends.len(), ranks, "{:?}", outcome.lines);
    assert!(ends.values().all(|end| *end == expected), "{ends:?}\nexpected {expected:?}");
}

fn any_number_of_processes_has_the_bits_of_one() {
    for ranks in 1..=4 {
        for words in [&["threads=1"][..], &["threads=2"], &["accumulate=true"]] {
            let outcome = run(ranks, words);
            assert_same_bits(&outcome, ranks);
            let bytes = outcome.by_rank("bytes");
            assert_eq!(bytes.len(), ranks);
            assert!(bytes.values().all(|words| words[0] == words[1]), "sent and predicted: {bytes:?}");
            assert!(ranks == 1 || bytes.values().all(|words| words[0] != "0"));
        }
    }
}

/// The faults that end a job, and their messages.
fn a_fault_of_one_rank_ends_the_job_and_is_named() {
    let faults: [(&str, &[&str]); 6] = [
        ("panic", &["rank 1 of 3 ends the job: ", " panicked: an index is wrong (tests/mpi/child.rs:"]),
        ("error", &["rank 1 of 3 ends the job: it returns without", "this rank has no more memory"]),
        ("leave", &["it returns without", "rank 1 still runs 5 s after it left the job"]),
        ("exit", if is_mpich() { &[] } else { &["exit"] }),
        ("skip", &["ends the job: the ranks do different things. Rank 0: call ", "`backward` of 6 shards"]),
        ("change", &["the parameters or buffers of rank 1 are not those of rank 0"]),
    ];
    let file = std::env::temp_dir().join(format!("typegrad-mpi-fault-{}", std::process::id()));
    for (fault, texts) in faults {
        let since = Instant::now();
        let path = format!("file={}", file.display());
        let outcome = run(3, &[&format!("fault={fault}"), "rank=1", "at=5", &path]);
        std::fs::remove_file(&file).expect("a checkpoint of the steps before");
        assert!(!outcome.success, "{fault}");
        assert!(outcome.by_rank("end").is_empty(), "{fault}");
        for text in texts {
            assert!(outcome.prints(text), "{fault} prints\n{}\n{:?}", outcome.errors, outcome.lines);
        }
        assert!(since.elapsed().as_secs_f64() < 2.0 * SECONDS, "{fault}");
    }
    // Without a checkpoint, the step after finds it.
    let outcome = run(3, &["fault=change", "rank=1", "at=5"]);
    assert!(!outcome.success && outcome.by_rank("end").is_empty());
    let text = "ends the job: the parameters, buffers or generators of rank 1 are not those of rank 0";
    assert!(outcome.errors.contains(text), "{}", outcome.errors);
    // `mpirun` of another library starts processes, each of which is then alone.
    let variable = if is_mpich() { "OMPI_COMM_WORLD_SIZE" } else { "PMI_SIZE" };
    let mut command = Command::new(std::env::current_exe().expect("a path"));
    command.env(variable, "2").args(["child", "threads=1"]);
    let output = command.output().expect("this program starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && output.stdout.starts_with(b"pid") && !error.contains("panicked"),
        "{error}"
    );
    assert!(error.contains(&format!("a job of its own, but {variable} says that 2 processes")), "{error}");
    let outcome = run(4, &["fault=seed", "rank=2", "at=0"]);
    assert!(!outcome.success && outcome.by_rank("step").is_empty());
    let text =
        "rank 2 differs from rank 0: it has the generator of the program, which a seed or a checkpoint sets";
    // The first rank that returns it ends the others, perhaps before they print it.
    assert!(outcome.errors.contains(text), "{}", outcome.errors);
}

/// Twenty times, kill -9 of some rank after some step; then the job continues with another number of processes.
fn a_killed_job_resumes_with_the_same_bits() {
    let seed = std::time::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_secs());
    println!("  seed {seed}");
    let mut rng = Rng::seed(seed);
    let (mut kills, mut longest, mpich) = (0, 0.0_f64, is_mpich());
    while kills < 20 {
        let file = std::env::temp_dir().join(format!("typegrad-mpi-kill-{}", std::process::id()));
        let path = format!("file={}", file.display());
        let mut done = 0;
        loop {
            let ranks = 2 + rng.below(3);
            if done == STEPS * EPOCHS || kills == 20 {
                assert_same_bits(&run(ranks, &[&path]), ranks);
                break;
            }
            let (victim, step) =
                (rng.below(ranks), done + rng.below((STEPS * EPOCHS - done).min(8) as usize) as u64);
            // The last step of an epoch is one shard, of rank 0.
            let inside = if victim > 0 && step % STEPS == STEPS - 1 { "before" } else { "inside" };
            let place = ["before", inside, "after"][rng.below(3)];
            let words =
                [&path, &format!("fault=hang {place}"), &format!("rank={victim}"), &format!("at={step}")];
            let outcome = run(ranks, &words.map(String::as_str));
            kills += 1;
            longest = longest.max(outcome.seconds);
            assert!(!outcome.success && outcome.by_rank("end").is_empty() && outcome.seconds > 0.0);
            assert!(outcome.seconds < SECONDS, "the job went on for {} s", outcome.seconds);
            let named = if mpich { "Killed (signal 9)".to_owned() } else { format!("rank {victim} ") };
            assert!(outcome.prints(&named), "no `{named}` in\n{}\n{:?}", outcome.errors, outcome.lines);
            // Checkpoints are those of every second step.
            done = saved_steps(&file);
            assert_eq!(done, (step + u64::from(place == "after")) / 2 * 2, "killed {place} step {step}");
        }
        std::fs::remove_file(&file).expect("a checkpoint");
    }
    println!("  20 kills; the longest time to the end of a job was {longest:.2} s");
}

/// The steps of a checkpoint. A job that was killed before its first has none.
fn saved_steps(file: &Path) -> u64 {
    match typegrad::io::Checkpoint::load(file) {
        Ok(checkpoint) => checkpoint.extra.len() as u64 / 4,
        Err(_) => {
            assert!(!file.exists(), "a checkpoint is whole at every moment");
            0
        }
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let filter = words.next().filter(|word| !word.starts_with('-'));
    if filter.as_deref() == Some("child") {
        return match Options::parse(words).and_then(|options| child::run(&options)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let tests: [(&str, fn()); 4] = [
        ("any_number_of_processes_has_the_bits_of_one", any_number_of_processes_has_the_bits_of_one),
        ("a_fault_of_one_rank_ends_the_job_and_is_named", a_fault_of_one_rank_ends_the_job_and_is_named),
        ("a_killed_job_resumes_with_the_same_bits", a_killed_job_resumes_with_the_same_bits),
        ("hosts_of_a_network_have_the_bits_of_one", hosts::hosts_of_a_network_have_the_bits_of_one),
    ];
    for (name, test) in tests {
        if filter.as_ref().is_none_or(|filter| name.contains(filter)) {
            println!("test {name}");
            let since = Instant::now();
            // A panic ends the program.
            test();
            println!("  ok, {:.1} s", since.elapsed().as_secs_f64());
        }
    }
    ExitCode::SUCCESS
}
