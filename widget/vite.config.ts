import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { parse } from "yaml";

/** What a page pays for the chat, all in: the build fails when it grows past this. */
const LARGEST_BUNDLE_GZIPPED = 125_000;

const sizeLimit: Plugin = {
  name: "size-limit",
  generateBundle(_options, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (file.type !== "chunk") continue;
      const bytes = gzipSync(file.code, { level: 9 }).length;
      this.info(`${name}: ${bytes} bytes gzipped`);
      if (bytes > LARGEST_BUNDLE_GZIPPED) {
        this.error(`${name} is ${bytes} bytes gzipped, over the ${LARGEST_BUNDLE_GZIPPED} that a page is promised`);
      }
    }
  },
};

/** What the server sends to a browser that takes it packed. */
const packed: Plugin = {
  name: "packed",
  writeBundle({ dir }, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (file.type === "chunk" && dir) writeFileSync(`${dir}/${name}.gz`, gzipSync(file.code, { level: 9 }));
    }
  },
};

/**
 * deep-chat can speak to some twenty language-model services from the browser; this chat speaks to its own server only.
 * The one place that picks a service is cut short, and what nothing refers to any more is left out of the bundle.
 */
const ownServerOnly: Plugin = {
  name: "own-server-only",
  transform(code, id) {
    if (!id.includes("deepChat.bundle.js")) return null;
    const pick = /(static create\(\w+\)\{const\{directConnection:(\w+),[^}]*\}=\w+;)if\(\w+\)return new \w+\(\w+\);if\(\2\)/;
    if (!pick.test(code)) this.error("deep-chat picks its service in another way now: look again at own-server-only");
    // A page that has a deep-chat of its own keeps it.
    const define = /customElements\.define\("deep-chat",/;
    if (!define.test(code)) this.error("deep-chat defines itself in another way now: look again at own-server-only");
    return { code: code.replace(pick, "$1if(false)").replace(define, 'customElements.get("deep-chat")||$&'), map: null };
  },
};

interface Helpline {
  readonly country: string;
  readonly members?: readonly string[];
  readonly dial: readonly string[];
}

/** Whom to call when the server cannot say so: from the file that a clinician reviews, so that it stands in one place. */
function emergencyNumbers(): Record<string, readonly string[]> {
  const helplines = parse(readFileSync(new URL("../facts/helplines.yml", import.meta.url), "utf8")) as readonly Helpline[];
  return Object.fromEntries(
    helplines
      .filter(({ dial }) => dial.length)
      .flatMap(({ country, members, dial }) => (members ?? [country]).map((code) => [code, dial] as const)),
  );
}

export default defineConfig({
  define: { EMERGENCY_NUMBERS: JSON.stringify(emergencyNumbers()) },
  // The package's "main" is transpiled for old browsers and a third larger.
  resolve: { alias: { "deep-chat": "deep-chat/dist/deepChat.bundle.js" } },
  build: {
    target: "es2022",
    modulePreload: false,
    minify: "terser",
    terserOptions: { module: true, compress: { passes: 2 }, format: { comments: false, preamble: "/* Skinfo chat, Apache-2.0. Contains deep-chat 2.4.2 and others, MIT: /assets/THIRD_PARTY.txt */" } },
    rollupOptions: {
      // Not `build.lib`: that leaves the white space of an ES module in, and this file is served as it is.
      input: "src/index.ts",
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "widget.js" },
    },
  },
  plugins: [ownServerOnly, sizeLimit, packed],
});
