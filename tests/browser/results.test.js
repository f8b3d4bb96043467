// The results of a run, as a tester sees them: cards of the files, figures and their change, further tabs; the actions
// on a feed, and a warning before a feed is lost.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import {
  NOW,
  OPTIONS,
  SEED,
  btcfake,
  commandLineFiles,
  download,
  figure,
  focusIsOn,
  longTasks,
  number,
  openMore,
  openTab,
  openTable,
  pickFiles,
  run,
  sample,
  setRun,
  showContext,
  sidewaysScroll,
  temporaryFolder,
  unzip,
  useHelper,
  violations,
  waitUntil,
} from "./support.js";

const shared = useHelper();
const { withPage } = shared;
const inputs = sample(300);
const NAMES = [...commandLineFiles(inputs).keys()].sort();
const [COMPLETIONS, ASSIGNMENTS] = NAMES;

async function runSample(page, files = inputs) {
  await pickFiles(page, files);
  await setRun(page);
  await run(page);
}

test("before the first run the cards show what will come, and a sample feed is one click away", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const region = page.getByRole("region", { name: "Your feed will be here" });
    for (const purpose of ["what was completed", "what is left to do", "a dummy that the batch job wants"]) {
      await region.getByText(purpose).waitFor();
    }
    await region.getByRole("button", { name: "Run with sample files" }).click();
    await page.getByRole("heading", { name: /^Feed of \w+day, \w+ \d+, \d{4}$/ }).waitFor();
    const links = await page.getByRole("link", { name: /^\S+\.csv$/ }).all();
    assert.equal(links.length, 3);
    for (const link of links) {
      const { y, height } = await link.boundingBox();
      assert.ok(y >= 0 && y + height <= 800, "the files are on the first screen");
    }
  });
});

test("each card has a purpose, rows, a size, the exact name and the bytes", async () => {
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await runSample(page);
    await focusIsOn(page.getByRole("heading", { name: "Feed of Thursday, January 29, 2026" }));
    for (const [name, bytes] of commandLineFiles(inputs)) {
      const card = page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
      const rows = bytes.toString().trimEnd().split("\n").length - 1;
      assert.equal(number((await card.locator(".hint").innerText()).split(" row")[0]), rows, name);
      const exact = card.getByRole("button", { name: `Copy the name ${name}` });
      await exact.focus();
      const shows = await exact.evaluate((button) => getComputedStyle(button, "::after").content);
      assert.equal(shows, JSON.stringify(name), "the focus shows it whole");
      await exact.click();
      await page.getByText("Name of the file copied.").first().waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), name);
    }
    const runFile = await (async () => {
      await page.getByRole("button", { name: "More actions" }).click();
      return download(page, page.getByRole("menuitem", { name: "Download run file" }));
    })();
    assert.equal(String(JSON.parse(runFile.bytes).seed), SEED);
  });
});

test("the figures are those of the files, and tell the change against the run before, also after a reload", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    const files = commandLineFiles(inputs);
    const rows = (name) => files.get(name).toString().trimEnd().split("\n").length - 1;
    const [completed, open] = [await figure(page, "Completed"), await figure(page, "Still open")];
    assert.deepEqual([completed.count, open.count], [rows(COMPLETIONS), rows(ASSIGNMENTS)]);
    assert.doesNotMatch(completed.below, /against the run before/);

    await pickFiles(page, { "Employees file": sample(200)["Employees file"] });
    await page.getByText("before your last change").waitFor();
    await page.getByRole("button", { name: "Run again" }).click();
    await page.getByText("against the run before").first().waitFor();
    const fewer = await figure(page, "Completed");
    const change = fewer.count - completed.count;
    const percent = Math.round((Math.abs(change) / completed.count) * 100);
    const sign = change < 0 ? "\u2212" : "+";
    const text = `\\${sign}${Math.abs(change)} \\(\\${sign}${percent} %\\) against the run before`;
    assert.match(fewer.below, new RegExp(`^by [\\d,]+ employees ${text}$`));

    // The browser keeps a run a little after its results are shown.
    await page.getByRole("link", { name: "History" }).click();
    await page.getByText("2 runs, the last one first.").waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Feed", exact: true }).click();
    await runSample(page);
    await page.getByText("against the run before").first().waitFor();
    const again = await figure(page, "Completed");
    assert.equal(number(again.below.match(/ employees (\S+) \(/)[1]), Math.abs(change));
  });
});

