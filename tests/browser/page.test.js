// The page in Chromium, as a tester uses it: from picking a file to the downloaded bytes.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  NOW,
  PAGE_FILES,
  SEED,
  assertDownloads,
  commandLineFiles,
  download,
  longTasks,
  openAny,
  openMore,
  openPage,
  openTab,
  openTable,
  pickFiles,
  pressAndCancel,
  run,
  sample,
  setRun,
  sidewaysScroll,
  startStaticServer,
  temporaryFolder,
  unzip,
  useHelper,
  violations,
} from "./support.js";

const shared = useHelper();
const { withPage } = shared;
const inputs = sample(300);

function employeesFile(text) {
  const path = join(temporaryFolder(), "employees.csv");
  writeFileSync(path, text);
  return path;
}

test("the downloaded bytes are those of the command line", async () => {
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page);
    await run(page);
    const expected = commandLineFiles(inputs);
    await assertDownloads(page, expected);
    const zip = await download(page, page.getByRole("button", { name: "Download feed" }));
    const files = unzip(zip.bytes);
    assert.equal(files.size, 4);
    for (const [name, bytes] of expected) assert.ok(files.get(name)?.equals(bytes), name);
    const record = JSON.parse(files.get([...files.keys()].find((name) => name.startsWith("run_"))));
    assert.equal(String(record.seed), SEED);
    assert.equal(record.now, NOW);
  });
});

test("the settings do what the command line's options do", async () => {
  await withPage({}, async (page) => {
    const few = { "Employees file": employeesFile("employee_id,employee_edu_type\n7,f\n8,x\n9,b\n") };
    await openMore(page);
    await page.getByLabel("Time zone").fill("America/New_York");
    await page.getByLabel(/^Byte order mark \(BOM\)/).check();
    await page.getByLabel("RequestId style").selectOption({ index: 1 });
    await page.getByLabel(/Skip bad rows/).check();
    await pickFiles(page, few);
    await setRun(page);
    await run(page);
    const options = ["--timezone", "America/New_York", "--bom", "--request-id", "fake-day", "--skip-bad-rows"];
    await assertDownloads(page, commandLineFiles(few, ...options));
  });
});

test("a refused file shows all its problems at once and stops the run", async () => {
  await withPage({}, async (page) => {
    await pickFiles(page, { "Employees file": employeesFile("employee_id,employee_edu_type\n1,a\n2,x\n1,b\nzz,f\n") });
    const alert = page.getByRole("alert").filter({ hasText: "3 errors: no run until this is mended." });
    await alert.first().waitFor();
    const text = (await alert.allInnerTexts()).join("\n");
    assert.match(text, /line 3, character 3: unknown employee type 'x'/);
    assert.match(text, /line 4, character 1: employee_id 1 stands in line 2 already/);
    assert.match(text, /line 5, character 1:.*'zz' is no id/);
    await page.getByRole("button", { name: "Run simulation" }).click();
    await page.getByText("Not run yet:").waitFor();
    assert.equal(await page.getByRole("button", { name: "Download feed" }).count(), 0);
  });
});

test("a file that was deleted after it was picked is to be picked again", async () => {
  await withPage({}, async (page) => {
    const path = employeesFile("employee_id,employee_edu_type\n1,a\n");
    await pickFiles(page, { "Employees file": path });
    await page.getByText("being read…").first().waitFor({ state: "detached" });
    rmSync(path);
    await page.getByRole("button", { name: "Run simulation" }).click();
    await page.getByText("employees.csv: it was changed, moved or deleted after it was picked").first().waitFor();
  });
});

