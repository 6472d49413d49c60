//! What the documentation says of the code is compared with the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use zijspan::gate::Reason;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a folder with one of these endings.
fn below(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["node_modules", "output"].contains(&name.as_str()) {
                    open.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found
}

/// What stands between `before` and the next quotation mark, at every place.
fn quoted_after<'a>(text: &'a str, before: &str) -> BTreeSet<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// The first cells of a table row, without backticks.
fn cells(row: &str) -> Vec<&str> {
    row.trim()
        .trim_matches('|')
        .split(" | ")
        .map(|cell| cell.trim().trim_matches('|').trim().trim_matches('`'))
        .collect()
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(cells)
}

/// Words in backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_problem_is_documented_with_its_status() {
    let statuses: BTreeMap<String, u16> = (100..600)
        .filter_map(|number| {
            let status = http::StatusCode::from_u16(number).ok()?;
            let name = status.canonical_reason()?.to_uppercase();
            Some((name.replace([' ', '-'], "_"), number))
        })
        .collect();
    let source = read("src/api/problem.rs");
    let mut in_code = BTreeSet::new();
    for piece in source.split("Self::new(").skip(1) {
        let mut lines = piece.lines().flat_map(|line| line.split(", ")).map(|word| {
            word.trim()
                .trim_matches(|c| c == ',' || c == '"')
                .to_owned()
        });
        let status = lines
            .find_map(|word| word.strip_prefix("StatusCode::").map(str::to_owned))
            .unwrap();
        let slug = lines.next().unwrap();
        in_code.insert((slug, statuses[&status]));
    }
    assert!(in_code.len() > 15, "{in_code:?}");
    let page = read("docs/problems.md");
    let in_docs: BTreeSet<(String, u16)> = rows(&page)
        .filter_map(|cells| Some((cells[0].to_owned(), cells.get(1)?.parse().ok()?)))
        .collect();
    assert_eq!(in_docs, in_code);
}

#[test]
fn every_reason_of_a_part_is_documented() {
    let page = read("docs/problems.md");
    let documented: BTreeSet<&str> = code(&page).collect();
    let kinds = read("src/upstream/http/error.rs");
    let mut reasons = quoted_after(&kinds, "=> \"");
    assert!(reasons.contains("filter_ignored"));
    let part = read("src/mijn/part.rs");
    for kind in quoted_after(&part, "\"urn:") {
        assert!(
            documented.contains(format!("urn:{kind}").as_str()),
            "{kind}"
        );
    }
    let sources: Vec<String> = below("src/mijn", &[".rs"])
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for text in &sources {
        for before in [
            "Part::denied(\"",
            "Part::not_understood(\"",
            "then_some(\"",
            "lacking.get_or_insert(\"",
            "reason.unwrap_or(\"",
        ] {
            reasons.extend(quoted_after(text, before));
        }
    }
    for reason in &reasons {
        assert!(
            documented.contains(reason),
            "{reason} is not in problems.md"
        );
    }
    // And the other way round: a reason in the table is one of the code.
    let all = sources.concat() + &kinds;
    let table = page.split("| reason |").nth(1).unwrap();
    for row in rows(table.split("\n\n").next().unwrap()) {
        assert!(all.contains(&format!("\"{}\"", row[0])), "{}", row[0]);
    }
}

/// A kind that is only half there would be counted as unknown, or be known to nobody.
#[test]
fn every_kind_of_part_runs_is_counted_and_is_documented() {
    let kinds: BTreeSet<&str> = zijspan::mijn::Mijn::KINDS.iter().copied().collect();
    let source = read("src/mijn/mod.rs");
    let arms: BTreeSet<&str> = source
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split_once("\" =>"))
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(arms, kinds, "the arms of Mijn::part and Mijn::KINDS");
    let page = read("docs/wire.md");
    let documented: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("### Kind `")?.strip_suffix('`'))
        .collect();
    assert_eq!(documented, kinds, "the kinds of wire.md and Mijn::KINDS");
}

#[test]
fn every_error_of_a_token_is_documented() {
    let page = read("docs/problems.md");
    let documented: BTreeSet<&str> = code(&page).collect();
    let source = read("src/identity/error.rs");
    let words = source.split("pub const fn as_str").nth(1).unwrap();
    let words = words.split("macro_rules!").next().unwrap();
    for word in quoted_after(words, "=> \"") {
        assert!(documented.contains(word), "{word}");
    }
}

#[test]
fn every_reason_of_the_gate_is_explained_in_its_own_sentence() {
    let page = read("docs/beheer.md");
    let in_docs: BTreeMap<&str, &str> = rows(&page).map(|row| (row[0], row[1])).collect();
    for reason in Reason::ALL {
        assert_eq!(
            in_docs.get(reason.as_str()),
            Some(&reason.sentence()),
            "{reason:?} in beheer.md"
        );
    }
}

#[test]
fn every_option_of_a_source_is_explained() {
    let reference = read("src/config/default.toml");
    let section = reference
        .split("[[site.source]]")
        .nth(1)
        .and_then(|rest| rest.split("[[site.idp]]").next())
        .unwrap();
    let page = read("docs/bronnen.md");
    let documented: BTreeSet<&str> = code(&page).collect();
    let mut options = 0;
    for line in section.lines() {
        let line = line.trim_start_matches("# ");
        let Some((key, _)) = line.split_once(" = ") else {
            continue;
        };
        if key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            options += 1;
            assert!(documented.contains(key), "{key} is not in bronnen.md");
        }
    }
    assert!(options > 20, "{options}");
}

/// A page that names a test as proof names one that exists.
#[test]
fn every_test_that_is_named_exists() {
    let mut all = String::new();
    for (folder, endings) in [
        ("src", &[".rs"] as &[_]),
        ("tests", &[".rs", ".php", ".mjs"]),
        ("php-shim/tests", &[".php"]),
    ] {
        for path in below(folder, endings) {
            all += &fs::read_to_string(path).unwrap();
        }
    }
    let mut named = 0;
    for page in [
        "docs/security.md",
        "docs/bronnen.md",
        "docs/toegankelijkheid.md",
        "docs/add-a-module.md",
        "docs/add-a-source.md",
    ] {
        for word in code(&read(page)) {
            let plain = word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            let rust =
                plain && word.matches('_').count() >= 3 && !word.contains(char::is_uppercase);
            let php = plain && word.starts_with("test") && word.contains(char::is_uppercase);
            let known = (rust && all.contains(&format!("fn {word}(")))
                || (php && all.contains(&format!("function {word}(")));
            assert!(known || !(rust || php), "{page} names {word}");
            named += usize::from(known);
        }
    }
    assert!(named > 50, "{named}");
}

/// What a command cannot do yet is said where people would look for it.
#[test]
fn what_is_not_in_this_build_is_not_promised() {
    let page = read("docs/beheer.md");
    for command in ["doctor", "migrate", "openapi"] {
        let source = read(&format!("src/cli/{command}.rs"));
        let missing = source.contains("is not in this build");
        let said = page.contains(&format!("`zijspan {command}` zit nog niet in deze versie"));
        assert_eq!(missing, said, "zijspan {command} in beheer.md");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = below("docs", &[".md"]);
    pages.extend(["README.md", "SECURITY.md"].map(|page| root().join(page)));
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for target in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let (path, _) = target.split_once('#').unwrap_or((target, ""));
            // Pictures come from the browser tests.
            if path.is_empty() || path.contains("://") || path.contains("docs/images/") {
                continue;
            }
            let file = page.parent().unwrap().join(path);
            assert!(file.exists(), "{} links to {target}", page.display());
        }
    }
}
