import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// One classic script and one style sheet: both are put into the report's HTML as they are, under a hash-only CSP.
export default defineConfig({
  plugins: [svelte()],
  publicDir: false,
  build: {
    outDir: "../src/spillover/publishing/report/static",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: true,
    lib: {
      entry: "src/main.ts",
      name: "spilloverReport",
      formats: ["iife"],
      fileName: () => "report.js",
      cssFileName: "report",
    },
  },
});
