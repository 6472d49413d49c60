-- Moments are milliseconds since 1970-01-01T00:00:00Z.

CREATE TABLE policy (
    site       TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL CHECK (version > 0),
    document   TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    site      TEXT,
    event     TEXT    NOT NULL,
    actor     TEXT    NOT NULL,
    detail    TEXT    NOT NULL,
    forget_at INTEGER NOT NULL
) STRICT;

CREATE INDEX audit_site ON audit (site, id);
CREATE INDEX audit_forget_at ON audit (forget_at);
