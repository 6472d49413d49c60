//! A register of parking permits on a socket that can be made to fail, and somebody who asks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::date;
use serde_json::{Value, json};
use zijspan::domain::{
    Actor, Asker, BaseUrl, Bedrijfsnummers, Bsn, Doelbinding, HandleCodec, HandleKey, Identity,
    KvkNummer, LevelOfAssurance, Means, Onderneming, SecretBytes, SessionKey, SiteId, SourceName,
    Subject, UserId, Vestigingsnummer,
};
use zijspan::lifecycle::Tasks;
use zijspan::mijn::Viewing;
use zijspan::mijn::page::Pages;
use zijspan::mijn::part::Part;
use zijspan::policy::Policy;
use zijspan::upstream::http::ClientSettings;
use zijspan::upstream::http::auth::{AuthSettings, Credential};
use zijspan::upstream::http::cache::Answers;

use super::parkeervergunningen::Parkeervergunningen;
use super::parkeren::{Parkeren, ParkerenSettings};

pub const ANNA: &str = "999990019";
pub const BRAM: &str = "123456782";
pub const KVK: &str = "69599084";

/// What the register does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Right,
    /// No answer until [`Register::release`].
    Hang,
    Fail,
    /// Everybody's permits, whoever is asked for.
    IgnoreFilter,
    /// Pages without end, one permit each.
    Endless,
    /// A permit that names nobody, and one that names somebody in unknown words.
    Nameless,
}

pub struct Register {
    pub name: SourceName,
    url: String,
    inner: Arc<Inner>,
}

struct Inner {
    mode: Mutex<Mode>,
    seen: Mutex<Vec<(String, Value)>>,
    released: tokio::sync::Notify,
}

impl Register {
    pub async fn start(name: &str, mode: Mode) -> Self {
        let inner = Arc::new(Inner {
            mode: Mutex::new(mode),
            seen: Mutex::default(),
            released: tokio::sync::Notify::new(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        let app = axum::Router::new()
            .route(
                "/api/parkeervergunningen/_zoek",
                axum::routing::post(answer),
            )
            .with_state(Arc::clone(&inner));
        Tasks::new().spawn(async move { axum::serve(listener, app).await });
        Self {
            name: SourceName::parse(name).unwrap(),
            url,
            inner,
        }
    }

    pub fn set(&self, mode: Mode) {
        *self.inner.mode.lock().unwrap() = mode;
    }

    /// Lets the question that hangs have its answer.
    pub fn release(&self) {
        self.inner.released.notify_one();
    }

    /// The key and the body of every question.
    pub fn seen(&self) -> Vec<(String, Value)> {
        self.inner.seen.lock().unwrap().clone()
    }

    pub fn asked(&self) -> usize {
        self.seen().len()
    }

    fn settings(&self) -> ParkerenSettings {
        ParkerenSettings {
            name: self.name.clone(),
            base_url: BaseUrl::parse(&self.url).unwrap(),
            auth: AuthSettings {
                credential: Credential::ApiKey {
                    header: "x-api-key".parse().unwrap(),
                    key: SecretBytes::new(format!("key-of-{}", self.name).into_bytes()),
                },
                ..AuthSettings::default()
            },
            max_pages: 3,
            fresh: Duration::from_secs(30),
            http: ClientSettings {
                retries: 0,
                ..ClientSettings::default()
            },
        }
    }
}

fn permit(nummer: &str, bsn: &str, until: &str) -> Value {
    json!({
        "nummer": nummer, "zone": "Centrum", "geldigTot": until,
        "eigenaar": {"type": "bsn", "waarde": bsn},
    })
}

async fn answer(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let key = headers.get("x-api-key").map_or("", |k| k.to_str().unwrap());
    inner
        .seen
        .lock()
        .unwrap()
        .push((key.to_owned(), body.clone()));
    let mode = *inner.mode.lock().unwrap();
    let all = vec![
        permit("P-1", ANNA, "2027-01-31"),
        permit("P-2", BRAM, "2027-01-31"),
        permit("P-3", ANNA, "2025-01-31"),
        json!({
            "nummer": "P-4", "zone": null, "geldigTot": null,
            "eigenaar": {"type": "kvk", "waarde": KVK},
        }),
    ];
    let own = |all: Vec<Value>| -> Vec<Value> {
        all.into_iter()
            .filter(|permit| permit["eigenaar"] == body["eigenaar"])
            .collect()
    };
    let vergunningen = match mode {
        Mode::Fail => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mode::Hang => {
            inner.released.notified().await;
            own(all)
        }
        Mode::Right => own(all),
        Mode::IgnoreFilter => all,
        Mode::Endless => {
            let page = body["pagina"].as_u64().unwrap();
            let one = permit(&format!("P-{page}"), ANNA, "2027-01-31");
            let answer = json!({"aantal": 872, "volgende": page + 1, "vergunningen": [one]});
            return Json(answer).into_response();
        }
        Mode::Nameless => vec![
            json!({"nummer": "P-8", "zone": null, "geldigTot": null}),
            json!({"nummer": "P-9", "eigenaar": {"type": "a-nummer", "waarde": ANNA}}),
        ],
    };
    Json(json!({"aantal": vergunningen.len(), "volgende": null, "vergunningen": vergunningen}))
        .into_response()
}

/// One site with its registers.
pub struct Site {
    pub sources: Vec<Parkeren>,
    pub module: Parkeervergunningen,
    pub pages: Pages,
}

impl Site {
    pub fn of(registers: &[&Register]) -> Self {
        let tasks = Tasks::new();
        let answers = Answers::new(1024 * 1024, [7; 32], tasks.clone());
        let sources: Vec<_> = registers
            .iter()
            .map(|register| Parkeren::new(register.settings(), answers.clone()).unwrap())
            .collect();
        Self {
            module: Parkeervergunningen::new(sources.clone()),
            sources,
            pages: Pages::new(tasks, Duration::from_secs(10), answers),
        }
    }

    /// The part as a page of this many milliseconds would get it.
    pub async fn part(&self, viewing: &Viewing, budget_ms: u64) -> Part {
        let until = self.pages.until(Duration::from_millis(budget_ms));
        self.module.list(viewing, &Value::Null, &until).await
    }
}

pub fn person(bsn: &str) -> Subject {
    Subject::Burger(Bsn::parse(bsn).unwrap())
}

pub fn company(vestiging: Option<&str>) -> Subject {
    Subject::Onderneming(Onderneming {
        nummers: Bedrijfsnummers::Kvk(KvkNummer::parse(KVK).unwrap()),
        vestiging: vestiging.map(|number| Vestigingsnummer::parse(number).unwrap()),
    })
}

/// Somebody who is logged in, in the session of this number.
pub fn viewing(subject: Subject, session: u8) -> Viewing {
    Viewing {
        identity: Arc::new(Identity {
            on_behalf_of: subject,
            actor: Actor::Self_,
            mandate: None,
            loa: LevelOfAssurance::SUBSTANTIAL,
            means: Means::National,
            label: None,
        }),
        policy: Arc::new(Policy::default()),
        handles: Arc::new(HandleCodec::new(
            SiteId::parse("demo").unwrap(),
            HandleKey::new(1, [7; 64]),
            vec![],
        )),
        asker: Asker::in_session(
            UserId::pseudonym("u-1".to_owned()),
            SessionKey::new([session; 32]),
            Doelbinding::zaken(),
        ),
        today: date(2026, 6, 1),
    }
}
