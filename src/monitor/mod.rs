//! Monitoring of training: [`Progress`], a bar; [`RunLog`], JSON lines; [`History`], plots; [`EventLog`], TensorBoard.
//!
//! ```
//! use typegrad::prelude::*;
//! use typegrad::monitor::{History, Progress, RunLog};
//! let folder = std::env::temp_dir();
//! let mut w = Param::new(Tensor::from([3.0_f32]));
//! let mut sgd = Sgd::new(0.1);
//!
//! let mut history = History::new();
//! let mut log = RunLog::create(folder.join("typegrad-run.jsonl"))?;
//! let mut progress = Progress::new(50);
//! for step in 0..50 {
//!     w.zero_grad();
//!     let loss = w.track().powi(2).sum().backward();
//!     sgd.step(&mut w);
//!     progress.step(loss); // on a terminal: a bar with the loss, the rate and the time left
//!     log.record(step, &[("loss", loss.into())])?; // a line {"step":0,"loss":9.0}
//!     history.record(step, &[("loss", loss.into())]);
//! }
//! progress.finish();
//! history.plot().title("A parabola").log_y(true).save_html(folder.join("typegrad-run.html"))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the feature `indicatif` the bar is drawn by that crate.

mod events;
mod history;
mod log;
mod plot;
#[cfg(not(feature = "indicatif"))]
mod progress;
#[cfg(feature = "indicatif")]
#[path = "progress_indicatif.rs"]
mod progress;

pub use events::EventLog;
pub use history::{History, HistoryError};
pub use log::RunLog;
pub use plot::Plot;
pub use progress::Progress;
