//! One part of a page: what came of it, as a type.
//!
//! `unavailable` (could not ask) is not `empty` (asked, nothing there: state ok), and neither is
//! `not_found`. Only the constructors here set a state, so that data never goes out with a state that
//! forbids it.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::domain::{LevelOfAssurance, SourceName, SupportCode};
use crate::gate::Reason;
use crate::upstream::http::{ErrorKind, UpstreamError};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    /// Asked and answered, also when there is nothing.
    Ok,
    /// Answered, but a source failed or a bound was hit.
    Partial,
    /// Still asking.
    Late,
    /// Could not ask.
    Unavailable,
    /// Needs a higher level, another mandate, or the module is off.
    Denied,
    /// A handle that opens nothing for this caller, whatever the cause.
    NotFound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    Answered,
    Late,
    Unavailable,
    Skipped,
}

impl PartState {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Late => "late",
            Self::Unavailable => "unavailable",
            Self::Denied => "denied",
            Self::NotFound => "not_found",
        }
    }
}

/// Who was asked, and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct SourceReport {
    pub name: SourceName,
    pub state: SourceState,
    /// Objects of the caller's own that the source gave.
    pub count: Option<usize>,
    pub age_ms: u64,
    /// How many the source says that there are, where not all of them could be read.
    pub of: Option<u64>,
    /// How many of the caller's own objects are not shown, by reason.
    pub hidden: BTreeMap<&'static str, u32>,
}

impl SourceReport {
    pub const fn answered(
        name: SourceName,
        count: usize,
        hidden: BTreeMap<&'static str, u32>,
    ) -> Self {
        Self {
            name,
            state: SourceState::Answered,
            count: Some(count),
            age_ms: 0,
            of: None,
            hidden,
        }
    }

    pub const fn late(name: SourceName) -> Self {
        Self::silent(name, SourceState::Late)
    }

    pub const fn unavailable(name: SourceName) -> Self {
        Self::silent(name, SourceState::Unavailable)
    }

    /// Switched off, so not asked.
    pub const fn skipped(name: SourceName) -> Self {
        Self::silent(name, SourceState::Skipped)
    }

    const fn silent(name: SourceName, state: SourceState) -> Self {
        Self {
            name,
            state,
            count: None,
            age_ms: 0,
            of: None,
            hidden: BTreeMap::new(),
        }
    }
}

/// What is wrong with a part, in words fit for a page.
#[derive(Debug, Clone, Serialize)]
pub struct PartProblem {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: &'static str,
    pub reason: &'static str,
    /// What a partial part lacks.
    pub missing: Vec<&'static str>,
    /// A code that a resident can read aloud; the log has it too.
    pub code: Option<SupportCode>,
    /// With reason `loa`: the level to log in with, so that this is shown.
    pub required_loa: Option<LevelOfAssurance>,
    /// The rule behind the reason, for the webbeheerder.
    pub rule: Option<Reason>,
}

#[derive(Debug, Clone)]
pub struct Part {
    state: PartState,
    data: Option<Box<RawValue>>,
    sources: Vec<SourceReport>,
    problem: Option<PartProblem>,
}

const UNAVAILABLE: &str = "urn:zijspan:problem:unavailable";

impl Part {
    /// Data that cannot be written as JSON is a fault of ours.
    pub fn ok(data: &impl Serialize, sources: Vec<SourceReport>) -> Self {
        let Ok(data) = to_raw_value(data) else {
            return Self::unavailable(sources, "view", SupportCode::generate());
        };
        Self {
            state: PartState::Ok,
            data: Some(data),
            sources,
            problem: None,
        }
    }

    /// Data with something missing. With nothing missing it is simply ok.
    pub fn partial(
        data: &impl Serialize,
        sources: Vec<SourceReport>,
        missing: Vec<&'static str>,
        reason: &'static str,
        code: SupportCode,
    ) -> Self {
        let part = Self::ok(data, sources);
        if missing.is_empty() || part.state != PartState::Ok {
            return part;
        }
        Self {
            state: PartState::Partial,
            problem: Some(PartProblem {
                kind: "urn:zijspan:problem:partial",
                title: "We kunnen nu niet alles laten zien.",
                reason,
                missing,
                code: Some(code),
                required_loa: None,
                rule: None,
            }),
            ..part
        }
    }

    /// `sources` are those that are being asked.
    pub const fn late(sources: Vec<SourceReport>) -> Self {
        Self {
            state: PartState::Late,
            data: None,
            sources,
            problem: None,
        }
    }

