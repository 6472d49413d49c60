//! `{count, next, previous, results}`, pages of a hundred, and addresses for the pages around.

use serde_json::{Value, json};

use super::problem::Problem;
use crate::sandbox::http::value;

/// Page size when none is asked, and the most that is given.
const PAGE_SIZE: usize = 100;
/// What a list claims to hold when its pages never end.
const ENDLESS: usize = 100_000;

/// Answers one page of `rows`; only those rows are rendered.
pub fn page<T>(
    rows: &[T],
    params: &[(String, String)],
    address: &str,
    endless: bool,
    render: impl Fn(&T) -> Value,
) -> Result<Value, Problem> {
    let size = value(params, "pageSize")
        .and_then(|size| size.parse::<usize>().ok())
        .filter(|size| *size > 0)
        .map_or(PAGE_SIZE, |size| size.min(PAGE_SIZE));
    let number = match value(params, "page") {
        None | Some("") => 1,
        Some(number) => number
            .parse::<usize>()
            .map_err(|_| Problem::page_not_found())?,
    };
    let pages = rows.len().div_ceil(size).max(1);
    if number == 0 || (number > pages && !endless) {
        return Err(Problem::page_not_found());
    }
    let start = (number - 1) % pages * size;
    let results: Vec<Value> = rows.iter().skip(start).take(size).map(render).collect();
    let more = number < pages || endless;
    Ok(json!({
        "count": if endless { ENDLESS } else { rows.len() },
        "next": more.then(|| link(address, params, number + 1)),
        "previous": (number > 1).then(|| link(address, params, number - 1)),
        "results": results,
    }))
}

/// The address of another page: the parameters in alphabetical order, the first page without a number.
fn link(address: &str, params: &[(String, String)], page: usize) -> String {
    let number = page.to_string();
    let mut sorted: Vec<(&str, &str)> = params
        .iter()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if page > 1 {
        sorted.push(("page", &number));
    }
    sorted.sort_by_key(|(name, _)| *name);
    if sorted.is_empty() {
        return address.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(sorted)
        .finish();
    format!("{address}?{query}")
}
