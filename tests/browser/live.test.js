// The page's live sources in Chromium: the page comes from a helper that is connected to the servers of a sandbox.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  btcfake,
  columnsOf,
  download,
  figure,
  focusIsOn,
  openPage,
  pickFiles,
  run,
  showContext,
  sample,
  sidewaysScroll,
  startChromium,
  startHelper,
  startSandbox,
  startStaticServer,
  temporaryFolder,
  unzip,
  violations,
  waitUntil,
} from "./support.js";

/** The headings of the connections. */
const CONNECTIONS = ["Vendor's catalogs", "Publishing", "Recommendations", "Open assignments"];
const EMPLOYEES = 40;
const DAY = 24 * 60 * 60 * 1000;

let browser;
let employees;

before(async () => {
  employees = sample(EMPLOYEES)["Employees file"];
  browser = await startChromium();
});

after(() => browser?.close());

/** Waits until the sandbox's batch job has taken in so many feeds. */
function batchJobsRan(helper, feeds) {
  const loaded = () => (helper.complaints().match(/sandbox: loaded/g) ?? []).length;
  return waitUntil(`${feeds} feeds taken in by the batch job`, () => loaded() >= feeds, helper.complaints);
}

/** A working folder with the employees of the sandbox. */
function workFolder() {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "input"));
  copyFileSync(employees, join(folder, "input", "employees.csv"));
  return folder;
}

/** Starts a helper with a sandbox, uses its page, and asserts that the browser reported no error. */
async function withLivePage(use, { faults, page: options, ...where } = {}) {
  const args = faults ? ["--sandbox", "--fault", faults] : ["--sandbox"];
  const helper = await startHelper({ args, folder: workFolder(), ...where });
  const opened = await openPage(browser, helper.url, options);
  await opened.page.getByRole("heading", { name: "Live sources" }).waitFor();
  await use(opened.page, helper);
  assert.deepEqual(opened.complaints, []);
  await opened.context.close();
  await helper.stop();
}

/** The row of one connection. */
function source(page, name) {
  return page.getByRole("region", { name, exact: true });
}

/** The row of one connection, with its details. */
async function openSource(page, name) {
  const part = source(page, name);
  const details = part.locator("details").first();
  if (!(await details.evaluate((details) => details.open))) await part.getByRole("heading", { name }).click();
  return part;
}

/** Presses a button of a connection and waits for the expected message. */
async function press(page, name, button, expected) {
  const part = await openSource(page, name);
  await part.getByRole("button", { name: button }).click();
  await part.getByText(expected).first().waitFor();
}

/** Keeps copies of the helper's answers about employees. */
function listen(page) {
  return page.evaluate(() => {
    const ask = window.fetch.bind(window);
    window.heard = new Map();
    window.fetch = async (...request) => {
      const answer = await ask(...request);
      const path = new URL(answer.url).pathname;
      if (!["/api/state", "/api/recommendations"].includes(path)) return answer;
      const text = await answer.text();
      window.heard.set(path, text);
      return new Response(text, { status: answer.status, headers: answer.headers });
    };
  });
}

/** Presses a button like `press`, and returns the last event of the helper's answer. */
async function pressAndHear(page, path, name, button, expected) {
  await page.evaluate(() => window.heard.clear());
  await press(page, name, button, /is under way|are there|Done/);
  await page.waitForFunction((path) => window.heard.has(path), path);
  const answer = await page.evaluate((path) => window.heard.get(path), path);
  await source(page, name).getByRole("progressbar").waitFor({ state: "detached" });
  await source(page, name).getByText(expected).waitFor();
  return JSON.parse(answer.trim().split("\n").at(-1));
}

/** Fetches all inputs that live sources have, and returns them: file names to texts. */
async function fetchAll(page) {
  await press(page, "Vendor's catalogs", "Download catalogs", /In use now: StandAloneContent\S+ and CourseCatalog/);
  await source(page, "Vendor's catalogs").getByText(/^CourseCatalog\S+: (downloaded|already there) \([\d.]+ MB\)$/).waitFor();
  const asked = `Done: ${EMPLOYEES} of ${EMPLOYEES} employees asked, 0 failed.`;
  const { recording } = await pressAndHear(page, "/api/recommendations", "Recommendations", "Get recommendations", asked);
  return { "recommendations.jsonl": recording, ...(await fetchState(page)) };
}