test("a run from below brings the results into view from their top", async () => {
  await withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    const bar = page.getByRole("button", { name: "Download feed" });
    const isInView = async () => {
      await focusIsOn(page.getByRole("heading", { name: /^Feed of / }));
      const top = await bar.evaluate((button) => button.getBoundingClientRect().top);
      const below = await page.getByRole("banner").evaluate((header) => header.getBoundingClientRect().bottom);
      assert.ok(top >= below && top < 300, `the result bar is at ${top}, below the header's end at ${below}`);
    };
    await runSample(page);
    await openTab(page, "Files");
    await page.getByRole("table", { name: "Rows of the file" }).getByRole("row").nth(40).scrollIntoViewIfNeeded();
    await page.keyboard.press("Control+Enter");
    await isInView();
    await page.mouse.wheel(0, 600);
    await page.getByRole("link", { name: "Mix", exact: true }).click();
    await page.getByRole("button", { name: "Run with this mix" }).click();
    await bar.waitFor();
    await isInView();
  });
});

test("failed calls lead to their reasons", async () => {
  await withPage({}, async (page) => {
    const recorded = readFileSync(inputs["Recorded recommendations (JSON lines)"], "utf8");
    const failures = recorded.split("\n").filter((line) => line.includes('"error"')).length;
    assert.ok(failures > 0);
    await runSample(page);
    const { below } = await figure(page, "From recommendations");
    assert.match(below, new RegExp(`^${failures} calls? failed`));
    await page.getByRole("button", { name: /^why/ }).first().click();
    const table = page.getByRole("table", { name: "Failed calls of the recommender" });
    await table.getByRole("row").nth(1).waitFor();
    await focusIsOn(page.getByRole("heading", { name: "Failed calls of the recommender" }));
  });
});

test("the details count failed calls by reason, and list the employees a few at first", async () => {
  const ids = Array.from({ length: 20 }, (_, at) => String(at + 1));
  const error = (id) => (id <= 9 ? "HTTP 500" : "timed out");
  const folder = temporaryFolder();
  const path = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const given = {
    "Employees file": path("employees.csv", `employee_id,employee_edu_type\n${ids.map((id) => `${id},a\n`).join("")}`),
    "Recorded recommendations (JSON lines)": path(
      "recommendations.jsonl",
      ids.slice(0, 12).map((id) => `${JSON.stringify({ ba_id: Number(id), error: error(id) })}\n`).join(""),
    ),
  };
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await runSample(page, given);
    await openTab(page, "Details");
    const part = page.getByRole("region", { name: "Failed calls", exact: true });
    const lines = await part.locator("dl > div").allInnerTexts();
    assert.deepEqual(lines.map((line) => line.replace(/\s+/g, " ")), ["HTTP 500 9", "timed out 3"]);
    const buttons = part.getByRole("button", { name: /: why\?$/ }).filter({ visible: true });
    assert.equal(await buttons.count(), 8);
    await part.getByText("4 employees more").click();
    assert.equal(await buttons.count(), 12);
    await part.getByRole("button", { name: "Copy ids" }).click();
    await page.getByText("12 ids copied.").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), ids.slice(0, 12).join("\n"));
    await buttons.last().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: /12/ }).first().waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await part.getByRole("button", { name: "Table with reasons" }).click();
    await page.getByRole("table", { name: "Failed calls of the recommender" }).getByRole("row").nth(12).waitFor();
  });
});

test("no figure of the details is broken in two on a phone", async () => {
  await withPage({ viewport: { width: 390, height: 800 } }, async (page) => {
    await runSample(page);
    await openTab(page, "Details");
    const figures = page.getByRole("tabpanel", { name: "Details" }).locator("dd").filter({ hasText: /^[\d,]+$/ });
    assert.ok((await figures.count()) > 10);
    for (const figure of await figures.all()) {
      const lines = await figure.evaluate((figure) => {
        const text = document.createRange();
        text.selectNodeContents(figure);
        return text.getClientRects().length;
      });
      assert.equal(lines, 1, await figure.innerText());
    }
  });
});