    pub fn unavailable(
        sources: Vec<SourceReport>,
        reason: &'static str,
        code: SupportCode,
    ) -> Self {
        Self {
            state: PartState::Unavailable,
            data: None,
            sources,
            problem: Some(PartProblem {
                kind: UNAVAILABLE,
                title: "We kunnen deze gegevens nu niet laten zien.",
                reason,
                missing: Vec::new(),
                code: Some(code),
                required_loa: None,
                rule: None,
            }),
        }
    }

    /// The request for this part cannot be understood: a fault of the caller's code, not of a source.
    pub const fn not_understood(reason: &'static str) -> Self {
        Self {
            state: PartState::Unavailable,
            data: None,
            sources: Vec::new(),
            problem: Some(PartProblem {
                kind: "urn:zijspan:problem:part",
                title: "Dit onderdeel kan niet worden getoond.",
                reason,
                missing: Vec::new(),
                code: None,
                required_loa: None,
                rule: None,
            }),
        }
    }

    /// Every source of this part is switched off; `sources` names them as skipped.
    pub fn source_off(sources: Vec<SourceReport>) -> Self {
        Self {
            sources,
            ..Self::denied("source_off")
        }
    }

    /// `reason` is `loa`, `mandate`, `party`, `module_off` or `source_off`.
    pub const fn denied(reason: &'static str) -> Self {
        Self::refused(reason, "U kunt deze gegevens nu niet zien.", None, None)
    }

    /// What the login is does not open this, by this rule.
    pub const fn denied_for(reason: &'static str, rule: Reason) -> Self {
        let title = match rule {
            Reason::Partij => "Met deze manier van inloggen kunnen wij uw gegevens niet vinden.",
            _ => "Met deze machtiging kunt u deze gegevens niet zien.",
        };
        Self::refused(reason, title, None, Some(rule))
    }

    /// A login of this level would show it.
    pub const fn needs_level(level: LevelOfAssurance) -> Self {
        let title = "Log in met een hoger niveau om deze gegevens te zien.";
        Self::refused("loa", title, Some(level), Some(Reason::Niveau))
    }

    const fn refused(
        reason: &'static str,
        title: &'static str,
        required_loa: Option<LevelOfAssurance>,
        rule: Option<Reason>,
    ) -> Self {
        Self {
            state: PartState::Denied,
            data: None,
            sources: Vec::new(),
            problem: Some(PartProblem {
                kind: "urn:zijspan:problem:denied",
                title,
                reason,
                missing: Vec::new(),
                code: None,
                required_loa,
                rule,
            }),
        }
    }

    /// Names sources beside those that were asked.
    #[must_use]
    pub fn and_sources(mut self, more: Vec<SourceReport>) -> Self {
        self.sources.extend(more);
        self
    }

    /// The same whether it does not exist, is somebody else's or may not be seen: no oracle.
    pub const fn not_found() -> Self {
        Self {
            state: PartState::NotFound,
            data: None,
            sources: Vec::new(),
            problem: None,
        }
    }

    pub const fn state(&self) -> PartState {
        self.state
    }

    pub fn data(&self) -> Option<&RawValue> {
        self.data.as_deref()
    }

    pub fn sources(&self) -> &[SourceReport] {
        &self.sources
    }

    pub const fn problem(&self) -> Option<&PartProblem> {
        self.problem.as_ref()
    }
}

/// A part under the name that the page gave it, as it goes out.
#[derive(Debug, Clone)]
pub struct Answered {
    pub id: String,
    pub kind: String,
    pub part: Part,
}

impl Serialize for Answered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Part", 6)?;
        out.serialize_field("id", &self.id)?;
        out.serialize_field("kind", &self.kind)?;
        out.serialize_field("state", &self.part.state)?;
        out.serialize_field("data", &self.part.data)?;
        out.serialize_field("sources", &self.part.sources)?;
        out.serialize_field("problem", &self.part.problem)?;
        out.end()
    }
}

/// A source that failed: logged with the code that the page shows.
pub fn report(error: &UpstreamError, code: &SupportCode) {
    if error.kind == ErrorKind::FilterIgnored {
        tracing::error!(
            alarm = "filter_ignored", source = %error.source, operation = error.operation, code = %code,
            "the source ignored a filter and answered with what was not asked for; nothing of it was kept"
        );
    } else {
        tracing::warn!(
            source = %error.source, operation = error.operation, reason = error.kind.reason(),
            status = error.status, upstream_code = error.code.as_deref(), code = %code,
            "a part of the page could not be had"
        );
    }
}