async function fetchState(page) {
  const there = "Open assignments and completions are there.";
  const state = await pressAndHear(page, "/api/state", "Open assignments", "Get open assignments and completions", there);
  return { "content_assignments.csv": state.assignments, "content_completion.csv": state.completions };
}

/** The rows of a CSV file without quoted line breaks, without the header. */
function rows(text) {
  const lines = text.trim().split("\n").slice(1);
  return lines.map((line) => [...line.matchAll(/"([^"]*)"|([^",]+)|(?<=,)(?=,|$)/g)].map((match) => match[1] ?? match[2] ?? ""));
}

/** The pairs of employee and content in two columns. */
function pairs(text, employee, content) {
  return new Set(rows(text).map((row) => `${row[employee]} ${row[content].replaceAll(",", "")}`));
}

/** Downloads the files of a run, and checks that they agree with each other and with the run's inputs. */
async function checkedFeed(page, given) {
  const zip = await download(page, page.getByRole("button", { name: "Download feed" }));
  const feed = unzip(zip.bytes);
  const out = temporaryFolder();
  for (const [name, content] of [...feed, ...Object.entries(given)]) writeFileSync(join(out, name), content);
  copyFileSync(employees, join(out, "employees.csv"));
  const catalogs = await page.evaluate(async () => {
    const listed = await (await fetch("/api/catalogs")).json();
    const names = listed.filter((one) => one.most_recent).map((one) => one.name);
    return Promise.all(names.map(async (name) => [name, await (await fetch(`/api/catalogs/${name}`)).text()]));
  });
  for (const [name, content] of catalogs) writeFileSync(join(out, name), content);
  btcfake("check", out);
  const text = (start) => feed.get([...feed.keys()].find((name) => name.startsWith(start))).toString();
  return {
    completed: pairs(text("ContentUserCompletion"), 0, 1),
    open: pairs(text("Non_Completed"), 0, 3),
  };
}

async function publish(page, files) {
  const publishing = page.getByText(`Published ${files} files: `);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await publishing.waitFor();
}

test("nothing below moves while a feed is published, or when that is cancelled", async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    await withLivePage(
      async (page) => {
        await pickFiles(page, { "Employees file": employees });
        await press(page, "Vendor's catalogs", "Download catalogs", /In use now: /);
        await run(page);
        const release = [];
        await page.route("**/api/publish*", async (route) => {
          await new Promise((go) => release.push(go));
          await route.continue().catch(() => {});
        });
        const top = async (state) => {
          await page.getByText(state).filter({ visible: true }).first().waitFor();
          return page.locator(".file-cards").evaluate((cards) => cards.getBoundingClientRect().top + window.scrollY);
        };
        const begin = () => page.getByRole("button", { name: "Publish", exact: true }).click();
        const tops = [await top(/^Publish puts the feed here: /)];
        await begin();
        tops.push(await top("Sending the files to the helper…"));
        await page.getByRole("button", { name: "Cancel publishing" }).click();
        tops.push(await top("The publishing was cancelled."));
        await begin();
        tops.push(await top("Sending the files to the helper…"));
        release.forEach((go) => go());
        await page.unroute("**/api/publish*");
        tops.push(await top(/^(Published 5 files: |Nothing was sent: )/));
        assert.deepEqual(tops, tops.map(() => tops[0]), `at ${viewport.width} pixels`);
      },
      { page: { viewport } },
    );
  }
});

test("a day with live sources, and the next day knows what was published", async () => {
  await withLivePage(async (page, helper) => {
    assert.ok(await page.getByText("Nothing real is reached.").isVisible());
    for (const name of CONNECTIONS) await press(page, name, /^Test/, /^Works: /);
    await listen(page);
    await pickFiles(page, { "Employees file": employees });
    const given = await fetchAll(page);
    await showContext(page);
    for (const name of Object.keys(given)) await page.getByRole("button", { name: `Remove ${name}` }).waitFor();
    await run(page);
    const first = await checkedFeed(page, given);
    assert.ok(first.completed.size > 0 && first.open.size > 0);
    await publish(page, 5);
    await batchJobsRan(helper, 1);

    const date = page.getByLabel("Date", { exact: true });
    await date.fill(new Date(Date.parse(await date.inputValue()) + DAY).toISOString().slice(0, 10));
    const known = { ...given, ...(await fetchState(page)) };
    const assigned = pairs(known["content_assignments.csv"], 0, 1);
    const completed = pairs(known["content_completion.csv"], 0, 1);
    for (const pair of first.open) assert.ok(assigned.has(pair), `${pair} is not open on the next day`);
    for (const pair of first.completed) assert.ok(completed.has(pair), `${pair} is not completed on the next day`);
    await run(page);
    const second = await checkedFeed(page, known);
    for (const pair of first.completed) assert.ok(!second.completed.has(pair), `${pair} is completed twice`);
    await publish(page, 5);
  });
});

