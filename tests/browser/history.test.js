// The history of runs: kept in the browser, opened again, compared, deleted.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { NOW, btcfake, drop, focusIsOn, pickFiles, run, sample, setRun, temporaryFolder, useHelper, violations } from "./support.js";

const { open, withPage } = useHelper();
const employees = { "Employees file": sample(100)["Employees file"] };

/** Runs with each of the seeds, and goes to the history. */
async function runAll(page, ...seeds) {
  await pickFiles(page, employees);
  for (const seed of seeds) {
    await setRun(page, seed, NOW);
    await run(page);
  }
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText(`${seeds.length} runs, the last one first.`).waitFor();
}

const runsOf = (page) => page.getByRole("region", { name: "History" }).getByRole("listitem");

test("runs are kept, compared, opened again and deleted", async () => {
  await withPage({}, async (page) => {
    await runAll(page, "11", "22", "33");
    await page.reload();
    const runs = runsOf(page);
    await runs.nth(2).waitFor();
    assert.match(await runs.first().innerText(), /100 employees, seed 33, 18:00 UTC; from employees\.csv\./);

    await runs.nth(0).getByLabel("Compare").check();
    await runs.nth(1).getByLabel("Compare").check();
    const row = (name) => page.getByRole("row", { name });
    await row(/^Seed 22 33$/).waitFor();
    assert.match(await page.getByText(/^They differ in /).innerText(), /^They differ in \d+ lines?\.$/);
    assert.equal(await row(/Seed/).count(), 1);
    assert.equal(await row(/^Time zone UTC UTC$/).isVisible(), false);
    await page.getByText(/^The same in both: \d+ lines$/).click();
    await row(/^Time zone UTC UTC$/).waitFor();
    await runs.nth(2).getByLabel("Compare").check();
    await row(/^Seed 11 22$/).waitFor();
    assert.equal(await runs.nth(0).getByLabel("Compare").isChecked(), false);

    await runs.nth(2).getByText("Summary").click();
    await runs.nth(2).getByText("Daily Doses").first().waitFor();
    await runs.nth(2).getByRole("button", { name: /^Open the run of \w+, \w+ \d/ }).click();
    const opened = page.getByRole("heading", { name: "Opened run" });
    await focusIsOn(opened);
    assert.ok(await opened.evaluate((heading) => heading.getBoundingClientRect().top >= 0), "it is read from its top");
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "11");

    await page.getByRole("link", { name: "History" }).click();
    await runs.nth(1).getByRole("button", { name: /^Delete the run of \w+, \w+ \d/ }).click();
    await page.getByText("2 runs, the last one first.").waitFor();
    await focusIsOn(runs.nth(1).getByRole("heading"));
    assert.match(await runs.nth(1).innerText(), /seed 11/);
    const undo = (done) => page.locator(".toast").filter({ hasText: done }).getByRole("button", { name: "Undo" }).click();
    await undo("The run is deleted.");
    await page.getByText("3 runs, the last one first.").waitFor();
    assert.match(await runs.nth(1).innerText(), /seed 22/);
    assert.ok(await runs.nth(1).getByLabel("Compare").isChecked(), "it is compared again");
    await page.getByRole("button", { name: "Delete all runs" }).click();
    await page.getByText("There are no runs yet.").waitFor();
    await undo("All runs are deleted.");
    await page.getByText("3 runs, the last one first.").waitFor();
    await page.reload();
    await runs.nth(2).waitFor();
  });
});

test("two runs of a visit are compared row by row, and files of another feed with the last run", async () => {
  await withPage({}, async (page) => {
    await runAll(page, "11", "22");
    const region = page.getByRole("region", { name: "Two feeds, row by row" });
    await region.getByRole("button", { name: "Compare row by row" }).click();
    const table = region.getByRole("table", { name: "Completions" });
    await table.getByRole("cell", { name: /^(Added|Gone|Changed)$/ }).first().waitFor();
    await table.getByText(/^DateCompleted: Jan \d+, 2026, \d\d:\d\d:\d\d UTC/).first().waitFor();
    const other = temporaryFolder();
    btcfake("simulate", "--employees", employees["Employees file"], "--seed", "22", "--now", NOW, "--out", other, "--quiet");
    const files = readdirSync(other).filter((name) => name.endsWith(".csv")).map((name) => join(other, name));
    await region.getByLabel("Files of another feed, before").setInputFiles(files);
    await region.getByRole("button", { name: "Compare row by row" }).click();
    await region.getByText("Both feeds have the same rows.").waitFor();
    const [name, ...rest] = files;
    await drop(page, [[`moved_${basename(name)}`, readFileSync(name)], ...rest.map((path) => [basename(path), readFileSync(path)])]);
    const after = region.getByRole("radiogroup", { name: "After" });
    await after.getByRole("radio", { name: /^moved_/, checked: true }).waitFor();
  });
});

