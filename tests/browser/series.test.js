// Days in a row on the page: the same bytes as the command line's, by label and role, and by the keyboard alone.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import {
  OPTIONS,
  SEED,
  btcfake,
  columnsOf,
  download,
  longTasks,
  openMore,
  pickFiles,
  pressAndCancel,
  sample,
  setRun,
  temporaryFolder,
  unzip,
  useHelper,
} from "./support.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const { open } = useHelper();
const inputs = sample(200);

/** Opens the page with files and seed, goes to the series by its link, and asserts that the browser reports no error. */
async function withSeries(options, use, files = inputs) {
  const { page, context, complaints } = await open(options);
  await pickFiles(page, files);
  await setRun(page);
  await page.getByRole("link", { name: "Series", exact: true }).click();
  await page.getByRole("heading", { name: "Series", exact: true }).waitFor();
  await use(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

async function setSeries(page, from, days, at) {
  await page.getByLabel("First day").fill(from);
  await page.getByLabel("Days", { exact: true }).fill(days);
  await page.getByLabel("Time of day").fill(at);
}

async function make(page) {
  await page.getByRole("button", { name: "Make series" }).click();
  await page.getByRole("link", { name: "Download all days (ZIP)" }).waitFor();
}

/** The files of the command line's series, `day/name` to bytes, and its summary. */
function commandLineSeries(...more) {
  const out = temporaryFolder();
  const files = Object.entries(inputs).flatMap(([label, path]) => [OPTIONS[label], path]);
  const summary = btcfake("series", ...files, "--seed", SEED, "--out", out, "--json", ...more);
  const names = readdirSync(out).flatMap((day) => readdirSync(join(out, day)).map((name) => `${day}/${name}`));
  return { summary: JSON.parse(summary), files: new Map(names.map((name) => [name, readFileSync(join(out, name))])) };
}

test("the page says that faults do not apply to a series, and the files are whole", async () => {
  await withSeries({}, async (page) => {
    const note = page.getByRole("status").filter({ hasText: "do not apply to a series" });
    assert.equal(await note.count(), 0);
    await page.getByRole("link", { name: "Feed", exact: true }).last().click();
    await openMore(page);
    await page.getByText("Break on purpose", { exact: true }).click();
    await page.getByRole("checkbox", { name: /\(crlf\)$/ }).check();
    await page.getByRole("link", { name: "Series", exact: true }).click();
    await note.waitFor();
    await setSeries(page, "2026-01-29", "1", "17:30");
    await make(page);
    const zip = unzip((await download(page, page.getByRole("link", { name: "Download all days (ZIP)" }))).bytes);
    for (const [name, bytes] of zip) assert.ok(!bytes.includes("\r"), name);
  });
});

test("the ZIP holds the command line's files, a folder a day", async () => {
  await withSeries({}, async (page) => {
    await setSeries(page, "2026-01-29", "6", "17:30");
    await page.getByLabel("Weekdays only").check();
    await make(page);
    const expected = commandLineSeries("--from", "2026-01-29", "--days", "6", "--at", "17:30", "--weekdays");
    const zip = await download(page, page.getByRole("link", { name: "Download all days (ZIP)" }));
    assert.equal(zip.name, "btcfake_series_2026-01-29_6_days.zip");
    const files = unzip(zip.bytes);
    assert.deepEqual([...files.keys()].sort(), [...expected.files.keys()].sort());
    for (const [name, bytes] of expected.files) {
      if (name.endsWith(".csv")) {
        assert.ok(files.get(name).equals(bytes), `${name} differs from the command line's`);
      } else {
        const [mine, theirs] = [files.get(name), bytes].map((text) => JSON.parse(text));
        theirs.inputs.forEach((input) => delete input.path);
        assert.deepEqual(mine, theirs, name);
      }
    }
    const rows = page.getByRole("table", { name: "Days of the series" }).getByRole("row");
    const form = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
    const dates = expected.summary.days.map((day) => new Intl.DateTimeFormat("en-US", form).format(new Date(day.today)));
    assert.deepEqual(await rows.getByRole("rowheader").allInnerTexts(), [...dates, "Total"]);
    const total = await rows.last().innerText();
    assert.ok(total.replaceAll(",", "").includes(String(expected.summary.totals.new_assignments)), total);
  });
});

test("the page's sample files continue over the days: new Daily Doses on a Monday, new recommendations every day", async () => {
  const { page, context, complaints } = await open();
  await setRun(page, SEED, "2026-02-01T18:00:00Z");
  await page.getByRole("button", { name: "Use sample files" }).first().click();
  await page.getByText("2,000 employees").first().waitFor();
  await page.getByRole("link", { name: "Series", exact: true }).click();
  await setSeries(page, "2026-02-01", "3", "18:00");
  await make(page);
  const of = await columnsOf(page.getByRole("table", { name: "Days of the series" }), 3);
  assert.ok(of("Done: recommended").every((count) => count > 800), of("Done: recommended").join());
  const [sunday, monday, tuesday] = of("No Daily Dose");
  assert.ok(monday < sunday + 1_000 && tuesday === 2_000, of("No Daily Dose").join());
  assert.deepEqual(complaints, []);
  await context.close();
});

test("settings of the run hold for every day", async () => {
  await withSeries({}, async (page) => {
    await page.getByRole("link", { name: "Feed", exact: true }).first().click();
    await openMore(page);
    await page.getByLabel("Time zone").fill("America/New_York");
    await page.getByLabel(/^Byte order mark \(BOM\)/).check();
    await page.getByLabel("RequestId style").selectOption({ index: 1 });
    await page.getByRole("link", { name: "Series", exact: true }).click();
    await setSeries(page, "2026-03-07", "2", "18:00");
    await page.getByText("to Sun, Mar 8, 2026, 18:00, in America/New_York").waitFor();
    await make(page);
    const options = ["--timezone", "America/New_York", "--bom", "--request-id", "fake-day"];
    const expected = commandLineSeries("--from", "2026-03-07", "--days", "2", ...options);
    const files = unzip((await download(page, page.getByRole("link", { name: "Download all days (ZIP)" }))).bytes);
    for (const [name, bytes] of expected.files) {
      if (name.endsWith(".csv")) assert.ok(files.get(name).equals(bytes), name);
    }
  });
});

test("missing and wrong fields are named, and nothing is made", async () => {
  await withSeries(
    {},
    async (page) => {
      await setSeries(page, "2026-01-29", "400", "18:00");
      await page.getByText("Error: a number from 1 to 366 is needed.").waitFor();
      await page.getByRole("button", { name: "Make series" }).click();
      const alert = page.getByRole("alert").filter({ hasText: "Not made yet" });
      await alert.waitFor();
      const text = await alert.innerText();
      assert.match(text, /There is no employees\.csv yet/);
      assert.match(text, /Days: a number from 1 to 366 is needed/);
      assert.equal(await page.getByRole("table", { name: "Days of the series" }).count(), 0);
      await setSeries(page, "2026-01-29", "4", "18:00");
      await alert.getByText("Days: a number").waitFor({ state: "detached" });
      await page.getByRole("link", { name: "Feed", exact: true }).first().click();
      await pickFiles(page, inputs);
      await page.getByRole("link", { name: "Series", exact: true }).click();
      await alert.waitFor({ state: "hidden" });
    },
    {},
  );
});

test("a change marks the series as stale, and a series can be cancelled and made again", async () => {
  await withSeries({}, async (page) => {
    await setSeries(page, "2026-01-29", "2", "18:00");
    await make(page);
    const stale = page.getByRole("status").filter({ hasText: "before your last change" });
    assert.equal(await stale.count(), 0);
    await page.getByLabel("Days", { exact: true }).fill("300");
    await stale.waitFor();
    await pressAndCancel(page, "Make series", "Cancel the series");
    await page.getByRole("status").filter({ hasText: "Cancelled. There is no series." }).waitFor();
    const focused = await page.evaluate(() => document.activeElement.textContent.trim());
    assert.equal(focused, "Make series");
    await page.getByLabel("Days", { exact: true }).fill("1");
    await make(page);
    assert.equal(await page.getByRole("table", { name: "Days of the series" }).getByRole("row").count(), 3);
  });
});

test("the keyboard is enough", async () => {
  await withSeries({}, async (page) => {
    const tabTo = async (wanted) => {
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press("Tab");
        const found = await page.evaluate(() => {
          const focused = document.activeElement;
          return focused.labels?.[0]?.textContent ?? focused.textContent.trim();
        });
        if (found === wanted) return;
      }
      assert.fail(`${wanted} is not reached by Tab`);
    };
    await page.getByRole("link", { name: "Series", exact: true }).focus();
    await tabTo("Days");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("2");
    await tabTo("Weekdays only");
    await page.keyboard.press("Space");
    await tabTo("Make series");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Download all days (ZIP)" }).waitFor();
    await tabTo("Download all days (ZIP)");
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.match(file.suggestedFilename(), /^btcfake_series_.*_2_days\.zip$/);
  });
});

test("making days never holds up the page, on a phone neither, and nothing scrolls sideways", async () => {
  await withSeries({ viewport: { width: 360, height: 740 }, isMobile: true }, async (page) => {
    const tasks = await longTasks(page, async () => {
      await setSeries(page, "2026-01-29", "5", "18:00");
      await make(page);
    });
    assert.deepEqual(tasks, []);
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(content <= screen, `${content} > ${screen}`);
  });
});

/** The lightness, up to 765, of the lightest pixel at the right edge of a box, beside the rows of its table. */
async function lightest(page, box) {
  const [{ x, width }, rows] = [await box.boundingBox(), await box.locator("tbody").boundingBox()];
  const clip = { x: x + width - 3, y: rows.y + 2, width: 2, height: rows.height - 4 };
  const picture = await page.screenshot({ clip });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, image.width, image.height);
    const pixels = Array.from({ length: data.length / 4 }, (_, at) => data[4 * at] + data[4 * at + 1] + data[4 * at + 2]);
    return Math.max(...pixels);
  }, picture.toString("base64"));
}

