// The static page in index.html, which people see until the program runs, and if it cannot run.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  openAny,
  openPage,
  pickFiles,
  ready,
  sample,
  sidewaysScroll,
  startChromium,
  startStaticServer,
  useHelper,
  violations,
  waitUntil,
} from "./support.js";

const shared = useHelper();
const { open } = shared;

const problem = (page, heading) => page.getByRole("alert").filter({ has: page.getByRole("heading", { name: heading }) });
const isProgram = (name) => name.startsWith("btcfake-web-") && name.endsWith(".js");
const isWasm = (name) => name.startsWith("btcfake-web-") && name.endsWith(".wasm");

/** The faulty answers in place of a file, each with the page's report. */
const FAULTS = {
  "refused by a proxy": [(_, response) => response.writeHead(403).end("Blocked by policy"), "refused with the answer 403"],
  "not there": [(_, response) => response.writeHead(404).end(), "refused with the answer 404"],
  "replaced by a web page": [
    (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><p>Blocked"),
    "a web page came in its place",
  ],
  "cut off": [(_, response) => response.destroy(), "no answer"],
  "cut short": [
    (bytes, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    },
    "cut short",
  ],
  "cut short with a length that fits": [
    (bytes, response, kind) => response.writeHead(200, { "content-type": kind }).end(bytes.subarray(0, 1000)),
    /damaged or cut short|arrived/,
  ],
};

const kindOf = (name) => (name.endsWith(".wasm") ? "application/wasm" : "text/javascript");

/** A static server that answers requests for some files by `answer`. */
async function serverWith(isMeant, answer) {
  const server = await startStaticServer();
  server.shown.instead = (name, bytes, response) => {
    if (isMeant(name)) answer(bytes, response, kindOf(name));
    return isMeant(name);
  };
  return server;
}

test("the page that shows while the program loads goes away with it", async () => {
  const { page, context, complaints } = await open();
  assert.equal(await page.getByText("The page is loading").count(), 0);
  assert.equal(await page.getByRole("main").count(), 1);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("without WebAssembly the page says what switches it off and whom to ask", async () => {
  // As with Edge's enhanced security, scripts are not compiled, and there is no WebAssembly either.
  const bare = await startChromium("--js-flags=--jitless");
  const server = await startStaticServer();
  const without = (page) => page.addInitScript(() => delete globalThis.WebAssembly);
  for (const [name, chromium, url, prepare] of [
    ["a browser without it, from the helper", bare, shared.helper.url, undefined],
    ["a browser without it, from a static server", bare, server.url, undefined],
    ["switched off for the page", shared.browser, shared.helper.url, without],
  ]) {
    const { page, context } = await openAny(chromium, url, { bypassCSP: true }, prepare);
    const alert = problem(page, "This browser does not run WebAssembly");
    await alert.waitFor();
    const text = await alert.innerText();
    for (const words of ["Edge", "Lockdown Mode", "IT support", new URL(url).origin]) assert.ok(text.includes(words), name);
    assert.equal(await page.getByRole("alert").count(), 1, name);
    assert.equal(await page.getByText("The page is loading").isVisible(), false, name);
    assert.deepEqual(await violations(page), [], name);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 844 });
      assert.equal(await sidewaysScroll(page), 0, `${name}, ${width}`);
    }
    await context.close();
  }
  await bare.close();
  server.stop();
});

for (const [kind, isMeant] of [["program", isProgram], ["WebAssembly file", isWasm]]) {
  for (const [fault, [answer, words]] of Object.entries(FAULTS)) {
    test(`a ${kind} that is ${fault} is named`, async () => {
      const server = await serverWith(isMeant, answer);
      const { page, context } = await openAny(shared.browser, server.url, { bypassCSP: true });
      const alert = problem(page, "BTC Fake cannot start");
      await alert.waitFor();
      const line = alert.getByRole("listitem").filter({ hasText: kind === "program" ? /\.js:/ : /\.wasm:/ });
      await line.filter({ hasText: words }).waitFor();
      assert.ok((await alert.innerText()).includes("IT support"));
      assert.deepEqual(await violations(page), []);
      // Once the file can be fetched, another try helps.
      server.shown.instead = () => false;
      await page.getByRole("button", { name: "Try again" }).click();
      await ready(page);
      assert.equal(await page.getByRole("alert").count(), 0);
      await context.close();
      server.stop();
    });
  }
}

