//! Small rules about text from registers.

/// `None` for absent, empty or blank text: registers write all three for "not filled in".
pub fn non_empty(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
