//! The state that comes is that of the tables: whole, in parts, and after waiting.

use super::*;

#[tokio::test]
async fn the_state_of_the_employees_asked_about_comes() {
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let state = read(&settings, &[9, 7, 5, 7, u64::MAX / 2], QUICK).await.unwrap();
    assert_eq!(text(&state.assignments), expected(ASSIGNMENTS, &["7,100", "7,200", "9223372036854775807"]));
    assert_eq!(text(&state.completions), expected(COMPLETIONS, &["7,", "9,"]));
    assert_eq!((state.assignment_rows, state.completion_rows), (3, 3));
    let nobody = read(&settings, &[], QUICK).await.unwrap();
    assert_eq!(text(&nobody.assignments), expected(ASSIGNMENTS, &[]));
    assert_eq!(text(&nobody.completions), expected(COMPLETIONS, &[]));
}

/// What the core reads from two state tables.
fn understood(employees: &[u8], assignments: &[u8], completions: &[u8]) -> String {
    let files = [
        InputFile::given(InputRole::Employees, "employees.csv", employees),
        InputFile::given(InputRole::Assignments, "content_assignments.csv", assignments),
        InputFile::given(InputRole::Completions, "content_completion.csv", completions),
    ];
    let (inputs, problems) = read_inputs(&files, BadRows::Refuse);
    assert_eq!(problems, []);
    assert!(!inputs.employees.is_empty());
    format!("{:?}", inputs.state)
}

