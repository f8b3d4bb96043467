// Files and rows that are added without a role, tables in formats other than CSV, and the questions about them, for each input.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  assertDownloads,
  commandLineFiles,
  download,
  drop,
  focusIsOn,
  paste,
  run,
  sample,
  setRun,
  useHelper,
  violations,
} from "./support.js";

const shared = useHelper();
const { withPage } = shared;
const inputs = sample(50);
const WORKBOOK = new URL("../data/employees.xlsx", import.meta.url).pathname;
const text = (label) => readFileSync(inputs[label], "utf8");

/** Waits for a text on the page. */
const shows = (page, text) => page.getByText(text).first().waitFor();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const utf16 = (text) => Buffer.from(`\ufeff${text}`, "utf16le");

test("all inputs dropped at once go to their places, and the run is the command line's", async () => {
  await withPage({}, async (page) => {
    const separated = (text) => text.replaceAll(",", ";");
    await drop(page, [
      ["staff.txt", utf16(text("Employees file"))],
      ["a.csv", text("StandAloneContent file")],
      ["b.csv", text("Course catalog file")],
      ["c.csv", separated(text("Assignments table"))],
      ["d.csv", separated(text("Completions table")).replace("completion_date", "Completion Date")],
      ["e.jsonl", text("Recorded recommendations (JSON lines)")],
    ]);
    // The context is not folded, because it has conversions to read.
    for (const name of ["staff.txt", "a.csv", "b.csv", "c.csv", "d.csv", "e.jsonl"]) {
      await page.getByRole("button", { name: new RegExp(`^Remove ${name}`) }).waitFor();
    }
    await setRun(page);
    await run(page);
    await assertDownloads(page, commandLineFiles(inputs));
  });
});

test("a workbook is read, also where employees are edited and found", async () => {
  await withPage({}, async (page) => {
    await page.getByLabel("Employees file", { exact: true }).setInputFiles(WORKBOOK);
    await shows(page, "3 employees");
    await shows(page, /read from sheet 'Staff' of an Excel workbook/);
    await setRun(page);
    await run(page);
    const expected = commandLineFiles({ "Employees file": WORKBOOK });
    for (const [name, bytes] of expected) {
      assert.ok((await download(page, page.getByRole("link", { name }))).bytes.equals(bytes), name);
    }
    await page.getByRole("link", { name: "Mix" }).click();
    await press(page, "Open the table");
    await page.getByRole("row", { name: /104/ }).first().waitFor();
  });
});

test("rows pasted from a spreadsheet become the employees, with a header or without one", async () => {
  await withPage({}, async (page) => {
    await paste(page, "7\ta\r\n8\tb\r\n9\tf\r\n");
    await shows(page, "3 employees");
    await shows(page, "Converted: header added: employee_id,employee_edu_type");
    await paste(page, "Employee ID\temployee_edu_type\n7\ta\n");
    await shows(page, "1 employee");
    await shows(page, /tabs read as separators; columns read by another name: 'Employee ID' as employee_id/);
    // A word that is pasted outside of fields is no table.
    await paste(page, "hello");
    assert.equal(await page.getByRole("group", { name: /^What is / }).count(), 0);
  });
});

test("what is ambiguous is asked, and the answers are read", async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    await drop(page, [["staff.csv", "id;type;store\n7;a;x\n8;b;y\n"]]);
    await page.getByRole("group", { name: "What is staff.csv?" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await press(page, "Use as Employees file");
    await page.getByRole("group", { name: "Which column is employee_id?" }).waitFor();
    await shows(page, "No column is called employee_id. No run until this is answered.");
    assert.equal(await page.getByText("this is not a CSV file").count(), 0, "a question is no error");
    assert.deepEqual(await violations(page), []);
    await press(page, "id");
    await page.getByRole("group", { name: "Which column is employee_edu_type?" }).waitFor();
    await press(page, "type");
    await shows(page, "2 employees");
    await shows(page, "Converted: column 'id' read as employee_id; column 'type' read as employee_edu_type");
    await drop(page, [["staff.csv", Buffer.from("employee_id,employee_edu_type,store\n7,f,Montr\xe9al\n", "latin1")]]);
    await page.getByRole("group", { name: "Is this spelled right: Montréal?" }).waitFor();
    await press(page, "Read as Western European (Windows-1252)");
    await shows(page, "1 employee");
  });
});

