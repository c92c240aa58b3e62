//! How data passes through the ranks: up from the first to the last, and back down.
//!
//! A sum whose order is that of the shards can only grow from the first shard to the last. So rank 0 sends what it has to
//! rank 1, which adds its own and sends it to rank 2; the last one has the sum, which goes back. The data is cut into
//! chunks, so that all ranks work at the same time, and chunks go up and down at the same time.
//!
//! Time is counted in steps. In a step, a rank sends what it computed in the one before, and receives as much. With n ranks, rank
//! r sends chunk c up in step c + r and down in step c + 2n - 2 - r, so m chunks are through after m + 2n - 3 steps.

use super::transport::Transport;

/// The work of a rank on the chunks.
pub(super) trait Work {
    /// Writes what the next rank gets, given what came from the one before; nothing came to the first.
    ///
    /// # Errors
    /// If the ranks do not agree on what they do.
    fn up(&mut self, chunk: usize, came: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), String>;
    /// At the last rank, after `up`: writes what goes back.
    fn turn(&mut self, chunk: usize, out: &mut Vec<u8>);
    /// Reads what comes back, at all ranks but the last.
    fn down(&mut self, chunk: usize, came: &[u8]);
}

/// Lets chunks go up and down. `sizes` has the bytes of each on both ways. Returns the number of bytes that this rank sent.
pub(super) fn relay(
    transport: &dyn Transport,
    sizes: &[(usize, usize)],
    work: &mut impl Work,
) -> Result<u64, String> {
    let (rank, n, m) = (transport.rank(), transport.size(), sizes.len());
    let (first, last) = (rank == 0, rank + 1 == n);
    let (mut up, mut up_came, mut down, mut down_came) = (vec![], vec![], vec![], vec![]);
    let mut sent = 0;
    if n == 1 {
        for chunk in 0..m {
            up.clear();
            work.up(chunk, None, &mut up)?;
        }
        return Ok(0);
    }
    if first && m > 0 {
        work.up(0, None, &mut up)?;
    }
    for step in 0..m + 2 * n - 3 {
        // The chunk whose turn it is `delay` steps after it would be the first.
        let chunk = |delay: usize| step.checked_sub(delay).filter(|chunk| *chunk < m);
        let sends_up = if last { None } else { chunk(rank) };
        let comes_up = if first { None } else { chunk(rank - 1) };
        let sends_down = if first { None } else { chunk(2 * n - 2 - rank) };
        let comes_down = if last { None } else { chunk(2 * n - 3 - rank) };
        if let Some(chunk) = sends_up {
            assert_eq!(up.len(), sizes[chunk].0, "the size of chunk {chunk} on the way up");
        }
        if let Some(chunk) = sends_down {
            assert_eq!(down.len(), sizes[chunk].1, "the size of chunk {chunk} on the way down");
        }
        up_came.resize(comes_up.map_or(0, |chunk| sizes[chunk].0), 0);
        down_came.resize(comes_down.map_or(0, |chunk| sizes[chunk].1), 0);
        // A chunk without bytes is not sent.
        let send_up = sends_up.filter(|chunk| sizes[*chunk].0 > 0).map(|_| (rank + 1, up.as_slice()));
        let send_down = sends_down.filter(|chunk| sizes[*chunk].1 > 0).map(|_| (rank - 1, down.as_slice()));
        sent +=
            [&send_up, &send_down].into_iter().flatten().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
        let receive_up = (!up_came.is_empty()).then(|| (rank - 1, up_came.as_mut_slice()));
        let receive_down = (!down_came.is_empty()).then(|| (rank + 1, down_came.as_mut_slice()));
        transport.exchange([send_up, send_down], [receive_up, receive_down]);

        let next = if first { Some(step + 1).filter(|chunk| *chunk < m) } else { comes_up };
        if let Some(chunk) = next {
            up.clear();
            work.up(chunk, (!first).then_some(up_came.as_slice()), &mut up)?;
            if last {
                down.clear();
                work.turn(chunk, &mut down);
            }
        }
        if let Some(chunk) = comes_down {
            work.down(chunk, &down_came);
            std::mem::swap(&mut down, &mut down_came);
        }
    }
    Ok(sent)
}

/// The size of the chunks of a message of so many bytes.
///
/// With a latency of α for each step and β for each byte that a rank sends, m chunks of c = M / m bytes take
/// (m + 2n - 3) (α + 2 β c), because a rank in the middle sends two chunks in a step; one of two ranks sends one. The best c is
/// √(M (α / 2β) / (2n - 3)). α / β is near 20 kB from Ethernet (20 us, 1.2 GB/s) to InfiniBand (1.5 us, 12 GB/s).
pub(super) fn chunk_bytes(message: usize, ranks: usize) -> usize {
    let hops = (2 * ranks).saturating_sub(3).max(1) as u64;
    let ratio = if ranks > 2 { 10_000 } else { 20_000 };
    let best = (message as u64).saturating_mul(ratio) / hops;
    (best.isqrt() as usize).clamp(4 << 10, 1 << 20).next_multiple_of(64)
}

/// Bytes that one or several ranks have parts of: each writes its own, and all get them as a whole.
pub(super) struct AllGather<'a> {
    /// The part of this rank, and where it starts.
    own: &'a [u8],
    offset: usize,
    chunk: usize,
    pub(super) whole: Vec<u8>,
}

impl<'a> AllGather<'a> {
    /// The sizes of the chunks, and the work.
    pub(super) fn new(
        own: &'a [u8],
        offset: usize,
        total: usize,
        ranks: usize,
    ) -> (Vec<(usize, usize)>, Self) {
        let chunk = chunk_bytes(total, ranks);
        let sizes = (0..total).step_by(chunk).map(|start| chunk.min(total - start));
        (sizes.map(|size| (size, size)).collect(), AllGather { own, offset, chunk, whole: vec![0; total] })
    }

