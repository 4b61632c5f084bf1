// A file with phases of questions goes in; what Mock Service Worker, or whoever is beyond it, says goes to standard output.
import { readFileSync } from "node:fs";
import { http, HttpResponse, passthrough } from "msw";
import { setupServer } from "msw/node";

const { modules, phases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const makers = await Promise.all(modules.map(async (one) => ({ ...one, ...(await import(one.file)) })));

async function ask(origin, { method, target, headers, body }) {
  const answer = await fetch(origin + target, { method, headers, body, redirect: "manual" });
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()).toString("base64"),
  };
}

const told = [];
for (const { origin, base, wishes, questions } of phases) {
  const made = base === undefined ? [] : makers.map((one) => one.handlers(base === null ? undefined : base + one.basePath, wishes));
  made.push(http.all("*", () => (base === undefined ? passthrough() : new HttpResponse("no handler", { status: 599 }))));
  const server = setupServer(...made.flat());
  server.listen({ onUnhandledRequest: "error" });
  const answers = [];
  for (const question of questions) answers.push(await ask(origin, question));
  told.push(answers);
  server.close();
}
process.stdout.write(JSON.stringify(told));
