// Follows a site's police feed page by page, and keeps its place in a file. Node.js 20, nothing else.
//   FEED=https://gate.school.example TOKEN=... node police-feed.mjs place.txt >> cases.jsonl
import { readFile, rename, writeFile } from "node:fs/promises";

const { FEED, TOKEN, EVERY_S = "5", ROUNDS = "0" } = process.env;
const file = process.argv[2] ?? "place.txt";
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

let place = await readFile(file, "utf8").then((text) => text.trim(), () => "");
let tag = "";

/** One page; null while nothing is new. */
async function ask() {
  const query = new URLSearchParams({ limit: "100", ...(place && { after: place }) });
  const answer = await fetch(`${FEED}/police/entries?${query}`, {
    headers: { Authorization: `Bearer ${TOKEN}`, ...(tag && { "If-None-Match": tag }) },
  });
  if (answer.status === 304) return null;
  if (answer.status === 409) {
    // Restored from a backup: everything from the beginning, by case and raised_at.
    [place, tag] = ["", ""];
    return { items: [], next: "", more: true };
  }
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  tag = answer.headers.get("etag") ?? "";
  return answer.json();
}

for (let round = 1; ; round += 1) {
  let page = null;
  try {
    page = await ask();
  } catch (error) {
    console.error(String(error)); // The gateway is away: ask again later, from the same place.
  }
  if (page !== null) {
    for (const entry of page.items) console.log(JSON.stringify(entry));
    // Whole or not at all: a place that is half written would be no place.
    await writeFile(`${file}.new`, page.next);
    await rename(`${file}.new`, file);
    if (page.next !== place) tag = "";
    place = page.next;
  }
  if (ROUNDS !== "0" && round >= Number(ROUNDS)) break;
  if (!page?.more) await pause(Number(EVERY_S));
}
