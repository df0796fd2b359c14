// Builds the page into the gateway's package; in development /api goes to a gateway that runs already.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const gateway = process.env["ZHIAN_GATEWAY"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  base: "./",
  build: {
    outDir: "../zhian_gateway/console_dist",
    emptyOutDir: true,
    // The content security policy allows files of our own only: nothing may be inlined as a data address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    // The guardians' own page is small and stands by itself: a phone fetches nothing of the guard's.
    rolldownOptions: {
      input: ["index.html", "family.html"],
      output: {
        codeSplitting: {
          // What they share with the page, such as React, must not go with them: every page would fetch them all.
          includeDependenciesRecursively: false,
          groups: [
            // The solid view's libraries: none of them alone is longer on the line than any other part may be.
            { name: "three-core", test: /node_modules\/three\/build\/three\.core/, priority: 3 },
            { name: "three", test: /node_modules\/three\//, priority: 2 },
            { name: "fiber", test: /node_modules\/@react-three\//, priority: 1 },
          ],
        },
      },
    },
    // The limit that counts, 200 kB compressed, is tested.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { "/api": gateway } },
  // One world for all files: nothing here leaves anything behind, and a world for each takes three times as long.
  test: { environment: "node", include: ["src/**/*.test.ts"], pool: "threads", isolate: false },
});
