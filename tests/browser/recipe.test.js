// Links to recipes: a link of one page repeats the run on another page or on the command line. Also the settings that the
// browser remembers.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  NOW,
  btcfake,
  download,
  focusIsOn,
  openMore,
  pickFiles,
  ready,
  run,
  sample,
  setRun,
  temporaryFolder,
  useHelper,
  violations,
} from "./support.js";

const SEED = "18446744073709551615";

const shared = useHelper();
const { withPage } = shared;
const all = sample(200);
const inputs = { "Employees file": all["Employees file"], "Completions table": all["Completions table"] };

/** Changes the settings of the page, and returns the link to its recipe. */
async function makeLink(page) {
  await pickFiles(page, inputs);
  await setRun(page, SEED, NOW);
  await openMore(page);
  await page.getByLabel("Time zone").fill("America/New_York");
  await page.getByLabel("RequestId style").selectOption({ label: "fake:DD, with today's day" });
  await page.getByRole("checkbox", { name: /^Byte order mark/ }).check();
  await page.getByText("being read…").first().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Copy link to this recipe" }).click();
  return page.getByLabel("Link to this recipe").inputValue();
}

async function downloads(page) {
  const files = new Map();
  for (const link of await page.getByRole("link", { name: /_\w+\.csv$/ }).all()) {
    const { name, bytes } = await download(page, link);
    if (name.endsWith(".csv")) files.set(name, bytes);
  }
  assert.equal(files.size, 3);
  return files;
}

const filesOf = (folder) =>
  new Map(readdirSync(folder).filter((name) => name.endsWith(".csv")).map((name) => [name, readFileSync(join(folder, name))]));

test("a link makes the same bytes on another page, and on the command line", async () => {
  let link;
  let file;
  let files;
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    link = await makeLink(page);
    await page.getByText("Copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    await page.getByRole("button", { name: "Copy as code" }).click();
    await page.getByText("Code copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link.split("#")[1]);
    file = (await download(page, page.getByRole("button", { name: "Save as file" }))).bytes.toString();
    await run(page);
    files = await downloads(page);
  });
  assert.ok(link.startsWith(`${shared.helper.url}/#recipe=1&`), link);
  await withPage({}, async (page) => {
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), SEED);
    const [date, time] = [page.getByLabel("Date", { exact: true }), page.getByLabel("Time (UTC)")];
    assert.equal(`${await date.inputValue()}T${await time.inputValue()}Z`, NOW);
    await page.getByText("2 of 2 files still to be picked.").waitFor();
    const warning = (text) => page.getByRole("status").filter({ hasText: "This is not the opened run: " }).filter({ hasText: text });
    await warning("employees.csv, content_completion.csv are missing.").waitFor();
    const needed = page.getByRole("region", { name: "Opened run" }).getByRole("listitem");
    await needed.filter({ hasText: "employees.csv" }).getByText('still needed: pick it under "Employees file"').waitFor();
    const changed = join(temporaryFolder(), "employees.csv");
    writeFileSync(changed, readFileSync(inputs["Employees file"], "utf8") + "# changed\n");
    await pickFiles(page, { ...inputs, "Employees file": changed });
    await needed.filter({ hasText: "employees.csv" }).getByText("another file is picked").waitFor();
    await page.getByText("1 of 2 files still to be picked.").waitFor();
    await warning("another file is picked instead of employees.csv.").waitFor();
    await run(page);
    assert.equal(await warning("another file").count(), 2, "at Run and in the results");
    await page.getByRole("button", { name: "New seed" }).click();
    await page.getByText("This feed is from before your last change.").waitFor();
    assert.equal(await warning("another file").count(), 1, "at Run only: the results are from before");
    await setRun(page, SEED, NOW);
    await pickFiles(page, inputs);
    await page.getByText("All files are the right ones.").waitFor();
    assert.equal(await warning("").count(), 0);
    await run(page);
    assert.deepEqual(await downloads(page), files);
  }, link.slice(shared.helper.url.length));
  await withPage({}, async (page) => {
    const path = join(temporaryFolder(), "recipe.json");
    writeFileSync(path, file);
    await page.getByLabel("Choose files").setInputFiles(path);
    await page.getByText("2 of 2 files still to be picked.").waitFor();
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), SEED);
  });
  const out = temporaryFolder();
  btcfake("replay", link, "--input-dir", join(inputs["Employees file"], ".."), "--out", out);
  assert.deepEqual(filesOf(out), files);
});

test("a link with a made-up population needs no file", async () => {
  const out = temporaryFolder();
  const population = ["--new-population", "500", "--ids", "1000-9999", "--mix", "a=20,b=50,f=30"];
  btcfake("simulate", ...population, "--seed", "3", "--now", NOW, "--out", out);
  const link = btcfake("recipe", join(out, readdirSync(out).find((name) => name.startsWith("run_"))));
  await withPage({}, async (page) => {
    await page.getByText("500 employees are made up, with ids 1000-9999.").waitFor();
    await page.getByText("The mix sets the types of the employees: 20 % complete all (a), 50 % one (b), 30 % none (f).").waitFor();
    await page.getByText("Its runs need no files.").waitFor();
    await page.getByRole("listitem").filter({ hasText: "New population" }).first().waitFor();
    assert.equal(await page.getByText("Every run needs it.").count(), 0);
    await run(page);
    assert.deepEqual(await downloads(page), filesOf(out));
    await page.getByRole("button", { name: "Remove the new population" }).click();
    await focusIsOn(page.getByLabel("Employees file"));
  }, `/${link.trim().match(/#.*/)[0]}`);
});

