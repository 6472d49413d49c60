//! Small real files of our own making: PDF, PNG and DOCX, written byte by byte.

mod docx;
mod pdf;
mod png;
mod zip;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Pdf,
    Png,
    Docx,
}

impl FileKind {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Docx => "docx",
        }
    }

    /// The bytes of a file with this title and these lines; the same for the same input.
    pub fn make(self, title: &str, lines: &[String]) -> Vec<u8> {
        match self {
            Self::Pdf => pdf::make(title, lines),
            Self::Png => png::make(title),
            Self::Docx => docx::make(title, lines),
        }
    }
}

/// CRC-32 as PNG and ZIP use it.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_knows_its_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn every_file_begins_with_its_own_signature() {
        let lines = vec!["Geachte mevrouw (van den Akker),".to_owned()];
        let make = |kind: FileKind| kind.make("Besluit", &lines);
        assert!(make(FileKind::Pdf).starts_with(b"%PDF-1.4\n"));
        assert!(make(FileKind::Png).starts_with(b"\x89PNG\r\n\x1a\n"));
        assert!(make(FileKind::Docx).starts_with(b"PK\x03\x04"));
        assert_eq!(make(FileKind::Docx), make(FileKind::Docx));
    }
}
