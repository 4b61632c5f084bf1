// Scalar's mock server on a port: node scalar.mjs CONTRACT PORT
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [contract, port] = process.argv.slice(2);
const require = createRequire(`${process.cwd()}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { serve } = await load("@hono/node-server");
const { createMockServer } = await load("@scalar/mock-server");
const app = await createMockServer({ document: readFileSync(contract, "utf8"), specification: readFileSync(contract, "utf8") });
serve({ fetch: app.fetch, port: Number(port), hostname: "127.0.0.1" });