test("each picked file is read once, and once more by the worker after a run that was cancelled", async () => {
  const countReads = `
    const reads = new BroadcastChannel("reads");
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = function () {
      if (this instanceof File) reads.postMessage(this.name);
      return arrayBuffer.call(this);
    };
  `;
  const { page, context, complaints } = await openAny(shared.browser, shared.helper.url, {}, async (page) => {
    await page.route("**/worker.js?*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: countReads + (await response.text()) });
    });
    await page.addInitScript(() => {
      window.reads = [];
      new BroadcastChannel("reads").onmessage = ({ data }) => window.reads.push(data);
    });
  });
  const names = Object.values(inputs).map((path) => basename(path));
  const assertReads = async (times) => {
    const expected = names.flatMap((name) => Array(times).fill(name)).sort();
    assert.deepEqual((await page.evaluate(() => window.reads)).sort(), expected);
  };
  await pickFiles(page, inputs);
  await setRun(page);
  await run(page);
  await run(page);
  await (await openTable(page, "Completed trainings")).getByRole("button", { name: /: why\?$/ }).first().click();
  const dialog = page.getByRole("dialog", { name: /^Employee/ });
  await dialog.getByRole("heading", { name: "Rows in the files" }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await assertReads(1);
  await pressAndCancel(page, "Run simulation");
  await run(page);
  await assertReads(2);
  await assertDownloads(page, commandLineFiles(inputs));
  assert.deepEqual(complaints, []);
  await context.close();
});

test("a change marks the results as stale, and they stay", async () => {
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page);
    await run(page);
    const stale = page.getByRole("status").filter({ hasText: "before your last change" });
    assert.equal(await stale.count(), 0);
    await page.getByLabel("Seed", { exact: true }).fill("43");
    await stale.waitFor();
    assert.ok(await page.getByRole("button", { name: "Download feed" }).isVisible());
    await run(page);
    await stale.waitFor({ state: "detached" });
  });
});

test("the tables tell who completed what and who was skipped", async () => {
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page);
    await run(page);
    await openTable(page, "Skipped for Daily Dose");
    const rows = await (await openTable(page, "Completed trainings")).innerText();
    for (const word of ["manager", "recommender", "completes all (a)"]) assert.ok(rows.includes(word), word);
    await openTab(page, "Details");
    const details = await page.getByRole("tabpanel", { name: "Details" }).innerText();
    for (const word of [SEED, "Thu, Jan 29, 2026, 18:00 UTC"]) assert.ok(details.includes(word), word);
  });
});

test("a run can be cancelled and started again", async () => {
  const many = sample(100_000);
  await withPage({}, async (page) => {
    await pickFiles(page, { "Employees file": many["Employees file"], "StandAloneContent file": many["StandAloneContent file"] });
    await setRun(page);
    await pressAndCancel(page, "Run simulation");
    await page.getByRole("button", { name: "Cancel" }).waitFor({ state: "detached" });
    assert.equal(await page.getByRole("button", { name: "Download feed" }).count(), 0);
    await run(page);
  });
});

test("100,000 employees never hold up the page, and have the command line's files although several workers write them", async () => {
  const { "Employees file": employees, "StandAloneContent file": content } = sample(100_000);
  const files = { "Employees file": employees, "StandAloneContent file": content };
  await withPage({}, async (page) => {
    const tasks = await longTasks(page, async () => {
      await pickFiles(page, files);
      await setRun(page);
      await run(page);
    });
    assert.deepEqual(tasks, []);
    await assertDownloads(page, commandLineFiles(files));
  });
});

test("the keyboard is enough", async () => {
  await withPage({}, async (page) => {
    await pickFiles(page, inputs);
    await page.getByLabel("Seed", { exact: true }).focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(SEED);
    for (let steps = 0; steps < 40; steps++) {
      const focused = await page.evaluate(() => document.activeElement.textContent.trim());
      if (focused === "Run simulation") break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Download feed" }).waitFor();
  });
});

const AREA_HEADINGS = { Feed: /^Feed of /, Mix: "What if …", Series: /^Series$/, Check: "Findings", History: "Two runs compared" };

test("the back button goes through the areas to the first view", async () => {
  await withPage({}, async (page) => {
    for (const name of ["Mix", "History"]) await page.getByRole("link", { name, exact: true }).click();
    await page.goBack();
    await page.getByRole("heading", { name: "What if …" }).waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Run simulation" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Feed", exact: true }).getAttribute("aria-current"), "page");
    await page.goForward();
    await page.getByRole("heading", { name: "What if …" }).waitFor();
  });
});

