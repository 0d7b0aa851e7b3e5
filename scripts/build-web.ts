import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { glob, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { build } from 'vite'
import { initialScript, trackerScript } from './check-size.ts'

/**
 * Builds the web application into web/dist, and the tracker beside it as tracker.js and tracker-messages.js, with .gz and .br beside each text file (@fastify/static, preCompressed).
 * `--if-stale` builds only when a source, a contract of the server or the lockfile changed since the last build.
 * Two at once are safe: each builds in a folder of its own and renames it into place.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'web/dist')
const stampFile = join(dist, '.stamp')

const sources = [
  'web/**/*.{ts,tsx,css,html,js,svg}',
  'server/**/contract*',
  'server/**/contract*/**/*.ts',
  'tracker/source/*.ts',
  'tracker/package.json',
  'vite.config.ts',
  'scripts/build-web.ts',
  'package-lock.json',
]
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt', '.webmanifest'])

/** One hash over the names and contents of everything the build reads. */
async function stampOfSources(): Promise<string> {
  const files = new Set<string>()
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true, exclude: ['web/dist/**'] }))
    if (entry.isFile()) files.add(join(entry.parentPath, entry.name))
  const hash = createHash('sha256').update(process.version)
  for (const file of [...files].sort())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file))
  return hash.digest('hex')
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

async function compress(folder: string): Promise<void> {
  for (const file of await filesBelow(folder)) {
    if (!compressible.has(extname(file))) continue
    const content = await readFile(file)
    const brotli = {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    }
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }))
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, brotli))
  }
}

/**
 * The tracker as one classic script, which pages load with `<script src>`, browsers of some years ago among them; and what
 * shows messages as a module, which it loads where they are wanted.
 */
async function buildTracker(folder: string): Promise<void> {
  await buildScript(folder, { entry: 'source/main.ts', formats: ['iife'], fileName: () => 'tracker.js' })
  await buildScript(folder, { entry: 'source/messages.ts', formats: ['es'], fileName: () => 'tracker-messages.js' })
}

async function buildScript(
  folder: string,
  lib: { entry: string; formats: ('iife' | 'es')[]; fileName: () => string },
): Promise<void> {
  await build({
    configFile: false,
    root: join(root, 'tracker'),
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2020',
      reportCompressedSize: false,
      minify: true,
      lib: { name: 'kizunaTracker', ...lib },
    },
  })
}

/** Puts a finished build in the place of web/dist; whoever comes last of several wins. */
async function putInPlace(built: string, scratch: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const aside = join(scratch, `before-${attempt}`)
    try {
      if (existsSync(dist)) await rename(dist, aside)
      await rename(built, dist)
      return
    } catch (fault) {
      const code = (fault as NodeJS.ErrnoException).code
      const raced = code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST'
      if (!raced || attempt === 20 || !existsSync(built)) throw fault
    }
  }
}

async function main(): Promise<void> {
  const stamp = await stampOfSources()
  const last = await readFile(stampFile, 'utf8').catch(() => '')
  if (process.argv.includes('--if-stale') && last === stamp) {
    console.log('web/dist is up to date')
    return
  }
  const scratch = join(root, '.cache', `web-${process.pid}-${randomUUID()}`)
  const built = join(scratch, 'dist')
  await mkdir(scratch, { recursive: true })
  try {
    await build({
      configFile: join(root, 'vite.config.ts'),
      configLoader: 'native',
      logLevel: 'warn',
      build: { outDir: built },
    })
    await buildTracker(built)
    await compress(built)
    await writeFile(join(built, '.stamp'), stamp)
    await putInPlace(built, scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  const size = await initialScript(dist)
  const tracker = await trackerScript(dist)
  console.log(
    `web/dist built; script of the first page: ${(size.bytes / 1024).toFixed(1)} KB gzip, tracker: ${(tracker / 1024).toFixed(1)} KB`,
  )
}

await main()
