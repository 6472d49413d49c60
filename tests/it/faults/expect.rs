//! The table: the faults, the calls, and what each call's failure means for its page.

use serde_json::Value;

/// What the sandbox does, and the reason that it is told by.
#[derive(Debug)]
pub struct Fault {
    pub name: &'static str,
    pub mode: &'static str,
    pub status: Option<u16>,
    pub latency_ms: u64,
    /// Of a call that must have an answer. Empty: nothing is wrong.
    pub reason: &'static str,
}

const fn fault(name: &'static str, mode: &'static str, reason: &'static str) -> Fault {
    Fault {
        name,
        mode,
        status: None,
        latency_ms: 0,
        reason,
    }
}

const fn status(name: &'static str, status: u16, reason: &'static str) -> Fault {
    Fault {
        name,
        mode: "status",
        status: Some(status),
        latency_ms: 0,
        reason,
    }
}

pub const FAULTS: &[Fault] = &[
    Fault {
        latency_ms: 200,
        ..fault("200 ms", "none", "")
    },
    Fault {
        latency_ms: 10_000,
        ..fault("10 s", "none", "timeout")
    },
    status("401", 401, "credentials"),
    status("403", 403, "forbidden"),
    status("404", 404, "not_found"),
    Fault {
        status: Some(429),
        ..fault("429 with Retry-After", "retry_after", "busy")
    },
    status("500", 500, "server"),
    status("503", 503, "server"),
    fault("503 with Retry-After", "retry_after", "busy"),
    fault("hang", "hang", "timeout"),
    fault("refuse", "refuse", "connect"),
    fault("reset", "reset", "connect"),
    fault("drip", "drip", "timeout"),
    fault("truncate", "truncate", "connect"),
    fault("garbage", "garbage", "garbled"),
    fault("html", "html", "garbled"),
    fault("content_type", "content_type", "garbled"),
    fault("huge", "huge", "garbled"),
    fault("many_pages", "many_pages", "bound"),
    fault("redirect", "redirect", "redirect"),
    fault("ignore_filter", "ignore_filter", "filter_ignored"),
];

/// What a page shows of the part, or what came of the download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    Ok,
    /// What it lacks, and why.
    Partial(String, String),
    Unavailable(String),
    NotFound,
    /// Left out, because the page could not wait for it.
    Late,
    /// A download that began.
    Stream(Stream),
    /// A download that did not.
    Problem(u16),
}