test("tabs are used by arrow keys, and stay from run to run", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    const tab = (name) => page.getByRole("tab", { name, exact: true });
    await tab("Overview").focus();
    for (const name of ["Employees", "Details", "Files"]) {
      await page.keyboard.press("ArrowRight");
      await focusIsOn(tab(name));
      assert.equal(await tab(name).getAttribute("aria-selected"), "true");
      await page.getByRole("tabpanel", { name, exact: true }).waitFor();
    }
    await run(page);
    assert.equal(await tab("Files").getAttribute("aria-selected"), "true");
  });
});

test("the next day goes on from what the feed left, as a series does, and can be undone", async () => {
  const out = temporaryFolder();
  const files = Object.entries(inputs).flatMap(([label, path]) => [OPTIONS[label], path]);
  const days = ["--from", "2026-01-29", "--days", "2", "--at", "18:00", "--seed", SEED];
  btcfake("series", ...files, ...days, "--out", out, "--quiet");
  const second = join(out, "2026-01-30");
  await withPage({}, async (page) => {
    await runSample(page);
    await page.getByRole("button", { name: "Next day" }).click();
    await page.getByRole("heading", { name: "Feed of Friday, January 30, 2026" }).waitFor();
    for (const name of readdirSync(second).filter((name) => name.endsWith(".csv"))) {
      const file = await download(page, page.getByRole("link", { name, exact: true }));
      assert.ok(file.bytes.equals(readFileSync(join(second, name))), name);
    }
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("before your last change").waitFor();
    await run(page);
    await page.getByRole("heading", { name: "Feed of Thursday, January 29, 2026" }).waitFor();
    const name = COMPLETIONS;
    const { bytes } = await download(page, page.getByRole("link", { name, exact: true }));
    assert.ok(bytes.equals(commandLineFiles(inputs).get(name)));
  });
});

test("undoing a next day undoes those after it", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    const date = () => page.getByLabel("Date", { exact: true }).inputValue();
    for (const day of ["Friday, January 30, 2026", "Saturday, January 31, 2026"]) {
      await page.getByRole("button", { name: "Next day" }).click();
      await page.getByRole("heading", { name: `Feed of ${day}` }).waitFor();
      await page.getByText(`${day} begins with what the feed before left open or completed.`).waitFor();
    }
    assert.equal(await date(), "2026-01-31");
    await page.getByRole("button", { name: "Undo" }).first().click();
    assert.equal(await date(), "2026-01-29");
    assert.equal(await page.getByRole("button", { name: "Undo" }).count(), 0);
  });
});

test("the next day of sample data has the catalogs of that day, with new Daily Doses on a Monday", async () => {
  await withPage({}, async (page) => {
    await setRun(page, SEED, "2026-02-01T18:00:00Z");
    await page.getByRole("button", { name: "Use sample files" }).first().click();
    const file = (name) => page.getByRole("list", { name: "Files of the run" }).getByText(name);
    await showContext(page);
    await file(/^StandAloneContent.*2026_2_1_/).waitFor();
    await run(page);
    const recommended = (await figure(page, "From recommendations")).count;
    await page.getByRole("button", { name: "Next day" }).click();
    await page.getByRole("heading", { name: "Feed of Monday, February 2, 2026" }).waitFor();
    const next = (await figure(page, "From recommendations")).count;
    assert.ok(next > 0.5 * recommended, `${next} recommendations were completed, ${recommended} on the day before`);
    await file(/^StandAloneContent.*2026_2_2_/).waitFor();
    await file(/^CourseCatalog.*2026_2_2_/).waitFor();
    const doses = (await figure(page, "Daily Doses given")).count;
    assert.ok(doses > 3 * 2_000 * 0.5, `${doses} for 2,000 employees`);
    await page.getByRole("button", { name: "Undo" }).click();
    await file(/^StandAloneContent.*2026_2_1_/).waitFor();
  });
});

