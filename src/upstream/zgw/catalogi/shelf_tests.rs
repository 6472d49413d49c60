use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use super::*;

const HOUR: i64 = 3600;

impl Weigh for usize {
    fn bytes(&self) -> usize {
        1000
    }
}

/// How the source answers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Gives,
    /// With a tag, and 304 when it is asked with that tag.
    Tags,
    Fails,
    Hangs,
}

/// A source that gives the how manieth answer this is, after a second.
struct Source {
    clock: Clock,
    tasks: Tasks,
    common: Arc<Common>,
    shelf: Shelf<u8, usize>,
    asked: Arc<AtomicUsize>,
    way: Arc<Mutex<Way>>,
}

impl Source {
    fn new() -> Self {
        Self::holding(100_000)
    }

    fn holding(max_bytes: usize) -> Self {
        let clock = Clock::manual(Timestamp::from_secs(1_795_510_800));
        let tasks = Tasks::new();
        let name = SourceName::parse("zgw").unwrap();
        let counted = Counted::new(None, &name);
        let common = Common::new(name, clock.clone(), tasks.clone(), HOUR, counted);
        let common = Arc::new(common);
        Self {
            clock,
            tasks,
            shelf: Shelf::new(&common, max_bytes),
            common,
            asked: Arc::default(),
            way: Arc::new(Mutex::new(Way::Gives)),
        }
    }

