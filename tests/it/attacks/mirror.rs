//! Stands between the sidecar and the sandbox, and changes what the sources say.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use serde_json::Value;
use tokio::net::TcpListener;
use zijspan::app::Keeping;
use zijspan::lifecycle::Tasks;

use crate::harness::{World, browser};

type Change = Box<dyn Fn(&str, Vec<u8>) -> Vec<u8> + Send + Sync>;

#[derive(Clone)]
struct Shared {
    upstreams: String,
    change: Arc<Mutex<Option<Change>>>,
    delay: Arc<Mutex<Duration>>,
    http: reqwest::Client,
}

pub struct Mirror {
    pub url: String,
    upstreams: String,
    shared: Shared,
}

impl Mirror {
    pub fn start(upstreams: &str) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared {
            upstreams: upstreams.to_owned(),
            change: Arc::default(),
            delay: Arc::default(),
            http: browser(),
        };
        let router = Router::new().fallback(pass).with_state(shared.clone());
        Tasks::new().spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            upstreams: upstreams.to_owned(),
            shared,
        }
    }

    /// A demo whose sources are behind a mirror.
    pub async fn world() -> (World, Self) {
        let mut mirror = None;
        let world = World::edited(Keeping::InMemory, |world, config| {
            let started = Self::start(world.text("/upstreams"));
            let config = started.put_between(&config);
            mirror = Some(started);
            config
        })
        .await;
        (world, mirror.unwrap())
    }

    /// The configuration with this mirror in place of the sources, which go on naming themselves.
    pub fn put_between(&self, config: &str) -> String {
        config
            .replace(
                &format!("base_url = \"{}/", self.upstreams),
                &format!("base_url = \"{}/", self.url),
            )
            .lines()
            .map(
                |line| match line.strip_prefix(&format!("base_url = \"{}/", self.url)) {
                    Some(rest) => format!("{line}\nadvertised_url = \"{}/{rest}\n", self.upstreams),
                    None => format!("{line}\n"),
                },
            )
            .collect()
    }

    /// Changes whole bodies: the path, and the body as the source sent it.
    pub fn bytes(&self, change: impl Fn(&str, Vec<u8>) -> Vec<u8> + Send + Sync + 'static) {
        *self.shared.change.lock().unwrap() = Some(Box::new(change));
    }

    /// Changes every text that stands under one of these names.
    pub fn fields(
        &self,
        names: &'static [&'static str],
        change: impl Fn(&str) -> Value + Send + Sync + 'static,
    ) {
        self.bytes(move |_, body| {
            let Ok(mut value) = serde_json::from_slice::<Value>(&body) else {
                return body;
            };
            for name in names {
                each(&mut value, name, &change);
            }
            value.to_string().into_bytes()
        });
    }

    /// Changes every text that stands under this name.
    pub fn field(
        &self,
        name: &'static str,
        change: impl Fn(&str) -> Value + Send + Sync + 'static,
    ) {
        self.bytes(move |_, body| {
            let Ok(mut value) = serde_json::from_slice::<Value>(&body) else {
                return body;
            };
            each(&mut value, name, &change);
            value.to_string().into_bytes()
        });
    }

    pub fn honest(&self) {
        *self.shared.change.lock().unwrap() = None;
    }

    pub fn delay(&self, delay: Duration) {
        *self.shared.delay.lock().unwrap() = delay;
    }
}

fn each(value: &mut Value, name: &str, change: &impl Fn(&str) -> Value) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value.as_str() {
                    Some(text) if key == name => *value = change(text),
                    _ => each(value, name, change),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, name, change)),
        _ => {}
    }
}

async fn pass(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let delay = *shared.delay.lock().unwrap();
    tokio::time::sleep(delay).await;
    let mut request = shared
        .http
        .request(method, format!("{}{uri}", shared.upstreams))
        .body(body);
    for name in [
        "authorization",
        "accept",
        "content-type",
        "accept-crs",
        "content-crs",
    ] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = answer.bytes().await.unwrap().to_vec();
    if let Some(change) = &*shared.change.lock().unwrap() {
        body = change(uri.path(), body);
    }
    let mut response = (status, body).into_response();
    if let Some(media) = headers.get("content-type") {
        response.headers_mut().insert("content-type", media.clone());
    }
    response
}