test("after a publishing the next day reads the state anew; the same feed and an old state are warned of", async () => {
  await withLivePage(async (page, helper) => {
    await listen(page);
    await pickFiles(page, { "Employees file": employees });
    await fetchAll(page);
    await run(page);
    await publish(page, 5);
    const button = page.getByRole("button", { name: "Publish", exact: true });
    const question = page.getByRole("region", { name: "Publish all the same?" });
    await button.click();
    await question.getByText(/^This feed was published already, at /).waitFor();
    await question.getByRole("button", { name: "Do not publish" }).click();
    await question.waitFor({ state: "detached" });
    await focusIsOn(button);

    await page.getByLabel("Seed", { exact: true }).fill("7");
    await page.getByText("This feed is from before your last change, so it cannot be published.").waitFor();
    assert.equal(await page.getByText("before your last change").count(), 1);
    await run(page);
    const notice = page.getByRole("status").filter({ hasText: /^The state of this run is older than the last publishing/ });
    await notice.waitFor();
    await page.getByRole("button", { name: "Next day" }).click();
    await page.getByRole("status").filter({ hasText: /^This run begins with what another feed left/ }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await run(page);
    await notice.waitFor();
    await button.click();
    await question.getByText(/^The state of this run is older than the last publishing/).waitFor();
    await question.getByRole("button", { name: "Publish all the same" }).click();
    await page.getByText("Published 5 files: ").waitFor();
    await batchJobsRan(helper, 2);
    const heading = page.getByRole("heading", { name: /^Feed of / });
    const day = await heading.textContent();
    const asked = page.waitForRequest((request) => request.url().includes("api/recommendations"));
    await page.getByRole("button", { name: "Next day" }).click();
    await asked;
    await page.waitForFunction((day) => ![null, day].includes(document.querySelector("#results-heading")?.textContent ?? null), day);
    const next = new Date(Date.now() + DAY);
    const stamp = `${next.getUTCFullYear()}_${next.getUTCMonth() + 1}_${next.getUTCDate()}_`;
    await showContext(page);
    const names = await page.getByRole("list", { name: "Files of the run" }).innerText();
    assert.ok(names.includes(stamp), `the catalogs of ${stamp}: ${names}`);
    await publish(page, 5);
  });
});

test("what is fetched can be cancelled, and the keyboard is enough", async () => {
  await withLivePage(
    async (page) => {
      await pickFiles(page, { "Employees file": employees });
      const recommender = source(page, "Recommendations");
      const start = recommender.getByRole("button", { name: "Get recommendations" });
      await recommender.locator("summary").focus();
      for (const key of ["Enter", "Tab", "Enter"]) await page.keyboard.press(key);
      await recommender.getByRole("progressbar").waitFor();
      await page.getByRole("button", { name: "Run simulation" }).click();
      const refused = page.getByRole("alert").filter({ hasText: "Not run yet" });
      await refused.getByText("The recommendations are still on their way").waitFor();
      await recommender.getByRole("button", { name: "Cancel" }).focus();
      await page.keyboard.press("Enter");
      await recommender.getByText("The fetching of recommendations was cancelled.").waitFor();
      assert.ok(await start.evaluate((button) => button === document.activeElement), "the focus is lost");
      await refused.waitFor({ state: "detached" });
      await run(page);
    },
    { faults: "api-slow=20s" },
  );
});

test("what was fetched for other employees stops the run until it is got again or removed", async () => {
  await withLivePage(async (page) => {
    await pickFiles(page, { "Employees file": employees });
    await listen(page);
    await fetchAll(page);
    const types = join(temporaryFolder(), "employees.csv");
    writeFileSync(types, readFileSync(employees, "utf8").replace(/,[ab]$/gm, ",f"));
    await pickFiles(page, { "Employees file": types });
    await run(page);
    const others = join(temporaryFolder(), "employees.csv");
    writeFileSync(others, readFileSync(employees, "utf8").split("\n").slice(0, -3).join("\n") + "\n");
    await pickFiles(page, { "Employees file": others });
    await page.getByText(/^This is about other employees/).first().waitFor();
    await page.getByRole("button", { name: "Run simulation" }).click();
    const refused = page.getByRole("alert").filter({ hasText: "Not run yet" });
    for (const name of ["content_assignments.csv", "content_completion.csv", "recommendations.jsonl"]) {
      await refused.getByText(`${name} is about other employees than those of this run: get it again under "Live sources", or remove it.`).waitFor();
    }
    await page.getByRole("button", { name: "Remove recommendations.jsonl" }).click();
    await fetchState(page);
    await refused.waitFor({ state: "detached" });
    await run(page);
  });
});

test("what live sources brought can be saved, byte for byte", async () => {
  await withLivePage(async (page) => {
    await pickFiles(page, { "Employees file": employees });
    await listen(page);
    const given = await fetchAll(page);
    await showContext(page);
    for (const [name, content] of Object.entries(given)) {
      const saved = await download(page, page.getByRole("link", { name: `Save ${name}` }));
      assert.equal(saved.name, name);
      assert.equal(saved.bytes.toString("utf8"), content);
    }
    assert.equal(await page.getByRole("link", { name: "Save employees.csv" }).count(), 0);
  });
});

test("a source that fails stops the run until people choose to go on without it", async () => {
  await withLivePage(
    async (page) => {
      await pickFiles(page, { "Employees file": employees });
      await page.getByText("Run the simulation: these files come within a second.").waitFor();
      await press(page, "Open assignments", "Get open assignments and completions", /^Error: .*does not accept the token/);
      await page.getByText(/^Not ready to run: a live source could not be fetched\./).waitFor();
      await page.getByRole("button", { name: "Run simulation" }).click();
      const refused = page.getByRole("alert").filter({ hasText: "Not run yet" });
      await refused.getByText("The open assignments and completions could not be fetched").waitFor();
      await press(page, "Open assignments", "Go on without", "Runs go on without it.");
      await run(page);
      await press(page, "Open assignments", /^Test/, /^Does not work: .*does not accept the token/);
    },
    { faults: "databricks-expired-token" },
  );
});

test("failed calls of the recommender cost only those employees' recommendations", async () => {
  await withLivePage(
    async (page) => {
      await pickFiles(page, { "Employees file": employees });
      await press(page, "Recommendations", "Get recommendations", /^Done: 40 of 40 employees asked, [1-9]\d* failed\.$/);
      await source(page, "Recommendations").getByText(/no answer for \d+ of 40 employees; employee \d+: HTTP 500/).waitFor();
      await run(page);
    },
    { faults: "api-500=0.2" },
  );
});

test("a state without the feed published last is told when it is read, and before the run is published", async () => {
  const folder = workFolder();
  const sandbox = await startSandbox({ folder });
  const helper = await startHelper({ folder, environment: sandbox.settings });
  const { page, context, complaints } = await openPage(browser, helper.url);
  await listen(page);
  await pickFiles(page, { "Employees file": employees });
  await fetchState(page);
  await run(page);
  await publish(page, 3);
  const missing = /^The state lacks 1 of \d+ completions of the last publishing \(run_\S+\.json, at .*\): the batch job has not loaded that feed yet/;
  const note = source(page, "Open assignments").getByText(missing);
  const notice = page.getByRole("status").filter({ hasText: missing });
  await fetchState(page);
  await page.getByLabel("Seed", { exact: true }).fill("7");
  await run(page);
  assert.deepEqual([await note.count(), await notice.count()], [0, 0], "the batch job has loaded it");

  const publications = join(folder, "generated_files", ".btcfake-published.jsonl");
  const publication = JSON.parse(readFileSync(publications, "utf8"));
  publication.completed[0].content = 999_999_999;
  writeFileSync(publications, `${JSON.stringify(publication)}\n`);
  await fetchState(page);
  await note.waitFor();
  await run(page);
  await notice.waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const question = page.getByRole("region", { name: "Publish all the same?" });
  await question.getByText(missing).waitFor();
  await question.getByRole("button", { name: "Do not publish" }).click();
  writeFileSync(publications, "");
  await page.getByRole("button", { name: "Read the state and run again" }).click();
  await notice.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await context.close();
  await helper.stop();
  await sandbox.stop();
});

test("fake data goes to production only when its host is typed in", async () => {
  const folder = workFolder();
  const sandbox = await startSandbox({ folder });
  const environment = { ...sandbox.settings, BTCFAKE_ENV: "prod" };
  const helper = await startHelper({ folder, environment });
  const { page, context, complaints } = await openPage(browser, helper.url);
  await page.getByText("Environment: prod. These are real systems.").waitFor();
  await pickFiles(page, { "Employees file": employees });
  await run(page);
  const button = page.getByRole("button", { name: "Publish", exact: true });
  await button.click();
  const publishThere = page.getByRole("button", { name: "Publish to production" });
  await page.getByRole("region", { name: "This looks like production" }).waitFor();
  for (const [typed, disabled] of [["", "true"], ["127.0.0.2", "true"], ["127.0.0.1", "false"]]) {
    await page.getByLabel(/^Type the host to publish there/).fill(typed);
    assert.equal(await publishThere.getAttribute("aria-disabled"), disabled, typed);
    await publishThere.click({ force: true });
  }
  await page.getByText("Published 3 files: ").waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
  await helper.stop();
  await sandbox.stop();
});

test("a helper that others can reach wants its token", async () => {
  const environment = { BTCFAKE_TOKEN: "correct-horse-battery-staple" };
  const helper = await startHelper({ listen: "0.0.0.0:0", args: ["--sandbox"], folder: workFolder(), environment });
  const { page, context, complaints } = await openPage(browser, helper.url);
  const token = page.getByLabel("Token of the helper");
  await token.waitFor();
  assert.equal(await page.getByRole("button", { name: "Download catalogs" }).count(), 0);
  await token.fill("wrong");
  await page.getByRole("button", { name: "Connect" }).click();
  await page.getByRole("alert").getByText("the helper does not take that token").waitFor();
  await focusIsOn(token);
  await token.fill(environment.BTCFAKE_TOKEN);
  await token.press("Enter");
  await focusIsOn(page.getByRole("heading", { name: "Live sources" }));
  await press(page, "Vendor's catalogs", "Download catalogs", /In use now: /);
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes("401")), []);
  await context.close();
  await helper.stop();
});