test("a link that is pasted into the open page sets it up, and is forgotten when asked", async () => {
  await withPage({}, async (page) => {
    const fragment = `recipe=1&version=99.0&now=${NOW}&seed=5&timezone=Asia/Tokyo&skip-bad-rows=yes`;
    await page.getByRole("link", { name: "History" }).click();
    await page.evaluate((fragment) => (location.hash = fragment), fragment);
    await page.getByText("It comes from version 99.0 of BTC Fake").waitFor();
    await page.getByText("Its runs need no files.").waitFor();
    assert.ok(await page.getByLabel("Time zone").isVisible(), "what is not as usual is in sight");
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "5");
    assert.equal(await page.getByLabel("Time zone").inputValue(), "Asia/Tokyo");
    assert.ok(await page.getByLabel("Skip bad rows of employees.csv").isChecked());
    await page.getByText("Seed, time and settings are those of the opened run.").waitFor();
    await page.getByLabel("Seed", { exact: true }).fill("6");
    await page.getByText("Seed, time or settings were changed since the run was opened.").waitFor();
    await page.getByText("This is not the opened run: seed, time or settings were changed.").waitFor();
    const goThereAndBack = async () => {
      await page.getByRole("link", { name: "Mix", exact: true }).click();
      await page.getByRole("heading", { name: /^What if/ }).waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: "Files", exact: true }).waitFor();
    };
    await goThereAndBack();
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "6", "coming back sets nothing up");
    await page.getByRole("button", { name: "Forget it" }).click();
    await page.getByRole("heading", { name: "Opened run" }).waitFor({ state: "detached" });
    await focusIsOn(page.getByRole("heading", { name: "Files", exact: true }));
    await goThereAndBack();
    assert.equal(await page.getByRole("heading", { name: "Opened run" }).count(), 0);
    await page.evaluate((fragment) => (location.hash = fragment), fragment);
    await page.getByText("Seed, time and settings are those of the opened run.").waitFor();
  });
});

test("problems of a link are shown, and nothing is set from one that cannot be read", async () => {
  await withPage({}, async (page) => {
    const alert = page.getByRole("alert").filter({ hasText: "The recipe cannot be read" });
    await alert.getByText("seed: 'x' is no seed").waitFor();
    await alert.getByText("'now' is missing").waitFor();
    assert.notEqual(await page.getByLabel("Seed", { exact: true }).inputValue(), "x");
  }, "/#recipe=1&version=0.1.0&seed=x");
  await withPage({}, async (page) => {
    await page.getByRole("alert").filter({ hasText: "Did you mean 'mix'?" }).waitFor();
    assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "7");
  }, `/#recipe=1&version=0.1.0&now=${NOW}&seed=7&mixx=a=100`);
});

test("settings and theme are remembered, nonsense is not, and all is forgotten when asked", async () => {
  await withPage({ colorScheme: "light" }, async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await openMore(page);
    await page.getByLabel("Time zone").fill("Europe/Paris");
    await page.getByLabel("Seed", { exact: true }).fill("77");
    const theme = page.getByRole("button", { name: /^Theme: / });
    const chooseDark = async () => {
      while ((await theme.getAttribute("aria-label")) !== "Theme: dark") await theme.click();
    };
    await chooseDark();
    const dark = await background();
    assert.notEqual(dark, light);
    await page.reload();
    await ready(page);
    assert.equal(await background(), dark);
    await page.getByRole("button", { name: "Theme: dark" }).waitFor();
    assert.ok(await page.getByLabel("Time zone").isVisible(), "what is not as usual is in sight");
    assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Paris");
    assert.notEqual(await page.getByLabel("Seed", { exact: true }).inputValue(), "77", "each visit has a seed of its own");
    await page.evaluate(() => {
      localStorage.setItem("btcfake.settings", "recipe=1&seed=%FF&{}");
      localStorage.setItem("btcfake.theme", "<script>");
      localStorage.setItem("another page's", "1");
    });
    await page.reload();
    await ready(page);
    assert.equal(await background(), light);
    await chooseDark();
    await page.getByRole("link", { name: "History" }).click();
    const forget = page.getByRole("button", { name: "Forget everything" });
    await forget.click();
    await page.getByText("All runs are deleted.").waitFor();
    assert.equal(await background(), light);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction((dark) => getComputedStyle(document.body).backgroundColor === dark, dark);
    await forget.click();
    await page.waitForFunction((light) => getComputedStyle(document.body).backgroundColor === light, light);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ["another page's"]);
  });
});

test("everybody can use a page that a link opened", async () => {
  const viewport = { width: 360, height: 740 };
  await withPage({ viewport, bypassCSP: true }, async (page) => {
    await openMore(page);
    await page.getByRole("button", { name: "Copy link to this recipe" }).click();
    await page.getByLabel("Link to this recipe").waitFor();
    assert.deepEqual(await violations(page), []);
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(content <= screen, `${content} > ${screen}`);
  }, `/#recipe=1&version=0.1.0&now=${NOW}&seed=7&employees=${"long".repeat(30)}.csv:9:${"ab".repeat(32)}&x=1`);
});
