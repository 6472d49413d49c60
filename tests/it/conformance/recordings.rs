//! The recorded exchanges, and every object that stands in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What the recordings were made from; their addresses are left as they are.
pub const BASE: &str = "http://127.0.0.1:8000";

#[derive(Debug, Clone)]
pub struct Recording {
    pub name: String,
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub body: Value,
    pub accept: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub answer: Answer,
}

#[derive(Debug, Clone)]
pub enum Answer {
    Json(Value),
    /// The recording keeps the first 600 bytes; the rest is filled up to the recorded length.
    Bytes(Vec<u8>),
}

impl Recording {
    fn read(file: &Path) -> Option<Self> {
        let value: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let (request, response) = (value.get("request")?, value.get("response")?);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (path, query) = split(request["path"].as_str()?);
        let headers: Vec<(String, String)> = response["headers"]
            .as_array()?
            .iter()
            .map(|pair| (text(&pair[0]), text(&pair[1])))
            .collect();
        let answer = if response["kind"] == "json" {
            Answer::Json(response["body"].clone())
        } else {
            // Kept as latin-1: one character is one byte.
            let mut bytes: Vec<u8> = text(&response["body"])
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect();
            bytes.resize(response["bytes"].as_u64()?.try_into().unwrap(), b'x');
            Answer::Bytes(bytes)
        };
        Some(Self {
            name: text(&value["name"]),
            method: text(&request["method"]),
            path,
            query,
            body: request["body"].clone(),
            accept: text(&request["headers"]["Accept"]),
            status: response["status"].as_u64()?.try_into().unwrap(),
            headers,
            answer,
        })
    }

    pub fn json(&self) -> &Value {
        match &self.answer {
            Answer::Json(value) => value,
            Answer::Bytes(_) => panic!("{} is no JSON", self.name),
        }
    }

    pub fn results(&self) -> &[Value] {
        self.json()["results"].as_array().unwrap()
    }
}

/// A path and the parameters behind it.
pub fn split(target: &str) -> (String, BTreeMap<String, String>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    (path.to_owned(), query)
}

#[derive(Debug)]
pub struct Recordings {
    pub all: Vec<Recording>,
    /// By address: what the recordings say of one object, without what was expanded in it.
    pub objects: BTreeMap<String, Value>,
}

impl Recordings {
    /// `None`, and a line that says so, where there are none.
    pub fn find() -> Option<Self> {
        let Some(folder) = folder() else {
            println!(
                "skipped: no recordings (ZIJSPAN_CAPTURES names the folder that holds open-zaak/)"
            );
            return None;
        };
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "json"))
            .collect();
        files.sort();
        let all: Vec<_> = files.iter().filter_map(|f| Recording::read(f)).collect();
        assert!(all.len() > 50, "the recordings are not whole");
        let mut objects = BTreeMap::new();
        for recording in all.iter().filter(|recording| recording.status == 200) {
            if let Answer::Json(value) = &recording.answer {
                collect(value, &mut objects);
            }
        }
        Some(Self { all, objects })
    }

    pub fn get(&self, name: &str) -> &Recording {
        self.all
            .iter()
            .find(|recording| recording.name == name)
            .unwrap_or_else(|| panic!("{name} was not recorded"))
    }

    /// The recorded objects of a collection.
    pub fn collection<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a Value> {
        let start = format!("{BASE}{path}/");
        self.objects
            .iter()
            .filter(move |(url, _)| url.strip_prefix(&start).is_some_and(|id| !id.contains('/')))
            .map(|(_, object)| object)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the recordings are is no part of the configuration"
)]
fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("ZIJSPAN_CAPTURES").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|parent| parent.join("shared/captures"));
    given
        .into_iter()
        .chain(beside)
        .map(|captures| captures.join("open-zaak"))
        .find(|folder| folder.join("index.json").is_file())
}

/// Every object with an address of its own, however deep.
fn collect(value: &Value, objects: &mut BTreeMap<String, Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, objects)),
        Value::Object(fields) => {
            if let Some(url) = fields.get("url").and_then(Value::as_str) {
                let mut object = value.clone();
                object.as_object_mut().unwrap().remove("_expand");
                objects.insert(url.to_owned(), object);
            }
            fields.values().for_each(|field| collect(field, objects));
        }
        _ => {}
    }
}
