//! The walkthroughs show code that compiles, and name what is there.

use std::fs;
use std::path::{Path, PathBuf};

const PAGES: [&str; 2] = ["docs/add-a-module.md", "docs/add-a-source.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The text of every Rust file that the pages may quote.
fn code() -> Vec<String> {
    let files = [below("src"), below("tests/it/walkthrough")].concat();
    files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// The contents of fenced blocks of one language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    page.split(fence.as_str())
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// The page without its fenced blocks.
fn prose(page: &str) -> String {
    page.split("\n```").step_by(2).collect()
}

fn in_backticks(prose: &str) -> impl Iterator<Item = &str> {
    prose.split('`').skip(1).step_by(2)
}

#[test]
fn every_block_is_code_of_the_project() {
    let files = code();
    for name in PAGES {
        let page = page(name);
        let blocks = blocks(&page, "rust");
        assert!(blocks.len() >= 5, "{name} has {} blocks", blocks.len());
        for block in blocks {
            let found = files
                .iter()
                .any(|file| format!("\n{file}").contains(&format!("\n{block}")));
            assert!(found, "{name} shows what is nowhere in the code:\n{block}");
        }
    }
}

#[test]
fn every_path_and_every_name_is_there() {
    let files = code();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for name in PAGES {
        let page = page(name);
        let prose = prose(&page);
        let mut paths = 0;
        for word in in_backticks(&prose) {
            let folders = ["src/", "tests/", "docs/", "wp-plugin/", "php-shim/"];
            if folders.iter().any(|folder| word.starts_with(folder)) {
                assert!(root().join(word).exists(), "{name} names {word}");
                paths += 1;
            } else if ["parkeren/", "parkeervergunningen/"]
                .iter()
                .any(|folder| word.starts_with(folder))
            {
                let file = root().join("tests/it/walkthrough").join(word);
                assert!(file.exists(), "{name} names {word}");
            } else if let Some((of, item)) = word.rsplit_once("::") {
                // `Answers::get` is a `get` in a file that has `Answers`.
                let known = item.is_empty()
                    || files.iter().any(|text| {
                        let has = |wanted: &str| text.split(|c| !is_word(c)).any(|w| w == wanted);
                        has(of) && has(item)
                    });
                assert!(known, "{name} names {word}");
            }
        }
        assert!(paths >= 10, "{name} names {paths} paths");
    }
}