    fn is(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn ask(
        &self,
    ) -> impl FnOnce(u8, Known<usize>) -> BoxFuture<'static, Result<Fetched<usize>, UpstreamError>>
    + Send
    + 'static {
        let (asked, way) = (Arc::clone(&self.asked), Arc::clone(&self.way));
        let source = self.common.source.clone();
        move |_, known| {
            let asked = asked.fetch_add(1, Ordering::SeqCst) + 1;
            let way = *way.lock().unwrap();
            let work = async move {
                if way == Way::Hangs {
                    tokio::time::sleep(Duration::from_secs(1_000_000)).await;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
                let tag = HeaderValue::from_static("\"one\"");
                match way {
                    Way::Fails | Way::Hangs => {
                        Err(UpstreamError::new(&source, "test", ErrorKind::Server))
                    }
                    Way::Tags if known.tag.as_ref() == Some(&tag) => Ok(Fetched::Same),
                    Way::Tags => Ok(Fetched::New {
                        value: asked,
                        tag: Some(tag),
                    }),
                    Way::Gives => Ok(Fetched::untagged(asked)),
                }
            };
            work.boxed()
        }
    }

    async fn get(&self, key: u8) -> Result<usize, ErrorKind> {
        let answer = self.shelf.get(&key, self.ask()).await;
        answer.map(|value| *value).map_err(|error| error.kind)
    }

    /// The answer, which must not take time.
    async fn at_once(&self, key: u8) -> Result<usize, ErrorKind> {
        tokio::time::timeout(Duration::from_millis(1), self.get(key))
            .await
            .expect("it waited for the source")
    }

    /// What runs behind comes to its end.
    async fn settled(&self) {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    fn usage(&self) -> crate::upstream::zgw::catalogi::usage::CatalogusUse {
        self.common.counted.usage(&[self.shelf.shelved()])
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_are_one_call() {
    let source = Source::new();
    let answers = join_all((0..1000).map(|_| source.get(1))).await;
    assert!(answers.iter().all(|answer| *answer == Ok(1)));
    assert_eq!(source.asked(), 1);
    assert_eq!(source.at_once(1).await, Ok(1));
    assert_eq!((source.usage().misses, source.usage().hits), (1000, 1));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_neither_stops_nor_restarts_the_read() {
    let source = Source::new();
    let left = tokio::time::timeout(Duration::from_millis(100), source.get(1)).await;
    assert!(left.is_err());
    source.settled().await;
    assert_eq!(source.at_once(1).await, Ok(1));
    assert_eq!(source.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_an_hour_the_old_is_given_at_once_and_read_again_behind_it() {
    let source = Source::new();
    assert_eq!(source.get(1).await, Ok(1));
    source.clock.advance_secs(HOUR - HOUR / 10 - 1);
    source.at_once(1).await.unwrap();
    source.settled().await;
    assert_eq!(source.asked(), 1, "it is fresh");
    source.clock.advance_secs(HOUR / 10 + 1);
    for _ in 0..100 {
        assert_eq!(source.at_once(1).await, Ok(1));
    }
    source.settled().await;
    assert_eq!(source.at_once(1).await, Ok(2));
    assert_eq!(source.asked(), 2);
    assert_eq!(source.usage().refreshes, 1);
}

#[tokio::test(start_paused = true)]
async fn not_everything_is_read_again_at_the_same_moment() {
    let source = Source::new();
    for key in 0..40 {
        source.get(key).await.unwrap();
    }
    let mut asked = vec![source.asked()];
    source.clock.advance_secs(HOUR - HOUR / 10 - 1);
    for _ in 0..12 {
        source.clock.advance_secs(HOUR / 100);
        for key in 0..40 {
            source.at_once(key).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(100)).await;
        asked.push(source.asked());
    }
    assert_eq!(asked.last(), Some(&80));
    let most = asked.windows(2).map(|two| two[1] - two[0]).max().unwrap();
    assert!(most <= 20, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_refreshed_stays_and_is_asked_for_once_a_minute() {
    let source = Source::new();
    assert_eq!(source.get(1).await, Ok(1));
    source.is(Way::Fails);
    source.clock.advance_secs(HOUR);
    for minute in 0..3 {
        for _ in 0..10 {
            assert_eq!(source.at_once(1).await, Ok(1));
            source.settled().await;
        }
        assert_eq!(source.asked(), 2 + minute);
        source.clock.advance_secs(RETRY_SECS);
    }
    source.is(Way::Gives);
    source.at_once(1).await.unwrap();
    source.settled().await;
    assert_eq!(source.at_once(1).await, Ok(5));
    assert_eq!(source.usage().failures, 3);
}

#[tokio::test(start_paused = true)]
async fn no_page_waits_for_a_refresh_that_hangs() {
    let source = Source::new();
    assert_eq!(source.get(1).await, Ok(1));
    source.is(Way::Hangs);
    source.clock.advance_secs(HOUR);
    for _ in 0..100 {
        assert_eq!(source.at_once(1).await, Ok(1));
        source.clock.advance_secs(RETRY_SECS);
        source.settled().await;
    }
    assert_eq!(source.asked(), 2, "one refresh at a time");
}

#[tokio::test(start_paused = true)]
async fn what_is_a_day_old_is_asked_and_waited_for() {
    let source = Source::new();
    assert_eq!(source.get(1).await, Ok(1));
    source.is(Way::Fails);
    source.clock.advance_secs(LONGEST_SECS - 1);
    assert_eq!(source.at_once(1).await, Ok(1));
    source.settled().await;
    source.clock.advance_secs(1);
    assert_eq!(source.get(1).await, Err(ErrorKind::Server));
    source.is(Way::Gives);
    assert_eq!(source.get(1).await, Ok(4));
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_not_kept_and_simultaneous_ones_are_one() {
    let source = Source::new();
    source.is(Way::Fails);
    let answers = join_all((0..1000).map(|_| source.get(1))).await;
    assert!(
        answers
            .iter()
            .all(|answer| *answer == Err(ErrorKind::Server))
    );
    assert_eq!(source.asked(), 1);
    source.is(Way::Gives);
    assert_eq!(source.get(1).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn what_still_holds_by_its_tag_is_fresh_again() {
    let source = Source::new();
    source.is(Way::Tags);
    assert_eq!(source.get(1).await, Ok(1));
    for refresh in 0..3 {
        source.clock.advance_secs(HOUR);
        assert_eq!(source.at_once(1).await, Ok(1));
        source.settled().await;
        assert_eq!(source.asked(), 2 + refresh);
        source.at_once(1).await.unwrap();
        source.settled().await;
        assert_eq!(source.asked(), 2 + refresh, "it is fresh");
    }
    // Also when it is too old to be given without asking.
    source.clock.advance_secs(LONGEST_SECS);
    assert_eq!(source.get(1).await, Ok(1));
    assert_eq!(source.asked(), 5);
    assert_eq!(source.usage().not_modified, 4);
}

#[tokio::test(start_paused = true)]
async fn refreshes_are_few_at_a_time_and_first_reads_do_not_wait_for_them() {
    let source = Source::new();
    for key in 0..20 {
        source.get(key).await.unwrap();
    }
    source.is(Way::Hangs);
    source.clock.advance_secs(HOUR);
    for key in 0..20 {
        source.at_once(key).await.unwrap();
    }
    source.settled().await;
    assert_eq!(source.asked(), 20 + REFRESHES);
    source.is(Way::Gives);
    let first = tokio::time::timeout(Duration::from_secs(2), source.get(99)).await;
    assert_eq!(first.unwrap(), Ok(20 + REFRESHES + 1));
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_refresh() {
    let source = Source::new();
    source.get(1).await.unwrap();
    source.is(Way::Hangs);
    source.clock.advance_secs(HOUR);
    source.at_once(1).await.unwrap();
    tokio::time::sleep(Duration::from_millis(10)).await;
    source.tasks.stop();
    assert!(source.tasks.wait(Duration::from_secs(1)).await);
}

#[tokio::test(start_paused = true)]
async fn what_was_used_longest_ago_makes_room() {
    let source = Source::holding(3 * (1000 + OVERHEAD));
    for key in 1..=3 {
        source.get(key).await.unwrap();
    }
    source.at_once(1).await.unwrap();
    source.get(4).await.unwrap();
    let usage = source.usage();
    assert_eq!((usage.entries, usage.evictions), (3, 1));
    assert_eq!(usage.bytes, usage.max_bytes);
    source.at_once(1).await.unwrap();
    source.get(2).await.unwrap();
    assert_eq!(source.asked(), 5, "the second was gone");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_at_all_is_given_and_not_held() {
    let source = Source::holding(1000);
    assert_eq!(source.get(1).await, Ok(1));
    assert_eq!(source.get(1).await, Ok(2));
    assert_eq!(source.usage().entries, 0);
    assert_eq!(source.usage().bytes, 0);
}

#[tokio::test(start_paused = true)]
async fn a_first_read_that_failed_is_not_begun_again_at_every_page() {
    let source = Source::new();
    source.is(Way::Fails);
    for _ in 0..10 {
        source.shelf.begin(&1, source.ask());
        source.settled().await;
    }
    assert_eq!(source.asked(), 1);
    // Who needs it does ask.
    assert_eq!(source.get(1).await, Err(ErrorKind::Server));
    source.clock.advance_secs(RETRY_SECS);
    source.is(Way::Gives);
    source.shelf.begin(&1, source.ask());
    source.settled().await;
    assert_eq!(source.at_once(1).await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_does_not_keep_the_old_for_ever() {
    let source = Source::new();
    source.clock.advance_secs(365 * 24 * HOUR);
    assert_eq!(source.get(1).await, Ok(1));
    source.clock.advance_secs(-365 * 24 * HOUR);
    assert_eq!(source.at_once(1).await, Ok(1));
    source.settled().await;
    assert_eq!(source.at_once(1).await, Ok(2));
    source.settled().await;
    assert_eq!(source.asked(), 2);
}