test("without catalogs the next day has the feed of the same day of a series, new Daily Doses on a Monday included", async () => {
  await withPage({}, async (page) => {
    const employees = { "Employees file": inputs["Employees file"] };
    await pickFiles(page, employees);
    await setRun(page, SEED, "2026-01-30T18:00:00Z");
    await run(page);
    for (const day of ["Saturday, January 31", "Sunday, February 1", "Monday, February 2", "Tuesday, February 3"]) {
      await page.getByRole("button", { name: "Next day" }).click();
      await page.getByRole("heading", { name: `Feed of ${day}, 2026` }).waitFor();
    }
    const folder = temporaryFolder();
    const series = ["--from", "2026-01-30", "--days", "5", "--at", "18:00", "--seed", SEED, "--out", folder];
    btcfake("series", "--employees", employees["Employees file"], ...series);
    const expected = join(folder, "2026-02-03");
    const feed = unzip((await download(page, page.getByRole("button", { name: "Download feed" }))).bytes);
    const names = readdirSync(expected).filter((name) => name.endsWith(".csv"));
    assert.deepEqual([...feed.keys()].filter((name) => name.endsWith(".csv")).sort(), names.sort());
    for (const name of names) assert.ok(feed.get(name).equals(readFileSync(join(expected, name))), name);
  });
});

test("a run that is refused leaves the feed before whole", async () => {
  await withPage({}, async (page) => {
    const path = join(temporaryFolder(), "employees.csv");
    writeFileSync(path, "employee_id,employee_edu_type\n7,a\n8,b\n9,f\n");
    await pickFiles(page, { "Employees file": path });
    await setRun(page);
    await run(page);
    await openMore(page);
    await page.getByText("Break on purpose").first().click();
    await page.getByRole("button", { name: "Dirty rows" }).click();
    await page.getByRole("button", { name: "Run simulation" }).click();
    await page.getByText(/^The run failed: .*: 2 rows asked for, but .* has only /).waitFor();
    assert.equal(await page.getByText("are gone").count(), 0);
    await openTab(page, "Files");
    await page.getByRole("table", { name: "Rows of the file" }).locator("tbody tr").first().waitFor();
    const rows = await openTable(page, "Completed trainings");
    await rows.getByRole("row").nth(1).waitFor();
    await download(page, page.getByRole("button", { name: "Download feed" }));
  });
});

test("numbers and dates are those of the browser's locale, and contents have their French names by a switch", async () => {
  await withPage({ locale: "de-DE" }, async (page) => {
    await setRun(page);
    await page.getByRole("button", { name: "Use sample files" }).first().click();
    await page.getByText("2.000 employees").first().waitFor();
    await run(page);
    await page.getByRole("heading", { name: "Feed of Donnerstag, 29. Januar 2026" }).waitFor();
    await page.getByText(/^Done in (< )?\d+,\d s$/).waitFor();
    const panel = page.getByRole("tabpanel", { name: "Files" });
    await openTab(page, "Details");
    const text = await page.locator(".results").innerText();
    // Counts and sizes that the worker writes have the locale's separators.
    assert.match(text, /^\d\.\d{3} \(completes all \d\.\d{3}, one [\d.]+\)$/m);
    assert.match(text, /\.csv \d+,\d kB$/m);
    await openTab(page, "Files");
    const names = () => panel.locator("td.name").allInnerTexts();
    await panel.locator("td.name").first().waitFor();
    const english = await names();
    await panel.getByLabel("French names").check();
    const french = await names();
    assert.ok(french.some((name, at) => name !== english[at]), french.join());
    await openTab(page, "Overview");
    assert.ok(await page.getByRole("tabpanel", { name: "Overview" }).getByLabel("French names").isChecked());
  });
});

