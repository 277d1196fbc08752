import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "vite";

// Every file in src/entries becomes a script of its own, loaded only by the pages that ask for it.
const ENTRIES = "src/entries";
const onDemand = existsSync(ENTRIES)
  ? readdirSync(ENTRIES)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${ENTRIES}/${name}`)
  : [];

export default defineConfig({
  base: "/static/dist/",
  build: {
    manifest: "manifest.json",
    outDir: "../src/cailan/static/dist",
    emptyOutDir: true,
    target: "es2020",
    cssTarget: ["chrome111", "safari16.2"],
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: ["src/main.ts", "src/public.ts", ...onDemand],
      checks: { eval: false }, // htmx can evaluate; src/htmx.ts forbids it, and so does our content policy
    },
  },
});