test("a style sheet that is held back stops nothing", async () => {
  const server = await serverWith((name) => name.endsWith(".css"), (_, response) => response.writeHead(403).end());
  const { page, context } = await openPage(shared.browser, server.url);
  assert.equal(await page.getByRole("alert").count(), 0);
  await context.close();
  server.stop();
});

test("a program that is late is called that, and may still come", async () => {
  let come;
  const server = await serverWith(isWasm, (bytes, response) => {
    come = () => response.writeHead(200, { "content-type": "application/wasm" }).end(bytes);
  });
  const { page, context } = await openAny(shared.browser, server.url, { bypassCSP: true }, (page) => page.clock.install());
  await page.getByText("The page is loading").waitFor();
  await waitUntil("the program is asked for", () => come);
  assert.equal(await page.getByRole("alert").count(), 0);
  await page.clock.fastForward(20_000);
  const alert = problem(page, "BTC Fake has not loaded yet");
  await alert.waitFor();
  assert.ok((await alert.innerText()).includes(new URL(server.url).origin));
  assert.deepEqual(await violations(page), []);
  come();
  await ready(page);
  assert.equal(await page.getByRole("alert").count(), 0);
  await context.close();
  server.stop();
});

test("without JavaScript the page says that it needs it", async () => {
  const { page, context } = await openAny(shared.browser, shared.helper.url, { javaScriptEnabled: false });
  await page.getByRole("heading", { name: "JavaScript is switched off" }).waitFor();
  assert.ok((await page.getByRole("main").innerText()).includes("IT support"));
  assert.equal(await page.getByText("The page is loading").isVisible(), false);
  await context.close();
});

const isLater = (name) => name.startsWith("btcfake-later-");
const missingPart = (page) => page.getByRole("alert").filter({ hasText: "A part of the page could not be loaded" });

test("a later part that is held back is named, comes at another try, and knows what was picked meanwhile", async () => {
  const { "Employees file": employees } = sample(10);
  for (const [answer] of Object.values(FAULTS)) {
    const server = await serverWith(isLater, answer);
    const { page, context } = await openAny(shared.browser, server.url, { bypassCSP: true });
    await missingPart(page).waitFor();
    assert.ok((await missingPart(page).innerText()).includes("IT support"));
    assert.deepEqual(await violations(page), []);
    await pickFiles(page, { "Employees file": employees });
    server.shown.instead = () => false;
    await missingPart(page).getByRole("button", { name: "Try again" }).click();
    await missingPart(page).waitFor({ state: "detached" });
    await page.getByText("10 employees").first().waitFor();
    await context.close();
    server.stop();
  }
});

test("a later part of which nothing comes for 15 seconds is named, and taken back when it comes", async () => {
  let come;
  const server = await serverWith(isLater, (bytes, response, kind) => {
    come = () => response.writeHead(200, { "content-type": kind }).end(bytes);
  });
  const { page, context } = await openAny(shared.browser, server.url, {}, (page) => page.clock.install());
  await page.getByRole("link", { name: "Mix", exact: true }).click();
  await page.getByText("Loading…").waitFor();
  await waitUntil("the part is asked for", () => come);
  while ((await missingPart(page).count()) === 0) await page.clock.fastForward(15_000);
  come();
  await missingPart(page).waitFor({ state: "detached" });
  await page.getByText("Loading…").waitFor({ state: "detached" });
  await context.close();
  server.stop();
});

/** The files of a worker. */
const WORKER_FILES = [/^worker\.js$/, /^btcfake-worker-.*\.js$/, /^btcfake-worker-.*\.wasm$/];

const deadWorker = (page) => page.getByRole("alert").filter({ hasText: "cannot start" });

/** Restarts a worker that did not start, and waits until it works. */
async function startsAnew(page) {
  await deadWorker(page).getByRole("button", { name: "Start anew" }).click();
  await deadWorker(page).waitFor({ state: "detached" });
}