test("a file is a table with names beside the ids, searched whole, or raw text", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    await openTab(page, "Files");
    const panel = page.getByRole("tabpanel", { name: "Files" });
    const table = panel.getByRole("table", { name: "Rows of the file" });
    const rows = table.locator("tbody tr");
    await rows.nth(49).waitFor();
    assert.deepEqual(await table.getByRole("columnheader").allInnerTexts(), ["UserId", "ContentId", "Name", "DateStarted (UTC)", "DateCompleted (UTC)"]);
    const lines = commandLineFiles(inputs).get(COMPLETIONS).toString().trimEnd().split("\n");
    const cells = (line) => [...line.matchAll(/"([^"]*)"/g)].map(([, cell]) => cell);
    const [employee, content, started] = cells(lines[1]);
    const shown = await rows.first().locator("td").allInnerTexts();
    const inForm = new Date(started).toLocaleString("en-US", {
      timeZone: "UTC", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
    });
    assert.deepEqual([number(shown[0]), shown[1], shown[3]], [Number(employee), content, inForm]);
    assert.ok(await rows.first().getByRole("img", { name: /^completes / }).isVisible());

    const field = panel.getByRole("searchbox", { name: "Search this file" });
    const found = async (search, expected) => {
      await field.fill(search);
      await panel.getByText(expected).waitFor();
    };
    const count = (is) => lines.slice(1).filter(is).length;
    const of = (all) => (all === 0 ? "No row." : `${Math.min(all, 50)} of ${all.toLocaleString("en")} found`);
    await found(employee, of(count((line) => line.includes(employee))));
    await found(content.replaceAll(",", ""), of(count((line) => line.includes(content) || line.includes(content.replaceAll(",", "")))));
    const name = shown[2];
    await found(name.toUpperCase(), /of [\d,]+ found/);
    assert.deepEqual([...new Set(await rows.locator("td.name").allInnerTexts())].filter((one) => !one.includes(name)), []);
    await found("no such thing", "No row.");
    await found("", "The first 50 of");

    await panel.getByRole("button", { name: "Open assignments" }).click();
    await table.getByRole("columnheader", { name: "TrainingElementId" }).waitFor();
    await panel.getByRole("button", { name: "Raw text" }).click();
    const raw = await panel.getByRole("group", { name: `First lines of ${ASSIGNMENTS}` }).innerText();
    assert.ok(commandLineFiles(inputs).get(ASSIGNMENTS).toString().startsWith(raw.trimEnd()));
    await panel.getByRole("button", { name: "As a table" }).click();
    await rows.first().getByRole("button", { name: /: why\?$/ }).click();
    await page.getByRole("dialog").getByRole("heading", { name: "Rows in the files" }).waitFor();
  });
});

