//! Recorded answers of the Training Recommender: one JSON object per line. The same objects in lists, or over several
//! lines, are read as well.
//!
//! A line is `{"ba_id": 88563, "body": <the API's answer>}`, or `{"ba_id": 88563, "error": "..."}` for a failed call. A
//! line that is not such an object refuses the file; an unusable answer is only a warning.

use serde_json::value::RawValue;
use serde_json::{Value, json};

pub use super::answer::{Answer, Recommendation};
use super::answer::{JsonFields, error_text, fields_of, parse_answer, repeated_name, text_of, value_of, whole_number};
use super::foreign_format::foreign_to_json;
use super::identifier::meant_id;
use super::json_pieces::{JsonPiece, answers_of_line, line_end, values};
use super::lenient_json::{offset_in_original, with_json_numbers};
use super::record::BYTE_ORDER_MARK;
use super::usual_answer::{self, AnswersForOthers};
use crate::text::chunks::{ByteSource, Chunk, OneAfterAnother, Workers, in_chunks};
use crate::text::json_error::json_words;
use crate::text::problem::{Place, Problem, ProblemKind, Reading, limited};
use crate::text::shared_texts::SharedTexts;
use crate::text::similar::most_similar;
use crate::text::visible::quoted;

/// The recorded answer for one employee. `A` is what the reader keeps of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer<A = Answer> {
    /// The employee.
    pub ba_id: u64,
    /// The line of the recording, from 1.
    pub line: u32,
    /// The answer.
    pub answer: A,
}

/// Reads a recording. Returns the answers for employees accepted by `keep`; the lines of others are checked, too. If an
/// employee has two answers, both are returned in the order of the file, with a warning at the later one, which counts.
#[must_use]
pub fn read(bytes: &[u8], keep: impl Fn(u64) -> bool + Sync) -> Reading<Vec<RecordedAnswer>> {
    read_from(&bytes, &OneAfterAnother, keep)
}

/// As [`read`], in chunks as long as each line holds whole answers. Any other recording is read as a whole.
#[must_use]
pub fn read_from(
    source: &dyn ByteSource,
    workers: &impl Workers,
    keep: impl Fn(u64) -> bool + Sync,
) -> Reading<Vec<RecordedAnswer>> {
    let keep = |ba_id, answer| keep(ba_id).then_some(answer);
    // A recording repeats few names many times.
    let take = |(names, answers): &mut (SharedTexts, Vec<_>), mut answer: RecordedAnswer| {
        if let Answer::Recommendations(recommendations) = &mut answer.answer {
            recommendations.iter_mut().for_each(|one| one.name = names.of(&one.name));
        }
        answers.push(answer);
    };
    let Reading { value: (_, answers), problems } = read_by(source, workers, None, keep, take);
    Reading { value: answers, problems }
}

/// Appends the line of an answer to a recording.
pub fn push_line(out: &mut Vec<u8>, ba_id: u64, answer: &Answer) {
    let line = match answer {
        Answer::Failed(why) => json!({ "ba_id": ba_id, "error": why }),
        Answer::Recommendations(recommendations) => {
            let item = |Recommendation { content_id, name }: &Recommendation| json!({ "ba_id": ba_id, "recommended_content_id": content_id, "recommended_content": &**name });
            let items: Vec<Value> = recommendations.iter().map(item).collect();
            json!({ "ba_id": ba_id, "body": { "response": { "ml_recommendations": items } } })
        }
    };
    out.extend_from_slice(line.to_string().as_bytes());
    out.push(b'\n');
}

/// As [`read_from`], with the recommended contents alone.
pub(crate) fn read_contents_from(source: &dyn ByteSource, workers: &impl Workers) -> Reading<RecommendedContents> {
    let contents = |_, answer| match answer {
        Answer::Recommendations(items) => Some(items.iter().map(|item| item.content_id).collect::<Vec<u64>>()),
        Answer::Failed(_) => Some(Vec::new()),
    };
    read_by(source, workers, None, contents, RecommendedContents::take)
}

/// The recommended contents of a recording.
#[derive(Default)]
pub(crate) struct RecommendedContents {
    /// The number of answers.
    pub(crate) answers: usize,
    /// Employee and content, in the order of the answers. A pair with content 0 marks the beginning of an answer whose
    /// employee may have an earlier one.
    pairs: Vec<(u64, u64)>,
    /// The highest employee id so far.
    highest: u64,
}

