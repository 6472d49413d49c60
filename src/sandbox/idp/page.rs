//! The pages of the provider: plain HTML that works without JavaScript, in Dutch, marked as a demo.

use std::fmt::Write as _;

use super::DIGID_SUBSTANTIEEL;
use super::authorize::LEVELS;
use super::mandates::Mandate;
use crate::sandbox::data::{Person, PersonNumber};

/// More persons than this are not listed; their number can be typed.
const LISTED: usize = 60;

const STYLE: &str = "
:root{color-scheme:light;font:1rem/1.5 system-ui,sans-serif;color:#1c2b33;background:#eef2f4}
body{margin:0}
.demo{background:#7a1f5c;color:#fff;padding:.75rem 1rem;text-align:center;font-weight:600}
main{max-width:42rem;margin:2rem auto;padding:1.5rem 2rem 2rem;background:#fff;border-radius:.5rem;\
box-shadow:0 1px 4px #0003}
h1{margin:0 0 .5rem;font-size:1.6rem}
h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
p{margin:.25rem 0 1rem}
ul{list-style:none;margin:0;padding:0}
li{margin:0 0 .5rem}
button{font:inherit;cursor:pointer;border-radius:.35rem}
li button{display:block;width:100%;text-align:left;padding:.65rem .9rem;background:#fff;\
border:1px solid #66757d;color:inherit}
li li{margin:.5rem 0 0 1.5rem}
li button:hover{background:#e8f3f6;border-color:#0b5563}
strong{color:#0b5563}
small{display:block;font-size:.9rem;color:#46565e}
label{display:block;font-weight:600;margin-bottom:.25rem}
select,input{font:inherit;padding:.5rem;border:1px solid #66757d;border-radius:.35rem;background:#fff;\
color:inherit;box-sizing:border-box;max-width:100%}
.row button{padding:.5rem 1rem;border:1px solid #0b5563;background:#0b5563;color:#fff}
.plain{padding:.5rem 1rem;border:1px solid #66757d;background:#fff;color:inherit}
:focus-visible{outline:3px solid #7a1f5c;outline-offset:2px}
";

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

fn page(title: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"nl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title} – demo</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n\
         <header class=\"demo\">Demo: dit is geen DigiD of eHerkenning</header>\n\
         <main>\n<h1>{title}</h1>\n{content}\n</main>\n</body>\n</html>\n",
        title = escape(title)
    )
}

pub fn message(title: &str, text: &str) -> String {
    page(title, &format!("<p>{}</p>", escape(text)))
}

pub fn home() -> String {
    message(
        "Inloggen met een testpersoon",
        "Dit is de inlogdienst van de demo van Zijspan. Begin op de website en kies daar Inloggen.",
    )
}

/// The test persons as buttons of one form.
pub fn choose(carried: &[(&str, &str)], persons: &[Person], mandates: &[Mandate]) -> String {
    let mut hidden = String::new();
    for (name, value) in carried {
        // Writing to a String does not fail, here and below.
        let _ = writeln!(
            hidden,
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        );
    }
    let mut out = format!(
        "<p>Kies als wie u wilt inloggen. De personen en hun gegevens zijn verzonnen; \
         een wachtwoord is niet nodig.</p>\n<form method=\"post\" action=\"/authorize\">\n{hidden}"
    );
    out.push_str(
        "<label for=\"acr\">Betrouwbaarheidsniveau</label>\n<select id=\"acr\" name=\"acr\">\n",
    );
    for (name, digid, _) in LEVELS {
        let selected = if digid == DIGID_SUBSTANTIEEL {
            " selected"
        } else {
            ""
        };
        let _ = writeln!(out, "<option value=\"{digid}\"{selected}>{name}</option>");
    }
    out.push_str("</select>\n");
    for (title, business) in [("Inwoners", false), ("Ondernemers", true)] {
        let mut group = String::new();
        for (index, person) in persons.iter().enumerate().take(LISTED) {
            if matches!(person.number, PersonNumber::Kvk(_)) == business {
                group.push_str(&entry(index, person));
            }
        }
        if !group.is_empty() {
            let _ = writeln!(out, "<h2>{title}</h2>\n<ul>\n{group}</ul>");
        }
    }
    if !mandates.is_empty() {
        out.push_str("<h2>Namens een ander</h2>\n<ul>\n");
        for mandate in mandates {
            let button = button(mandate.choice, mandate.name, &mandate.about);
            let _ = writeln!(out, "<li>{button}</li>");
        }
        out.push_str("</ul>\n");
    }
    // A form of its own: Enter in the field must not press the first person's button.
    let _ = write!(
        out,
        "<p><button class=\"plain\" name=\"person\" value=\"cancel\">Annuleren</button></p>\n</form>\n\
         <h2>Iemand anders</h2>\n<form method=\"post\" action=\"/authorize\">\n{hidden}\
         <p class=\"row\"><label for=\"number\">BSN (9 cijfers) of KvK-nummer (8 cijfers) van een \
         testpersoon</label>\n<input id=\"number\" name=\"number\" inputmode=\"numeric\" \
         autocomplete=\"off\" maxlength=\"9\">\n\
         <button name=\"person\" value=\"other\">Inloggen met dit nummer</button></p>\n</form>"
    );
    page("Inloggen met een testpersoon", &out)
}

fn button(value: &str, name: &str, about: &str) -> String {
    format!(
        "<button name=\"person\" value=\"{}\"><strong>{}</strong><small>{}</small></button>",
        escape(value),
        escape(name),
        escape(about)
    )
}

fn entry(index: usize, person: &Person) -> String {
    let kind = match person.number {
        PersonNumber::Bsn(_) => "BSN",
        PersonNumber::Kvk(_) => "KvK",
    };
    let about = format!("{} – {kind} {}", person.about, person.number.as_str());
    let mut out = format!("<li>{}", button(&index.to_string(), &person.name, &about));
    if !person.vestigingen.is_empty() {
        out.push_str("\n<ul>\n");
        for (nummer, naam) in &person.vestigingen {
            let about = format!("alleen deze vestiging – {nummer}");
            let _ = writeln!(
                out,
                "<li>{}</li>",
                button(&format!("{index}/{nummer}"), naam, &about)
            );
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</li>\n");
    out
}
