//! One page of PDF 1.4 with Helvetica, a letterhead and lines of text.

use std::fmt::Write as _;

/// Text of a PDF string in WinAnsi; what the encoding lacks becomes a question mark.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            '€' => out.push_str("\\200"),
            '\u{a0}'..='\u{ff}' => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\{:03o}", u32::from(c));
            }
            _ => out.push('?'),
        }
    }
    out
}

pub fn make(title: &str, lines: &[String]) -> Vec<u8> {
    let mut content = format!(
        "0.09 0.32 0.42 rg 0 806 595 36 re f 1 1 1 rg\n\
         BT /F2 14 Tf 50 818 Td (Gemeente Lindenwaard) Tj ET\n\
         0 0 0 rg BT /F2 18 Tf 50 755 Td ({}) Tj ET\n\
         BT /F1 11 Tf 16 TL 50 725 Td\n",
        escape(title)
    );
    for line in lines {
        let _ = writeln!(content, "({}) Tj T*", escape(line));
    }
    content.push_str(
        "ET\nBT /F1 8 Tf 50 40 Td (Voorbeelddocument uit de demo van Zijspan. De gemeente bestaat niet.) Tj ET\n",
    );
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (nl-NL) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}endstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>"
            .to_owned(),
        format!("<< /Title ({}) /Producer (Zijspan) >>", escape(title)),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let xref = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(out, "{offset:010} 00000 n ");
    }
    let _ = write!(
        out,
        "trailer\n<< /Size {} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{xref}\n%%EOF\n",
        objects.len() + 1
    );
    out.into_bytes()
}
