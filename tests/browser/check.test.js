// "Check": the page finds what `btcfake check` finds, by file and line, with the line shown.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { NOW, SEED, btcfake, longTasks, sample, sidewaysScroll, temporaryFolder, useHelper, violations } from "./support.js";

const { open } = useHelper();
const inputs = Object.values(sample(60));

/** Makes a feed by the command line, and returns the paths of its files. */
function feed(...more) {
  const out = temporaryFolder();
  const [employees, standalone, courses, assignments, completions, recommendations] = inputs;
  btcfake(
    "simulate", "--employees", employees, "--standalone-content", standalone, "--course-catalog", courses,
    "--assignments", assignments, "--completions", completions, "--recommendations", recommendations,
    "--seed", SEED, "--now", NOW, "--out", out, "--quiet", ...more,
  );
  return { out, paths: readdirSync(out).map((name) => join(out, name)) };
}

/** The number of problems and disagreements that the command line finds. */
function foundByCommandLine(paths) {
  try {
    return JSON.parse(btcfake("check", "--json", ...paths));
  } catch (error) {
    return JSON.parse(error.stdout);
  }
}

async function openCheck(options) {
  const opened = await open(options);
  await opened.page.getByRole("navigation", { name: "Areas" }).getByRole("link", { name: "Check" }).focus();
  await opened.page.keyboard.press("Enter");
  await opened.page.getByRole("heading", { name: "Check", exact: true }).waitFor();
  return opened;
}

/** Drops files and folders of the disk on the area, as a file manager does. */
async function drop(page, ...files) {
  const session = await page.context().newCDPSession(page);
  const box = await page.getByLabel("Files to check").boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, ...at, data: { items: [], files, dragOperationsMask: 1 } });
  }
}

/** The headings of the files that were checked. */
const checkedFiles = (page) => area(page).getByRole("heading", { level: 3 }).allInnerTexts();

const area = (page) => page.getByRole("region", { name: "Findings", exact: true });

