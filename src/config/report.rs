//! What is wrong with a configuration, gathered so that all of it is said at once.

use std::collections::BTreeMap;
use std::fmt;

use figment::error::Kind;

/// One thing to change: where, and one sentence that says what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, or the environment variable that set the value.
    pub origin: String,
    /// `site[voorbeeld].source[zgw].zaken.base_url`; empty when it is about the whole file.
    pub path: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}: {}", self.origin, self.message)
        } else {
            write!(f, "{}: {}: {}", self.origin, self.path, self.message)
        }
    }
}

/// Why a configuration is refused: never empty, one line per problem. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub(super) Vec<Problem>);

impl ConfigErrors {
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// A place in the configuration: as a person reads it, and with plain numbers to look it up by.
#[derive(Debug, Clone, Default)]
pub(super) struct At {
    shown: String,
    plain: String,
}

impl At {
    pub fn key(&self, key: &str) -> Self {
        let dot = if self.plain.is_empty() { "" } else { "." };
        Self {
            shown: format!("{}{dot}{key}", self.shown),
            plain: format!("{}{dot}{key}", self.plain),
        }
    }

    /// The item at `index` of an array, called by its name where it has one.
    pub fn item(&self, index: usize, name: Option<&str>) -> Self {
        let name = name
            .filter(|name| !name.is_empty())
            .map_or_else(|| index.to_string(), |name| name.chars().take(64).collect());
        Self {
            shown: format!("{}[{name}]", self.shown),
            plain: format!("{}.{index}", self.plain),
        }
    }
}

/// Where the values came from.
#[derive(Debug, Clone, Default)]
pub(super) struct Provenance {
    pub file: String,
    /// Plain path → environment variable.
    pub env: BTreeMap<String, String>,
}

impl Provenance {
    pub fn origin(&self, plain: &str) -> String {
        self.env
            .get(plain)
            .map_or_else(|| self.file.clone(), |var| format!("environment {var}"))
    }
}

/// Collects refusals and warnings.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub provenance: Provenance,
    pub errors: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

impl Report {
    pub fn new(provenance: Provenance) -> Self {
        Self {
            provenance,
            ..Self::default()
        }
    }

    fn problem(&self, at: &At, message: String) -> Problem {
        Problem {
            origin: self.provenance.origin(&at.plain),
            path: at.shown.clone(),
            message,
        }
    }

    pub fn refuse(&mut self, at: &At, message: impl Into<String>) {
        let problem = self.problem(at, message.into());
        self.errors.push(problem);
    }

    /// An environment variable that names no place in the configuration.
    pub fn refuse_variable(&mut self, name: &str, message: String) {
        self.errors.push(Problem {
            origin: format!("environment {name}"),
            path: String::new(),
            message,
        });
    }

    pub fn warn(&mut self, at: &At, message: impl Into<String>) {
        let problem = self.problem(at, message.into());
        self.warnings.push(problem);
    }

    /// What serde could not read below `at`. The value is never repeated: it may be a secret.
    pub fn refuse_shape(&mut self, at: &At, error: figment::Error) {
        for error in error {
            let mut steps = error.path.as_slice();
            // For an unknown or missing key the path may already end in it.
            if let (Kind::UnknownField(name, _), Some((last, rest))) =
                (&error.kind, steps.split_last())
                && name == last
            {
                steps = rest;
            }
            let mut place = at.clone();
            for step in steps {
                place = match step.parse::<usize>() {
                    Ok(index) => place.item(index, None),
                    Err(_) => place.key(step),
                };
            }
            let (place, message) = explain(place, &error.kind);
            self.refuse(&place, message);
        }
    }
}

fn explain(place: At, kind: &Kind) -> (At, String) {
    match kind {
        Kind::UnknownField(name, known) => {
            let message = if known.is_empty() {
                "unknown key; remove it".to_owned()
            } else {
                format!("unknown key; remove it or use one of {}", known.join(", "))
            };
            (place.key(name), message)
        }
        Kind::MissingField(name) => (place.key(name), "is not set; add it".to_owned()),
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            (place, format!("holds {}; write {wanted}", word_for(found)))
        }
        Kind::Message(message) => (place, message.clone()),
        _ => (
            place,
            "does not have the right form; see the reference".to_owned(),
        ),
    }
}

const fn word_for(found: &figment::error::Actual) -> &'static str {
    use figment::error::Actual;
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Str(_) | Actual::Char(_) => "a text",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        _ => "something else",
    }
}