test("a run is copied as a link, and as the command line that makes its bytes", async () => {
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await runSample(page);
    const copied = async (item) => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: item }).click();
      await page.getByText(/copied\.$/).last().waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    assert.match(await copied("Copy link"), new RegExp(`#recipe=1&version=[^&]+&now=${NOW}&seed=${SEED}&`));
    await page.getByRole("button", { name: "Dismiss" }).click();
    const code = await copied("Copy as code");
    assert.match(code, new RegExp(`^recipe=1&version=[^&]+&now=${NOW}&seed=${SEED}&`));
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "More actions" }).click();
    const saved = await download(page, page.getByRole("menuitem", { name: "Save recipe as file" }));
    assert.equal(JSON.parse(saved.bytes).seed, SEED, saved.bytes.toString());
    const line = await copied("Copy as command line");
    assert.match(line, /^btcfake simulate --employees /);

    // The command is called in the folder of the files, by their names there.
    const [bin, folder] = [join(temporaryFolder(), "bin"), dirname(inputs["Employees file"])];
    mkdirSync(bin);
    symlinkSync(process.env.BTCFAKE, join(bin, "btcfake"));
    const out = temporaryFolder();
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}`, HOME: out };
    execFileSync("sh", ["-c", `${line} --out '${out}' --quiet`], { cwd: folder, env });
    for (const [name, bytes] of commandLineFiles(inputs)) {
      assert.ok(readFileSync(join(out, name)).equals(bytes), name);
    }
    assert.equal(readdirSync(out).filter((name) => name.endsWith(".csv")).length, 3);
  });
});

test("where the browser copies nothing, the text stands in a field", async () => {
  await withPage({}, async (page) => {
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await runSample(page);
    await page.getByRole("button", { name: "More actions" }).click();
    await focusIsOn(page.getByRole("menuitem", { name: "Copy link" }));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const field = page.getByLabel("Command line");
    await focusIsOn(field);
    assert.match(await field.inputValue(), /^btcfake simulate /);
  });
});

test("Escape and a step out close the menu", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    const [button, menu] = [page.getByRole("button", { name: "More actions" }), page.getByRole("menu")];
    await button.click();
    await menu.waitFor();
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    await focusIsOn(button);
    await button.click();
    await menu.waitFor();
    await page.getByRole("button", { name: "Check" }).focus();
    await menu.waitFor({ state: "hidden" });
  });
});

test("Check takes the feed with its inputs", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    for (const name of [...NAMES, ...Object.values(inputs).map((path) => basename(path))]) {
      await page.getByText(name, { exact: true }).filter({ visible: true }).first().waitFor();
    }
    assert.match(page.url(), /#check$/);
  });
});

test("a double click does a thing once, a later press does it again", async () => {
  await withPage({}, async (page) => {
    await runSample(page);
    const downloads = [];
    page.on("download", (file) => downloads.push(file.suggestedFilename()));
    const waiting = (press) => Promise.all([page.waitForEvent("download"), press()]);
    const feed = page.getByRole("button", { name: "Download feed" });
    const twice = (locator) => locator.evaluate((element) => [1, 2].forEach(() => element.click()));
    await waiting(() => feed.dblclick());
    await waiting(() => page.getByRole("link", { name: COMPLETIONS, exact: true }).dblclick());
    await waiting(() => twice(feed));
    await waiting(() => twice(page.getByRole("link", { name: ASSIGNMENTS, exact: true })));
    await waiting(() => feed.click());
    assert.deepEqual(downloads.map((name) => name.replace(/^.*\./, "")), ["zip", "csv", "zip", "csv", "zip"]);

    await page.getByRole("button", { name: "Next day" }).dblclick();
    await page.getByRole("heading", { name: "Feed of Friday, January 30, 2026" }).waitFor();
    await page.getByRole("button", { name: "Run simulation" }).dblclick();
    await page.getByText("as in the run before").first().waitFor();
    await page.getByRole("link", { name: "History", exact: true }).click();
    await page.getByText("3 runs, the last one first.").waitFor();
    // The second click of a double click does not reach the button that took the place of the first.
    await page.getByRole("button", { name: /^Delete the run of Fri/ }).first().dblclick();
    await page.getByText("2 runs, the last one first.").waitFor();
  });
});

test("a feed that was not saved, and edits, are warned of before the page is left", async () => {
  const { page, context } = await shared.open();
  const asked = async () => {
    const dialogs = [];
    const note = async (dialog) => {
      dialogs.push(dialog.type());
      await dialog.accept();
    };
    page.on("dialog", note);
    await page.reload();
    page.off("dialog", note);
    await page.getByRole("button", { name: "Run simulation" }).waitFor();
    return dialogs;
  };
  assert.deepEqual(await asked(), []);
  await runSample(page);
  assert.deepEqual(await asked(), ["beforeunload"]);
  await runSample(page);
  await download(page, page.getByRole("button", { name: "Download feed" }));
  assert.deepEqual(await asked(), []);
  await context.close();
});

test("a visit is kept only if people agree: a reload brings files, edits and settings back, and all is deleted at once", async () => {
  const { page, context } = await shared.open();
  const reload = async () => {
    await page.reload();
    await page.getByRole("button", { name: "Run simulation" }).waitFor();
  };
  const rows = page.getByRole("list", { name: "Files of the run" });
  const records = () =>
    page.evaluate(async () => {
      const ask = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      const database = await ask(indexedDB.open("btcfake"));
      const isThere = database.objectStoreNames.contains("session");
      const keys = isThere ? await ask(database.transaction("session").objectStore("session").getAllKeys()) : [];
      database.close();
      return keys.sort();
    });
  await pickFiles(page, inputs);
  await reload();
  await page.getByText("Context: 0 of 5 given").waitFor();
  await pickFiles(page, inputs);
  await setRun(page);
  await page.getByLabel(/^Keep files and settings in this browser/).check();
  await page.getByText("Context: 5 of 5 given").waitFor();
  await showContext(page);
  await page.getByRole("button", { name: "Remove recommendations.jsonl" }).click();
  const files = ["assignments", "completions", "course-catalog", "employees", "standalone-content"];
  const expected = [...files.map((name) => `${name}-file`), "settings"].sort();
  await waitUntil(`the browser keeps ${expected}`, async () => (await records()).join() === expected.join());
  assert.deepEqual(await records(), expected);
  await reload();
  await rows.getByText("300 employees").waitFor();
  await page.getByText("Context: 4 of 5 given").waitFor();
  // Another tab now keeps its own visit; this one says so, and can keep its own again.
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByText("Context: 4 of 5 given").waitFor();
  const isElsewhere = (page) => page.getByText("Another tab of this browser keeps its files now").waitFor();
  await isElsewhere(page);
  await page.getByRole("button", { name: "Keep those of this tab" }).click();
  await isElsewhere(other);
  await other.close();
  await run(page);
  const { ["Recorded recommendations (JSON lines)"]: left, ...others } = inputs;
  const { bytes } = await download(page, page.getByRole("link", { name: COMPLETIONS, exact: true }));
  assert.ok(bytes.equals(commandLineFiles(others).get(COMPLETIONS)), left);
  await download(page, page.getByRole("button", { name: "Download feed" }));
  await page.getByRole("button", { name: "Private" }).click();
  await page.getByRole("button", { name: "Delete kept files" }).click();
  await page.getByText("kept here, too, until you delete them").waitFor({ state: "detached" });
  await page.waitForFunction(() => localStorage.getItem("btcfake.session") === null);
  await reload();
  await page.getByText("Context: 0 of 5 given").waitFor();
  assert.deepEqual(await records(), []);
  await context.close();
});

test("the summary is printed on one page, with figures, settings, digests and charts", async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    await runSample(page);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const sheet = page.locator(".print-sheet");
    await sheet.waitFor();
    const text = await sheet.innerText();
    for (const words of ["Feed of Thursday, January 29, 2026", "Completed", "Seed", "Thu, Jan 29, 2026, 18:00 UTC", "Who completed what", ...NAMES]) {
      assert.ok(text.includes(words), words);
    }
    assert.match(text, /\b[0-9a-f]{64}\b/);
    assert.equal(await page.getByRole("button", { name: "Run simulation" }).isVisible(), false);
    for (const format of ["A4", "Letter"]) {
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      await sheet.waitFor();
      const margin = { top: "1cm", right: "1cm", bottom: "1cm", left: "1cm" };
      const pdf = (await page.pdf({ format, margin })).toString("latin1");
      assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, format);
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      await sheet.waitFor({ state: "detached" });
    }

    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => (window.print = () => (window.printed = document.querySelector(".print-sheet")?.textContent)));
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Print summary" }).click();
    await page.waitForFunction(() => window.printed?.includes("Who completed what"));
  });
});

test("everybody can use each tab, on a phone and at twice the size too", async () => {
  for (const [width, height] of [[1280, 800], [640, 400], [360, 740]]) {
    await withPage({ viewport: { width, height }, bypassCSP: true }, async (page) => {
      assert.deepEqual(await violations(page), []);
      await runSample(page);
      for (const name of ["Files", "Overview", "Employees", "Details"]) {
        await openTab(page, name);
        if (name === "Files") await page.getByRole("table", { name: "Rows of the file" }).waitFor();
        if (name === "Employees") await openTable(page, "Completed trainings");
        assert.deepEqual(await violations(page), [], `${name} at ${width}`);
        assert.equal(await sidewaysScroll(page), 0, `${name} at ${width}`);
      }
    });
  }
});

test("the buttons between pages take their place once, however late the first rows come", async () => {
  await withPage({}, async (page) => {
    await page.addInitScript(() => {
      // Every message to a worker is late, as on a slow machine.
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (...message) {
        setTimeout(() => postMessage.apply(this, message), 300);
      };
    });
    await page.reload();
    await runSample(page);
    const pager = page.getByRole("navigation", { name: "Pages of Completed trainings", includeHidden: true });
    await openTab(page, "Employees");
    await pager.waitFor({ state: "attached" });
    const places = await pager.evaluate(async (pager) => {
      const seen = new Set();
      while (!pager.closest("section").querySelector("tbody tr") || seen.size === 0) {
        if (pager.checkVisibility({ visibilityProperty: true })) seen.add(pager.offsetTop);
        await new Promise(requestAnimationFrame);
      }
      seen.add(pager.offsetTop);
      return [...seen];
    });
    assert.equal(places.length, 1, `from ${places.join(" to ")}`);
    await pager.getByText(/^Page 1 of /).waitFor();
  });
});

test("the tabs of 100,000 employees never hold up the page", async () => {
  const many = sample(100_000);
  await withPage({}, async (page) => {
    await runSample(page, { "Employees file": many["Employees file"], "StandAloneContent file": many["StandAloneContent file"] });
    const tasks = await longTasks(page, async () => {
      await openTab(page, "Files");
      const panel = page.getByRole("tabpanel", { name: "Files" });
      await panel.getByText("The first 50 of").waitFor();
      await panel.getByRole("searchbox", { name: "Search this file" }).fill("2026-01-29T10:0");
      await panel.getByText(/of [\d,]+ found/).waitFor();
      await openTable(page, "Completed trainings");
      await openTab(page, "Details");
    });
    assert.deepEqual(tasks, []);
  });
});