impl RecommendedContents {
    fn take(&mut self, RecordedAnswer { ba_id, answer, .. }: RecordedAnswer<Vec<u64>>) {
        self.answers += 1;
        self.pairs.extend((ba_id <= self.highest).then_some((ba_id, 0)));
        self.pairs.extend(answer.into_iter().map(|content| (ba_id, content)));
        self.highest = self.highest.max(ba_id);
    }

    /// Employee and content of the latest answer of each employee; sorted, each pair once.
    pub(crate) fn latest(self) -> Vec<(u64, u64)> {
        let RecommendedContents { mut pairs, .. } = self;
        pairs.sort_by_key(|(ba_id, _)| *ba_id);
        // From the end on, the first answer of an employee is the latest.
        pairs.reverse();
        let mut done = 0;
        pairs.retain(|(ba_id, content)| {
            let counts = *ba_id != done && *content != 0;
            done = if *content == 0 { *ba_id } else { done };
            counts
        });
        pairs.reverse();
        pairs.chunk_by_mut(|a, b| a.0 == b.0).for_each(<[_]>::sort_unstable);
        pairs.dedup();
        pairs
    }
}

/// As [`read_from`], for one employee. Lines that are certainly about another employee are not parsed, so the recording
/// must have been read without errors before.
pub(crate) fn read_of_one(source: &dyn ByteSource, workers: &impl Workers, ba_id: u64) -> Reading<Vec<RecordedAnswer>> {
    let keep = |one, answer| (one == ba_id).then_some(answer);
    read_by(source, workers, Some(&AnswersForOthers::than(ba_id)), keep, Vec::push)
}

/// Reads a recording. Passes to `take` what `keep` returns for each answer, in order. Lines that `others` recognises
/// are not parsed.
fn read_by<A: Send, T: Default>(
    source: &dyn ByteSource,
    workers: &impl Workers,
    others: Option<&AnswersForOthers>,
    keep: impl Fn(u64, Answer) -> Option<A> + Sync,
    take: impl Fn(&mut T, RecordedAnswer<A>),
) -> Reading<T> {
    let read = |chunk: Chunk<'_>| {
        let text = chunk.bytes;
        let text = if chunk.is_first { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        let is_whole = chunk.is_first && chunk.is_last;
        AnswersOfChunk::by_line(text, others, &keep)
            .or_else(|| is_whole.then(|| AnswersOfChunk::over_lines(text, &keep)))
    };
    in_chunks(source, workers, read, |recording: &mut Recording<T>, chunk| recording.take(chunk, &take)).finish()
}

/// The answers of a chunk of a recording. Places count from its first line.
struct AnswersOfChunk<A> {
    lines: u32,
    /// Each readable answer: its employee, its place, and what `keep` returned.
    seen: Vec<(u64, Place, Option<A>)>,
    problems: Vec<Problem>,
}

impl<A> AnswersOfChunk<A> {
    fn none() -> AnswersOfChunk<A> {
        AnswersOfChunk { lines: 0, seen: Vec::new(), problems: Vec::new() }
    }

    /// Reads lines that each hold whole answers; `None` if one does not.
    fn by_line(
        text: &[u8],
        others: Option<&AnswersForOthers>,
        keep: &impl Fn(u64, Answer) -> Option<A>,
    ) -> Option<AnswersOfChunk<A>> {
        let (mut chunk, mut names) = (AnswersOfChunk::none(), SharedTexts::default());
        let mut at = 0;
        while at < text.len() {
            let end = line_end(text, at);
            let line = &text[at..end];
            chunk.lines += 1;
            if let Some(other) = others.and_then(|others| others.employee(line)) {
                chunk.seen.push((other, Place::new(chunk.lines, 1), None));
                at = end + 1;
                continue;
            }
            match if line.first() == Some(&b'{') { usual_answer::read(line) } else { None } {
                Some((ba_id, recommended)) => {
                    let recommendation = |(content_id, name)| Recommendation { content_id, name: names.of(name) };
                    let answer = Answer::Recommendations(recommended.into_iter().map(recommendation).collect());
                    chunk.add(ba_id, Place::new(chunk.lines, 1), answer, keep);
                }
                None => {
                    for piece in answers_of_line(line)? {
                        let place = Place { line: chunk.lines, ..piece.place };
                        chunk.read(JsonPiece { place, ..piece }, keep);
                    }
                }
            }
            at = end + 1;
        }
        Some(chunk)
    }