test("the smallest phone shows every area without sideways scrolling, and the longest seed", async () => {
  await withPage({ viewport: { width: 320, height: 640 } }, async (page) => {
    await pickFiles(page, inputs);
    await setRun(page, "18446744073709551615");
    await run(page);
    await setRun(page);
    await run(page);
    for (const [name, heading] of Object.entries(AREA_HEADINGS)) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { name: heading }).waitFor();
      assert.equal(await sidewaysScroll(page), 0, name);
    }
    await page.getByRole("button", { name: "Compare row by row" }).click();
    await page.getByRole("table", { name: "Completions" }).waitFor();
    assert.equal(await sidewaysScroll(page), 0, "two feeds");
    await page.getByRole("link", { name: "Feed", exact: true }).click();
    await setRun(page, "18446744073709551615");
    await run(page);
    for (const name of ["Files", "Overview", "Employees", "Details"]) {
      await openTab(page, name);
      assert.equal(await sidewaysScroll(page), 0, name);
    }
  });
});

test("everybody can use the page: no violation that axe finds", async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    assert.deepEqual(await violations(page), []);
    await pickFiles(page, { "Employees file": employeesFile("employee_id,employee_edu_type\n1,x\n") });
    await page.getByRole("alert").filter({ hasText: "unknown employee type" }).first().waitFor();
    assert.deepEqual(await violations(page), []);
    await pickFiles(page, inputs);
    await run(page);
    assert.deepEqual(await violations(page), []);
  });
});

test("every area can be used at 200 % zoom: no violation that axe finds, and no sideways scrolling", async () => {
  const zoomed = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, bypassCSP: true };
  await withPage(zoomed, async (page) => {
    await pickFiles(page, inputs);
    await run(page);
    for (const name of ["Feed", "Mix", "Series", "Check", "History"]) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { name: AREA_HEADINGS[name] }).waitFor();
      assert.deepEqual(await violations(page), [], name);
      assert.equal(await sidewaysScroll(page), 0, name);
    }
  });
});

test("from any static server the page works alone, and nothing leaves the browser", async () => {
  const server = await startStaticServer();
  const { page, context, complaints } = await openPage(shared.browser, server.url);
  const before = server.asked.length;
  await page.getByRole("button", { name: "Private" }).click();
  await page.getByRole("note").getByText("Nothing leaves this browser").waitFor();
  await page.keyboard.press("Escape");
  await pickFiles(page, inputs);
  await setRun(page);
  await run(page);
  await assertDownloads(page, commandLineFiles(inputs));
  assert.deepEqual(complaints, []);
  assert.deepEqual(server.asked.filter((line) => !line.startsWith("GET ")), []);
  assert.ok(server.asked.length - before <= 3, "nothing is asked for but the page's own files");
  await context.close();
  server.stop();
});

test("the first view asks for little, and needs nothing else", async () => {
  const server = await startStaticServer();
  const isLater = (name) => /^(btcfake-later-|btcfake-worker-|worker\.js)/.test(name);
  server.shown.instead = isLater;
  const { page, context } = await openAny(shared.browser, server.url);
  await pickFiles(page, { "Employees file": inputs["Employees file"] });
  await page.getByText("being read…").waitFor();
  const names = server.asked.map((line) => line.replace("GET /some/folder/", "").split("?")[0] || "index.html");
  const sizes = names.filter((name) => !isLater(name)).map((name) => {
    return [name, gzipSync(readFileSync(join(PAGE_FILES, name)), { level: 9 }).length];
  });
  const listed = sizes.map(([name, size]) => `${name} ${size}`).join(", ");
  // 239 kB with Rust 1.96, and 7 kB more with Rust 1.95, whose standard library is larger.
  const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(sizes.some(([name]) => name.endsWith(".wasm")) && sum < 250_000, `${sum} bytes, gzipped: ${listed}`);
  await context.close();
  server.stop();
});
