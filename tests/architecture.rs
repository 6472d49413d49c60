//! Dependencies point one way. The table is that of `docs/architecture.md`; both are held against `src/`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What the files of each folder may name with `crate::`, besides their own folder. `domain` and
/// `lifecycle` may be used everywhere (but not by each other).
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("lifecycle", &[]),
    ("telemetry", &["store", "domain"]),
    ("store", &["domain"]),
    ("logboek", &["store", "domain"]),
    ("policy", &["store", "domain"]),
    ("signing", &["store", "domain"]),
    ("upstream", &["telemetry", "domain"]),
    ("gate", &["policy", "domain"]),
    (
        "identity",
        &["upstream::http", "store", "logboek", "domain"],
    ),
    (
        "documents",
        &["gate", "policy", "upstream", "store", "domain"],
    ),
    (
        "mijn",
        &[
            "gate",
            "upstream",
            "documents",
            "outbox",
            "store",
            "policy",
            "logboek",
            "domain",
        ],
    ),
    (
        "outbox",
        &["upstream", "gate", "policy", "store", "logboek", "domain"],
    ),
    (
        "notify",
        &[
            "upstream", "gate", "policy", "outbox", "store", "logboek", "domain",
        ],
    ),
    ("config", &["domain"]),
    (
        "api",
        &[
            "mijn",
            "identity",
            "signing",
            "documents",
            "notify",
            "policy",
            "logboek",
            "telemetry",
            "config",
            "domain",
        ],
    ),
    ("sandbox", &["domain"]),
];

/// The composition root and the command line know everything.
const KNOW_ALL: &[&str] = &["app", "cli", "lib", "main"];
const EVERYWHERE: &[&str] = &["domain", "lifecycle"];

/// Where these crates may be named.
const CRATES: &[(&str, &[&str])] = &[
    ("axum", &["api", "app", "sandbox"]),
    ("hyper", &["api", "sandbox"]),
    ("reqwest", &["upstream/http"]),
    ("sqlx", &["store"]),
    ("figment", &["config", "cli"]),
    ("clap", &["cli"]),
    ("anyhow", &["app", "cli", "main"]),
];

/// A status other than these two is chosen in `api/problem.rs` alone.
const STATUSES_OF_ROUTES: &[&str] = &["OK", "SEE_OTHER"];

const LONGEST: usize = 600;

struct File {
    /// Below `src`, with `/`.
    path: String,
    /// `["mijn", "zaken", "list"]`.
    module: Vec<String>,
    lines: usize,
    /// Without comments, texts and inline test modules; lines are kept.
    code: String,
}

impl File {
    fn folder(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    fn is_test(&self) -> bool {
        let last = self.path.rsplit('/').next().unwrap();
        last == "tests.rs"
            || last.ends_with("_tests.rs")
            || self.path.contains("/tests/")
            || self.path == "store/conformance.rs"
    }

    fn lies_in(&self, folder: &str) -> bool {
        self.path == format!("{folder}.rs") || self.path.starts_with(&format!("{folder}/"))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<File> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                out.push(path);
            }
        }
    }
    let src = root().join("src");
    let mut paths = Vec::new();
    walk(&src, &mut paths);
    paths.sort();
    assert!(paths.len() > 100, "where is src?");
    paths
        .iter()
        .map(|path| {
            let below = path.strip_prefix(&src).unwrap();
            let path_text = below.to_str().unwrap().to_owned();
            let mut module: Vec<String> = below
                .with_extension("")
                .iter()
                .map(|part| part.to_str().unwrap().to_owned())
                .collect();
            if module.last().is_some_and(|last| last == "mod") {
                module.pop();
            }
            let text = fs::read_to_string(path).unwrap();
            File {
                path: path_text,
                module,
                lines: text.lines().count(),
                code: without_tests(&without_comments(&text)),
            }
        })
        .collect()
}

/// Rust without comments and without what stands in texts, so that braces and names that are left are
/// code.
fn without_comments(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let blank = |out: &mut String, part: &str| {
        out.extend(part.chars().filter(|c| *c == '\n'));
    };
    while at < bytes.len() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_text(rest) {
            let close = format!("\"{}", "#".repeat(hashes));
            let open = hashes + 2;
            rest[open..].find(&close).unwrap() + open + close.len()
        } else if rest.starts_with('"') {
            text_length(rest)
        } else if rest.starts_with('\'') {
            // A character, or a lifetime.
            match char_length(rest) {
                Some(length) => length,
                None => {
                    out.push('\'');
                    at += 1;
                    continue;
                }
            }
        } else {
            let c = rest.chars().next().unwrap();
            out.push(c);
            at += c.len_utf8();
            continue;
        };
        blank(&mut out, &rest[..length]);
        out.push(' ');
        at += length;
    }
    out
}