test("the oldest runs go when there are too many, and what cannot be read is passed over", async () => {
  await withPage({}, async (page) => {
    await runAll(page, "1", "2");
    await page.evaluate(async () => {
      const open = indexedDB.open("btcfake");
      await new Promise((resolve) => (open.onsuccess = resolve));
      const transaction = open.result.transaction("runs", "readwrite");
      const store = transaction.objectStore("runs");
      for (let seed = 0; seed < 250; seed++) {
        store.add(`btcfake run 1\n${seed}\t5\nrecipe=1&version=1&now=2026-01-29T18:00:00Z&seed=${seed}\n`);
      }
      store.add("nonsense");
      store.add(5);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      open.result.close();
    });
    await page.getByRole("link", { name: "Feed", exact: true }).click();
    await run(page);
    await page.getByRole("link", { name: "History" }).click();
    await page.getByText("198 runs, the last one first.").waitFor();
    assert.match(await runsOf(page).last().innerText(), /seed 53/);
  });
});

test("runs are told apart by time, mix and faults", async () => {
  await withPage({ timezoneId: "America/New_York" }, async (page) => {
    await runAll(page, "1", "2");
    await page.evaluate(async () => {
      const open = indexedDB.open("btcfake");
      await new Promise((resolve) => (open.onsuccess = resolve));
      const transaction = open.result.transaction("runs", "readwrite");
      const recipe = "recipe=1&version=1&now=2026-01-29T18:00:00Z&seed=7&mix=a=12.3,b=65.4,f=22.3&break=crlf@assignments";
      transaction.objectStore("runs").add(`btcfake run 1\n1769709600000\t5\n${recipe}\n`);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      open.result.close();
    });
    await page.reload();
    await page.getByText("3 runs, the last one first.").waitFor();
    const text = await runsOf(page).first().innerText();
    assert.match(text, /^Thu, Jan 29, 2026, made Thu, Jan 29, 2026, 13:00\n/);
    assert.match(text, /from no file\. Mix: 12\.3\s% complete all \(a\), 65\.4\s% one \(b\), 22\.3\s% none \(f\)\. Broken on purpose: Windows line ends \(assignments\)\./);
    assert.doesNotMatch(await runsOf(page).last().innerText(), /Mix|Broken/);
  });
});

test("the page says that the browser keeps nothing, and works", async () => {
  const opened = await open();
  await opened.context.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { get: () => null });
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("no", "SecurityError");
      },
    });
  });
  await opened.page.reload();
  await pickFiles(opened.page, employees);
  await run(opened.page);
  await opened.page.getByRole("link", { name: "History" }).click();
  await opened.page.getByRole("alert").filter({ hasText: "There is no history: " }).waitFor();
  assert.deepEqual(opened.complaints, []);
  await opened.context.close();
});

test("the History says what a full browser did not keep", async () => {
  const opened = await open();
  await opened.context.addInitScript(() => {
    IDBObjectStore.prototype.add = Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const { page } = opened;
  await page.reload();
  await pickFiles(page, employees);
  await setRun(page, "11", NOW);
  await run(page);
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("There are no runs yet.").waitFor();
  await page.getByRole("alert").getByText("The last run is not kept: the browser has no room left for it").waitFor();
  const remembered = page.getByRole("region", { name: "What this browser remembers" });
  await remembered.getByText("Your last settings are not kept: the browser has no room left").waitFor();
  await page.getByRole("link", { name: "Mix" }).click();
  await page.getByRole("button", { name: "Keep this one" }).click();
  await page.getByLabel("Name of the scenario").fill("Hard month");
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("alert").getByText("your scenarios are not kept: the browser has no room left").waitFor();
  assert.deepEqual(opened.complaints, []);
  await opened.context.close();
});

test("everybody can use the history", async () => {
  const viewport = { width: 360, height: 740 };
  await withPage({ viewport, bypassCSP: true }, async (page) => {
    await runAll(page, "11", "22");
    for (const at of [0, 1]) await runsOf(page).nth(at).getByLabel("Compare").check();
    await runsOf(page).first().getByText("Summary").click();
    await page.getByRole("row", { name: /^Seed/ }).waitFor();
    assert.deepEqual(await violations(page), []);
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(content <= screen, `${content} > ${screen}`);
  });
});
