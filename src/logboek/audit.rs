//! Appends events to the durable store and reads them back.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{AuditActor, AuditEvent};
use crate::domain::{Clock, SiteId};
use crate::store::durable::{AuditRow, Durable, StoreError, StoredAuditRow};

const MAX_PAGE: u32 = 200;

#[derive(Debug, Clone)]
pub struct Audit {
    durable: Arc<dyn Durable>,
    clock: Clock,
}

/// One line as an administrator reads it.
#[derive(Debug, Serialize)]
pub struct Line {
    pub id: i64,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub at_ms: i64,
    pub event: String,
    pub actor: String,
    pub detail: Option<Box<RawValue>>,
}

impl Audit {
    pub fn new(durable: Arc<dyn Durable>, clock: Clock) -> Self {
        Self { durable, clock }
    }

    /// Appends one event. `site` is `None` for what concerns the whole process.
    pub async fn append(
        &self,
        site: Option<&SiteId>,
        actor: &AuditActor,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let at = self.clock.now();
        let row = AuditRow {
            at,
            site: site.cloned(),
            event: event.name().to_owned(),
            actor: actor.to_string(),
            detail: event.detail().to_string(),
            forget_at: at.plus_secs(event.keep_secs()),
        };
        self.durable.append_audit(&row).await
    }

    /// As [`Audit::append`], for what must not fail because the log does: the event is then said in the
    /// process's own log.
    pub async fn note(&self, site: Option<&SiteId>, actor: &AuditActor, event: &AuditEvent) {
        if let Err(error) = self.append(site, actor, event).await {
            tracing::error!(event = event.name(), %error, "audit event not written");
        }
    }

    /// The newest lines of a site, or those before line `before`.
    pub async fn lines(
        &self,
        site: &SiteId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Line>, StoreError> {
        let rows = self
            .durable
            .audit(Some(site), before, limit.min(MAX_PAGE))
            .await?;
        Ok(rows.into_iter().map(line).collect())
    }

    /// Erases what was kept long enough. How many lines there were.
    pub async fn forget(&self) -> Result<u64, StoreError> {
        self.durable.forget_audit(self.clock.now()).await
    }
}

fn line(stored: StoredAuditRow) -> Line {
    Line {
        id: stored.id,
        at_ms: stored.row.at.as_millis(),
        event: stored.row.event,
        actor: stored.row.actor,
        detail: RawValue::from_string(stored.row.detail).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Bsn, KeyId, LevelOfAssurance, SourceName, Subject, Timestamp};
    use crate::logboek::{LoginMode, Party, Pseudonym, SessionEnd};
    use crate::store::sqlite::Sqlite;

    const START: Timestamp = Timestamp::from_secs(1_000_000);

    async fn audit(clock: &Clock) -> Audit {
        let durable = Arc::new(Sqlite::in_memory().await.unwrap());
        Audit::new(durable, clock.clone())
    }

    fn site() -> SiteId {
        SiteId::parse("demo").unwrap()
    }

    fn all_events() -> Vec<AuditEvent> {
        let source = || SourceName::parse("zgw").unwrap();
        vec![
            AuditEvent::Started { version: "0.1.0" },
            AuditEvent::PolicyChanged {
                version: 2,
                changes: 3,
            },
            AuditEvent::ConfigurationApplied {
                modules: vec!["zaken".to_owned()],
                sources_off: vec![source()],
                needs_restart: 1,
            },
            AuditEvent::ConfigurationRefused { problems: 2 },
            AuditEvent::PolicyHeldBack {
                version: 2,
                fields: 1,
            },
            AuditEvent::LoggedIn {
                mode: LoginMode::Rp,
                party: Party::from(&Subject::Burger(Bsn::parse("999990019").unwrap())),
                loa: LevelOfAssurance::SUBSTANTIAL,
                for_another: false,
            },
            AuditEvent::LoginRefused {
                mode: LoginMode::Exchange,
                reason: "expired",
            },
            AuditEvent::SessionEnded {
                by: SessionEnd::Logout,
            },
            AuditEvent::FilterIgnored {
                source: source(),
                operation: "zaken.list",
            },
            AuditEvent::RoleUnprovable { source: source() },
            AuditEvent::DocumentDelivered { source: source() },
            AuditEvent::Diagnosed { source: source() },
            AuditEvent::EveryoneOut,
            AuditEvent::UserdataGiven {
                party: Party::from(&Subject::Burger(Bsn::parse("999990019").unwrap())),
            },
        ]
    }

    #[tokio::test]
    async fn every_event_is_read_back_newest_first_and_names_nobody() {
        let clock = Clock::manual(START);
        let audit = audit(&clock).await;
        let person = AuditActor::Session(Pseudonym::from_mac(&[7; 32]));
        for event in all_events() {
            audit.append(Some(&site()), &person, &event).await.unwrap();
        }
        let lines = audit.lines(&site(), None, 100).await.unwrap();
        let names: Vec<_> = lines.iter().rev().map(|line| line.event.clone()).collect();
        let expected: Vec<_> = all_events().iter().map(AuditEvent::name).collect();
        assert_eq!(names, expected);
        let json = serde_json::to_string(&lines).unwrap();
        assert!(!json.contains("999990019"), "{json}");
        assert!(
            json.contains(r#""detail":{"changes":3,"version":2}"#),
            "{json}"
        );
    }

    #[tokio::test]
    async fn a_site_reads_its_own_lines_only() {
        let audit = audit(&Clock::manual(START)).await;
        let event = AuditEvent::Started { version: "0.1.0" };
        let other = SiteId::parse("ander").unwrap();
        let key = AuditActor::Key(KeyId::parse("demo-admin").unwrap());
        audit.append(Some(&other), &key, &event).await.unwrap();
        audit
            .append(None, &AuditActor::System, &event)
            .await
            .unwrap();
        assert!(audit.lines(&site(), None, 100).await.unwrap().is_empty());
        assert_eq!(audit.lines(&other, None, 100).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn each_event_is_erased_when_its_own_time_has_come() {
        let clock = Clock::manual(START);
        let audit = audit(&clock).await;
        for event in all_events() {
            audit
                .append(Some(&site()), &AuditActor::System, &event)
                .await
                .unwrap();
        }
        for (days, left) in [(179, 14), (2, 9), (183, 9), (2, 5), (366, 0)] {
            clock.advance_secs(days * 24 * 60 * 60);
            audit.forget().await.unwrap();
            let lines = audit.lines(&site(), None, 100).await.unwrap();
            assert_eq!(lines.len(), left, "after {days} more days");
        }
    }

    #[test]
    fn a_pseudonym_prints_half_of_its_mac() {
        let mac = std::array::from_fn(|at| u8::try_from(at).unwrap_or_default());
        let printed = AuditActor::Session(Pseudonym::from_mac(&mac)).to_string();
        assert_eq!(printed, "persoon:000102030405060708090a0b0c0d0e0f");
    }
}
