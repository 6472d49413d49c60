//! A server that answers each request with the next line of its script, and the last line for ever.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use zijspan::lifecycle::Tasks;

#[derive(Debug, Clone)]
pub enum Line {
    /// A status with further header lines and `{"a":1}`.
    Status(u16, String),
    /// The same, after a while.
    Slow(Duration, u16),
    Hang,
    /// The connection ends without an answer.
    Break,
    /// It ends in the middle of the body.
    Half,
    /// Headers and one byte, and then nothing.
    Endless,
}

pub fn status(status: u16) -> Line {
    Line::Status(status, String::new())
}

#[derive(Clone)]
pub struct Server {
    pub base: String,
    seen: Arc<AtomicUsize>,
    script: Arc<Mutex<VecDeque<Line>>>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub async fn start(script: impl IntoIterator<Item = Line>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self {
            base: format!("http://127.0.0.1:{port}/api/v1"),
            seen: Arc::default(),
            script: Arc::new(Mutex::new(script.into_iter().collect())),
            heads: Arc::default(),
        };
        let serving = server.clone();
        let tasks = Tasks::new();
        tasks.clone().spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tasks.spawn(async move { serving.serve(stream).await });
            }
        });
        server
    }

    /// Requests that arrived.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }

    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// What it does from now on.
    pub fn play(&self, script: impl IntoIterator<Item = Line>) {
        *self.script.lock().unwrap() = script.into_iter().collect();
    }

    fn next(&self) -> Line {
        let mut script = self.script.lock().unwrap();
        if script.len() > 1 {
            script.pop_front().unwrap()
        } else {
            script.front().cloned().unwrap_or(Line::Hang)
        }
    }

    pub async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        while let Some(head) = request(&mut stream).await {
            self.heads.lock().unwrap().push(head);
            self.seen.fetch_add(1, Ordering::SeqCst);
            let whole = |status: u16, more: &str| {
                format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{more}content-length: 7\r\n\r\n{{\"a\":1}}"
                )
            };
            let (bytes, goes_on) = match self.next() {
                Line::Status(status, more) => (whole(status, &more), true),
                Line::Slow(wait, status) => {
                    tokio::time::sleep(wait).await;
                    (whole(status, ""), true)
                }
                Line::Hang => std::future::pending().await,
                Line::Break => return,
                Line::Half => (whole(200, "").replace("\"a\":1}", ""), false),
                Line::Endless => (
                    "HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\nx".to_owned(),
                    true,
                ),
            };
            if stream.write_all(bytes.as_bytes()).await.is_err() || !goes_on {
                return;
            }
            let _ = stream.flush().await;
        }
    }
}

/// The head of one request, its body read and dropped.
async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .to_ascii_lowercase()
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(head)
}
