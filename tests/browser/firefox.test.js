// The main paths in a real Firefox, driven by WebDriver BiDi, so that the page does not depend on one browser.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { filesOfRun, sample, startHelper, startStaticServer, temporaryFolder } from "./support.js";

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
async function withPage(width, use, url = server.url) {
  const page = await firefox.newPage();
  page.setDefaultTimeout(240_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.setViewport({ width, height: 800 });
  await page.goto(url);
  await named(page, "button", "Run simulation").wait();
  await use(page);
  assert.deepEqual(complaints, []);
  await page.close();
}

/** The element of a role with an accessible name. */
function named(page, role, name) {
  return page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
}

/** Waits until the page shows a text. */
function shows(page, text) {
  return page.waitForFunction((text) => document.body.innerText.includes(text), {}, text);
}

/** Gives the page the employees. */
async function addEmployees(page, path) {
  const input = await page.waitForSelector("input[aria-label='Employees file']");
  await input.uploadFile(path);
  await shows(page, "120 employees");
}

/** Gives the page the employees and runs it. */
async function run(page, path) {
  await addEmployees(page, path);
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

/** Drops a file on the page. */
function drop(page, name, text) {
  return page.evaluate(
    (name, text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      for (const kind of ["dragover", "drop"]) {
        document.querySelector("header").dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    name,
    text,
  );
}

test("from a dropped file through mix, next day, check and series in Firefox", async () => {
  await withPage(1280, async (page) => {
    await drop(page, "staff.csv", "employee_id;employee_edu_type\n11;a\n12;b\n13;f\n");
    await shows(page, "3 employees");
    await named(page, "button", "Run simulation").click();
    await page.waitForSelector("a[download^=ContentUserCompletion]");

    await named(page, "link", "Mix").click();
    const share = await page.waitForSelector("::-p-aria([name='completes all (a), percent'])");
    await share.click({ count: 3 });
    await share.type("100");
    await share.press("Enter");
    await named(page, "link", "Feed").click();
    await shows(page, "Mix: all 100, one 0, none 0");
    const completions = (page) => page.evaluate(() => document.querySelector("a[download^=ContentUserCompletion]")?.href);
    let before = await completions(page);
    const isAnew = (before) => page.waitForFunction(
      (before) => ![undefined, before].includes(document.querySelector("a[download^=ContentUserCompletion]")?.href), {}, before,
    );
    await named(page, "button", "Run simulation").click();
    await isAnew(before);

    before = await completions(page);
    await named(page, "button", "Next day").click();
    await isAnew(before);
    await shows(page, "begins with what the feed before left open or completed");

    await named(page, "button", "Check").click();
    await shows(page, "No problem in ");

    await named(page, "link", "Series").click();
    await named(page, "button", "Make series").click();
    await page.waitForSelector("a[download^=btcfake_series]");
  });
});

test("a feed is published to the sandbox in Firefox", async () => {
  const helper = await startHelper({ args: ["--sandbox"] });
  await withPage(
    1280,
    async (page) => {
      await addEmployees(page, employees);
      await named(page, "button", "Fetch all").click();
      await shows(page, "Context: 5 of 5 given");
      await named(page, "button", "Run simulation").click();
      await page.waitForSelector("a[download^=ContentUserCompletion]");
      await named(page, "button", "Publish").click();
      await shows(page, "Published 5 files: ");
    },
    helper.url,
  );
  helper.stop();
});
