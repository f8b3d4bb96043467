// Measures the page for `make bench`: the first view on a slow line and a slow machine, and a million employees in the
// worker against the command line on one thread.

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openAny, openPage, pickFiles, run, setRun, NOW, SEED, startChromium, startHelper, temporaryFolder } from "./support.js";

/** A fast 3G line: 1.6 Mbit/s down, 0.75 Mbit/s up, 150 ms for a round trip. */
const LINE = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
/** The processor runs at a quarter of this machine's speed. */
const SLOWER = 4;
const MILLION = 1_000_000;

const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(2)} s`;
const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];

/** The times of the first paint, and of when employees can be picked, in milliseconds from the start of a fresh browser. */
async function firstView(browser, url) {
  const { page, context } = await openAny(browser, "about:blank");
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(() => {
    const note = () => {
      if (!document.querySelector('input[type=file][aria-label="Employees file"]')) return requestAnimationFrame(note);
      window.usableAt = performance.now();
    };
    requestAnimationFrame(note);
  });
  await page.goto(url, { waitUntil: "commit" });
  await page.waitForFunction(() => window.usableAt);
  const times = await page.evaluate(() => ({
    painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    usable: window.usableAt,
  }));
  await context.close();
  return times;
}

async function measureFirstView(browser, url) {
  const views = [];
  for (let round = 0; round < 5; round += 1) views.push(await firstView(browser, url));
  const [painted, usable] = ["painted", "usable"].map((name) => seconds(median(views.map((view) => view[name]))));
  console.log(`first view, ${SLOWER} x slower, 1.6 Mbit/s, 150 ms: painted after ${painted}, usable after ${usable} (median of 5)`);
}

/** Makes the page record the time of the next click and of the change that shows the feed. Playwright's wait polls every half second. */
function noteResults(page) {
  return page.evaluate(() => {
    const isShown = () => [...document.querySelectorAll("button")].some((button) => button.textContent.includes("Download feed"));
    const watcher = new MutationObserver(() => {
      if (!isShown()) return;
      window.resultsAt = performance.now();
      watcher.disconnect();
    });
    const begin = () => {
      window.clickedAt = performance.now();
      watcher.observe(document.body, { childList: true, subtree: true });
    };
    addEventListener("click", begin, { capture: true, once: true });
  });
}

/** The same files and settings, natively on one processor and in the worker. */
async function measureMillion(browser, url) {
  const folder = temporaryFolder();
  const call = (...args) => execFileSync("taskset", ["-c", "0", process.env.BTCFAKE, ...args]);
  call("sample", folder, "--employees", String(MILLION), "--now", "2026-01-29T12:00:00Z");
  const path = (start) => join(folder, readdirSync(folder).find((name) => name.startsWith(start)));
  const [employees, content] = [path("employees"), path("StandAloneContent")];
  for (let round = 1; round <= 3; round += 1) {
    const out = temporaryFolder();
    const files = ["--employees", employees, "--standalone-content", content];
    const begun = performance.now();
    call("simulate", ...files, "--seed", SEED, "--now", NOW, "--out", out, "--quiet");
    const natively = performance.now() - begun;
    const { page, context } = await openPage(browser, url);
    await pickFiles(page, { "Employees file": employees, "StandAloneContent file": content });
    await page.getByText("1,000,000 employees").first().waitFor();
    await setRun(page);
    await noteResults(page);
    await run(page);
    const inWorker = await page.evaluate(() => window.resultsAt - window.clickedAt);
    await context.close();
    const ratio = (inWorker / natively).toFixed(1);
    console.log(`a million in the worker, round ${round}: ${seconds(inWorker)}, natively on one thread ${seconds(natively)}, ratio ${ratio}`);
  }
}

const [helper, browser] = await Promise.all([startHelper(), startChromium()]);
await measureFirstView(browser, helper.url);
await measureMillion(browser, helper.url);
await browser.close();
await helper.stop();
