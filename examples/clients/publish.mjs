// Publishes a page with its attachments only when the service found all of it clear (Node 18+):
//   SECREVIEW_TOKEN=… node publish.mjs http://127.0.0.1:8300 notice.html list.xlsx && deploy
// Exit code 0 goes ahead, 1 was held for what was found, 3 cannot be told. All but 0 holds.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";

const [service, ...paths] = process.argv.slice(2);
const until = AbortSignal.timeout(Number(process.env.SECREVIEW_SECONDS ?? 60) * 1000); // with the body
const token = process.env.SECREVIEW_TOKEN;
const headers = { prefer: "wait=20", ...(token && { authorization: `Bearer ${token}` }) };
const ask = (path, more) => fetch(service + path, { headers, redirect: "error", signal: until, ...more });

async function review(files) {
  const form = new FormData();
  files.forEach(({ name, data }) => form.append("file", new Blob([data]), name));
  let answer = await ask("/v1/reviews", { method: "POST", body: form });
  while (answer.status === 202) {
    const { id } = await answer.json();
    if (!/^[0-9a-f]{32}$/.test(id)) throw new Error("not an id");
    await setTimeout(200);
    answer = await ask(`/v1/reviews/${id}`);
  }
  if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  return answer.json();
}

try {
  const files = paths.map((path) => ({ name: basename(path), data: readFileSync(path) }));
  const { schema, reports, summary } = await review(files);
  const digests = files.map(({ data }) => createHash("sha256").update(data).digest("hex"));
  const spokenOf = reports.map(({ document }) => document.sha256);
  if (schema !== "secreview.report/1" || String(spokenOf.sort()) !== String(digests.sort()))
    throw new Error("not the report on these files");
  const isClear = [summary, ...reports].every(({ verdict }) => verdict === "clear");
  const said = reports.flatMap((r) => r.findings.map((f) => `${f.title.zh} ${f.place.label} ${f.masked}`));
  console.log(isClear ? "publish" : [`hold: ${summary.verdict}`, ...said].join("\n"));
  process.exit(isClear ? 0 : 1);
} catch (error) {
  console.log(`hold: cannot be told (${error.name})`);
  process.exit(3);
}