test("an open question about the employees is asked under Mix, too, and its answers bring them into the table", async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    const asked = (column) => page.getByRole("group", { name: `Which column is ${column}?` });
    const alerts = async () => (await page.getByRole("alert").allTextContents()).filter((text) => text !== "");
    await drop(page, [["staff.csv", "id;type;store\n7;a;x\n8;b;y\n"]]);
    await press(page, "Use as Employees file");
    await asked("employee_id").waitFor();
    await page.getByRole("link", { name: "Mix", exact: true }).click();
    await asked("employee_id").waitFor();
    await press(page, "Open the table");
    await page.getByRole("heading", { name: "Employees", exact: true }).waitFor();
    await asked("employee_id").waitFor();
    const [question, ...others] = await alerts();
    assert.match(question, /^staff\.csv: No column is called employee_id\./);
    assert.deepEqual(others, [], "what is asked is no error");
    assert.deepEqual(await violations(page), []);
    await press(page, "id");
    await asked("employee_edu_type").waitFor();
    await press(page, "type");
    await page.getByRole("grid", { name: "Employees" }).getByRole("row", { name: /^8 / }).waitFor();
    assert.deepEqual(await alerts(), []);
    const heading = page.getByRole("heading", { name: "Employees", exact: true });
    await focusIsOn(heading);
    const { y } = await heading.boundingBox();
    assert.ok(y > 0 && y < 720, `the table stays in view, at ${y}`);
  });
});

test("answers to a file's questions are part of the run's command line and link, and a link brings them back", async () => {
  const staff = "id;type;store\n7;a;x\n8;b;y\n";
  const options = "--column employees.employee_id=id --column employees.employee_edu_type=type";
  let link;
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await drop(page, [["staff.csv", staff]]);
    await press(page, "Use as Employees file");
    await press(page, "id");
    await page.getByRole("group", { name: "Which column is employee_edu_type?" }).waitFor();
    await press(page, "type");
    await shows(page, "2 employees");
    assert.equal(await page.getByRole("link", { name: "Save staff.csv" }).count(), 0, "people have the file itself");
    await setRun(page);
    await run(page);
    const copied = async (item) => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await page.getByText(/copied\.$/).last().waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    link = await copied("Copy link");
    await page.getByRole("button", { name: "Dismiss" }).click();
    const line = await copied("Copy as command line");
    assert.ok(line.includes("--employees staff.csv "), line);
    for (const option of options.split(" --")) assert.ok(line.includes(option), line);
  });
  await withPage({}, async (page) => {
    await drop(page, [["staff.csv", staff]]);
    await press(page, "Use as Employees file");
    await shows(page, "All files are the right ones.");
    await shows(page, "2 employees");
  }, new URL(link).hash.replace(/^/, "/"));
});

test("a refused file has its mends: skip bad rows, use it elsewhere, remove it", async () => {
  await withPage({}, async (page) => {
    const employees = page.getByLabel("Employees file", { exact: true });
    const file = (name, content) => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
    await employees.setInputFiles(file("staff.csv", "employee_id,employee_edu_type\n7,a\nx,a\n"));
    await press(page, "Skip bad rows");
    await shows(page, "1 employee");
    await employees.setInputFiles(file("done.csv", text("Completions table")));
    await press(page, "Use as Completions table");
    await page.getByRole("button", { name: /^Remove done\.csv/ }).waitFor();
    await employees.setInputFiles(file("none.csv", "employee_id,employee_edu_type\nx,q\n"));
    await press(page, "Remove none.csv");
    await page.getByRole("button", { name: /^Remove none\.csv/ }).waitFor({ state: "detached" });
  });
});

test("what has no place is named and can be left out; a feed goes to the check", async () => {
  await withPage({}, async (page) => {
    await drop(page, [
      [".env", "SFTP_INBOUND_PASSWORD=hunter2"],
      ["old.xls", readFileSync(new URL("../data/employees.xls", import.meta.url))],
      ["ContentUserCompletion_V2_2026_01_29_1_abc.csv", '"UserId","ContentId","DateStarted","DateCompleted"\n'],
    ]);
    // The page switches to the area Check, where files without a place are named, too.
    await page.getByRole("heading", { name: "Findings", exact: true }).waitFor();
    await shows(page, ".env is not used: this is a file of settings, which may hold passwords");
    await shows(page, /old\.xls is not used: .*old Excel workbook/);
    assert.equal(await page.getByText("hunter2").count(), 0);
    await press(page, "Dismiss .env");
    await page.getByText(".env is not used").waitFor({ state: "detached" });
    await press(page, "Dismiss old.xls");
    assert.equal(await page.getByText("is not used").count(), 0);
    await page.getByText("ContentUserCompletion_V2_2026_01_29_1_abc.csv").first().waitFor();
  });
});
