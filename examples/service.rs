//! Lesson 16 of 17: a service. A model is loaded once, and answers requests of 1 to 37 rows from several threads.
//!
//! Topics: a file whose model does not fit the program is an error; inference over any number of rows,
//! with a network of constant batches; one network for all threads, without a lock or a copy.
//!
//! `cargo run --release --example service -- [--model FILE] [--requests N] [--clients N] [--workers N]`
//!
//! Expected: less than a second; without `--model` a new network is saved and loaded, and the last line has the latencies, such as
//! `p50 31 us, p99 120 us`.

use lexopt::prelude::{Long, Short, ValueExt};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use typegrad::data::TensorRows;
use typegrad::{io, prelude::*};

type Net = (Linear<64, 64>, Relu, Linear<64, 64>, Relu, Linear<64, 10>);
type Rows = TensorRows<Rank1<64>>;

/// The most rows of a request.
const MOST: usize = 37;

/// Rows, and where the answer goes.
struct Request {
    rows: Rows,
    answer: SyncSender<Vec<i64>>,
}

/// The class of each row. Chunks are of few sizes: one row alone costs one row, and the last chunk is never mostly empty.
fn classify(net: &Net, rows: &Rows) -> Vec<i64> {
    let scores = match rows.len() {
        1 => net.infer_rows(rows.chunks::<1>()),
        2..=8 => net.infer_rows(rows.chunks::<4>()),
        _ => net.infer_rows(rows.chunks::<16>()),
    };
    scores.argmax().as_slice().to_vec()
}

/// Answers requests until the last client has closed its channel.
fn work(net: &Net, requests: &Mutex<Receiver<Request>>) {
    loop {
        // The lock is released before the network runs.
        let Ok(request) = requests.lock().expect("no worker panics").recv() else { return };
        // A client that has left needs no answer.
        let _ = request.answer.send(classify(net, &request.rows));
    }
}

/// Sends requests of random sizes in sequence, and returns how long each took.
fn client(requests: &SyncSender<Request>, count: usize, rng: &mut Rng) -> Vec<Duration> {
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let len = 1 + rng.below(MOST);
        let pixels: Vec<f32> = (0..64 * len).map(|_| rng.uniform() as f32).collect();
        let start = Instant::now();
        let rows = Rows::try_from(pixels).expect("whole rows");
        let (answer, classes) = sync_channel(1);
        requests.send(Request { rows, answer }).expect("a worker waits");
        let classes = classes.recv().expect("each request is answered");
        times.push(start.elapsed());
        assert!(classes.len() == len && classes.iter().all(|class| (0..10).contains(class)));
    }
    times
}

struct Options {
    model: Option<PathBuf>,
    requests: usize,
    clients: usize,
    workers: usize,
}

fn options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options { model: None, requests: 2000, clients: 4, workers: 2 };
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("model") => options.model = Some(parser.value()?.into()),
            Long("requests") => options.requests = parser.value()?.parse()?,
            Long("clients") => options.clients = parser.value()?.parse()?,
            Long("workers") => options.workers = parser.value()?.parse()?,
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}

/// The network of a file, which has these layers or is an error.
fn load(model: Option<PathBuf>) -> Result<Net, io::Error> {
    let mut net = Net::new(&mut Rng::seed(0));
    if let Some(path) = model {
        io::load_safetensors(path, &mut net)?;
        return Ok(net);
    }
    let path = std::env::temp_dir().join(format!("service-{}.safetensors", std::process::id()));
    io::save_safetensors(&path, &Net::new(&mut Rng::seed(1)))?;
    let loaded = io::load_safetensors(&path, &mut net);
    // A file that stays does no harm.
    let _ = std::fs::remove_file(&path);
    loaded.map(|_| net)
}

fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let net = load(options.model)?;
    // Requests run side by side, so that an operation needs no second thread.
    typegrad::set_num_threads(1);
    let (sender, receiver) = sync_channel(64);
    let receiver = Mutex::new(receiver);
    let each = options.requests / options.clients.max(1);
    let mut times: Vec<Duration> = thread::scope(|scope| {
        for _ in 0..options.workers.max(1) {
            scope.spawn(|| work(&net, &receiver));
        }
        let clients: Vec<_> = (0..options.clients.max(1))
            .map(|seed| {
                let sender = sender.clone();
                scope.spawn(move || client(&sender, each, &mut Rng::seed(seed as u64)))
            })
            .collect();
        // The workers end when all senders are gone.
        drop(sender);
        clients.into_iter().flat_map(|client| client.join().expect("no client panics")).collect()
    });
    times.sort_unstable();
    let percentile = |p: usize| times.get((times.len() * p).div_ceil(100).saturating_sub(1));
    let (Some(p50), Some(p99)) = (percentile(50), percentile(99)) else {
        return Err("no request was sent".into());
    };
    println!("{} requests of 1 to {MOST} rows", times.len());
    println!("p50 {} us, p99 {} us", p50.as_micros(), p99.as_micros());
    Ok(())
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("service [--model FILE] [--requests N] [--clients N] [--workers N]");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("service: {error}");
            return ExitCode::FAILURE;
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("service: {error}");
            ExitCode::FAILURE
        }
    }
}
