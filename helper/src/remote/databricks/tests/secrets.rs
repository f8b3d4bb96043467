//! The token, and whom it is sent to.

use super::*;

#[tokio::test]
async fn refusals_never_show_the_token() {
    for (status, body) in [
        (500, format!("Authorization: Bearer {TOKEN}")),
        (500, format!("{}{TOKEN}", "x".repeat(290))),
        (400, json!({ "error_code": "X", "message": format!("bad {TOKEN}") }).to_string()),
        (401, json!({ "error_code": TOKEN, "message": TOKEN }).to_string()),
        (403, String::new()),
        (404, "<html>not found</html>".to_owned()),
        (302, String::new()),
        (503, TOKEN.to_owned()),
        (200, TOKEN.to_owned()),
    ] {
        let server =
            TestServer::start(move |_, _| TestReply::Whole(status, "location: http://localhost:1/\r\n", body.clone()));
        let server = server.await;
        let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
        assert!(!failure.contains("dapi"), "{failure}");
        assert_eq!(server.count(), if status == 503 { 6 } else { 1 }, "{status}");
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failure = read(&settings(&format!("http://127.0.0.1:{port}"), TOKEN), &[7], QUICK).await.unwrap_err();
    assert!(failure.to_string().contains("connection refused"), "{failure}");
    let silent = TestServer::start(|_, _| TestReply::Drip(200, "")).await;
    let failure = read(&settings(&silent.url(), TOKEN), &[7], IMPATIENT).await.unwrap_err();
    assert_eq!(failure.to_string(), "Databricks: timed out after 0.3 s (2 attempts)");
    let unusable = read(&settings(&silent.url(), "a\nb"), &[7], QUICK).await.unwrap_err();
    assert!(unusable.to_string().contains("characters that no token has"), "{unusable}");
}

#[tokio::test]
async fn ids_and_token_travel_as_they_should() {
    let server = TestServer::start(|_, _| TestReply::Whole(400, "", String::new())).await;
    let _ = read(&settings(&server.url(), TOKEN), &[7, 8], QUICK).await.unwrap_err();
    let request = server.requests.lock().unwrap()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/2.0/sql/statements HTTP/1.1"), "{head}");
    assert!(head.contains(&format!("authorization: Bearer {TOKEN}")), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["parameters"], json!([{ "name": "ids", "value": "[7, 8]", "type": "STRING" }]));
    let statement = body["statement"].as_str().unwrap();
    assert!(statement.contains("FROM `retail_systems_dev`.`store_enablement`.`content_assignments`"), "{statement}");
    assert_eq!(statement.matches(":ids").count(), 1);
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_companys_root_only() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("root.pem");
    let succeeded = |_: usize, _: &str| {
        let (status, none) = (json!({ "state": "SUCCEEDED" }), json!({ "total_row_count": 0 }));
        let answer = json!({ "statement_id": "s1", "status": status, "manifest": none, "result": {} });
        TestReply::Whole(200, "", answer.to_string())
    };
    let server = TestServer::start_with(Some(unknown_certificate(&ca_file)), succeeded).await;
    let settings = settings(&format!("https://127.0.0.1:{}", server.port), "dapi");
    let refused = test_connection(&settings, &mut |_| {}, &CancellationToken::new()).await.unwrap_err().to_string();
    assert!(refused.contains("nobody whom this machine trusts has signed it; name the PEM file"), "{refused}");
    assert_eq!(server.count(), 0);
    let trusting = DatabricksSettings { ca_file: Some(ca_file), ..settings };
    let _ = test_connection(&trusting, &mut |_| {}, &CancellationToken::new()).await;
    assert!(server.count() > 0, "nothing came through the certificate");
}
