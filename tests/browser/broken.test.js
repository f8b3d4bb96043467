// "Break on purpose": the page breaks a feed as the command line does, and shows that it is broken.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  NOW,
  SEED,
  commandLineFiles,
  download,
  focusIsOn,
  openMore,
  pickFiles,
  run,
  sample,
  setRun,
  unzip,
  useHelper,
  violations,
} from "./support.js";

const { open } = useHelper();
const inputs = sample(60);

/** Opens the details of the faults, by keyboard only. */
async function openFaults(page) {
  await openMore(page);
  await page.getByText("Break on purpose", { exact: true }).focus();
  await page.keyboard.press("Enter");
}

test("a feed is broken as by the command line, and the results say what and where", async () => {
  const { page, context, complaints } = await open();
  await pickFiles(page, inputs);
  await setRun(page);
  await openFaults(page);
  await page.getByRole("checkbox", { name: /\(repeated-row\)$/ }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("spinbutton", { name: "Rows of repeated-row" }).fill("3");
  await page.getByRole("checkbox", { name: /\(bad-date\)$/ }).check();
  await page.getByRole("checkbox", { name: "assignments: bad-date" }).check();
  await page.getByRole("checkbox", { name: "completions: bad-date" }).uncheck();
  await page.getByRole("checkbox", { name: /\(wrong-date-in-name\)$/ }).check();
  await page.getByText(/^The feed will be broken: Row twice \(completions, 3 rows\); .* \(assignments, 1 row\); .* \(completions\)\.$/).waitFor();
  await run(page);
  await page.getByText("This feed is broken on purpose, in 5 places.").waitFor();
  await page.getByRole("button", { name: "Show what is broken" }).click();
  const broken = page.getByRole("region", { name: "This feed is broken on purpose" });
  await focusIsOn(broken.getByRole("heading"));
  assert.equal(await broken.getByRole("listitem").count(), 5);
  assert.match(await broken.textContent(), /the name has the date 2026-01-22 in place of 2026-01-29/);
  const zip = unzip((await download(page, page.getByRole("button", { name: "Download feed" }))).bytes);
  const expected = commandLineFiles(inputs, "--break", "repeated-row=3,bad-date@assignments,wrong-date-in-name");
  for (const [name, bytes] of expected) assert.ok(zip.get(name)?.equals(bytes), name);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("incompatible faults, and a number that is none, prevent a run", async () => {
  const { page, context } = await open();
  await pickFiles(page, inputs);
  await openFaults(page);
  await page.getByRole("checkbox", { name: /\(crlf\)$/ }).check();
  await page.getByRole("checkbox", { name: /\(empty-file\)$/ }).check();
  await page.getByText(/Error: empty-file and crlf do not go together/).waitFor();
  await page.getByRole("button", { name: "Run simulation" }).click();
  await page.getByText(/Break on purpose: empty-file and crlf do not go together/).waitFor();
  await page.getByRole("checkbox", { name: /\(empty-file\)$/ }).uncheck();
  await page.getByRole("checkbox", { name: /\(blank-line\)$/ }).check();
  await page.getByRole("spinbutton", { name: "Rows of blank-line" }).fill("0");
  await page.getByText("Error: blank-line: write how many rows, from 1 to 1000.").waitFor();
  await context.close();
});

test("a preset chooses its faults, the search narrows the groups, and the check shows what each fault was found by", async () => {
  const { page, context, complaints } = await open();
  await pickFiles(page, inputs);
  await setRun(page);
  await openFaults(page);
  await page.getByRole("button", { name: "Dirty rows" }).click();
  assert.equal(await page.getByRole("button", { name: "Dirty rows" }).getAttribute("aria-pressed"), "true");
  await page.getByText(/^The feed will be broken: .*\(completions, 2 rows\)/).waitFor();
  await page.getByLabel("Find a fault").fill("bad-date");
  await page.getByRole("list", { name: "Columns" }).waitFor({ state: "hidden" });
  assert.equal(await page.getByRole("checkbox", { name: /\(bad-date\)$/ }).isChecked(), true);
  await page.getByText("Batch job: Reject the row; never load it without the date.").waitFor();
  await run(page);
  await page.getByRole("button", { name: "Check", exact: true }).click();
  const table = page.getByRole("table", { name: "Broken on purpose: expected and found" });
  const row = table.getByRole("row", { name: /bad-date|date/ }).first();
  await row.waitFor();
  assert.equal(await table.getByText("Not found").count(), 0);
  await page.getByText(/^\d+ of \d+ faults found\. (Nothing else is wrong|From other causes: \d+ problems?)\.$/).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a chip tells that the feed will be broken, also when the settings are closed, and takes that back", async () => {
  const { page, context, complaints } = await open();
  await openFaults(page);
  await page.getByRole("checkbox", { name: /\(crlf\)$/ }).check();
  await page.getByRole("checkbox", { name: /\(bad-date\)$/ }).check();
  await page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name: "Less", exact: true }).click();
  const chip = page.getByText("Broken on purpose: 2 faults");
  await chip.waitFor();
  await page.getByRole("button", { name: "Break nothing" }).click();
  await chip.waitFor({ state: "detached" });
  await openMore(page);
  assert.equal(await page.getByRole("checkbox", { name: /\(crlf\)$/ }).isChecked(), false);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a missing file is not among the downloads; a feed too small for a fault is reported", async () => {
  const { page, context } = await open();
  await pickFiles(page, inputs);
  await openFaults(page);
  await page.getByRole("checkbox", { name: /\(missing-file\)$/ }).check();
  await page.getByRole("checkbox", { name: "dummy: missing-file" }).check();
  await page.getByRole("checkbox", { name: "completions: missing-file" }).uncheck();
  await run(page);
  assert.equal(await page.getByRole("link", { name: /UserCompletion_v2_/ }).count(), 0);
  await page.getByRole("listitem").filter({ hasText: "User completion" }).getByText("Left out on purpose.").waitFor();
  await page.getByRole("checkbox", { name: /\(repeated-row\)$/ }).check();
  await page.getByRole("spinbutton", { name: "Rows of repeated-row" }).fill("1000");
  await page.getByRole("button", { name: "Run simulation" }).click();
  await page.getByText(/repeated-row: 1,000 rows asked for, but .* has only/).waitFor();
  await context.close();
});

test("a link's faults are all listed and chosen, also one in two files", async () => {
  const list = "crlf@completions,crlf@assignments,bad-date@assignments=3";
  const { page, context, complaints } = await open({}, `/#recipe=1&version=0.1.0&now=${NOW}&seed=${SEED}&break=${list}`);
  const opened = page.getByRole("region", { name: "Opened run" });
  for (const line of [
    /^Windows line ends \(completions\): /,
    /^Windows line ends \(assignments\): /,
    /^Date that cannot be read \(assignments, 3 rows\): /,
  ]) {
    await opened.getByRole("listitem").filter({ hasText: line }).waitFor();
  }
  await page.getByText(/^The feed will be broken: Windows line ends \(completions\); Windows line ends \(assignments\); .* \(assignments, 3 rows\)\.$/).waitFor();
  const { "Employees file": employees } = inputs;
  await pickFiles(page, { "Employees file": employees });
  await run(page);
  const zip = unzip((await download(page, page.getByRole("button", { name: "Download feed" }))).bytes);
  for (const [name, bytes] of commandLineFiles({ "Employees file": employees }, "--break", list)) {
    assert.ok(zip.get(name)?.equals(bytes), name);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a fault without its last file is no longer chosen, and gets the focus", async () => {
  const { page, context } = await open();
  await openFaults(page);
  const fault = page.getByRole("checkbox", { name: /\(crlf\)$/ });
  await fault.check();
  await page.getByRole("checkbox", { name: "completions: crlf" }).focus();
  await page.keyboard.press("Space");
  assert.ok(!(await fault.isChecked()));
  assert.ok(await fault.evaluate((box) => box === document.activeElement), "the focus is lost");
  await context.close();
});

test("axe finds nothing among the faults and in a broken feed", async () => {
  const { page, context } = await open({ bypassCSP: true });
  await pickFiles(page, inputs);
  await openFaults(page);
  await page.getByRole("checkbox", { name: /\(bad-date\)$/ }).check();
  await run(page);
  await page.getByRole("button", { name: "Show what is broken" }).click();
  assert.deepEqual(await violations(page), []);
  await context.close();
});
