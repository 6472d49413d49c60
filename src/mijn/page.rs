//! One call per page: parts side by side, one budget. What is not there in time is `late`; it goes on
//! asking and is served when the page asks again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, join_all};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::part::Part;
use super::{Mijn, Viewing};
use crate::domain::{SessionKey, SupportCode};
use crate::lifecycle::Tasks;
use crate::upstream::http::cache::{Answers, AnswersUse};

/// One part as the page asks for it.
#[derive(Debug, Clone)]
pub struct PartRequest {
    pub id: String,
    pub kind: String,
    pub params: Value,
}

/// The part's answer waits this long for the page to ask again.
const KEEP: Duration = Duration::from_secs(30);
/// Late parts that are kept at the same time; a further one ends with its page.
const MAX_KEPT: usize = 1000;

type Key = (Option<SessionKey>, String, String);
type Answer = Shared<BoxFuture<'static, Option<Arc<Part>>>>;

/// A part under way, or answered after its page gave up.
#[derive(Debug)]
struct Flight {
    answer: Answer,
    /// A page gave up on it: its answer is kept for the next one.
    late: bool,
}

/// Runs the parts of pages.
#[derive(Debug, Clone)]
pub struct Pages {
    tasks: Tasks,
    longest: Duration,
    answers: Answers,
    flights: Arc<Mutex<HashMap<Key, Flight>>>,
}

impl Pages {
    /// `longest` bounds the work of a part, a late one included.
    pub fn new(tasks: Tasks, longest: Duration, answers: Answers) -> Self {
        Self {
            tasks,
            longest,
            answers,
            flights: Arc::default(),
        }
    }

    /// The parts in the order asked, each with what came of it within the budget.
    pub async fn run(
        &self,
        mijn: &Arc<Mijn>,
        viewing: &Viewing,
        parts: &[PartRequest],
        budget: Duration,
    ) -> Vec<Value> {
        let deadline = Instant::now() + budget;
        join_all(parts.iter().map(|part| async move {
            let key = (
                viewing.asker.session(),
                part.kind.clone(),
                part.params.to_string(),
            );
            let answer = self.join(&key, mijn, viewing, part);
            let answer = match tokio::time::timeout_at(deadline, answer).await {
                Ok(answer) => {
                    self.delivered(&key);
                    answer.unwrap_or_else(|| Arc::new(self.unanswered()))
                }
                Err(_) => {
                    self.gave_up(&key);
                    Arc::new(Part::late(mijn.asked(viewing, &part.kind, &part.params)))
                }
            };
            answer.to_json(&part.id, &part.kind)
        }))
        .await
    }

    /// The task ended without an answer: the process is stopping, or a module panicked, which asking again
    /// will not mend.
    fn unanswered(&self) -> Part {
        if self.tasks.is_stopping() {
            Part::late(Vec::new())
        } else {
            Part::unavailable(Vec::new(), "internal", SupportCode::generate())
        }
    }

    /// How much of what sources said is remembered.
    pub fn answers_use(&self) -> AnswersUse {
        // The memory keeps its books in bulk; who asks wants them up to date.
        self.answers.sweep();
        self.answers.usage()
    }

    /// How many parts are being asked, or late and waiting to be fetched.
    pub fn held(&self) -> usize {
        self.locked().len()
    }

    /// Forgets what every source said.
    pub fn forget_answers(&self) {
        self.answers.clear();
    }

    /// Ends what was remembered for a session.
    pub fn forget_session(&self, session: SessionKey) {
        self.answers.forget_session(session);
        self.locked().retain(|(of, _, _), _| *of != Some(session));
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Flight>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A kept answer was picked up.
    fn delivered(&self, key: &Key) {
        self.locked().remove(key);
    }

    fn gave_up(&self, key: &Key) {
        if let Some(flight) = self.locked().get_mut(key) {
            flight.late = true;
        }
    }

    /// Joins the same part of the same session if it is under way, else begins it in a task of its own, so
    /// that a page that gives up does not end it.
    fn join(&self, key: &Key, mijn: &Arc<Mijn>, viewing: &Viewing, part: &PartRequest) -> Answer {
        let mut flights = self.locked();
        if let Some(flight) = flights.get(key) {
            return flight.answer.clone();
        }
        let (done, answer) = oneshot::channel();
        let answer: Answer = answer.map(Result::ok).boxed().shared();
        if flights.len() < MAX_KEPT {
            let flight = Flight {
                answer: answer.clone(),
                late: false,
            };
            flights.insert(key.clone(), flight);
        }
        drop(flights);
        let (mijn, viewing, part) = (Arc::clone(mijn), viewing.clone(), part.clone());
        let (pages, key) = (self.clone(), key.clone());
        self.tasks.spawn(async move {
            let work = mijn.part(&viewing, &part.kind, &part.params);
            // A source that keeps dripping would keep a late part alive long after its page.
            let answer = tokio::time::timeout(pages.longest, work)
                .await
                .unwrap_or_else(|_| {
                    Part::unavailable(Vec::new(), "timeout", SupportCode::generate())
                });
            // Nobody waits when the page gave up; then the flight holds the answer for the next one.
            let _ = done.send(Arc::new(answer));
            let late = pages.locked().get(&key).is_some_and(|flight| flight.late);
            if late {
                tokio::select! {
                    () = tokio::time::sleep(KEEP) => {}
                    () = pages.tasks.stopping() => {}
                }
            }
            pages.locked().remove(&key);
        });
        answer
    }
}