    fn part(&mut self, chunk: usize) -> &mut [u8] {
        let start = chunk * self.chunk;
        let end = self.whole.len().min(start + self.chunk);
        &mut self.whole[start..end]
    }
}

impl Work for AllGather<'_> {
    fn up(&mut self, chunk: usize, came: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), String> {
        let (own, offset, start) = (self.own, self.offset, chunk * self.chunk);
        let part = self.part(chunk);
        if let Some(came) = came {
            part.copy_from_slice(came);
        }
        let (from, to) = (offset.max(start), (offset + own.len()).min(start + part.len()));
        if from < to {
            part[from - start..to - start].copy_from_slice(&own[from - offset..to - offset]);
        }
        out.extend_from_slice(part);
        Ok(())
    }

    fn turn(&mut self, chunk: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.part(chunk));
    }

    fn down(&mut self, chunk: usize, came: &[u8]) {
        self.part(chunk).copy_from_slice(came);
    }
}

#[cfg(test)]
mod tests {
    use super::super::local::job;
    use super::*;

    /// Of each chunk, the ranks that it came through.
    struct Route {
        rank: u8,
        up: Vec<Vec<u8>>,
        down: Vec<Vec<u8>>,
        sizes: Vec<(usize, usize)>,
    }

    impl Work for Route {
        fn up(&mut self, chunk: usize, came: Option<&[u8]>, out: &mut Vec<u8>) -> Result<(), String> {
            assert_eq!(chunk, self.up.len(), "chunks come in order");
            let mut route = came.unwrap_or_default().to_vec();
            route.retain(|byte| *byte != 255);
            route.push(self.rank);
            self.up.push(route.clone());
            route.resize(self.sizes[chunk].0, 255);
            out.extend(route);
            Ok(())
        }
        fn turn(&mut self, chunk: usize, out: &mut Vec<u8>) {
            out.extend(vec![chunk as u8; self.sizes[chunk].1]);
        }
        fn down(&mut self, chunk: usize, came: &[u8]) {
            assert_eq!(chunk, self.down.len(), "chunks come in order");
            self.down.push(came.to_vec());
        }
    }

    #[test]
    fn every_chunk_passes_all_ranks_in_order_and_comes_back() {
        for ranks in 1..=6 {
            for chunks in [0, 1, 2, 3, 17] {
                // Every third chunk has nothing that goes back.
                let sizes: Vec<_> =
                    (0..chunks).map(|chunk| (10, if chunk % 3 == 1 { 0 } else { chunk + 1 })).collect();
                let done = job(ranks, |transport| {
                    let rank = transport.rank();
                    let (up, down) = (vec![], vec![]);
                    let mut route = Route { rank: rank as u8, up, down, sizes: sizes.clone() };
                    let sent = relay(&transport, &sizes, &mut route).unwrap();
                    let (up, down): (usize, usize) = sizes.iter().fold((0, 0), |s, c| (s.0 + c.0, s.1 + c.1));
                    let expected = if rank + 1 < ranks { up } else { 0 } + if rank > 0 { down } else { 0 };
                    assert_eq!(sent, expected as u64);
                    assert_eq!(
                        transport.sent.borrow().iter().map(|(_, bytes)| bytes).sum::<usize>(),
                        expected
                    );
                    route
                });
                for (rank, route) in done.iter().enumerate() {
                    let passed: Vec<u8> = (0..=rank as u8).collect();
                    assert_eq!(route.up, vec![passed; chunks], "{ranks} ranks, rank {rank}");
                    let back: Vec<_> =
                        sizes.iter().enumerate().map(|(i, size)| vec![i as u8; size.1]).collect();
                    assert_eq!(route.down, if rank + 1 < ranks { back } else { vec![] });
                }
            }
        }
    }

    #[test]
    fn parts_are_joined() {
        // 40000 bytes are several chunks; a part may be empty.
        for lens in [vec![3], vec![0, 5], vec![40_000, 0, 1], vec![20_000, 30_000, 7, 0, 9_999]] {
            let parts: Vec<Vec<u8>> = lens
                .iter()
                .enumerate()
                .map(|(rank, len)| (0..*len).map(|i| (i * 7 + rank) as u8).collect())
                .collect();
            let whole = parts.concat();
            let done = job(lens.len(), |transport| {
                let rank = transport.rank();
                let offset = lens[..rank].iter().sum();
                let (sizes, mut all) = AllGather::new(&parts[rank], offset, whole.len(), lens.len());
                relay(&transport, &sizes, &mut all).unwrap();
                all.whole
            });
            assert!(done.iter().all(|joined| *joined == whole), "{lens:?}");
        }
    }

    #[test]
    fn the_size_of_chunks_is_the_best_of_the_cost_model() {
        let time = |message: usize, ranks: usize, chunk: usize| {
            let (alpha, beta, chunks) = (20e-6, if ranks > 2 { 2e-9 } else { 1e-9 }, message.div_ceil(chunk));
            (chunks + 2 * ranks - 3) as f64 * (alpha + beta * chunk.min(message) as f64)
        };
        for (message, ranks) in
            [(10 << 20, 2), (100 << 20, 4), (100 << 20, 64), (100 << 20, 1024), (1 << 20, 8)]
        {
            let ours = time(message, ranks, chunk_bytes(message, ranks));
            let best = (10..24).map(|power| time(message, ranks, 1 << power)).fold(f64::INFINITY, f64::min);
            assert!(ours < 1.1 * best, "{message} bytes, {ranks} ranks: {ours} s, but {best} s is possible");
        }
    }
}
