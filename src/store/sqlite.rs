//! The default backend: one SQLite file, with one writing connection and a few that read.

use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Row as _, SqlSafeStr as _};

use super::durable::{
    AuditRow, Durable, PolicyWrite, StoreError, StoreErrorKind, Stored, StoredAuditRow,
    StoredPolicy,
};
use crate::domain::{SiteId, Timestamp};

const BUSY: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

/// The migrations in order. One that was released is never changed, only followed by another.
const MIGRATIONS: &[(i64, &str, &str)] = &[(
    1,
    "policy and audit",
    include_str!("migrations/sqlite/0001_policy_and_audit.sql"),
)];

#[derive(Debug, Clone)]
pub struct Sqlite {
    write: SqlitePool,
    read: SqlitePool,
}

impl Sqlite {
    /// Opens the file, makes it where there is none, and brings it up to date. Only its owner can read it.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        only_for_owner(path).map_err(|error| StoreError {
            operation: "open",
            kind: StoreErrorKind::Unavailable,
            message: format!("{}: {error}", path.display()),
        })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut; there are few writes.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| failed("open", &error))?;
        migrate(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(|error| failed("open", &error))?;
        Ok(Self { write, read })
    }

    /// The number of the last migration that this file has had.
    pub async fn version(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations WHERE success")
            .fetch_one(&self.read)
            .await
            .map_err(|error| failed("version", &error))
    }

    /// A store that is gone with the process, for the demo and for tests.
    pub async fn in_memory() -> Result<Self, StoreError> {
        // A memory database lives as long as its one connection.
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(SqliteConnectOptions::new().in_memory(true))
            .await
            .map_err(|error| failed("open", &error))?;
        migrate(&write).await?;
        let read = write.clone();
        Ok(Self { write, read })
    }
}

