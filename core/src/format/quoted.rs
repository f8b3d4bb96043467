//! Writing of the vendor's CSV: every field in double quotes, quotes inside doubled, comma between fields, LF after
//! each line.

/// Appends a whole line of fields.
pub fn push_line(out: &mut Vec<u8>, fields: &[&str]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        push_field(out, field.as_bytes());
    }
    out.push(b'\n');
}

/// Appends one field in its quotes.
pub fn push_field(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'"');
    for byte in value {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_nothing_else_changes() {
        let mut line = Vec::new();
        push_line(&mut line, &["a", "say \"hi\", é", "two\nlines", ""]);
        assert_eq!(String::from_utf8_lossy(&line), "\"a\",\"say \"\"hi\"\", é\",\"two\nlines\",\"\"\n");
    }
}
