//! A job on several hosts.

use super::network::{HOSTS, Network};
use super::{assert_same_bits, mpirun, start, wait};
use std::fs;

/// The bytes that a host has sent.
fn sent(host: usize) -> u64 {
    let path = format!("/sys/class/net/tgveth{host}/statistics/rx_bytes");
    let text = fs::read_to_string(path).expect("the statistics of an interface");
    text.trim().parse().expect("a number")
}

/// The results, and what went through the interfaces.
pub fn hosts_of_a_network_have_the_bits_of_one() {
    if super::is_mpich() {
        println!("  SKIPPED: the simulated hosts are those of Open MPI's `mpirun`");
        return;
    }
    let Some(network) = Network::new(None) else {
        println!("  SKIPPED: network namespaces need root, and `ip` of the package iproute2");
        return;
    };
    let mut command = mpirun(HOSTS);
    network.place(&mut command, HOSTS);
    let before = [1, 2, 3].map(sent);
    let outcome = wait(start(command, &["threads=1"]));
    assert_same_bits(&outcome, HOSTS);
    let bytes = outcome.by_rank("bytes");
    for host in 1..=HOSTS {
        let (sent, predicted): (u64, u64) =
            (sent(host) - before[host - 1], bytes[&(host - 1)][1].parse().expect("a number"));
        println!(
            "  host {host}: {predicted} bytes of steps are predicted, {sent} went through its interface"
        );
        // Headers of TCP, and the messages of mpirun.
        assert!(sent > predicted && sent < predicted * 5 / 4 + 200_000, "host {host} sent {sent} bytes");
    }
}
