//! Hosts that are simulated: network namespaces with addresses of their own, joined by a bridge.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The addresses of the hosts are 10.213.77.1, .2 and so on; this machine is .254.
const NETWORK: &str = "10.213.77";
/// The number of hosts.
pub const HOSTS: usize = 3;

/// Namespaces, a bridge, and the program that starts others in a namespace, as ssh would on a host.
pub struct Network {
    folder: PathBuf,
}

fn ip(words: &str) -> bool {
    let mut command = Command::new("ip");
    command.args(words.split(' ')).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

impl Network {
    /// `None` where the rights for it are lacking. A host sends at a rate such as `400mbit`, if one is given.
    pub fn new(rate: Option<&str>) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("typegrad-hosts-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let network = Network { folder };
        let mut done = ip("link add tgbridge type bridge")
            && ip(&format!("addr add {NETWORK}.254/24 dev tgbridge"))
            && ip("link set tgbridge up");
        for host in 1..=HOSTS {
            done = done
                && ip(&format!("netns add tghost{host}"))
                && ip(&format!("link add tgveth{host} type veth peer name eth0 netns tghost{host}"))
                && ip(&format!("link set tgveth{host} master tgbridge up"))
                && ip(&format!("-n tghost{host} addr add {NETWORK}.{host}/24 dev eth0"))
                && ip(&format!("-n tghost{host} link set eth0 up"))
                && ip(&format!("-n tghost{host} link set lo up"));
        }
        if !done {
            return None;
        }
        for (host, rate) in (1..=HOSTS).zip(std::iter::repeat(rate)) {
            let Some(rate) = rate else { break };
            // The data of a tick of 4 ms must fit into the burst: 128 KiB for 250 Mbit/s.
            let limit =
                format!("-n tghost{host} qdisc add dev eth0 root tbf rate {rate} burst 128k latency 50ms");
            let status = Command::new("tc").args(limit.split(' ')).status();
            assert!(status.is_ok_and(|status| status.success()), "tc {limit}");
        }
        // Each host has a name of its own: by it, Open MPI decides what shares memory.
        let agent = "#!/bin/sh\nhost=${1##*.}; shift\n\
                     exec ip netns exec tghost$host unshare --uts sh -c \"hostname tghost$host; $*\"\n";
        fs::write(network.agent(), agent).expect("a file");
        fs::set_permissions(network.agent(), fs::Permissions::from_mode(0o755)).expect("a program");
        Some(network)
    }

    fn agent(&self) -> PathBuf {
        self.folder.join("agent")
    }

    /// Lets `mpirun` start one process on each of the first hosts.
    pub fn place(&self, command: &mut Command, hosts: usize) {
        let hosts: Vec<_> = (1..=hosts).map(|host| format!("{NETWORK}.{host}:1")).collect();
        let range = format!("{NETWORK}.0/24");
        command.args(["--host", &hosts.join(",")]).args(["--mca", "plm_rsh_agent"]).arg(self.agent());
        command.args(["--mca", "oob_tcp_if_include", &range]);
        // The hosts share cores, on which the kernel passes packets on: a process that waits must leave them.
        command.args(["--mca", "mpi_yield_when_idle", "1"]);
        // Between hosts there is no shared memory.
        command.args(["--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", &range]);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        for host in 1..=HOSTS {
            ip(&format!("netns del tghost{host}"));
        }
        ip("link del tgbridge");
        fs::remove_dir_all(&self.folder).ok();
    }
}
