//! Runs the cases of one matrix and says of each that fails what was expected and what came.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::expect::{Besides, Call, FAULTS, Fault, Page, Shows, Stream};
use super::ground::{BUDGET_MS, Ground};
use crate::log::{Log, warnings};

/// Threads of one matrix. Most of a case is waiting.
const THREADS: usize = 6;
/// How much later than its deadline an answer may come on a busy machine.
const SLACK: Duration = Duration::from_secs(1);

/// What must not be logged: numbers, names and addresses of the sandbox.
const PERSONAL: [&str; 6] = [
    "999912410",
    "Akker",
    "ZAAK-20",
    "Kastanjelaan",
    "http://127.0.0.1",
    "inpBsn",
];

pub fn matrix(calls: &[&'static Call]) {
    let cases: Vec<(&'static Call, &'static Fault)> = calls
        .iter()
        .flat_map(|call| FAULTS.iter().map(|fault| (*call, fault)))
        .collect();
    let wrong = Arc::new(Mutex::new(Vec::new()));
    let count = cases.len();
    std::thread::scope(|scope| {
        for n in 0..THREADS {
            let mine: Vec<_> = cases.iter().copied().skip(n).step_by(THREADS).collect();
            let wrong = Arc::clone(&wrong);
            scope.spawn(move || {
                let (log, _guard) = Log::of_this_thread();
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let mut ground = Ground::new().await;
                    for (call, fault) in mine {
                        let case = Case { call, fault };
                        let mut said = case.run(&mut ground, &log).await;
                        if let Err(Wrong::Time(_)) = said {
                            // On a busy machine the sidecar itself may run out of its short time.
                            said = case.run(&mut ground, &log).await;
                        }
                        if let Err(Wrong::Time(what) | Wrong::Other(what)) = said {
                            let line = format!("{} x {}: {what}", call.name, fault.name);
                            wrong.lock().unwrap().push(line);
                        }
                    }
                    ground.world.stop().await;
                });
            });
        }
    });
    let wrong = wrong.lock().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

struct Case {
    call: &'static Call,
    fault: &'static Fault,
}

/// Why a case fails.
enum Wrong {
    /// Something took longer than it should, and nothing else: tried once more.
    Time(String),
    Other(String),
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Other(what)
    }
}

/// What came of the part that the fault is about.
struct Came {
    shows: Shows,
    code: Option<String>,
}

impl Came {
    /// By what it shows, or where that does not say by what its code was logged with.
    fn ran_out_of_time(&self, text: &str) -> bool {
        match &self.shows {
            Shows::Problem(_) => warnings(text).iter().any(|line| {
                line["code"].as_str() == self.code.as_deref() && line["reason"] == "timeout"
            }),
            shows => shows.is_late(),
        }
    }
}

impl Case {
    async fn run(&self, ground: &mut Ground, log: &Log) -> Result<(), Wrong> {
        ground.new_sidecar().await;
        if self.call.warm {
            ground.warm().await;
        }
        let token = ground.log_in().await;
        let ticket = match self.call.page {
            Page::Download => Some(ground.ticket(&token).await),
            _ => None,
        };
        ground.world.fault(self.fault_json(&ground.zaak_id)).await;
        ground.world.clear_calls().await;
        log.take();
        let began = Instant::now();
        let came = match self.call.page {
            Page::Download => self.download(ground, &ticket.unwrap_or_default()).await,
            page => self.page(ground, &token, page).await,
        };
        let took = began.elapsed();
        let text = log.take();
        if let Some(found) = PERSONAL.iter().find(|word| text.contains(**word)) {
            return Err(Wrong::Other(format!("{found} was logged:\n{text}")));
        }
        let came = came?;
        let expected = (self.call.shows)(self.fault);
        if came.shows != expected {
            let what = format!("shows {:?}, expected {expected:?}\n{text}", came.shows);
            return Err(if came.ran_out_of_time(&text) {
                Wrong::Time(what)
            } else {
                Wrong::Other(what)
            });
        }
        if took > Duration::from_millis(BUDGET_MS) + SLACK {
            return Err(Wrong::Time(format!("took {took:?}")));
        }
        self.asked(ground).await?;
        self.logged(&came, &text)
    }

    /// The call that the fault is about was made: without it the fault changed nothing, and what the page
    /// shows says nothing.
    async fn asked(&self, ground: &Ground) -> Result<(), String> {
        let calls = ground.world.calls().await;
        let path = self.path(&ground.zaak_id);
        let asked = calls.paths.keys().any(|asked| {
            let (method, asked) = asked.split_once(' ').unwrap();
            method == self.call.method
                && match path.strip_suffix('$') {
                    Some(end) => asked.ends_with(end),
                    None => asked.contains(&path),
                }
        });
        if !asked {
            return Err(format!("the call was not made: {calls:?}"));
        }
        Ok(())
    }

    fn path(&self, zaak_id: &str) -> String {
        self.call.path.replace("{zaak}", zaak_id)
    }

