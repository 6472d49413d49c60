/// Who the audit trail of a source says is asking: a pseudonym, never a number or a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserId(String);

impl UserId {
    /// The text must come from a keyed pseudonym, or be a constant for calls on nobody's behalf.
    pub const fn pseudonym(text: String) -> Self {
        Self(text)
    }

    /// For calls on nobody's behalf: the catalogue, the health check.
    pub fn system() -> Self {
        Self("zijspan".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