test("on a screen of 1,280 pixels all columns are in view", async () => {
  await withSeries({ viewport: { width: 1280, height: 800 } }, async (page) => {
    await setSeries(page, "2026-01-29", "2", "18:00");
    await make(page);
    for (const name of ["Days of the series", "Employees without a Daily Dose, by reason"]) {
      const hidden = await page.getByRole("group", { name }).evaluate((box) => box.scrollWidth - box.clientWidth);
      assert.equal(hidden, 0, name);
    }
  });
});

test("a table that is wider than its box shows at the edge that there is more", async () => {
  await withSeries({ viewport: { width: 390, height: 800 } }, async (page) => {
    await setSeries(page, "2026-01-29", "2", "18:00");
    await make(page);
    const box = page.getByRole("group", { name: "Days of the series" });
    const atTheEdge = await lightest(page, box);
    await box.evaluate((box) => (box.scrollLeft = box.scrollWidth));
    const atTheEnd = await lightest(page, box);
    assert.ok(atTheEdge < atTheEnd - 20, `${atTheEdge} before the end, ${atTheEnd} there`);
  });
});

test("everybody can make days in a row: no violation that axe finds", async () => {
  await withSeries({ bypassCSP: true }, async (page) => {
    const violations = async () => {
      await page.addScriptTag({ path: AXE });
      const found = await page.evaluate(() => axe.run());
      return found.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`);
    };
    assert.deepEqual(await violations(), []);
    await setSeries(page, "2026-01-29", "0", "18:00");
    await page.getByRole("button", { name: "Make series" }).click();
    await page.getByRole("alert").filter({ hasText: "Not made yet" }).waitFor();
    assert.deepEqual(await violations(), []);
    await setSeries(page, "2026-01-29", "3", "18:00");
    await make(page);
    assert.deepEqual(await violations(), []);
  });
});
