/** Bundles the page with the Vite of web/: node bundle.mjs WEB OUT */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [web, out] = process.argv.slice(2);
const modules = join(web, "node_modules");
const vite = await import(pathToFileURL(join(modules, "vite/dist/node/index.js")));

await vite.build({
  configFile: false,
  root: import.meta.dirname,
  logLevel: "error",
  resolve: {
    alias: ["client-js", "small-webrtc-transport"].map((name) => ({
      find: `@pipecat-ai/${name}`,
      replacement: join(modules, `@pipecat-ai/${name}/dist/index.module.js`),
    })),
  },
  build: {
    outDir: out,
    minify: false,
    lib: { entry: "page.js", formats: ["es"], fileName: () => "page.js" },
  },
});