/// The hashes of `r#"`, when a raw text begins here.
fn raw_text(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.chars().take_while(|c| *c == '#').count();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    panic!("a text without an end");
}

fn char_length(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        // Not the quote of '\''.
        chars.next();
        return chars.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    chars
        .next()
        .filter(|(_, c)| *c == '\'')
        .map(|(at, _)| at + 1)
}

/// Drops what stands behind `#[cfg(test)]`: a module with its braces, or one item.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        let after = &rest[at..];
        let semicolon = after.find(';').unwrap_or(usize::MAX);
        let brace = after.find('{').unwrap_or(usize::MAX);
        let end = if semicolon < brace {
            semicolon + 1
        } else {
            let mut depth = 0;
            after
                .char_indices()
                .find_map(|(at, c)| {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    (depth == 0 && c == '}').then_some(at + 1)
                })
                .unwrap()
        };
        out.extend(after[..end].chars().filter(|c| *c == '\n'));
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Everything named with `crate::`, as paths: `crate::{a, b::c}` gives `a` and `b::c`.
fn named(code: &str) -> BTreeSet<String> {
    let flat: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let mut out = BTreeSet::new();
    for (at, _) in flat.match_indices("crate::") {
        let rest = &flat[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = 0;
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => {
                        out.insert(path_of(&group[start..at]));
                        break;
                    }
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        out.insert(path_of(&group[start..at]));
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        } else {
            out.insert(path_of(rest));
        }
    }
    out.remove("");
    out
}

fn path_of(text: &str) -> String {
    let end = text
        .find(|c: char| !is_word(c) && c != ':')
        .unwrap_or(text.len());
    text[..end].trim_end_matches(':').to_owned()
}

fn uses_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        // `super::axum::` or `x_axum::` is another name.
        !before.is_some_and(|c| is_word(c) || c == ':')
    })
}

fn fail_if_any(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n  {}", wrong.join("\n  "));
}

#[test]
fn dependencies_point_one_way() {
    let table: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in sources() {
        let own = file.folder().to_owned();
        if KNOW_ALL.contains(&own.as_str()) {
            continue;
        }
        let Some(allowed) = table.get(own.as_str()) else {
            wrong.push(format!("{}: folder {own} is not in the table", file.path));
            continue;
        };
        for path in named(&file.code) {
            let top = path.split("::").next().unwrap();
            let fits = top == own
                || (EVERYWHERE.contains(&top) && !EVERYWHERE.contains(&own.as_str()))
                || allowed
                    .iter()
                    .any(|may| path == *may || path.starts_with(&format!("{may}::")));
            if !fits {
                wrong.push(format!("{} names crate::{path}", file.path));
            }
        }
    }
    fail_if_any(&wrong, "see the table of docs/architecture.md");
}

/// A way out of one's own folder is written with `crate::`, so that the test above sees it.
#[test]
fn super_stays_in_its_folder() {
    let mut wrong = Vec::new();
    for file in sources() {
        let flat: String = file.code.chars().filter(|c| !c.is_whitespace()).collect();
        let longest = (1..8)
            .take_while(|n| flat.contains(&"super::".repeat(*n)))
            .count();
        // `super` of a module directly below `src` is the crate itself; of `mijn/zaken/…` the module of
        // `mijn` is as far as it may go.
        let most = file.module.len().saturating_sub(1);
        let in_module_of_mijn = file.folder() == "mijn" && file.module.len() > 2;
        let most = if in_module_of_mijn { most - 1 } else { most };
        if longest > most {
            wrong.push(format!("{}: {}", file.path, "super::".repeat(longest)));
        }
    }
    fail_if_any(&wrong, "super:: leaves its folder; write crate::");
}

#[test]
fn one_module_of_mijn_does_not_know_another() {
    let files = sources();
    let modules: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.folder() == "mijn" && file.path.ends_with("/mod.rs"))
        .filter_map(|file| file.module.get(1).map(String::as_str))
        .collect();
    assert!(modules.contains("zaken"));
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.folder() == "mijn") {
        let Some(own) = file
            .module
            .get(1)
            .filter(|own| modules.contains(own.as_str()))
        else {
            // `mod.rs`, `page.rs` and `part.rs`: page alone hands facts from one to another.
            continue;
        };
        for path in named(&file.code) {
            let mut parts = path.split("::");
            if parts.next() == Some("mijn")
                && let Some(other) = parts.next()
                && other != own
                && modules.contains(other)
            {
                wrong.push(format!("{} names crate::{path}", file.path));
            }
        }
    }
    fail_if_any(&wrong, "page.rs hands facts from one module to another");
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (name, rooms) in CRATES {
            if uses_crate(&file.code, name) && !rooms.iter().any(|room| file.lies_in(room)) {
                wrong.push(format!("{} names {name}", file.path));
            }
        }
    }
    fail_if_any(&wrong, "this crate belongs elsewhere");
}