test("the page says when its helper has gone, and stays whole", async () => {
  const helper = await startHelper({ args: ["--sandbox"], folder: workFolder() });
  const { page, context } = await openPage(browser, helper.url);
  await press(page, "Vendor's catalogs", "Download catalogs", /In use now: /);
  await page.getByRole("button", { name: /^Remove StandAloneContent/ }).waitFor();
  // Once a file is read, the worker has its program.
  await page.getByText("Daily Doses").first().waitFor();
  await helper.stop();
  await (await openSource(page, "Vendor's catalogs")).getByRole("button", { name: "Download catalogs" }).click();
  await page.getByText("The helper that served this page does not answer").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0, "one message, not one for each source");
  await page.getByRole("button", { name: "Run simulation" }).click();
  await page.getByRole("alert").getByText("The helper does not answer").waitFor();
  await page.getByRole("button", { name: "Go on without" }).click();
  assert.equal(await page.getByRole("button", { name: /^Remove / }).count(), 0, "what was brought before goes too");
  await pickFiles(page, { "Employees file": employees });
  await run(page);
  await context.close();
});

test("nothing is published to another helper than the one that the page shows", async () => {
  const first = await startHelper({ args: ["--sandbox"], folder: workFolder() });
  const { page, context } = await openPage(browser, first.url);
  await page.getByText("Nothing real is reached.").waitFor();
  await page.getByRole("link", { name: "Mix", exact: true }).click();
  await page.getByRole("button", { name: "Make up a population" }).click();
  await page.getByRole("button", { name: "Make up", exact: true }).click();
  await page.getByRole("link", { name: "Feed", exact: true }).click();
  await (await openSource(page, "Open assignments")).getByText("Live sources are asked about the employees of a file: save the").waitFor();
  await run(page);
  await first.stop();
  const folder = workFolder();
  const sandbox = await startSandbox({ folder });
  const environment = { ...sandbox.settings, BTCFAKE_ENV: "qa" };
  const second = await startHelper({ folder, environment, listen: new URL(first.url).host });
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("alert").getByText("Error: another helper answers here now, or it was started anew").waitFor();
  await page.getByText("Environment: qa. These are real systems.").waitFor();
  await publish(page, 3);
  await context.close();
  await second.stop();
  await sandbox.stop();
});

