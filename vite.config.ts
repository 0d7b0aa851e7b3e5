import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Drops the .woff twins of the bundled fonts: every browser the product runs in reads .woff2. */
function woff2Only(): Plugin {
  return {
    name: 'kizuna-woff2-only',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('@fontsource') || !id.endsWith('.css')) return null
      return { code: code.replace(/, url\([^)]*\.woff\) format\('woff'\)/g, ''), map: null }
    },
  }
}

/** Inside the server's contracts, the name zod means a stand-in without checks: see there for why. */
function contractsWithoutChecks(): Plugin {
  const contracts = here('server/')
  return {
    name: 'kizuna-contracts-without-checks',
    enforce: 'pre',
    resolveId(source, importer) {
      return source === 'zod' && importer?.startsWith(contracts) ? here('web/api/contract-shapes.ts') : null
    },
  }
}

export default defineConfig({
  root: here('web'),
  base: '/',
  plugins: [contractsWithoutChecks(), woff2Only(), react(), tailwindcss()],
  resolve: {
    alias: {
      // Radix locks scrolling through this package, which writes <style> elements; the policy style-src 'self' refuses them.
      'react-style-singleton': here('web/kit/style-singleton.ts'),
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:3000' } },
  build: {
    outDir: here('web/dist'),
    emptyOutDir: true,
    target: 'baseline-widely-available',
    // A data: address for a small asset would break font-src 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_200,
    // The entry lists every chunk: their names alone were a kilobyte and a half of the first page.
    rolldownOptions: { output: { chunkFileNames: 'assets/[hash].js' } },
  },
})