/// SQLite gives its companion files (`-wal`, `-shm`) the permissions of the main one.
fn only_for_owner(path: &Path) -> std::io::Result<()> {
    let file = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

async fn migrate(pool: &SqlitePool) -> Result<(), StoreError> {
    let migrations = MIGRATIONS
        .iter()
        .map(|&(version, name, sql)| {
            Migration::new(
                version,
                name.into(),
                MigrationType::Simple,
                sql.into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
        .run(pool)
        .await
        .map_err(|error| StoreError {
            operation: "migrate",
            kind: StoreErrorKind::Unreadable,
            message: error.to_string(),
        })
}

fn failed(operation: &'static str, error: &sqlx::Error) -> StoreError {
    let kind = match error {
        sqlx::Error::Database(database) => match database.code().as_deref() {
            // SQLITE_BUSY and SQLITE_LOCKED, with their extended codes.
            Some("5" | "6" | "261" | "262" | "517" | "518") => StoreErrorKind::Busy,
            _ => StoreErrorKind::Unavailable,
        },
        sqlx::Error::PoolTimedOut => StoreErrorKind::Busy,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreErrorKind::Unreadable,
        _ => StoreErrorKind::Unavailable,
    };
    StoreError {
        operation,
        kind,
        message: error.to_string(),
    }
}

fn unreadable(operation: &'static str, message: &str) -> StoreError {
    StoreError {
        operation,
        kind: StoreErrorKind::Unreadable,
        message: message.to_owned(),
    }
}

fn version(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| unreadable("policy.read", "a negative version"))
}

fn audit_row(row: &SqliteRow) -> Result<StoredAuditRow, StoreError> {
    let site: Option<String> = row.try_get("site").map_err(|e| failed("audit.read", &e))?;
    let site = site
        .map(|site| SiteId::parse(&site))
        .transpose()
        .map_err(|_| unreadable("audit.read", "a site id that is none"))?;
    let parts = || -> Result<StoredAuditRow, sqlx::Error> {
        Ok(StoredAuditRow {
            id: row.try_get("id")?,
            row: AuditRow {
                at: Timestamp::from_millis(row.try_get("at")?),
                site,
                event: row.try_get("event")?,
                actor: row.try_get("actor")?,
                detail: row.try_get("detail")?,
                forget_at: Timestamp::from_millis(row.try_get("forget_at")?),
            },
        })
    };
    parts().map_err(|error| failed("audit.read", &error))
}

impl Durable for Sqlite {
    fn policy<'a>(&'a self, site: &'a SiteId) -> Stored<'a, Option<StoredPolicy>> {
        async move {
            const OPERATION: &str = "policy.read";
            let row =
                sqlx::query("SELECT version, document, changed_at FROM policy WHERE site = ?1")
                    .bind(site.as_str())
                    .fetch_optional(&self.read)
                    .await
                    .map_err(|error| failed(OPERATION, &error))?;
            let Some(row) = row else { return Ok(None) };
            let read = || -> Result<(i64, String, i64), sqlx::Error> {
                Ok((
                    row.try_get("version")?,
                    row.try_get("document")?,
                    row.try_get("changed_at")?,
                ))
            };
            let (stored, document, changed_at) =
                read().map_err(|error| failed(OPERATION, &error))?;
            Ok(Some(StoredPolicy {
                version: version(stored)?,
                document,
                changed_at: Timestamp::from_millis(changed_at),
            }))
        }
        .boxed()
    }

    fn put_policy<'a>(
        &'a self,
        site: &'a SiteId,
        expected: u64,
        document: &'a str,
        at: Timestamp,
    ) -> Stored<'a, PolicyWrite> {
        async move {
            const OPERATION: &str = "policy.write";
            let Some(next) = i64::try_from(expected).ok().and_then(|v| v.checked_add(1)) else {
                return Err(unreadable(OPERATION, "a version beyond all versions"));
            };
            // One statement, so that of two writers who saw the same version one finds it gone.
            let sql = if expected == 0 {
                "INSERT INTO policy (site, version, document, changed_at) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (site) DO NOTHING"
            } else {
                "UPDATE policy SET version = ?2, document = ?3, changed_at = ?4 \
                 WHERE site = ?1 AND version = ?2 - 1"
            };
            let done = sqlx::query(sql)
                .bind(site.as_str())
                .bind(next)
                .bind(document)
                .bind(at.as_millis())
                .execute(&self.write)
                .await
                .map_err(|error| failed(OPERATION, &error))?;
            if done.rows_affected() == 1 {
                return Ok(PolicyWrite::Written {
                    version: version(next)?,
                });
            }
            let current = self.policy(site).await?.map_or(0, |stored| stored.version);
            Ok(PolicyWrite::Conflict { current })
        }
        .boxed()
    }

    fn append_audit<'a>(&'a self, row: &'a AuditRow) -> Stored<'a, ()> {
        async move {
            sqlx::query(
                "INSERT INTO audit (at, site, event, actor, detail, forget_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )
            .bind(row.at.as_millis())
            .bind(row.site.as_ref().map(SiteId::as_str))
            .bind(row.event.as_str())
            .bind(row.actor.as_str())
            .bind(row.detail.as_str())
            .bind(row.forget_at.as_millis())
            .execute(&self.write)
            .await
            .map_err(|error| failed("audit.append", &error))?;
            Ok(())
        }
        .boxed()
    }

    fn audit<'a>(
        &'a self,
        site: Option<&'a SiteId>,
        before: Option<i64>,
        limit: u32,
    ) -> Stored<'a, Vec<StoredAuditRow>> {
        async move {
            let rows = sqlx::query(
                "SELECT id, at, site, event, actor, detail, forget_at FROM audit \
                 WHERE (?1 IS NULL OR site = ?1) AND (?2 IS NULL OR id < ?2) \
                 ORDER BY id DESC LIMIT ?3",
            )
            .bind(site.map(SiteId::as_str))
            .bind(before)
            .bind(limit)
            .fetch_all(&self.read)
            .await
            .map_err(|error| failed("audit.read", &error))?;
            rows.iter().map(audit_row).collect()
        }
        .boxed()
    }

    fn forget_audit(&self, now: Timestamp) -> Stored<'_, u64> {
        async move {
            sqlx::query("DELETE FROM audit WHERE forget_at <= ?1")
                .bind(now.as_millis())
                .execute(&self.write)
                .await
                .map(|done| done.rows_affected())
                .map_err(|error| failed("audit.forget", &error))
        }
        .boxed()
    }

    fn check(&self) -> Stored<'_, ()> {
        async move {
            // Changes nothing, but fails like any write when the file or disk cannot be written to.
            sqlx::query("UPDATE policy SET version = version WHERE site = ''")
                .execute(&self.write)
                .await
                .map_err(|error| failed("check", &error))?;
            Ok(())
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            self.read.close().await;
            self.write.close().await;
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance;

    #[tokio::test]
    async fn a_memory_store_conforms() {
        conformance::durable(&Sqlite::in_memory().await.unwrap()).await;
    }

    #[tokio::test]
    async fn a_file_conforms_and_only_its_owner_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zijspan.sqlite");
        let store = Sqlite::open(&path).await.unwrap();
        conformance::durable(&store).await;
        let mut files = 0;
        for file in std::fs::read_dir(dir.path()).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            files += 1;
        }
        assert!(files >= 2, "the file and its write-ahead log");
        store.close().await;
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zijspan.sqlite");
        let site = SiteId::parse("demo").unwrap();
        let store = Sqlite::open(&path).await.unwrap();
        let at = Timestamp::from_secs(1);
        store.put_policy(&site, 0, "{}", at).await.unwrap();
        store.close().await;
        let store = Sqlite::open(&path).await.unwrap();
        let stored = store.policy(&site).await.unwrap().unwrap();
        assert_eq!((stored.version, stored.document.as_str()), (1, "{}"));
    }

    #[tokio::test]
    async fn a_file_that_others_could_read_is_closed_to_them() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zijspan.sqlite");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        Sqlite::open(&path).await.unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_an_error_not_a_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zijspan.sqlite");
        std::fs::write(
            &path,
            "this is not a database, and it is long enough to see that",
        )
        .unwrap();
        assert!(Sqlite::open(&path).await.is_err());
        let missing = dir.path().join("nowhere").join("zijspan.sqlite");
        let error = Sqlite::open(&missing).await.unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn of_two_writers_at_once_one_wins() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zijspan.sqlite");
        let (one, two) = (
            Sqlite::open(&path).await.unwrap(),
            Sqlite::open(&path).await.unwrap(),
        );
        let site = SiteId::parse("demo").unwrap();
        let at = Timestamp::from_secs(1);
        for expected in 0..20 {
            let (a, b) = tokio::join!(
                one.put_policy(&site, expected, "a", at),
                two.put_policy(&site, expected, "b", at)
            );
            let written = [a.unwrap(), b.unwrap()]
                .into_iter()
                .filter(|write| matches!(write, PolicyWrite::Written { .. }))
                .count();
            assert_eq!(written, 1);
        }
    }
}