test("a feed is published with the catalogs that it was made from, wherever they came from", async () => {
  await withLivePage(async (page) => {
    await page.getByRole("button", { name: "Use sample files" }).click();
    await page.getByText("Context: 5 of 5 given").waitFor();
    await run(page);
    await publish(page, 5);
  });
});

test("after a publishing the next day of sample files has new recommendations, and the state from the live source", async () => {
  await withLivePage(async (page, helper) => {
    await page.getByRole("button", { name: "Use sample files" }).click();
    await page.getByText("Context: 5 of 5 given").waitFor();
    await run(page);
    const recommended = (await figure(page, "From recommendations")).count;
    await publish(page, 5);
    await batchJobsRan(helper, 1);
    const heading = page.locator("#results-heading");
    const day = await heading.textContent();
    const asked = page.waitForRequest((request) => request.url().includes("api/state"));
    await page.getByRole("button", { name: "Next day" }).click();
    await asked;
    await waitUntil("a feed of another day", async () => ![null, day].includes(await heading.textContent()));
    const next = (await figure(page, "From recommendations")).count;
    assert.ok(next > 0.5 * recommended, `${next} recommendations were completed, ${recommended} on the day before`);
    await publish(page, 5);
  });
});

test("a series over the catalog of a sandbox has new Daily Doses on a Monday", async () => {
  await withLivePage(async (page) => {
    await pickFiles(page, { "Employees file": employees });
    await press(page, "Vendor's catalogs", "Download catalogs", /In use now: StandAloneContent/);
    await page.getByRole("link", { name: "Series", exact: true }).click();
    await page.getByLabel("First day").fill(new Date().toISOString().slice(0, "2026-11-28".length));
    await page.getByLabel("Days", { exact: true }).fill("8");
    await page.getByRole("button", { name: "Make series" }).click();
    await page.getByRole("link", { name: "Download all days (ZIP)" }).waitFor();
    const of = await columnsOf(page.getByRole("table", { name: "Days of the series" }), 8);
    const later = of("No Daily Dose").slice(1);
    assert.ok(later.some((count) => count < EMPLOYEES), later.join());
  });
});

