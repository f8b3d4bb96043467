// The charts of a run: their figures are those of the summary, a bar filters the tables, by mouse and by keyboard, and
// they are accessible.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { focusIsOn, openTab, openTable, pickFiles, run, sample, setRun, temporaryFolder, useHelper } from "./support.js";

const { open } = useHelper();
const inputs = sample(600);

/** Opens the page and runs the sample. */
async function ranPage(options) {
  const opened = await open(options);
  await pickFiles(opened.page, inputs);
  await setRun(opened.page);
  await run(opened.page);
  return opened;
}

const number = (text) => Number(text.replace(/[^\d]/g, ""));

const chart = (page, title) => page.getByRole("group", { name: title, exact: true }).first();

/** The figures of a chart's table, as numbers by the label of the row. */
async function figures(page, title) {
  const part = chart(page, title);
  await part.getByText("Table of these figures").click();
  const rows = await part.getByRole("table").getByRole("row").all();
  const cells = await Promise.all(rows.slice(1).map((row) => row.locator("th, td").allTextContents()));
  return Object.fromEntries(cells.map(([label, ...counts]) => [label, counts.map(number)]));
}

/** A value of the summary, which is in the tab "Details". */
async function summary(page, label) {
  const line = page.locator("dl > div").filter({ has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) });
  return (await line.locator("dd").textContent()).trim();
}

