// run.mjs CHROMIUM URL…: Lighthouse's mobile profile on each address. Prints one JSON object a
// line: url, the scores from 0 to 100 of its categories, and what took points away.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, ...urls] = process.argv.slice(2);
const categories = ["performance", "accessibility", "best-practices"];
const chrome = await launch({
	chromePath,
	ignoreDefaultFlags: true,
	chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio"],
});
try {
	for (const url of urls) {
		const { lhr } = await lighthouse(url, { port: chrome.port, onlyCategories: categories, logLevel: "error", output: "json" });
		if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
		const lost = [];
		for (const name of categories) {
			for (const { id, weight } of lhr.categories[name].auditRefs) {
				const { score, displayValue = "", details } = lhr.audits[id];
				if (!weight || score === null || score >= 0.9) continue;
				const where = (details?.items ?? []).slice(0, 3).map((i) => i.node?.selector ?? i.url ?? i.description ?? "").filter(Boolean);
				lost.push([`${name}/${id}`, displayValue, ...where].filter(Boolean).join(" "));
			}
		}
		const scores = Object.fromEntries(categories.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
		console.log(JSON.stringify({ url, scores, lost }));
	}
} finally {
	chrome.kill();
}
