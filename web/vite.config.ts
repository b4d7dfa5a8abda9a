import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** `npm run dev` proxies the API to a server on this address. */
const server = "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: { "/api": server } },
  test: { environment: "jsdom", include: ["test/**/*.test.{ts,tsx}"], setupFiles: ["test/setup.ts"] },
});
