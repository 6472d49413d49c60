//! One call per page: parts side by side, one budget. What is not there in time is `late`; it goes on
//! asking, so that the answers are there when the page asks again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::part::Answered;
use super::{Mijn, Viewing};
use crate::domain::SessionKey;
use crate::lifecycle::Tasks;
use crate::upstream::http::cache::{Answers, AnswersUse};

/// One part as the page asks for it.
#[derive(Debug, Clone)]
pub struct PartRequest {
    pub id: String,
    pub kind: String,
    pub params: Value,
}

/// Late work that goes on at the same time; what comes above it ends with its page.
const MAX_LATE: usize = 1000;

/// Runs the parts of pages.
#[derive(Debug, Clone)]
pub struct Pages {
    tasks: Tasks,
    longest: Duration,
    late: Arc<Semaphore>,
    answers: Answers,
}

impl Pages {
    /// `longest` bounds the work for a page, late work included.
    pub fn new(tasks: Tasks, longest: Duration, answers: Answers) -> Self {
        Self {
            tasks,
            longest,
            late: Arc::new(Semaphore::new(MAX_LATE)),
            answers,
        }
    }

    /// The parts in the order asked, each with what came of it within the budget.
    pub async fn run(
        &self,
        mijn: &Mijn,
        viewing: &Viewing,
        parts: &[PartRequest],
        budget: Duration,
    ) -> Vec<Answered> {
        let until = self.until(budget);
        join_all(parts.iter().map(|part| async {
            Answered {
                id: part.id.clone(),
                kind: part.kind.clone(),
                part: mijn.part(viewing, &part.kind, &part.params, &until).await,
            }
        }))
        .await
    }

    /// What a part of a page that begins now is given, so that a module can be tested without a page.
    pub fn until(&self, budget: Duration) -> Until {
        Until {
            deadline: Instant::now() + budget,
            longest: self.longest,
            tasks: self.tasks.clone(),
            late: Arc::clone(&self.late),
        }
    }

    /// How much of what sources said is remembered.
    pub fn answers_use(&self) -> AnswersUse {
        // The memory keeps its books in bulk; who asks wants them up to date.
        self.answers.sweep();
        self.answers.usage()
    }

    /// How much late work goes on behind its page.
    pub fn late(&self) -> usize {
        MAX_LATE.saturating_sub(self.late.available_permits())
    }

    /// Forgets what every source said.
    pub fn forget_answers(&self) {
        self.answers.clear();
    }

    /// Forgets what sources said in a session that ended.
    pub fn forget_session(&self, session: SessionKey) {
        self.answers.forget_session(session);
    }
}

/// How long a page waits.
#[derive(Debug, Clone)]
pub struct Until {
    deadline: Instant,
    longest: Duration,
    tasks: Tasks,
    late: Arc<Semaphore>,
}

/// What came of work within the page's time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InTime<T> {
    Yes(T),
    /// It goes on; its answers are remembered for when the page asks again.
    Late,
    /// It panicked: asking again will not mend that.
    Failed,
}

impl Until {
    /// When the page answers.
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Waits for the work for as long as the page does. What is late goes on in a task of its own.
    pub async fn or_late<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> InTime<T> {
        let mut work = AssertUnwindSafe(work).catch_unwind().boxed();
        match tokio::time::timeout_at(self.deadline, &mut work).await {
            Ok(Ok(value)) => InTime::Yes(value),
            Ok(Err(_)) => InTime::Failed,
            Err(_) => {
                if let Ok(place) = Arc::clone(&self.late).try_acquire_owned() {
                    let longest = self.longest;
                    // A source that keeps dripping would keep the work alive long after its page.
                    self.tasks.spawn(async move {
                        drop(tokio::time::timeout(longest, work).await);
                        drop(place);
                    });
                }
                InTime::Late
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn until(budget: Duration) -> Until {
        Until {
            deadline: Instant::now() + budget,
            longest: Duration::from_secs(10),
            tasks: Tasks::new(),
            late: Arc::new(Semaphore::new(1)),
        }
    }

    fn work(done: &Arc<AtomicBool>, takes: Duration) -> impl Future<Output = u8> + Send + 'static {
        let done = Arc::clone(done);
        async move {
            tokio::time::sleep(takes).await;
            done.store(true, Ordering::SeqCst);
            7
        }
    }

    #[tokio::test(start_paused = true)]
    async fn late_work_goes_on_behind_the_page() {
        let done = Arc::default();
        let until = until(Duration::from_secs(2));
        let began = Instant::now();
        let answer = until.or_late(work(&done, Duration::from_secs(5))).await;
        assert_eq!(answer, InTime::Late);
        assert_eq!(began.elapsed(), Duration::from_secs(2));
        assert!(!done.load(Ordering::SeqCst));
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(done.load(Ordering::SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn late_work_is_bounded_in_time_and_number() {
        let until = until(Duration::from_secs(1));
        let (slow, second) = (Arc::default(), Arc::default());
        until.or_late(work(&slow, Duration::from_secs(60))).await;
        // The one place is taken: this ends with its page.
        until.or_late(work(&second, Duration::from_secs(3))).await;
        tokio::time::sleep(Duration::from_secs(70)).await;
        assert!(!slow.load(Ordering::SeqCst));
        assert!(!second.load(Ordering::SeqCst));
        // The place is free again.
        let third = Arc::default();
        until.or_late(work(&third, Duration::from_secs(3))).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert!(third.load(Ordering::SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_no_panic_of_the_page() {
        let until = until(Duration::from_secs(1));
        let answer: InTime<u8> = until.or_late(async { panic!("boom") }).await;
        assert_eq!(answer, InTime::Failed);
    }
}