impl Shows {
    /// Time is what it lacks.
    pub fn is_late(&self) -> bool {
        match self {
            Self::Partial(_, reason) | Self::Unavailable(reason) => {
                matches!(reason.as_str(), "timeout" | "late")
            }
            Self::Late | Self::Stream(Stream::Slow) => true,
            _ => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Whole,
    /// Ended before its length.
    Broken,
    Slow,
    Endless,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Zaken,
    Zaak,
    Download,
}

/// A warning without a code that a fault brings besides: how it begins, and what it says.
#[derive(Debug)]
pub struct Besides {
    message: &'static str,
    fields: Vec<(&'static str, &'static str)>,
}

impl Besides {
    pub fn is(&self, line: &Value) -> bool {
        let message = line["message"].as_str();
        message.is_some_and(|message| message.starts_with(self.message))
            && self
                .fields
                .iter()
                .all(|(name, value)| line[*name] == *value)
    }
}

/// One call of a page, and what its failure means.
#[derive(Debug)]
pub struct Call {
    pub name: &'static str,
    pub page: Page,
    pub upstream: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub query: Option<&'static str>,
    pub operation: &'static str,
    /// The operation that is logged when the whole of the part ran out of time.
    pub whole: &'static str,
    /// The catalogue was read before.
    pub warm: bool,
    /// No other part on the page, because it makes the same call.
    pub alone: bool,
    /// How often the page makes the call at most.
    pub asked: usize,
    /// How many lines with the code tell of its failure.
    pub told: usize,
    pub shows: fn(&Fault) -> Shows,
    pub besides: fn(&Call, &Fault) -> Option<Besides>,
}

impl Call {
    /// The page is shown without its answer.
    pub fn is_optional(&self) -> bool {
        let down = (self.shows)(&status("down", 500, "server"));
        matches!(down, Shows::Partial(..))
    }
}

const CALL: Call = Call {
    name: "",
    page: Page::Zaak,
    upstream: "zaken",
    method: "GET",
    path: "",
    query: None,
    operation: "",
    whole: "zaak",
    warm: true,
    alone: false,
    asked: 1,
    told: 1,
    shows: must_answer,
    besides: no_answer,
};

/// Where no whole answer came its client says so, since there may be no page any more that waits for it.
fn no_answer(call: &Call, fault: &Fault) -> Option<Besides> {
    let none = matches!(fault.reason, "timeout" | "connect") || fault.mode == "huge";
    none.then(|| Besides {
        message: "upstream gave no answer",
        fields: vec![("operation", call.operation), ("reason", fault.reason)],
    })
}

/// A list of the catalogue is not read to an end that does not come.
fn no_answer_or_end(call: &Call, fault: &Fault) -> Option<Besides> {
    match fault.mode {
        "many_pages" => Some(Besides {
            message: "the list goes on beyond its bound",
            fields: vec![("operation", call.operation)],
        }),
        _ => no_answer(call, fault),
    }
}

/// The source has less than its configuration says, and is asked otherwise from then on.
fn not_offered(feature: &'static str) -> Option<Besides> {
    Some(Besides {
        message: "the source does not offer what its configuration says",
        fields: vec![("feature", feature)],
    })
}

/// Without its answer there is nothing to show.
fn must_answer(fault: &Fault) -> Shows {
    match fault.mode {
        "none" if fault.reason.is_empty() => Shows::Ok,
        _ => Shows::Unavailable(fault.reason.to_owned()),
    }
}

/// A list that has other ways to be had when it is refused or makes no sense: one by one, or by another
/// method. One that is down is not asked again at once.
fn or_otherwise(fault: &Fault) -> Shows {
    match fault.reason {
        "forbidden" | "not_found" | "garbled" | "redirect" | "bound" | "filter_ignored" => {
            Shows::Ok
        }
        _ => must_answer(fault),
    }
}

/// An object by its own address: it has no filter and no pages, and it may not be there.
fn object(fault: &Fault) -> Shows {
    match fault.mode {
        "many_pages" | "ignore_filter" => Shows::Ok,
        "status" if fault.reason == "not_found" => Shows::NotFound,
        _ => must_answer(fault),
    }
}

/// Its absence leaves a hole; a source that ignores filters cannot be trusted with the rest either.
fn lacks(what: &str, fault: &Fault) -> Shows {
    match must_answer(fault) {
        Shows::Unavailable(reason) if reason != "filter_ignored" => {
            Shows::Partial(what.to_owned(), reason)
        }
        other => other,
    }
}

/// The same where pages without an end, or objects of others, change nothing for this page: what was asked
/// for is among them, or is no list in pages.
fn lacks_unless_more(what: &str, fault: &Fault) -> Shows {
    match fault.mode {
        "many_pages" => Shows::Ok,
        _ => lacks(what, fault),
    }
}

pub const OVERVIEW: &[&Call] = &[
    &Call {
        name: "overview: zaken",
        page: Page::Zaken,
        method: "POST",
        path: "/zaken/api/v1/zaken/_zoek$",
        operation: "zaken.list",
        whole: "zaken",
        shows: |fault| match fault.reason {
            // Where there is no search, the list is asked with GET.
            "not_found" => Shows::Ok,
            // More than is read: there may be others that belong on this page.
            "bound" => lacks("zaken", fault),
            _ => must_answer(fault),
        },
        besides: |call, fault| match fault.reason {
            "not_found" => not_offered("zaken_zoek"),
            // Pages without an order: whoever has many zaken might miss the newest.
            "bound" => not_offered("ordering"),
            _ => no_answer(call, fault),
        },
        ..CALL
    },
    &Call {
        name: "overview: rollen",
        page: Page::Zaken,
        path: "/zaken/api/v1/rollen$",
        query: Some("betrokkeneIdentificatie__"),
        operation: "rollen.list",
        whole: "zaken",
        // More rollen than are read: the zaken whose rol was read are shown.
        shows: |fault| match fault.reason {
            "bound" => Shows::Ok,
            _ => must_answer(fault),
        },
        ..CALL
    },
];

pub const ZAAK: &[&Call] = &[
    &Call {
        name: "zaak: zaak",
        path: "/zaken/api/v1/zaken/{zaak}$",
        operation: "zaak.get",
        shows: object,
        ..CALL
    },
    &Call {
        name: "zaak: rollen",
        path: "/zaken/api/v1/rollen$",
        query: Some("zaak="),
        operation: "rollen.list",
        // One rol of the resident's own proves the zaak, however many there are.
        shows: |fault| match fault.reason {
            "bound" => Shows::Ok,
            _ => must_answer(fault),
        },
        ..CALL
    },
    &Call {
        name: "zaak: statussen",
        path: "/zaken/api/v1/statussen$",
        operation: "statussen.list",
        shows: |fault| lacks("stappen", fault),
        ..CALL
    },
    &Call {
        name: "zaak: substatussen",
        path: "/zaken/api/v1/substatussen$",
        operation: "substatussen.list",
        shows: |fault| match fault.reason {
            // No other zaak of the sandbox has any, so that there is nothing foreign in the answer. And a
            // source that does not know them lacks nothing.
            "filter_ignored" | "not_found" => Shows::Ok,
            _ => lacks("stappen", fault),
        },
        besides: |call, fault| match fault.reason {
            "not_found" => not_offered("substatussen"),
            _ => no_answer(call, fault),
        },
        ..CALL
    },
    &Call {
        name: "zaak: zaakinformatieobjecten",
        path: "/zaken/api/v1/zaakinformatieobjecten$",
        operation: "zaakinformatieobjecten.list",
        // A bare array has no pages.
        shows: |fault| lacks_unless_more("documenten", fault),
        ..CALL
    },
    &Call {
        name: "zaak: documenten",
        upstream: "documenten",
        method: "POST",
        path: "/enkelvoudiginformatieobjecten/_zoek$",
        operation: "documenten.zoek",
        shows: |fault| match fault.reason {
            // Where there is no search, documents are asked one by one.
            "not_found" => Shows::Ok,
            _ => lacks_unless_more("documenten", fault),
        },
        besides: |call, fault| match fault.reason {
            "not_found" => not_offered("documenten_zoek"),
            _ => no_answer(call, fault),
        },
        ..CALL
    },
    &Call {
        name: "zaak: besluiten",
        upstream: "besluiten",
        path: "/besluiten$",
        operation: "besluiten.list",
        shows: |fault| lacks("besluiten", fault),
        ..CALL
    },
    &Call {
        name: "zaak: besluitinformatieobjecten",
        upstream: "besluiten",
        path: "/besluitinformatieobjecten$",
        operation: "besluitinformatieobjecten.list",
        shows: |fault| lacks_unless_more("besluiten", fault),
        ..CALL
    },
];

const CATALOGUS: Call = Call {
    upstream: "catalogi",
    warm: false,
    alone: true,
    besides: no_answer_or_end,
    ..CALL
};

/// Types of one zaaktype: those of another are left out, and five pages are read at most.
fn types_of_one(what: &str, fault: &Fault) -> Shows {
    match fault.reason {
        "bound" | "filter_ignored" => Shows::Ok,
        _ => lacks(what, fault),
    }
}

pub const ZAAK_CATALOGUS: &[&Call] = &[
    &Call {
        name: "zaak: zaaktypen",
        path: "/zaaktypen$",
        operation: "zaaktypen.list",
        shows: or_otherwise,
        ..CATALOGUS
    },
    &Call {
        name: "zaak: catalogussen",
        path: "/catalogussen$",
        operation: "catalogussen.list",
        shows: or_otherwise,
        ..CATALOGUS
    },
    &Call {
        name: "zaak: statustypen",
        path: "/statustypen$",
        operation: "statustypen.list",
        shows: |fault| types_of_one("stappen", fault),
        ..CATALOGUS
    },
    &Call {
        name: "zaak: informatieobjecttypen",
        path: "/informatieobjecttypen$",
        operation: "informatieobjecttypen.list",
        shows: |fault| match or_otherwise(fault) {
            Shows::Ok => Shows::Ok,
            _ => lacks("documenten", fault),
        },
        // Each of the three documents asks for its own; most of the time one call does for all.
        asked: 3,
        told: 3,
        ..CATALOGUS
    },
    &Call {
        name: "zaak: besluittypen",
        path: "/besluittypen$",
        operation: "besluittypen.list",
        // A decision without the name of its kind is shown.
        shows: |_| Shows::Ok,
        ..CATALOGUS
    },
    &Call {
        name: "overview: zaaktypen",
        page: Page::Zaken,
        path: "/zaaktypen$",
        operation: "zaaktypen.list",
        whole: "zaken",
        shows: or_otherwise,
        ..CATALOGUS
    },
    &Call {
        name: "overview: statustypen",
        page: Page::Zaken,
        path: "/statustypen$",
        operation: "statustypen.list",
        whole: "zaken",
        shows: |fault| types_of_one("status", fault),
        // Of each zaaktype.
        asked: 3,
        ..CATALOGUS
    },
];

/// A failure before the first byte is a problem with a code.
fn no_download(fault: &Fault) -> Shows {
    match fault.mode {
        "none" if fault.reason.is_empty() => Shows::Stream(Stream::Whole),
        _ => Shows::Problem(503),
    }
}

/// What proves the download is among the first of a list without end, or in a bare array.
fn no_list(fault: &Fault) -> Shows {
    match fault.mode {
        "many_pages" => Shows::Stream(Stream::Whole),
        _ => no_download(fault),
    }
}

fn no_object(fault: &Fault) -> Shows {
    match fault.mode {
        "many_pages" | "ignore_filter" => Shows::Stream(Stream::Whole),
        "status" if fault.reason == "not_found" => Shows::Problem(404),
        _ => no_download(fault),
    }
}

/// The bytes themselves: what is wrong after the head shows in the stream alone.
fn bytes(fault: &Fault) -> Shows {
    match fault.mode {
        "reset" | "truncate" => Shows::Stream(Stream::Broken),
        "drip" => Shows::Stream(Stream::Slow),
        "huge" => Shows::Stream(Stream::Endless),
        "garbage" | "html" | "content_type" => Shows::Stream(Stream::Whole),
        _ => no_object(fault),
    }
}

const DOWN: Call = Call {
    page: Page::Download,
    whole: "download",
    shows: no_download,
    ..CALL
};

pub const DOWNLOAD: &[&Call] = &[
    &Call {
        name: "download: zaak",
        path: "/zaken/api/v1/zaken/{zaak}$",
        operation: "zaak.get",
        shows: no_object,
        ..DOWN
    },
    &Call {
        name: "download: rollen",
        path: "/zaken/api/v1/rollen$",
        query: Some("zaak="),
        operation: "rollen.list",
        shows: no_list,
        ..DOWN
    },
    &Call {
        name: "download: zaakinformatieobjecten",
        path: "/zaken/api/v1/zaakinformatieobjecten$",
        operation: "zaakinformatieobjecten.list",
        shows: no_list,
        ..DOWN
    },
    &Call {
        name: "download: document",
        upstream: "documenten",
        path: "/enkelvoudiginformatieobjecten/",
        query: None,
        operation: "document.get",
        shows: no_object,
        ..DOWN
    },
    &Call {
        name: "download: bytes",
        upstream: "documenten",
        path: "/download$",
        operation: "document.download",
        shows: bytes,
        ..DOWN
    },
];
