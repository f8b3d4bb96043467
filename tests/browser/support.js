// Shared parts of the browser tests: the program, its server, sample inputs, a Chromium, and the page as a tester sees
// it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before } from "node:test";
import { inflateRawSync } from "node:zlib";
import { chromium } from "playwright-core";

const PROGRAM = process.env.BTCFAKE;
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const DIST = new URL("../../dist/", import.meta.url).pathname;

/** The seed and instant of the runs that are compared with the command line. */
export const SEED = "42";
export const NOW = "2026-01-29T18:00:00Z";

const folders = [];
const programs = [];

// A failing test does not reach its last line. The processes that it leaves end with the tests, and do not keep them running
// (`unref`).
process.on("exit", () => {
  programs.forEach((program) => program.kill());
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

/** A folder that is removed when the tests end. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "btcfake-browser-"));
  folders.push(folder);
  return folder;
}

/** Calls the command line and returns what it prints. */
export function btcfake(...args) {
  return execFileSync(PROGRAM, args, { encoding: "utf8", cwd: tmpdir(), env: { PATH: process.env.PATH, HOME: tmpdir() } });
}

/** Sample inputs by the labels of the page's file fields. */
export function sample(employees) {
  const folder = temporaryFolder();
  btcfake("sample", folder, "--employees", String(employees), "--now", "2026-01-29T12:00:00Z");
  const path = (start) => join(folder, readdirSync(folder).find((name) => name.startsWith(start)));
  return {
    "Employees file": path("employees"),
    "StandAloneContent file": path("StandAloneContent"),
    "Course catalog file": path("CourseCatalog"),
    "Assignments table": path("content_assignments"),
    "Completions table": path("content_completion"),
    "Recorded recommendations (JSON lines)": path("recommendations"),
  };
}

/** The options of the command line by the labels of the file fields. */
export const OPTIONS = {
  "Employees file": "--employees",
  "StandAloneContent file": "--standalone-content",
  "Course catalog file": "--course-catalog",
  "Assignments table": "--assignments",
  "Completions table": "--completions",
  "Recorded recommendations (JSON lines)": "--recommendations",
};

/** The vendor files that the command line makes from the same inputs: name to bytes. */
export function commandLineFiles(inputs, ...more) {
  return filesOfRun(inputs, { seed: SEED, now: NOW }, ...more);
}

/** The vendor files of the command line for a seed and an instant. */
export function filesOfRun(inputs, { seed, now }, ...more) {
  const out = temporaryFolder();
  const files = Object.entries(inputs).flatMap(([label, path]) => [OPTIONS[label], path]);
  btcfake("simulate", ...files, "--seed", seed, "--now", now, "--out", out, "--quiet", ...more);
  const names = readdirSync(out).filter((name) => name.endsWith(".csv"));
  return new Map(names.map((name) => [name, readFileSync(join(out, name))]));
}

/**
 * Starts a command that runs until it is stopped, and waits for the first match of `pattern` in its output. Of this process's
 * settings, it gets only `environment`.
 */
async function startProgram(args, pattern, { folder = tmpdir(), environment = {} } = {}) {
  const env = { PATH: process.env.PATH, HOME: folder, CI: "true", ...environment };
  const program = spawn(PROGRAM, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  programs.push(program);
  let printed = "";
  let complained = "";
  program.stderr.on("data", (text) => (complained += text));
  const found = await new Promise((resolve, reject) => {
    program.stdout.on("data", (text) => {
      printed += text;
      const match = printed.match(pattern);
      if (match) resolve(match);
    });
    program.on("exit", (code) => reject(new Error(`btcfake ${args[0]} ended with ${code}: ${printed}${complained}`)));
  });
  for (const held of [program, program.stdout, program.stderr]) held.unref();
  const stop = () => {
    program.ref();
    return new Promise((resolve) => program.once("exit", resolve) && program.kill());
  };
  return { found, stop, complaints: () => complained };
}

/** Starts the helper's server; `url` is where the page is. More options of `serve` go into `args`. */
export async function startHelper({ listen = "127.0.0.1:0", args = [], ...where } = {}) {
  const pattern = /http:\/\/[\d.]+:(\d+)/;
  const { found, ...program } = await startProgram(["serve", "--listen", listen, ...args], pattern, where);
  return { url: `http://127.0.0.1:${found[1]}`, ...program };
}

/** Starts a sandbox of its own; `settings` connect a helper to it. */
export async function startSandbox(where) {
  const { found, ...program } = await startProgram(["sandbox"], /([^]*)SFTP_OUTBOUND_HOST_KEY=.*\n/, where);
  const lines = found[0].trim().split("\n").map((line) => line.replaceAll("'", "").match(/^(\w+)=(.*)$/));
  return { settings: Object.fromEntries(lines.map(([, name, value]) => [name, value])), ...program };
}

/** The files of the built page. */
export const PAGE_FILES = DIST;

/**
 * A static web server, with the page in a folder of it and without the helper. It records the requested files, and serves
 * `files`, which may be changed. `shown.instead(name, bytes, response)` may answer instead, like a proxy, and then returns
 * true. `again` restarts the server at its address after `stop`.
 */
export async function startStaticServer(files = DIST) {
  const kinds = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".css": "text/css",
    ".svg": "image/svg+xml",
  };
  const asked = [];
  const shown = { files, instead: () => false };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const name = request.url.replace(/^\/some\/folder\//, "").split("?")[0] || "index.html";
    try {
      const bytes = readFileSync(join(shown.files, name));
      if (shown.instead(name, bytes, response)) return;
      response.writeHead(200, { "content-type": kinds[extname(name)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  const listen = (port) => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address();
  server.unref();
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}/some/folder/`, asked, shown, stop, again: () => listen(port) };
}

/** A headless Chromium that connects to the page's server only; `args` are further options. */
export function startChromium(...args) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      ...args,
    ],
  });
}

/** Waits until the page can be used, and all parts of it have arrived. */
export async function ready(page) {
  await page.getByRole("button", { name: "Run simulation" }).waitFor();
  await page.getByLabel("Time zone", { exact: true }).waitFor({ state: "attached" });
}

/**
 * Opens the page, ready to be used. Errors that the browser reports are collected in `complaints`. Unless the options ask for
 * it, the browser does not keep the page, because most tests do not need that.
 */
export async function openPage(browser, url, options = {}) {
  const opened = await openAny(browser, url, options);
  await ready(opened.page);
  return opened;
}

/**
 * A helper and a Chromium for the tests of a file: both start before the first test and end after the last. `open` opens the
 * helper's page; `withPage` also closes it, and asserts that the browser reported no error. `behind` is appended to the page's
 * address, such as a recipe.
 */
export function useHelper() {
  const shared = {
    open: (options = {}, behind = "") => openPage(shared.browser, shared.helper.url + behind, options),
    withPage: async (options, use, behind) => {
      const { page, context, complaints } = await shared.open(options, behind);
      await use(page, context);
      assert.deepEqual(complaints, []);
      await context.close();
    },
  };
  before(async () => {
    [shared.helper, shared.browser] = await Promise.all([startHelper(), startChromium()]);
  });
  after(async () => {
    await shared.browser?.close();
    shared.helper?.stop();
  });
  return shared;
}

/** Opens the page, whether its program can start or not. `prepare` is called with the page before. */
export async function openAny(browser, url, options = {}, prepare = async () => {}) {
  const context = await browser.newContext({ acceptDownloads: true, serviceWorkers: "block", ...options });
  // These tests do not measure time: a busy machine must not make them fail.
  context.setDefaultTimeout(240_000);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await prepare(page);
  await page.goto(url, { waitUntil: "commit" });
  return { page, context, complaints };
}

/**
 * The violations that axe finds in the page: by all rules in the light scheme, by those about colours in the dark one, since
 * nothing else depends on the scheme. The page must have been opened with `bypassCSP`.
 */
export async function violations(page) {
  await page.addScriptTag({ path: AXE });
  const found = [];
  for (const [colorScheme, rules] of [["light", {}], ["dark", { runOnly: ["color-contrast", "link-in-text-block"] }]]) {
    // During a transition, axe would read colours that are not final.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Only violations list their elements: listing those of all results takes longer than the rules.
    const { violations } = await page.evaluate((options) => axe.run(options), { ...rules, resultTypes: ["violations"] });
    found.push(...violations.map(({ id, nodes }) => `${colorScheme}, ${id}: ${nodes.map((node) => node.html).join(" | ")}`));
  }
  return found;
}

/** The number of pixels by which the page is wider than the screen. */
export function sidewaysScroll(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Gives the counts of a column by its title, in the first rows of a table. */
export async function columnsOf(table, rows) {
  const columns = await table.getByRole("columnheader").allInnerTexts();
  const found = (await table.locator("tbody tr").all()).slice(0, rows);
  assert.equal(found.length, rows);
  const cells = await Promise.all(found.map((row) => row.getByRole("cell").allInnerTexts()));
  return (title) => cells.map((row) => number(row[columns.indexOf(title) - 1]));
}

/**
 * Uses the page, and returns the durations of single tasks that blocked its main thread for more than 100 ms, in milliseconds.
 * The browser's observer of long tasks finds them. A trace gives the processor time of each, since on a busy machine a task may
 * have waited for a processor.
 */
export async function longTasks(page, use) {
  await page.evaluate(() => {
    window.longTasks = [];
    const observer = new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)));
    observer.observe({ entryTypes: ["longtask"] });
  });
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["-*", "toplevel"] });
  await use();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const observed = await page.evaluate(() => window.longTasks);
  const mainThreads = traceEvents.filter((event) => event.args?.name === "CrRendererMain").map((event) => `${event.pid} ${event.tid}`);
  const tasks = traceEvents.filter((event) => event.tdur && mainThreads.includes(`${event.pid} ${event.tid}`));
  if (tasks.length === 0) throw new Error("the trace holds no task of the main thread");
  const isLong = (milliseconds) => milliseconds > 100;
  return observed.some(isLong) ? tasks.map((task) => task.tdur / 1_000).filter(isLong) : [];
}

/**
 * Waits until a condition holds, which may be asynchronous; fails after 20 seconds. `what` tells what is waited for, `found` what
 * there is instead.
 */
export async function waitUntil(what, condition, found = () => "") {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, `waited in vain: ${what} ${found()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until an element has the focus. */
export async function focusIsOn(locator) {
  await locator.and(locator.page().locator(":focus")).waitFor();
}

/** Gives the page its input files, by label. */
export async function pickFiles(page, inputs) {
  for (const [label, path] of Object.entries(inputs)) {
    await page.getByLabel(label, { exact: true }).setInputFiles(path);
  }
}

/** Shows the files of a context that is given whole. */
export function showContext(page) {
  return page.getByRole("button", { name: "Show files" }).click();
}

/** Sets the seed and the instant of the run. */
export async function setRun(page, seed = SEED, now = NOW) {
  await page.getByLabel("Seed", { exact: true }).fill(seed);
  const [date, time] = now.replace("Z", "").split("T");
  await page.getByLabel("Date", { exact: true }).fill(date);
  await page.getByLabel("Time (UTC)", { exact: true }).fill(time);
}

/** Opens the settings that rarely change from run to run. */
export function openMore(page) {
  return page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name: "More", exact: true }).click();
}

/** Runs the simulation and waits for its results. */
export async function run(page) {
  await page.getByRole("button", { name: "Run simulation" }).click();
  await page.getByRole("button", { name: "Download feed" }).waitFor();
}

/** Brings a tab of the results into view. */
export async function openTab(page, name) {
  await page.getByRole("tab", { name, exact: true }).click();
}

/** A number in a text, without its separators. */
export const number = (text) => Number(text.replace(/[^\d]/g, ""));

/** A headline figure of a run: its number, and the line below. */
export async function figure(page, name) {
  const tile = page.getByRole("group", { name, exact: true });
  const below = (await tile.locator(".hint").last().innerText()).replaceAll(/\s+/g, " ");
  return { count: number(await tile.locator("strong").innerText()), below };
}

/** Brings a table of what happened to employees into view, and returns it when its first row is there. */
export async function openTable(page, name) {
  await openTab(page, "Employees");
  await page.getByRole("group", { name: "Table", exact: true }).getByRole("button", { name }).click();
  const table = page.getByRole("table", { name });
  await table.getByRole("row").nth(1).waitFor();
  return table;
}

/**
 * Presses one button, and the button "Cancel", or that of the name `cancel`, as soon as it is there. This is done in the page
 * itself, because the work may take less time than a click from here.
 */
export async function pressAndCancel(page, button, cancel = "Cancel") {
  await page.evaluate((cancel) => {
    const cancelButton = () => [...document.querySelectorAll("button")].find((found) => found.textContent.trim() === cancel);
    window.cancelPressed = new Promise((pressed) => {
      const observer = new MutationObserver(() => {
        if (!cancelButton()) return;
        observer.disconnect();
        cancelButton().focus();
        cancelButton().click();
        pressed();
      });
      observer.observe(document.body, { childList: true, subtree: true });
    });
  }, cancel);
  await page.getByRole("button", { name: button }).click();
  await page.evaluate(() => window.cancelPressed);
}

/** The bytes that a click on `locator` downloads, and the name of the download. */
export async function download(page, locator) {
  const [file] = await Promise.all([page.waitForEvent("download"), locator.click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** Downloads the three vendor files of the results, and compares them with a map from name to bytes. */
export async function assertDownloads(page, expected) {
  assert.equal(expected.size, 3);
  for (const [name, bytes] of expected) {
    const file = await download(page, page.getByRole("link", { name }));
    assert.equal(file.name, name);
    assert.ok(file.bytes.equals(bytes), `${name} differs from the command line's`);
  }
}

/** Drops files on the page, outside of file fields, as the browser does: each with its name and its text or bytes. */
export async function drop(page, files) {
  const encoded = files.map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
  const dataTransfer = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    const bytes = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    for (const [name, base64] of files) data.items.add(new File([bytes(base64)], name));
    return data;
  }, encoded);
  await page.getByRole("banner").dispatchEvent("dragover", { dataTransfer });
  await page.getByText(/^Drop to /).waitFor();
  await page.getByRole("banner").dispatchEvent("drop", { dataTransfer });
  await page.getByText(/^Drop to /).waitFor({ state: "detached" });
}

/** Pastes a text while no field has the focus, in the form in which a spreadsheet copies rows. */
export function paste(page, text) {
  return page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** The files of a ZIP archive: name to bytes. */
export function unzip(archive) {
  const files = new Map();
  let at = archive.readUInt32LE(archive.lastIndexOf("PK\u0005\u0006", undefined, "latin1") + 16);
  while (archive.readUInt32LE(at) === 0x02014b50) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const stored = archive.subarray(data, data + size);
    files.set(name, method === 0 ? stored : inflateRawSync(stored));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