    /// Reads values over any number of lines.
    fn over_lines(text: &[u8], keep: &impl Fn(u64, Answer) -> Option<A>) -> AnswersOfChunk<A> {
        let mut chunk = AnswersOfChunk::none();
        if let Some(looks_like) = foreign_to_json(text) {
            let kind = ProblemKind::NoRecording { looks_like: looks_like.to_owned() };
            chunk.problems.push(Problem::error(Place::START, kind));
            return chunk;
        }
        let mut pieces = values(text);
        if !pieces.iter().any(|piece| matches!(piece.text.trim_ascii_start(), [b'{' | b'[', ..])) {
            // Nothing in the text is JSON, so one problem, at the first line, is enough.
            pieces.truncate(1);
        }
        pieces.into_iter().for_each(|piece| chunk.read(piece, keep));
        chunk
    }

    fn read(&mut self, piece: JsonPiece<'_>, keep: &impl Fn(u64, Answer) -> Option<A>) {
        match read_answer(piece, &mut self.problems) {
            Ok((ba_id, answer)) => self.add(ba_id, piece.place, answer, keep),
            Err(problem) => self.problems.push(problem),
        }
    }

    fn add(&mut self, ba_id: u64, place: Place, answer: Answer, keep: &impl Fn(u64, Answer) -> Option<A>) {
        self.seen.push((ba_id, place, keep(ba_id, answer)));
    }
}

/// The answers of the chunks so far.
#[derive(Default)]
struct Recording<T> {
    lines: u32,
    seen: Vec<(u64, Place)>,
    answers: T,
    problems: Vec<Problem>,
}

impl<T> Recording<T> {
    fn take<A>(&mut self, chunk: AnswersOfChunk<A>, take: &impl Fn(&mut T, RecordedAnswer<A>)) {
        let moved = |place: Place| place.further_down(self.lines);
        for (ba_id, place, answer) in chunk.seen {
            self.seen.push((ba_id, moved(place)));
            let Some(answer) = answer else { continue };
            take(&mut self.answers, RecordedAnswer { ba_id, line: moved(place).line, answer });
        }
        self.problems.extend(chunk.problems.into_iter().map(|one| one.further_down(self.lines)));
        self.lines = self.lines.saturating_add(chunk.lines);
    }

    fn finish(self) -> Reading<T> {
        let Recording { mut seen, answers, mut problems, .. } = self;
        if seen.is_empty() && problems.is_empty() {
            problems.push(Problem::warning(Place::START, ProblemKind::NoAnswers));
        }
        if !seen.is_sorted_by(|earlier, later| earlier.0 < later.0) {
            seen.sort_unstable();
            let repeated = seen.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| {
                let kind = ProblemKind::RepeatedAnswer { ba_id: pair[1].0, first_line: pair[0].1.line };
                Problem::warning(pair[1].1, kind)
            });
            problems.extend(repeated);
            problems.sort_by_key(|problem| problem.place);
        }
        Reading { value: answers, problems: limited(problems) }
    }
}

