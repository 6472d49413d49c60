use std::sync::atomic::AtomicUsize;

use http::Method;

use super::*;
use crate::domain::{Doelbinding, SourceName, UserId};

const FRESH: Duration = Duration::from_secs(30);

struct Source {
    name: SourceName,
    asked: Arc<AtomicUsize>,
    answers: Answers,
}

impl Source {
    fn new(max_bytes: u64) -> Self {
        Self {
            name: SourceName::parse("zgw").unwrap(),
            asked: Arc::default(),
            answers: Answers::new(max_bytes, [3; 32], Tasks::new()),
        }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The how manieth answer this is, after a second.
    async fn ask(&self, asker: &Asker, path: &str, bytes: usize) -> Result<usize, ErrorKind> {
        let asked = Arc::clone(&self.asked);
        let work = async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(Sized {
                value: asked.fetch_add(1, Ordering::SeqCst) + 1,
                bytes,
            })
        };
        self.get(asker, path, work).await
    }

    async fn fail(&self, asker: &Asker, path: &str) -> Result<usize, ErrorKind> {
        let error = UpstreamError::new(&self.name, "test", ErrorKind::Server);
        self.get(asker, path, async move { Err(error) }).await
    }

    async fn get(
        &self,
        asker: &Asker,
        path: &str,
        work: impl Future<Output = Result<Sized<usize>, UpstreamError>> + Send + 'static,
    ) -> Result<usize, ErrorKind> {
        let question = Question {
            source: &self.name,
            base: "https://zgw.example",
            method: &Method::GET,
            path,
            query: &[],
            body: None,
        };
        let answer = self
            .answers
            .get(asker, question, FRESH, "test", || work)
            .await;
        answer.map(|value| *value).map_err(|error| error.kind)
    }
}

fn asker(session: u8) -> Asker {
    Asker::in_session(
        UserId::pseudonym("p".to_owned()),
        SessionKey::new([session; 32]),
        Doelbinding::zaken(),
    )
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_used_again_for_as_long_as_it_is_fresh() {
    let source = Source::new(10_000);
    let asker = asker(1);
    assert_eq!(source.ask(&asker, "/a", 10).await, Ok(1));
    tokio::time::advance(Duration::from_secs(29)).await;
    assert_eq!(source.ask(&asker, "/a", 10).await, Ok(1));
    assert!((29_000..30_000).contains(&asker.oldest_ms()));
    assert_eq!(asker.measured().oldest_ms(), 0);
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(source.ask(&asker, "/a", 10).await, Ok(2));
    let usage = source.answers.usage();
    assert_eq!((usage.hits, usage.joined, usage.misses), (1, 0, 2));
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_never_used_for_another_session_or_for_nobody() {
    let source = Source::new(10_000);
    assert_eq!(source.ask(&asker(1), "/a", 10).await, Ok(1));
    assert_eq!(source.ask(&asker(2), "/a", 10).await, Ok(2));
    assert_eq!(source.ask(&Asker::system(), "/a", 10).await, Ok(3));
    assert_eq!(source.ask(&asker(1).anew(), "/a", 10).await, Ok(4));
    assert_eq!(source.ask(&asker(1), "/a", 10).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn equal_questions_at_once_are_one_and_go_on_when_the_page_leaves() {
    let source = Source::new(10_000);
    let one = asker(1);
    let (first, second) = tokio::join!(source.ask(&one, "/a", 10), source.ask(&one, "/a", 10));
    assert_eq!((first, second), (Ok(1), Ok(1)));
    assert_eq!(source.answers.usage().joined, 1);
    let page = tokio::time::timeout(Duration::from_millis(100), source.ask(&one, "/b", 10));
    assert!(page.await.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(source.ask(&one, "/b", 10).await, Ok(2));
    assert_eq!(source.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_remembered() {
    let source = Source::new(10_000);
    assert_eq!(source.fail(&asker(1), "/a").await, Err(ErrorKind::Server));
    assert_eq!(source.ask(&asker(1), "/a", 10).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn what_belongs_to_a_session_ends_with_it_also_what_is_on_its_way() {
    let source = Source::new(10_000);
    let (gone, stays) = (asker(1), asker(2));
    for asker in [&gone, &stays] {
        source.ask(asker, "/a", 10).await.unwrap();
    }
    let late = tokio::time::timeout(Duration::from_millis(100), source.ask(&gone, "/b", 10));
    assert!(late.await.is_err());
    source.answers.forget_session(SessionKey::new([1; 32]));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(source.asked(), 3);
    assert_eq!(source.ask(&gone, "/a", 10).await, Ok(4));
    assert_eq!(source.ask(&gone, "/b", 10).await, Ok(5));
    assert_eq!(source.ask(&stays, "/a", 10).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn what_is_distrusted_is_dropped_also_when_it_arrives_later() {
    let source = Source::new(10_000);
    let asker = asker(1);
    source.ask(&asker, "/a", 10).await.unwrap();
    let late = tokio::time::timeout(Duration::from_millis(100), source.ask(&asker, "/b", 10));
    assert!(late.await.is_err());
    source.answers.distrust(&asker);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(source.ask(&asker, "/a", 10).await, Ok(3));
    assert_eq!(source.ask(&asker, "/b", 10).await, Ok(4));
    // What is asked from then on is remembered as ever.
    assert_eq!(source.ask(&asker, "/b", 10).await, Ok(4));
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_by_bytes_and_what_made_room_is_counted() {
    let source = Source::new(20_000);
    for n in 0..50 {
        let path = format!("/{n}");
        source.ask(&asker(1), &path, 1000).await.unwrap();
        source.answers.sweep();
    }
    let usage = source.answers.usage();
    assert!(usage.bytes <= 20_000, "{usage:?}");
    assert!(usage.entries >= 5, "{usage:?}");
    assert_eq!(usage.evictions + usage.entries, 50, "{usage:?}");
}
