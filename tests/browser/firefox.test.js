// The main paths in a real Firefox, driven by WebDriver BiDi, so that the page does not depend on one browser.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { filesOfRun, sample, startStaticServer, temporaryFolder } from "./support.js";

let firefox, server;

before(async () => {
  [firefox, server] = await Promise.all([startFirefox(), startStaticServer()]);
});

after(async () => {
  await firefox?.close();
  server?.stop();
});

/** A headless Firefox that connects to the page's server only: its services for news and statistics are off. */
function startFirefox() {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX,
    headless: true,
    userDataDir: join(temporaryFolder(), "profile"),
    extraPrefsFirefox: {
      "app.update.enabled": false,
      "app.normandy.enabled": false,
      "browser.safebrowsing.downloads.remote.enabled": false,
      "browser.safebrowsing.malware.enabled": false,
      "browser.safebrowsing.phishing.enabled": false,
      "datareporting.healthreport.uploadEnabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "extensions.update.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "services.settings.server": "data:,",
      "toolkit.telemetry.enabled": false,
      "toolkit.telemetry.unified": false,
    },
  });
}

/** Opens the page at a width, uses it, and asserts that the browser reported no error. */
async function withPage(width, use) {
  const page = await firefox.newPage();
  page.setDefaultTimeout(240_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.setViewport({ width, height: 800 });
  await page.goto(server.url);
  await named(page, "button", "Run simulation").wait();
  await use(page);
  assert.deepEqual(complaints, []);
  await page.close();
}

/** The element of a role with an accessible name. */
function named(page, role, name) {
  return page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
}

/** Gives the page the employees and runs it. */
async function run(page, path) {
  const input = await page.waitForSelector("input[aria-label='Employees file']");
  await input.uploadFile(path);
  await page.waitForFunction(() => document.body.innerText.includes("120 employees"));
  await named(page, "button", "Run simulation").click();
  await page.waitForSelector("a[download^=ContentUserCompletion]");
}

/** The bytes behind the links of the vendor's files, by name. */
async function downloads(page) {
  const files = await page.evaluate(async () => {
    const links = [...document.querySelectorAll("a[download$='.csv'][href^='blob:']")];
    const bytes = async (link) => [...new Uint8Array(await (await fetch(link.href)).arrayBuffer())];
    return Promise.all(links.map(async (link) => [link.download, await bytes(link)]));
  });
  return new Map(files.map(([name, bytes]) => [name, Buffer.from(bytes)]));
}

const employees = sample(120)["Employees file"];

test("a run in Firefox gives the bytes of the command line", async () => {
  await withPage(1280, async (page) => {
    await run(page, employees);
    const files = await downloads(page);
    const record = await page.evaluate(async () => (await fetch(document.querySelector("a[download^=run_]").href)).json());
    const expected = filesOfRun({ "Employees file": employees }, { seed: String(record.seed), now: record.now });
    assert.equal(expected.size, 3);
    for (const [name, bytes] of expected) assert.ok(files.get(name)?.equals(bytes), `${name} differs from the command line's`);
  });
});

for (const width of [390, 1280]) {
  test(`every area opens in Firefox at ${width} pixels, without sideways scrolling`, async () => {
    await withPage(width, async (page) => {
      await run(page, employees);
      for (const area of ["Mix", "Series", "Check", "History", "Feed"]) {
        await named(page, "link", area).click();
        await page.waitForFunction((area) => document.title.startsWith(area) || area === "Feed", {}, area);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wider <= 0, `${area} is ${wider} pixels wider than the window`);
      }
    });
  });
}
