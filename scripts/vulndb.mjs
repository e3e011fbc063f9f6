// vulndb.mjs FROM TO: makes a database that govulncheck reads out of the folder FROM with the
// reports of golang.org/x/vulndb (data/osv). The layout: https://go.dev/doc/security/vuln/database
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [from, to] = process.argv.slice(2);
for (const folder of ["ID", "index"]) mkdirSync(join(to, folder), { recursive: true });
const modules = new Map();
const vulns = [];
for (const file of readdirSync(from).sort()) {
	copyFileSync(join(from, file), join(to, "ID", file));
	const { id, modified, aliases = [], affected } = JSON.parse(readFileSync(join(from, file), "utf8"));
	vulns.push({ id, modified, aliases });
	for (const { package: { name } } of affected) {
		// Without the version that mended it, so that every report is read.
		if (!modules.has(name)) modules.set(name, new Map());
		modules.get(name).set(id, { id, modified });
	}
}
const list = [...modules].map(([path, found]) => ({ path, vulns: [...found.values()] }));
list.sort((a, b) => (a.path < b.path ? -1 : 1));
const write = (name, value) => writeFileSync(join(to, "index", name + ".json"), JSON.stringify(value));
write("db", { modified: vulns.reduce((last, v) => (v.modified > last ? v.modified : last), "") });
write("modules", list);
write("vulns", vulns);
