import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Most that the first page may load as script, gzip, in bytes. */
const budget = 200 * 1024

/** Most that the tracker may weigh on the pages of others, gzip, in bytes. */
const trackerBudget = 5 * 1024
/** Of the second part, which is loaded only where messages are shown. */
const messagesBudget = 4 * 1024

/** What the first page needs beyond its entry: the page itself and the larger of the two languages. */
const firstPages = ['pages/home/page.tsx', 'pages/sign-in/page.tsx']
const languages = ['i18n/ja/messages.ts', 'i18n/en/messages.ts']

interface ManifestEntry {
  file: string
  isEntry?: boolean
  imports?: string[]
}

/**
 * The script that stands between an empty cache and the first page: the entry with all it imports statically, the
 * larger first page, the larger language. Bytes are of the gzip form.
 * @param dist folder of a finished build
 */
export async function initialScript(
  dist: string,
): Promise<{ bytes: number; files: { name: string; bytes: number }[] }> {
  const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    ManifestEntry
  >
  const sizes = new Map<string, number>()
  const sizeOf = async (name: string) => {
    const known = sizes.get(name)
    if (known !== undefined) return known
    const bytes = gzipSync(await readFile(join(dist, name)), { level: 9 }).length
    sizes.set(name, bytes)
    return bytes
  }
  const collect = (key: string, into: Set<string>) => {
    const entry = manifest[key]
    if (!entry || into.has(entry.file)) return into
    if (entry.file.endsWith('.js')) into.add(entry.file)
    for (const next of entry.imports ?? []) collect(next, into)
    return into
  }
  const needed = new Set<string>()
  for (const [key, entry] of Object.entries(manifest)) if (entry.isEntry) collect(key, needed)

  /** Adds the costliest of several alternatives, of which a visitor loads one. */
  const addLargest = async (keys: string[]) => {
    let largest: string[] = []
    let most = -1
    for (const key of keys) {
      const extra = [...collect(key, new Set())].filter(file => !needed.has(file))
      let bytes = 0
      for (const file of extra) bytes += await sizeOf(file)
      if (bytes > most) {
        most = bytes
        largest = extra
      }
    }
    for (const file of largest) needed.add(file)
  }
  await addLargest(firstPages)
  await addLargest(languages)
  needed.add('before-paint.js')

  const files = []
  for (const name of needed) files.push({ name, bytes: await sizeOf(name) })
  return { bytes: files.reduce((sum, file) => sum + file.bytes, 0), files }
}

/**
 * Bytes of the tracker, gzip.
 * @param dist folder of a finished build
 * @param name of the part: what every page loads, or what it loads for people who see messages
 */
export async function trackerScript(dist: string, name = 'tracker.js'): Promise<number> {
  return gzipSync(await readFile(join(dist, name)), { level: 9 }).length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = fileURLToPath(new URL('../web/dist', import.meta.url))
  const { bytes, files } = await initialScript(dist)
  for (const file of files) console.log(`${(file.bytes / 1024).toFixed(1).padStart(7)} KB  ${file.name}`)
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KB  in total, of ${budget / 1024} KB allowed`)
  const tracker = await trackerScript(dist)
  console.log(`${(tracker / 1024).toFixed(1).padStart(7)} KB  tracker, of ${trackerBudget / 1024} KB allowed`)
  const messages = await trackerScript(dist, 'tracker-messages.js')
  console.log(`${(messages / 1024).toFixed(1).padStart(7)} KB  its messages, of ${messagesBudget / 1024} KB allowed`)
  if (bytes > budget || tracker > trackerBudget || messages > messagesBudget) process.exitCode = 1
}
