// Bundles css/ and js/ into static/dist with hashed names, a manifest that
// maps plain names to hashed ones, and .gz and .br beside each file so that
// the server never compresses while somebody waits. Takes about a second.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const out = "static/dist";
// Phones updated since 2022 (cascade layers); older ones get the pages without the extras.
const target = ["chrome99", "firefox97", "safari15.4"];

// usedOnly drops from the theme the tokens that neither a component in use
// nor our own layer refers to, directly or through another token.
const usedOnly = {
  name: "used-tokens",
  setup(b) {
    b.onLoad({ filter: /css\/theme\.css$/ }, ({ path }) => {
      const theme = readFileSync(path, "utf8");
      const own = readdirSync("css").filter((f) => f !== "theme.css");
      const entry = own.map((f) => readFileSync(join("css", f), "utf8")).join("\n");
      const components = [...entry.matchAll(/@import "(@digdir\/[^"]+)"/g)]
        .map((m) => readFileSync(join("node_modules/@digdir/designsystemet-css/dist/src", basename(m[1])), "utf8"));
      const outside = references([entry, ...components].join("\n"));
      let lines = theme.split("\n");
      for (;;) {
        const used = new Set([...outside, ...references(lines.join("\n"))]);
        const kept = lines.filter((line) => {
          const token = line.match(/^\s*(--[\w-]+): .*;$/);
          return !token || used.has(token[1]);
        });
        if (kept.length === lines.length) break;
        lines = kept;
      }
      return { contents: lines.join("\n"), loader: "css" };
    });
  },
};

const references = (css) => new Set([...css.matchAll(/var\(\s*(--[\w-]+)/g)].map((m) => m[1]));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const result = await build({
  entryPoints: ["css/site.css", "css/peta.css", "css/surat.css", "css/naskah.css", "css/kuciniki.css", "js/app.js", "js/lapor.js", "js/peta.js", "js/meja.js", "js/verifikasi.js", "js/antrean.js", "js/dekat.js", "js/kabar.js", "js/luring.js", "js/siap.js", "js/lapangan.js", "js/rute.js", "js/naskah.js", "js/tulis.js"],
  outdir: out,
  entryNames: "[name].[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target,
  metafile: true,
  legalComments: "none",
  loader: { ".png": "dataurl" },
  plugins: [usedOnly],
  logLevel: "warning",
  logOverride: { "unsupported-css-nesting": "silent" },
});

// What televisions in waiting rooms show: plain scripts for their old browsers.
const screens = await build({
  entryPoints: ["css/layar.css", "js/layar.js"],
  outdir: out,
  entryNames: "[name].[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome49"],
  metafile: true,
  logLevel: "warning",
});

// A plain script as well: browsers without modules in workers are not that old.
const worker = await build({
  entryPoints: ["js/sw.js"],
  outdir: out,
  entryNames: "[name].[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target,
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [file, { entryPoint }] of Object.entries({ ...result.metafile.outputs, ...screens.metafile.outputs, ...worker.metafile.outputs })) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(file);
}
for (const file of Object.values(manifest)) {
  const raw = readFileSync(join(out, file));
  writeFileSync(join(out, file + ".gz"), gzipSync(raw, { level: 9 }));
  writeFileSync(join(out, file + ".br"), brotliCompressSync(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length },
  }));
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + "\n");

if (process.argv.includes("--sizes")) {
  for (const [name, file] of Object.entries(manifest)) {
    const size = (suffix) => readFileSync(join(out, file + suffix)).length;
    console.log(name.padEnd(12), `${size("")} raw`, `${size(".gz")} gz`, `${size(".br")} br`);
  }
}