    fn fault_json(&self, zaak_id: &str) -> Value {
        let Call {
            upstream,
            method,
            query,
            ..
        } = self.call;
        json!({
            "upstream": upstream, "method": method, "query": query,
            "path": self.path(zaak_id),
            "mode": self.fault.mode, "status": self.fault.status, "latency_ms": self.fault.latency_ms,
        })
    }

    async fn page(&self, ground: &Ground, token: &str, page: Page) -> Result<Came, String> {
        let kinds = match page {
            Page::Zaken => ["zaken", "zaak"],
            _ => ["zaak", "zaken"],
        };
        let kinds = if self.call.alone {
            &kinds[..1]
        } else {
            &kinds[..]
        };
        let answer = ground.page(token, kinds).await;
        if answer.status != 200 {
            return Err(format!("status {}: {}", answer.status, answer.body));
        }
        if let Some(other) = answer.body["parts"].get(1)
            && other["state"] != "ok"
        {
            return Err(format!("the other part suffers: {other}"));
        }
        let part = &answer.body["parts"][0];
        let problem = &part["problem"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let word = |value: &Value| text(value).unwrap_or_default();
        let has_data = !part["data"].is_null();
        let shows = match part["state"].as_str() {
            Some("ok") => Shows::Ok,
            Some("partial") => {
                Shows::Partial(word(&problem["missing"][0]), word(&problem["reason"]))
            }
            Some("unavailable") => Shows::Unavailable(word(&problem["reason"])),
            Some("late") => Shows::Late,
            Some("not_found") => Shows::NotFound,
            _ => return Err(format!("an unexpected state: {part}")),
        };
        if has_data != matches!(shows, Shows::Ok | Shows::Partial(..)) {
            return Err(format!("data and state do not agree: {part}"));
        }
        Ok(Came {
            shows,
            code: text(&problem["code"]),
        })
    }

    async fn download(&self, ground: &Ground, url: &str) -> Result<Came, String> {
        let answer = ground
            .world
            .http
            .get(url)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        if status == 200 {
            // A slow or endless stream is not read to its end.
            let mut length = 0;
            let mut body = answer.bytes_stream();
            let whole = async {
                while let Some(chunk) = body.next().await {
                    length += chunk.map_err(drop)?.len();
                    if length > 4_000_000 {
                        return Ok(Stream::Endless);
                    }
                }
                Ok(Stream::Whole)
            };
            let stream = match tokio::time::timeout(Duration::from_millis(600), whole).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(())) => Stream::Broken,
                Err(_) => Stream::Slow,
            };
            let list = ground.page(&ground.log_in().await, &["zaken"]).await;
            if list.body["parts"][0]["state"] != "ok" {
                return Err(format!("the overview suffers: {}", list.body));
            }
            return Ok(Came {
                shows: Shows::Stream(stream),
                code: None,
            });
        }
        let body: Value = answer.json().await.map_err(|error| error.to_string())?;
        Ok(Came {
            shows: Shows::Problem(status),
            code: body["code"].as_str().map(str::to_owned),
        })
    }

    /// A failure is logged once with the code that the page shows. Besides there is what the table says that the
    /// fault brings, and nothing else: what is fine leaves no warning.
    fn logged(&self, came: &Came, text: &str) -> Result<(), Wrong> {
        let (coded, besides): (Vec<_>, Vec<_>) = warnings(text)
            .into_iter()
            .partition(|line| line["code"].is_string());
        let wrong = |what: &str| Wrong::Other(format!("{what}, {:?}:\n{text}", came.shows));
        let reason = match &came.shows {
            Shows::Unavailable(reason) | Shows::Partial(_, reason) => reason.as_str(),
            Shows::Problem(503) => self.fault.reason,
            _ => "",
        };
        if coded.iter().any(|line| {
            line["code"].as_str() != came.code.as_deref()
                || line["source"] != "zgw"
                || (line["reason"] != reason && line["alarm"] != reason)
        }) {
            return Err(wrong("a code is not of this failure"));
        }
        let of = |operation| {
            let lines = coded.iter().filter(|line| line["operation"] == operation);
            lines.count()
        };
        let (own, whole) = (of(self.call.operation), of(self.call.whole));
        let expected = match reason {
            // A list that goes on is no failure.
            "" | "bound" => (0, 0),
            // What the page could do without took the rest with it.
            "filter_ignored" if self.call.is_optional() => (1, 1),
            _ => (self.call.told, 0),
        };
        // The part ran out of its time before the call did: the same failure, one level up.
        let above = reason == "timeout" && (own, whole) == (0, 1);
        if (own + whole != coded.len() || (own, whole) != expected) && !above {
            return Err(wrong("the failure is not logged once"));
        }
        let (least, most) = match self.brings(came) {
            Some(expected) if besides.iter().all(|line| expected.is(line)) => {
                (usize::from(!above), self.call.asked)
            }
            _ => (0, 0),
        };
        if !(least..=most).contains(&besides.len()) {
            return Err(wrong("the other warnings are not those of the table"));
        }
        Ok(())
    }

    /// A download that began is told by its stream alone.
    fn brings(&self, came: &Came) -> Option<Besides> {
        match came.shows {
            Shows::Stream(_) => None,
            _ => (self.call.besides)(self.call, self.fault),
        }
    }
}
