//! What every durable backend must do, written once.

use super::durable::{AuditRow, Durable, PolicyWrite, StoredPolicy};
use crate::domain::{SiteId, Timestamp};

/// Runs everything against an empty store.
pub async fn durable(store: &dyn Durable) {
    policies(store).await;
    audit(store).await;
    store.check().await.unwrap();
}

async fn policies(store: &dyn Durable) {
    let (site, other) = (
        SiteId::parse("demo").unwrap(),
        SiteId::parse("ander").unwrap(),
    );
    let at = Timestamp::from_secs(1_000);
    let later = Timestamp::from_secs(2_000);
    assert_eq!(store.policy(&site).await.unwrap(), None);

    let write = store.put_policy(&site, 3, "{}", at).await.unwrap();
    assert_eq!(write, PolicyWrite::Conflict { current: 0 });
    assert_eq!(store.policy(&site).await.unwrap(), None);

    let write = store.put_policy(&site, 0, "één", at).await.unwrap();
    assert_eq!(write, PolicyWrite::Written { version: 1 });
    let write = store.put_policy(&site, 0, "weg", later).await.unwrap();
    assert_eq!(write, PolicyWrite::Conflict { current: 1 });
    let write = store.put_policy(&site, 1, "twee", later).await.unwrap();
    assert_eq!(write, PolicyWrite::Written { version: 2 });
    let write = store.put_policy(&site, 1, "weg", later).await.unwrap();
    assert_eq!(write, PolicyWrite::Conflict { current: 2 });
    assert!(
        store
            .put_policy(&site, u64::MAX, "weg", later)
            .await
            .is_err()
    );

    let stored = StoredPolicy {
        version: 2,
        document: "twee".to_owned(),
        changed_at: later,
    };
    assert_eq!(store.policy(&site).await.unwrap(), Some(stored));
    assert_eq!(store.policy(&other).await.unwrap(), None);
}

async fn audit(store: &dyn Durable) {
    let site = SiteId::parse("demo").unwrap();
    let row = |n: i64, site: Option<&SiteId>| AuditRow {
        at: Timestamp::from_secs(n),
        site: site.cloned(),
        event: format!("event_{n}"),
        actor: "systeem".to_owned(),
        detail: "{}".to_owned(),
        forget_at: Timestamp::from_secs(100 + n),
    };
    let rows = [row(1, Some(&site)), row(2, None), row(3, Some(&site))];
    for row in &rows {
        store.append_audit(row).await.unwrap();
    }
    let all = store.audit(None, None, 10).await.unwrap();
    let newest_first: Vec<_> = all.iter().map(|stored| stored.row.clone()).collect();
    let expected: Vec<_> = rows.iter().rev().cloned().collect();
    assert_eq!(newest_first, expected);

    let of_site = store.audit(Some(&site), None, 10).await.unwrap();
    assert_eq!(of_site.len(), 2);
    let first = store.audit(Some(&site), None, 1).await.unwrap();
    let next = store
        .audit(Some(&site), Some(first[0].id), 1)
        .await
        .unwrap();
    assert_eq!(next[0].row, rows[0]);

    let forgotten = store.forget_audit(Timestamp::from_secs(102)).await.unwrap();
    assert_eq!(forgotten, 2);
    let left = store.audit(None, None, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].row, rows[2]);
    // A number is not used again, so that pages never repeat.
    store.append_audit(&rows[0]).await.unwrap();
    assert!(store.audit(None, None, 1).await.unwrap()[0].id > left[0].id);
}
