//! Lists: with an envelope (`count`, `next`, `results`) or bare, read to their end or to a bound that is
//! reported.

use std::sync::Arc;

use futures_util::future::try_join_all;
use serde_json::Value;

use crate::upstream::http::{ErrorKind, UpstreamError};

/// One page as the source sent it.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub items: Vec<T>,
    pub count: Option<u64>,
    /// Of `next` only the page number is used: its address is the source's to write, not ours to call.
    pub next: Option<u32>,
}

impl<T> Page<T> {
    /// The same page with each item read.
    pub(super) fn map<U>(self, read: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(read).collect(),
            count: self.count,
            next: self.next,
        }
    }
}

impl Page<Value> {
    /// `None` when the JSON is neither a list nor an envelope around one.
    pub(super) fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Array(items) => Some(Self {
                items,
                count: None,
                next: None,
            }),
            Value::Object(mut envelope) => {
                let Some(Value::Array(items)) = envelope.remove("results") else {
                    return None;
                };
                let next = envelope.get("next").and_then(Value::as_str).map(next_page);
                Some(Self {
                    items,
                    count: envelope.get("count").and_then(Value::as_u64),
                    next: next.flatten(),
                })
            }
            _ => None,
        }
    }
}

fn next_page(next: &str) -> Option<u32> {
    // The address may be relative; only its query matters.
    let query = next.split_once('?')?.1;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "page")
        .and_then(|(_, page)| page.parse().ok())
}

/// A list read to its end, or to the bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    pub items: Vec<T>,
    /// The bound was hit: there is more at the source.
    pub truncated: bool,
    /// How many the source says that there are.
    pub count: Option<u64>,
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            truncated: false,
            count: None,
        }
    }
}

/// How far a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Most pages.
    pub pages: u32,
    /// This many items are enough. Sources differ in how many they send in a page, so that a number of
    /// pages alone would say nothing about how much of a list is seen.
    pub enough: Option<usize>,
}

impl Reach {
    pub const fn pages(pages: u32) -> Self {
        Self {
            pages,
            enough: None,
        }
    }

    const fn is_met(self, items: usize) -> bool {
        match self.enough {
            Some(enough) => items >= enough,
            None => false,
        }
    }

    /// The last page to read of a list with this many items in a page.
    fn last_page(self, per_page: usize) -> u32 {
        let wanted = self.enough.map_or(u32::MAX, |enough| {
            u32::try_from(enough.div_ceil(per_page)).unwrap_or(u32::MAX)
        });
        wanted.min(self.pages)
    }
}

/// Reads page 1, then the rest at once. A page that fails, one that shows an ignored filter included, stops
/// the paging.
pub(super) async fn read_all<T, F, Fut>(reach: Reach, fetch: F) -> Result<Listing<T>, UpstreamError>
where
    T: Clone,
    F: Fn(u32) -> Fut,
    Fut: Future<Output = Result<Arc<Page<T>>, UpstreamError>>,
{
    let first = fetch(1).await?;
    let per_page = first.items.len();
    let mut out = Listing {
        items: first.items.clone(),
        truncated: false,
        count: first.count,
    };
    let Some(mut next) = first.next.filter(|next| *next == 2) else {
        out.truncated = first.next.is_some();
        return Ok(out);
    };
    if let (Some(count), true) = (first.count, per_page > 0) {
        let pages = count.div_ceil(u64::try_from(per_page).unwrap_or(u64::MAX));
        let last = u32::try_from(pages)
            .unwrap_or(u32::MAX)
            .min(reach.last_page(per_page));
        out.truncated = pages > u64::from(last);
        let rest = try_join_all((2..=last).map(|page| {
            let answer = fetch(page);
            async move {
                match answer.await {
                    // The list became shorter while we read it, or the source promised a page that it
                    // does not have: what is there is shown, and said not to be all.
                    Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                    other => other.map(Some),
                }
            }
        }))
        .await?;
        for page in rest {
            match page {
                Some(page) => out.items.extend(page.items.iter().cloned()),
                None => out.truncated = true,
            }
        }
        return Ok(out);
    }
    // No count: one page after another.
    loop {
        if next > reach.pages || reach.is_met(out.items.len()) {
            out.truncated = true;
            return Ok(out);
        }
        let page = fetch(next).await?;
        out.items.extend(page.items.iter().cloned());
        match page.next {
            Some(following) if following == next + 1 && !page.items.is_empty() => next = following,
            Some(_) => {
                out.truncated = true;
                return Ok(out);
            }
            None => return Ok(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(count: Option<u64>, next: Option<&str>, n: usize) -> Arc<Page<Value>> {
        let mut body = json!({"results": vec![json!({}); n], "next": next});
        if let Some(count) = count {
            body["count"] = json!(count);
        }
        Arc::new(Page::from_json(body).unwrap())
    }

    #[tokio::test]
    async fn pages_are_read_to_the_end() {
        let all = read_all(Reach::pages(20), |n| async move {
            Ok(page(
                Some(250),
                (n < 3)
                    .then(|| format!("http://x/?page={}", n + 1))
                    .as_deref(),
                if n < 3 { 100 } else { 50 },
            ))
        })
        .await
        .unwrap();
        assert_eq!(all.items.len(), 250);
        assert!(!all.truncated);
    }

    #[tokio::test]
    async fn attack_35_an_endless_list_stops_at_the_bound_and_says_so() {
        for count in [Some(1_000_000), None] {
            let all = read_all(Reach::pages(5), |n| async move {
                Ok(page(count, Some(&format!("?page={}", n + 1)), 10))
            })
            .await
            .unwrap();
            assert_eq!(all.items.len(), 50, "{count:?}");
            assert!(all.truncated, "{count:?}");
        }
    }

    #[tokio::test]
    async fn enough_items_are_enough_whatever_the_page_size() {
        let reach = Reach {
            pages: 20,
            enough: Some(40),
        };
        for count in [Some(872), None] {
            let all = read_all(reach, |n| async move {
                Ok(page(count, Some(&format!("?page={}", n + 1)), 20))
            })
            .await
            .unwrap();
            assert_eq!(all.items.len(), 40, "{count:?}");
            assert!(all.truncated, "{count:?}");
        }
    }

    #[tokio::test]
    async fn attack_35_a_next_that_points_back_is_not_followed() {
        let all = read_all(Reach::pages(5), |_| async {
            Ok(page(None, Some("?page=1"), 10))
        })
        .await
        .unwrap();
        assert_eq!(all.items.len(), 10);
        assert!(all.truncated);
    }
}
