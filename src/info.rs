//! The build and the machine, for bug reports.

use crate::kernel::simd;
use crate::num_threads;
use std::fmt;

/// The build and the machine, for bug reports: see [`info`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// The version of typegrad.
    pub version: &'static str,
    /// The instruction set that kernels use.
    pub level: &'static str,
    /// The number of threads: [`num_threads`].
    pub threads: usize,
    /// The cargo features that are on.
    pub features: &'static [&'static str],
    /// The architecture of the processor, and the operating system.
    pub target: [&'static str; 2],
    /// Whether debug assertions are on, which makes operations slower.
    pub debug: bool,
}

/// The features of Cargo.toml that are on, without `default`.
const FEATURES: &[&str] = &[
    #[cfg(feature = "threads")]
    "threads",
    #[cfg(feature = "pt")]
    "pt",
    #[cfg(feature = "images")]
    "images",
    #[cfg(feature = "indicatif")]
    "indicatif",
    #[cfg(feature = "mpi")]
    "mpi",
    #[cfg(feature = "npz")]
    "npz",
];

/// The version, the instruction set, the number of threads and the features in use. PyTorch's
/// `torch.__config__.show`.
///
/// ```
/// println!("{}", typegrad::info());
/// // typegrad 0.1.0 on x86_64 linux, avx512, 2 threads, release, features: threads
/// # assert!(typegrad::info().to_string().starts_with("typegrad 0."));
/// ```
#[must_use]
pub fn info() -> Info {
    Info {
        version: env!("CARGO_PKG_VERSION"),
        level: simd::level().name(),
        threads: num_threads(),
        features: FEATURES,
        target: [std::env::consts::ARCH, std::env::consts::OS],
        debug: cfg!(debug_assertions),
    }
}

impl fmt::Display for Info {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Info { version, level, threads, features, target: [arch, os], debug } = self;
        let plural = if *threads == 1 { "" } else { "s" };
        let build = if *debug { "debug" } else { "release" };
        write!(
            f,
            "typegrad {version} on {arch} {os}, {level}, {threads} thread{plural}, {build}, features: "
        )?;
        if features.is_empty() { f.write_str("none") } else { f.write_str(&features.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_prints_everything_on_one_line() {
        let info = Info {
            version: "1.2.3",
            level: "avx2",
            threads: 1,
            features: &[],
            target: ["x86_64", "linux"],
            debug: false,
        };
        assert_eq!(
            info.to_string(),
            "typegrad 1.2.3 on x86_64 linux, avx2, 1 thread, release, features: none"
        );
        let info = Info { threads: 2, features: &["threads", "pt"], debug: true, ..info };
        assert_eq!(
            info.to_string(),
            "typegrad 1.2.3 on x86_64 linux, avx2, 2 threads, debug, features: threads pt"
        );
        assert_eq!(super::info().features.contains(&"threads"), cfg!(feature = "threads"));
        assert!(simd::Level::ALL.iter().any(|level| level.name() == super::info().level));
    }
}
