//! Requests signed beforehand, sent one after another or over many connections.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::ensure;
use futures_util::future::try_join_all;
use tokio::time::Instant;

use super::wire::{Conn, Signed};

/// How long each request took, one after another on one connection.
pub async fn in_turn(at: SocketAddr, requests: &[Signed]) -> anyhow::Result<Vec<Duration>> {
    let mut conn = Conn::open(at).await?;
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
        let began = Instant::now();
        let (status, _) = conn.exchange(&request.bytes).await?;
        times.push(began.elapsed());
        ensure!(status == 200, "status {status}");
    }
    Ok(times)
}

/// Requests a second over as many connections as there are lists, until a list is used up or the time is
/// over.
pub async fn at_once(at: SocketAddr, lists: &[Vec<Signed>], time: Duration) -> anyhow::Result<f64> {
    let mut conns = Vec::new();
    for _ in lists {
        conns.push(Conn::open(at).await?);
    }
    let tasks = zijspan::lifecycle::Tasks::new();
    let began = Instant::now();
    let until = began + time;
    let work = conns.into_iter().zip(lists).map(|(mut conn, list)| {
        let (done, counted) = tokio::sync::oneshot::channel();
        let list: Vec<Vec<u8>> = list.iter().map(|signed| signed.bytes.clone()).collect();
        tasks.spawn(async move {
            let _ = done.send(run(&mut conn, &list, until).await);
        });
        counted
    });
    let counts = try_join_all(work.collect::<Vec<_>>()).await?;
    let mut all = 0.0;
    for count in counts {
        let (count, ended) = count?;
        // A list that was used up early would make the others look fast.
        all += f64::from(count) / ended.duration_since(began).as_secs_f64();
    }
    Ok(all)
}

async fn run(conn: &mut Conn, list: &[Vec<u8>], until: Instant) -> anyhow::Result<(u32, Instant)> {
    let mut count = 0;
    for request in list {
        if Instant::now() >= until {
            break;
        }
        let (status, _) = conn.exchange(request).await?;
        ensure!(status == 200, "status {status}");
        count += 1;
    }
    Ok((count, Instant::now()))
}

/// The value below which `share` of the values lie. Sorts.
pub fn percentile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    let at = (times.len() as f64 * share).ceil() as usize;
    times.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |n: usize| sorted.get(n).copied().unwrap_or(f64::NAN);
    if sorted.len() % 2 == 1 {
        at(middle)
    } else {
        f64::midpoint(at(middle.wrapping_sub(1)), at(middle))
    }
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
