// Why: the dialog that explains an employee shows exactly the rows of the files, and behaves as a dialog should.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandLineFiles, openTab, openTable, openMore, pickFiles, run, sample, setRun, temporaryFolder, useHelper } from "./support.js";

const { open } = useHelper();
const inputs = sample(120);

async function ranPage() {
  const opened = await open();
  await pickFiles(opened.page, inputs);
  await setRun(opened.page);
  await run(opened.page);
  return opened;
}

const buttons = async (page, table) => (await openTable(page, table)).getByRole("button", { name: /: why\?$/ });

test("the explained rows are those of the files", async () => {
  const { page, context, complaints } = await ranPage();
  const files = [...commandLineFiles(inputs).values()].map((bytes) => bytes.toString("utf8").split("\n"));
  const [completions, assignments] = [/"DateStarted"/, /"RequestId"/].map((head) => files.find(([first]) => head.test(first)));
  for (const table of ["Completed trainings", "Skipped for Daily Dose", "Dropped recommendations"]) {
    const button = (await buttons(page, table)).first();
    const id = (await button.textContent()).match(/\d+/)[0];
    await button.click();
    const dialog = page.getByRole("dialog", { name: `Employee ${id}, completes` });
    await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
    const shown = (await dialog.locator("pre").allTextContents()).flatMap((text) => text.split("\n"));
    const expected = [...completions, ...assignments].filter((row) => row.startsWith(`"${id}",`));
    assert.deepEqual(shown, expected, table);
    for (const title of ["What was open", "Daily Doses of the day", "Random content", "Recommendations", "The list, and what was done of it"]) {
      assert.ok(await dialog.getByRole("heading", { name: title }).isVisible(), title);
    }
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test("it is opened and closed by the keyboard, and the focus comes back", async () => {
  const { page, context } = await ranPage();
  const button = (await buttons(page, "Completed trainings")).nth(1);
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
  assert.ok(await dialog.evaluate((dialog) => dialog.contains(document.activeElement)), "the focus is in the dialog");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await button.evaluate((button) => button === document.activeElement), "the focus is back");
  await context.close();
});

test("everybody who is found by id can be explained, also who completed nothing", async () => {
  const { page, context, complaints } = await ranPage();
  const nothing = readFileSync(inputs["Employees file"], "utf8").match(/^(\d+),f$/m)[1];
  const find = async () => {
    await openTab(page, "Employees");
    await page.getByLabel("Find employee by id").fill(nothing);
    await page.getByRole("button", { name: "Find", exact: true }).click();
    await page.getByRole("status").getByRole("button", { name: new RegExp(`^${nothing} ?: why\\?$`) }).click();
    const dialog = page.getByRole("dialog", { name: `Employee ${nothing}, completes none (f)` });
    await dialog.getByText(/^Type f completes nothing/).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
  };
  await find();
  const nobody = join(temporaryFolder(), "employees.csv");
  writeFileSync(nobody, `employee_id,employee_edu_type\n${nothing},f\n`);
  await pickFiles(page, { "Employees file": nobody });
  await run(page);
  await page.getByText("Nobody completed anything.").waitFor();
  await find();
  assert.deepEqual(complaints, []);
  await context.close();
});

test("tables that a bar of assignments narrows say who has no rows", async () => {
  const { page, context } = await ranPage();
  const notice = page.getByRole("status").filter({ hasText: "The tables show only" });
  await page.getByRole("button", { name: /random content, on the lists/ }).click();
  await notice.filter({ hasText: "Employees who completed nothing have no rows: find them by id." }).waitFor();
  await openTab(page, "Overview");
  await page.getByRole("button", { name: /random content, completed/ }).click();
  await notice.filter({ hasNotText: "find them by id" }).waitFor();
  await context.close();
});

test("for a feed broken on purpose, the dialog says that the rows are those before the faults", async () => {
  const { page, context } = await open();
  await pickFiles(page, inputs);
  await openMore(page);
  await page.getByText("Break on purpose", { exact: true }).click();
  await page.getByRole("checkbox", { name: /\(crlf\)$/ }).check();
  await run(page);
  await (await buttons(page, "Completed trainings")).first().click();
  await page.getByRole("dialog").getByText("This feed was broken on purpose (crlf).").waitFor();
  await context.close();
});

test("the answer is in sight on a phone, before names and dates", async () => {
  const { page, context } = await open({ viewport: { width: 390, height: 800 } });
  await pickFiles(page, inputs);
  await setRun(page);
  await run(page);
  const ids = (label) => [...readFileSync(inputs[label], "utf8").matchAll(/^"?(\d+)/gm)].map(([, id]) => id);
  const employees = new Set(ids("Employees file"));
  const assigned = ids("Assignments table").find((id) => employees.has(id));
  await openTab(page, "Employees");
  await page.getByLabel("Find employee by id").fill(assigned);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("status").getByRole("button", { name: new RegExp(`^${assigned} ?: why\\?$`) }).click();
  const table = page.getByRole("dialog").getByRole("table", { name: "What was open" });
  const { x, width } = await table.getByRole("cell").first().boundingBox();
  assert.ok(x + width <= 390, `${x} + ${width}`);
  assert.match(await table.getByRole("cell").first().textContent(), /open|count/);
  await context.close();
});
