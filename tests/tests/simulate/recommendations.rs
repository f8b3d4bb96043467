//! Recorded recommendations: which of them are completed, and which are dropped.

use btcfake_tests::feed::Feed;

use super::{COMPLETED_COLUMNS, folder, json, simulate};

#[test]
fn recommendations_are_done_last_or_dropped() {
    let folder = folder();
    folder.write("employees.csv", "employee_id,employee_edu_type\n88,a\n89,a\n90,b\n91,f\n92,a\n");
    folder.write("c.csv", format!("{COMPLETED_COLUMNS}88,501,2026-01-17\n88,502,2026-01-16\n88,503,2026-01-29\n"));
    let item = |ba_id: u64, content: &str| {
        format!(
            "{{\"ba_id\":{ba_id},\"recommended_content_id\":{content},\"recommended_content\":\"Name {ba_id}\",\"order\":1}}"
        )
    };
    let line = |ba_id: u64, items: &[String]| {
        format!(
            "{{\"ba_id\":{ba_id},\"body\":{{\"response\":{{\"ml_recommendations\":[{}]}},\"timing\":{{}}}}}}\n",
            items.join(",")
        )
    };
    let recorded = [
        line(88, &["2000", "501", "\"502\"", "503", "\"1,504\"", "1504", "\"x\"", "null"].map(|id| item(88, id))),
        "{\"ba_id\": 89, \"error\": \"timed out\"}\n".to_owned(),
        line(90, &[item(90, "601")]),
        line(91, &[item(91, "602")]),
        line(92, &[item(93, "603")]),
    ];
    folder.write("r.jsonl", recorded.concat());
    let outcome = simulate(&folder, &["--completions", "c.csv", "--recommendations", "r.jsonl", "--json"]).exits(0);
    let feed = Feed::only(&folder, "out");
    let (of_88, of_others): (Vec<String>, Vec<String>) =
        feed.completed().into_iter().partition(|row| row.starts_with("88 "));
    assert_eq!(of_88[4..], ["88 502", "88 1,504"]);
    let manager = |id: u64| ["1,000,001", "1,000,003", "1,000,002", "2,000"].map(|content| format!("{id} {content}"));
    assert_eq!(of_others, [manager(89).to_vec(), manager(90)[..1].to_vec(), manager(92).to_vec()].concat());
    assert!(!feed.assignments.contains("\"602\""), "a recommendation is no assignment");
    for warned in ["r.jsonl:1:1: warning: ", "r.jsonl:5:1: warning: "] {
        assert!(outcome.stderr.contains(warned), "{}", outcome.stderr);
    }
    let summary = json(&outcome);
    for (count, expected) in [
        ("failed_calls", 1),
        ("recommendations_received", 8),
        ("dropped_already_on_list", 2),
        ("dropped_completed_recently", 2),
    ] {
        assert_eq!(summary[count], expected, "{count}");
    }
    assert_eq!(summary["completions_ai"]["a"], 2);
}

#[test]
fn the_later_of_two_recorded_answers_counts() {
    let folder = folder();
    let line = |content: u64| {
        format!(
            "{{\"ba_id\":88,\"body\":{{\"response\":{{\"ml_recommendations\":[{{\"recommended_content_id\":{content}}}]}}}}}}\n"
        )
    };
    folder.write("r.jsonl", line(701) + &line(702));
    let outcome = simulate(&folder, &["--recommendations", "r.jsonl"]).exits(0);
    assert!(
        outcome.stderr.contains("r.jsonl:2:1: warning: an answer for 88 stands in line 1 already"),
        "{}",
        outcome.stderr
    );
    let completed = Feed::only(&folder, "out").completed();
    assert!(completed.contains(&"88 702".to_owned()) && !completed.contains(&"88 701".to_owned()));
}
