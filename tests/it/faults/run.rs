//! Runs the cases of one matrix and says of each that fails what was expected and what came.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::expect::{Call, FAULTS, Fault, Page, Shows, Stream};
use super::ground::{BUDGET_MS, Ground};
use super::log::{Log, warnings};

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
                let (log, _guard) = Log::listen();
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let mut ground = Ground::new().await;
                    for (call, fault) in mine {
                        let case = Case { call, fault };
                        let mut said = case.run(&mut ground, &log).await;
                        if said.is_err() {
                            // On a busy machine the sidecar itself may run out of its short time.
                            said = case.run(&mut ground, &log).await;
                        }
                        if let Err(what) = said {
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

/// What came of the part that the fault is about.
struct Came {
    shows: Shows,
    code: Option<String>,
}

impl Case {
    async fn run(&self, ground: &mut Ground, log: &Log) -> Result<(), String> {
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
        log.take();
        let began = Instant::now();
        let came = match self.call.page {
            Page::Download => self.download(ground, &ticket.unwrap_or_default()).await?,
            page => self.page(ground, &token, page).await?,
        };
        let took = began.elapsed();
        let text = log.take();
        let expected = (self.call.shows)(self.fault);
        if came.shows != expected && !self.took_all_the_time(&came.shows, &expected) {
            return Err(format!("shows {:?}, expected {expected:?}", came.shows));
        }
        if took > Duration::from_millis(BUDGET_MS) + SLACK {
            return Err(format!("took {took:?}"));
        }
        if let Some(found) = PERSONAL.iter().find(|word| text.contains(**word)) {
            return Err(format!("{found} was logged:\n{text}"));
        }
        self.logged(&came, &text)
    }

    /// A catalogue that hangs when nothing of it is in memory may cost the part all the time that its
    /// source has. The part then says so, and lacks everything.
    fn took_all_the_time(&self, came: &Shows, expected: &Shows) -> bool {
        let timeout = "timeout".to_owned();
        !self.call.warm
            && matches!(expected, Shows::Partial(_, reason) if *reason == timeout)
            && *came == Shows::Unavailable(timeout)
    }

    fn fault_json(&self, zaak_id: &str) -> Value {
        let Call {
            upstream,
            method,
            path,
            query,
            ..
        } = self.call;
        json!({
            "upstream": upstream, "method": method, "query": query,
            "path": path.replace("{zaak}", zaak_id),
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

    /// A failure is logged once with the code that the page shows; what is fine leaves no warning.
    fn logged(&self, came: &Came, text: &str) -> Result<(), String> {
        let warnings = warnings(text);
        let reason = match &came.shows {
            Shows::Unavailable(reason) | Shows::Partial(_, reason) => reason.as_str(),
            Shows::Problem(503) => self.fault.reason,
            _ => return Ok(()),
        };
        let Some(code) = &came.code else {
            return Err("there is no code".to_owned());
        };
        let operation = self.call.operation;
        let found = warnings.iter().any(|line| {
            line["code"] == **code
                && line["source"] == "zgw"
                && (line["operation"] == operation || line["operation"] == self.call.whole)
                && (line["reason"] == reason || line["alarm"] == reason)
        });
        if reason != "bound" && !found {
            return Err(format!(
                "no line of {operation} with code {code} and {reason}:\n{text}"
            ));
        }
        Ok(())
    }
}