#[tokio::test]
async fn the_core_understands_the_same_as_from_files() {
    let today = "2026-01-29".parse().unwrap();
    let recipe = SampleRecipe { seed: 1, today, employees: 200, contents: 200 };
    let sample: Vec<_> = files(&recipe).collect();
    let file = |name: &str| &*sample.iter().find(|file| file.name.contains(name)).unwrap().bytes;
    let (employees, assignments, completions) =
        (file("employees"), file("content_assignments"), file("content_completion"));
    let (sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    sandbox.store.add_tables(assignments, completions).unwrap();
    let ids: Vec<u64> = employees::read(employees, BadRows::Refuse).value.rows.iter().map(|row| row.id).collect();
    let state = read(&settings, &ids, QUICK).await.unwrap();
    assert!(state.assignment_rows > 50 && state.completion_rows > 50, "{state:?}");
    let from_files = understood(employees, assignments, completions);
    assert!(from_files == understood(employees, &state.assignments, &state.completions));
}

fn many_completions() -> String {
    let rows = (1..=30_000).map(|id| format!("{},{},2026-01-01\n", id % 15_000 + 1, id));
    format!("ba_id,content_id,completion_date\n{}", rows.collect::<String>())
}

#[tokio::test]
async fn large_results_come_in_parts_inline_or_by_links() {
    let header = expected(ASSIGNMENTS, &[]);
    let ids: Vec<u64> = (1..=15_000).collect();
    let mut results = Vec::new();
    for (inline_rows, expired_links) in [(100_000, false), (100, false), (100, true)] {
        let faults = DatabricksFaults { expired_links, ..DatabricksFaults::default() };
        let options = DatabricksOptions { inline_rows, chunk_rows: 1_000, faults };
        let (sandbox, settings, _folder) = sandbox(options).await;
        sandbox.store.add_tables(header.as_bytes(), many_completions().as_bytes()).unwrap();
        let state = read(&settings, &ids, QUICK).await.unwrap();
        assert_eq!(state.completion_rows, 30_000 + 3);
        results.push(state);
    }
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn busy_answers_are_asked_for_again() {
    let faults = DatabricksFaults { too_many_429: 0.2, unavailable_503: 0.2, ..DatabricksFaults::default() };
    let options = DatabricksOptions { chunk_rows: 1, faults, ..DatabricksOptions::default() };
    let (_sandbox, settings, _folder) = sandbox(options).await;
    let patience = Patience { attempts: 12, ..QUICK };
    assert_eq!(read(&settings, &[7], patience).await.unwrap().completion_rows, 2);
}

#[tokio::test]
async fn a_slow_statement_is_waited_for() {
    // The statement advances once progress was reported.
    const MESSAGES: [&str; 2] =
        ["open assignments: the SQL warehouse starts or is busy (", "open assignments: the statement runs ("];
    let step = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&step);
    let server = TestServer::start(move |_, _| {
        let state = ["PENDING", "RUNNING", "SUCCEEDED"][seen.load(Ordering::SeqCst)];
        let (status, none) = (json!({ "state": state }), json!({ "total_row_count": 0 }));
        TestReply::Whole(200, "", json!({ "statement_id": "a-1", "status": status, "manifest": none }).to_string())
    })
    .await;
    let mut heard = Vec::new();
    let mut listener = |message: &str| {
        if MESSAGES
            .get(step.load(Ordering::SeqCst))
            .is_some_and(|reported| message.starts_with(reported) && message.ends_with(" s)"))
        {
            step.fetch_add(1, Ordering::SeqCst);
        }
        heard.push(message.to_owned());
    };
    let cancel = CancellationToken::new();
    read_state_patiently(&settings(&server.url(), TOKEN), &[7], &mut listener, &cancel, QUICK).await.unwrap();
    for message in ["open assignments: asked", "open assignments: 0 rows", "completions: 0 rows"] {
        assert!(heard.iter().any(|heard| heard == message), "{message}: {heard:?}");
    }
    assert_eq!(step.load(Ordering::SeqCst), MESSAGES.len(), "{heard:?}");
}

#[tokio::test]
async fn the_connection_can_be_tried() {
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let message = test_connection(&settings, &mut |_| {}, &CancellationToken::new()).await.unwrap();
    assert_eq!(message, "both state tables in retail_systems_dev.store_enablement can be read");
}

#[tokio::test]
async fn a_published_feed_is_the_next_runs_state() {
    let (sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let completions = "\u{feff}\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\
        \"7\",\"100\",\"2026-01-29T23:00:00Z\",\"2026-01-29T23:30:00Z\"\n\
        \"7\",\"2,033,875\",\"2026-01-29T10:00:00Z\",\"2026-01-29T10:05:00Z\"\n\
        \"7\",\"301\",\"2026-01-29T10:10:00Z\",\"2026-01-29T10:15:00Z\"\n";
    let assignments = "\"UserID\",\"CreateDate_text\",\"RequestId\",\"TrainingElementId\",\"Start_Date_text\",\"DueDate_text\",\"ContentType\"\n\
        \"7\",\"2026-01-20T00:00:00Z\",\"1\",\"200\",\"2026-01-20T00:00:00Z\",\"2026-01-27T00:00:00Z\",\"a, \"\"b\"\"\"\n\
        \"7\",\"2026-01-29T10:00:00Z\",\"2\",\"1,500\",\"2026-01-26T00:01:00Z\",\"2026-01-31T13:13:59Z\",\"Media\"\n";
    let zone: BusinessZone = "Europe/Paris".parse().unwrap();
    let loaded = sandbox.store.load_feed(completions.as_bytes(), assignments.as_bytes(), zone).unwrap();
    assert_eq!(loaded, LoadedRows { assignments: 1, completions: 3 }, "301 was done before, on another day");
    let again = sandbox.store.load_feed(completions.as_bytes(), assignments.as_bytes(), zone).unwrap();
    assert_eq!(again, LoadedRows { assignments: 0, completions: 0 });
    let state = read(&settings, &[7], QUICK).await.unwrap();
    let new = "7,1500,2026-01-29T10:00:00Z,2026-01-29,2026-01-26T00:01:00Z,2026-01-31T13:13:59Z,Media\n";
    assert_eq!(text(&state.assignments), format!("{}{new}", expected(ASSIGNMENTS, &["7,200"])));
    assert_eq!(
        text(&state.completions),
        "ba_id,content_id,completion_date\n7,100,2026-01-30\n7,300,2026-01-21\n7,301,2025-12-01\n7,301,2026-01-29\n\
         7,2033875,2026-01-29\n"
    );
    let broken = sandbox.store.load_feed(
        b"\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\"7\",\"x\",\"\",\"\"\n",
        assignments.as_bytes(),
        zone,
    );
    assert!(broken.unwrap_err().to_string().contains("line 2 has an unreadable value"));
    assert_eq!(sandbox.store.rows(statements::StateTable::Completions).unwrap(), 6);
}

#[tokio::test]
async fn the_sandbox_runs_no_other_statement() {
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let cancel = CancellationToken::new();
    let warehouse = Warehouse::new(&settings, QUICK, &cancel).unwrap();
    for statement in ["DROP TABLE content_assignments", "", "SELECT 1 FROM `a`.`b`.`content_assignments`"] {
        let failure = warehouse.run(statement, &[], &mut |_| {}, &mut |_| Ok(())).await.unwrap_err().to_string();
        assert!(failure.contains("The sandbox runs the statements of btcfake only"), "{failure}");
    }
}
