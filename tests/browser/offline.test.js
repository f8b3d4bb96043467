// The page without a network: it opens from the browser's cache, never mixes files of two builds, and offers a newer
// build.

import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  PAGE_FILES,
  assertDownloads,
  commandLineFiles,
  openPage,
  pickFiles,
  pressAndCancel,
  ready,
  run,
  sample,
  setRun,
  startChromium,
  startHelper,
  startStaticServer,
  temporaryFolder,
  violations,
  waitUntil,
} from "./support.js";

let browser;
let inputs;

before(async () => {
  inputs = { "Employees file": sample(100)["Employees file"] };
  browser = await startChromium();
});

after(() => browser?.close());

/** Opens a page that the browser may keep, and waits until it is kept. */
async function openKept(url, options = {}) {
  const opened = await openPage(browser, url, { serviceWorkers: "allow", ...options });
  await kept(opened.page);
  return opened;
}

const kept = (page) => page.getByText("This page is kept in the browser").waitFor();

/** Asserts that a run of the page has the bytes of the command line. */
async function assertWorks(page) {
  await pickFiles(page, inputs);
  await setRun(page);
  await run(page);
  await assertDownloads(page, commandLineFiles(inputs));
}

/** The names of all kept files, of any build. */
const keptNames = (page) =>
  page.evaluate(async () => {
    const names = [];
    for (const key of await caches.keys()) {
      for (const { url } of await (await caches.open(key)).keys()) names.push(url.replace(/.*\//, ""));
    }
    return names;
  });

/** Waits until the service worker has kept or refused what it is fetching. It answers a page of an unknown script only then. */
const refreshed = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        navigator.serviceWorker.addEventListener("message", () => resolve(), { once: true });
        navigator.serviceWorker.controller.postMessage("a script of no build");
      }),
  );

/** The same page as another build: other hashes in the names, and a mark in index.html. */
function anotherBuild(mark) {
  const folder = temporaryFolder();
  cpSync(PAGE_FILES, folder, { recursive: true });
  const hash = readdirSync(folder).join().match(/btcfake-web-([0-9a-f]+)_bg\.wasm/)[1];
  const other = [...hash].reverse().join("");
  for (const name of readdirSync(folder).filter((name) => /\.(js|html)$/.test(name))) {
    const text = readFileSync(join(folder, name), "utf8").replaceAll(hash, other);
    writeFileSync(join(folder, name), text.replace("<head>", `<head><meta name="build" content="${mark}">`));
  }
  for (const name of readdirSync(folder)) renameSync(join(folder, name), join(folder, name.replace(hash, other)));
  return { folder, script: `btcfake-web-${other}.js` };
}

const buildOf = (page) => page.evaluate(() => document.querySelector("meta[name=build]")?.content ?? "first");

test("once opened from the helper, the page works without it, and says that it is gone", async () => {
  const helper = await startHelper();
  const { page, context } = await openKept(helper.url);
  assert.deepEqual((await keptNames(page)).filter((name) => /^(api|status|catalogs)/.test(name)), []);
  helper.stop();
  await page.reload();
  await ready(page);
  await page.getByText("The helper that served this page does not answer").waitFor();
  await page.getByRole("button", { name: "Look again" }).click();
  await page.getByText("The helper that served this page does not answer").waitFor();
  await assertWorks(page);
  // A link that is opened afterwards works, also after the page was closed.
  await page.close();
  const again = await context.newPage();
  await again.goto(`${helper.url}/#recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=5`);
  await ready(again);
  assert.equal(await again.getByLabel("Seed", { exact: true }).inputValue(), "5");
  await context.close();
});

test("all files of the build are kept, and nothing else; without a network the page opens", async () => {
  const server = await startStaticServer();
  const { page, context, complaints } = await openKept(server.url);
  const [script] = readdirSync(PAGE_FILES).filter((name) => /^btcfake-web-.*\.js$/.test(name));
  const door = (name) => (name === "worker.js" ? `worker.js?${script}` : name === "index.html" ? "" : name);
  const expected = readdirSync(PAGE_FILES).filter((name) => name !== "sw.js").map(door);
  assert.deepEqual((await keptNames(page)).sort(), [...expected, "current-build"].sort());
  await context.setOffline(true);
  await page.reload();
  await ready(page);
  await assertWorks(page);
  assert.deepEqual(complaints, []);
  await context.close();
  server.stop();
});

test("a new build is announced, comes with the next load, and is never mixed with the old one", async () => {
  const server = await startStaticServer();
  const { page, context } = await openKept(server.url);
  const { folder, script } = anotherBuild("second");
  server.shown.files = folder;

  // The page that is opened now is the kept one, complete, and announces the new build.
  const second = await context.newPage();
  await second.goto(server.url);
  await ready(second);
  await second.getByText("A new version is ready.").waitFor();
  await page.getByText("A new version is ready.").waitFor();
  assert.equal(await buildOf(second), "first");
  await assertWorks(second);

  await second.getByRole("button", { name: "Reload" }).click();
  await second.waitForFunction(() => document.querySelector("meta[name=build]")?.content === "second");
  await ready(second);
  await assertWorks(second);

  // The page of the old build starts a worker of the old build, although the server has the new one.
  const before = server.asked.length;
  await pickFiles(page, { "Employees file": sample(100_000)["Employees file"] });
  await pressAndCancel(page, "Run simulation");
  await page.getByText("Cancelled.").waitFor();
  assert.equal(await buildOf(page), "first");
  await assertWorks(page);
  const asked = server.asked.slice(before).filter((line) => !line.endsWith("/sw.js"));
  assert.deepEqual(asked, [], "old page and old worker come from the browser");

  // The new build is kept as well.
  server.stop();
  await second.reload();
  await ready(second);
  assert.equal(await buildOf(second), "second");
  assert.ok((await keptNames(second)).includes(`worker.js?${script}`));
  await context.close();
});

test("a build that cannot be fetched whole is not kept", async () => {
  const server = await startStaticServer();
  const { page, context } = await openKept(server.url);
  const { folder, script } = anotherBuild("broken");
  renameSync(join(folder, script), join(folder, "gone"));
  server.shown.files = folder;
  await page.reload();
  await ready(page);
  await waitUntil("the new build's script is asked for", () => server.asked.some((line) => line.includes(script)));
  await refreshed(page);
  await page.reload();
  await ready(page);
  assert.equal(await buildOf(page), "first");
  assert.equal(await page.getByText("A new version is ready.").count(), 0);
  await assertWorks(page);
  await context.close();
  server.stop();
});

test("another program at the same address is not hidden", async () => {
  const server = await startStaticServer();
  const { page, context } = await openKept(server.url);
  const other = temporaryFolder();
  writeFileSync(join(other, "index.html"), "<!doctype html><title>Other</title><h1>Another program</h1>");
  server.shown.files = other;
  await page.reload();
  await page.waitForFunction(async () => (await caches.keys()).length === 0);
  await page.reload();
  await page.getByRole("heading", { name: "Another program" }).waitFor();
  await context.close();
  server.stop();
});

test("the page can be installed, and everybody can use its news", async () => {
  const server = await startStaticServer();
  const { page, context } = await openKept(server.url, { bypassCSP: true });
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.equal(manifest.display, "standalone");
  for (const { src } of manifest.icons) assert.ok(readdirSync(PAGE_FILES).includes(src), src);
  server.shown.files = anotherBuild("second").folder;
  await page.reload();
  await page.getByText("A new version is ready.").waitFor();
  assert.deepEqual(await violations(page), []);
  await context.close();
  server.stop();
});
