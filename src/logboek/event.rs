//! What can be written in the audit log. There is no field for free text: what is written is one of a
//! closed list of events, with names from the configuration, counts, and words of the code itself.

use std::fmt;

use serde_json::{Value, json};

use crate::domain::{KeyId, LevelOfAssurance, SourceName, Subject};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditActor {
    /// The sidecar itself.
    System,
    /// A site, known by the key that it signed with.
    Key(KeyId),
    /// Somebody who logged in, known only to those who hold the purpose key.
    Session(Pseudonym),
}

impl fmt::Display for AuditActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("systeem"),
            Self::Key(key) => write!(f, "sleutel:{key}"),
            Self::Session(pseudonym) => write!(f, "persoon:{pseudonym}"),
        }
    }
}

/// A keyed hash of an identifier. It can only be made of a MAC's output, so no identifier fits in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// The first half of an HMAC-SHA256 over [`Subject::binding`].
    pub fn from_mac(mac: &[u8; 32]) -> Self {
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(mac) {
            *to = *from;
        }
        Self(half)
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// How a login was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginMode {
    Rp,
    Exchange,
    Asserted,
}

impl LoginMode {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rp => "rp",
            Self::Exchange => "exchange",
            Self::Asserted => "asserted",
        }
    }
}

/// What kind of party it was about, never which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    Burger,
    Onderneming,
    Pseudoniem,
}

impl From<&Subject> for Party {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::Burger(_) => Self::Burger,
            Subject::Onderneming(_) => Self::Onderneming,
            Subject::Pseudoniem(_) => Self::Pseudoniem,
        }
    }
}

impl Party {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Burger => "burger",
            Self::Onderneming => "onderneming",
            Self::Pseudoniem => "pseudoniem",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    Logout,
    BackChannel,
    Replaced,
}

impl SessionEnd {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "uitgelogd",
            Self::BackChannel => "backchannel",
            Self::Replaced => "vervangen",
        }
    }
}

/// One thing worth remembering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditEvent {
    Started {
        version: &'static str,
    },
    PolicyChanged {
        version: u64,
        changes: usize,
    },
    /// The configuration was read again while the sidecar ran, and this is what holds for a site now.
    ConfigurationApplied {
        modules: Vec<String>,
        sources_off: Vec<SourceName>,
        needs_restart: usize,
    },
    /// The configuration was read again, does not hold, and changed nothing.
    ConfigurationRefused {
        problems: usize,
    },
    /// The stored policy is wider than the configuration allows and was held back.
    PolicyHeldBack {
        version: u64,
        fields: usize,
    },
    LoggedIn {
        mode: LoginMode,
        party: Party,
        loa: LevelOfAssurance,
        for_another: bool,
    },
    LoginRefused {
        mode: LoginMode,
        reason: &'static str,
    },
    SessionEnded {
        by: SessionEnd,
    },
    /// The webbeheerder ended every session of the site.
    EveryoneOut,
    /// A form of the site was given the number of who is logged in.
    UserdataGiven {
        party: Party,
    },
    /// A source answered with other people's objects.
    FilterIgnored {
        source: SourceName,
        operation: &'static str,
    },
    /// A source gave rollen that cannot be proven.
    RoleUnprovable {
        source: SourceName,
    },
    DocumentDelivered {
        source: SourceName,
    },
    /// A part of a page was withheld from somebody who acts for another.
    Withheld {
        reason: &'static str,
    },
    /// An operator asked why a zaak is shown or hidden.
    Diagnosed {
        source: SourceName,
    },
}

const DAY: i64 = 24 * 60 * 60;

impl AuditEvent {
    /// The name in the log. May be added to, never changed.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Started { .. } => "gestart",
            Self::PolicyChanged { .. } => "toonregels_gewijzigd",
            Self::ConfigurationApplied { .. } => "configuratie_herladen",
            Self::ConfigurationRefused { .. } => "configuratie_geweigerd",
            Self::PolicyHeldBack { .. } => "toonregels_begrensd",
            Self::LoggedIn { .. } => "ingelogd",
            Self::LoginRefused { .. } => "inloggen_geweigerd",
            Self::Withheld { .. } => "inzage_geweigerd",
            Self::SessionEnded { .. } => "sessie_beeindigd",
            Self::EveryoneOut => "iedereen_uitgelogd",
            Self::UserdataGiven { .. } => "nummer_doorgegeven",
            Self::FilterIgnored { .. } => "filter_genegeerd",
            Self::RoleUnprovable { .. } => "rol_onbewijsbaar",
            Self::DocumentDelivered { .. } => "document_geleverd",
            Self::Diagnosed { .. } => "zaak_onderzocht",
        }
    }

    pub(super) fn detail(&self) -> Value {
        match self {
            Self::Started { version } => json!({"version": version}),
            Self::PolicyChanged { version, changes } => {
                json!({"version": version, "changes": changes})
            }
            Self::ConfigurationApplied {
                modules,
                sources_off,
                needs_restart,
            } => json!({
                "modules": modules, "bronnen_uit": sources_off, "herstart_nodig": needs_restart,
            }),
            Self::ConfigurationRefused { problems } => json!({"problems": problems}),
            Self::PolicyHeldBack { version, fields } => {
                json!({"version": version, "fields": fields})
            }
            Self::LoggedIn {
                mode,
                party,
                loa,
                for_another,
            } => json!({
                "mode": mode.as_str(), "party": party.as_str(), "loa": loa.to_string(),
                "for_another": for_another,
            }),
            Self::LoginRefused { mode, reason } => {
                json!({"mode": mode.as_str(), "reason": reason})
            }
            Self::Withheld { reason } => json!({"reason": reason}),
            Self::SessionEnded { by } => json!({"by": by.as_str()}),
            Self::EveryoneOut => json!({}),
            Self::UserdataGiven { party } => json!({"party": party.as_str()}),
            Self::FilterIgnored { source, operation } => {
                json!({"source": source, "operation": operation})
            }
            Self::RoleUnprovable { source }
            | Self::DocumentDelivered { source }
            | Self::Diagnosed { source } => json!({"source": source}),
        }
    }

    /// How long the event is kept, in seconds: what somebody did to a site's rules for as long as one may
    /// ask about it, what residents did no longer than an incident takes to be found.
    pub(super) const fn keep_secs(&self) -> i64 {
        match self {
            Self::PolicyChanged { .. }
            | Self::ConfigurationApplied { .. }
            | Self::PolicyHeldBack { .. }
            | Self::EveryoneOut
            | Self::Diagnosed { .. } => 730 * DAY,
            Self::Started { .. }
            | Self::ConfigurationRefused { .. }
            | Self::FilterIgnored { .. }
            | Self::RoleUnprovable { .. } => 365 * DAY,
            Self::LoggedIn { .. }
            | Self::LoginRefused { .. }
            | Self::Withheld { .. }
            | Self::SessionEnded { .. }
            | Self::UserdataGiven { .. }
            | Self::DocumentDelivered { .. } => 180 * DAY,
        }
    }
}