test("a good feed with its inputs has no problem", async () => {
  const { page, context, complaints } = await openCheck();
  const { paths } = feed();
  await page.getByLabel("Files to check").setInputFiles([...paths, ...inputs]);
  await area(page).getByText(/^No problem in 10 files\./).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("problems are reported by line as on the command line, with the line shown and the place marked", async () => {
  const { page, context } = await openCheck();
  const { paths } = feed("--break", "bad-date=2,id-without-separators@assignments");
  await page.getByLabel("Files to check").setInputFiles(paths);
  const report = foundByCommandLine(paths);
  const errors = report.files.flatMap((file) => file.problems).filter((problem) => problem.severity === "error");
  const all = errors.length + report.disagreements.length;
  await area(page).getByText(new RegExp(`^${all} problems in 2 of 4 files\\.`)).waitFor();
  const file = report.files.find((file) => file.name.startsWith("Non_Completed"));
  const [problem] = file.problems.filter((problem) => problem.severity === "error");
  const items = page.getByRole("region", { name: file.name }).getByRole("listitem");
  assert.equal(await items.count(), file.problems.length);
  const text = await items.first().innerText();
  assert.match(text, new RegExp(`^Problem in line ${problem.line}, character ${problem.column}: TrainingElementId '\\d+'`));
  assert.equal(await items.first().getAttribute("data-kind"), problem.kind);
  assert.match(await items.first().getByRole("mark").or(items.first().locator("mark")).first().innerText(), /^"\d+"$/);
  await context.close();
});

test("a folder is checked, and long lists come in pages", async () => {
  const { page, context } = await openCheck();
  const folder = temporaryFolder();
  const rows = Array.from({ length: 120 }, (_, index) => `${index + 1},x\n`).join("");
  writeFileSync(join(folder, "employees.csv"), `employee_id,employee_edu_type\n${rows}`);
  writeFileSync(join(folder, "notes.txt"), "not looked at");
  await page.getByLabel("Choose a folder to check").setInputFiles(folder);
  await area(page).getByText("120 problems in 1 of 1 file.").waitFor();
  const file = page.getByRole("region", { name: "employees.csv" });
  assert.equal(await file.getByRole("listitem").count(), 50);
  const pages = file.getByRole("group", { name: "Pages of the findings in employees.csv" });
  await pages.getByRole("button", { name: "Next page of the findings in employees.csv" }).focus();
  await page.keyboard.press("Enter");
  await pages.getByText("51 to 100 of 120").waitFor();
  assert.match(await file.getByRole("listitem").first().innerText(), /^Problem in line 52, character 4: /);
  await page.keyboard.press("Enter");
  await pages.getByText("101 to 120 of 120").waitFor();
  assert.equal(await file.getByRole("listitem").count(), 20);
  await page.getByLabel("Files to check").setInputFiles([]);
  await area(page).getByText("No file was chosen.").waitFor();
  await context.close();
});

test("line numbers are written as editors write them, in the place and in the text", async () => {
  const { page, context } = await openCheck();
  const rows = Array.from({ length: 1_499 }, (_, index) => `${index + 1},a\n`).join("");
  const buffer = Buffer.from(`employee_id,employee_edu_type\n${rows}7000,x\n1499,b\n`);
  await page.getByLabel("Files to check").setInputFiles({ name: "employees.csv", mimeType: "text/csv", buffer });
  const found = page.getByRole("list", { name: "Findings in employees.csv" });
  await found.getByText("line 1501, character 6").waitFor();
  assert.match(await found.innerText(), /line 1502, character 1: .*stands in line 1500 already/);
  await context.close();
});

test("folders are dropped with the folders in them, and listed in order with their folders", async () => {
  const { page, context, complaints } = await openCheck();
  const folder = temporaryFolder();
  const days = Array.from({ length: 130 }, (_, day) => `day-${String(130 - day).padStart(3, "0")}`);
  // The files differ, because files with the same name and bytes count once.
  for (const [number, day] of ["sub/deep", ".hidden", ...days].entries()) {
    mkdirSync(join(folder, day), { recursive: true });
    writeFileSync(join(folder, day, "employees.csv"), `employee_id,employee_edu_type\n${number + 1},x\n`);
  }
  writeFileSync(join(folder, "notes.txt"), "not looked at");
  const expected = [...days.toReversed(), "sub/deep"].map((day) => `${day}/employees.csv`);
  await drop(page, folder);
  await area(page).getByText("131 problems in 131 of 131 files.").waitFor();
  assert.deepEqual(await checkedFiles(page), expected);
  await page.getByLabel("Choose a folder to check").setInputFiles(join(folder, "sub"));
  await area(page).getByText("1 problem in 1 of 1 file.").waitFor();
  assert.deepEqual(await checkedFiles(page), ["employees.csv"]);
  await page.getByLabel("Choose a folder to check").setInputFiles(folder);
  await area(page).getByText("131 problems in 131 of 131 files.").waitFor();
  assert.deepEqual(await checkedFiles(page), expected);

  const empty = temporaryFolder();
  await drop(page, empty);
  await area(page).getByText("There is no .csv, .json or .jsonl file or workbook in this folder.").waitFor();
  const text = join(empty, "notes.txt");
  writeFileSync(text, "a file is looked at whatever it is called");
  await drop(page, text, join(folder, "sub"));
  await area(page).getByText("2 problems in 2 of 2 files.").waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("of a file with more than a page of findings, one kind can be shown alone", async () => {
  const { page, context, complaints } = await openCheck({ bypassCSP: true });
  const rows = Array.from({ length: 120 }, (_, index) => `${index + 1},x\n`).join("");
  const buffer = Buffer.from(`employee_id,employee_edu_type\n${rows}no id,a\n`);
  await page.getByLabel("Files to check").setInputFiles({ name: "employees.csv", mimeType: "text/csv", buffer });
  const file = page.getByRole("region", { name: "employees.csv" });
  const kind = file.getByLabel("Kind of finding in employees.csv");
  const options = ["All (121)", "Unknown type (120)", "Bad id (1)"];
  await kind.waitFor();
  assert.deepEqual(await kind.getByRole("option").allInnerTexts(), options);
  const pages = file.getByRole("group", { name: "Pages of the findings in employees.csv" });
  for (const [option, shown, line] of [["Bad id (1)", "1 to 1 of 1", 122], ["Unknown type (120)", "1 to 50 of 120", 2], ["All (121)", "1 to 50 of 121", 2]]) {
    await kind.selectOption(option);
    await pages.getByText(shown, { exact: true }).waitFor();
    assert.match(await file.getByRole("listitem").first().innerText(), new RegExp(`^Problem in line ${line}, `));
  }
  await kind.selectOption("Unknown type (120)");
  await pages.getByRole("button", { name: "Next page of the findings in employees.csv" }).click();
  await pages.getByText("51 to 100 of 120").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("findings beyond those listed are counted", async () => {
  const { page, context } = await openCheck();
  const path = join(temporaryFolder(), "UserCompletion_v2_2026_1_29_1_5fccff.csv");
  writeFileSync(path, "UserID,CourseType,CourseID,ModuleName,ContentId,UserCourseStatus,DateCourseStarted,DateCompleted\n" + "\n".repeat(3_000));
  await page.getByLabel("Files to check").setInputFiles(path);
  await area(page).getByText("3,000 problems in 1 of 1 file.").waitFor();
  const pages = page.getByRole("group", { name: /^Pages of the findings/ });
  await pages.getByText("1 to 50 of 1,001").waitFor();
  await context.close();
});

test("a large file is checked without a task of more than 100 ms on the page", async () => {
  const { page, context } = await openCheck();
  const row = (index) => `"${100000 + index}","1,915,085","2026-01-29T10:00:00Z","2026-01-29T10:05:00Z"\n`;
  const header = `"UserId","ContentId","DateStarted","DateCompleted"\n`;
  const name = "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv";
  const path = join(temporaryFolder(), name);
  writeFileSync(path, header + Array.from({ length: 300_000 }, (_, index) => row(index)).join(""));
  const tasks = await longTasks(page, async () => {
    await page.getByLabel("Files to check").setInputFiles(path);
    await area(page).getByText("No problem in 1 file.").waitFor();
  });
  assert.deepEqual(tasks, []);
  await context.close();
});

test("axe finds nothing in the area, and it fits on a phone", async () => {
  const { page, context } = await openCheck({ bypassCSP: true, viewport: { width: 360, height: 740 } });
  const { paths } = feed("--break", "bad-date=2,blank-line");
  await page.getByLabel("Files to check").setInputFiles(paths);
  await area(page).getByText(/problems in/).first().waitFor();
  assert.deepEqual(await violations(page), []);
  assert.ok((await sidewaysScroll(page)) <= 0);
  await context.close();
});