/// Employee and answer of a piece; reasons why recommendations are left out are added to `problems`.
fn read_answer(piece: JsonPiece<'_>, problems: &mut Vec<Problem>) -> Result<(u64, Answer), Problem> {
    let place = piece.place;
    let text = std::str::from_utf8(piece.text).map_err(|error| {
        let bad = error.valid_up_to();
        Problem::error(place_in(piece, bad), ProblemKind::NotUtf8 { byte: piece.text[bad] })
    })?;
    let json = with_json_numbers(text);
    let value: &RawValue = serde_json::from_str(&json).map_err(|error| json_problem(piece, text, &json, &error))?;
    let field_problem = |field: &str, message: &str| {
        let kind = ProblemKind::BadJsonField { field: field.to_owned(), message: message.to_owned() };
        Problem::error(place, kind)
    };
    let Some(object) = fields_of(value) else {
        let kind = ProblemKind::BadJson { message: "it is another kind of value".to_owned() };
        return Err(Problem::error(place, kind));
    };
    if let Some(field) = repeated_name(value, &["ba_id", "body", "error"]) {
        return Err(field_problem(field, "it stands twice in one object; give each answer an object of its own"));
    }
    let missing = |field: &str, add: &str| {
        let meant = similar_key(&object, field).map_or_else(String::new, |key| format!(". Did you mean it by {key}?"));
        field_problem(field, &format!("it is missing; {add}{meant}"))
    };
    let found = object.get("ba_id").ok_or_else(|| missing("ba_id", "add the employee's id"))?;
    let ba_id = whole_number(found).ok_or_else(|| {
        let text = value_of(found).map(|found| text_of(&found));
        let meant = text.as_deref().and_then(meant_id).map(|id| format!(". Did you mean '{id}'?")).unwrap_or_default();
        let found = text.map_or_else(|| "it".to_owned(), |text| quoted(&text));
        field_problem("ba_id", &format!("{found} is no id: a whole number from 1{meant}"))
    })?;
    let body = object.get("body");
    let answer = match (body, object.get("error").and_then(|error| error_text(error))) {
        (_, Some(error)) => Answer::Failed(error),
        (Some(body), None) => {
            let (answer, found) = parse_answer(ba_id, body);
            problems.extend(found.into_iter().map(|kind| Problem::warning(place, kind)));
            answer
        }
        (None, None) => match object.get("error").and_then(|error| value_of(error)).filter(|error| !error.is_null()) {
            Some(Value::String(blank)) if blank.trim().is_empty() => Answer::Failed("no reason given".to_owned()),
            Some(unexplained) => Answer::Failed(text_of(&unexplained)),
            None => return Err(missing("body", "a line has a body or an error")),
        },
    };
    Ok((ba_id, answer))
}

/// The key most similar to a field's name, in quotes.
fn similar_key(object: &JsonFields<'_>, field: &str) -> Option<String> {
    let keys: Vec<&str> = object.keys().map(String::as_str).collect();
    most_similar(field, &keys).filter(|key| !matches!(*key, "ba_id" | "body" | "error")).map(quoted)
}

/// The problem of an invalid piece. `text` is the piece, `json` the result of [`with_json_numbers`] to which the
/// error's place refers.
fn json_problem(piece: JsonPiece<'_>, text: &str, json: &str, error: &serde_json::Error) -> Problem {
    let lines_before = json.split_inclusive('\n').take(error.line().saturating_sub(1));
    let offset = lines_before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    let offset = offset_in_original(text, offset.min(json.len()));
    Problem::error(place_in(piece, offset), ProblemKind::BadJson { message: json_words(error) })
}