#[test]
fn statuses_are_chosen_in_one_place() {
    let mut wrong = Vec::new();
    for file in sources() {
        if file.path == "api/problem.rs" || file.folder() == "sandbox" {
            continue;
        }
        let code = &file.code;
        for (at, _) in code.match_indices("StatusCode::") {
            let name = path_of(&code[at + "StatusCode::".len()..]);
            if file.folder() != "api" || !STATUSES_OF_ROUTES.contains(&name.as_str()) {
                wrong.push(format!("{} names StatusCode::{name}", file.path));
            }
        }
    }
    fail_if_any(&wrong, "a status is chosen in api/problem.rs");
}

/// The catalogue is for everyone: what is asked there is asked in nobody's name, and the answers that belong
/// to a session are out of its reach.
#[test]
fn nothing_personal_reaches_the_catalogue() {
    let files = sources();
    let of_catalogue: Vec<_> = files
        .iter()
        .filter(|file| file.lies_in("upstream/zgw/catalogi") && !file.is_test())
        .collect();
    assert!(of_catalogue.len() > 4);
    for file in &of_catalogue {
        for word in [
            "Answers",
            "AnswerKey",
            "Doelbinding",
            "Session",
            "UserId",
            "Subject",
        ] {
            assert!(!file.code.contains(word), "{} names {word}", file.path);
        }
    }
    let askers: Vec<&str> = of_catalogue
        .iter()
        .flat_map(|file| file.code.lines())
        .filter(|line| line.contains("Asker") && !line.starts_with("use "))
        .collect();
    assert_eq!(askers.len(), 1, "{askers:?}");
    assert!(askers.concat().contains("&Asker::system()"), "{askers:?}");
}

#[test]
fn nothing_panics_on_purpose() {
    let mut wrong = Vec::new();
    for file in sources().iter().filter(|file| !file.is_test()) {
        for (number, line) in file.code.lines().enumerate() {
            let called = [
                ".unwrap()",
                ".expect(",
                "panic!(",
                "todo!(",
                "unimplemented!(",
                "unreachable!(",
            ]
            .into_iter()
            .find(|call| line.contains(call));
            if let Some(call) = called {
                wrong.push(format!("{}:{}: {call}", file.path, number + 1));
            }
        }
    }
    fail_if_any(&wrong, "an error is a value");
}

#[test]
fn no_file_is_long() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|file| file.lines > LONGEST)
        .map(|file| format!("{} has {} lines", file.path, file.lines))
        .collect();
    fail_if_any(&wrong, "a file of more than 600 lines holds two things");
}

#[test]
fn the_documentation_says_the_same() {
    let doc = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in doc.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, folder, _, may, _] = cells[..]
            && let Some(name) = folder
                .strip_prefix("`src/")
                .and_then(|rest| rest.split(['/', '.', '`']).next())
        {
            let words: BTreeSet<String> = may
                .split(',')
                .map(|word| word.trim().trim_matches('`').to_owned())
                .filter(|word| !word.is_empty())
                .collect();
            rows.insert(name.to_owned(), words);
        }
    }
    for (folder, allowed) in MAY_USE {
        let exists = root().join("src").join(folder).is_dir()
            || root().join("src").join(format!("{folder}.rs")).is_file();
        let Some(row) = rows.get(*folder) else {
            assert!(!exists, "docs/architecture.md has no row for src/{folder}");
            continue;
        };
        let allowed: BTreeSet<String> = allowed
            .iter()
            .filter(|name| **name != "domain")
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(*row, allowed, "the row of src/{folder}");
    }
    // Every file that the page names is there.
    for (at, _) in doc.match_indices("`src/") {
        let path = doc[at + 1..].split('`').next().unwrap();
        assert!(
            root().join(path).exists(),
            "docs/architecture.md names {path}"
        );
    }
}

#[test]
fn the_reader_of_rust_reads_rust() {
    let code = "use crate::{store::shared, mijn};\nfn f<'a>() { let c = '\"'; g(\"crate::api\", r#\"x\"y\"#); }\n// crate::cli\n#[cfg(test)]\nmod tests { use crate::app; }\nuse crate :: gate::judge;\n";
    let read = without_tests(&without_comments(code));
    let found: Vec<String> = named(&read).into_iter().collect();
    assert_eq!(found, ["gate::judge", "mijn", "store::shared"]);
    assert_eq!(read.lines().count(), code.lines().count());
    assert!(uses_crate("use axum::Json;", "axum"));
    assert!(!uses_crate("my_axum::Json; crate::axum::x", "axum"));
}