/** The number of employees on all pages of a table. */
async function employees(page, title) {
  const text = await page.getByRole("navigation", { name: `Pages of ${title}` }).getByRole("status").textContent();
  return number(text.match(/\(([\d,]+) employee/)?.[1] ?? "0");
}

/** All rows of a table, page by page. */
async function allRows(page, title) {
  const pager = page.getByRole("navigation", { name: `Pages of ${title}` });
  const rows = [];
  for (;;) {
    rows.push(...(await page.getByRole("table", { name: title }).locator("tbody tr").allTextContents()));
    const next = pager.getByRole("button", { name: "Next" });
    if (await next.isDisabled()) return rows;
    const before = await pager.getByRole("status").textContent();
    await next.click();
    await page.waitForFunction(([node, text]) => node.textContent !== text, [await pager.getByRole("status").elementHandle(), before]);
  }
}

test("the figures are those of the summary", async () => {
  const { page, context, complaints } = await ranPage();
  const bySource = await figures(page, "Who completed what");
  await openTab(page, "Details");
  await openTab(page, "Overview");
  const shown = async (label) => (await summary(page, label)).match(/[\d,]+/g).map(number);
  const [manager, managerA, managerB] = await shown("From the manager");
  const [ai, aiA, aiB] = await shown("From recommendations");
  assert.deepEqual(bySource, {
    "completes all (a)": [managerA, aiA],
    "completes one (b)": [managerB, aiB],
    "completes none (f)": [0, 0],
  });

  const assigned = await figures(page, "On the lists, and completed");
  assert.equal(assigned["open assignment"][0], number(await summary(page, "Open before")));
  assert.equal(assigned["random content"][0], number(await summary(page, "New random contents")));
  const completed = Object.values(assigned).map(([, count]) => count);
  assert.equal(completed.reduce((sum, count) => sum + count), manager + ai);
  assert.equal(assigned.recommendation[1], ai);

  const shift = await figures(page, "Over the shift");
  assert.deepEqual(Object.keys(shift).slice(0, 2), ["10:00 UTC", "10:30 UTC"]);
  assert.equal(Object.values(shift).reduce((sum, [count]) => sum + count, 0), manager + ai);

  const reasons = await figures(page, "Daily Doses not given, by reason");
  for (const [label, line] of [
    ["completed one this week", "Skipped for Daily Dose: completed one this week"],
    ["one open this week", "Skipped for Daily Dose: one open this week"],
    ["left out: open already", "Daily Doses left out: open already"],
    ["left out: completed in the past", "Daily Doses left out: completed in the past"],
  ]) {
    assert.equal(reasons[label][0], number(await summary(page, line)), label);
  }
  const contents = Object.values(await figures(page, "Contents most completed")).map(([count]) => count);
  assert.equal(contents.length, 10);
  assert.deepEqual(contents, contents.toSorted((one, other) => other - one));
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a bar narrows the tables to what it counts, and all comes back", async () => {
  const { page, context } = await ranPage();
  const ids = (await openTable(page, "Completed trainings")).locator("tbody tr td:first-child");
  const found = String(number(await ids.first().textContent()));
  const before = await employees(page, "Completed trainings");
  const field = page.getByLabel("Find employee by id");
  await field.fill(found);
  await field.press("Enter");
  const all = page.getByRole("button", { name: "All employees" });
  await all.waitFor();
  await openTab(page, "Overview");
  const bar = page.locator('[aria-label^="completes all (a), from recommendations: "]');
  const count = number((await bar.getAttribute("aria-label")).split(": ")[1]);
  assert.equal(await bar.getAttribute("aria-pressed"), "false");
  await bar.click();
  await page.getByText('The tables show only what stands behind "Who completed what: completes all (a), from recommendations".').waitFor();
  assert.equal(await bar.getAttribute("aria-pressed"), "true");
  await page.waitForFunction(
    ([node, count]) => !node.textContent.includes(`(${count} `),
    [await page.getByRole("navigation", { name: "Pages of Completed trainings" }).getByRole("status").elementHandle(), String(before)],
  );
  const rows = await allRows(page, "Completed trainings");
  assert.equal(rows.length, count);
  assert.ok(rows.every((row) => row.includes("recommender") && row.includes("recommendation")));
  await focusIsOn(page.getByRole("button", { name: "Next page of Completed trainings" }));
  assert.equal(await field.inputValue(), "", "what was found before is not what the table shows");

  await field.fill(found);
  await field.press("Enter");
  await page.getByText('completes all (a), from recommendations", but all rows of the employee found by id.').waitFor();
  await all.click();
  await page.getByText("by id.").waitFor({ state: "detached" });
  await focusIsOn(page.getByRole("heading", { name: "Completed trainings" }));

  await page.getByRole("button", { name: "Show all in the tables" }).click();
  await page.getByText("The tables show only").waitFor({ state: "detached" });
  assert.equal(await bar.getAttribute("aria-pressed"), "false");
  await focusIsOn(page.getByRole("heading", { name: "Completed trainings" }));
  await page.getByText(`(${before} employees)`).first().waitFor();
  await context.close();
});

test("by the keyboard alone", async () => {
  const { page, context } = await ranPage();
  const part = chart(page, "Daily Doses not given, by reason");
  await chart(page, "On the lists, and completed").getByText("Table of these figures").focus();
  await page.keyboard.press("Tab");
  const first = part.getByRole("button", { name: /^completed one this week/ });
  assert.ok(await first.evaluate((bar) => bar === document.activeElement), "a chart is one stop of the Tab key");
  await page.keyboard.press("ArrowDown");
  const second = part.getByRole("button", { name: /^one open this week/ });
  assert.ok(await second.evaluate((bar) => bar === document.activeElement));
  await page.keyboard.press("Enter");
  const behind = '"Daily Doses not given, by reason: one open this week"';
  await page.getByText(`The tables show only the employees behind ${behind}, with all their rows.`).waitFor();
  const rows = page.getByRole("table", { name: "Skipped for Daily Dose" }).locator("tbody tr");
  await rows.first().waitFor();
  await page.waitForFunction(() => !document.body.textContent.includes("completed a Daily Dose this week"));
  assert.ok((await rows.allTextContents()).every((row) => row.includes("has a Daily Dose open this week")));
  const note = page.getByText("The tables show only");
  const isNote = (note) => note.closest(".narrowed") === document.activeElement;
  assert.ok(await note.evaluate(isNote), "what came of it is where the focus is");
  assert.ok(await note.evaluate((note) => note.getBoundingClientRect().bottom <= window.innerHeight), "and in view");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Show all in the tables");
  await page.keyboard.press("Enter");
  await note.waitFor({ state: "detached" });
  await focusIsOn(page.getByRole("heading", { name: "Skipped for Daily Dose" }));
  await context.close();
});

test("labels can be read whole, also under the mouse and while a bar is chosen, and colours told apart", async () => {
  const { page, context } = await ranPage({ viewport: { width: 390, height: 800 } });
  const bar = page.getByRole("button", { name: /^completed one this week/ });
  await bar.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await bar.boundingBox();
  // The label stands above its bar.
  const clip = { x, y: y - 22, width, height: 20 };
  const before = await page.screenshot({ clip });
  await page.mouse.move(x + width / 2, y + height / 2);
  assert.ok(before.equals(await page.screenshot({ clip })));
  for (const title of ["Daily Doses not given, by reason", "Over the shift", "Who completed what"]) {
    for (const label of await chart(page, title).locator(".label").all()) {
      const isCut = await label.evaluate((label) => label.scrollWidth > label.clientWidth);
      assert.ok(!isCut, await label.textContent());
    }
  }
  assert.ok((await bar.locator("title").textContent()).startsWith("completed one this week: "));
  const part = (source) => page.locator(`[aria-label^="completes all (a), ${source}: "]`);
  await page.emulateMedia({ forcedColors: "active" });
  const opacity = (bar) => bar.locator(".mark").evaluate((mark) => Number(getComputedStyle(mark).opacity));
  assert.ok((await opacity(part("from recommendations"))) < (await opacity(part("from the manager"))));
  await context.close();
});

test("time runs along the width, and the scale is of round numbers", async () => {
  const { page, context } = await ranPage();
  const columns = await chart(page, "Over the shift").locator("[data-bar] .mark").all();
  const boxes = await Promise.all(columns.map((mark) => mark.boundingBox()));
  assert.ok(boxes.every((box, at) => at === 0 || box.x > boxes[at - 1].x), "one after the other");
  const ends = boxes.map((box) => Math.round(box.y + box.height));
  assert.ok(ends.every((end) => Math.abs(end - ends[0]) <= 1), "on one line");
  const counts = Object.values(await figures(page, "Over the shift")).map(([count]) => count);
  const highest = boxes.map(({ height }) => height).indexOf(Math.max(...boxes.map(({ height }) => height)));
  assert.equal(counts[highest], Math.max(...counts));
  await context.close();
});

test("a chart without figures says why", async () => {
  const { page, context } = await open();
  const path = join(temporaryFolder(), "employees.csv");
  writeFileSync(path, "employee_id,employee_edu_type\n1,f\n");
  await pickFiles(page, { "Employees file": path });
  await setRun(page);
  await run(page);
  const why = "No completions, because every employee completes none.";
  for (const title of ["Who completed what", "Over the shift", "Contents most completed"]) {
    await chart(page, title).getByText(why).waitFor();
  }
  await chart(page, "On the lists, and completed").getByText("No recommendations, because the run has no file of them.").waitFor();
  await context.close();
});

test("figures can be copied for a spreadsheet", async () => {
  const { page, context } = await ranPage({ permissions: ["clipboard-read", "clipboard-write"] });
  const bySource = await figures(page, "Who completed what");
  await chart(page, "Who completed what").getByRole("button", { name: "Copy the figures as a table" }).click();
  await page.getByText("Copied.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const rows = Object.entries(bySource).map(([label, counts]) => [label, ...counts].join("\t"));
  assert.equal(copied, `${["Type\tfrom the manager\tfrom recommendations", ...rows].join("\n")}\n`);
  await context.close();
});

const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

test("everybody can read the charts and the dialog, on a phone too", async () => {
  const { page, context } = await ranPage({ viewport: { width: 360, height: 740 }, bypassCSP: true });
  await figures(page, "Contents most completed");
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok((await wide()) <= 0, "nothing is wider than the window");
  await page.evaluate(axe);
  const check = () => page.evaluate(() => axe.run());
  assert.deepEqual((await check()).violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), []);
  await page.locator('[aria-label^="completes all (a), from recommendations: "]').click();
  const table = page.getByRole("table", { name: "Completed trainings" });
  await table.waitFor();
  assert.deepEqual((await check()).violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), []);
  await table.getByRole("button").first().click();
  await page.getByRole("dialog").getByRole("heading", { name: "Rows in the files" }).waitFor();
  assert.ok((await wide()) <= 0, "nor is the dialog");
  assert.deepEqual((await check()).violations.map((one) => [one.id, one.nodes.map((node) => node.html)]), []);
  await context.close();
});