/// The place of a byte of a piece.
fn place_in(piece: JsonPiece<'_>, offset: usize) -> Place {
    let before = &piece.text[..offset];
    let line_breaks = before.iter().filter(|byte| **byte == b'\n').count();
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[line_start..]).chars().count();
    let first = if line_breaks == 0 { piece.place.column } else { 1 };
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Place::new(piece.place.line.saturating_add(number(line_breaks)), first.saturating_add(number(column)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str) {
        let text = format!("{{\"ba_id\": 7, \"body\": {body}}}\n");
        let reading = read(text.as_bytes(), |_| true);
        let mut found = match reading.value.first().map(|recorded| &recorded.answer) {
            Some(Answer::Recommendations(items)) => {
                items.iter().map(|item| item.content_id.to_string()).collect::<Vec<_>>().join(" ")
            }
            Some(Answer::Failed(why)) => format!("failed: {why}"),
            None => "nothing".to_owned(),
        };
        for problem in &reading.problems {
            found.push_str(&format!(" | {problem}"));
        }
        assert_eq!(found, expected, "{body}");
    }

    #[test]
    fn recommendations_that_are_no_list_are_warned_of() {
        let warning = " | 1:1: a recommendation for 7 is left out: its ml_recommendations is no list";
        for list in ["{\"0\": {\"recommended_content_id\": 5}}", "\"[{}]\"", "{\"recommended_content_id\": 5}"] {
            check(&format!("{{\"response\": {{\"ml_recommendations\": {list}}}}}"), warning);
        }
        check("{\"response\": \"{\\\"ml_recommendations\\\": []}\"}", warning);
        for list in ["null", "[]", "{}", "\"\"", "\"None\""] {
            check(&format!("{{\"response\": {{\"ml_recommendations\": {list}}}}}"), "");
        }
        check(
            "\"{\\\"response\\\": {\\\"ml_recommendations\\\": []}}\"",
            "failed: the answer is not a JSON object | 1:1: a recommendation for 7 is left out: its body is no JSON object, but \
             holds one",
        );
    }

    #[test]
    fn a_float_that_may_be_another_number_is_no_id() {
        let item =
            |id: &str| format!("{{\"response\": {{\"ml_recommendations\": [{{\"recommended_content_id\": {id}}}]}}}}");
        check(&item("9007199254740991.0"), "9007199254740991");
        check(
            &item("9007199254740993.0"),
            " | 1:1: a recommendation for 7 is left out: its recommended_content_id 9007199254740993.0 is no id",
        );
    }

    #[test]
    fn what_holds_no_answers_is_named() {
        let none = "1:1: no answer in the file; each line is {\"ba_id\": 88563, \"body\": ...}";
        let foreign = |looks_like: &str| {
            format!(
                "1:1: these are no recorded recommendations: the file looks like {looks_like}. They are UTF-8 text: each line \
                 is {{\"ba_id\": 88563, \"body\": ...}}"
            )
        };
        let utf_32 = "\u{feff}{}".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let utf_16 = |units: &str| units.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (bytes, expected) in [
            (Vec::new(), none.to_owned()),
            (b"\xEF\xBB\xBF \r\n\n".to_vec(), none.to_owned()),
            (b"[]".to_vec(), none.to_owned()),
            (
                b"- ba_id: 1\n- ba_id: 2\n".to_vec(),
                "1:2: not a JSON object (invalid number); each line is {\"ba_id\": 88563, \"body\": ...}".to_owned(),
            ),
            (utf_16("\u{feff}{\"ba_id\": 7, \"error\": \"\u{e9}\"}"), foreign("text in the encoding UTF-16")),
            (utf_16("{\"ba_id\": 7, \"error\": \"\u{e9}\"}\n"), foreign("text in the encoding UTF-16")),
            (utf_32, foreign("text in the encoding UTF-32")),
            (b"PK\x03\x04".to_vec(), foreign("an Excel workbook or a ZIP archive")),
            (b"\x1F\x8B\x08\x00\x00".to_vec(), foreign("a file compressed by gzip, which must be unpacked first")),
            (b"<!DOCTYPE html>\n<p>\n".to_vec(), foreign("a web page")),
        ] {
            let found: Vec<String> = read(&bytes, |_| true).problems.iter().map(ToString::to_string).collect();
            assert_eq!(found, [expected], "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn an_id_with_characters_that_nobody_sees_is_named() {
        for (id, shown) in [
            ("7\u{200b}", "7\\u{200b}"),
            ("\u{feff}7", "\\u{feff}7"),
            (" 7\u{2060} ", " 7\\u{2060} "),
            ("7\u{a0}", "7\\u{a0}"),
            ("\u{200d}7", "\\u{200d}7"),
        ] {
            let problems = read(format!("{{\"ba_id\": \"{id}\", \"body\": {{}}}}").as_bytes(), |_| true).problems;
            let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(
                found,
                [format!("1:1: ba_id: '{shown}' is no id: a whole number from 1. Did you mean '7'?")],
                "{shown}"
            );
            let item =
                format!("{{\"response\": {{\"ml_recommendations\": [{{\"recommended_content_id\": \"{id}\"}}]}}}}");
            let left_out =
                format!(" | 1:1: a recommendation for 7 is left out: its recommended_content_id \"{shown}\" is no id");
            check(&item, &left_out);
        }
        check(
            "{\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": \" 104\u{202f}829 \"}]}}",
            "104829",
        );
    }

    #[test]
    fn a_field_of_an_answer_that_stands_twice_is_named() {
        let list = |id: u64| format!("[{{\"recommended_content_id\": {id}}}]");
        let named = |field: &str| format!(" | 1:1: the answer for 7 has the field {field} twice; the later one counts");
        check(
            &format!(
                "{{\"response\": {{\"ml_recommendations\": {}}}, \"response\": {{\"ml_recommendations\": {}}}}}",
                list(5),
                list(6)
            ),
            &("6".to_owned() + &named("response")),
        );
        check(
            &format!("{{\"response\": {{\"ml_recommendations\": {}, \"ml_recommendations\": []}}}}", list(5)),
            &named("ml_recommendations"),
        );
        check(
            "{\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 5, \"recommended_content_id\": 6}]}}",
            " | 1:1: a recommendation for 7 is left out: recommended_content_id stands twice in it",
        );
    }

    #[test]
    fn an_object_that_names_a_field_twice_refuses_the_recording() {
        let text = b"{\"ba_id\": 1, \"body\": {}, \"ba_id\": 2}";
        let found: Vec<String> = read(text, |_| true).problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["1:1: ba_id: it stands twice in one object; give each answer an object of its own"]);
    }

    #[test]
    fn answers_are_understood() {
        let item = |fields: &str| format!("{{\"response\": {{\"ml_recommendations\": [{{{fields}}}]}}}}");
        check(&item("\"ba_id\": 7, \"recommended_content_id\": 574327, \"order\": 1, \"extra\": {}"), "574327");
        check(&item("\"recommended_content_id\": \"2,033,875\""), "2033875");
        check(&item("\"recommended_content_id\": 12.0, \"ba_id\": \"7\""), "12");
        check(
            &item("\"recommended_content_id\": 12.5"),
            " | 1:1: a recommendation for 7 is left out: its recommended_content_id 12.5 is no id",
        );
        check(
            &item("\"recommended_content_id\": \"\u{ff17}\""),
            " | 1:1: a recommendation for 7 is left out: its recommended_content_id \"\u{ff17}\" (U+FF17, not the digit 7) is \
             no id",
        );
        check(
            &item("\"recommended_content_id\": null"),
            " | 1:1: a recommendation for 7 is left out: its recommended_content_id null is no id",
        );
        check(&item(""), " | 1:1: a recommendation for 7 is left out: it has no recommended_content_id");
        check(
            &item("\"recommended_content_id\": 5, \"ba_id\": 8"),
            " | 1:1: a recommendation for 7 is left out: it is for the employee 8",
        );
        check("{\"response\": {\"ml_recommendations\": []}}", "");
        check("{\"response\": \"no recommendations\"}", "");
        check("{\"response\": null}", "");
        check("{\"response\": {\"ml_recommendations\": {}}}", "");
        check("{\"error\": \"boom\"}", "failed: the answer is an error: boom");
        check("{\"error\": {\"code\": 3}, \"response\": {}}", "failed: the answer is an error: {\"code\":3}");
        check("{\"timing\": {}}", "failed: the answer has no response");
        check("[]", "failed: the answer is not a JSON object");
    }

    #[test]
    fn a_recording_is_read_as_one_list_or_over_several_lines_too() {
        let one = "{\"ba_id\": 1, \"error\": \"timeout\"}";
        let two = "{\n  \"ba_id\": 2,\n  \"body\": {\"response\": {}}\n}";
        let summary = |text: &str| {
            let reading = read(text.as_bytes(), |_| true);
            let read = reading.value.iter().map(|answer| format!("{} in line {}", answer.ba_id, answer.line));
            read.chain(reading.problems.iter().map(ToString::to_string)).collect::<Vec<_>>().join(" | ")
        };
        for (text, expected) in [
            (format!("[{one}, {two}]"), "1 in line 1 | 2 in line 1"),
            (format!("[\n{one},\n{two}\n]\n"), "1 in line 2 | 2 in line 3"),
            (format!("{two}\n{one}\n"), "2 in line 1 | 1 in line 5"),
            (format!("{{\"answers\": [{one},\n{two}]}}"), "1 in line 1 | 2 in line 2"),
            (format!("{one}\n{two}\n{{\"ba_id\": 3, \"body\": {{}}}}\n"), "1 in line 1 | 2 in line 2 | 3 in line 6"),
            (format!("{two}\n[{one}]\n"), "2 in line 1 | 1 in line 5"),
            (format!("{one},\n{two},\n"), "1 in line 1 | 2 in line 2"),
            (
                format!("{one}\n{{\n  \"ba_id\": 2,\n  \"body\": {{\n    \"response\": {{}}\n}}\n{one}"),
                "1 in line 1 | 1 in line 7 | 6:1: not a JSON object (the text ends in the middle of an object); each line is {\"ba_id\": \
                 88563, \"body\": ...} | 7:1: an answer for 1 stands in line 1 already; this later one counts. Remove one of \
                 the two",
            ),
            (
                format!("[{one}, {one}, 7]"),
                "1 in line 1 | 1 in line 1 | 1:36: an answer for 1 stands in line 1 already; this later one counts. Remove one \
                 of the two | 1:70: not a JSON object (it is another kind of value); each line is {\"ba_id\": 88563, \
                 \"body\": ...}",
            ),
            (
                "[\n {\"ba_id\": 1,\n \"error\" 2}\n]".to_owned(),
                "3:10: not a JSON object (: is missing here); each line is {\"ba_id\": 88563, \"body\": ...}",
            ),
            (
                "{\"response\": {\"ml_recommendations\": []}}".to_owned(),
                "1:1: ba_id: it is missing; add the employee's id",
            ),
        ] {
            assert_eq!(summary(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_nobody_reads_costs_nothing() {
        let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
        for odd in ["NaN", "Infinity", "-Infinity", "nan", "1e400", "[NaN, {\"x\": -Infinity}]", "\"\\ud800\"", &deep] {
            check(
                &format!(
                    "{{\"response\": {{\"ml_recommendations\": [{{\"recommended_content_id\": 5, \"score\": {odd}}}], \"took\": {odd}}}, \"timing\": {odd}}}"
                ),
                "5",
            );
        }
    }

    #[test]
    fn what_is_read_and_not_finite_is_no_value() {
        let item = |fields: &str| format!("{{\"response\": {{\"ml_recommendations\": [{{{fields}}}]}}}}");
        for odd in ["NaN", "Infinity", "-Infinity", "1e400"] {
            check(
                &item(&format!("\"recommended_content_id\": {odd}")),
                " | 1:1: a recommendation for 7 is left out: its recommended_content_id is neither text nor a finite number",
            );
            check(
                &item(&format!("\"recommended_content_id\": 5, \"ba_id\": {odd}, \"recommended_content\": {odd}")),
                "5",
            );
            check(&format!("{{\"response\": {odd}}}"), "");
            check(&format!("{{\"response\": {{\"ml_recommendations\": {odd}}}}}"), "");
        }
        check("NaN", "failed: the answer is not a JSON object");
        check(
            "{\"response\": {\"ml_recommendations\": [NaN]}}",
            " | 1:1: a recommendation for 7 is left out: it has no recommended_content_id",
        );
        let reading =
            read(b"{\"ba_id\": NaN, \"body\": {}}\n{\"ba_id\": 7, \"x\": [NaN, -Infinity], nope}\n", |_| true);
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "1:1: ba_id: it is no id: a whole number from 1",
                "2:37: not a JSON object (the name of a field stands here without double quotes); each line is {\"ba_id\": 88563, \"body\": ...}",
            ]
        );
    }

    #[test]
    fn an_empty_error_beside_an_answer_is_none() {
        let good = "\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 5}]}";
        for error in [
            "null",
            "false",
            "\"\"",
            "\" \"",
            "0",
            "0.0",
            "{}",
            "[]",
            "[\"\"]",
            "\"None\"",
            "\"null\"",
            "NaN",
            "\"false\"",
            "\"OK\"",
            "\"No error.\"",
            "{\"code\": 0, \"message\": \"ok\"}",
            "{\"code\": \"0\", \"message\": \"Success\", \"details\": []}",
            "{\"status_code\": 200, \"success\": true}",
            "[{\"code\": 200}]",
            "{\"code\": 0, \"msg\": \"OK\", \"traceId\": \"4f7\", \"time\": 12}",
            "{\"code\": 0, \"message\": null}",
        ] {
            check(&format!("{{\"error\": {error}, {good}}}"), "5");
            check(&format!("{{\"error\": {error}}}"), "failed: the answer has no response");
            let line = format!("{{\"ba_id\": 7, \"error\": {error}, \"body\": {{{good}}}}}");
            let reading = read(line.as_bytes(), |_| true);
            assert!(matches!(&reading.value[0].answer, Answer::Recommendations(items) if items.len() == 1), "{line}");
        }
        for (error, message) in [
            ("true", "true"),
            ("\"0\"", "0"),
            ("3", "3"),
            ("[\"boom\"]", "[\"boom\"]"),
            ("{\"code\": 3}", "{\"code\":3}"),
            ("{\"code\": 0, \"message\": \"boom\"}", "{\"code\":0,\"message\":\"boom\"}"),
            ("{\"code\": 500, \"message\": \"ok\"}", "{\"code\":500,\"message\":\"ok\"}"),
            ("{\"code\": 0, \"status\": \"FAILED\"}", "{\"code\":0,\"status\":\"FAILED\"}"),
            ("{\"code\": 0, \"errors\": [\"boom\"]}", "{\"code\":0,\"errors\":[\"boom\"]}"),
            ("{\"traceId\": \"4f7\"}", "{\"traceId\":\"4f7\"}"),
            ("{\"success\": false}", "{\"success\":false}"),
            ("\"not ok\"", "not ok"),
            ("200", "200"),
        ] {
            check(&format!("{{\"error\": {error}, {good}}}"), &format!("failed: the answer is an error: {message}"));
        }
    }

    #[test]
    fn keys_and_values_that_only_look_right_are_named() {
        for (line, expected) in [
            (
                "{\"ba_\u{456}d\": 7, \"body\": {}}",
                "1:1: ba_id: it is missing; add the employee's id. Did you mean it by 'ba_\u{456}d' (U+0456, not the Latin \
                 letter i)?",
            ),
            (
                "{\"ba_id\": 7, \"b\u{43e}dy\": {}}",
                "1:1: body: it is missing; a line has a body or an error. Did you mean it by 'b\u{43e}dy' (U+043E, not the \
                 Latin letter o)?",
            ),
            (
                "{\"ba_id\": \"\u{ff17}\", \"body\": {}}",
                "1:1: ba_id: '\u{ff17}' (U+FF17, not the digit 7) is no id: a whole number from 1",
            ),
        ] {
            let problems = read(line.as_bytes(), |_| true).problems;
            assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        }
    }

    #[test]
    fn the_contents_of_the_latest_answer_of_each_employee_count() {
        let line = |ba_id: u64, contents: &[u64]| {
            let items = contents.iter().map(|id| format!("{{\"recommended_content_id\": {id}}}")).collect::<Vec<_>>();
            let items = items.join(",");
            format!("{{\"ba_id\": {ba_id}, \"body\": {{\"response\": {{\"ml_recommendations\": [{items}]}}}}}}\n")
        };
        for (answers, expected) in [
            (&[(1, &[7, 5, 7][..]), (2, &[]), (4, &[9])][..], &[(1, 5), (1, 7), (4, 9)][..]),
            (&[(4, &[9]), (1, &[5]), (3, &[2]), (1, &[8]), (4, &[])], &[(1, 8), (3, 2)]),
            (&[(2, &[]), (2, &[6])], &[(2, 6)]),
        ] {
            let text: String = answers.iter().map(|(ba_id, contents)| line(*ba_id, contents)).collect();
            let contents = read_contents_from(&text, &OneAfterAnother).value;
            assert_eq!((contents.answers, &*contents.latest()), (answers.len(), expected), "{text}");
        }
    }

    #[test]
    fn recordings_are_read_line_by_line() {
        let text = "{\"ba_id\": 1, \"error\": \"timeout\"}\r\n\n{\"ba_id\": 1, \"body\": {\"response\": {}}}\nnope\n{\"body\": {}}\n{\"ba_id\": 2}\n[]\n";
        let reading = read(text.as_bytes(), |_| true);
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "3:1: an answer for 1 stands in line 1 already; this later one counts. Remove one of the two",
                "4:2: not a JSON object (a word stands here that is neither true nor false nor null); each line is {\"ba_id\": 88563, \"body\": ...}",
                "5:1: ba_id: it is missing; add the employee's id",
                "6:1: body: it is missing; a line has a body or an error",
                "7:1: not a JSON object (it is another kind of value); each line is {\"ba_id\": 88563, \"body\": ...}",
            ]
        );
        assert_eq!(reading.value.len(), 2);
        assert_eq!(reading.value[1].answer, Answer::Recommendations(Vec::new()));
    }
}