test("a worker of which a file is held back is named, and starts anew", async () => {
  const answers = ["refused by a proxy", "replaced by a web page", "cut off", "cut short"].map((fault) => FAULTS[fault][0]);
  for (const [file, answer] of WORKER_FILES.flatMap((file) => answers.map((answer) => [file, answer]))) {
    const server = await serverWith((name) => file.test(name), answer);
    const { page, context } = await openPage(shared.browser, server.url, { bypassCSP: true });
    await deadWorker(page).waitFor();
    assert.ok((await deadWorker(page).innerText()).includes("IT support"));
    assert.deepEqual(await violations(page), []);
    server.shown.instead = () => false;
    await startsAnew(page);
    await context.close();
    server.stop();
  }
});

test("a worker whose server goes away is named, and starts anew when the server is back", async () => {
  const { "Employees file": employees } = sample(10);
  for (const file of WORKER_FILES) {
    const server = await startStaticServer();
    // The server stops in the middle of an answer, so that its address no longer answers.
    server.shown.instead = (name, bytes, response) => {
      if (!file.test(name)) return false;
      response.writeHead(200, { "content-type": kindOf(name) });
      response.write(bytes.subarray(0, bytes.length / 2), server.stop);
      return true;
    };
    // The later part may be missing, too, because the server stopped. Starting anew fetches it as well.
    const { page, context } = await openAny(shared.browser, server.url);
    await deadWorker(page).waitFor();
    // Picking a file starts another attempt, which fails.
    await pickFiles(page, { "Employees file": employees });
    await deadWorker(page).waitFor();
    assert.ok((await deadWorker(page).innerText()).includes("btcfake"));
    server.shown.instead = () => false;
    await server.again();
    await startsAnew(page);
    await page.getByText("10 employees").first().waitFor();
    await context.close();
    server.stop();
  }
});

test("a worker of which nothing comes for 15 seconds is given up, and starts anew or is taken back", async () => {
  for (const [file, isAnew] of WORKER_FILES.flatMap((file) => [true, false].map((isAnew) => [file, isAnew]))) {
    let come;
    // Half of the file arrives, or nothing at all.
    const server = await serverWith((name) => file.test(name), (bytes, response, kind) => {
      const part = isAnew ? Math.floor(bytes.length / 2) : 0;
      response.writeHead(200, { "content-type": kind, "content-length": bytes.length });
      response.write(bytes.subarray(0, part));
      come = () => response.end(bytes.subarray(part));
    });
    const { page, context } = await openAny(shared.browser, server.url, {}, (page) => page.clock.install());
    await ready(page);
    await waitUntil("the worker's file is asked for", () => come);
    // Bytes that arrive after the clock was advanced count as progress.
    while ((await deadWorker(page).count()) === 0) await page.clock.fastForward(15_000);
    assert.ok((await deadWorker(page).innerText()).includes("nothing has come for 15 seconds"));
    if (isAnew) {
      server.shown.instead = () => false;
      await startsAnew(page);
    } else {
      come();
      await deadWorker(page).waitFor({ state: "detached" });
    }
    await context.close();
    server.stop();
  }
});

test("what a proxy damages is not kept in the browser", async () => {
  for (const fault of ["replaced by a web page", "cut short with a length that fits"]) {
    const server = await startStaticServer();
    // The page itself gets its files; sw.js, which requests them again to keep them, does not.
    let asked = 0;
    server.shown.instead = (name, bytes, response) => {
      if (!isWasm(name)) return false;
      asked += 1;
      // The browser's own cache must not hide the fault.
      if (asked > 1) FAULTS[fault][0](bytes, response, kindOf(name));
      else response.writeHead(200, { "content-type": kindOf(name), "cache-control": "no-store" }).end(bytes);
      return true;
    };
    const { page, context } = await openPage(shared.browser, server.url, { serviceWorkers: "allow" });
    // A complete build has an entry of its own; a script that cannot keep one is not installed.
    const state = () =>
      page.evaluate(async () => {
        if ((await caches.keys()).some((name) => name.endsWith(" current"))) return "kept";
        return (await navigator.serviceWorker.getRegistration()) ? "under way" : "refused";
      });
    await waitUntil("the browser kept or refused the page", async () => asked >= 2 && (await state()) !== "under way");
    assert.equal(await state(), "refused", fault);
    await context.close();
    server.stop();
  }
});