test("without a helper there are no live sources, and none is asked for", async () => {
  const server = await startStaticServer();
  const { page, context, complaints } = await openPage(browser, server.url);
  await pickFiles(page, { "Employees file": employees });
  await run(page);
  assert.equal(await page.getByRole("heading", { name: "Live sources" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Publish", exact: true }).count(), 0);
  assert.deepEqual(server.asked.filter((line) => line.includes("/api")), []);
  assert.deepEqual(complaints, []);
  await context.close();
  server.stop();
});

test("everybody can use live sources, on a phone too", async () => {
  const phone = { bypassCSP: true, viewport: { width: 360, height: 740 }, isMobile: true };
  await withLivePage(
    async (page) => {
      assert.deepEqual(await violations(page), []);
      await pickFiles(page, { "Employees file": employees });
      await press(page, "Open assignments", "Get open assignments and completions", /^Error: /);
      for (const name of CONNECTIONS) await press(page, name, /^Test/, /^(Works|Does not work): /);
      await press(page, "Vendor's catalogs", "Download catalogs", /In use now: /);
      assert.deepEqual(await violations(page), []);
      await press(page, "Open assignments", "Go on without", "Runs go on without it.");
      await run(page);
      await publish(page, 5);
      assert.deepEqual(await violations(page), []);
      assert.equal(await sidewaysScroll(page), 0);
    },
    { faults: "databricks-expired-token", page: phone },
  );
});
