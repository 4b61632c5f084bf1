// Two sessions of one mock, and one of a mock that is started here.
import assert from "node:assert/strict";
import { connect } from "./made/understudy.js";
import type { Session } from "./made/understudy.js";
import { start } from "./made/understudy-server.js";
import type { components, operations } from "./made/types.js";
import { connect as toAnyMock } from "./unnamed/understudy.js";

type Number = components["schemas"]["PhoneNumber"];
type Asked = NonNullable<operations["requestPhoneRelease"]["requestBody"]>["content"]["application/json"];

const [url = "", command = ""] = process.argv.slice(2);
const reason: Asked = { reason: "We have moved all calls to the toll-free line." };

async function release(session: Session): Promise<number> {
  const headers = { ...session.headers, Authorization: "Bearer talq_x", "Content-Type": "application/json" };
  const target = `${session.url}/api/v1/phone-numbers/phone-uuid-1/request-release`;
  return (await fetch(target, { method: "POST", headers, body: JSON.stringify(reason) })).status;
}

async function numbers(session: Session): Promise<Number[]> {
  const headers = { ...session.headers, Authorization: "Bearer talq_x" };
  return ((await (await fetch(`${session.url}/api/v1/phone-numbers`, { headers })).json()) as { data: Number[] }).data;
}

const [one, other] = [connect(`${url}/`, "a test of / things"), connect(url)];
assert.equal(one.name, "a-test-of-things");
assert.notEqual(other.name, connect(url).name);
assert.equal(await release(one), 201);
assert.equal(await release(one), 409);
await one.assertCalled("requestPhoneRelease", { times: 2, body: reason });
await one.assertCalled("requestPhoneRelease", { times: 1, status: 409, path: { phone_number_id: "phone-uuid-1" } });
await one.assertNotCalled("listPhoneNumbers");
await other.assertNotCalled("requestPhoneRelease");
assert.deepEqual((await one.calls("requestPhoneRelease")).map((call) => call.status), [201, 409]);
const failure: unknown = await one.assertCalled("requestPhoneRelease", { times: 1 }).catch((error: unknown) => error);
assert(failure instanceof Error);
console.log(failure.message.replace(/^ {2}\d+ {2}/gm, "  ").replace(/ {2}\(.*$/gm, ""));
await assert.rejects(one.assertCalled("requestPhoneRelease", { status: 404 }), /with {"status":404}: 0, [^]*\nNearly:\n.*\n {4}status is 409, not 404/);
await assert.rejects(other.assertCalled("requestPhoneRelease"), /: 0, wanted: at least 1.*\n.*nothing was asked/);

await one.reset();
assert.deepEqual(await one.journal(), []);
assert.equal(await release(one), 201);
await one.scenario("new-environment");
assert.deepEqual(await numbers(one), []);
assert.equal((await numbers(other)).length, 2);
// @ts-expect-error no operation has this name
await assert.rejects(one.assertCalled("requestPhoneRelief"), /404 .*requestPhoneRelief/);
// @ts-expect-error no scenario has this name
await assert.rejects(one.scenario("no-such"), /PUT \/scenario.*: 4\d\d .*no-such/);
await toAnyMock(url).assertNotCalled("listPhoneNumbers");

const server = await start(["talkover"], command);
assert.equal(await release(connect(server.url)), 201);
await server.stop();
await assert.rejects(fetch(server.url));
await assert.rejects(start(["no-such-contract"], command), /exit code 2:[^]*no-such-contract/);
console.log("done");
